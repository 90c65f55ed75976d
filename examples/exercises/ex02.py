"""Exercises of chapter 2: the perceptron."""

from __future__ import annotations

from typing import Any

import numpy as np

from examples.exercises.judge import Wrong, exercise, is_array, is_number

INPUTS = ((0, 0), (0, 1), (1, 0), (1, 1))


@exercise()
def total(answer: Any) -> None:
    """A perceptron has w = (0.5, 0.5) and b = −0.7. What is its weighted sum with the bias, for x = (1, 1)?"""
    is_number(answer, 0.3, {1.0: "the bias is missing", -0.2: "that is for one input of 1", 1.7: "b is negative"})


@exercise("nor = (..., ..., ...)  # w₁, w₂, b")
def nor(answer: Any) -> None:
    """Find weights and a bias with which step(w₁x₁ + w₂x₂ + b) is NOR: 1 for (0, 0) alone. The step of 0 is 0."""
    if not isinstance(answer, (tuple, list)) or len(answer) != 3 or ... in answer:
        raise Wrong("three numbers are asked for: (w₁, w₂, b)")
    w1, w2, b = answer
    wrong = [x for x in INPUTS if (w1 * x[0] + w2 * x[1] + b > 0) != (x == (0, 0))]
    if wrong:
        raise Wrong(
            f"it is not NOR for x = {wrong[0]}, where the weighted sum is {w1 * wrong[0][0] + w2 * wrong[0][1] + b}"
        )


@exercise("""
    def rule(w, b, x, t):
        y = 1 if w @ x + b > 0 else 0
        return ..., ...
""")
def rule(answer: Any) -> None:
    """Write one step of the perceptron rule: the new w (an array, as x is) and the new b, after the example (x, t)."""
    w, b = np.array([0.3, 0.5]), 0.1
    for x in INPUTS:
        for t in (0, 1):
            error = t - int(w @ np.array(x) + b > 0)
            new_w, new_b = answer(w.copy(), b, np.array(x), t)
            is_array(new_w, w + error * np.array(x), f"w after x = {x}, t = {t}")
            is_array(new_b, b + error, f"b after x = {x}, t = {t}")
