"""Exercises of chapter 1: a parameter adjusted by its error."""

from __future__ import annotations

from typing import Any

from examples.exercises.judge import Wrong, exercise, is_number, is_vjp


@exercise()
def new_A(answer: Any) -> None:
    """A machine y = A·x with A = 0.5 sees the example x = 2, t = 3. What is A after one step with L = 0.5?"""
    is_number(answer, 1.0, {1.5: "the learning rate is missing", 0.0: "the step goes the wrong way", 2.5: "E/x, not E"})


@exercise("""
    def adjust(A, x, t, L):
        return ...
""")
def adjust(answer: Any) -> None:
    """Write the step: the new parameter of y = A·x after the example (x, t), with learning rate L."""
    for A, x, t in ((0.25, 3.0, 1.1), (1.0, -2.0, 0.5), (0.0, 0.5, 4.0)):
        if abs(answer(A, x, t, 1.0) * x - t) > 1e-9:
            raise Wrong(
                f"with L = 1 the output for x = {x} should become t = {t}, and becomes {answer(A, x, t, 1.0) * x:g}"
            )
        if abs(answer(A, x, t, 0.0) - A) > 1e-9:
            raise Wrong("with L = 0 nothing should change")
        if abs(answer(A, x, t, 0.5) - (A + answer(A, x, t, 1.0)) / 2) > 1e-9:
            raise Wrong("with L = 0.5 it should go half of the way that it goes with L = 1")


@exercise("""
    def dJ_dA(A, x, t):
        return (t - A * x) * x
""")
def dJ_dA(answer: Any) -> None:
    """Find the bug in this derivative of J = ½(t − A·x)² by A."""
    for A, x, t in ((0.25, 3.0, 1.1), (2.0, 1.0, 2.9)):
        is_vjp(lambda A, x=x, t=t: 0.5 * (t - A * x) ** 2, lambda g, A, x=x, t=t: g * answer(A, x, t), A)
