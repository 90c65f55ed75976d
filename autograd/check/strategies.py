"""Hypothesis strategies for points at which to check gradients.

They are plain hypothesis strategies. Zero, equal entries, ±1/2, ±1 and the ends of the domain come often, since
kinks, ties and edges are where gradients go wrong; the rest is spread evenly and over all magnitudes.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from .domains import NAMED, Domain

Shape = tuple[int, ...]


def interval(low: float, high: float) -> SearchStrategy[float]:
    """Numbers of ``[low, high]``: special values first, then evenly, then over all magnitudes.

    Examples
    --------
    >>> from hypothesis import find
    >>> find(interval(-10, 10), lambda x: x > 5) <= 10
    True
    """
    if not (math.isfinite(low) and math.isfinite(high)):
        raise ValueError(f"a domain needs finite ends, got ({low}, {high}): use large numbers instead of inf")
    if low > high:
        raise ValueError(f"the domain ({low}, {high}) is empty: its low end lies above its high end")
    special = [v for v in (0.0, 1.0, -1.0, 0.5, -0.5, 2.0, -2.0, 3.0) if low <= v <= high] or [low]
    special += [v for v in (low, high) if v not in special]
    tiny = [v for v in (1e-8, -1e-8, 1e-3, -1e-3) if low <= v <= high]
    if low == high:
        return st.just(float(low))
    # Hypothesis draws integers evenly only from ranges of less than 2^24.
    even = st.integers(0, 2**22).map(lambda k: low + (high - low) * k / 2**22)
    return st.one_of(
        st.sampled_from([float(v) for v in special]),
        even,
        even,
        st.floats(low, high, allow_nan=False, allow_subnormal=False),
        st.sampled_from(tiny) if tiny else even,
    )


def log_scale(low: float = 1e-6, high: float = 1e6, signed: bool = False) -> SearchStrategy[float]:
    """Numbers whose logarithm is spread evenly between those of `low` and `high`; `signed`: of either sign."""
    if not 0 < low <= high < math.inf:
        raise ValueError(f"a log-scale needs 0 < low <= high < inf, got ({low}, {high})")
    a, b = math.log10(low), math.log10(high)
    special = [v for v in (1.0, 0.5, 2.0, low, high) if low <= v <= high]
    even = st.integers(0, 2**20).map(lambda k: min(max(10 ** (a + (b - a) * k / 2**20), low), high))
    magnitude = st.one_of(st.sampled_from(special), even, even)
    if not signed:
        return magnitude
    return st.tuples(magnitude, st.booleans()).map(lambda p: -p[0] if p[1] else p[0])


def near(points: Sequence[float], distance: float = 1e-6) -> SearchStrategy[float]:
    """The points themselves and numbers within `distance` of them, on either side: near-kinks."""
    if not points:
        raise ValueError("near() needs at least one point")
    offsets = st.one_of(
        st.just(0.0),
        st.sampled_from([distance, -distance, distance / 1000, -distance / 1000]),
        st.floats(-distance, distance),
    )
    return st.tuples(st.sampled_from([float(p) for p in points]), offsets).map(lambda t: t[0] + t[1])


def shapes(max_dims: int = 2, max_side: int = 3, min_side: int = 1) -> SearchStrategy[Shape]:
    """Small shapes, simplest first: (1,), (2,), …, (), and up to `max_dims` dimensions."""
    side = st.integers(min_side, max_side)
    dims = st.integers(0, max_dims)
    return st.one_of(st.tuples(side), dims.flatmap(lambda n: st.tuples(*[side] * n)))


@st.composite
def broadcast_partners(draw: Any, shape: Shape) -> Shape:
    """A shape that broadcasts with `shape`, to that same shape: sides replaced by 1, leading sides dropped."""
    partner = [draw(st.sampled_from([side, 1])) for side in shape]
    return tuple(partner[draw(st.integers(0, len(partner))) :])


def axes(ndim: int) -> SearchStrategy[Any]:
    """What NumPy takes as `axis` for `ndim` dimensions: None, one axis (also negative), or a tuple of axes."""
    if ndim == 0:
        return st.none()
    one = st.integers(-ndim, ndim - 1)
    several = st.lists(st.integers(0, ndim - 1), unique=True, min_size=1).map(tuple)
    return st.one_of(st.none(), one, several)


def dtypes() -> SearchStrategy[Any]:
    """float64, and now and then float32."""
    return st.sampled_from([np.dtype(np.float64), np.dtype(np.float64), np.dtype(np.float32)])


@st.composite
def layouts(draw: Any, arrays_: SearchStrategy[Any]) -> Any:
    """The same arrays in other memory: contiguous, Fortran-ordered, strided, reversed, read-only."""
    a = draw(arrays_)
    kind = draw(st.sampled_from(["plain", "fortran", "strided", "reversed", "read-only"]))
    if not isinstance(a, np.ndarray) or a.ndim == 0 or kind == "plain":
        return a
    if kind == "fortran":
        return np.asfortranarray(a)
    if kind == "strided":
        return np.repeat(a, 2, axis=-1)[..., ::2]
    if kind == "reversed":
        return a[::-1].copy()[::-1]
    a = a.copy()
    a.flags.writeable = False
    return a


@st.composite
def arrays(
    draw: Any, elements: SearchStrategy[float], shape: Shape | SearchStrategy[Shape] = (), dtype: Any = np.float64
) -> Any:
    """Arrays with the given elements; now and then with ties (all entries equal, or two of them)."""
    shape = draw(shape) if isinstance(shape, SearchStrategy) else shape
    size = math.prod(shape)
    if size > 1 and draw(st.integers(0, 9)) == 0:
        values = [draw(elements)] * size
    else:
        values = [draw(elements) for _ in range(size)]
        if size > 1 and draw(st.integers(0, 9)) == 0:
            values[-1] = values[0]
    a = np.array(values, dtype=dtype).reshape(shape)
    return a if shape else a[()]


@st.composite
def simplexes(draw: Any, n: int | None = None) -> Any:
    """Vectors of positive numbers with sum 1."""
    n = draw(st.integers(2, 4)) if n is None else n
    parts = np.array([draw(interval(0.05, 1.0)) for _ in range(n)])
    return parts / parts.sum()


@st.composite
def positive_definite(draw: Any, n: int | None = None) -> Any:
    """Symmetric matrices with all eigenvalues at least 1/4."""
    n = draw(st.integers(1, 3)) if n is None else n
    a = draw(arrays(interval(-2.0, 2.0), (n, n)))
    return a @ a.T + 0.25 * np.eye(n)


@st.composite
def symmetric(draw: Any, n: int | None = None) -> Any:
    """Symmetric matrices."""
    n = draw(st.integers(1, 3)) if n is None else n
    a = draw(arrays(interval(-2.0, 2.0), (n, n)))
    return (a + a.T) / 2


WHOLE = {"simplex": (simplexes, 1), "positive definite": (positive_definite, 2), "symmetric": (symmetric, 2)}


def elements(domain: Any) -> SearchStrategy[float]:
    """The strategy for one number of a domain: a name, a pair (low, high), or a strategy of numbers."""
    if isinstance(domain, SearchStrategy):
        return domain
    if isinstance(domain, str):
        if domain in NAMED:
            return interval(*NAMED[domain])
        if domain == "nonzero":
            return interval(-10.0, 10.0).filter(lambda x: abs(x) >= 1e-3)
        if domain == "log":
            return log_scale()
        if domain == "signed log":
            return log_scale(signed=True)
        known = sorted([*NAMED, *WHOLE, "nonzero", "log", "signed log"])
        raise ValueError(f"unknown domain {domain!r}: use one of {', '.join(known)}, a pair (low, high), or a strategy")
    if isinstance(domain, Domain):
        return interval(domain.low, domain.high)
    if isinstance(domain, (tuple, list)) and len(domain) == 2:
        return interval(float(domain[0]), float(domain[1]))
    raise TypeError(
        f"a domain is a name, a pair (low, high), vector(n, low, high) and the like, or a strategy, got {domain!r}"
    )


def points(
    domain: Any, shape: Shape | SearchStrategy[Shape] | None = None, dtype: Any = np.float64
) -> SearchStrategy[Any]:
    """The strategy for one whole input.

    Parameters
    ----------
    domain
        A name ("real", "positive", "simplex", …), a pair (low, high), a `Domain` (``vector(5, -2, 2)``),
        a strategy of numbers, a strategy of arrays (with
        ``shape=None`` used as it is), a fixed array, or a dict, list, tuple or dataclass of these.
    shape
        The shape, or a strategy of shapes.
    """
    if isinstance(domain, SearchStrategy) and shape is None:
        return domain
    if isinstance(domain, (np.ndarray, float)):
        return st.just(domain)
    if holds_domains(domain):
        return containers(domain, dtype)
    if isinstance(domain, Domain) and domain.shape and shape is None:
        if domain.kind == "box":
            return arrays(elements(domain), domain.shape, dtype)
        whole = {"simplex": simplexes, "positive definite": positive_definite, "symmetric": symmetric}
        return whole[domain.kind](domain.shape[0])
    if isinstance(domain, str) and domain in WHOLE:
        make, ndim = WHOLE[domain]
        fixed = shape if isinstance(shape, tuple) else None
        if fixed is not None and len(fixed) != ndim:
            raise ValueError(f"the domain {domain!r} has {ndim} dimension(s), but shape {fixed} was asked for")
        return make(fixed[0] if fixed else None)
    return arrays(elements(domain), () if shape is None else shape, dtype)


def holds_domains(x: Any) -> bool:
    """Whether `x` is a dict, list, tuple or dataclass of domains rather than one."""
    if isinstance(x, (list, tuple)):
        return not (len(x) == 2 and all(isinstance(v, (int, float)) for v in x))
    return isinstance(x, dict) or (dataclasses.is_dataclass(x) and not isinstance(x, (type, Domain)))


def containers(domains: Any, dtype: Any = np.float64) -> SearchStrategy[Any]:
    """Dicts, lists, tuples and dataclasses of points, from one of domains; what is no domain is held fixed.

    Examples
    --------
    >>> from hypothesis import find
    >>> sorted(find(containers({"w": (0, 1), "steps": 3}), lambda p: p["w"] > 0.2))
    ['steps', 'w']
    """

    def part(domain: Any) -> SearchStrategy[Any]:
        fixed = domain is None or isinstance(domain, (int, np.integer))
        return st.just(domain) if fixed else points(domain, dtype=dtype)

    if isinstance(domains, dict):
        return st.fixed_dictionaries({key: part(value) for key, value in domains.items()}).map(type(domains))
    if isinstance(domains, (list, tuple)):
        make = type(domains)
        parts = st.tuples(*map(part, domains))
        return parts.map(lambda values: make(*values) if hasattr(make, "_fields") else make(values))
    return st.builds(type(domains), **{f.name: part(getattr(domains, f.name)) for f in dataclasses.fields(domains)})
