# Made from examples/exercises/ex16.py by python -m docs.korean.
"""16장 연습 문제: Transformer."""

from __future__ import annotations

from typing import Any

import numpy as np

from examples.korean.exercises.judge import exercise, is_array, is_number, is_vjp


@exercise()
def second(answer: Any) -> None:
    """모든 쿼리와 키가 0이고, 마스크는 어떤 글자도 뒤의 글자를 보지 못하게 한다.

    글자 8개 중 두 번째 글자가 첫 번째 글자에 주는 가중치는 얼마인가?
    """
    is_number(answer, 0.5, {0.125: "마스크가 빠졌다", 1.0: "자기 자신도 볼 수 있다"})


@exercise("""
    def attention(Q, K, V):
        scores = Q @ K.T
        weights = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
        return weights @ V
""")
def attention(answer: Any) -> None:
    """글자 T개(행), 길이 d인 쿼리와 키의 다음 어텐션에서 빠진 것을 찾아라: 두 가지이다.

    뒤의 글자를 보지 말아야 하고, 점수가 d와 함께 커지지 않도록 나누어야 한다.
    """
    rng = np.random.default_rng(0)
    Q, K, V = (rng.normal(size=(4, 3)) for _ in range(3))
    scores = np.where(np.tri(4) > 0, Q @ K.T / np.sqrt(3), -np.inf)
    weights = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    is_array(answer(Q, K, V), weights @ V, "글자들이 받는 것")


@exercise("""
    def normalise_vjp(g, x):
        y = (x - x.mean()) / x.std()
        return ...
""")
def normalise_vjp(answer: Any) -> None:
    """벡터 x에 대한 y = (x − 평균)/표준편차의 역전파를 작성하라. 평균과 표준편차도 x에 의존한다."""
    is_vjp(
        lambda x: (x - np.mean(x)) / np.sqrt(np.mean((x - np.mean(x)) ** 2)), answer, np.array([0.5, -1.0, 2.0, 0.3])
    )
