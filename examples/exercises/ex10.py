"""Exercises of chapter 10: vanishing gradients."""

from __future__ import annotations

from typing import Any

import numpy as np

from examples.exercises.judge import exercise, is_array, is_number, is_vjp

X = np.array([-2.0, -0.3, 0.4, 3.0])


@exercise()
def at_most(answer: Any) -> None:
    """Five layers of one sigmoid unit each, all weights 1. At most, which part of the gradient reaches the first?"""
    is_number(answer, 0.25**5, {0.25: "that is one layer", 1.25: "factors are multiplied", 0.25**4: "that is four"})


@exercise("""
    def relu_vjp(g, x):
        return ...
""")
def relu_vjp(answer: Any) -> None:
    """Write the backward pass of y = max(0, x), x an array. At 0 take the derivative 0."""
    is_vjp(lambda x: np.maximum(0, x), answer, X)
    is_array(answer(np.array([5.0]), np.array([0.0])), [0.0], "the gradient at x = 0, for g = 5,")


@exercise("""
    def leaky_vjp(g, x):
        return np.where(x > 0, g, 0.1 * x)
""")
def leaky_vjp(answer: Any) -> None:
    """Find the bug in this backward pass of the leaky ReLU: y = x where x > 0, else 0.1·x."""
    is_vjp(lambda x: np.where(x > 0, x, 0.1 * x), answer, X)
