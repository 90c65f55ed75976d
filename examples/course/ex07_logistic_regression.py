"""Logistic regression: one example, and dz = a − y multiplied out.

The answer is a probability, ŷ = a = σ(wᵀx + b): wᵀx + b may be any number, σ brings it between 0 and 1. With x₀ = 1 and
θ = (b; w) the same is σ(θᵀx). The loss is L = −(y log a + (1 − y) log(1 − a)): −log of the probability that was given
to the right answer. Backwards: da = −y/a + (1 − y)/(1 − a), dz = da · a(1 − a), in which everything cancels but a − y;
then dw₁ = x₁dz, dw₂ = x₂dz, db = dz.

The loss is one operation here, with its derivatives as formulas. Example 7b takes m such examples, 7c pictures, and 7d
says why the loss is not the squared error.

After A. Ng, *Neural Networks and Deep Learning* (deeplearning.ai, 2017).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import viz
from autograd import Elementwise, Notation, Value, dot, log, sigmoid
from examples.shared.common import heading, run, show

cross_entropy = Elementwise(
    "cross_entropy",
    lambda y, a: -(y * math.log(a) + (1 - y) * math.log(1 - a)),  # on numbers
    lambda y, a: -(y * np.log(a) + (1 - y) * np.log(1 - a)),  # on arrays
    lambda L, y, a: log((1 - a) / a),  # ∂L/∂y
    lambda L, y, a: -(y / a) + (1 - y) / (1 - a),  # ∂L/∂a
    notation=Notation("−({0} log {1} + (1 − {0}) log(1 − {1}))"),
)


@dataclass
class Example:
    a: float
    L: float
    da: float
    multiplied: list[float]  # dz, in each of the ways of writing it
    by_hand: list[float]  # dw₁, dw₂, db
    by_graph: list[float]
    chain: str  # of dL/dw₁


@dataclass
class Results:
    examples: list[Example]  # y = 1, y = 0
    worst: float


def one_example(y: float, out: Path) -> Example:
    """Forward and backward through one example, each number by its formula and by `backward()`."""
    heading(f"One example with y = {y:g}")
    w, b = [Value(0.4, label="w₁"), Value(-0.6, label="w₂")], Value(0.2, label="b")
    x, target = [Value(1.5, label="x₁"), Value(-0.5, label="x₂")], Value(y, label="y")
    z = dot(w, x, b)
    a = sigmoid(z)
    L = cross_entropy(target, a)  # S4.9 L = −(y log a + (1 − y) log(1 − a))
    L.backward()
    names = {"z": z, "a": a, "L": L}
    a = a.data
    print(f"z = wᵀx + b = {z.data:.2f}, ŷ = a = σ(z) = {a:.4f}, L = {L.data:.4f}")

    da = -y / a + (1 - y) / (1 - a)  # S4.14 da, dz multiplied out, dw₁, dw₂, db
    multiplied = [da * a * (1 - a), -y * (1 - a) + (1 - y) * a, -y + y * a + a - y * a, a - y]
    print(f"da = −y/a + (1 − y)/(1 − a) = {da:.4f}")
    print("dz = da · a(1 − a) = −y(1 − a) + (1 − y)a = −y + ya + a − ya = a − y")
    print("   = " + " = ".join(f"{number:.4f}" for number in multiplied))
    dz = multiplied[-1]
    by_hand, by_graph = [x[0].data * dz, x[1].data * dz, dz], [w[0].grad, w[1].grad, b.grad]
    print("dw₁ = x₁dz, dw₂ = x₂dz, db = dz: {:.4f}, {:.4f}, {:.4f}".format(*by_hand), end="; ")
    print("by backward() {:.4f}, {:.4f}, {:.4f}".format(*by_graph))
    show(viz.draw(L, names=names, of=w[0]).save(out / f"07_one_example_y{y:g}.svg"))
    return Example(a, L.data, da, multiplied, by_hand, by_graph, str(viz.chain(L, w[0], names=names)))


def main(quick: bool, out: Path) -> Results:
    out.mkdir(parents=True, exist_ok=True)
    heading("Why σ: wᵀx + b is any number, a probability is not")  # S4.8 why σ; x₀ = 1, θ = (b; w)
    print(", ".join(f"σ({z}) = {sigmoid(float(z)):.5f}" for z in (-10, -2, 0, 2, 10)))
    theta, x = np.array([0.2, 0.4, -0.6]), np.array([1, 1.5, -0.5])
    print(f"θ = (b; w) = {theta}, x₀ = 1: θᵀx = {theta @ x:.2f} = wᵀx + b = {theta[1:] @ x[1:] + theta[0]:.2f}")
    examples = [one_example(y, out) for y in (1.0, 0.0)]
    print(f"as the graph writes it: {examples[0].chain}")
    heading("dz = a − y by backward() on 1000 random examples")
    rng, worst = np.random.default_rng(0), 0.0
    for z, y in zip(rng.normal(0, 2, 1000), rng.integers(0, 2, 1000)):
        node = Value(z)
        a = sigmoid(node)
        cross_entropy(float(y), a).backward()
        worst = max(worst, abs(node.grad - (a.data - y)))
    print(f"largest difference {worst:.1e}")
    return Results(examples, worst)


if __name__ == "__main__":
    run(main)
