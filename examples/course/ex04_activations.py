"""Activation functions: curves and slopes from the table of rules, and why layers need them.

The derivatives drawn are not typed in: each is the rule's own. Step passes no gradient; sigmoid at most 1/4, tanh at
most 1, and both next to none far from 0; ReLU passes all or nothing; leaky ReLU a little where ReLU passes nothing.
Softmax takes a whole layer and gives probabilities that add up to 1.

Without activation, layers collapse: o = c(ax + b) + d is a′x + b′ with a′ = c·a, b′ = c·b + d. The same holds for
matrices: W₂(W₁x + b₁) + b₂ = (W₂W₁)x + (W₂b₁ + b₂). A deep linear network is a line, whatever its depth. So one with
linear hidden layers and a sigmoid at the end is logistic regression: σ(W₂(W₁x + b₁) + b₂) = σ(w′ᵀx + b′), whose
border is straight.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

import autograd as ag
from autograd import Symbol, Tensor
from autograd.rules import mul
from examples.shared.common import BLUE, RED, heading, plt, run, save

ACTIVATIONS = (ag.step, ag.sigmoid, ag.tanh, ag.relu, ag.leaky_relu)


def softmax(z: Any) -> Any:
    e = np.exp(z - np.max(z, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1, keepdims=True)


def collapse() -> tuple[str, str]:
    """a′ and b′ of o = c(ax + b) + d, found by the rules themselves, on symbols in place of numbers."""
    a, b, c, d, x = map(Symbol, "abcdx")
    hidden = a * x + b
    slope = mul.partial(1, None, (c, hidden)) * mul.partial(1, None, (a, x))  # ∂o/∂hidden · ∂hidden/∂x
    constant = c * (a * 0 + b) + d  # o where x = 0
    print(f"o = {(c * hidden + d).text()}")
    print(f"a′ = ∂o/∂hidden · ∂hidden/∂x = {slope.text()}   (no x in it: the slope is the same everywhere)")
    print(f"b′ = o(0) = {constant.text()}")
    return slope.text(), constant.text()


def main(quick: bool, out: Path) -> dict[str, Any]:
    results: dict[str, Any] = {}
    z = np.linspace(-4, 4, 801)
    figure, axes = plt.subplots(2, 4, figsize=(12, 5.6))
    heading("Largest slope of each, by its own rule")
    for axis, rule in zip(axes.flat, ACTIVATIONS):
        slope = ag.elementwise_grad(rule)(z)
        results[rule.name] = {"max": float(slope.max()), "at_4": float(slope[-1])}
        print(f"{rule.name:>10}: {slope.max():.4g};  at z = 4: {slope[-1]:.4g}")
        axis.plot(z, rule(z), color=BLUE, lw=2, label="g(z)")
        axis.plot(z, slope, color=RED, ls="--", label="g′(z)")
        axis.set(title=rule.name.replace("_", " "), xlabel="z", ylim=(-1.2, 2))
    axes[0, 0].legend(loc="upper left")

    logits = np.stack([z, np.zeros_like(z), np.full_like(z, -1.0)], axis=1)
    p = softmax(logits)
    slopes = np.array([ag.jacobian(softmax)(row)[:, 0] for row in logits[::8]])
    results["softmax_sums"] = float(np.abs(p.sum(axis=1) - 1).max())
    for k, name in enumerate(("softmax₁", "softmax₂", "softmax₃")):
        axes[1, 1].plot(z, p[:, k], color=BLUE, alpha=1 - 0.3 * k, label=name)
        axes[1, 1].plot(z[::8], slopes[:, k], color=RED, ls="--", alpha=1 - 0.3 * k)
    axes[1, 1].set(title="softmax of (z, 0, −1)", xlabel="z", ylim=(-0.3, 1.6))
    axes[1, 1].legend(loc="upper left")

    heading("Layers without activation collapse")
    results["symbols"] = collapse()
    rng = np.random.default_rng(1)
    (W1, b1), (W2, b2), (W3, b3) = ((rng.normal(size=(m, n)), rng.normal(size=m)) for m, n in ((5, 2), (4, 5), (1, 4)))
    x = rng.normal(size=(2, 100))
    deep = W3 @ (W2 @ (W1 @ Tensor(x) + b1[:, None]) + b2[:, None]) + b3[:, None]
    w, b = W3 @ W2 @ W1, W3 @ (W2 @ b1 + b2) + b3
    results["difference"] = float(np.abs(deep.data - (w @ x + b[:, None])).max())
    print(f"three linear layers 2-5-4-1 against one, at 100 points: largest difference {results['difference']:.1e}")
    p_deep, p_one = ag.sigmoid(deep).data, ag.sigmoid(w @ x + b[:, None])
    results["logistic_difference"] = float(np.abs(p_deep - p_one).max())
    print(f"with a sigmoid at the end, against logistic regression: {results['logistic_difference']:.1e}")

    ticks = np.linspace(-2, 2, 81)
    points = np.stack([g.ravel() for g in np.meshgrid(ticks, ticks)])
    for axis, g, title in (
        (axes[1, 2], lambda h: h, "linear hidden layers + sigmoid"),
        (axes[1, 3], np.tanh, "the same weights with tanh"),
    ):
        h = g(W2 @ g(W1 @ points + b1[:, None]) + b2[:, None])
        chance = ag.sigmoid(W3 @ h + b3[:, None]).reshape(81, 81)
        axis.contourf(ticks, ticks, chance, levels=np.linspace(0, 1, 11), cmap="Blues")
        axis.contour(ticks, ticks, chance, levels=[0.5], colors=RED)
        axis.set(title=title, xlabel="x₁", ylabel="x₂", aspect="equal")
    save(figure, out, "04_activations")
    return results


if __name__ == "__main__":
    run(main)
