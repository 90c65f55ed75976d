"""How much faster is ReLU? The ten-layer networks of example 10, trained.

Where the slope of an activation is 0, learning is slow: so the sigmoid gave way to ReLU. The lectures say that ReLU
learns six times as fast. That number is from A. Krizhevsky, I. Sutskever and G. Hinton, "ImageNet classification with
deep convolutional neural networks" (2012), figure 1: against *tanh*, four convolutional layers, other images. Here it
is measured for these networks: epochs until the mean loss on the digits falls below 0.5, each activation with its best
of three rates, over several starts. The sigmoid with ordinary first weights does not learn at all; with larger ones it
does, late; and tanh is, if anything, faster than ReLU.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from autograd import optim
from examples.course.ex10_vanishing_gradients import network
from examples.shared.common import PALETTE, heading, plt, progress, run, save
from examples.shared.datasets import digits
from examples.shared.training import epoch

TARGET = 0.5
RATES = {
    "sigmoid": (0.1, 0.5, 2.0),
    "sigmoid, weights × 4": (0.5, 1.0, 2.0),
    "tanh": (0.1, 0.2, 0.4),
    "ReLU": (0.02, 0.05, 0.1),
}


@dataclass
class Results:
    limit: int
    epochs: dict[str, list[int]]  # by kind, for each start with the best rate; limit + 1: not reached


def train(kind: str, rate: float, seed: int, limit: int, X: Any, y: Any) -> list[float]:
    """The mean loss of each epoch, until it is below the target."""
    rng, losses = np.random.default_rng(seed), []
    model = network(kind, rng)
    optimiser = optim.SGD(model.parameters(), lr=rate)
    while len(losses) < limit and (not losses or losses[-1] >= TARGET):
        losses.append(epoch(model, optimiser, X, y, 32, rng))
    return losses


def epochs_needed(losses: list[float]) -> int:
    """How many epochs it took, one more than there were where the target was not reached."""
    return len(losses) + (losses[-1] >= TARGET)


def main(quick: bool, out: Path) -> Results:
    X, y, *_ = digits()
    limit, seeds = (9, (0,)) if quick else (60, (0, 1, 2))
    tries = [(kind, rate, seed) for kind in RATES for rate in RATES[kind] for seed in seeds]
    if quick:
        tries = [("sigmoid", 0.5, 0), ("ReLU", 0.05, 0)]
    curves = {key: train(*key, limit, X, y) for key in progress(tries, "networks")}

    heading(f"Epochs until the mean loss is below {TARGET}, at most {limit}; starts: {len(seeds)}")
    found, figure = {}, plt.figure(figsize=(8, 4.2), layout="constrained")
    axis = figure.subplots()
    for kind, colour in zip(RATES, PALETTE):  # S1.6 ReLU against tanh and sigmoid; S4.6 slope 0, slow learning
        by_rate: dict[float, list[list[float]]] = {}
        for (name, rate, _), losses in curves.items():
            if name == kind:
                by_rate.setdefault(rate, []).append(losses)
        if not by_rate:
            continue
        needed = {rate: [epochs_needed(losses) for losses in runs] for rate, runs in by_rate.items()}
        best = min(needed, key=lambda rate: (sum(needed[rate]), np.mean([losses[-1] for losses in by_rate[rate]])))
        found[kind] = needed[best]
        shown = ", ".join(str(n) if n <= limit else f"more than {limit}" for n in needed[best])
        print(f"{kind:>21}: {shown} (rate {best})")
        for k, losses in enumerate(by_rate[best]):
            label = f"{kind}, rate {best}" if k == 0 else None
            axis.plot(range(1, len(losses) + 1), losses, ".-", color=colour, lw=1, label=label)
    for kind in list(found)[:-1]:
        least = "more than " if max(found[kind]) > limit else ""
        print(f"ReLU against {kind}: {least}{np.mean(found[kind]) / np.mean(found['ReLU']):.1f} times as fast")
    axis.axhline(TARGET, color="#888888", ls=":", label="the target")
    axis.set(xlabel="epochs", ylabel="mean loss", title="each start with the best rate")
    axis.legend()
    save(figure, out, "10b_speed_of_relu")
    return Results(limit, found)


if __name__ == "__main__":
    run(main)
