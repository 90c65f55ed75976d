# Made from examples/exercises/ex10.py by python -m docs.korean.
"""10장 연습 문제: 기울기 소실."""

from __future__ import annotations

from typing import Any

import numpy as np

from examples.korean.exercises.judge import exercise, is_array, is_number, is_vjp

X = np.array([-2.0, -0.3, 0.4, 3.0])


@exercise()
def at_most(answer: Any) -> None:
    """시그모이드 유닛이 하나씩인 층 다섯 개, 가중치는 모두 1이다. 기울기 중 첫 층에 도달하는 것은 많아야 얼마인가?"""
    is_number(answer, 0.25**5, {0.25: "그것은 한 층의 값이다", 1.25: "인수는 곱해진다", 0.25**4: "그것은 네 층의 값이다"})


@exercise("""
    def relu_vjp(g, x):
        return ...
""")
def relu_vjp(answer: Any) -> None:
    """y = max(0, x)의 역전파를 작성하라(x는 배열). 0에서의 도함수는 0으로 한다."""
    is_vjp(lambda x: np.maximum(0, x), answer, X)
    is_array(answer(np.array([5.0]), np.array([0.0])), [0.0], "g = 5일 때 x = 0에서의 기울기")


@exercise("""
    def leaky_vjp(g, x):
        return np.where(x > 0, g, 0.1 * x)
""")
def leaky_vjp(answer: Any) -> None:
    """leaky ReLU(x > 0이면 y = x, 아니면 0.1·x)의 다음 역전파에서 틀린 곳을 찾아라."""
    is_vjp(lambda x: np.where(x > 0, x, 0.1 * x), answer, X)
