"""The perceptron: a hard threshold, then weights and a bias; AND, OR and NAND, given and learned.

A perceptron fires (1) if the weighted sum of its inputs exceeds a threshold: w₁x₁ + w₂x₂ > θ. Moving θ to the left as
a bias b = −θ makes it one more weight, of an input that is always 1: step(w₁x₁ + w₂x₂ + b). With (w₁, w₂, b) = (1, 1,
−1.5) it is AND, with (1, 1, −0.5) OR, and with all signs of AND turned NAND. Each cuts the plane by a line.

The step has derivative 0 wherever it has one, so its gradient teaches nothing. The perceptron rule needs none:
whenever the answer y is wrong, w ← w + (t − y)·x and b ← b + (t − y). If any line separates the classes, it finds one
after finitely many corrections.

F. Rosenblatt, "The perceptron: a probabilistic model for information storage and organization in the brain",
Psychological Review 65 (1958); A. Novikoff, "On convergence proofs on perceptrons" (1962).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Sequence

import numpy as np

from autograd.nn import Neuron
from examples.shared.common import BLUE, GREY, RED, heading, plt, run, save

INPUTS = ((0, 0), (0, 1), (1, 0), (1, 1))
START = (0.3, 0.5, 0.1)
GATES = {"AND": (1, 1, -1.5), "OR": (1, 1, -0.5), "NAND": (-1, -1, 1.5)}


def fires(x: Sequence[float], w: Sequence[float], theta: float) -> int:
    """The perceptron with an explicit threshold θ."""
    return 1 if sum(wi * xi for wi, xi in zip(w, x)) > theta else 0


def perceptron(w1: float, w2: float, b: float) -> Neuron:
    """The same as a neuron with a bias b = −θ, whose activation is a step."""
    neuron = Neuron(2, "step")
    for parameter, number in zip(neuron.parameters(), (w1, w2, b)):
        parameter.data = number
    return neuron


def learn(targets: Sequence[int], epochs: int = 100) -> tuple[Neuron, list[int]]:
    """The perceptron rule: the neuron that it ends with, and the number of errors in every epoch."""
    neuron, errors = perceptron(*START), []
    while len(errors) < epochs and (not errors or errors[-1]):
        errors.append(0)
        for x, t in zip(INPUTS, targets):
            error = t - neuron(x).data
            for parameter, xi in zip(neuron.parameters(), (*x, 1)):
                parameter.data = parameter.data + error * xi
            errors[-1] += int(error != 0)
    return neuron, errors


def line(axis: Any, neuron: Neuron, **style: Any) -> None:
    """Draw where w₁x₁ + w₂x₂ + b = 0."""
    w1, w2, b = (p.data for p in neuron.parameters())
    reach = np.array([-0.5, 1.6])
    axis.plot(reach, -(b + w1 * reach) / w2, **style) if w2 else axis.axvline(-b / w1, **style)


def main(quick: bool, out: Path) -> dict[str, Any]:
    figure, axes = plt.subplots(1, 3, figsize=(10, 4))
    results: dict[str, Any] = {}
    for axis, (name, (w1, w2, b)) in zip(axes, GATES.items()):
        given = perceptron(w1, w2, b)
        table = [int(given(x).data) for x in INPUTS]
        assert table == [fires(x, (w1, w2), -b) for x in INPUTS]
        learned, errors = learn(table)
        found = ", ".join(f"{p.data:.3g}" for p in learned.parameters())
        heading(f"{name}: step({w1:+}·x₁ {w2:+}·x₂ {b:+}), that is w·x > θ with θ = {-b}")
        print("  ".join(f"{x[0]}{x[1]} → {y}" for x, y in zip(INPUTS, table)))
        print(f"learned from {START}: (w₁, w₂, b) = ({found}), errors per epoch {errors}")
        results[name] = {"table": table, "learned": [int(learned(x).data) for x in INPUTS], "errors": errors}

        for x, y in zip(INPUTS, table):
            axis.plot(*x, "o" if y else "s", ms=11, mfc=BLUE if y else "white", mec=BLUE, mew=1.5)
        line(axis, given, color=RED, label=f"given ({w1}, {w2}, {b})")
        line(axis, learned, color=GREY, ls="--", label=f"learned ({found})")
        axis.set(xlim=(-0.4, 1.5), ylim=(-0.4, 1.5), xticks=(0, 1), yticks=(0, 1), aspect="equal")
        axis.set(xlabel="x₁", ylabel="x₂", title=name)
        axis.legend(loc="upper center", bbox_to_anchor=(0.5, -0.16))

    neuron = perceptron(1, 1, -1.5)
    neuron((1, 1)).backward()
    results["gradient_of_step"] = [p.grad for p in neuron.parameters()]
    print(f"\nthe step's gradient by the weights is {results['gradient_of_step']}: nothing to descend along")
    save(figure, out, "02_perceptron")
    return results


if __name__ == "__main__":
    run(main)
