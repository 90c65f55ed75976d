"""What a gradient function must keep to besides being right: pure, repeatable, and careful with memory.

Each check calls f and vjp in some way that programs do and returns the violations it finds as (name, sentence).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from .limits import EPS, SAME_GRADIENT
from .problem import Problem, ShapeError
from .richardson import Array

Violation = tuple[str, str]


def _bits(parts: Any) -> list[bytes | None]:
    """The exact contents, to tell whether something has been changed."""
    items = parts if isinstance(parts, (list, tuple)) else [parts]
    return [None if p is None else np.asarray(p).tobytes() for p in items]


def _arrays(parts: Any) -> list[Any]:
    return list(parts) if isinstance(parts, (list, tuple)) else [parts]


def _copy(parts: Any) -> Any:
    if isinstance(parts, (list, tuple)):
        return type(parts)(_copy(p) for p in parts)
    return parts.copy() if isinstance(parts, np.ndarray) else parts


def purity(p: Problem, g: Array, z2: Array | None) -> Iterator[Violation]:
    """Inputs and cotangent unchanged; the same call gives the same bits, whatever was called in between."""
    xs, ct = p.fresh(), p.cotangent(g)
    before_x, before_g = _bits(xs), _bits(ct)
    y = p.value(xs)
    if _bits(xs) != before_x:
        yield "changes its input", "f changes its input in place"
        xs = p.fresh()
    first_y = _bits(y)
    first = p.raw(ct, xs)
    for i, (a, b) in enumerate(zip(_bits(xs), before_x, strict=True)):
        if a != b:
            yield "changes its input", f"vjp changes input {i} in place"
    if _bits(ct) != before_g:
        yield "changes the cotangent", "vjp changes the cotangent in place"
    kept = _bits(first)
    again = p.raw(p.cotangent(g), p.fresh())
    if _bits(again) != kept:
        yield "not deterministic", "vjp called twice with the same arguments gives two different gradients"
        return
    # Other calls in between: another cotangent, f and vjp at another point, then the first call again.
    p.raw(p.cotangent(-3 * g), p.fresh())
    if _bits(first) != kept:
        yield "shared buffer", "a later call of vjp overwrites the gradients that an earlier one returned"
        return
    if z2 is not None:
        try:
            p.value(p.split(z2, dtype=True))
            stale = p.raw(p.cotangent(g), p.fresh())
            if _bits(stale) != kept:
                yield (
                    "stale cache",
                    (
                        "vjp(g, x) depends on what f was called with last: "
                        "after f at another point it gives another gradient"
                    ),
                )
            p.raw(p.cotangent(g), p.split(z2, dtype=True))
            stale = p.raw(p.cotangent(g), p.fresh())
            if _bits(stale) != kept:
                yield "stale cache", "vjp(g, x) gives another gradient after vjp was called at another point"
        except Exception:  # off the given point f and vjp may raise what they like
            pass
        if _bits(first) != kept:
            yield "shared buffer", "a later call overwrites the gradients that an earlier one returned"
        if _bits(y) != first_y:
            yield "shared buffer", "a later call overwrites the value that f returned"
    # Used as gradients are: added to in place. The next call must not feel it.
    mine = p.raw(p.cotangent(g), p.fresh())
    for r in mine:
        if isinstance(r, np.ndarray) and r.flags.writeable and r.size:
            r += 1
    if _bits(p.raw(p.cotangent(g), p.fresh())) != kept:
        yield "shared buffer", "vjp hands out its own memory: adding to a returned gradient changes the next one"


def memory(p: Problem, g: Array) -> Iterator[Violation]:
    """Gradients that may be added to share no memory with each other or with the inputs."""
    xs = p.fresh()
    results = p.raw(p.cotangent(g), xs)
    writable = [
        (i, r) for i, r in enumerate(results) if isinstance(r, np.ndarray) and r.flags.writeable and r.size and r.ndim
    ]
    for i, r in writable:
        for j, x in enumerate(xs):
            if isinstance(x, np.ndarray) and np.shares_memory(r, x):
                yield (
                    "shares memory",
                    f"the gradient of input {i} is a view of input {j}: adding to it changes the input",
                )
        for k, other in writable:
            if i < k and np.shares_memory(r, other):
                yield (
                    "shares memory",
                    (f"the gradients of inputs {i} and {k} share memory: adding to one changes the other"),
                )


def _read_only(a: Any) -> Any:
    if not isinstance(a, np.ndarray):
        return a
    a = a.copy()
    a.flags.writeable = False
    return a


def _strided(a: Any) -> Any:
    if not isinstance(a, np.ndarray) or a.ndim == 0:
        return a
    room = np.full((*a.shape[:-1], 2 * a.shape[-1]), 7.0, dtype=a.dtype)
    room[..., ::2] = a
    return room[..., ::2]


def _backwards(a: Any) -> Any:
    return a[::-1].copy()[::-1] if isinstance(a, np.ndarray) and a.ndim else a


def _fortran(a: Any) -> Any:
    return np.asfortranarray(a) if isinstance(a, np.ndarray) and a.ndim > 1 else a


def _spread(a: Any) -> Any:
    """All entries the same, in the memory of one (what np.broadcast_to gives)."""
    return np.broadcast_to(a.ravel()[0].copy(), a.shape) if isinstance(a, np.ndarray) and a.size else a


def _each(change: Callable[[Any], Any], parts: Any) -> Any:
    if isinstance(parts, (list, tuple)):
        return type(parts)(change(p) for p in parts)
    return change(parts)


def layouts(p: Problem, g: Array, reference: Array) -> Iterator[Violation]:
    """The same numbers in other memory give the same gradient: read-only, strided, reversed, Fortran-ordered."""
    arrays = [x for x in [*p.xs, *_arrays(p.cotangent(g))] if isinstance(x, np.ndarray)]
    if not arrays:
        return
    variants: list[tuple[str, Callable[[Any], Any]]] = [("read-only", _read_only)]
    if any(a.ndim and a.size > 1 for a in arrays):
        variants += [("strided (non-contiguous)", _strided), ("reversed (negative strides)", _backwards)]
    if any(a.ndim > 1 for a in arrays):
        variants.append(("Fortran-ordered", _fortran))
    size = float(np.abs(reference).max(initial=0.0))
    for name, change in variants:
        try:
            got = p.gradients(p.raw(_each(change, p.cotangent(g)), [change(x) for x in p.fresh()]))
        except ShapeError as error:
            yield "layout", f"with {name} inputs {error}"
            continue
        except Exception as error:
            yield "layout", f"vjp fails on {name} inputs: {type(error).__name__}: {error}"
            continue
        if _far(got, reference, size, p.eps):
            yield "layout", f"vjp gives another gradient for {name} inputs with the same numbers"


def _far(a: Array, b: Array, size: float, eps: float) -> bool:
    with np.errstate(all="ignore"):
        differ = ~(
            (a == b) | (np.isnan(a) & np.isnan(b)) | (np.abs(a - b) <= SAME_GRADIENT * (eps / EPS) ** 0.5 * size)
        )
    return bool(differ.any())


def repeated(p: Problem, g: Array, reference: Array) -> Iterator[Violation]:
    """One array in several places: as two inputs f(x, x), as a broadcast view, as a buffer that is filled anew."""

    usual = float(np.abs(reference).max(initial=0.0))

    def gradient(xs: Sequence[Any], ct: Any) -> Array | None:
        try:
            return p.gradients(p.raw(ct, xs))
        except Exception:  # off the given point f and vjp may raise what they like
            return None

    for i in range(len(p.xs)):
        for k in range(i + 1, len(p.xs)):
            if p.shapes[i] == p.shapes[k] and p.dtypes[i] == p.dtypes[k] and isinstance(p.xs[i], np.ndarray):
                xs = p.fresh()
                xs[k] = xs[i].copy()
                try:
                    value = p.flatten(_arrays(p.value(_copy(xs))))
                except Exception:  # off the given point f and vjp may raise what they like
                    continue
                if value.shape != p.y.shape or not np.isfinite(value).all():
                    continue
                apart = gradient(xs, p.cotangent(g))
                xs[k] = xs[i]
                together = gradient(xs, p.cotangent(g))
                if (
                    apart is not None
                    and np.isfinite(apart).all()
                    and (
                        together is None
                        or _far(together, apart, max(usual, float(np.abs(apart).max(initial=0))), p.eps)
                    )
                ):
                    yield (
                        "repeated input",
                        f"f(x, x) with one array as inputs {i} and {k} gives another gradient than with a copy",
                    )
    arrays = [x for x in p.xs if isinstance(x, np.ndarray) and x.size > 1]
    if arrays:
        spread = [_spread(x) for x in p.fresh()]
        copies = [np.array(x) if isinstance(x, np.ndarray) else x for x in spread]
        plain = gradient(copies, p.cotangent(g))
        view = gradient(spread, p.cotangent(g))
        if (
            plain is not None
            and np.isfinite(plain).all()
            and (view is None or _far(view, plain, max(usual, float(np.abs(plain).max(initial=0))), p.eps))
        ):
            yield "layout", "vjp gives another gradient for a broadcast view than for a copy with the same numbers"
    if g.size > 1:
        same = np.full(g.shape, g[0])
        ct = p.cotangent(same)
        plain, view = gradient(p.fresh(), ct), gradient(p.fresh(), _each(_spread, ct))
        if (
            plain is not None
            and np.isfinite(plain).all()
            and (view is None or _far(view, plain, max(usual, float(np.abs(plain).max(initial=0))), p.eps))
        ):
            yield "layout", "vjp gives another gradient for a cotangent that is a broadcast view"


def refilled(p: Problem, g: Array, z2: Array | None) -> Iterator[Violation]:
    """A buffer that is filled with new numbers is a new input, though it is the same object."""
    if z2 is None or not any(isinstance(x, np.ndarray) and x.size for x in p.xs):
        return
    other = p.split(z2, dtype=True)
    try:
        expected = p.gradients(p.raw(p.cotangent(g), _copy(other)))
        buffers = p.fresh()
        p.value(buffers)
        p.raw(p.cotangent(g), buffers)
        for b, o in zip(buffers, other, strict=True):
            if isinstance(b, np.ndarray):
                b[...] = o
        buffers = [b if isinstance(b, np.ndarray) else o for b, o in zip(buffers, other, strict=True)]
        got = p.gradients(p.raw(p.cotangent(g), buffers))
    except Exception:  # off the given point f and vjp may raise what they like
        return
    if np.isfinite(expected).all() and _far(got, expected, float(np.abs(expected).max(initial=0)), p.eps):
        yield "stale cache", "vjp takes an array that was filled with new numbers for the old one"
