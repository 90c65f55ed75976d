"""Data size against performance: small, medium and large networks, and a linear model.

A figure that every lecture on deep learning shows, mostly drawn by hand: with little data all methods are alike, with
more data the simple ones level off and the larger the network, the longer it goes on improving. Here it is measured,
on the digits: how many of the same 360 test images each model gets right, after training on 25 to 1,437 images (means
over several starts and choices of images).

It holds, and with one thing that the hand-drawn figure leaves out: a network whose hidden layer is too narrow stays
below the linear model, however much it is shown.

The figure is from A. Ng, "Machine Learning Yearning" (2018), chapter 4.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from autograd import nn, optim
from examples.shared.common import GREY, heading, plt, run, save
from examples.shared.datasets import digits
from examples.shared.training import epoch, evaluate

HIDDEN = {"linear": (), "small (6)": (6,), "medium (32)": (32,), "large (128-128)": (128, 128)}


def network(hidden: tuple[int, ...], rng: np.random.Generator) -> nn.Sequential:
    sizes, parts = (64, *hidden, 10), []
    for nin, nout in zip(sizes, sizes[1:]):
        parts += [nn.Linear(nin, nout, rng=rng), nn.ReLU()]
    return nn.Sequential(*parts[:-1])


def accuracy(hidden: tuple[int, ...], size: int, steps: int, seed: int, data: Any) -> float:
    """Test accuracy after `steps` mini-batches from `size` images chosen at random."""
    X, y, X_test, y_test = data
    rng = np.random.default_rng(seed)
    chosen = rng.permutation(len(y))[:size]
    model = network(hidden, rng)
    optimiser = optim.Adam(model.parameters(), lr=3e-3)
    batch = min(32, size)
    for _ in range(steps * batch // size):
        epoch(model, optimiser, X[chosen], y[chosen], batch, rng)
    return evaluate(model, X_test, y_test)[1]


def main(quick: bool, out: Path) -> dict[str, Any]:
    data = digits()
    sizes = (25, 200, 1437) if quick else (25, 50, 100, 200, 400, 800, 1437)
    seeds, steps = (2, 250) if quick else (4, 600)
    heading(f"Right of 360 test images, {steps} mini-batches each, mean of {seeds}")
    print(f"{'images':>16} " + " ".join(f"{size:>6}" for size in sizes))
    curves, spread = {}, {}
    for name, hidden in HIDDEN.items():
        scores = np.array([[accuracy(hidden, size, steps, seed, data) for size in sizes] for seed in range(seeds)])
        curves[name], spread[name] = scores.mean(axis=0), scores.std(axis=0)
        print(f"{name:>16} " + " ".join(f"{score:6.1%}" for score in curves[name]))
    gains = {name: float(curve[-1] - curve[0]) for name, curve in curves.items()}
    best = max(curves, key=lambda name: curves[name][-1])
    print("from the fewest images to all: " + ", ".join(f"{name} +{gain:.1%}" for name, gain in gains.items()))
    print(f"with all of them the best is {best}")

    figure, axis = plt.subplots(figsize=(7.5, 4.4))
    for name, curve in curves.items():
        (line,) = axis.semilogx(sizes, curve * 100, "o--" if name == "linear" else "o-", label=name)
        axis.fill_between(
            sizes, (curve - spread[name]) * 100, (curve + spread[name]) * 100, color=line.get_color(), alpha=0.12, lw=0
        )
    axis.axhline(100, color=GREY, ls=":", lw=1)
    axis.set_xticks(sizes, [f"{size:,}" for size in sizes])
    axis.minorticks_off()
    axis.set(xlabel="training images", ylabel="% of test images right", title="performance against amount of data")
    axis.legend(loc="lower right")
    save(figure, out, "17_data_size")
    return {"sizes": sizes, "curves": curves}


if __name__ == "__main__":
    run(main)
