"""Logistic regression over m examples: by loops and vectorised, and why its loss is not the squared error.

One example: z = w₁x₁ + w₂x₂ + b, a = σ(z), L = −(y log a + (1 − y) log(1 − a)). Backwards, all of it cancels to dz =
a − y. Over m examples J is the mean, and so are the gradients: dw₁ += x₁·dz, dw₂ += x₂·dz, db += dz for each, then
divided by m. The loops say what happens; a matrix product does the same for all examples at once, and faster by the
number that is printed.

The squared error ½(a − y)² would do as a loss, but σ makes it bend the wrong way where the answer is badly wrong: its
Hessian has a negative eigenvalue there (not convex, nearly flat, so descent stalls). The cross-entropy's is never
negative.

The loops are those of A. Ng, *Neural Networks and Deep Learning* (deeplearning.ai, 2017), week 2.
"""

from __future__ import annotations

import math
import timeit
from pathlib import Path
from typing import Any, Callable

import numpy as np

from autograd import hessian, sigmoid, softplus, value_and_grad
from examples.shared.common import heading, plt, run, save


def by_loops(x: Any, y: Any, w1: float, w2: float, b: float) -> tuple[float, ...]:
    """J and its gradient, one example after another, as the lectures write it."""
    J = dw1 = dw2 = db = 0.0
    m = len(y)
    for (x1, x2), yi in zip(x, y):
        z = w1 * x1 + w2 * x2 + b
        a = 1 / (1 + math.exp(-z))
        J += -(yi * math.log(a) + (1 - yi) * math.log(1 - a))
        dz = a - yi
        dw1 += x1 * dz
        dw2 += x2 * dz
        db += dz
    return J / m, dw1 / m, dw2 / m, db / m


def vectorised(X: Any, y: Any, w: Any, b: float) -> tuple[float, ...]:
    """The same for all examples at once; X has one example per column."""
    a = sigmoid(w @ X + b)
    dz = a - y
    return -np.mean(y * np.log(a) + (1 - y) * np.log(1 - a)), *(X @ dz / len(y)), np.mean(dz)


def cross_entropy(theta: Any, X: Any, y: Any) -> Any:
    """J of θ = (w₁, w₂, b): log(1 + eᶻ) − yz is −(y log a + (1 − y) log(1 − a)) without a logarithm of 0."""
    z = theta[:2] @ X + theta[2]
    return np.mean(softplus(z) - y * z)


def squared_error(theta: Any, X: Any, y: Any) -> Any:
    return np.mean(0.5 * (sigmoid(theta[:2] @ X + theta[2]) - y) ** 2)


def seconds(f: Callable[[], Any], repeats: int) -> float:
    """The best time of several calls."""
    return min(timeit.repeat(f, number=1, repeat=repeats))


def main(quick: bool, out: Path) -> dict[str, Any]:
    rng, m = np.random.default_rng(0), 10_000 if quick else 100_000
    X = rng.normal(size=(2, m))
    y = (X[0] - X[1] + rng.logistic(size=m) > 0.3).astype(float)
    w, b = np.array([0.5, -0.2]), 0.1
    rows, targets = X.T.tolist(), y.tolist()

    heading(f"J and its gradient over m = {m:,} examples, three ways")
    ways = {
        "explicit loops": lambda: by_loops(rows, targets, *w, b),
        "vectorised": lambda: vectorised(X, y, w, b),
        "value_and_grad": lambda: (lambda J, g: (J, *g))(*value_and_grad(cross_entropy)(np.array([*w, b]), X, y)),
    }
    numbers = {name: np.array(f()) for name, f in ways.items()}
    times = {name: seconds(f, 3) for name, f in ways.items()}
    for name, found in numbers.items():
        print(f"{name:>15}: J, dw₁, dw₂, db = {found.round(6)}  in {times[name] * 1e3:8.2f} ms")
    difference = max(float(np.abs(found - numbers["vectorised"]).max()) for found in numbers.values())
    ratio = times["explicit loops"] / times["vectorised"]
    print(f"largest difference {difference:.1e}; vectorised is {ratio:.0f}× as fast as the loops")

    heading("Trained by gradient descent")
    theta = np.zeros(3)
    for _ in range(200):
        J, slope = value_and_grad(cross_entropy)(theta, X[:, :10_000], y[:10_000])
        theta -= 1.0 * slope
    accuracy = float(np.mean((theta[:2] @ X + theta[2] > 0) == y))
    print(f"w = {theta[:2].round(3)}, b = {theta[2]:.3f} (made with 1, −1, −0.3): J = {J:.4f}, {accuracy:.1%} right")

    heading("Convex or not: the smallest eigenvalue of the Hessian along w₁, w₂ in [−8, 8]")
    small_X, small_y = X[:, :60], (X[0, :60] - X[1, :60] > 0.3).astype(float)
    ticks = np.linspace(-8, 8, 17 if quick else 33)
    grid_1, grid_2 = np.meshgrid(ticks, ticks)
    figure = plt.figure(figsize=(9, 4.2))
    smallest = {}
    for place, (name, J_of) in enumerate((("cross-entropy", cross_entropy), ("squared error", squared_error)), start=1):

        def surface(pair: Any, J_of: Any = J_of) -> Any:
            return J_of(np.concatenate([pair, [0.0]]), small_X, small_y)

        points = [np.array(pair) for pair in zip(grid_1.ravel(), grid_2.ravel())]
        smallest[name] = min(float(np.linalg.eigvalsh(hessian(surface)(p))[0]) for p in points)
        print(f"{name}: {smallest[name]:+.2e}")
        axis = figure.add_subplot(1, 2, place, projection="3d")
        heights = np.array([surface(p) for p in points]).reshape(grid_1.shape)
        axis.plot_surface(grid_1, grid_2, heights, cmap="viridis", lw=0, antialiased=False)
        verdict = "convex" if smallest[name] > -1e-9 else "not convex"
        axis.set(title=f"{name}: {verdict}", xlabel="w₁", ylabel="w₂", zlabel="J")
        axis.view_init(28, -60)
    save(figure, out, "07_logistic_regression")
    return {"difference": difference, "times": times, "theta": theta, "accuracy": accuracy, "smallest": smallest}


if __name__ == "__main__":
    run(main)
