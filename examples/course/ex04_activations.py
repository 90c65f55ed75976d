"""Activation functions: the step, the sigmoid that smooths it, tanh, ReLU and its kin, softmax.

The derivatives drawn are not typed in: each is the rule's own. The step passes no gradient; sigmoid at most 1/4, tanh
at most 1, and both almost none far from 0; ReLU passes all or nothing; leaky ReLU a little where ReLU passes nothing;
GELU is a smooth ReLU. Softmax takes a whole layer and gives probabilities that add up to 1.

Sigmoid and step agree far from 0 on either side. Between, the step jumps, while the sigmoid says by how much a small
change of z matters. This smoothness is what makes learning possible.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

import autograd as ag
from examples.shared.common import BLUE, RED, heading, plt, run, save

ACTIVATIONS = (ag.step, ag.sigmoid, ag.tanh, ag.relu, ag.leaky_relu, ag.gelu)


@dataclass
class Results:
    step: list[bool]
    sigmoid: list[float]
    relu: list[float]
    largest: dict[str, float]  # the largest slope of each on the grid
    at_4: dict[str, float]  # the slope at z = 4
    softmax_sums: float


def softmax(z: Any) -> Any:
    e = np.exp(z - np.max(z, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1, keepdims=True)


def main(quick: bool, out: Path) -> Results:
    x = np.array([-1.0, 1.0, 2.0])
    heading(f"Of {x}")
    stepped, smooth = x > 0, ag.sigmoid(x)  # S3.9 step of (−1, 1, 2) → F T T, sigmoid of the same
    print(f"step: x > 0 is {stepped}, as numbers {ag.step(x)}")
    print(f"sigmoid: 1/(1 + e⁻ˣ) is {smooth.round(8)}")
    relu = np.maximum(0, x)  # S3.10 ReLU = maximum(0, x)
    print(f"ReLU: maximum(0, x) is {relu}, the library's {ag.relu(x)}")

    z = np.linspace(-5, 5, 1001)
    figure, axes = plt.subplots(2, 4, figsize=(12, 5.8), layout="constrained")
    heading("Largest slope of each between −5 and 5, by its own rule")
    largest, at_4 = {}, {}
    for axis, rule in zip((*axes[0, :3], *axes[1, :3]), ACTIVATIONS):
        slope = ag.elementwise_grad(rule)(z)
        largest[rule.name], at_4[rule.name] = float(slope.max()), float(slope[900])
        print(f"{rule.name:>10}: {slope.max():.4g};  at z = 4: {slope[900]:.4g}")
        axis.plot(z, rule(z), color=BLUE, lw=2, label="g(z)")
        axis.plot(z, slope, color=RED, ls="--", label="slope g′(z)")
        axis.set(title=rule.name.replace("_", " "), xlabel="z", ylim=(-1.2, 2))
    axes[0, 0].legend(loc="lower right")

    both = axes[0, 3]  # S3.9 sigmoid over step in one graph: smooth against abrupt
    both.plot(z, ag.sigmoid(z), color=BLUE, lw=2, label="sigmoid: smooth")
    both.plot(z, ag.step(z), "k--", label="step: abrupt")
    both.set(title="sigmoid over step", xlabel="z", ylim=(-0.1, 1.1))
    both.legend(loc="lower right")

    logits = np.stack([z, np.zeros_like(z), np.full_like(z, -1.0)], axis=1)
    p = softmax(logits)
    slopes = np.array([ag.jacobian(softmax)(row)[:, 0] for row in logits[::10]])
    for k, name in enumerate(("z", "0", "−1")):
        axes[1, 3].plot(z, p[:, k], color=BLUE, alpha=1 - 0.3 * k, label=f"probability of the logit {name}")
        axes[1, 3].plot(z[::10], slopes[:, k], color=RED, ls="--", alpha=1 - 0.3 * k)
    axes[1, 3].set(title="softmax of (z, 0, −1)", xlabel="z", ylim=(-0.3, 1.9))
    axes[1, 3].legend(loc="upper left")
    save(figure, out, "04_activations")
    return Results(
        stepped.tolist(), smooth.tolist(), relu.tolist(), largest, at_4, float(np.abs(p.sum(axis=1) - 1).max())
    )


if __name__ == "__main__":
    run(main)
