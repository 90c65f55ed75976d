# Made from examples/exercises/ex12.py by python -m docs.korean.
"""12장 연습 문제: 집값."""

from __future__ import annotations

from typing import Any

import numpy as np

from examples.korean.exercises.judge import exercise, is_number, is_vjp


@exercise()
def hinge(answer: Any) -> None:
    """ReLU 뉴런이 가격을 max(0, 0.2·size − 50)이라고 답한다. 크기가 얼마를 넘으면 가격이 0보다 큰가?"""
    is_number(answer, 250, {50: "50은 빼는 수이다", 10: "0.2로 나눈다", -250: "편향은 −50이다"})


@exercise()
def nothing_learned(answer: Any) -> None:
    """같은 뉴런이 크기 100, 가격 40인 집을 본다. J = (뉴런이 답한 가격 − 40)²이다. w = 0.2에서 dJ/dw는 얼마인가?"""
    is_number(answer, 0, {-8000: "그 크기에서는 ReLU가 꺼져 있다", -14000: "가격은 음수가 되지 않는다"})


@exercise("""
    def mean_squared_error_vjp(g, y, t):
        return ...
""")
def mean_squared_error_vjp(answer: Any) -> None:
    """집 n채에 대한 (y − t)²의 평균 J의 역전파를 y에 대해서만 작성하라."""
    t = np.array([400.0, 330.0, 369.0, 540.0])
    is_vjp(lambda y: np.mean((y - t) ** 2), lambda g, y: answer(g, y, t), np.array([390.0, 350.0, 410.0, 500.0]))
