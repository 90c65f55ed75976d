# Made from examples/exercises/ex11.py by python -m docs.korean.
"""11장 연습 문제: 과적합."""

from __future__ import annotations

from typing import Any

import numpy as np

from examples.korean.exercises.judge import exercise, is_number, is_vjp

W = np.array([0.5, -1.5, 2.0])
MASK = np.array([1.0, 0.0, 1.0])


@exercise()
def kept(answer: Any) -> None:
    """1, 2, … 에폭의 검증 손실이 0.9, 0.6, 0.5, 0.52, 0.48, 0.55, 0.51, 0.49, 0.47이다.

    세 에폭 동안 손실이 나아지지 않으면 학습을 멈춘다. 어느 에폭의 가중치를 쓰게 되는가?
    """
    is_number(
        answer,
        5,
        {3: "5번째 에폭이 늦지 않게 왔다", 9: "거기까지 가지 못한다", 8: "거기에서 멈춘다", 4: "1부터 센다"},
    )


@exercise("""
    def dropout_vjp(g, x, mask, p):
        return g * mask
""")
def dropout_vjp(answer: Any) -> None:
    """드롭아웃 y = x·mask/(1 − p)의 다음 역전파에서 틀린 곳을 찾아라. 잘린 유닛의 mask는 0이다."""
    for p in (0.5, 0.2):
        is_vjp(lambda x, p=p: x * MASK / (1 - p), lambda g, x, p=p: answer(g, x, MASK, p), W)


@exercise("""
    def penalty_vjp(g, w, strength):
        return ...
""")
def penalty_vjp(answer: Any) -> None:
    """가중치 감쇠의 벌점 J = ½·strength·(w₁² + … + wₙ²)의 역전파를 작성하라."""
    for strength in (0.1, 3.0):
        is_vjp(lambda w, s=strength: 0.5 * s * np.sum(w**2), lambda g, w, s=strength: answer(g, w, s), W)
