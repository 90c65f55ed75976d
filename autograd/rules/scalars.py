"""Functions of one float that neither `math` nor NumPy has in the form that the table needs."""

from __future__ import annotations

import math
from functools import cache
from typing import Any, Callable

import numpy as np


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


def sigmoid_array(x: Any) -> Any:
    """1/(1 + e⁻ˣ) without overflow, also of complex numbers."""
    if x.dtype.kind == "c":
        return 1 / (1 + np.exp(-x))
    e = np.exp(-np.abs(x))
    return np.where(x >= 0, 1, e) / (1 + e)


def elementwise(f: Callable[[float], float]) -> Callable[[Any], Any]:
    """`f` for arrays, element by element, in the array's floating dtype: for functions that NumPy lacks."""
    ufunc = np.frompyfunc(f, 1, 1)

    def on_array(x: Any) -> Any:
        return ufunc(x).astype(np.result_type(x, np.float16)) if np.ndim(x) else x.dtype.type(f(float(x)))

    return on_array


@cache
def _special(name: str) -> Callable[[Any], Any]:
    # Looked for at the first use: importing SciPy takes longer than all else that this package imports.
    try:
        import scipy.special
    except ImportError:
        return elementwise(getattr(math, name))
    return getattr(scipy.special, name)  # type: ignore[no-any-return]


def _in_its_own_type(name: str, x: Any) -> Any:
    y = _special(name)(x)
    return y.astype(x.dtype) if getattr(x, "dtype", None) == np.float16 else y  # SciPy has none for halves


def erf_array(x: Any) -> Any:
    """The error function: SciPy's, which is compiled, or else the standard library's, number by number."""
    return _in_its_own_type("erf", x)


def erfc_array(x: Any) -> Any:
    """Its complement 1 − erf(x), likewise."""
    return _in_its_own_type("erfc", x)
