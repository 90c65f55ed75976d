"""A parameter adjusted by its error: E = t − y, ΔA = L·E/x.

The smallest machine that learns has one parameter: y = A·x, a line through the origin that should separate ladybirds
(wide, short) from caterpillars (narrow, long). Shown an example (x, t), its error is E = t − y. Changed to A + ΔA it
should hit the target, t = (A + ΔA)x, so E = (A + ΔA)x − Ax = ΔA·x and ΔA = E/x. But then the *last* example alone
decides, noisy or not. With a learning rate L < 1, a part of each correction, all have a say and noise averages out.

In disguise this is gradient descent: for the loss J = ½E² the derivative is dJ/dA = −E·x, so that ΔA = −α·dJ/dA with α
= L/x². All learning works like this, in five steps: a weight to start with, the output, its error, the derivative, and
new weight = f(old weight, derivative).

After T. Rashid, *Make Your Own Neural Network* (2016), part 1, "Training a simple classifier".
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from autograd import Value
from examples.shared.common import BLUE, GREY, RED, heading, plt, run, save

TRUE_A, START = 1.5, 0.25
TWO = ((3.0, 1.1), (1.0, 2.9))


@dataclass
class Results:
    full: list[float]  # A before the first and after each of the two examples, with L = 1
    half: list[float]  # with L = 0.5
    by_gradient: float  # A after the first example
    noisy: dict[float, list[float]]  # over the 60 examples, by L


def adjust(A: float, examples: Any, L: float) -> list[float]:
    """The parameter before the first and after every example."""
    path = [A]
    for x, t in examples:
        E = t - A * x
        A = A + L * E / x
        path.append(A)
    return path


def five_steps(x: float, t: float) -> float:
    """One example as gradient descent: the new weight."""
    A = Value(START, label="A")  # 1. a weight to start with
    y = A * x  # 2. the output
    J = 0.5 * (t - y) ** 2  # 3. how wrong it is
    J.backward()  # 4. the derivative
    new = A.data - 1 / x**2 * A.grad  # 5. new weight = f(old weight, derivative)
    print(f"1. A = {A.data}   2. y = A·x = {y.data}   3. J = ½E² = {J.data:.5f}   4. dJ/dA = −E·x = {A.grad:.2f}")
    print(f"5. new A = f(old A, dJ/dA) = A − α·dJ/dA = {A.data} − (1/9)·({A.grad:.2f}) = {new:.4f}")
    return new


def main(quick: bool, out: Path) -> Results:
    heading("Two examples: a ladybird (3, 1.1) and a caterpillar (1, 2.9); A starts at 0.25")
    full, half = adjust(START, TWO, 1.0), adjust(START, TWO, 0.5)
    # S2.1 E = t − y = (A + ΔA)x − Ax = ΔA·x; the last example dominates, a learning rate moderates
    for (x, t), A, new in zip(TWO, full, full[1:]):
        E = t - A * x
        print(f"E = t − y = {t} − {A * x:.4f} = {E:.4f} = (A + ΔA)x − Ax = ΔA·x; ΔA = E/x = {E / x:.4f}, A = {new:.4f}")
    for L, path, what in ((1, full, "= 2.9/1: only the last example counts"), (0.5, half, "both have a say")):
        print(f"L = {L:<3} : A = {' → '.join(f'{A:.4f}' for A in path)}   ({what})")

    heading("The first step again, as gradient descent on J = ½E²")
    by_gradient = five_steps(*TWO[0])  # S1.5 five steps of learning, new weight = f(old weight, derivative)

    heading(f"60 noisy examples around A = {TRUE_A}, the last one far out")
    rng = np.random.default_rng(0)
    xs, noise = rng.uniform(1, 4, 60), rng.normal(0, 0.5, 60)
    ts = TRUE_A * xs + noise
    xs[-1], ts[-1] = 1.2, 4.8
    noisy = {L: adjust(START, list(zip(xs, ts)), L) for L in (1.0, 0.1)}
    print(f"A ends at {noisy[1.0][-1]:.3f} = 4.8/1.2 with L = 1, at {noisy[0.1][-1]:.3f} with L = 0.1")

    figure, (left, middle, right) = plt.subplots(1, 3, figsize=(11, 4.2), layout="constrained")
    for axis, path, title in ((left, full, "L = 1: through the last example"), (middle, half, "L = 0.5: between them")):
        for A, alpha, when in zip(path, (0.3, 0.55, 1), ("at first", "after the ladybird", "after both")):
            axis.plot([0, 3.6], [0, A * 3.6], color=BLUE, alpha=alpha, label=f"y = {A:.3f}·x {when}")
        for (x, t), mark, name in zip(TWO, "os", ("ladybird", "caterpillar")):
            axis.plot(x, t, mark, color=RED, label=f"{name}, x = {x:g}, t = {t}")
        axis.set(xlim=(0, 3.7), ylim=(0, 5), xlabel="width x", ylabel="length", title=title)
        axis.legend(loc="upper center", bbox_to_anchor=(0.5, -0.2))
    right.axhline(TRUE_A, color=GREY, ls=":", label="the A behind the examples")
    for (L, path), colour in zip(noisy.items(), (RED, BLUE)):
        right.plot(path, color=colour, label=f"L = {L:g}")
    right.set(xlabel="examples seen", ylabel="A", title="60 noisy examples, the last one far out")
    right.legend(loc="upper center", bbox_to_anchor=(0.5, -0.2))
    save(figure, out, "01_parameter")
    return Results(full, half, by_gradient, noisy)


if __name__ == "__main__":
    run(main)
