"""Functions of arrays that NumPy has not, or not in the form that the table needs."""

from __future__ import annotations

import math
from functools import cache
from typing import Any, Callable

import numpy as np


def sigmoid(x: Any) -> Any:
    """1/(1 + e⁻ˣ) without overflow, also of complex numbers."""
    if x.dtype.kind == "c":
        return 1 / (1 + np.exp(-x))
    e = np.exp(-np.abs(x))
    return np.where(x >= 0, 1, e) / (1 + e)


def quotient(a: Any, b: Any) -> Any:
    """a/b, also of two numbers of Python: one divided by 0 follows IEEE, as an array does."""
    return float(np.float64(a) / b) if type(a) is float is type(b) and not b else a / b


def power(a: Any, b: Any) -> Any:
    """aᵇ. NumPy has a short way for the exponent ½, and none for −½, which its derivative asks for."""
    if type(b) is float and b == -0.5 and type(a) is np.ndarray and holds_for_all(a > 0, a):
        root = np.sqrt(a)
        return np.divide(1, root, out=root)
    return np.power(a, b)


IN_FORMULAS: dict[Any, Callable[..., Any]] = {np.true_divide: quotient, np.power: power}
"""What arrays compute with in derivatives, instead of NumPy's function."""


def holds_for_all(condition: Any, a: Any) -> bool:
    """Whether an array `a` is all of ``where(condition, a, …)``; another library is not asked."""
    return (
        hasattr(a, "shape")
        and isinstance(condition, (np.ndarray, np.generic, bool))
        and bool(np.logical_and.reduce(condition, axis=None))
    )


def guarded(condition: Any, a: Any, b: Any) -> Any:
    """np.where, and `a` itself where the condition holds for all of it."""
    return a if holds_for_all(condition, a) else np.where(condition, a, b)


def guarded_later(condition: Any, a: Any, b: Callable[[], Any]) -> Any:
    """The same, with `b` computed only if it is needed."""
    return a if holds_for_all(condition, a) else np.where(condition, a, b())


def share(a: Any, b: Any) -> Any:
    """1 where a > b, ½ where they are equal, else 0."""
    if type(b) is float and type(a) is np.ndarray:
        dtype, b = a.dtype, np.array(b, a.dtype)  # which is compared faster, and twice
    else:
        dtype = np.result_type(a, b, np.float16)
    ties, larger_a = np.equal(a, b), np.greater(a, b)
    if type(ties) is not np.ndarray:
        return np.where(ties, 0.5, larger_a).astype(dtype)
    shares = larger_a.astype(dtype)
    if holds_somewhere(ties):
        shares[ties] = 0.5
    return shares


def holds_somewhere(condition: Any) -> bool:
    """Whether any of an array of truth values is true. (Searching a few bytes is faster than NumPy's call.)"""
    return 1 in condition.tobytes() if condition.size <= 1 << 16 else bool(condition.any())


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
    found: Callable[..., Any] = getattr(scipy.special, name)
    return found


def _in_its_own_type(name: str, x: Any) -> Any:
    y = _special(name)(x)
    return y.astype(x.dtype) if getattr(x, "dtype", None) == np.float16 else y  # SciPy has none for halves


def erf(x: Any) -> Any:
    """The error function: SciPy's, which is compiled, or else the standard library's, number by number."""
    return _in_its_own_type("erf", x)


def erfc(x: Any) -> Any:
    """Its complement 1 − erf(x), likewise."""
    return _in_its_own_type("erfc", x)
