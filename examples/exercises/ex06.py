"""Exercises of chapter 6: the computation graph and the chain rule."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd import Value
from examples.exercises.judge import exercise, is_number, is_vjp


@exercise()
def dJ_db(answer: Any) -> None:
    """What is dJ/db of J = 3(a + bc) for a = 1, b = 4, c = −2? Predict it on paper, factor by factor.

    To be asked for every number on the way: python -m viz "u = b*c; v = a + u; J = 3*v" a=1 b=4 c=-2 -o J.html
    and open J.html#predict=1 in a browser.
    """
    a, b, c = Value(1), Value(4), Value(-2)
    (3 * (a + b * c)).backward()
    is_number(
        answer, b.grad, {3: "∂u/∂b is missing", 12: "that is dJ/dc", -2: "∂J/∂v is missing", 6: "what is its sign?"}
    )


@exercise()
def two_paths(answer: Any) -> None:
    """u = a·b and J = u·u + u: what is dJ/da for a = 2, b = 3? By how many paths does u lead to J?

    Step by step: python -m viz "u = a*b; J = u*u + u" a=2 b=3 -o J.html and open J.html#predict=1.
    """
    a = Value(2)
    u = a * 3
    (u * u + u).backward()
    is_number(answer, a.grad, {36: "the path by + u is missing", 21: "u·u has two paths", 13: "∂u/∂a is missing"})


@exercise("""
    def neuron_vjp(g, w, x, b):
        z = w @ x + b
        a = 1 / (1 + np.exp(-z))
        return ..., ..., ...
""")
def neuron_vjp(answer: Any) -> None:
    """Write the backward pass of a neuron a = σ(w·x + b): from g = dJ/da, return dJ/dw, dJ/dx, dJ/db."""
    w, x = np.array([0.7, -1.2, 0.4]), np.array([1.5, 0.5, -2.0])
    is_vjp(lambda w, x, b: 1 / (1 + np.exp(-(np.dot(w, x) + b))), answer, w, x, 0.1)
