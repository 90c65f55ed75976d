"""Exercises of chapter 8: gradient descent."""

from __future__ import annotations

from typing import Any

from examples.exercises.judge import exercise, is_array, is_number


@exercise()
def after_two(answer: Any) -> None:
    """J = w². Descent starts at w = 1 with the learning rate α = 0.25. Where is w after two steps?"""
    is_number(answer, 0.25, {0.5: "that is after one step", 0.5625: "the derivative is 2w", 0.0: "that is α = 0.5"})


@exercise()
def largest_rate(answer: Any) -> None:
    """J = 2w². Above which learning rate does descent run away from the minimum instead of to it?"""
    is_number(answer, 0.5, {0.25: "there it arrives in one step", 1.0: "dJ/dw is 4w"})


@exercise("""
    def descend(slope, w, rate, steps):
        return ...
""")
def descend(answer: Any) -> None:
    """Write gradient descent: where is w after so many steps of w := w − α dJ/dw, with slope(w) = dJ/dw?"""
    for start, rate, steps in ((0.0, 0.1, 0), (0.0, 0.1, 1), (5.0, 0.25, 3)):
        found = answer(lambda w: 2 * (w - 3), start, rate, steps)
        is_array(found, 3 + (start - 3) * (1 - 2 * rate) ** steps, f"w for start {start}, α = {rate}, {steps=}")
