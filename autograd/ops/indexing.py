"""Taking elements out by index, and its adjoint: adding them back where they came from."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.ops.functions import implements, normalised_axes, refuse
from autograd.ops.rule import Linear, plain


def add_at(shape: tuple[int, ...], index: Any, g: Any) -> Any:
    """Zeros of `shape` with `g` added at `index`; where an index repeats, all its parts are summed."""
    filled = np.zeros(shape, dtype=g.dtype)
    if _repeats(index):
        np.add.at(filled, index, g)
    else:
        filled[index] = g
    return filled


def _repeats(index: Any) -> bool:
    """Whether `index` may name an element twice: only arrays of integers can."""
    if type(index) is int or type(index) is slice:
        return False
    parts = index if isinstance(index, tuple) else (index,)
    return any(isinstance(part, (np.ndarray, list)) and np.asarray(part).dtype.kind != "b" for part in parts)


getitem = Linear(
    "getitem", lambda x, index: x[index],
    lambda g, x, index: scatter(g, index=index, shape=np.shape(plain(x))),
    doc="The elements of x at an index.",
)  # fmt: skip

scatter = Linear(
    "scatter", lambda g, index, shape: add_at(shape, index, g),
    lambda g, x, index, shape: g[index],
    doc="Zeros with numbers added at an index: the adjoint of getitem.",
)  # fmt: skip


def _pull_part(node: Any, g: Any, give: Any) -> None:
    """Add to a part of the whole's cotangent where no element is named twice; else by way of the rule."""
    x, index = node._origin[1], node._static["index"]
    if g.dtype.kind == "c" or _repeats(index):
        give(x, add_at(x._data.shape, index, g))
    else:
        give.part(x, index, g)


getitem.pull_arrays = _pull_part


def checked(index: Any) -> Any:
    """`index` as it can be kept: copies of index arrays, and no Tensors in it.

    Raises
    ------
    TypeError
        If a Tensor is used as an index.
    """
    if type(index) is int or type(index) is slice:
        return index
    parts = index if isinstance(index, tuple) else (index,)
    kept = []
    for part in parts:
        if hasattr(part, "_origin"):
            raise TypeError("a Tensor cannot be an index, it holds real numbers; use an array of integers or a mask")
        if isinstance(part, (np.ndarray, list)):
            part = np.array(part, dtype=np.intp) if isinstance(part, list) and not part else np.array(part)
        kept.append(part)
    return tuple(kept) if isinstance(index, tuple) else kept[0]


@implements(np.take)
def take(a: Any, indices: Any, axis: Any = None, out: Any = None, mode: str = "raise") -> Any:
    refuse("take", out=out)
    if axis is None:
        a, axis = np.reshape(a, -1), 0
    (i,) = normalised_axes(axis, a.ndim)
    indices = np.asarray(indices)
    if mode == "wrap":
        indices = indices % a.shape[i]
    elif mode == "clip":
        indices = np.clip(indices, 0, a.shape[i] - 1)
    return a[(slice(None),) * i + (indices,)]


@implements(np.take_along_axis)
def take_along_axis(arr: Any, indices: Any, axis: Any = -1) -> Any:
    if axis is None:
        arr, axis = np.reshape(arr, -1), 0
    (i,) = normalised_axes(axis, arr.ndim)
    indices = np.asarray(indices)
    if indices.ndim != arr.ndim:
        raise ValueError(f"indices need {arr.ndim} axes as the array has, not {indices.ndim}")
    # Along the other axes every element stays where it is; those of length 1 broadcast.
    sizes = [n if k == i else max(n, m) for k, (n, m) in enumerate(zip(indices.shape, arr.shape))]
    index = [np.zeros_like(at) if n == 1 else at for at, n in zip(np.ogrid[tuple(map(slice, sizes))], arr.shape)]
    index[i] = indices
    return arr[tuple(index)]


@implements(np.compress)
def compress(condition: Any, a: Any, axis: Any = None, out: Any = None) -> Any:
    refuse("compress", out=out)
    if axis is None:
        a, axis = np.reshape(a, -1), 0
    return take(a, np.flatnonzero(condition), axis)


@implements(np.extract)
def extract(condition: Any, arr: Any) -> Any:
    return take(np.reshape(arr, -1), np.flatnonzero(np.ravel(condition)), 0)


@implements(np.delete)
def delete(arr: Any, obj: Any, axis: Any = None) -> Any:
    if axis is None:
        arr, axis = np.reshape(arr, -1), 0
    (i,) = normalised_axes(axis, arr.ndim)
    return take(arr, np.delete(np.arange(arr.shape[i]), obj), i)
