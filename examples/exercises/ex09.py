"""Exercises of chapter 9: optimisers."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd import Tensor, optim
from examples.exercises.judge import exercise, is_array, is_number

SLOPES = (np.array([1.0, -2.0]), np.array([0.5, 0.25]), np.array([-1.0, 3.0]))


def places(optimiser: Any) -> list[Any]:
    """Where an optimiser goes from (1, 1) if it finds these slopes one after another."""
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
    """Write a step with momentum: v ← βv + slope, w ← w − α·v. Return the new w and the new v."""
    w, v = np.ones(2), np.zeros(2)
    for k, (slope, right) in enumerate(zip(SLOPES, places(lambda p: optim.SGD(p, lr=0.1, momentum=0.9))), start=1):
        w, v = answer(w, v, slope, 0.1, 0.9)
        is_array(w, right, f"w of step {k}")


@exercise("""
    def adagrad(w, s, slope, rate):
        s = s + slope**2
        return w - rate * slope / s, s
""")
def adagrad(answer: Any) -> None:
    """Find the bug in this step of AdaGrad, which divides each slope by the root of all squared slopes so far."""
    w, s = np.ones(2), np.zeros(2)
    for k, (slope, right) in enumerate(zip(SLOPES, places(lambda p: optim.Adagrad(p, lr=0.1))), start=1):
        w, s = answer(w, s, slope, 0.1)
        is_array(w, right, f"w of step {k}")


@exercise()
def first_step(answer: Any) -> None:
    """Adam with the rate 0.1 finds the slope 1000 at its first step. How far does it go?"""
    is_number(answer, 0.1, {100: "that is plain descent", 10: "that is m without its correction, over the root of s"})
