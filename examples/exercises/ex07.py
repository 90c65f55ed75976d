"""Exercises of chapter 7: logistic regression."""

from __future__ import annotations

from typing import Any

import numpy as np

from examples.exercises.judge import exercise, is_number, is_vjp


@exercise()
def dw1(answer: Any) -> None:
    """One example: x = (2, −1), y = 1, and the neuron says a = 0.8. What is dL/dw₁ of the cross-entropy L?"""
    is_number(answer, -0.4, {-0.2: "that is dz", 0.4: "dz = a − y", 0.2: "that is dw₂", -2.5: "that is da"})


@exercise("""
    def dL_da(a, y):
        return y / a - (1 - y) / (1 - a)
""")
def dL_da(answer: Any) -> None:
    """Find the bug in this derivative of L = −(y log a + (1 − y) log(1 − a)) by a."""
    for a, y in ((0.8, 1.0), (0.3, 0.0), (0.5, 0.25)):
        is_vjp(lambda a, y=y: -(y * np.log(a) + (1 - y) * np.log(1 - a)), lambda g, a, y=y: g * answer(a, y), a)


@exercise("""
    def gradient(w, b, X, y):
        a = 1 / (1 + np.exp(-(w @ X + b)))
        return ..., ...
""")
def gradient(answer: Any) -> None:
    """J is the mean cross-entropy of m examples, the columns of X. Return dJ/dw and dJ/db, without a loop."""
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(2, 5)), np.array([1.0, 0.0, 0.0, 1.0, 1.0])

    def J(w: Any, b: Any) -> Any:
        a = 1 / (1 + np.exp(-(w @ X + b)))
        return -np.mean(y * np.log(a) + (1 - y) * np.log(1 - a))

    def vjp(g: Any, w: Any, b: Any) -> Any:
        dw, db = answer(w, b, X, y)
        return g * dw, g * db

    is_vjp(J, vjp, np.array([0.5, -0.2]), 0.1)
