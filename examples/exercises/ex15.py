"""Exercises of chapter 15: recurrent networks."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd import Value
from examples.exercises.judge import exercise, is_number, is_vjp


@exercise()
def through_time(answer: Any) -> None:
    """hₜ = w·hₜ₋₁ with h₀ = 1: what is dh₃/dw for w = 0.5? The same w is used at every step.

    Step by step: python -m viz "h1 = w*1; h2 = w*h1; h3 = w*h2" w=0.5 -o h.html and open h.html#predict=1.
    """
    w = h = Value(0.5)
    for _ in range(2):
        h = w * h
    h.backward()
    is_number(answer, w.grad, {0.25: "that is the last step alone", 0.125: "that is h₃", 1.5: "that is 3w"})


@exercise()
def remembered(answer: Any) -> None:
    """An LSTM's cell is cₜ = f·cₜ₋₁ + i·c̃ₜ. With f = 0.9 at all times, which part of the gradient by c₁₀ reaches c₀?"""
    is_number(
        answer,
        0.9**10,
        {0.9: "that is one step", 9.0: "factors are multiplied", 0.9**9: "count the steps"},
    )


@exercise("""
    def step_vjp(g, h, x, W, U):
        new = np.tanh(W @ h + U @ x)
        return ..., ..., ..., ...
""")
def step_vjp(answer: Any) -> None:
    """Write the backward pass of one step of an RNN, tanh(W h + U x): return dJ/dh, dJ/dx, dJ/dW, dJ/dU."""
    rng = np.random.default_rng(0)
    shapes = ((3,), (2,), (3, 3), (3, 2))
    is_vjp(lambda h, x, W, U: np.tanh(W @ h + U @ x), answer, *(rng.normal(size=shape) for shape in shapes))
