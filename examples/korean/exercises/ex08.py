# Made from examples/exercises/ex08.py by python -m docs.korean.
"""8장 연습 문제: 경사 하강법."""

from __future__ import annotations

from typing import Any

from examples.korean.exercises.judge import exercise, is_array, is_number


@exercise()
def after_two(answer: Any) -> None:
    """J = w²이다. w = 1에서 학습률 α = 0.25로 경사 하강을 시작한다. 두 걸음 뒤 w는 얼마인가?"""
    is_number(answer, 0.25, {0.5: "그것은 한 걸음 뒤의 값이다", 0.5625: "도함수는 2w이다", 0.0: "그것은 α = 0.5일 때이다"})


@exercise()
def largest_rate(answer: Any) -> None:
    """J = 2w²이다. 학습률이 얼마를 넘으면 경사 하강이 최솟값으로 가지 않고 멀어지는가?"""
    is_number(answer, 0.5, {0.25: "그때는 한 걸음에 도착한다", 1.0: "dJ/dw는 4w이다"})


@exercise("""
    def descend(slope, w, rate, steps):
        return ...
""")
def descend(answer: Any) -> None:
    """경사 하강법을 작성하라: w := w − α dJ/dw를 steps번 하고 나면 w는 어디에 있는가? slope(w) = dJ/dw이다."""
    for start, rate, steps in ((0.0, 0.1, 0), (0.0, 0.1, 1), (5.0, 0.25, 3)):
        found = answer(lambda w: 2 * (w - 3), start, rate, steps)
        is_array(found, 3 + (start - 3) * (1 - 2 * rate) ** steps, f"시작 {start}, α = {rate}, {steps=}일 때의 w")
