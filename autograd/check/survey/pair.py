"""One function with its derivative and the domain over which they are compared: the words that registry files use."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..domains import Domain, domain
from ..forms import grad_pair, hessp_pair, jac_pair
from ..judge import quiet
from ..point import check_vjp
from ..report import Report

AT_ONCE = 8
"""A function of one number that works entry by entry is checked at so many numbers in one call."""


Case = tuple[Callable[..., Any], Callable[..., Any], list[Any]]
"""f, vjp and a point."""


@dataclass(frozen=True)
class Pair:
    """A function, its derivative as `check_vjp` takes it, and where to compare them.

    Attributes
    ----------
    name : str
        The function's import path and what is differentiated: ``"stats.norm.cdf"``.
    f, vjp : callable
    domains : sequence
        One for each input.
    points : int
        At so many points (arrays) they are compared.
    at_once : int
        The input is a vector of so many independent numbers of an interval; 0 where it is drawn as a whole.
    cases : sequence
        Given points instead of drawn ones, each with an f and vjp of its own (other parameters of the same function).
    """

    name: str
    f: Callable[..., Any]
    vjp: Callable[..., Any]
    domains: Sequence[Domain]
    points: int = 3
    at_once: int = 0
    options: dict[str, Any] = field(default_factory=dict)
    cases: Sequence[Case] = ()

    def check(self, *xs: Any, **options: Any) -> Report:
        """The judgement at one point; without one, at the first of those that the survey tries."""
        if not xs:
            f, vjp, at = next(self.draw(np.random.default_rng(0)))
            return check_vjp(f, vjp, *at, **{**self.options, **options})
        return check_vjp(self.f, self.vjp, *xs, **{**self.options, **options})

    def draw(self, rng: np.random.Generator) -> Iterator[Case]:
        """What to compare: f, vjp and a point at a time. Numbers at which f has no finite value are left out."""
        yield from self.cases
        if self.cases:
            return
        for _ in range(self.points):
            if not self.at_once:
                yield self.f, self.vjp, [d.draw(rng) for d in self.domains]
                continue
            x = np.array([self.domains[0].draw(rng) for _ in range(self.at_once)])
            with quiet():
                try:
                    x = x[np.isfinite(np.asarray(self.f(x), dtype=float))]
                except Exception:  # one at a time, then, and the check says what is wrong with it
                    pass
            if x.size:
                yield self.f, self.vjp, [x]


def slope(
    name: str, f: Any, df: Any, where: Any = "real", *, vectorize: bool = False, at_once: int = AT_ONCE, **more: Any
) -> Pair:
    """A function of one number and its derivative; both work entry by entry, or are made to (``vectorize=True``)."""
    if vectorize:
        f, df = np.vectorize(f, otypes=[float]), np.vectorize(df, otypes=[float])
    return _pair(name, *jac_pair(_floats(f), _floats(df)), [domain(where)], at_once=at_once, **more)


def gradient(name: str, f: Any, grad: Any, *where: Any, **more: Any) -> Pair:
    """A function with one number as value, and its gradient (``True``: f returns both)."""
    return _pair(name, *grad_pair(f, grad), [domain(d) for d in where], **more)


def jacobian(name: str, f: Any, jac: Any, *where: Any, **more: Any) -> Pair:
    """A function with an array as value, and its Jacobian (a gradient and its Hessian, residuals and theirs)."""
    return _pair(name, *jac_pair(f, jac), [domain(d) for d in where], **more)


def hessian_product(name: str, grad: Any, hessp: Any, where: Any, **more: Any) -> Pair:
    """A gradient, and the product of the Hessian with a vector."""
    return _pair(name, *hessp_pair(grad, hessp), [domain(where)], **more)


def pullback(name: str, f: Any, vjp: Any, *where: Any, **more: Any) -> Pair:
    """A function and its backward pass ``vjp(g, *xs)``."""
    return _pair(name, f, vjp, [domain(d) for d in where], **more)


def _pair(
    name: str, f: Any, vjp: Any, domains: list[Domain], points: int = 3, at_once: int = 0, **options: Any
) -> Pair:
    return Pair(name, f, vjp, domains, points, at_once, options)


def _floats(f: Callable[..., Any]) -> Callable[..., Any]:
    def floats(x: Any) -> Any:
        return np.asarray(f(x), dtype=np.float64)[()]

    return floats


def at_cases(name: str, cases: Sequence[Case]) -> Pair:
    """A function at given points."""
    f, vjp, _ = cases[0]
    return Pair(name, f, vjp, (), cases=tuple(cases))
