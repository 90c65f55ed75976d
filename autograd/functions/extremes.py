"""The largest and the smallest element along axes, alone and both together; ties share the gradient equally."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.functions.broadcasting import spread
from autograd.functions.indexing import scatter
from autograd.functions.register import reducing, summed
from autograd.functions.rows import folded
from autograd.node import plain, stored
from autograd.rules import extremes as numbers
from autograd.rules.arrays import General
from autograd.types import Array, Cotangent

Axes = tuple[int, ...] | None


def _kept(x: Any, axis: Axes) -> list[int]:
    """The shape of an extremum of x, with all axes."""
    axes = range(x.ndim) if axis is None else axis
    return [1 if i in axes else n for i, n in enumerate(x.shape)]


def _winners(y: Any, x: Any, axis: Axes) -> Any:
    """Where the extremum y stands in x, as truth values."""
    return x == (y.item() if type(y) is np.ndarray and y.size == 1 else np.reshape(y, _kept(x, axis)))


def _each_once(winners: Any, y: Any) -> bool:
    """Whether each extremum stands in one place: the gradient then goes to few places, and the rest of it is 0."""
    if type(winners) is not np.ndarray or not winners.ndim or np.count_nonzero(winners) != y.size:
        return False
    return not np.isnan(y).any()  # which is equal to nothing, and another one may stand in two places


def _at(winners: Any, axis: Axes) -> Any:
    """The numbers, in memory, of the places where an extremum stands, each in one of its own."""
    last = winners.ndim - 1
    if axis is None or len(axis) == winners.ndim:
        return winners.argmax().reshape(1)
    if axis != (last,):
        return np.flatnonzero(winners)  # faster than nonzero
    at = winners.argmax(axis=last).ravel()
    at += np.arange(0, winners.size, winners.shape[last])
    return at


def _places(at: Any, shape: tuple[int, ...], axis: Axes) -> tuple[Any, Any]:
    """Those places in an array, and in its extremum with all axes."""
    places = np.unravel_index(at, shape)
    axes = range(len(shape)) if axis is None else axis
    return places, tuple(np.zeros_like(at) if i in axes else at for i, at in enumerate(places))


def _share(g: Cotangent, y: Array, x: Array, axis: Axes, keepdims: bool) -> Any:
    winners = _winners(plain(y), plain(x), axis)
    if _each_once(winners, plain(y)):
        places, sources = _places(_at(winners, axis), winners.shape, axis)
        return scatter(np.reshape(g, _kept(x, axis))[sources], index=places, shape=winners.shape, distinct=True)
    share = winners.astype(stored(x).dtype)
    return spread(g, x, axis, keepdims) * (share / summed(share, axis, keepdims=True))


def _pull(node: Any, g: Cotangent, cotangents: Any, give: Any) -> None:
    """Add to the few places alone, where x has a gradient already."""
    x, y, axis = node._origin[1], node._data, node._static["axis"]
    winners = _winners(y, x._data, axis)
    if _each_once(winners, y):
        places, sources = _places(_at(winners, axis), winners.shape, axis)
        give.part(x, places, np.reshape(g, _kept(x._data, axis))[sources])
    else:
        give(x, _share(g, y, x._data, **node._static))


def _largest_of_numbers(x: Any, axis: Axes, keepdims: bool) -> Any:
    return folded(lambda row: numbers.largest(*row), x, axis, keepdims)


def _smallest_of_numbers(x: Any, axis: Axes, keepdims: bool) -> Any:
    return folded(lambda row: numbers.smallest(*row), x, axis, keepdims)


largest = General(
    "np.max",
    reducing(np.maximum, np.max),
    lambda g, y, x, axis, keepdims: (_share(g, y, x, axis, keepdims),),
    pull_arrays=_pull,
    doc="The largest element along an axis; ties share the gradient equally.",
    local="{g} where {0} is largest, 0 elsewhere",
    scalars=_largest_of_numbers,
)

smallest = General(
    "np.min",
    reducing(np.minimum, np.min),
    lambda g, y, x, axis, keepdims: (_share(g, y, x, axis, keepdims),),
    pull_arrays=_pull,
    doc="The smallest element along an axis; ties share the gradient equally.",
    local="{g} where {0} is smallest, 0 elsewhere",
    scalars=_smallest_of_numbers,
)


def _ends(x: Any, axis: Axes, keepdims: bool) -> Array:
    return np.stack([largest.compute(x, axis, keepdims), smallest.compute(x, axis, keepdims)])


def _pull_ends(node: Any, g: Cotangent, cotangents: Any, give: Any) -> None:
    """Both to their places at once, where each stands in one of its own: there are no more places than ends."""
    x, y, axis = node._origin[1], node._data, node._static["axis"]
    if type(x._data) is np.ndarray and np.all(y[0] > y[1]):  # and none is nan
        top, bottom = (_winners(end, x._data, axis) for end in y)
        at = np.flatnonzero(np.logical_or(top, bottom, out=bottom))
        if at.size == y.size:
            places, sources = _places(at, top.shape, axis)
            kept = _kept(x._data, axis)
            of_top, of_bottom = (half.reshape(kept)[sources] for half in g)
            give.part(x, places, np.where(top.reshape(-1)[at], of_top, of_bottom))
            return
    give(x, ends.formula(g, y, x._data, **node._static)[0])


ends = General(
    "ends",
    _ends,
    lambda g, y, x, axis, keepdims: (sum(_share(g[i], y[i], x, axis, keepdims) for i in (0, 1)),),
    pull_arrays=_pull_ends,
    doc="The largest and the smallest element along an axis, one after the other.",
    local="{g}₀ where {0} is largest, {g}₁ where it is smallest",
    scalars=lambda x, axis, keepdims: np.stack(
        [_largest_of_numbers(x, axis, keepdims), _smallest_of_numbers(x, axis, keepdims)]
    ),
)
"""The difference of its two parts is ``np.ptp``: they are looked for in one walk over the array's gradient."""
