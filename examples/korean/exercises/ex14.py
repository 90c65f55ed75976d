# Made from examples/exercises/ex14.py by python -m docs.korean.
"""14장 연습 문제: 합성곱 신경망."""

from __future__ import annotations

from typing import Any

import numpy as np

from examples.korean.exercises.judge import exercise, is_number, is_vjp


@exercise()
def size(answer: Any) -> None:
    """28 × 28 그림이 5 × 5 합성곱(패딩 없음)과 2 × 2 최대 풀링을 지난다. 이제 너비는 얼마인가?"""
    is_number(answer, 12, {24: "풀링이 빠졌다", 14: "합성곱을 지나면 좁아진다"})


@exercise()
def parameters(answer: Any) -> None:
    """입력 채널 8개, 출력 채널 16개, 커널 3 × 3인 합성곱의 가중치와 편향은 모두 몇 개인가?"""
    is_number(
        answer,
        1168,
        {1152: "편향이 빠졌다", 160: "커널 하나는 모든 채널을 본다"},
    )


@exercise("""
    def convolution_vjp(g, x, k):
        return ..., ...
""")
def convolution_vjp(answer: Any) -> None:
    """yᵢ = Σⱼ xᵢ₊ⱼ kⱼ, 곧 np.correlate(x, k, "valid")의 역전파를 작성하라: dJ/dx와 dJ/dk를 반환하라."""
    x, k = np.array([1.0, -2.0, 0.5, 3.0, -1.0]), np.array([0.5, -1.0, 2.0])

    def convolution(x: Any, k: Any) -> Any:
        return sum(x[j : len(x) - len(k) + 1 + j] * k[j] for j in range(len(k)))

    is_vjp(convolution, answer, x, k)
