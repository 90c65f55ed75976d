"""One case of the corpus, and the namespace that lets a function run on NumPy or, to prove its label, on mpmath."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

try:
    import mpmath
except ImportError:  # needed for the proof of the labels alone
    mpmath = None

Sample = Callable[[np.random.Generator], tuple[Any, ...]]


@dataclass
class Case:
    """A function, a claimed gradient, points to try it at, and the label.

    `f` takes a namespace first (NumPy, or `High` for mpmath): ``f(m, *xs)``. `make` builds a fresh pair
    (f, vjp) where those share state; otherwise the pair is ``f(np, *xs)`` and `vjp`.
    """

    name: str
    category: str
    right: bool
    f: Callable[..., Any]
    vjp: Callable[..., Any] | None
    sample: Sample
    make: Callable[[], tuple[Callable[..., Any], Callable[..., Any]]] | None = None
    breach: Callable[[Callable[..., Any], Callable[..., Any], tuple[Any, ...]], bool] | None = None
    """For a protocol bug, whose numbers are right: shows the breach on a pair and a point."""

    def pair(self) -> tuple[Callable[..., Any], Callable[..., Any]]:
        if self.make is not None:
            return self.make()
        f = self.f
        assert self.vjp is not None
        return (lambda *xs: f(np, *xs)), self.vjp


@dataclass
class Corpus:
    cases: list[Case] = field(default_factory=list)

    def add(self, name: str, category: str, right: bool, f: Any, vjp: Any, sample: Sample, **more: Any) -> None:
        assert all(c.name != name for c in self.cases), name
        self.cases.append(Case(name, category, right, f, vjp, sample, **more))


def _each(function: Callable[..., Any]) -> Callable[..., Any]:
    return (
        np.frompyfunc(function, function.__code__.co_argcount, 1)
        if hasattr(function, "__code__")
        else np.frompyfunc(function, 1, 1)
    )


class _High:
    """NumPy's names on object arrays of mpf; what NumPy can do on objects by itself (sum, matmul, sort, …) it does."""

    linalg: Any

    def __getattr__(self, name: str) -> Any:
        if name in ("inf", "pi"):
            return getattr(mpmath, name)
        elementwise = {
            "exp": mpmath.exp,
            "log": mpmath.log,
            "sin": mpmath.sin,
            "cos": mpmath.cos,
            "tan": mpmath.tan,
            "tanh": mpmath.tanh,
            "sinh": mpmath.sinh,
            "cosh": mpmath.cosh,
            "sqrt": mpmath.sqrt,
            "expm1": mpmath.expm1,
            "log1p": mpmath.log1p,
            "arctan": mpmath.atan,
            "arcsin": mpmath.asin,
            "arccos": mpmath.acos,
            "cbrt": lambda x: mpmath.sign(x) * mpmath.cbrt(abs(x)),
            "sign": mpmath.sign,
            "floor": mpmath.floor,
            "log10": mpmath.log10,
            "log2": lambda x: mpmath.log(x, 2),
            "erf": mpmath.erf,
            "isfinite": mpmath.isfinite,
            "round": lambda x: mpmath.nint(x),
            "square": lambda x: x * x,
            "absolute": abs,
        }
        if name in elementwise:
            function = elementwise[name]
            return lambda x, *rest: np.frompyfunc(lambda a: function(mpmath.mpf(a)), 1, 1)(x)
        return getattr(np, name)

    @staticmethod
    def arctan2(y: Any, x: Any) -> Any:
        return np.frompyfunc(mpmath.atan2, 2, 1)(y, x)

    @staticmethod
    def logaddexp(a: Any, b: Any) -> Any:
        return np.frompyfunc(lambda p, q: mpmath.log(mpmath.exp(p) + mpmath.exp(q)), 2, 1)(a, b)

    @staticmethod
    def hypot(a: Any, b: Any) -> Any:
        return np.frompyfunc(lambda p, q: mpmath.sqrt(p * p + q * q), 2, 1)(a, b)

    @staticmethod
    def single(x: Any) -> Any:
        """Where the float64 program computes in single precision, the exact one does not."""
        return x


class _Linalg:
    @staticmethod
    def _matrix(a: Any) -> Any:
        return mpmath.matrix(a.tolist())

    @classmethod
    def solve(cls, a: Any, b: Any) -> Any:
        x = mpmath.lu_solve(cls._matrix(a), mpmath.matrix(np.asarray(b, dtype=object).reshape(-1, 1).tolist()))
        return np.array([x[i] for i in range(len(b))], dtype=object)

    @classmethod
    def inv(cls, a: Any) -> Any:
        return np.array((cls._matrix(a) ** -1).tolist(), dtype=object).reshape(a.shape)

    @classmethod
    def det(cls, a: Any) -> Any:
        return mpmath.det(cls._matrix(a))

    @classmethod
    def slogdet(cls, a: Any) -> Any:
        d = mpmath.det(cls._matrix(a))
        return mpmath.sign(d), mpmath.log(abs(d))

    @staticmethod
    def norm(a: Any) -> Any:
        return mpmath.sqrt(sum(v * v for v in np.ravel(a)))


High = _High()
High.linalg = _Linalg


def normal(*shapes: tuple[int, ...]) -> Sample:
    return lambda rng: tuple(rng.normal(size=s) for s in shapes)


def uniform(low: float, high: float, *shapes: tuple[int, ...]) -> Sample:
    return lambda rng: tuple(rng.uniform(low, high, size=s) for s in shapes)


def logscale(low: float, high: float, *shapes: tuple[int, ...]) -> Sample:
    """Magnitudes from 10^low to 10^high."""
    return lambda rng: tuple(10 ** rng.uniform(low, high, size=s) for s in shapes)


def at(*points: Any) -> Sample:
    """One of a few fixed points: kinks, ties, zeros."""
    return lambda rng: tuple(np.array(x, dtype=float) for x in points[rng.integers(len(points))])
