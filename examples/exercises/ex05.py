"""Exercises of chapter 5: the matrix form."""

from __future__ import annotations

from typing import Any

import numpy as np

from examples.exercises.judge import exercise, is_array, is_vjp


@exercise("product = [[..., ...], [..., ...]]")
def product(answer: Any) -> None:
    """Compute by hand the product of (1 2; 3 4) and (0 1; 1 1), row times column."""
    is_array(answer, [[2, 3], [4, 7]], "the product")


@exercise("shapes = [(..., ...), (..., ...)]  # W[2], Z[2]")
def shapes(answer: Any) -> None:
    """A network 4-5-3 sees 10 examples side by side, as columns. What are the shapes of W[2] and Z[2]?"""
    is_array(answer, [[3, 5], [3, 10]], "the pair of shapes")


@exercise("""
    def layer_vjp(g, W, A, b):
        return ..., ..., ...
""")
def layer_vjp(answer: Any) -> None:
    """Write the backward pass of a layer Z = W A + b, with m examples as columns of A and b of shape (units, 1).

    From g = dJ/dZ return dJ/dW, dJ/dA, dJ/db. Each has the shape of what it belongs to.
    """
    rng = np.random.default_rng(0)
    is_vjp(lambda W, A, b: W @ A + b, answer, rng.normal(size=(3, 2)), rng.normal(size=(2, 4)), rng.normal(size=(3, 1)))
