"""Exercises of chapter 14: convolutional networks."""

from __future__ import annotations

from typing import Any

import numpy as np

from examples.exercises.judge import exercise, is_number, is_vjp


@exercise()
def size(answer: Any) -> None:
    """An image of 28 × 28 goes through a 5 × 5 convolution (no padding) and 2 × 2 max pooling. How wide is it then?"""
    is_number(answer, 12, {24: "the pooling is missing", 14: "the convolution makes it narrower"})


@exercise()
def parameters(answer: Any) -> None:
    """A convolution has 8 channels of input, 16 of output, and 3 × 3 kernels. How many weights and biases?"""
    is_number(
        answer,
        1168,
        {1152: "the biases are missing", 160: "a kernel sees all channels"},
    )


@exercise("""
    def convolution_vjp(g, x, k):
        return ..., ...
""")
def convolution_vjp(answer: Any) -> None:
    """Write the backward pass of yᵢ = Σⱼ xᵢ₊ⱼ kⱼ, which is np.correlate(x, k, "valid"): return dJ/dx and dJ/dk."""
    x, k = np.array([1.0, -2.0, 0.5, 3.0, -1.0]), np.array([0.5, -1.0, 2.0])

    def convolution(x: Any, k: Any) -> Any:
        return sum(x[j : len(x) - len(k) + 1 + j] * k[j] for j in range(len(k)))

    is_vjp(convolution, answer, x, k)
