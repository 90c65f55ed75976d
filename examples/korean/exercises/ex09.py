# Made from examples/exercises/ex09.py by python -m docs.korean.
"""9장 연습 문제: 최적화 기법."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd import Tensor, optim
from examples.korean.exercises.judge import exercise, is_array, is_number

SLOPES = (np.array([1.0, -2.0]), np.array([0.5, 0.25]), np.array([-1.0, 3.0]))


def places(optimiser: Any) -> list[Any]:
    """최적화 기법이 (1, 1)에서 이 기울기들을 차례로 만날 때 가는 곳."""
    point, found = Tensor(np.ones(2)), []
    method = optimiser([point])
    for slope in SLOPES:
        point.grad = slope.copy()
        method.step()
        found.append(point.data.copy())
    return found


@exercise("""
    def momentum(w, v, slope, rate, beta):
        return ..., ...
""")
def momentum(answer: Any) -> None:
    """모멘텀의 한 걸음을 작성하라: v ← βv + slope, w ← w − α·v. 새 w와 새 v를 반환하라."""
    w, v = np.ones(2), np.zeros(2)
    for k, (slope, right) in enumerate(zip(SLOPES, places(lambda p: optim.SGD(p, lr=0.1, momentum=0.9))), start=1):
        sum_of_slopes = 0.9 * v + slope
        w, v = answer(w, v, slope, 0.1, 0.9)
        is_array(w, right, f"{k}번째 걸음의 w")
        is_array(v, sum_of_slopes, f"{k}번째 걸음의 v")


@exercise("""
    def adagrad(w, s, slope, rate):
        s = s + slope**2
        return w - rate * slope / s, s
""")
def adagrad(answer: Any) -> None:
    """AdaGrad의 다음 한 걸음에서 틀린 곳을 찾아라. AdaGrad는 기울기를 지금까지의 기울기 제곱합의 제곱근으로 나눈다."""
    w, s = np.ones(2), np.zeros(2)
    for k, (slope, right) in enumerate(zip(SLOPES, places(lambda p: optim.Adagrad(p, lr=0.1))), start=1):
        squares = s + slope**2
        w, s = answer(w, s, slope, 0.1)
        is_array(w, right, f"{k}번째 걸음의 w")
        is_array(s, squares, f"{k}번째 걸음의 s")


@exercise()
def first_step(answer: Any) -> None:
    """학습률 0.1인 Adam이 첫 걸음에서 기울기 1000을 만난다. 얼마나 움직이는가?"""
    is_number(answer, 0.1, {100: "그것은 단순한 경사 하강이다", 10: "그것은 보정하지 않은 m을 s의 제곱근으로 나눈 것이다"})
