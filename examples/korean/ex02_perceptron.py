# Made from examples/course/ex02_perceptron.py by python -m docs.korean.
"""퍼셉트론: 딱딱한 임곗값에서 가중치와 편향으로; AND, OR, NAND.

퍼셉트론은 입력의 가중합이 임곗값을 넘으면 발화한다(1): w₁x₁ + w₂x₂ > θ. 편향 b = −θ를 쓰면 a = b + w₁x₁ +
w₂x₂, y = h(a)이고, h는 0에서 뛰는 계단 함수이다. 가중치는 그 입력이 얼마나 중요한지를, 편향은 뉴런이 얼마나 쉽게 발화하는지를
정한다. 직선 위, 즉 a = 0에서 여기의 h(라이브러리의 `step`)는 0이다. ≥로 쓰고 1로 하는 책도 있다.

게이트마다 직선 w₁x₁ + w₂x₂ + b = 0으로 평면을 나눈다. 퍼셉트론은 선형 분류기이다.

F. Rosenblatt, "The perceptron: a probabilistic model for information storage
…", Psychological Review 65 (1958).
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
    """활성화 함수 h가 계단 함수인 뉴런 y = h(b + w₁x₁ + w₂x₂ + …)."""
    neuron = Neuron(len(weights_and_bias) - 1, "step")
    for parameter, number in zip(neuron.parameters(), weights_and_bias):
        parameter.data = number
    return neuron


def table(neuron: Neuron) -> list[int]:
    """(0, 0), (0, 1), (1, 0), (1, 1)에 대한 출력."""
    return [int(neuron(x).data) for x in INPUTS]


def draw(axis: Any, name: str, outputs: Sequence[int]) -> None:
    """네 입력을 게이트의 출력에 따라 표시한다."""
    for value, mark, colour in ((0, "s", "white"), (1, "o", BLUE)):
        points = np.array([x for x, y in zip(INPUTS, outputs) if y == value])
        axis.plot(*points.T, mark, ms=11, mfc=colour, mec=BLUE, mew=1.5, label=f"{name} = {value}")
    axis.set(xlim=REACH, ylim=REACH, xticks=(0, 1), yticks=(0, 1), aspect="equal", xlabel="x₁", ylabel="x₂", title=name)
    axis.legend(loc="upper center", bbox_to_anchor=(0.5, -0.16))


def main(quick: bool, out: Path) -> Results:
    heading("임곗값으로 만든 AND: w₁x₁ + w₂x₂ ≤ θ이면 y = 0, 아니면 1, (w₁, w₂, θ) = (0.5, 0.5, 0.7)")
    with_theta = [0 if 0.5 * x1 + 0.5 * x2 <= 0.7 else 1 for x1, x2 in INPUTS]  # S3.1 AND by (0.5, 0.5, θ = 0.7)
    print("  ".join(f"{x} → {y}" for x, y in zip(INPUTS, with_theta)))

    heading("같은 것을 편향 b = −θ로, x = (0, 1)에서")
    x, w, b = np.array([0, 1]), np.array([0.5, 0.5]), -0.7
    products, total = w * x, np.sum(w * x) + b  # S3.2 products (0, 0.5), sum 0.5, with the bias −0.19999999999999996
    print(f"곱 {products}, 합 {np.sum(products)}, 편향까지 더하면 {total} ≤ 0, 따라서 y = 0")

    heading("가중치가 크면 그 입력이 중요해지고, 편향이 크면 뉴런이 쉽게 발화한다")
    changed = ((0.5, 0.5, -0.7), (2, 0.5, -0.7), (0.5, 0.5, -0.2), (0.5, 0.5, 0.1))  # S0.1 S3.3 weights and bias
    varied = [table(perceptron(*numbers)) for numbers in changed]
    for numbers, outputs, what in zip(changed, varied, ("AND", "x₁ 혼자 결정", "입력 하나로 충분", "항상 1")):
        print(f"(w₁, w₂, b) = {numbers}: {outputs}  {what}")

    majority = perceptron(1, 1, 1, -1.5)  # S1.1 output = h(x₁w₁ + x₂w₂ + x₃w₃ + bias)
    two, one = majority((1, 0, 1)).data, majority((1, 0, 0)).data
    print(f"입력이 셋일 때, h(x₁w₁ + x₂w₂ + x₃w₃ − 1.5), 가중치는 모두 1: (1, 0, 1) → {two:g}, (1, 0, 0) → {one:g}")

    tables = {}
    figure, axes = plt.subplots(1, 3, figsize=(10, 4.8), layout="constrained")
    for axis, (name, (w1, w2, bias)) in zip(axes, GATES.items()):
        heading(f"{name}: a = {bias} {w1:+}·x₁ {w2:+}·x₂, y = h(a)")  # S3.8 a = b + w₁x₁ + w₂x₂, y = h(a)
        tables[name] = table(perceptron(w1, w2, bias))
        print("  ".join(f"{x} → {y}" for x, y in zip(INPUTS, tables[name])))

        height = -(bias + w1 * REACH) / w2
        axis.plot(REACH, height, color=RED, label=f"{bias} {w1:+}·x₁ {w2:+}·x₂ = 0")
        below = -0.4 if w2 > 0 else 1.5  # S3.5 OR (−0.5, 1, 1), the region of 0 shaded grey
        axis.fill_between(REACH, height, below, color=GREY, alpha=0.3, lw=0, label="출력이 0인 영역")
        draw(axis, name, tables[name])
    save(figure, out, "02_perceptron")

    on_the_line = perceptron(*GATES["OR"])((0.5, 0)).data  # S2.2 > 0 against ≥ 0
    print(f"직선 위의 OR, (0.5, 0)에서: a = 0, y = {on_the_line:g}; a ≥ 0이면 y = 1로 쓰는 책에서는 1이다")
    return Results(with_theta, products.tolist(), float(total), varied, on_the_line, tables)


if __name__ == "__main__":
    run(main)
