"""Exercises of chapter 13: handwritten digits."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.nn import functional as F
from examples.exercises.judge import exercise, is_number, is_vjp


@exercise()
def parameters(answer: Any) -> None:
    """How many weights and biases does a 64-32-10 network have?"""
    is_number(answer, 2410, {2368: "the biases are missing", 2400: "the outputs have biases too"})


@exercise()
def batches(answer: Any) -> None:
    """How many mini-batches of 32 does one epoch take through 1,437 images?"""
    is_number(answer, 45, {44: "the last one is smaller, and counts", 44.90625: "the last one is smaller, and counts"})


@exercise("""
    def cross_entropy_vjp(g, logits, labels):
        p = np.exp(logits - logits.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        return ...
""")
def cross_entropy_vjp(answer: Any) -> None:
    """Write the backward pass of softmax and mean cross-entropy by the logits, an array (m, classes).

    labels are the m right classes, as integers; p is already the softmax.
    """
    labels = np.array([2, 0, 2])
    logits = np.array([[1.0, -0.5, 2.0], [0.3, 0.2, -1.0], [-2.0, 0.5, 0.1]])
    is_vjp(lambda z: F.cross_entropy(z, labels), lambda g, z: answer(g, z, labels), logits)
