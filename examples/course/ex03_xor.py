"""XOR: no line can do it, three perceptrons can, and a network learns it.

XOR is 1 where exactly one input is. One perceptron would need a line with (0,1) and (1,0) on one side, (0,0) and
(1,1) on the other: b ≤ 0, w₁ + b > 0, w₂ + b > 0 and w₁ + w₂ + b ≤ 0. But the two in the middle add up to w₁ + w₂ +
2b > 0, so w₁ + w₂ + b > −b ≥ 0: a contradiction. No search is needed, but one is made: over a grid of lines, three of
four points is the best.

Two layers do it: XOR = AND(NAND(x), OR(x)). And they can be learned, with a smooth activation in place of the step: a
network of Values finds its own hidden units from random weights. With the two hidden units that are just enough some
starts get stuck; with four, all arrive.

M. Minsky and S. Papert, *Perceptrons* (1969); D. Rumelhart, G. Hinton, R. Williams, "Learning representations by
back-propagating errors", Nature 323 (1986).
"""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import Any, Callable

import numpy as np

from autograd.nn import MLP
from examples.course.ex02_perceptron import GATES, INPUTS, learn, perceptron
from examples.shared.common import BLUE, RED, heading, plt, run, save

XOR = [0, 1, 1, 0]
AND, OR, NAND = (perceptron(*GATES[name]) for name in ("AND", "OR", "NAND"))


def best_line() -> int:
    """How many of the four points the best of many lines gets right."""
    grid = np.linspace(-2, 2, 41)
    w1, w2, b = np.meshgrid(grid, grid, grid)
    right = sum(((w1 * x[0] + w2 * x[1] + b > 0) == t) for x, t in zip(INPUTS, XOR))
    return int(np.max(right))


def gates(x: Any) -> Any:
    """XOR as a network of three perceptrons."""
    return AND((NAND(x), OR(x)))


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


def solves(model: MLP) -> bool:
    return all((model(x).data > 0) == bool(t) for x, t in zip(INPUTS, XOR))


def region(axis: Any, f: Callable[[Any], Any], title: str) -> None:
    """Colour the plane by where `f` is positive."""
    ticks = np.linspace(-0.4, 1.4, 61)
    z = np.array([[f((x, y)).data for x in ticks] for y in ticks])
    axis.contourf(ticks, ticks, z, levels=[-9, 0, 9], colors=["white", BLUE], alpha=0.25)
    axis.contour(ticks, ticks, z, levels=[0], colors=RED)
    for x, t in zip(INPUTS, XOR):
        axis.plot(*x, "o" if t else "s", ms=10, mfc=BLUE if t else "white", mec=BLUE, mew=1.5)
    axis.set(xlabel="x₁", ylabel="x₂", title=title, aspect="equal", xticks=(0, 1), yticks=(0, 1))


def main(quick: bool, out: Path) -> dict[str, Any]:
    heading("One perceptron")
    _, errors = learn(XOR, epochs=30)
    print(f"the best of 68,921 lines gets {best_line()} of 4 points right")
    print(f"the perceptron rule never comes to rest: errors per epoch {errors[:8]} …")

    heading("AND(NAND, OR)")
    table = [int(gates(x).data) for x in INPUTS]
    print("x₁ x₂  NAND OR  XOR")
    for x, y in zip(INPUTS, table):
        print(f" {x[0]}  {x[1]}    {NAND(x).data:.0f}   {OR(x).data:.0f}    {y}")

    seeds, steps = range(3 if quick else 8), 400 if quick else 1000
    heading(f"Networks of Values, {len(seeds)} starts, {steps} steps each")
    trained = {(hidden, seed): train(hidden, seed, steps) for hidden, seed in product((2, 4), seeds)}
    solved = {hidden: sum(solves(trained[hidden, seed][0]) for seed in seeds) for hidden in (2, 4)}
    for hidden in (2, 4):
        losses = "  ".join(f"{trained[hidden, seed][1]:.4f}" for seed in seeds)
        print(f"{hidden} hidden units: {solved[hidden]} of {len(seeds)} learn XOR; losses {losses}")

    figure, axes = plt.subplots(1, 4, figsize=(12, 3.4))
    region(axes[0], lambda x: gates(x) - 0.5, "AND(NAND, OR)")
    for axis, seed in zip(axes[1:], seeds):
        region(axis, trained[4, seed][0], f"learned, 4 hidden, seed {seed}")
    save(figure, out, "03_xor")
    return {"best_line": best_line(), "rule_errors": errors, "gates": table, "solved": solved, "starts": len(seeds)}


if __name__ == "__main__":
    run(main)
