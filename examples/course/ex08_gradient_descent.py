"""Gradient descent w := w − α dJ/dw: the sign of the slope, and three learning rates.

In one dimension: left of the minimum the slope dJ/dw is negative, so the step −α dJ/dw goes right; right of it the
slope is positive and the step goes left. The nearer the minimum the flatter, so the steps shorten by themselves.

With several weights, W ← W − α∇J(W, b), a step against the gradient goes down if it is short enough. Along a direction
of curvature λ the error is multiplied by (1 − αλ) in every step: α far below 1/λ crawls, α above 2/λ runs past the
minimum, further each time. The largest α that converges is 2/λmax, known here from the Hessian.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Callable

import numpy as np

from autograd import grad, hessian
from examples.shared.common import BLUE, GREY, ORANGE, RED, heading, plt, run, save

RNG = np.random.default_rng(0)
X = RNG.normal(0.5, 1, 200)
T = 2 + 1.5 * X + RNG.normal(0, 0.8, 200)
START = np.array([-1.4, 2.6])
BEST = np.linalg.lstsq(np.stack([np.ones_like(X), X], axis=1), T, rcond=None)[0]


@dataclass
class Results:
    signs: dict[str, list[float]]  # left and right in one dimension: w, dJ/dw there, w after the step
    limit: float  # 2/λmax
    losses: dict[str, list[float]]
    least: float


def loss(W: Any, x: Any, t: Any) -> Any:
    """Half the mean squared error of the line W₀ + W₁x."""
    return np.mean((W[0] + W[1] * x - t) ** 2) / 2


def parabola(w: Any) -> Any:
    return (w - 2) ** 2 + 1


def descend(slope: Callable[[Any], Any], start: Any, rate: float, steps: int) -> Any:
    """Where each step begins, and where the last one ends."""
    path = [start]
    for _ in range(steps):
        path.append(path[-1] - rate * slope(path[-1]))  # w := w − α dJ/dw
    return np.array(path)


def slope_of_line(W: Any) -> Any:
    return grad(loss)(W, X, T)


def contours(axis: Any, title: str) -> None:
    w0, w1 = np.meshgrid(np.linspace(-1.8, 5, 80), np.linspace(-3.2, 4.2, 80))
    heights = np.mean((w0[..., None] + w1[..., None] * X - T) ** 2, axis=-1) / 2
    axis.contour(w0, w1, heights, np.geomspace(0.3, heights.max(), 14), colors="#BBBBBB", linewidths=0.8)
    axis.plot(*BEST, "k*", ms=10, label="the minimum")
    axis.set(xlabel="W₀", ylabel="W₁", title=title, xlim=(-1.8, 5), ylim=(-3.2, 4.2))


def main(quick: bool, out: Path) -> Results:
    figure, (first, left, right) = plt.subplots(1, 3, figsize=(12.5, 4.2), layout="constrained")
    heading("J(w) = (w − 2)² + 1, α = 0.2: the sign of the slope")  # S4.10 the slope's sign left and right
    w = np.linspace(-1, 5, 61)
    first.plot(w, parabola(w), color=GREY)
    signs = {}
    for side, old, colour in (("left", -0.5, BLUE), ("right", 4.5, RED)):
        path, slope = descend(grad(parabola), old, 0.2, 12), grad(parabola)(old)
        signs[side] = [old, slope, path[1]]
        print(f"{side} of the minimum: dJ/dw = {slope:+g}, w := w − α dJ/dw = {old:g} − 0.2·({slope:+g}) = {path[1]:g}")
        first.plot(path, parabola(path), "o-", color=colour, ms=4, label=f"{side}: slope {slope:+g}, w → {path[1]:g}")
    first.set(xlabel="w", ylabel="J(w)", title="one dimension")
    first.legend(loc="upper center")

    limit = 2 / np.linalg.eigvalsh(hessian(loss)(START, X, T))[-1]
    heading(f"Three learning rates, 20 steps on all examples; 2/λmax = {limit:.3f}")  # S1.8 running past the minimum
    contours(left, "two weights, three rates")
    losses, least = {}, float(loss(BEST, X, T))
    for name, part, colour in (("too small", 0.03, BLUE), ("right", 0.5, ORANGE), ("too large", 1.05, RED)):
        path = descend(slope_of_line, START, part * limit, 20)
        losses[name] = [float(loss(W, X, T)) for W in path]
        print(f"α = {part * limit:.3f} ({name}): J = {losses[name][0]:.3f} → {losses[name][-1]:.4g}")
        left.plot(*path.T, "o-", color=colour, ms=3, lw=1, label=f"α = {part * limit:.2f}, {name}")
        right.semilogy(losses[name], color=colour, label=name)
    left.legend(loc="lower right")
    right.axhline(least, color="#222222", ls=":", label="the minimum")
    right.set(xlabel="steps", ylabel="J", title="loss for the three rates", xticks=(0, 5, 10, 15, 20))
    right.legend()
    save(figure, out, "08_gradient_descent")
    return Results(signs, float(limit), losses, least)


if __name__ == "__main__":
    run(main)
