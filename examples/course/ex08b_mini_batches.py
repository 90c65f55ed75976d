"""Full batch, mini-batch, stochastic: the gradient over all examples, over some, over one.

Over all examples (full batch) a step goes straight down, and costs a pass over the data. Over one (stochastic) it
points anywhere: the path zigzags, the more the larger the rate, and at a fixed rate never comes to rest. A mini-batch
is in between, and NumPy computes 20 examples in hardly more time than one. What counts is the loss after the same
number of examples: each kind has its own rate here, the best of nine by the loss at the end.

Descending too slowly is one of three troubles of learning. The others: a network learns too little (vanishing
gradients, example 10), or fits too much (overfitting, example 11).

Stochastic steps are H. Robbins' and S. Monro's (1951).
"""

from __future__ import annotations

import timeit
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from autograd import grad
from examples.course.ex08_gradient_descent import BEST, START, T, X, contours, loss
from examples.shared.common import BLUE, GREY, ORANGE, RED, heading, plt, progress, run, save

EPOCHS, RATES = 6, (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0)
KINDS = {"stochastic": 1, "mini-batch of 20": 20, "full batch": len(X)}


@dataclass
class Descent:
    path: np.ndarray  # W before every step, and at the end
    excess: float  # J at the end, above its minimum


@dataclass
class Results:
    microseconds: dict[int, float]  # of a step, by its number of examples
    rates: dict[str, float]
    excess: dict[str, list[float]]  # by kind, for each seed


def descend(batch: int, rate: float, seed: int) -> Descent:
    """Every epoch visits all examples once, in a new order, `batch` at a time."""
    W, path, rng = START, [START], np.random.default_rng(seed)
    with np.errstate(all="ignore"):  # too large a rate leads to infinity
        for _ in range(EPOCHS):
            order = rng.permutation(len(X))
            for start in range(0, len(X), batch):
                some = order[start : start + batch]
                W = W - rate * grad(loss)(W, X[some], T[some])
                path.append(W)
        return Descent(np.array(path), float(loss(W, X, T) - loss(BEST, X, T)))


def main(quick: bool, out: Path) -> Results:
    heading("Cost of a step")  # S1.8 cost per step
    microseconds = {}
    for count in (1, 20, 200, 20_000):
        some = np.arange(count) % len(X)
        timer = timeit.Timer("grad(loss)(START, x, t)", globals={**globals(), "x": X[some], "t": T[some]})
        microseconds[count] = 1e4 * min(timer.repeat(5, 100))
        print(f"over {count:6,} examples: {microseconds[count]:6.1f} μs, or {microseconds[count] / count:.2g} μs each")

    heading(f"{EPOCHS} epochs of {len(X)} examples, each kind with its best rate")
    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4.4), layout="constrained")
    contours(left, "the zigzag")
    results, seeds = Results(microseconds, {}, {}), range(1 if quick else 3)
    for (name, batch), colour, width in zip(KINDS.items(), (RED, ORANGE, BLUE), (0.5, 1.2, 1.8)):
        tried = {rate: [descend(batch, rate, seed) for seed in seeds] for rate in progress(RATES, name)}
        mean = {rate: float(np.mean([d.excess for d in tries])) for rate, tries in tried.items()}
        rate = results.rates[name] = min(mean, key=lambda r: np.nan_to_num(mean[r], nan=np.inf))
        results.excess[name] = [d.excess for d in tried[rate]]
        path = tried[rate][0].path  # S1.8 full batch, mini-batch, stochastic: examples seen, the zigzag
        seen = np.arange(len(path)) * batch
        ends = ", ".join(f"{excess:.1e}" for excess in results.excess[name])
        print(f"{name:>16}: α = {rate:g}, {len(path) - 1:4} steps, {seen[-1]} examples seen, J − minimum = {ends}")
        left.plot(*path.T, ".-" if batch > 1 else "-", color=colour, lw=width, ms=5, label=f"{name}, α = {rate:g}")
        right.semilogy(seen, [loss(W, X, T) - loss(BEST, X, T) for W in path], color=colour, lw=width, label=name)
    wild = descend(1, 0.2, 0)
    print(f"stochastic with α = 0.2 wanders around the minimum: J − minimum = {wild.excess:.1e}")
    left.plot(*wild.path.T, color=GREY, lw=0.4, zorder=0, label="stochastic, α = 0.2")
    left.legend(loc="lower right")
    right.set(xlabel="examples seen", ylabel="J − minimum", title="loss for the same number of examples")
    right.legend()
    save(figure, out, "08b_mini_batches")
    heading("Three troubles of learning")  # S1.3 too much, too little, too slowly
    print("too slowly: full batches (here); too little: vanishing gradients (10); too much: overfitting (11)")
    return results


if __name__ == "__main__":
    run(main)
