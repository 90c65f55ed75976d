"""Exercises of chapter 3: XOR."""

from __future__ import annotations

from itertools import product
from typing import Any

from examples.exercises.judge import Wrong, exercise, is_number


@exercise()
def gates(answer: Any) -> None:
    """There are 16 functions of two bits with values 0 and 1. How many can one perceptron step(w₁x₁ + w₂x₂ + b) be?"""
    is_number(answer, 14, {15: "XOR is not the only one", 12: "w₁ = w₂ = 0 is allowed", 16: "think of XOR"})


@exercise("xnor = [(..., ..., ...), (..., ..., ...), (..., ..., ...)]  # s₁, s₂, y: (w₁, w₂, b)")
def xnor(answer: Any) -> None:
    """Build XNOR (1 where both inputs are alike) from three perceptrons: s₁ and s₂ see x₁ and x₂, y sees s₁ and s₂."""
    if len(answer) != 3 or any(len(one) != 3 or ... in one for one in answer):
        raise Wrong("three perceptrons of three numbers each are asked for")

    def step(perceptron: Any, first: int, second: int) -> int:
        w1, w2, b = perceptron
        return int(w1 * first + w2 * second + b > 0)

    for x in product((0, 1), repeat=2):
        s = step(answer[0], *x), step(answer[1], *x)
        y = step(answer[2], *s)
        if y != (x[0] == x[1]):
            raise Wrong(f"for x = {x} the hidden perceptrons say {s}, and the last one says {y}")


@exercise()
def parameters(answer: Any) -> None:
    """How many weights and biases does a 2-4-1 network have?"""
    is_number(answer, 17, {12: "the biases are missing", 16: "the output has a bias too", 13: "all have biases"})
