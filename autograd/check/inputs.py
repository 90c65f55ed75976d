"""Which inputs to draw for a function: their names, a domain for each, and the shapes that it takes together."""

from __future__ import annotations

import inspect
import itertools
from collections.abc import Callable, Sequence
from typing import Any

import hypothesis
import numpy as np
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from . import strategies
from .domains import NAMED, Domain
from .judge import quiet
from .trees import mapped


def parameters(f: Callable[..., Any]) -> list[str]:
    """The names of the inputs: the positional parameters of f without a default."""
    try:
        found = inspect.signature(f).parameters.values()
    except ValueError:
        return ["x"] * getattr(f, "nin", 1)
    return [p.name for p in found if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD) and p.default is p.empty]


def domains_of(f: Callable[..., Any], domains: Sequence[Any]) -> list[Any]:
    names = parameters(f)
    count = len(names) or max(len(domains), 1)
    if len(domains) == 2 and count != 2 and all(isinstance(v, (int, float)) for v in domains):
        domains = [tuple(domains)]
    if len(domains) in (0, 1):
        return list(domains or ["real"]) * count
    if len(domains) != count and names:
        raise TypeError(
            f"f takes {count} input(s) ({', '.join(names)}), but {len(domains)} domains are given: "
            "one for each, or one for all"
        )
    return list(domains)


def strategy_of(
    f: Callable[..., Any], domains: Sequence[Any], shape: Any, value: Callable[..., Any]
) -> SearchStrategy[tuple[Any, ...]]:
    """The strategy of whole tuples of inputs: of the shapes asked for, or else of all shapes that f takes together."""
    each = domains_of(f, domains)
    if shape is not None:
        return st.tuples(*separate(f, domains, shape, value))
    ready = [strategies.points(d) if _whole(d) else None for d in each]
    if all(r is not None for r in ready):
        return st.tuples(*ready)
    together = _shapes_taken(value, each, ready)
    return st.sampled_from(together).flatmap(
        lambda shapes: st.tuples(
            *[r if r is not None else strategies.points(d, s) for d, r, s in zip(each, ready, shapes, strict=True)]
        )
    )


def separate(
    f: Callable[..., Any], domains: Sequence[Any], shape: Any, value: Callable[..., Any]
) -> list[SearchStrategy[Any]]:
    """One strategy for each input."""
    each = domains_of(f, domains)
    if shape is None:
        ready = [strategies.points(d) if _whole(d) else None for d in each]
        shapes = [s for s in _shapes_taken(value, each, ready) if len(set(s)) == 1] or [tuple(() for _ in each)]
        pick: list[Any] = [shapes[-1][i] for i in range(len(each))]
        if len(each) == 1:
            pick = [st.sampled_from([s[0] for s in shapes])]
        return [r if r is not None else strategies.points(d, s) for d, r, s in zip(each, ready, pick, strict=True)]
    listed = shape if isinstance(shape, list) else [shape] * len(each)
    if len(listed) != len(each):
        raise TypeError(f"{len(listed)} shapes for {len(each)} inputs: give one for each, in a list, or one for all")
    return [strategies.points(d, (s,) if isinstance(s, int) else s) for d, s in zip(each, listed, strict=True)]


def _whole(domain: Any) -> bool:
    """Whether a domain brings its own shape."""
    if isinstance(domain, SearchStrategy):
        return not _of_numbers(domain)
    if isinstance(domain, Domain):
        return bool(domain.shape)
    if strategies.holds_domains(domain):
        return True
    return isinstance(domain, (np.ndarray, float)) or (isinstance(domain, str) and domain in strategies.WHOLE)


def _of_numbers(strategy: SearchStrategy[Any]) -> bool:
    sample = hypothesis.find(
        strategy,
        lambda x: True,
        settings=settings(database=None, deadline=None, max_examples=20, suppress_health_check=list(HealthCheck)),
    )
    return isinstance(sample, (int, float)) and not isinstance(sample, np.ndarray)


SINGLE = [(1,), (), (2,), (3,), (2, 2), (2, 3), (4,), (1, 3), (3, 3)]


def _shapes_taken(f: Callable[..., Any], each: Sequence[Any], ready: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Combinations of shapes on which f runs: equal ones, then pairs that broadcast."""
    if len(each) == 1:
        trials: list[tuple[Any, ...]] = [(s,) for s in SINGLE]
    else:
        trials = [tuple(s for _ in each) for s in SINGLE]
        mixed = [(2,), (), (1,), (2, 3), (3,), (2, 1), (1, 3), (3, 2)]
        trials += [
            t for t in itertools.product(mixed, repeat=min(len(each), 3)) if len(set(t)) > 1 and len(t) == len(each)
        ]
    good = []
    for shapes in trials:
        xs = [
            np.full(s, _inside(d))[()] if r is None else _simplest(r)
            for d, r, s in zip(each, ready, shapes, strict=True)
        ]
        try:
            with quiet():
                y = f(*[mapped(lambda v: v.copy() if isinstance(v, np.ndarray) else v, x) for x in xs])
        except Exception:
            continue
        if y is not None:
            good.append(shapes)
        if len(good) >= 24:
            break
    if not good:
        raise TypeError(f"{getattr(f, '__name__', 'f')} takes inputs of none of the shapes {SINGLE}: pass shape=")
    return good


def _simplest(strategy: SearchStrategy[Any]) -> Any:
    return hypothesis.find(
        strategy,
        lambda x: True,
        settings=settings(database=None, deadline=None, suppress_health_check=list(HealthCheck)),
    )


def _inside(domain: Any) -> float:
    if isinstance(domain, str) and domain in NAMED:
        low, high = NAMED[domain]
    elif isinstance(domain, Domain):
        low, high = domain.low, domain.high
    elif isinstance(domain, (tuple, list)) and len(domain) == 2:
        low, high = float(domain[0]), float(domain[1])
    else:
        low, high = 0.5, 1.5
    return 0.45 * low + 0.55 * high
