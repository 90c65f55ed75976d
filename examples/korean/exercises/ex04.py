# Made from examples/exercises/ex04.py by python -m docs.korean.
"""4장 연습 문제: 활성화 함수."""

from __future__ import annotations

from typing import Any

import numpy as np

from examples.korean.exercises.judge import exercise, is_array, is_vjp

X = np.array([-2.0, -0.3, 0.4, 3.0])


@exercise("""
    def one_layer(a, b, c, d):
        return ..., ...
""")
def one_layer(answer: Any) -> None:
    """활성화 함수가 없으면 c(ax + b) + d는 한 층, 곧 기울기·x + 절편이다. 그 기울기와 절편을 반환하라."""
    for a, b, c, d in ((2.0, 1.0, 3.0, -1.0), (-0.5, 4.0, 0.25, 2.0)):
        is_array(answer(a, b, c, d), [a * c, c * b + d], f"a, b, c, d = {a}, {b}, {c}, {d}일 때의 (기울기, 절편)")


@exercise("""
    def sigmoid_vjp(g, x):
        return ...
""")
def sigmoid_vjp(answer: Any) -> None:
    """y = σ(x)의 역전파를 작성하라(x는 배열): g = dJ/dy로부터 dJ/dx를 반환하라."""
    is_vjp(lambda x: 1 / (1 + np.exp(-x)), answer, X)


@exercise("""
    def softmax_vjp(g, x):
        y = np.exp(x - x.max())
        y /= y.sum()
        return g * y * (1 - y)
""")
def softmax_vjp(answer: Any) -> None:
    """벡터의 소프트맥스에 대한 다음 역전파에서 틀린 곳을 찾아라. 힌트: 출력 하나는 어떤 입력들에 의존하는가?"""
    is_vjp(lambda x: np.exp(x) / np.sum(np.exp(x)), answer, X)
