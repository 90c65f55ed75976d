"""The perceptron: a hard threshold, then weights and a bias; AND, OR and NAND.

A perceptron fires (1) if the weighted sum of its inputs exceeds a threshold: w₁x₁ + w₂x₂ > θ. With a bias b = −θ it is
a = b + w₁x₁ + w₂x₂, y = h(a), where h is a step at 0. A weight says how much its input matters, the bias how easily
the neuron fires. On the line itself, a = 0, this h (the library's `step`) gives 0; some books write ≥ and give 1.

Each gate cuts the plane by a line, w₁x₁ + w₂x₂ + b = 0: a perceptron is a linear classifier.

F. Rosenblatt, "The perceptron: a probabilistic model for information storage …", Psychological Review 65 (1958).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Sequence

import numpy as np

from autograd.nn import Neuron
from examples.shared.common import BLUE, GREY, RED, heading, plt, run, save

INPUTS, REACH = ((0, 0), (0, 1), (1, 0), (1, 1)), np.array([-0.4, 1.5])
GATES = {"AND": (1, 1, -1.5), "OR": (1, 1, -0.5), "NAND": (-1, -1, 1.5)}  # S0.2 gates, S3.4 all signs of AND turned


@dataclass
class Results:
    with_theta: list[int]
    products: list[float]
    total: float
    varied: list[list[int]]
    on_the_line: float
    tables: dict[str, list[int]]


def perceptron(*weights_and_bias: float) -> Neuron:
    """A neuron y = h(b + w₁x₁ + w₂x₂ + …) whose activation h is a step."""
    neuron = Neuron(len(weights_and_bias) - 1, "step")
    for parameter, number in zip(neuron.parameters(), weights_and_bias):
        parameter.data = number
    return neuron


def table(neuron: Neuron) -> list[int]:
    """What it says to (0, 0), (0, 1), (1, 0), (1, 1)."""
    return [int(neuron(x).data) for x in INPUTS]


def draw(axis: Any, name: str, outputs: Sequence[int]) -> None:
    """The four inputs, marked by what a gate makes of them."""
    for value, mark, colour in ((0, "s", "white"), (1, "o", BLUE)):
        points = np.array([x for x, y in zip(INPUTS, outputs) if y == value])
        axis.plot(*points.T, mark, ms=11, mfc=colour, mec=BLUE, mew=1.5, label=f"{name} is {value}")
    axis.set(xlim=REACH, ylim=REACH, xticks=(0, 1), yticks=(0, 1), aspect="equal", xlabel="x₁", ylabel="x₂", title=name)
    axis.legend(loc="upper center", bbox_to_anchor=(0.5, -0.16))


def main(quick: bool, out: Path) -> Results:
    heading("AND by a threshold: y = 0 if w₁x₁ + w₂x₂ ≤ θ, else 1, with (w₁, w₂, θ) = (0.5, 0.5, 0.7)")
    with_theta = [0 if 0.5 * x1 + 0.5 * x2 <= 0.7 else 1 for x1, x2 in INPUTS]  # S3.1 AND by (0.5, 0.5, θ = 0.7)
    print("  ".join(f"{x} → {y}" for x, y in zip(INPUTS, with_theta)))

    heading("The same with a bias b = −θ, at x = (0, 1)")
    x, w, b = np.array([0, 1]), np.array([0.5, 0.5]), -0.7
    products, total = w * x, np.sum(w * x) + b  # S3.2 products (0, 0.5), sum 0.5, with the bias −0.19999999999999996
    print(f"products {products}, sum {np.sum(products)}, with the bias {total} ≤ 0, so y = 0")

    heading("A large weight makes its input important; a large bias makes the neuron fire easily")
    changed = ((0.5, 0.5, -0.7), (2, 0.5, -0.7), (0.5, 0.5, -0.2), (0.5, 0.5, 0.1))  # S0.1 S3.3 weights and bias
    varied = [table(perceptron(*numbers)) for numbers in changed]
    for numbers, outputs, what in zip(changed, varied, ("AND", "x₁ alone decides", "one input is enough", "always")):
        print(f"(w₁, w₂, b) = {numbers}: {outputs}  {what}")

    majority = perceptron(1, 1, 1, -1.5)  # S1.1 output = h(x₁w₁ + x₂w₂ + x₃w₃ + bias)
    two, one = majority((1, 0, 1)).data, majority((1, 0, 0)).data
    print(f"three inputs, h(x₁w₁ + x₂w₂ + x₃w₃ − 1.5), all weights 1: (1, 0, 1) → {two:g}, (1, 0, 0) → {one:g}")

    tables = {}
    figure, axes = plt.subplots(1, 3, figsize=(10, 4.8), layout="constrained")
    for axis, (name, (w1, w2, bias)) in zip(axes, GATES.items()):
        heading(f"{name}: a = {bias} {w1:+}·x₁ {w2:+}·x₂, y = h(a)")  # S3.8 a = b + w₁x₁ + w₂x₂, y = h(a)
        tables[name] = table(perceptron(w1, w2, bias))
        print("  ".join(f"{x} → {y}" for x, y in zip(INPUTS, tables[name])))

        height = -(bias + w1 * REACH) / w2
        axis.plot(REACH, height, color=RED, label=f"{bias} {w1:+}·x₁ {w2:+}·x₂ = 0")
        below = -0.4 if w2 > 0 else 1.5  # S3.5 OR (−0.5, 1, 1), the region of 0 shaded grey
        axis.fill_between(REACH, height, below, color=GREY, alpha=0.3, lw=0, label="region of 0")
        draw(axis, name, tables[name])
    save(figure, out, "02_perceptron")

    on_the_line = perceptron(*GATES["OR"])((0.5, 0)).data  # S2.2 > 0 against ≥ 0
    print(f"OR on its line, at (0.5, 0): a = 0 and y = {on_the_line:g}; a book that writes y = 1 if a ≥ 0 has 1 there")
    return Results(with_theta, products.tolist(), float(total), varied, on_the_line, tables)


if __name__ == "__main__":
    run(main)
