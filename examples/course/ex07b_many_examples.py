"""Logistic regression over m examples: in a loop, and without it.

Over m examples J is the mean of L, and so are the gradients: J += L, dw₁ += x₁dz, dw₂ += x₂dz, db += dz for each, then
divided by m. The loop says what happens; a matrix product does the same for all examples at once, and is as many times
as fast as is printed. In X every example is a column.

After A. Ng, *Neural Networks and Deep Learning* (deeplearning.ai, 2017), week 2.
"""

from __future__ import annotations

import math
import timeit
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from autograd import sigmoid, softplus, value_and_grad
from examples.shared.common import heading, plt, run, save


@dataclass
class Results:
    found: dict[str, np.ndarray]  # by way: J, dw₁, dw₂, db
    seconds: dict[str, list[float]]  # by way, for each number of examples


def by_loops(x: Any, y: Any, w1: float, w2: float, b: float) -> list[float]:
    """J and its gradient, one example after another, as the lectures write it."""
    J = dw1 = dw2 = db = 0.0  # S4.15 J += L, dw₁ += x₁dz, …, / m
    m = len(y)
    for (x1, x2), yi in zip(x, y):
        z = w1 * x1 + w2 * x2 + b
        a = 1 / (1 + math.exp(-z))
        J += -(yi * math.log(a) + (1 - yi) * math.log(1 - a))
        dz = a - yi
        dw1 += x1 * dz
        dw2 += x2 * dz
        db += dz
    return [J / m, dw1 / m, dw2 / m, db / m]


def vectorised(X: Any, y: Any, w: Any, b: float) -> list[float]:
    """The same for all examples at once; X has one example per column."""
    a = sigmoid(w @ X + b)  # S4.15 without the loop
    dz = a - y
    return [-np.mean(y * np.log(a) + (1 - y) * np.log(1 - a)), *(X @ dz / len(y)), np.mean(dz)]


def J(theta: Any, X: Any, y: Any) -> Any:
    """The mean loss of θ = (b; w): log(1 + eᶻ) − yz is −(y log a + (1 − y) log(1 − a)) without a logarithm of 0."""
    z = theta[1:] @ X + theta[0]
    return np.mean(softplus(z) - y * z)


def by_autograd(X: Any, y: Any, w: Any, b: float) -> list[float]:
    loss, slope = value_and_grad(J)(np.array([b, *w]), X, y)
    return [loss, *slope[1:], slope[0]]


def main(quick: bool, out: Path) -> Results:
    rng, counts = np.random.default_rng(0), (100, 1_000, 10_000) if quick else (100, 1_000, 10_000, 100_000)
    w, b = np.array([0.5, -0.2]), 0.1
    seconds: dict[str, list[float]] = {"in a loop": [], "without the loop": [], "value_and_grad": []}
    for m in counts:
        X = rng.normal(size=(2, m))
        y = (X[0] - X[1] + rng.logistic(size=m) > 0.3).astype(float)
        rows, targets = X.T.tolist(), y.tolist()
        heading(f"J, dw₁, dw₂, db over m = {m:,} examples")
        found = {}
        for way, function, given in zip(
            seconds, (by_loops, vectorised, by_autograd), ((rows, targets, *w, b), (X, y, w, b), (X, y, w, b))
        ):
            found[way] = np.array(function(*given))
            timer = timeit.Timer("function(*given)", globals={"function": function, "given": given})
            seconds[way].append(min(timer.repeat(5, 1)))
            print(f"{way:>16}: {found[way].round(6)} in {seconds[way][-1] * 1e3:8.2f} ms")
        ratio = seconds["in a loop"][-1] / seconds["without the loop"][-1]
        print(f"without the loop it is {ratio:.3g} times as fast")

    figure, axis = plt.subplots(figsize=(6, 4))
    for (way, times), mark in zip(seconds.items(), "osv"):
        axis.loglog(counts, np.array(times) * 1e3, mark + "-", label=way)
    axis.set(xlabel="examples m", ylabel="milliseconds", title="J and its gradient, on the machine that drew this")
    axis.legend()
    save(figure, out, "07b_many_examples")
    return Results(found, seconds)


if __name__ == "__main__":
    run(main)
