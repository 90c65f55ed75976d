"""f at 60 digits: numbers of mpmath that NumPy's functions can work on, in object arrays.

They never turn into floats in silence: an f that rounds to float64 inside fails on them, and is not judged by them.
"""

from __future__ import annotations

import operator
import threading
from collections.abc import Callable
from typing import Any

import numpy as np

FUNCTIONS = {
    "exp": "exp", "expm1": "expm1", "log": "log", "log1p": "log1p", "log10": "log10", "sqrt": "sqrt", "sin": "sin",
    "cos": "cos", "tan": "tan", "arcsin": "asin", "arccos": "acos", "arctan": "atan", "sinh": "sinh", "cosh": "cosh",
    "tanh": "tanh", "arcsinh": "asinh", "arccosh": "acosh", "arctanh": "atanh", "floor": "floor", "ceil": "ceil",
    "rint": "nint", "sign": "sign", "degrees": "degrees", "radians": "radians",
}  # fmt: skip
"""NumPy's name, by which it looks for a method of an object, and mpmath's."""


class _Seen(threading.local):
    """Whether numbers have been compared since it was set to False: f then takes branches, as a solver's loop does."""

    comparison = False


seen = _Seen()


class High:
    """A number of mpmath with the methods that NumPy looks for on objects: ``np.sin(x)`` calls ``x.sin()``."""

    __slots__ = ("v",)

    def __init__(self, v: Any) -> None:
        self.v = v

    def __float__(self) -> float:
        raise TypeError("a number of 60 digits is not turned into a float in silence")

    def __neg__(self) -> High:
        return High(-self.v)

    def __pos__(self) -> High:
        return self

    def __abs__(self) -> High:
        return High(abs(self.v))

    def __bool__(self) -> bool:
        return bool(self.v)

    def __hash__(self) -> int:
        return hash(self.v)

    def __repr__(self) -> str:
        return f"High({self.v})"

    def conjugate(self) -> High:
        return self

    def square(self) -> High:
        return High(self.v * self.v)

    def reciprocal(self) -> High:
        return High(1 / self.v)

    def fabs(self) -> High:
        return abs(self)

    @property
    def real(self) -> High:
        return self

    deg2rad: Any
    rad2deg: Any

    def exp2(self) -> High:
        return High(2**self.v)

    def log2(self) -> High:
        return High(_mp().log(self.v) / _mp().log(2))

    def cbrt(self) -> High:
        return High(_mp().sign(self.v) * _mp().cbrt(abs(self.v)))

    # What engines' numbers have as methods besides, so that their programs run on these.
    def relu(self) -> High:
        return self if self.v > 0 else High(0 * self.v)

    def sigmoid(self) -> High:
        return High(1 / (1 + _mp().exp(-self.v)))


def _mp() -> Any:
    import mpmath

    return mpmath


def number(x: Any) -> Any:
    """The mpmath number in or for `x`, or None."""
    if isinstance(x, High):
        return x.v
    if isinstance(x, (float, int, np.number, np.bool_)) and not isinstance(x, (complex, np.complexfloating)):
        return _mp().mpf(float(x))
    if isinstance(x, np.ndarray) and x.ndim == 0:
        return number(x[()])
    return None


def _binary(name: str, compute: Callable[[Any, Any], Any], wrap: Callable[[Any], Any]) -> None:
    def method(self: High, other: Any) -> Any:
        b = number(other)
        return NotImplemented if b is None else wrap(compute(self.v, b))

    def reflected(self: High, other: Any) -> Any:
        b = number(other)
        return NotImplemented if b is None else wrap(compute(b, self.v))

    setattr(High, f"__{name}__", method)
    if wrap is High:
        setattr(High, f"__r{name}__", reflected)


for _name in ("add", "sub", "mul", "truediv", "pow", "mod"):
    _binary(_name, getattr(operator, _name), High)


def _noticed(answer: Any) -> bool:
    seen.comparison = True
    return bool(answer)


for _name in ("lt", "le", "gt", "ge", "eq", "ne"):
    _binary(_name, getattr(operator, _name), _noticed)


def _function(ours: str, theirs: str) -> None:
    def method(self: High) -> High:
        return High(getattr(_mp(), theirs)(self.v))

    setattr(High, ours, method)


for _ours, _theirs in FUNCTIONS.items():
    _function(_ours, _theirs)
High.deg2rad, High.rad2deg = High.radians, High.degrees  # type: ignore[attr-defined]


def _real(x: Any) -> Any:
    v = number(x)
    if v is None:
        raise TypeError(f"{type(x).__name__} is no real number")
    return v


def _logaddexp(a: Any, b: Any) -> Any:
    return max(a, b) + _mp().log1p(_mp().exp(-abs(a - b)))


UFUNCS: dict[str, Callable[..., Any]] = {
    "arctan2": lambda a, b: High(_mp().atan2(a, b)),
    "hypot": lambda a, b: High(_mp().hypot(a, b)),
    "logaddexp": lambda a, b: High(_logaddexp(a, b)),
    "logaddexp2": lambda a, b: High(_logaddexp(a * _mp().log(2), b * _mp().log(2)) / _mp().log(2)),
    "copysign": lambda a, b: High(abs(a) if b >= 0 else -abs(a)),
    "heaviside": lambda a, b: High(b if a == 0 else _mp().mpf(a > 0)),
    "sign": lambda a: High(_mp().sign(a)),
    "trunc": lambda a: High(_mp().floor(a) if a >= 0 else _mp().ceil(a)),
    "signbit": lambda a: bool(a < 0),
    "isfinite": lambda a: bool(_mp().isfinite(a)),
    "isnan": lambda a: bool(_mp().isnan(a)),
    "isinf": lambda a: bool(_mp().isinf(a)),
}
"""What NumPy does not ask the elements of an object array for."""


class HighArray(np.ndarray[Any, np.dtype[Any]]):
    """An object array of `High`, on which the functions of `UFUNCS` work too."""

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        plain = [np.asarray(x) if isinstance(x, HighArray) else x for x in inputs]
        if "out" in options:
            options["out"] = tuple(np.asarray(x) if isinstance(x, HighArray) else x for x in options["out"])
        compute = UFUNCS.get(ufunc.__name__) if method == "__call__" else None
        if compute is None:
            found = getattr(ufunc, method)(*plain, **options)
        else:
            found = np.frompyfunc(lambda *xs: compute(*map(_real, xs)), ufunc.nin, 1)(*plain)
            if ufunc.__name__.startswith("is") or ufunc.__name__ == "signbit":
                found = np.asarray(found, dtype=bool)[()]
        return found.view(HighArray) if isinstance(found, np.ndarray) and found.dtype == object else found


def high_array(values: Any) -> HighArray:
    """Mpmath numbers as an array that NumPy's functions take."""
    return np.array([High(v) for v in values], dtype=object).view(HighArray)
