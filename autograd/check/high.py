"""f at 60 digits: numbers of mpmath that NumPy's functions can work on, in object arrays."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from .numeric import EPS, KINK, SMOOTH, Array, Slopes

DIGITS = 60
STEP = 1e-20
FUNCTIONS = {
    "exp": "exp", "expm1": "expm1", "log": "log", "log1p": "log1p", "log10": "log10", "sqrt": "sqrt", "sin": "sin",
    "cos": "cos", "tan": "tan", "arcsin": "asin", "arccos": "acos", "arctan": "atan", "sinh": "sinh", "cosh": "cosh",
    "tanh": "tanh", "arcsinh": "asinh", "arccosh": "acosh", "arctanh": "atanh", "floor": "floor", "ceil": "ceil",
}  # fmt: skip
"""NumPy's name, by which it looks for a method of an object, and mpmath's."""


class High:
    """A number of mpmath with the methods that NumPy looks for on objects: ``np.sin(x)`` calls ``x.sin()``."""

    __slots__ = ("v",)

    def __init__(self, v: Any) -> None:
        self.v = v

    def __float__(self) -> float:
        return float(self.v)

    def __neg__(self) -> High:
        return High(-self.v)

    def __abs__(self) -> High:
        return High(abs(self.v))

    def __bool__(self) -> bool:
        return bool(self.v)

    def __hash__(self) -> int:
        return hash(self.v)

    def conjugate(self) -> High:
        return self

    def square(self) -> High:
        return High(self.v * self.v)


def _number(x: Any) -> Any:
    import mpmath

    return x.v if isinstance(x, High) else mpmath.mpf(float(x)) if isinstance(x, (float, int, np.number)) else None


def _binary(name: str, compute: Callable[[Any, Any], Any], wrap: Callable[[Any], Any]) -> None:
    def method(self: High, other: Any) -> Any:
        b = _number(other)
        return NotImplemented if b is None else wrap(compute(self.v, b))

    def reflected(self: High, other: Any) -> Any:
        b = _number(other)
        return NotImplemented if b is None else wrap(compute(b, self.v))

    setattr(High, f"__{name}__", method)
    if wrap is High:
        setattr(High, f"__r{name}__", reflected)


for _name in ("add", "sub", "mul", "truediv", "pow"):
    _binary(_name, getattr(operator, _name), High)
for _name in ("lt", "le", "gt", "ge", "eq", "ne"):
    _binary(_name, getattr(operator, _name), bool)


def _function(ours: str, theirs: str) -> None:
    def method(self: High) -> High:
        import mpmath

        return High(getattr(mpmath, theirs)(self.v))

    setattr(High, ours, method)


for _ours, _theirs in FUNCTIONS.items():
    _function(_ours, _theirs)


def exact_slopes(f: Callable[[Any], Any], z: Array, d: Array, like: Array) -> Slopes:
    """The derivative of f along `d` at `z` from differences at 60 digits, with steps of 1e-20.

    Raises
    ------
    TypeError
        If f does not run on such numbers, or returns something else for them.
    """
    import mpmath

    def values(step: Any) -> list[Any]:
        start = np.array([High(mpmath.mpf(float(a)) + step * mpmath.mpf(float(b))) for a, b in zip(z, d, strict=True)])
        try:
            found = [_number(v) for v in np.ravel(f(start))]
        except Exception as error:
            raise TypeError(
                f"precision='mpmath' needs an f that runs on mpmath numbers; it fails with {error}"
            ) from error
        if len(found) != like.size or any(v is None for v in found):
            raise TypeError("precision='mpmath' needs an f that returns mpmath numbers for mpmath numbers")
        return found

    with mpmath.workdps(DIGITS):
        h = mpmath.mpf(STEP)
        before, here, after = values(-h), values(0), values(h)
        right = np.array([float((b - a) / h) for a, b in zip(here, after, strict=True)])
        left = np.array([float((a - b) / h) for a, b in zip(here, before, strict=True)])
        value = np.array([float((b - a) / (2 * h)) for a, b in zip(before, after, strict=True)])
    error = 8 * EPS * np.abs(value)
    kinked = np.abs(right - left) > 1e-9 * (np.abs(right) + np.abs(left))
    low, high = np.minimum(left, right), np.maximum(left, right)
    return Slopes(
        value,
        error,
        np.where(kinked, low, value - error),
        np.where(kinked, high, value + error),
        np.where(kinked, KINK, SMOOTH),
        np.zeros_like(value),
        np.abs(value) / 64,
    )
