# Made from examples/exercises/ex05.py by python -m docs.korean.
"""5장 연습 문제: 행렬로 쓴 신경망."""

from __future__ import annotations

from typing import Any

import numpy as np

from examples.korean.exercises.judge import exercise, is_array, is_vjp


@exercise("product = [[..., ...], [..., ...]]")
def product(answer: Any) -> None:
    """(1 2; 3 4)와 (0 1; 1 1)의 곱을 손으로 계산하라(행 곱하기 열)."""
    is_array(answer, [[2, 3], [4, 7]], "곱")


@exercise("shapes = [(..., ...), (..., ...)]  # W[2], Z[2]")
def shapes(answer: Any) -> None:
    """4-5-3 신경망이 예제 10개를 열로 나란히 놓고 본다. W[2]와 Z[2]의 모양은 무엇인가?"""
    is_array(answer, [[3, 5], [3, 10]], "모양의 쌍")


@exercise("""
    def layer_vjp(g, W, A, b):
        return ..., ..., ...
""")
def layer_vjp(answer: Any) -> None:
    """층 Z = W A + b의 역전파를 작성하라. A의 열은 예제 m개이고, b의 모양은 (유닛 수, 1)이다.

    g = dJ/dZ로부터 dJ/dW, dJ/dA, dJ/db를 반환하라. 각각의 모양은 W, A, b의 모양과 같다.
    """
    rng = np.random.default_rng(0)
    is_vjp(lambda W, A, b: W @ A + b, answer, rng.normal(size=(3, 2)), rng.normal(size=(2, 4)), rng.normal(size=(3, 1)))
