"""Parameters are learned, hyperparameters are chosen: the learning rate and the width, compared on validation images.

Parameters are what training changes: all W and b. Hyperparameters are what is fixed before: the learning rate, the
data and the size of a mini-batch, the number of layers, of units in each, the activation, the number of epochs. They
are chosen by trying, and compared on images that neither training nor the test has seen (validation); the test images
are for the end.

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
from examples.shared.common import BLUE, heading, plt, progress, run, save
from examples.shared.datasets import digits

RATES, WIDTHS = (0.003, 0.03, 0.3, 3.0), (2, 8, 64)
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
    choices = [(rate, 64) for rate in RATES] + [(0.3, width) for width in WIDTHS[:-1]]
    for rate, width in progress(choices, "networks"):
        model = models[rate, width] = network(width)
        histories[rate, width] = fit(
            model, X[:cut], y[:cut], validation=(X[cut:], y[cut:]), loss=loss, epochs=epochs, early_stopping=10,
            optimizer=optim.SGD(model.parameters(), lr=rate), rng=0, progress=False,
        )  # fmt: skip
    tried = {choice: min(history["val_loss"]) for choice, history in histories.items()}
    for (rate, width), value in tried.items():
        print(f"rate {rate:<5}, {width:2} units: {value:.3f}, after {len(histories[rate, width]['loss'])} epochs")
    best = min(tried, key=lambda choice: tried[choice])
    test = evaluate(models[best], X_test, y_test, loss, accuracy)["accuracy"]
    print(f"best: rate {best[0]}, {best[1]} units; {test:.1%} of the test images right")

    with tempfile.TemporaryDirectory() as folder:
        save_state(models[best].state_dict(), Path(folder) / "digits.safetensors")
        again = network(best[1])
        again.load_state_dict(load(Path(folder) / "digits.safetensors"))
    kept = bool(np.array_equal(again(X_test).data, models[best](X_test).data))
    print(f"saved, and loaded into a new network: the same answers? {kept}")

    figure, (left, right) = plt.subplots(1, 2, figsize=(10.5, 4), layout="constrained")
    for rate in RATES:
        curve = histories[rate, 64]["val_loss"]
        left.semilogy(range(1, len(curve) + 1), curve, label=f"learning rate {rate}")
    left.set(xlabel="epoch", ylabel="validation loss", title="64 hidden units", ylim=(None, 4))
    left.legend()
    right.loglog(WIDTHS, [tried[0.3, width] for width in WIDTHS], "o-", color=BLUE)
    right.set(xlabel="hidden units", ylabel="lowest validation loss", title="learning rate 0.3")
    right.set_xticks(WIDTHS, WIDTHS)
    right.minorticks_off()
    save(figure, out, "13b_hyperparameters")
    return Results(tried, best, test, kept)


if __name__ == "__main__":
    run(main)
