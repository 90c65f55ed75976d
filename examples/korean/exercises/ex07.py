# Made from examples/exercises/ex07.py by python -m docs.korean.
"""7장 연습 문제: 로지스틱 회귀."""

from __future__ import annotations

from typing import Any

import numpy as np

from examples.korean.exercises.judge import exercise, is_number, is_vjp


@exercise()
def dw1(answer: Any) -> None:
    """예제 하나: x = (2, −1), y = 1이고 뉴런의 답은 a = 0.8이다. 교차 엔트로피 L의 dL/dw₁은 얼마인가?"""
    is_number(answer, -0.4, {-0.2: "그것은 dz이다", 0.4: "dz = a − y", 0.2: "그것은 dw₂이다", -2.5: "그것은 da이다"})


@exercise("""
    def dL_da(a, y):
        return y / a - (1 - y) / (1 - a)
""")
def dL_da(answer: Any) -> None:
    """L = −(y log a + (1 − y) log(1 − a))를 a로 미분한 다음 도함수에서 틀린 곳을 찾아라."""
    for a, y in ((0.8, 1.0), (0.3, 0.0), (0.5, 0.25)):
        is_vjp(lambda a, y=y: -(y * np.log(a) + (1 - y) * np.log(1 - a)), lambda g, a, y=y: g * answer(a, y), a)


@exercise("""
    def gradient(w, b, X, y):
        a = 1 / (1 + np.exp(-(w @ X + b)))
        return ..., ...
""")
def gradient(answer: Any) -> None:
    """J는 예제 m개(X의 열)의 교차 엔트로피 평균이다. 반복문 없이 dJ/dw와 dJ/db를 반환하라."""
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(2, 5)), np.array([1.0, 0.0, 0.0, 1.0, 1.0])

    def J(w: Any, b: Any) -> Any:
        a = 1 / (1 + np.exp(-(w @ X + b)))
        return -np.mean(y * np.log(a) + (1 - y) * np.log(1 - a))

    def vjp(g: Any, w: Any, b: Any) -> Any:
        dw, db = answer(w, b, X, y)
        return g * dw, g * db

    is_vjp(J, vjp, np.array([0.5, -0.2]), 0.1)
