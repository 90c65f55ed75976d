"""Repeating, joining, inserting, and making grids: compositions of broadcasting, concatenation and indexing."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.functions.register import (
    along,
    arraylike,
    flat_or_axis,
    implement,
    named,
    normalised_axes,
)
from autograd.node import Node, plain
from autograd.types import Array, Axis


def tile(A: Array, reps: Any) -> Any:
    A = arraylike(A)
    reps = tuple(int(n) for n in np.atleast_1d(reps))
    reps = (1,) * (A.ndim - len(reps)) + reps
    shape = (1,) * (len(reps) - A.ndim) + A.shape
    apart = np.reshape(A, [n for length in shape for n in (1, length)])
    repeated = np.broadcast_to(apart, [n for pair in zip(reps, shape) for n in pair])
    return np.reshape(repeated, [r * n for r, n in zip(reps, shape)])


def repeat(a: Array, repeats: Any, axis: Axis = None) -> Any:
    a, i = flat_or_axis(a, axis, of_number=True)
    repeats = np.asarray(repeats)
    if repeats.size != 1:
        return np.take(a, np.repeat(np.arange(a.shape[i]), repeats), i)
    n = int(repeats.reshape(()))
    if n < 0:
        raise ValueError("repeats may not contain negative values")
    repeated = np.broadcast_to(np.expand_dims(a, i + 1), (*a.shape[: i + 1], n, *a.shape[i + 1 :]))
    return np.reshape(repeated, (*a.shape[:i], a.shape[i] * n, *a.shape[i + 1 :]))


def append(arr: Array, values: Array, axis: int | None = None) -> Any:
    return np.concatenate([arraylike(arr), arraylike(values)], axis=axis)


def insert(arr: Array, obj: Any, values: Array, axis: Axis = None) -> Any:
    if isinstance(obj, Node):
        raise TypeError("np.insert takes positions as integers, not as a Tensor")
    arr, i = flat_or_axis(arr, axis)
    n, values = arr.shape[i], arraylike(values)
    if values.dtype != arr.dtype:
        values = values.astype(arr.dtype)
    places = np.arange(n)[obj] if isinstance(obj, slice) else np.asarray(obj)
    places = np.flatnonzero(places) if places.dtype == bool else places.astype(np.intp)
    if np.any((places < -n) | (places > n)):
        raise IndexError(f"index {obj} is out of bounds for axis {i} with size {n}")
    if places.size == 1:
        values = np.reshape(values, (1,) * (arr.ndim - values.ndim) + values.shape)
        if not places.ndim:  # a single number lines the values' first axis up with the insertion's
            values = np.moveaxis(values, 0, i)
        at, count = places.item() % n if places.item() < 0 else places.item(), values.shape[i]
        new = np.broadcast_to(values, (*arr.shape[:i], count, *arr.shape[i + 1 :]))
        return np.concatenate([arr[along(i, slice(None, at))], new, arr[along(i, slice(at, None))]], axis=i)
    # NumPy inserts numbers that stand for the new elements; those tell where each of them goes.
    order = np.insert(np.arange(n), places, np.arange(n, n + places.size))
    new = np.broadcast_to(values, (*arr.shape[:i], places.size, *arr.shape[i + 1 :]))
    return np.take(np.concatenate([arr, new], axis=i), order, i)


def resize(a: Array, new_shape: Any) -> Any:
    shape = (new_shape,) if isinstance(new_shape, (int, np.integer)) else tuple(new_shape)
    flat = np.reshape(arraylike(a), -1)
    if any(n < 0 for n in shape):
        raise ValueError("all elements of `new_shape` must be non-negative")
    count = int(np.prod(shape, dtype=int))
    if not flat.size:
        return np.zeros(shape, flat.dtype)
    copies = -(-count // flat.size)
    return np.reshape(np.tile(flat, copies)[:count], shape)


def block(arrays: Any) -> Array:
    def depth(part: Any) -> int:
        if not isinstance(part, list):
            return 0
        if not part:
            raise ValueError("np.block got an empty list")
        depths = {depth(one) for one in part}
        if len(depths) > 1:
            raise ValueError("np.block: lists are nested to different depths")
        return 1 + depths.pop()

    def flat(part: Any) -> list[Any]:
        return [x for one in part for x in flat(one)] if isinstance(part, list) else [arraylike(part)]

    deep = depth(arrays)
    ndim = max(deep, *(x.ndim for x in flat(arrays)))

    def joined(part: Any, level: int) -> Array:
        if not isinstance(part, list):
            part = arraylike(part)
            return np.reshape(part, (1,) * (ndim - part.ndim) + part.shape)
        return np.concatenate([joined(one, level - 1) for one in part], axis=-level)

    return joined(arrays, deep)


def unstack(x: Array, /, *, axis: int = 0) -> Any:
    (i,) = normalised_axes(axis, x.ndim)
    return tuple(x[along(i, k)] for k in range(x.shape[i]))


def meshgrid(*xi: Any, copy: bool = True, sparse: bool = False, indexing: str = "xy") -> Any:
    if indexing not in ("xy", "ij"):
        raise ValueError("Valid values for `indexing` are 'xy' and 'ij'.")
    arrays = [np.reshape(arraylike(x), -1) for x in xi]
    axes = list(range(len(arrays)))
    if indexing == "xy" and len(arrays) > 1:
        axes[:2] = 1, 0
    grids = [np.reshape(x, [-1 if k == i else 1 for k in range(len(arrays))]) for i, x in zip(axes, arrays)]
    return tuple(grids if sparse else np.broadcast_arrays(*grids))


def trim_zeros(filt: Array, trim: str = "fb", axis: Axis = None) -> Any:
    found = np.argwhere(plain(filt))
    axes = normalised_axes(axis, filt.ndim)
    if not found.size:
        bounds = [(0, 0)] * filt.ndim
    else:
        bounds = list(zip(found.min(axis=0).tolist(), (found.max(axis=0) + 1).tolist()))
    trim = trim.lower()
    return filt[
        tuple(
            slice(first if "f" in trim else None, last if "b" in trim else None) if i in axes else slice(None)
            for i, (first, last) in enumerate(bounds)
        )
    ]


# --- sets: each value stands for the first element that has it ---------------------------------------------


def unique(
    ar: Array,
    return_index: bool = False,
    return_inverse: bool = False,
    return_counts: bool = False,
    axis: int | None = None,
    **options: Any,
) -> Array:
    found: Any = np.unique
    _, index, *others = found(
        plain(ar), return_index=True, return_inverse=return_inverse, return_counts=return_counts, axis=axis, **options
    )
    values = np.reshape(ar, -1)[index] if axis is None else np.take(ar, index, axis)
    results = (values, *([index] if return_index else []), *others)
    return results if len(results) > 1 else values


def _unique_with(counted: Any) -> Any:
    """One of NumPy's functions that give named parts, of which the values carry the derivative."""

    def unique_with(x: Array, /) -> Any:
        return counted(plain(x))._replace(values=unique(x))

    return unique_with


def union1d(ar1: Array, ar2: Array) -> Array:
    return unique(np.concatenate([arraylike(ar1), arraylike(ar2)], axis=None))


def setdiff1d(ar1: Array, ar2: Array, assume_unique: bool = False) -> Any:
    ar1 = np.reshape(arraylike(ar1), -1)
    kept = ar1 if assume_unique else unique(ar1)
    return kept[~np.isin(plain(kept), plain(arraylike(ar2)))]


def setxor1d(ar1: Array, ar2: Array, assume_unique: bool = False) -> Array:
    return np.sort(np.concatenate([setdiff1d(ar1, ar2, assume_unique), setdiff1d(ar2, ar1, assume_unique)]))


implement(
    {
        np.tile: tile,
        np.repeat: repeat,
        np.append: append,
        np.insert: insert,
        np.resize: resize,
        np.block: block,
        **dict.fromkeys(named("unstack"), unstack),
        np.meshgrid: meshgrid,
        np.trim_zeros: trim_zeros,
        np.unique: unique,
        np.union1d: union1d,
        np.setdiff1d: setdiff1d,
        np.setxor1d: setxor1d,
        **dict.fromkeys(named("unique_values"), unique),
        **{f: _unique_with(f) for f in named("unique_all", "unique_counts", "unique_inverse")},
    },
    constant=(np.isin,),
    without_rule={
        "a common value belongs to both arrays, and moves out of the result if either changes; use np.isin for a mask "
        "and index with it": (np.intersect1d,),
    },
)
