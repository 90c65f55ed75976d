"""Why the loss of logistic regression is not the squared error: it is not convex, and descent stalls.

Behind σ the squared error L = (y − a)² bends the wrong way where the answer is badly wrong: its Hessian has a negative
eigenvalue there, so J is not convex, and nothing rules out several local optima. And it is nearly flat, since ∂L/∂z =
−2(y − a)σ(1 − σ) has the factor σ(1 − σ), close to 0 where σ is close to 0 or 1. The cross-entropy's ∂L/∂z = a − y has
no such factor, and its smallest eigenvalue is never negative.

Descent shows it: from weights that are badly wrong, (−8, 8), the same number of steps at the same rate brings the
cross-entropy nearly to its minimum, and the squared error almost nowhere. With two weights and a rate 30 times as large
it comes down too, since it leaves the flat part in fewer steps: flatness asks for patience or a larger rate, which
cross-entropy does not need.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Callable

import numpy as np

import viz
from autograd import hessian, sigmoid, softplus, value_and_grad
from examples.shared.common import BLUE, RED, heading, plt, run, save

START, STEPS = (-8.0, 8.0), 200
RNG = np.random.default_rng(0)
X = RNG.normal(size=(2, 60))
Y = (X[0] - X[1] > 0.3).astype(float)


@dataclass
class Results:
    smallest: dict[str, float]  # the smallest eigenvalue of the Hessian over the grid
    losses: dict[str, dict[float, list[float]]]  # by name and rate, before each step and after the last


def cross_entropy(w: Any) -> Any:
    """J of w = (w₁, w₂): log(1 + eᶻ) − yz is −(y log a + (1 − y) log(1 − a)) without a logarithm of 0."""
    z = w @ X
    return np.mean(softplus(z) - Y * z)


def squared_error(w: Any) -> Any:
    return np.mean((Y - sigmoid(w @ X)) ** 2)


LOSSES = {"cross-entropy": cross_entropy, "squared error": squared_error}


def descend(loss: Callable[[Any], Any], rate: float) -> tuple[list[float], Any]:
    """The losses and the weights along the way."""
    w, losses, path = np.array(START), [], []
    for _ in range(STEPS):
        J, slope = value_and_grad(loss)(w)
        losses.append(float(J))
        path.append(w)
        w = w - rate * slope
    return [*losses, float(loss(w))], np.array([*path, w])


def main(quick: bool, out: Path) -> Results:
    ticks = np.linspace(-8, 8, 17 if quick else 33)
    figure = plt.figure(figsize=(12.5, 4), layout="constrained")
    grid = figure.add_gridspec(1, 3, width_ratios=(1, 1, 1.1), wspace=0.12)
    curves = figure.add_subplot(grid[2])
    results = Results({}, {})
    for place, (name, loss, colour) in enumerate(zip(LOSSES, LOSSES.values(), (BLUE, RED))):
        heading(f"{name}, w₁ and w₂ from −8 to 8")  # S4.9 the squared error is not convex, descent stalls
        points = (np.array([w1, w2]) for w1 in ticks for w2 in ticks)
        results.smallest[name] = min(float(np.linalg.eigvalsh(hessian(loss)(w))[0]) for w in points)
        verdict = "convex" if results.smallest[name] > -1e-9 else "not convex"
        print(f"smallest eigenvalue of the Hessian {results.smallest[name]:+.2e}: {verdict}")
        found = {rate: descend(loss, rate) for rate in (1.0, 30.0)}
        results.losses[name] = {rate: losses for rate, (losses, _) in found.items()}
        for (rate, losses), style in zip(results.losses[name].items(), ("-", "--")):
            way = f"{losses[0]:.3f} → {losses[-1]:.3f}"
            print(f"descent from (−8, 8), {STEPS} steps of rate {rate:g}: J = {way}")
            curves.plot(np.array(losses) / losses[0], style, color=colour, label=f"{name}, rate {rate:g}: {way}")

        axis, path = figure.add_subplot(grid[place], projection="3d"), found[1.0][1]
        viz.plot_surface(lambda w1, w2, J=loss: J(np.array([w1, w2])), (-8, 8), (-8, 8), path=path, steps=33, ax=axis)
        axis.set(title=f"{name}: {verdict}", xlabel="w₁", ylabel="w₂", zlabel="J", xticks=(-8, 0, 8), yticks=(-8, 0, 8))
        axis.view_init(28, -60)
    curves.set(xlabel="steps", ylabel="J / J at the start", title="descent from (−8, 8)", ylim=(0, 1.05))
    curves.legend(loc="center right")
    figure.suptitle("red on the surfaces: 200 steps of rate 1 from (−8, 8)")
    save(figure, out, "07d_squared_error")
    return results


if __name__ == "__main__":
    run(main)
