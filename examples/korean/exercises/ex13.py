# Made from examples/exercises/ex13.py by python -m docs.korean.
"""13장 연습 문제: 손글씨 숫자."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.nn import functional as F
from examples.korean.exercises.judge import exercise, is_number, is_vjp


@exercise()
def parameters(answer: Any) -> None:
    """64-32-10 신경망의 가중치와 편향은 모두 몇 개인가?"""
    is_number(answer, 2410, {2368: "편향이 빠졌다", 2400: "출력에도 편향이 있다"})


@exercise()
def batches(answer: Any) -> None:
    """그림 1,437장을 32장씩 미니배치로 나누면 한 에폭에 미니배치가 몇 개인가?"""
    is_number(answer, 45, {44: "마지막 것은 더 작지만 그것도 센다", 44.90625: "마지막 것은 더 작지만 그것도 센다"})


@exercise("""
    def cross_entropy_vjp(g, logits, labels):
        p = np.exp(logits - logits.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        return ...
""")
def cross_entropy_vjp(answer: Any) -> None:
    """소프트맥스와 평균 교차 엔트로피의 역전파를 로짓(모양 (m, 클래스 수)의 배열)에 대해 작성하라.

    labels는 정답 클래스 m개(정수)이고, p는 이미 소프트맥스이다.
    """
    labels = np.array([2, 0, 2])
    logits = np.array([[1.0, -0.5, 2.0], [0.3, 0.2, -1.0], [-2.0, 0.5, 0.1]])
    is_vjp(lambda z: F.cross_entropy(z, labels), lambda g, z: answer(g, z, labels), logits)
