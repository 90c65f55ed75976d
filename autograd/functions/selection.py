"""Choosing elements: by a condition, by order, at the edges."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.functions.register import implement, is_other_array, refuse
from autograd.functions.ufuncs import Ufunc
from autograd.node import plain, stored
from autograd.rules import elementwise as e
from autograd.types import Array


def where(condition: Any, x: Array | None = None, y: Any = None, /) -> Array:
    condition = _truth(plain(condition))
    if x is None and y is None:
        return np.nonzero(condition)
    if x is None or y is None:
        raise TypeError("np.where takes numbers to choose from, both or neither, not None (np.nan, say)")
    return e.where(condition if condition.ndim else condition[()], x, y) if condition.ndim else _pick(condition, x, y)


def _truth(condition: Any) -> Array:
    if not is_other_array(condition):
        return np.asarray(condition, dtype=bool)
    return condition if condition.dtype == bool else condition.astype(bool)


def _pick(condition: Any, x: Array, y: Array) -> Array:
    # A single truth value still broadcasts x and y against each other.
    shape = np.broadcast_shapes(np.shape(stored(x)), np.shape(stored(y)))
    return e.where(np.broadcast_to(condition, shape), x, y) if shape else e.where(np.atleast_1d(condition), x, y)[0]


clipped = Ufunc(
    "clip",
    lambda x, low, high: np.clip(x, low, high),
    lambda y, x, low, high: e.share(x, low) * e.share(high, x),
    lambda y, x, low, high: e.share(low, x) * e.share(high, low),
    lambda y, x, low, high: e.share(e.maximum(x, low), high),
    doc="x brought between two bounds; at a bound, both share the gradient.",
    scalars=np.frompyfunc(lambda x, low, high: e.minimum(e.maximum(x, low), high), 3, 1),
)


def clip(
    a: Array,
    a_min: Any = None,
    a_max: Any = None,
    out: Any = None,
    *,
    min: Any = None,
    max: Any = None,
    **options: Any,
) -> Array:
    refuse("clip", out=out, **options)
    low, high = (a_min if min is None else min), (a_max if max is None else max)
    if low is None and high is None:
        raise ValueError("clip needs a_min or a_max")
    if low is None:
        return np.minimum(a, high)
    return np.maximum(a, low) if high is None else clipped(a, low, high)


implement(
    {
        np.where: where,
        np.clip: clip,
    },
    constant=(
        np.less, np.less_equal, np.greater, np.greater_equal, np.equal, np.not_equal, np.isfinite, np.isinf,
        np.isnan, np.signbit, np.logical_and, np.logical_or, np.logical_not, np.logical_xor, np.argmax, np.argmin,
        np.argsort, np.nonzero, np.flatnonzero, np.argwhere, np.count_nonzero, np.searchsorted, np.all, np.any,
        np.shape, np.ndim, np.size, np.zeros_like, np.ones_like, np.empty_like, np.full_like, np.array_equal,
        np.allclose, np.isclose, np.result_type, np.can_cast, np.min_scalar_type, np.array_repr, np.array_str,
        np.array2string, np.iscomplexobj, np.isrealobj, np.may_share_memory, np.shares_memory,
    ),
)  # fmt: skip
