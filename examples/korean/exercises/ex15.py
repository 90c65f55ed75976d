# Made from examples/exercises/ex15.py by python -m docs.korean.
"""15장 연습 문제: 순환 신경망."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd import Value
from examples.korean.exercises.judge import exercise, is_number, is_vjp


@exercise()
def through_time(answer: Any) -> None:
    """hₜ = w·hₜ₋₁, h₀ = 1이다. w = 0.5일 때 dh₃/dw는 얼마인가? 모든 단계에서 같은 w를 쓴다.

    python -m viz "h1 = w*1; h2 = w*h1; h3 = w*h2" w=0.5 -o h.html 을 실행하고
    h.html#predict=1 을 열면 한 단계씩 맞혀 볼 수 있다.
    """
    w = h = Value(0.5)
    for _ in range(2):
        h = w * h
    h.backward()
    is_number(answer, w.grad, {0.25: "그것은 마지막 단계만의 값이다", 0.125: "그것은 h₃이다", 1.5: "그것은 3w이다"})


@exercise()
def remembered(answer: Any) -> None:
    """LSTM의 셀은 cₜ = f·cₜ₋₁ + i·c̃ₜ이다. 항상 f = 0.9라면 c₁₀에 대한 기울기 중 c₀에 도달하는 것은 얼마인가?"""
    is_number(
        answer,
        0.9**10,
        {0.9: "그것은 한 단계의 값이다", 9.0: "인수는 곱해진다", 0.9**9: "단계의 수를 세어 보라"},
    )


@exercise("""
    def step_vjp(g, h, x, W, U):
        new = np.tanh(W @ h + U @ x)
        return ..., ..., ..., ...
""")
def step_vjp(answer: Any) -> None:
    """RNN의 한 단계 tanh(W h + U x)의 역전파를 작성하라: dJ/dh, dJ/dx, dJ/dW, dJ/dU를 반환하라."""
    rng = np.random.default_rng(0)
    shapes = ((3,), (2,), (3, 3), (3, 2))
    is_vjp(lambda h, x, W, U: np.tanh(W @ h + U @ x), answer, *(rng.normal(size=shape) for shape in shapes))
