"""Exercises of chapter 12: house prices."""

from __future__ import annotations

from typing import Any

import numpy as np

from examples.exercises.judge import exercise, is_number, is_vjp


@exercise()
def hinge(answer: Any) -> None:
    """A neuron with a ReLU says the price max(0, 0.2·size − 50). Above which size is it more than 0?"""
    is_number(answer, 250, {50: "50 is what is taken away", 10: "divide by 0.2", -250: "the bias is −50"})


@exercise()
def nothing_learned(answer: Any) -> None:
    """The same neuron sees a house of size 100 and price 40; J = (its price − 40)². What is dJ/dw for w = 0.2?"""
    is_number(answer, 0, {-8000: "the ReLU is off at that size", -14000: "the price is never negative"})


@exercise("""
    def mean_squared_error_vjp(g, y, t):
        return ...
""")
def mean_squared_error_vjp(answer: Any) -> None:
    """Write the backward pass of J = the mean of (y − t)² over n houses, by y alone."""
    t = np.array([400.0, 330.0, 369.0, 540.0])
    is_vjp(lambda y: np.mean((y - t) ** 2), lambda g, y: answer(g, y, t), np.array([390.0, 350.0, 410.0, 500.0]))
