"""The perceptron rule: weights learned from errors, without a derivative.

The step has derivative 0 wherever it has one, so its gradient teaches nothing. The perceptron rule needs none:
whenever the answer y is wrong, w ← w + (t − y)·x. The bias is one more weight w₀, of an input x₀ that is always 1: y =
h(w₀x₀ + w₁x₁ + w₂x₂). If any line separates the classes, the rule finds one after finitely many corrections.

F. Rosenblatt (1958), as in example 2; A. Novikoff, "On convergence proofs on perceptrons" (1962).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Sequence

from autograd.nn import Neuron
from examples.course.ex02_perceptron import GATES, INPUTS, REACH, draw, perceptron, table
from examples.shared.common import heading, plt, run, save

START = (0.3, 0.5, 0.1)


@dataclass
class Results:
    tables: dict[str, list[int]]
    errors: dict[str, list[int]]
    gradient_of_step: list[float]


def learn(targets: Sequence[int], epochs: int = 100) -> tuple[Neuron, list[int]]:
    """The neuron that the rule ends with, and the number of errors in every epoch."""
    neuron, errors = perceptron(*START), []
    while len(errors) < epochs and (not errors or errors[-1]):
        errors.append(0)
        for x, t in zip(INPUTS, targets):
            error = t - neuron(x).data
            for parameter, xi in zip(neuron.parameters(), (*x, 1)):  # S2.2 w₀ is the weight of an input 1
                parameter.data += error * xi
            errors[-1] += int(error != 0)
    return neuron, errors


def main(quick: bool, out: Path) -> Results:
    heading(f"Learned from (w₁, w₂, w₀) = {START}")
    tables, errors = {}, {}
    figure, axes = plt.subplots(1, 3, figsize=(10, 4.8), layout="constrained")
    for axis, (name, gate) in zip(axes, GATES.items()):
        given = perceptron(*gate)
        learned, errors[name] = learn(table(given))
        tables[name] = table(learned)
        found = ", ".join(f"{p.data:.3g}" for p in learned.parameters())
        print(f"{name:>4}: (w₁, w₂, w₀) = ({found}), errors per epoch {errors[name]}, outputs {tables[name]}")

        for neuron, style, label in ((given, "C1-", f"given {gate}"), (learned, "k--", f"learned ({found})")):
            w1, w2, b = (p.data for p in neuron.parameters())
            axis.plot(REACH, -(b + w1 * REACH) / w2, style, label=label)
        draw(axis, name, tables[name])
    save(figure, out, "02b_perceptron_rule")

    neuron = perceptron(*GATES["AND"])
    neuron((1, 1)).backward()
    gradient = [p.grad for p in neuron.parameters()]
    print(f"the step's gradient by the weights is {gradient}: nothing to descend along")
    return Results(tables, errors, gradient)


if __name__ == "__main__":
    run(main)
