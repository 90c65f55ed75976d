"""Exercises of chapter 4: activation functions."""

from __future__ import annotations

from typing import Any

import numpy as np

from examples.exercises.judge import exercise, is_array, is_vjp

X = np.array([-2.0, -0.3, 0.4, 3.0])


@exercise("""
    def one_layer(a, b, c, d):
        return ..., ...
""")
def one_layer(answer: Any) -> None:
    """Without an activation, c(ax + b) + d is one layer, slope·x + intercept. Return its slope and its intercept."""
    for a, b, c, d in ((2.0, 1.0, 3.0, -1.0), (-0.5, 4.0, 0.25, 2.0)):
        is_array(answer(a, b, c, d), [a * c, c * b + d], f"(slope, intercept) of a, b, c, d = {a}, {b}, {c}, {d}")


@exercise("""
    def sigmoid_vjp(g, x):
        return ...
""")
def sigmoid_vjp(answer: Any) -> None:
    """Write the backward pass of y = σ(x), x an array: from g = dJ/dy, return dJ/dx."""
    is_vjp(lambda x: 1 / (1 + np.exp(-x)), answer, X)


@exercise("""
    def softmax_vjp(g, x):
        y = np.exp(x - x.max())
        y /= y.sum()
        return g * y * (1 - y)
""")
def softmax_vjp(answer: Any) -> None:
    """Find the bug in this backward pass of the softmax of a vector. Hint: on which inputs does one output depend?"""
    is_vjp(lambda x: np.exp(x) / np.sum(np.exp(x)), answer, X)
