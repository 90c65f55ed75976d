"""XOR: no line can do it, three perceptrons can, and a network learns it.

XOR is 1 where exactly one input is. One perceptron would need a line with (0,1) and (1,0) on one side, (0,0) and
(1,1) on the other: b ≤ 0, w₁ + b > 0, w₂ + b > 0 and w₁ + w₂ + b ≤ 0. But the two in the middle add up to w₁ + w₂ +
2b > 0, so w₁ + w₂ + b > −b ≥ 0: a contradiction. The best of a grid of lines gets three of the four points right.

Two layers do it: XOR = AND(NAND, OR), or else OR but not AND. And they can be learned, with a smooth activation in
place of the step: a network of Values finds its own hidden units from random weights. With the two hidden units that
are just enough some starts get stuck; with four, all get there.

M. Minsky, S. Papert, *Perceptrons* (1969); D. Rumelhart, G. Hinton, R. Williams, Nature 323 (1986): back-propagation.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

import viz
from autograd.nn import MLP
from examples.course.ex02_perceptron import GATES, INPUTS, perceptron
from examples.course.ex02b_perceptron_rule import learn
from examples.shared.common import heading, plt, run, save

XOR = [0, 1, 1, 0]
AND, OR, NAND = (perceptron(*GATES[name]) for name in ("AND", "OR", "NAND"))
FIRST_ONLY = perceptron(1, -1, -0.5)


@dataclass
class Results:
    best_line: int
    rule_errors: list[int]
    tables: dict[str, list[list[int]]]  # by route: the rows (x₁, x₂, hidden₁, hidden₂, y)
    solved: dict[int, int]  # by hidden units: how many starts


def best_line() -> int:
    """How many of the four points the best of many lines gets right."""
    grid = np.linspace(-2, 2, 41)
    w1, w2, b = np.meshgrid(grid, grid, grid)
    right = sum(((w1 * x[0] + w2 * x[1] + b > 0) == t) for x, t in zip(INPUTS, XOR))
    return int(np.max(right))


def train(hidden: int, seed: int, steps: int, rate: float = 0.5) -> tuple[MLP, float]:
    """A 2-hidden-1 network of tanh units, taught XOR (as ±1) by gradient descent on the squared error."""
    model, loss = MLP(2, [hidden, 1], activation=["tanh", "tanh"], rng=seed), None
    for _ in range(steps):
        loss = sum((model(x) - (2 * t - 1)) ** 2 for x, t in zip(INPUTS, XOR)) / 4
        model.zero_grad()
        loss.backward()
        for p in model.parameters():
            p.data -= rate * p.grad
    return model, loss.data


def main(quick: bool, out: Path) -> Results:
    heading("One perceptron")  # S0.2 no line does it
    best, (_, errors) = best_line(), learn(XOR, epochs=30)
    print(f"the best of 68,921 lines gets {best} of 4 points right")
    print(f"the perceptron rule never comes to rest: errors per epoch {errors[:8]} …")

    tables = {}
    routes = {"AND(NAND, OR)": (NAND, OR, AND), "OR but not AND": (OR, AND, FIRST_ONLY)}  # S3.6 S2.3 two routes
    for route, (first, second, last) in routes.items():
        heading(f"{route}: x₁ x₂ → s₁ s₂ → y")
        hidden = [(int(first(x).data), int(second(x).data)) for x in INPUTS]
        tables[route] = [[*x, *s, int(last(s).data)] for x, s in zip(INPUTS, hidden)]
        print("\n".join("{} {} → {} {} → {}".format(*row) for row in tables[route]))
    by_gates = MLP(2, [2, 1], activation=["step", "step"])
    by_gates.layers[0].neurons, by_gates.layers[1].neurons = [NAND, OR], [AND]
    print("layer 0: 2 inputs; layer 1: 2 hidden units; layer 2: 1 output. A 2-layer or 1-hidden-layer network.")  # S3.7
    print("A 3-layer network has 2 hidden layers; from two hidden layers on it is called deep.")  # S0.3 S2.4 names

    seeds, steps = range(3 if quick else 8), 400 if quick else 1000
    heading(f"Networks of Values, {len(seeds)} starts, {steps} steps each")
    solved, shown = {}, {"AND(NAND, OR)": by_gates}
    for hidden in (2, 4):
        trained = [train(hidden, seed, steps) for seed in seeds]
        solved[hidden] = sum(all((model(x).data > 0) == t for x, t in zip(INPUTS, XOR)) for model, _ in trained)
        losses = "  ".join(f"{loss:.4f}" for _, loss in trained)
        print(f"{hidden} hidden units: {solved[hidden]} of {len(seeds)} learn XOR; losses {losses}")
        shown[f"learned, {hidden} hidden units"] = trained[0][0]

    figure, axes = plt.subplots(1, 3, figsize=(10.5, 4.8), layout="constrained")
    for axis, (title, model) in zip(axes, shown.items()):
        viz.plot_decision_region(model, INPUTS, XOR, margin=0.8, steps=61, ax=axis)
        axis.legend(title="XOR of the point", ncols=2, loc="upper center", bbox_to_anchor=(0.5, -0.16))
        axis.set(title=title, xticks=(0, 1), yticks=(0, 1), aspect="equal")
    figure.suptitle("blue: the network answers 1, red: 0")
    save(figure, out, "03_xor")
    return Results(best, errors, tables, solved)


if __name__ == "__main__":
    run(main)
