# Made from examples/exercises/ex01.py by python -m docs.korean.
"""1장 연습 문제: 오차로 조정하는 파라미터."""

from __future__ import annotations

from typing import Any

from examples.korean.exercises.judge import Wrong, exercise, is_number, is_vjp


@exercise()
def new_A(answer: Any) -> None:
    """A = 0.5인 기계 y = A·x가 예제 x = 2, t = 3을 본다. L = 0.5로 한 걸음 뒤 A는 얼마인가?"""
    is_number(answer, 1.0, {1.5: "학습률이 빠졌다", 0.0: "걸음의 방향이 반대이다", 2.5: "E가 아니라 E/x이다"})


@exercise("""
    def adjust(A, x, t, L):
        return ...
""")
def adjust(answer: Any) -> None:
    """한 걸음을 작성하라: 예제 (x, t)를 본 뒤 y = A·x의 새 파라미터. 학습률은 L이다."""
    for A, x, t in ((0.25, 3.0, 1.1), (1.0, -2.0, 0.5), (0.0, 0.5, 4.0)):
        if not abs(answer(A, x, t, 1.0) * x - t) <= 1e-9:
            raise Wrong(
                f"L = 1이면 x = {x}에 대한 출력이 t = {t}이 되어야 하는데 {answer(A, x, t, 1.0) * x:g}이 된다"
            )
        if not abs(answer(A, x, t, 0.0) - A) <= 1e-9:
            raise Wrong("L = 0이면 아무것도 바뀌지 않아야 한다")
        if not abs(answer(A, x, t, 0.5) - (A + answer(A, x, t, 1.0)) / 2) <= 1e-9:
            raise Wrong("L = 0.5이면 L = 1일 때의 절반만큼 가야 한다")


@exercise("""
    def dJ_dA(A, x, t):
        return (t - A * x) * x
""")
def dJ_dA(answer: Any) -> None:
    """J = ½(t − A·x)²을 A로 미분한 다음 도함수에서 틀린 곳을 찾아라."""
    for A, x, t in ((0.25, 3.0, 1.1), (2.0, 1.0, 2.9)):
        is_vjp(lambda A, x=x, t=t: 0.5 * (t - A * x) ** 2, lambda g, A, x=x, t=t: g * answer(A, x, t), A)
