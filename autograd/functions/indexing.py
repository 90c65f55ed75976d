"""Taking elements out by index, and its adjoint: adding them back where they came from."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd.following import follower, followers
from autograd.functions.register import along, arraylike, flat_or_axis, implement, is_other_array, refuse
from autograd.node import Node, stored
from autograd.rules.arrays import Linear
from autograd.types import Array, Axis, Cotangent, Index

BOOL = np.dtype(bool)

LONG_ROW = 128
"""From so many numbers on, adding row by row takes less time than finding out which rows can go together."""


def add_at(shape: tuple[int, ...], index: Index, g: Cotangent, distinct: bool = False) -> Any:
    """Zeros of `shape` with `g` added at `index`; where an index repeats, all its parts are summed.

    `distinct` says that none does.
    """
    if is_other_array(g):
        return _add_at_of_others(shape, index, g, distinct)
    if distinct or not _may_repeat(index):
        filled = np.zeros(shape, dtype=g.dtype)
        if isinstance(index, np.ndarray) and index.dtype == bool and index.shape == shape:
            filled.reshape(-1)[np.flatnonzero(index)] = g  # twice as fast as by the mask
        else:
            filled[index] = g
        return filled
    rows = _along_one_axis(index)
    if rows is not None and g.size:
        axis, numbers = rows
        numbers = numbers % shape[axis]
        if axis == 0 and g.size >= LONG_ROW * len(g):
            filled = np.zeros(shape, dtype=g.dtype)
            for number, row in zip(numbers.tolist(), g):
                filled[number] += row
            return filled
        most = int(np.bincount(numbers).max())
        if most > 1 and axis == len(shape) - 1 and g.dtype in (np.float64, np.float32, np.float16):
            row = shape[axis]  # every element at its number in the memory of the whole
            return _summed_by_number(np.arange(0, math.prod(shape), row)[:, None] + numbers, g, shape)
        if most * shape[axis] <= 4 * numbers.size or most == 1:
            return _add_in_rounds(shape, axis, numbers, g, most)
    if g.dtype not in (np.float64, np.float32, np.float16, np.complex128, np.complex64):
        filled = np.zeros(shape, dtype=g.dtype)
        np.add.at(filled, index, g)
        return filled
    places = np.arange(math.prod(shape)).reshape(shape)[index].ravel()
    if g.dtype.kind == "c":
        real, imaginary = _summed_by_number(places, g.real, shape), _summed_by_number(places, g.imag, shape)
        return (real + 1j * imaginary).astype(g.dtype, copy=False)
    return _summed_by_number(places, g, shape)


def _summed_by_number(places: Any, g: Cotangent, shape: tuple[int, ...]) -> Array:
    """An array of `shape` with the elements of `g` (real) added up at their numbers in its memory."""
    sums = np.bincount(places.ravel(), weights=g.ravel(), minlength=math.prod(shape))
    return sums.astype(g.dtype, copy=False).reshape(shape)


def _add_at_of_others(shape: tuple[int, ...], index: Index, g: Cotangent, distinct: bool) -> Any:
    """The same for another library's array, which need not know ``np.add.at``."""
    filled = np.zeros_like(g, shape=shape)
    if distinct or not _may_repeat(index):
        filled[index] = g
        return filled
    rows = _along_one_axis(index)
    if rows is None:
        raise NotImplementedError("adding to elements that are named several times")
    axis, numbers = rows
    for k, number in enumerate((numbers % shape[axis]).tolist()):
        place = along(axis, slice(number, number + 1))
        filled[place] = filled[place] + g[along(axis, slice(k, k + 1))]
    return filled


def _add_in_rounds(shape: tuple[int, ...], axis: int, numbers: Any, g: Cotangent, most: int) -> Array:
    """Whole rows at a time: first every row's first part, then its second …"""
    filled = np.zeros(shape, dtype=g.dtype)
    if most == 1:
        filled[along(axis, numbers)] = g
        return filled
    order = np.argsort(numbers, kind="stable")
    ordered = numbers[order]
    turn = np.empty_like(order)
    turn[order] = np.arange(numbers.size) - np.searchsorted(ordered, ordered)  # how many equals came before
    for k in range(most):
        now = np.flatnonzero(turn == k)  # in the order of g, which is then read from one end to the other
        place = along(axis, numbers[now])
        filled[place] = g[along(axis, now)] if k == 0 else filled[place] + g[along(axis, now)]
    return filled


def _along_one_axis(index: Index) -> tuple[int, Any] | None:
    """The axis and the numbers, if `index` is one vector of integers behind full slices."""
    parts = index if isinstance(index, tuple) else (index,)
    last = parts[-1]
    if not (isinstance(last, np.ndarray) and last.ndim == 1 and last.dtype.kind in "iu" and last.size):
        return None
    if not all(isinstance(p, slice) and p == slice(None) for p in parts[:-1]):
        return None
    return len(parts) - 1, last.astype(np.intp, copy=False)  # a length may be too large for the dtype of the numbers


def _may_repeat(index: Index) -> bool:
    """Whether `index` may name an element twice: only arrays of integers can."""
    if type(index) is int or type(index) is slice:
        return False
    parts = index if isinstance(index, tuple) else (index,)
    return any(hasattr(part, "__len__") and getattr(part, "dtype", None) != BOOL for part in parts)


def _pull_part(node: Any, g: Cotangent, cotangents: Any, give: Any) -> None:
    """Add to a part of the whole's cotangent where no element is named twice; else by way of the rule."""
    x, index = node._origin[1], node._static["index"]
    distinct = node._static.get("distinct", False)
    if not x._data.ndim or g.dtype.kind == "c" or (_may_repeat(index) and not distinct):
        give(x, add_at(x._data.shape, index, g, distinct))
    else:
        give.part(x, index, g)


getitem = Linear(
    "getitem",
    lambda x, index, distinct=False: x[index],
    lambda g, x, index, distinct=False: scatter(g, index=index, shape=np.shape(stored(x)), distinct=distinct),
    pull_arrays=_pull_part,
    doc="The elements of x at an index.",
    local="{g} at its places, 0 elsewhere",
)

scatter: Linear = Linear(
    "scatter",
    lambda g, index, shape, distinct=False: add_at(shape, index, g, distinct),
    lambda g, x, index, shape, distinct=False: getitem(g, index=index, distinct=distinct),
    doc="Zeros with numbers added at an index: the adjoint of getitem.",
    local="{g} at its places",
)


def checked(index: Index) -> Any:
    """`index` as it can be kept: copies of index arrays, and no Tensors in it.

    Raises
    ------
    TypeError
        If a Tensor is used as an index.
    """
    if type(index) is int or type(index) is slice:
        return index
    if followers and (who := follower()) is not None:
        return who.kept_index(index)
    parts = index if isinstance(index, tuple) else (index,)
    kept = []
    for part in parts:
        if isinstance(part, Node):
            raise TypeError("a Tensor cannot be an index, it holds real numbers; use an array of integers or a mask")
        kept.append(numbers_of_index(part))
    return tuple(kept) if isinstance(index, tuple) else kept[0]


def numbers_of_index(part: Any) -> Any:
    """A part of an index as it can be kept: a fresh array of what names several elements, be it a tuple or a range."""
    if not hasattr(part, "__len__") or is_other_array(part):
        return part
    array = np.array(part)
    return array if array.size or isinstance(part, np.ndarray) else array.astype(np.intp)


def take(a: Array, indices: Array, axis: Axis = None, out: Any = None, mode: str = "raise") -> Any:
    refuse("take", out=out)
    a, i = flat_or_axis(a, axis, of_number=True)
    indices = arraylike(indices)
    if isinstance(indices, np.ndarray) and indices.dtype.kind in "biu":  # truth values are 0 and 1 here, no mask
        indices = indices.astype(np.intp)
    if mode == "wrap":
        indices = indices % a.shape[i]
    elif mode == "clip":
        indices = np.clip(indices, 0, a.shape[i] - 1)
    return a[along(i, indices)]


def take_along_axis(arr: Array, indices: Any, axis: Axis = -1) -> Any:
    arr, i = flat_or_axis(arr, axis)
    return taken_along(arr, arraylike(indices), i)


def taken_along(arr: Array, indices: Any, i: int, distinct: bool = False) -> Any:
    """The elements of `arr` at `indices` along axis i; `distinct` says that no element is taken twice."""
    if indices.ndim != arr.ndim:
        raise ValueError(f"indices need {arr.ndim} axes as the array has, not {indices.ndim}")
    # Along the other axes every element stays where it is; those of length 1 broadcast.
    sizes = [n if k == i else max(n, m) for k, (n, m) in enumerate(zip(indices.shape, arr.shape))]
    index = [np.zeros_like(at) if n == 1 else at for at, n in zip(np.ogrid[tuple(map(slice, sizes))], arr.shape)]
    index[i] = indices
    return getitem(arr, index=tuple(index), distinct=distinct) if isinstance(arr, Node) else arr[tuple(index)]


def compress(condition: Any, a: Array, axis: Axis = None, out: Any = None) -> Any:
    refuse("compress", out=out)
    a, i = flat_or_axis(a, axis, of_number=True)
    chosen = np.flatnonzero(condition)
    if chosen.size and chosen[-1] >= a.shape[i]:
        raise IndexError(f"the condition chooses element {chosen[-1]} of axis {i}, which has {a.shape[i]}")
    return _kept(a, i, np.bincount(chosen, minlength=a.shape[i]).astype(bool))


def extract(condition: Any, arr: Array) -> Array:
    return compress(np.ravel(condition), np.reshape(arraylike(arr), -1), 0)


def delete(arr: Array, obj: Any, axis: Axis = None) -> Any:
    arr, i = flat_or_axis(arr, axis)
    kept = np.zeros(arr.shape[i], dtype=bool)
    kept[np.delete(np.arange(arr.shape[i]), obj)] = True
    return _kept(arr, i, kept)


def _kept(a: Array, i: int, kept: Any) -> Array:
    """The elements along axis i where the mask `kept` holds: as slices where it has few gaps."""
    jumps = np.flatnonzero(np.diff(kept, prepend=False, append=False)).reshape(-1, 2).tolist()
    if len(jumps) == 1:
        return a[along(i, slice(*jumps[0]))]
    if 1 < len(jumps) <= 4:
        return np.concatenate([a[along(i, slice(*jump))] for jump in jumps], axis=i)
    return getitem(a, index=along(i, np.flatnonzero(kept)), distinct=True)


implement(
    {
        np.take: take,
        np.take_along_axis: take_along_axis,
        np.compress: compress,
        np.extract: extract,
        np.delete: delete,
    }
)
