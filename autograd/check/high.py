"""f at 60 digits: numbers of mpmath that NumPy's functions can work on, in object arrays.

They never turn into floats in silence: an f that rounds to float64 inside fails on them, and is not judged by them.
"""

from __future__ import annotations

import operator
import threading
from collections.abc import Callable
from typing import Any

import numpy as np


class _Seen(threading.local):
    """What has been done with numbers since it was set to False.

    Where they are compared, a program takes branches, as a solver's loop does. Rounding is to whole numbers, to another
    dtype, or to the nearest in a table.
    """

    comparison = False
    rounding = False


seen = _Seen()


def _mp() -> Any:
    import mpmath

    return mpmath


def _operator(compute: Callable[[Any, Any], Any]) -> Any:
    def method(self: High, other: Any) -> Any:
        b = number(other)
        return NotImplemented if b is None else High(compute(self.v, b))

    return method


def _reflected(compute: Callable[[Any, Any], Any]) -> Any:
    def method(self: High, other: Any) -> Any:
        b = number(other)
        return NotImplemented if b is None else High(compute(b, self.v))

    return method


def _comparison(compare: Callable[[Any, Any], Any]) -> Any:
    def method(self: High, other: Any) -> Any:
        b = number(other)
        if b is None:
            return NotImplemented
        answer = bool(compare(self.v, b))
        seen.comparison = True
        return answer

    return method


def _function(name: str) -> Any:
    """The method that computes mpmath's function of that name."""

    def method(self: High) -> High:
        return High(getattr(_mp(), name)(self.v))

    return method


def _rounding(name: str) -> Any:
    """The method that rounds by mpmath's function of that name."""

    def method(self: High, *digits: Any) -> High:
        seen.rounding = True
        return High(getattr(_mp(), name)(self.v))

    return method


class High:
    """A number of mpmath with the methods that NumPy looks for on objects: ``np.sin(x)`` calls ``x.sin()``."""

    __slots__ = ("v",)

    def __init__(self, v: Any) -> None:
        self.v = v

    def __float__(self) -> float:
        raise TypeError("a number of 60 digits is not turned into a float in silence")

    def __int__(self) -> int:
        seen.rounding = True
        raise TypeError("a number of 60 digits is not cut to a whole number in silence")

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

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        # A function of numbers is one of arrays without axes: NumPy asks a number for fewer functions.
        arrays = [np.array(x, dtype=object).view(HighArray) if isinstance(x, High) else x for x in inputs]
        return getattr(ufunc, method)(*arrays, **options)

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

    def exp2(self) -> High:
        return High(2**self.v)

    def log2(self) -> High:
        return High(_mp().log(self.v) / _mp().log(2))

    def cbrt(self) -> High:
        return High(_mp().sign(self.v) * _mp().cbrt(abs(self.v)))

    __add__, __radd__ = _operator(operator.add), _reflected(operator.add)
    __sub__, __rsub__ = _operator(operator.sub), _reflected(operator.sub)
    __mul__, __rmul__ = _operator(operator.mul), _reflected(operator.mul)
    __truediv__, __rtruediv__ = _operator(operator.truediv), _reflected(operator.truediv)
    __pow__, __rpow__ = _operator(operator.pow), _reflected(operator.pow)
    __mod__, __rmod__ = _operator(operator.mod), _reflected(operator.mod)
    __lt__, __le__ = _comparison(operator.lt), _comparison(operator.le)
    __gt__, __ge__ = _comparison(operator.gt), _comparison(operator.ge)
    __eq__, __ne__ = _comparison(operator.eq), _comparison(operator.ne)

    # By NumPy's names, for which it looks for a method of an object; in brackets mpmath's.
    exp, expm1, log, log1p, log10 = map(_function, ("exp", "expm1", "log", "log1p", "log10"))
    sqrt, sign = map(_function, ("sqrt", "sign"))
    floor, ceil, rint = map(_rounding, ("floor", "ceil", "nint"))
    __floor__, __ceil__, __round__ = floor, ceil, rint
    sin, cos, tan = map(_function, ("sin", "cos", "tan"))
    arcsin, arccos, arctan = map(_function, ("asin", "acos", "atan"))
    sinh, cosh, tanh = map(_function, ("sinh", "cosh", "tanh"))
    arcsinh, arccosh, arctanh = map(_function, ("asinh", "acosh", "atanh"))
    degrees, radians = map(_function, ("degrees", "radians"))
    deg2rad, rad2deg = radians, degrees

    # What engines' numbers have as methods besides, so that their programs run on these.
    def relu(self) -> High:
        return self if self.v > 0 else High(0 * self.v)

    def sigmoid(self) -> High:
        return High(1 / (1 + _mp().exp(-self.v)))


def number(x: Any) -> Any:
    """The mpmath number in or for `x`, or None."""
    if isinstance(x, High):
        return x.v
    if isinstance(x, (float, int, np.number, np.bool_)) and not isinstance(x, (complex, np.complexfloating)):
        return _mp().mpf(float(x))
    if isinstance(x, np.ndarray) and x.ndim == 0:
        return number(x[()])
    return None


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
    "trunc": lambda a: High(a).floor() if a >= 0 else High(a).ceil(),
    "signbit": lambda a: bool(a < 0),
    "isfinite": lambda a: bool(_mp().isfinite(a)),
    "isnan": lambda a: bool(_mp().isnan(a)),
    "isinf": lambda a: bool(_mp().isinf(a)),
}
"""What NumPy does not ask the elements of an object array for."""


TABLES = (np.interp, np.searchsorted, np.digitize)
"""Functions that look numbers up."""


class HighArray(np.ndarray[Any, np.dtype[Any]]):
    """An object array of `High`, on which the functions of `UFUNCS` work too."""

    def astype(self, dtype: Any, *options: Any, **more: Any) -> Any:
        if np.dtype(dtype) != object:
            seen.rounding = True
        return super().astype(dtype, *options, **more)

    def __array_function__(self, function: Any, *call: Any) -> Any:
        if function in TABLES:
            seen.rounding = True
        return super().__array_function__(function, *call)

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
