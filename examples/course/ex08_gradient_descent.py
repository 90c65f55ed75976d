"""Gradient descent W ← W − α∇J: three learning rates, and batch, mini-batch and stochastic paths.

The gradient points uphill, so a step against it goes down, if it is short enough. Along a direction of curvature λ
the error is multiplied by (1 − αλ) in every step: α far below 1/λ crawls, α above 2/λ overshoots more each time and
diverges. The largest α that converges is therefore 2/λmax, known here from the Hessian.

The gradient may be taken over all examples (batch: smooth, dear), over a few (mini-batch: nearly as straight, much
cheaper) or over one (stochastic: drunk, but each step costs next to nothing and a wandering one can leave a poor
place).

The method is A. Cauchy's (1847); the stochastic one H. Robbins and S. Monro's (1951).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from autograd import grad, hessian
from examples.shared.common import BLUE, ORANGE, RED, heading, plt, run, save


def loss(W: Any, x: Any, t: Any) -> Any:
    """Mean squared error of the line W₀ + W₁x."""
    return np.mean((W[0] + W[1] * x - t) ** 2) / 2


def descend(W: Any, x: Any, t: Any, rate: float, epochs: int, batch: int, rng: Any) -> Any:
    """The path of W; every epoch visits all examples once, in a new order, `batch` at a time."""
    slope, path = grad(loss), [W]
    for _ in range(epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x), batch):
            some = order[start : start + batch]
            W = W - rate * slope(W, x[some], t[some])
            path.append(W)
    return np.array(path)


def contours(axis: Any, x: Any, t: Any, best: Any, title: str) -> None:
    w0, w1 = np.meshgrid(np.linspace(-1.8, 5, 80), np.linspace(-3.2, 4.2, 80))
    heights = np.mean((w0[..., None] + w1[..., None] * x - t) ** 2, axis=-1) / 2
    axis.contour(w0, w1, heights, np.geomspace(0.3, heights.max(), 14), colors="#BBBBBB", linewidths=0.8)
    axis.plot(*best, "k*", ms=10)
    axis.set(xlabel="W₀", ylabel="W₁", title=title, xlim=(-1.8, 5), ylim=(-3.2, 4.2))


def main(quick: bool, out: Path) -> dict[str, Any]:
    rng = np.random.default_rng(0)
    x = rng.normal(0.5, 1, 200)
    t = 2 + 1.5 * x + rng.normal(0, 0.8, 200)
    start = np.array([-1.4, 2.6])
    best = np.linalg.lstsq(np.stack([np.ones_like(x), x], axis=1), t, rcond=None)[0]
    limit = 2 / np.linalg.eigvalsh(hessian(loss)(start, x, t))[-1]

    heading(f"Three learning rates, 20 steps on all examples; 2/λmax = {limit:.3f}")
    figure, (left, middle, right) = plt.subplots(1, 3, figsize=(12.5, 4))
    contours(left, x, t, best, "too small, right, too large")
    rates = {"too small": 0.03 * limit, "right": 0.5 * limit, "too large": 1.05 * limit}
    losses = {}
    for (name, rate), colour in zip(rates.items(), (BLUE, ORANGE, RED)):
        path = descend(start, x, t, rate, 20, len(x), rng)
        losses[name] = [float(loss(W, x, t)) for W in path]
        print(f"α = {rate:.3f} ({name}): J = {losses[name][0]:.3f} → {losses[name][-1]:.4g}")
        left.plot(*path.T, "o-", color=colour, ms=3, lw=1, label=f"α = {rate:.2f}, {name}")
        right.semilogy(losses[name], color=colour, label=name)
    left.legend(loc="lower right")
    minimum = float(loss(best, x, t))
    right.axhline(minimum, color="#222222", ls=":", label="the least")
    right.set(xlabel="steps", ylabel="J", title="loss for the three rates")
    right.legend()

    heading("Batch, mini-batch, stochastic: 6 epochs of 200 examples")
    contours(middle, x, t, best, "batch, mini-batch, stochastic")
    ends = {}
    for name, batch, rate, colour, style in (
        ("stochastic", 1, 0.08, RED, {"lw": 0.5, "alpha": 0.7}),
        ("mini-batch of 20", 20, 0.25, ORANGE, {"lw": 1.2}),
        ("batch", len(x), 0.5 * limit, BLUE, {"lw": 1.8, "marker": "o", "ms": 4}),
    ):
        path = descend(start, x, t, rate, 6, batch, rng)
        ends[name] = float(loss(path[-1], x, t)) - minimum
        print(f"{name:>16}: {len(path) - 1:4} steps of {batch:3} examples, J − least = {ends[name]:.4f}")
        middle.plot(*path.T, color=colour, label=name, **style)
    middle.legend(loc="lower right")
    save(figure, out, "08_gradient_descent")
    return {"losses": losses, "least": minimum, "limit": float(limit), "excess": ends}


if __name__ == "__main__":
    run(main)
