"""Exercises of chapter 16: the Transformer."""

from __future__ import annotations

from typing import Any

import numpy as np

from examples.exercises.judge import exercise, is_array, is_number, is_vjp


@exercise()
def second(answer: Any) -> None:
    """All queries and keys are 0, and a mask keeps every letter from looking ahead.

    Which weight does the second of 8 letters give to the first?
    """
    is_number(answer, 0.5, {0.125: "the mask is missing", 1.0: "it may look at itself too"})


@exercise("""
    def attention(Q, K, V):
        scores = Q @ K.T
        weights = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
        return weights @ V
""")
def attention(answer: Any) -> None:
    """Find what is missing in this attention of T letters (rows) with queries and keys of length d: two things.

    It should look at no later letter, and the scores should be divided by what keeps them from growing with d.
    """
    rng = np.random.default_rng(0)
    Q, K, V = (rng.normal(size=(4, 3)) for _ in range(3))
    scores = np.where(np.tri(4) > 0, Q @ K.T / np.sqrt(3), -np.inf)
    weights = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    is_array(answer(Q, K, V), weights @ V, "what the letters get")


@exercise("""
    def normalise_vjp(g, x):
        y = (x - x.mean()) / x.std()
        return ...
""")
def normalise_vjp(answer: Any) -> None:
    """Write the backward pass of y = (x − mean)/deviation of a vector x. Mean and deviation depend on x too."""
    is_vjp(
        lambda x: (x - np.mean(x)) / np.sqrt(np.mean((x - np.mean(x)) ** 2)), answer, np.array([0.5, -1.0, 2.0, 0.3])
    )
