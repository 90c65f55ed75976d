"""Functions of one float that `math` has not, or not in the form that the table needs."""

from __future__ import annotations

import math


def sign(x: float) -> float:
    """−1, 0 or 1; nan for nan."""
    return float((x > 0) - (x < 0)) if x == x else x


def cbrt(x: float) -> float:
    """The real cube root, polished by one Newton step so that perfect cubes come out exact."""
    if x == 0 or math.isinf(x) or x != x:
        return x
    root = math.copysign(abs(x) ** (1 / 3), x)
    step = (root - x / (root * root)) / 3
    return root - step if math.isfinite(step) else root


def larger(a: float, b: float) -> float:
    """The maximum; nan if either is nan, as in NumPy."""
    return a if a > b or a != a else b


def smaller(a: float, b: float) -> float:
    """The minimum; nan if either is nan, as in NumPy."""
    return a if a < b or a != a else b
