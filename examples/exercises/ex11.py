"""Exercises of chapter 11: overfitting."""

from __future__ import annotations

from typing import Any

import numpy as np

from examples.exercises.judge import exercise, is_number, is_vjp

W = np.array([0.5, -1.5, 2.0])
MASK = np.array([1.0, 0.0, 1.0])


@exercise()
def kept(answer: Any) -> None:
    """The validation losses of the epochs 1, 2, … are 0.9, 0.6, 0.5, 0.52, 0.48, 0.55, 0.51, 0.49, 0.47.

    Training stops when the loss has not improved for three epochs. The weights of which epoch are kept?
    """
    is_number(
        answer,
        5,
        {3: "epoch 5 came soon enough", 9: "it is never reached", 8: "there it stops", 4: "count from 1"},
    )


@exercise("""
    def dropout_vjp(g, x, mask, p):
        return g * mask
""")
def dropout_vjp(answer: Any) -> None:
    """Find the bug in this backward pass of dropout, y = x·mask/(1 − p): mask is 0 for the units that are cut."""
    for p in (0.5, 0.2):
        is_vjp(lambda x, p=p: x * MASK / (1 - p), lambda g, x, p=p: answer(g, x, MASK, p), W)


@exercise("""
    def penalty_vjp(g, w, strength):
        return ...
""")
def penalty_vjp(answer: Any) -> None:
    """Write the backward pass of weight decay's penalty, J = ½·strength·(w₁² + … + wₙ²)."""
    for strength in (0.1, 3.0):
        is_vjp(lambda w, s=strength: 0.5 * s * np.sum(w**2), lambda g, w, s=strength: answer(g, w, s), W)
