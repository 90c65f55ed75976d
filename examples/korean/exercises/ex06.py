# Made from examples/exercises/ex06.py by python -m docs.korean.
"""6장 연습 문제: 계산 그래프와 연쇄 법칙."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd import Value
from examples.korean.exercises.judge import exercise, is_number, is_vjp


@exercise()
def dJ_db(answer: Any) -> None:
    """a = 1, b = 4, c = −2일 때 J = 3(a + bc)의 dJ/db는 얼마인가? 종이 위에서 인수를 하나씩 예측해 보라.

    python -m viz "u = b*c; v = a + u; J = 3*v" a=1 b=4 c=-2 -o J.html 을 실행하고 브라우저에서
    J.html#predict=1 을 열면 중간의 수도 하나하나 맞혀 볼 수 있다.
    """
    a, b, c = Value(1), Value(4), Value(-2)
    (3 * (a + b * c)).backward()
    is_number(
        answer, b.grad, {3: "∂u/∂b가 빠졌다", 12: "그것은 dJ/dc이다", -2: "∂J/∂v가 빠졌다", 6: "부호는 무엇인가?"}
    )


@exercise()
def two_paths(answer: Any) -> None:
    """u = a·b, J = u·u + u이다. a = 2, b = 3일 때 dJ/da는 얼마인가? u에서 J로 가는 경로는 몇 개인가?

    python -m viz "u = a*b; J = u*u + u" a=2 b=3 -o J.html 을 실행하고 J.html#predict=1 을
    열면 한 단계씩 맞혀 볼 수 있다.
    """
    a = Value(2)
    u = a * 3
    (u * u + u).backward()
    is_number(answer, a.grad, {36: "+ u를 지나는 경로가 빠졌다", 21: "u·u에는 경로가 두 개이다", 13: "∂u/∂a가 빠졌다"})


@exercise("""
    def neuron_vjp(g, w, x, b):
        z = w @ x + b
        a = 1 / (1 + np.exp(-z))
        return ..., ..., ...
""")
def neuron_vjp(answer: Any) -> None:
    """뉴런 a = σ(w·x + b)의 역전파를 작성하라: g = dJ/da로부터 dJ/dw, dJ/dx, dJ/db를 반환하라."""
    w, x = np.array([0.7, -1.2, 0.4]), np.array([1.5, 0.5, -2.0])
    is_vjp(lambda w, x, b: 1 / (1 + np.exp(-(np.dot(w, x) + b))), answer, w, x, 0.1)
