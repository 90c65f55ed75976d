"""Parameters are learned, hyperparameters are chosen: the learning rate and the width, compared on validation images.

Parameters are what training changes: all W and b. Hyperparameters are what is fixed before: the learning rate, the
data and the size of a mini-batch, the number of layers, of units in each, the activation, the number of epochs. They
are chosen by trying, and compared on images that neither training nor the test has seen (validation); the test images
are for the end. Two of them are compared here, and they hang together: the rate that is best for a wide network makes a
narrow one overshoot. (One start each: small differences say little.)

The network is that of example 13, made of the library's parts: `fit` trains it and stops where the validation loss no
longer falls, `viz.summary` counts its parameters, `save` and `load` keep what it has learned.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import viz
from autograd import load, nn, optim
from autograd import save as save_state
from autograd.training import accuracy, evaluate, fit
from examples.shared.common import heading, plt, progress, run, save
from examples.shared.datasets import digits

RATES, WIDTHS = (0.01, 0.1, 1.0, 10.0), (4, 16, 64, 256)
loss = nn.CrossEntropyLoss()


@dataclass
class Results:
    tried: dict[tuple[float, int], float]  # the validation loss, by rate and width
    best: tuple[float, int]
    test: float  # accuracy
    kept: bool  # whether the loaded network answers as the saved one


def network(width: int) -> nn.Sequential:
    return nn.Sequential(nn.Linear(64, width, rng=0), nn.ReLU(), nn.Linear(width, 10, rng=1))


def main(quick: bool, out: Path) -> Results:
    X, y, X_test, y_test = digits()
    cut, epochs = 1150, 8 if quick else 60
    heading("Parameters, which training changes: W and b of every layer")  # S0.6 parameters against hyperparameters
    print(viz.summary(network(64), (32, 64)))
    print("Hyperparameters, which are fixed before:")
    print("learning rate, data, mini-batch 32, 2 layers, units of the hidden layer, activation ReLU, epochs")

    heading("Two of them compared by the loss on 287 validation images")
    histories, models = {}, {}
    for rate, width in progress([(rate, width) for rate in RATES for width in WIDTHS], "networks"):
        model = models[rate, width] = network(width)
        histories[rate, width] = fit(
            model, X[:cut], y[:cut], validation=(X[cut:], y[cut:]), loss=loss, epochs=epochs, early_stopping=10,
            optimizer=optim.SGD(model.parameters(), lr=rate), rng=0, progress=False,
        )  # fmt: skip
    tried = {choice: min(history["val_loss"]) for choice, history in histories.items()}
    print(" " * 10 + "".join(f"{width:>5} units" for width in WIDTHS))
    for rate in RATES:
        print(f"rate {rate:<5g}" + "".join(f"{tried[rate, width]:>11.3f}" for width in WIDTHS))
    best = min(tried, key=lambda choice: tried[choice])
    test = evaluate(models[best], X_test, y_test, loss, accuracy)["accuracy"]
    print(f"best: rate {best[0]:g}, {best[1]} units; {test:.1%} of the test images right")

    with tempfile.TemporaryDirectory() as folder:
        save_state(models[best].state_dict(), Path(folder) / "digits.safetensors")
        again = network(best[1])
        again.load_state_dict(load(Path(folder) / "digits.safetensors"))
    kept = bool(np.array_equal(again(X_test).data, models[best](X_test).data))
    print(f"saved, and loaded into a new network: the same answers? {kept}")

    figure, (left, right) = plt.subplots(1, 2, figsize=(10.5, 4), layout="constrained")
    for rate in RATES:
        curve = histories[rate, 64]["val_loss"]
        left.semilogy(range(1, len(curve) + 1), curve, label=f"learning rate {rate:g}")
        right.loglog(WIDTHS, [tried[rate, width] for width in WIDTHS], "o-", label=f"learning rate {rate:g}")
    left.set(xlabel="epoch", ylabel="validation loss", title="64 hidden units", ylim=(None, 4))
    left.legend()
    right.set(xlabel="hidden units", ylabel="lowest validation loss", title="every pair of rate and width")
    right.set_xticks(WIDTHS, WIDTHS)
    right.minorticks_off()
    save(figure, out, "13b_hyperparameters")
    return Results(tried, best, test, kept)


if __name__ == "__main__":
    run(main)
