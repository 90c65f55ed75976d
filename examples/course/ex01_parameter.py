"""A parameter adjusted by its error: E = t − y, ΔA = L·E/x.

The smallest machine that learns has one parameter: y = A·x, a line through the origin that is to separate ladybirds
(wide, short) from caterpillars (narrow, long). Shown an example (x, t), it errs by E = t − y. A change of A by ΔA =
E/x makes the error vanish, on this example. Then comes the next example, and all that was learned before is gone: the
*last* example alone decides, and if that one is noisy, so is the machine. A learning rate L < 1 takes only a part of
each correction, so every example has a say and noise averages out.

The error correction is gradient descent in disguise: for the loss ½E² the gradient is dJ/dA = −E·x, so that ΔA =
L·E/x = −(L/x²)·dJ/dA.

After T. Rashid, *Make Your Own Neural Network* (2016), part 1, "Training a simple classifier".
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from autograd import Value
from examples.shared.common import BLUE, GREY, RED, heading, plt, run, save

TRUE_A = 1.5


def adjust(A: float, examples: Any, L: float) -> list[float]:
    """The parameter before the first and after every example."""
    path = [A]
    for x, t in examples:
        E = t - A * x
        A = A + L * E / x
        path.append(A)
    return path


def main(quick: bool, out: Path) -> dict[str, Any]:
    heading("Two examples: a ladybird (3, 1.1) and a caterpillar (1, 2.9); A starts at 0.25")
    two = [(3.0, 1.1), (1.0, 2.9)]
    full, half = adjust(0.25, two, 1.0), adjust(0.25, two, 0.5)
    print(f"L = 1   : A = {full[0]:.4f} → {full[1]:.4f} → {full[2]:.4f}   (= 2.9/1: only the last example counts)")
    print(f"L = 0.5 : A = {half[0]:.4f} → {half[1]:.4f} → {half[2]:.4f}   (between the two: both have a say)")

    heading("The same step by the gradient of ½E²")
    A = Value(0.25, label="A")
    x, t = two[0]
    loss = 0.5 * (t - A * x) ** 2
    loss.backward()
    step = -(1.0 / x**2) * A.grad
    print(f"dJ/dA = −E·x = {A.grad:.4f};  −(1/x²)·dJ/dA = {step:.4f} = E/x = {full[1] - full[0]:.4f}")

    heading(f"60 noisy examples around A = {TRUE_A}, the last one far out")
    rng = np.random.default_rng(0)
    xs = rng.uniform(1, 4, 60)
    ts = TRUE_A * xs + rng.normal(0, 0.5, 60)
    xs[-1], ts[-1] = 1.2, 4.8
    stream = list(zip(xs, ts))
    paths = {L: adjust(0.25, stream, L) for L in (1.0, 0.1)}
    errors = {L: abs(path[-1] - TRUE_A) for L, path in paths.items()}
    print(f"L = 1   : A ends at {paths[1.0][-1]:.3f} = 4.8/1.2, the one wild example: off by {errors[1.0]:.3f}")
    print(f"L = 0.1 : A ends at {paths[0.1][-1]:.3f}: off by {errors[0.1]:.3f}")

    figure, (left, middle, right) = plt.subplots(1, 3, figsize=(11, 4.2))
    for axis, path, title in ((left, full, "L = 1: through the last example"), (middle, half, "L = 0.5: between them")):
        reach = np.array([0, 3.6])
        for a, alpha, when in zip(path, (0.3, 0.55, 1), ("at first", "after one", "after two")):
            axis.plot(reach, a * reach, color=BLUE, alpha=alpha, label=f"A = {a:.3f} {when}")
        axis.plot(*two[0], "o", color=RED)
        axis.plot(*two[1], "s", color=RED)
        axis.annotate("ladybird", two[0], (0, 8), textcoords="offset points", ha="center")
        axis.annotate("caterpillar", two[1], (8, 0), textcoords="offset points", va="center")
        axis.set(ylim=(0, 5), xlabel="width x", ylabel="length", title=title)
        axis.legend(loc="upper center", bbox_to_anchor=(0.5, -0.2))
    right.axhline(TRUE_A, color=GREY, ls=":", label="true A")
    right.plot(paths[1.0], color=RED, lw=1, label="L = 1")
    right.plot(paths[0.1], color=BLUE, lw=2, label="L = 0.1")
    right.set(xlabel="examples seen", ylabel="A", title="60 noisy examples, the last one wild")
    right.legend(loc="upper left")
    save(figure, out, "01_parameter")
    return {"without_rate": full, "with_rate": half, "gradient_step": step, "errors": errors, "last": paths[1.0][-1]}


if __name__ == "__main__":
    run(main)
