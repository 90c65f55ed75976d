# Made from examples/exercises/ex03.py by python -m docs.korean.
"""3장 연습 문제: XOR."""

from __future__ import annotations

from itertools import product
from typing import Any

from examples.korean.exercises.judge import Wrong, exercise, is_number


@exercise()
def gates(answer: Any) -> None:
    """두 비트를 받아 0이나 1을 내는 함수는 16개이다. 퍼셉트론 하나 step(w₁x₁ + w₂x₂ + b)로 만들 수 있는 것은 몇 개인가?"""
    is_number(answer, 14, {15: "XOR만 안 되는 것이 아니다", 12: "w₁ = w₂ = 0이어도 된다", 16: "XOR을 생각해 보라"})


@exercise("xnor = [(..., ..., ...), (..., ..., ...), (..., ..., ...)]  # s₁, s₂, y: (w₁, w₂, b)")
def xnor(answer: Any) -> None:
    """퍼셉트론 세 개로 XNOR(두 입력이 같으면 1)을 만들어라. s₁과 s₂는 x₁, x₂를 보고, y는 s₁, s₂를 본다."""
    if len(answer) != 3 or any(len(one) != 3 or ... in one for one in answer):
        raise Wrong("수가 세 개씩인 퍼셉트론 세 개를 답해야 한다")

    def step(perceptron: Any, first: int, second: int) -> int:
        w1, w2, b = perceptron
        return int(w1 * first + w2 * second + b > 0)

    for x in product((0, 1), repeat=2):
        s = step(answer[0], *x), step(answer[1], *x)
        y = step(answer[2], *s)
        if y != (x[0] == x[1]):
            raise Wrong(f"x = {x}일 때 은닉 퍼셉트론은 {s}, 마지막 퍼셉트론은 {y}라고 답한다")


@exercise()
def parameters(answer: Any) -> None:
    """2-4-1 신경망의 가중치와 편향은 모두 몇 개인가?"""
    is_number(answer, 17, {12: "편향이 빠졌다", 16: "출력에도 편향이 있다", 13: "모두 편향이 있다"})
