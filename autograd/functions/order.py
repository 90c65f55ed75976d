"""Order statistics: which elements stand where is found on the plain numbers, then those elements are taken.

Ties go to the element that stands at that place in a stable sort; nans stand last. A quantile is a mean of
two neighbours in the sorted order; its derivative follows them.
"""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np

from autograd.functions.indexing import taken_along
from autograd.functions.register import (
    arraylike,
    flag,
    flat_or_axis,
    implement,
    normalised_axes,
    refuse,
    refuse_nodes,
)
from autograd.node import Node, plain
from autograd.types import Array, Axis


def sort(a: Array, axis: Axis = -1, kind: Any = None, order: Any = None, *, stable: Any = None) -> Any:
    refuse("sort", order=order)
    a, i = flat_or_axis(a, axis)
    return taken_along(a, np.argsort(plain(a), axis=i, kind="stable"), i, distinct=True)


def partition(a: Array, kth: Any, axis: Axis = -1, kind: str = "introselect", order: Any = None) -> Any:
    refuse("partition", order=order)
    a, i = flat_or_axis(a, axis)
    # NumPy's own partition says which order it leaves the rest in: the k-th of the sorted elements went
    # where the k-th of the sorted result is.
    done = np.partition(plain(a), kth, axis=i)
    source = np.empty(a.shape, dtype=np.intp)
    np.put_along_axis(source, np.argsort(done, axis=i, kind="stable"), np.argsort(plain(a), axis=i, kind="stable"), i)
    return taken_along(a, source, i, distinct=True)


def median(a: Array, axis: Axis = None, out: Any = None, overwrite_input: bool = False, keepdims: Any = False) -> Any:
    refuse("median", out=out)
    return _quantile(a, 0.5, axis, "linear", keepdims, None, "median")


def quantile(
    a: Array,
    q: Any,
    axis: Axis = None,
    out: Any = None,
    overwrite_input: bool = False,
    method: str = "linear",
    keepdims: Any = False,
    *,
    weights: Any = None,
    interpolation: Any = None,
) -> Any:
    refuse("quantile", out=out, interpolation=interpolation)
    return _quantile(a, q, axis, method, keepdims, weights, "quantile")


def percentile(
    a: Array,
    q: Any,
    axis: Axis = None,
    out: Any = None,
    overwrite_input: bool = False,
    method: str = "linear",
    keepdims: Any = False,
    *,
    weights: Any = None,
    interpolation: Any = None,
) -> Any:
    refuse("percentile", out=out, interpolation=interpolation)
    return _quantile(a, _hundredth(q), axis, method, keepdims, weights, "percentile")


def nanmedian(
    a: Array, axis: Axis = None, out: Any = None, overwrite_input: bool = False, keepdims: Any = np._NoValue
) -> Any:
    refuse("nanmedian", out=out)
    return _quantile(a, 0.5, axis, "linear", keepdims, None, "nanmedian", skip_nans=True)


def nanquantile(
    a: Array,
    q: Any,
    axis: Axis = None,
    out: Any = None,
    overwrite_input: bool = False,
    method: str = "linear",
    keepdims: Any = np._NoValue,
    *,
    weights: Any = None,
    interpolation: Any = None,
) -> Any:
    refuse("nanquantile", out=out, interpolation=interpolation)
    return _quantile(a, q, axis, method, keepdims, weights, "nanquantile", skip_nans=True)


def nanpercentile(
    a: Array,
    q: Any,
    axis: Axis = None,
    out: Any = None,
    overwrite_input: bool = False,
    method: str = "linear",
    keepdims: Any = np._NoValue,
    *,
    weights: Any = None,
    interpolation: Any = None,
) -> Any:
    refuse("nanpercentile", out=out, interpolation=interpolation)
    return _quantile(a, _hundredth(q), axis, method, keepdims, weights, "nanpercentile", skip_nans=True)


def _hundredth(q: Any) -> Any:
    return q if isinstance(q, Node) else np.true_divide(q, 100)


def _quantile(
    a: Array, q: Any, axis: Axis, method: str, keepdims: Any, weights: Any, name: str, skip_nans: bool = False
) -> Any:
    refuse_nodes(f"np.{name}", q=q, weights=weights)
    a = arraylike(a)
    axes = normalised_axes(axis, a.ndim)
    rows, weights = _rows(a, axes, weights)
    numbers = plain(rows)
    order = np.argsort(numbers, axis=-1, kind="stable")
    below, above, between = _places(numbers, order, np.asarray(q, dtype=float), method, weights, skip_nans)
    lower = np.take_along_axis(rows, np.take_along_axis(order, below, -1), -1)
    upper = np.take_along_axis(rows, np.take_along_axis(order, above, -1), -1)
    share = between.astype(np.result_type(a.dtype, np.float64) if np.ndim(q) else a.dtype)
    distance = upper - lower
    y = np.where(share < 0.5, lower + distance * share, upper - distance * (1 - share))
    y = np.where(below == above, lower, y)  # also where it is infinite
    undefined = np.isnan(numbers)
    undefined = np.all(undefined, axis=-1) if skip_nans else np.any(undefined, axis=-1)
    if np.any(undefined):
        if skip_nans:
            warnings.warn("All-NaN slice encountered", RuntimeWarning, stacklevel=3)
        y = np.where(undefined[..., None], np.nan, y)
    kept = tuple(1 if i in axes else n for i, n in enumerate(a.shape)) if flag(keepdims) else rows.shape[:-1]
    return np.reshape(np.moveaxis(y, -1, 0), np.shape(q) + kept)


def _rows(a: Array, axes: tuple[int, ...], weights: Any) -> tuple[Any, Any]:
    """The array, and its weights, with `axes` as one last axis."""
    rest = [i for i in range(a.ndim) if i not in axes]
    shape = [a.shape[i] for i in rest]
    if weights is not None:
        weights = np.asarray(weights)
        if weights.shape != a.shape:
            if weights.shape != tuple(a.shape[i] for i in axes):
                raise ValueError("Shape of weights must be consistent with shape of a along specified axis.")
            weights = np.broadcast_to(weights.reshape([a.shape[i] if i in axes else 1 for i in range(a.ndim)]), a.shape)
        weights = weights.transpose(*rest, *axes).reshape([*shape, -1])
    length = math.prod([a.shape[i] for i in axes])
    return np.reshape(np.transpose(a, (*rest, *axes)), [*shape, length]), weights


def _places(numbers: Any, order: Any, q: Any, method: str, weights: Any, skip_nans: bool) -> tuple[Any, Any, Any]:
    """For each row and quantile: the two places in its sorted order, and how far between them.

    Every method is linear between neighbours, so that the quantile of the ranks 0, 1, 2 … is the place.
    """
    length = numbers.shape[-1]
    if not length:
        raise IndexError("cannot take the quantile of an empty axis")
    how: Any = {"method": method}
    places = np.empty((*numbers.shape[:-1], q.size))
    counts = np.sum(~np.isnan(numbers), axis=-1) if skip_nans else np.full(numbers.shape[:-1], length)
    if weights is None:
        for count in np.unique(counts).tolist():
            places[counts == count] = np.quantile(np.arange(max(count, 1), dtype=float), q.ravel(), **how)
    else:
        for row in np.ndindex(*numbers.shape[:-1]):
            ranks = np.arange(max(int(counts[row]), 1), dtype=float)
            sorted_weights = weights[row][order[row]][: ranks.size]
            places[row] = np.quantile(ranks, q.ravel(), weights=sorted_weights, **how)
    below = np.floor(places)
    return below.astype(np.intp), np.ceil(places).astype(np.intp), places - below


implement(
    {
        np.sort: sort,
        np.partition: partition,
        np.median: median,
        np.quantile: quantile,
        np.percentile: percentile,
        np.nanmedian: nanmedian,
        np.nanquantile: nanquantile,
        np.nanpercentile: nanpercentile,
    },
    constant=(np.argpartition, np.lexsort),
    without_rule={
        "it orders complex numbers; sort by a key: t[np.argsort(key)]": (np.sort_complex,),
    },
)
