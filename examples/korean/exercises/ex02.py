# Made from examples/exercises/ex02.py by python -m docs.korean.
"""2장 연습 문제: 퍼셉트론."""

from __future__ import annotations

from typing import Any

import numpy as np

from examples.korean.exercises.judge import Wrong, exercise, is_array, is_number

INPUTS = ((0, 0), (0, 1), (1, 0), (1, 1))


@exercise()
def total(answer: Any) -> None:
    """퍼셉트론의 가중치가 w = (0.5, 0.5), 편향이 b = −0.7이다. x = (1, 1)일 때 편향을 더한 가중합은 얼마인가?"""
    is_number(answer, 0.3, {1.0: "편향이 빠졌다", -0.2: "그것은 입력 하나만 1일 때의 값이다", 1.7: "b는 음수이다"})


@exercise("nor = (..., ..., ...)  # w₁, w₂, b")
def nor(answer: Any) -> None:
    """step(w₁x₁ + w₂x₂ + b)가 NOR이 되는, 곧 (0, 0)에서만 1이 되는 가중치와 편향을 구하라. step(0)은 0이다."""
    if not isinstance(answer, (tuple, list)) or len(answer) != 3 or ... in answer:
        raise Wrong("수 세 개 (w₁, w₂, b)를 답해야 한다")
    w1, w2, b = answer
    wrong = [x for x in INPUTS if (w1 * x[0] + w2 * x[1] + b > 0) != (x == (0, 0))]
    if wrong:
        raise Wrong(
            f"x = {wrong[0]}에서 NOR이 아니다. 그곳의 가중합은 {w1 * wrong[0][0] + w2 * wrong[0][1] + b}이다"
        )


@exercise("""
    def rule(w, b, x, t):
        y = 1 if w @ x + b > 0 else 0
        return ..., ...
""")
def rule(answer: Any) -> None:
    """퍼셉트론 규칙의 한 걸음을 작성하라: 예제 (x, t)를 본 뒤의 새 w(x처럼 배열)와 새 b."""
    w, b = np.array([0.3, 0.5]), 0.1
    for x in INPUTS:
        for t in (0, 1):
            error = t - int(w @ np.array(x) + b > 0)
            new_w, new_b = answer(w.copy(), b, np.array(x), t)
            is_array(new_w, w + error * np.array(x), f"x = {x}, t = {t} 뒤의 w")
            is_array(new_b, b + error, f"x = {x}, t = {t} 뒤의 b")
