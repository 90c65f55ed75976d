"""Overfitting, dropout, and the cure of 2006: pre-training by stacked autoencoders.

A large network shown few examples learns them by heart, wrong labels included: its loss on them goes to 0 while the
loss on others, after a while, goes *up*. Dropout switches off a random half of the hidden units in every step, so
that no unit can rely on a certain other; in use all are on. The training curve gets worse, the test curve better.

Deep sigmoid networks did not even learn by heart (example 10). The cure of 2006 took the layers one at a time,
without labels: a layer is trained to encode its input so that a second one can restore it, then its code is the next
layer's input. The stack, with a classifier on top, then starts from there. Unlabelled images are plenty: all 1,437
serve, though only 200 have labels here.

N. Srivastava et al., "Dropout: a simple way to prevent neural networks from overfitting", JMLR 15 (2014); G. Hinton
and R. Salakhutdinov, "Reducing the dimensionality of data with neural networks", Science 313 (2006); Y. Bengio et
al., "Greedy layer-wise training" (2007).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from autograd import nn, no_grad, optim
from autograd.nn import functional as F
from examples.shared.common import BLUE, RED, heading, plt, run, save
from examples.shared.datasets import digits
from examples.shared.training import epoch, evaluate

LABELLED = 200
DEEP = (64, 48, 40, 32, 24)


def large(p: float, rng: np.random.Generator) -> nn.Sequential:
    """64-256-256-10 with ReLU, hidden units dropped with probability `p`."""
    return nn.Sequential(
        nn.Linear(64, 256, rng=rng),
        nn.ReLU(),
        nn.Dropout(p, rng=rng),
        nn.Linear(256, 256, rng=rng),
        nn.ReLU(),
        nn.Dropout(p, rng=rng),
        nn.Linear(256, 10, rng=rng),
    )


def stack(rng: np.random.Generator) -> nn.Sequential:
    """A deep sigmoid network, random weights."""
    parts: list[Any] = []
    for nin, nout in zip(DEEP, DEEP[1:]):
        parts += [nn.Linear(nin, nout, rng=rng), nn.Sigmoid()]
    return nn.Sequential(*parts, nn.Linear(DEEP[-1], 10, rng=rng))


def pretrain(model: nn.Sequential, X: Any, epochs: int, rng: np.random.Generator) -> list[float]:
    """Each layer in turn learns to restore what it is fed with; gives their last mean squared errors."""
    codes, errors = X, []
    for k in range(0, len(model) - 1, 2):
        encode = model[k : k + 2]
        coder = nn.Sequential(*encode, nn.Linear(model[k].out_features, model[k].in_features, rng=rng))
        optimiser = optim.Adam(coder.parameters(), lr=3e-3)
        for _ in range(epochs):
            error = epoch(coder, optimiser, codes, codes, 64, rng, F.mse_loss)
        errors.append(error / float(np.var(codes, axis=0).mean()))
        with no_grad():
            codes = encode(codes).data
    return errors


def learn(model: nn.Sequential, data: Any, epochs: int, rate: float, rng: np.random.Generator) -> Any:
    """Training and test loss and accuracy after every epoch: rows of four numbers."""
    X, y, X_test, y_test = data
    optimiser, rows = optim.Adam(model.parameters(), lr=rate), []
    for _ in range(epochs):
        epoch(model, optimiser, X, y, 32, rng)
        rows.append((*evaluate(model, X, y), *evaluate(model, X_test, y_test)))
    return np.array(rows)


def main(quick: bool, out: Path) -> dict[str, Any]:
    X_all, y_all, X_test, y_test = digits()
    data = X_all[:LABELLED], y_all[:LABELLED], X_test, y_test

    heading(f"{LABELLED} examples, a fifth of the labels wrong, 85,002 parameters")
    chance = np.random.default_rng(1)
    noisy = np.where(chance.random(LABELLED) < 0.2, chance.integers(0, 10, LABELLED), y_all[:LABELLED])
    curves = {}
    for name, p in (("without dropout", 0.0), ("with dropout", 0.5)):
        rng = np.random.default_rng(0)
        some = data[0], noisy, X_test, y_test
        curves[name] = learn(large(p, rng), some, 45 if quick else 150, 1e-3, rng)
        best, last = curves[name][:, 2].min(), curves[name][-1]
        print(
            f"{name:>15}: training loss {last[0]:.4f}; test loss {best:.3f} at its best, {last[2]:.3f} at the end; "
            f"{last[3]:.1%} of the test right"
        )

    heading(f"A sigmoid network {'-'.join(map(str, DEEP))}-10 on the same {LABELLED} labels")
    for name in ("random start", "pre-trained"):
        rng = np.random.default_rng(0)
        model = stack(rng)
        if name == "pre-trained":
            left = pretrain(model, X_all, 30 if quick else 60, rng)
            print("left of the variance by each autoencoder: " + ", ".join(f"{part:.1%}" for part in left))
        curves[name] = learn(model, data, 60 if quick else 150, 2e-3, rng)
        print(f"{name:>15}: test loss {curves[name][-1][2]:.3f}, {curves[name][-1][3]:.1%} of the test right")

    figure, (left_axis, right_axis) = plt.subplots(1, 2, figsize=(10, 4))
    for axis, names, title in (
        (left_axis, ("without dropout", "with dropout"), "few examples, a fifth mislabelled"),
        (right_axis, ("random start", "pre-trained"), "a deep sigmoid network"),
    ):
        for name, colour in zip(names, (RED, BLUE)):
            axis.plot(curves[name][:, 2], color=colour, label=f"{name}, test")
            axis.plot(curves[name][:, 0], color=colour, ls="--", lw=1, label=f"{name}, training")
        axis.set(xlabel="epochs", ylabel="cross-entropy", title=title, ylim=(0, None))
        axis.legend()
    save(figure, out, "11_overfitting")
    return {
        name: {"training": curve[-1, 0], "test": curve[-1, 2], "best": curve[:, 2].min(), "accuracy": curve[-1, 3]}
        for name, curve in curves.items()
    }


if __name__ == "__main__":
    run(main)
