"""Rearranging: the same numbers under other indices. Each adjoint puts them back."""

from __future__ import annotations

from typing import Any, Sequence

import numpy as np
from numpy.typing import DTypeLike

from autograd.functions.register import (
    along,
    arraylike,
    implement,
    in_dtype,
    named,
    normalised_axes,
    reduced_axes,
    refuse,
    refuse_nodes,
)
from autograd.node import Node, stored
from autograd.rules.arrays import Linear
from autograd.types import Array, Axis, Cotangent

reshape = Linear(
    "reshape",
    lambda x, shape, order="C": np.reshape(x, shape, order=order),
    lambda g, x, shape, order="C": np.reshape(g, np.shape(stored(x)), order=order),
    doc="The numbers of x in another shape.",
    local="{g} in the shape {shape}",
)

transpose = Linear(
    "transpose",
    lambda x, axes: np.transpose(x, axes),
    lambda g, x, axes: np.transpose(g, None if axes is None else tuple(np.argsort(axes))),
    doc="x with its axes in another order.",
    local="({g})ᵀ",
)


def _part(g: Cotangent, i: int, *arrays: Any, axis: int) -> Array:
    before = sum(np.shape(stored(x))[axis] for x in arrays[:i])
    length = np.shape(stored(arrays[i]))[axis]
    return g[along(axis, slice(before, before + length))]


def _pull_concatenation(node: Any, g: Cotangent, cotangents: Any, give: Any) -> None:
    """Every array's part of g, in one pass."""
    axis, end = node._static["axis"], 0
    for x in node._origin[1:]:
        start, end = end, end + stored(x).shape[axis]
        if isinstance(x, Node):
            give(x, g[along(axis, slice(start, end))])


concatenation = Linear(
    "concatenate",
    lambda *arrays, axis: np.concatenate(arrays, axis=axis),
    _part,
    joint=True,
    pull_arrays=_pull_concatenation,
    doc="The arrays one after the other along an axis.",
    local="its part of {g}",
)


def reshape_(a: Array, /, shape: Any = None, order: str = "C", *, newshape: Any = None, copy: Any = None) -> Any:
    shape = newshape if shape is None else shape
    return reshape(a, shape=shape, order="F" if order == "A" else order) if order != "C" else reshape(a, shape=shape)


def ravel(a: Array, order: str = "C") -> Array:
    return reshape_(a, -1, order)


def transpose_(a: Array, axes: Sequence[int] | None = None) -> Any:
    return transpose(a, axes=None if axes is None else normalised_axes(tuple(axes), a.ndim))


def matrix_transpose(x: Array, /) -> Array:
    return swapaxes(x, -1, -2)


def swapaxes(a: Array, axis1: int, axis2: int) -> Any:
    order = list(range(a.ndim))
    (i,), (j,) = normalised_axes(axis1, a.ndim), normalised_axes(axis2, a.ndim)
    order[i], order[j] = order[j], order[i]
    return transpose(a, axes=tuple(order))


def moveaxis(a: Array, source: Any, destination: Any) -> Any:
    sources, destinations = normalised_axes(source, a.ndim), normalised_axes(destination, a.ndim)
    if len(sources) != len(destinations):
        raise ValueError("source and destination need the same number of axes")
    order = [i for i in range(a.ndim) if i not in sources]
    for to, axis in sorted(zip(destinations, sources)):
        order.insert(to, axis)
    return transpose(a, axes=tuple(order))


def rollaxis(a: Array, axis: int, start: int = 0) -> Any:
    (i,) = normalised_axes(axis, a.ndim)
    to = start + a.ndim if start < 0 else start
    return moveaxis(a, i, to - 1 if i < to else to)


def expand_dims(a: Array, axis: Any) -> Any:
    axes = tuple(axis) if isinstance(axis, (tuple, list)) else (axis,)
    new = normalised_axes(axes, a.ndim + len(axes))
    old = iter(a.shape)
    return reshape(a, shape=tuple(1 if i in new else next(old) for i in range(a.ndim + len(axes))))


def squeeze(a: Array, axis: Axis = None) -> Any:
    axes = [i for i, n in enumerate(a.shape) if n == 1] if axis is None else reduced_axes(axis, a.ndim)
    for i in axes:
        if a.shape[i] != 1:
            raise ValueError(f"cannot squeeze axis {i} of length {a.shape[i]}; only axes of length 1")
    return reshape(a, shape=tuple(n for i, n in enumerate(a.shape) if i not in axes))


def atleast_1d(*arys: Array) -> Any:
    return _each(arys, lambda x: x if np.ndim(x) else np.reshape(x, (1,)))


def atleast_2d(*arys: Array) -> Any:
    return _each(arys, lambda x: x if np.ndim(x) >= 2 else np.reshape(x, (1, -1)))


def atleast_3d(*arys: Array) -> Any:
    def lifted(x: Array) -> Array:
        shape = np.shape(x)
        return x if len(shape) >= 3 else np.reshape(x, {0: (1, 1, 1), 1: (1, -1, 1)}.get(len(shape), (*shape, 1)))

    return _each(arys, lifted)


def _each(arys: Sequence[Any], lifted: Any) -> Any:
    results = tuple(lifted(arraylike(x)) for x in arys)
    return results[0] if len(results) == 1 else results


def broadcast_arrays(*args: Any, subok: bool = False) -> Any:
    shape = np.broadcast_shapes(*[np.shape(stored(x)) for x in args])
    return tuple(np.broadcast_to(x, shape) for x in args)


# --- joining and splitting ---------------------------------------------------------------------------


def concatenate(
    arrays: Any, /, axis: Axis = 0, out: Any = None, *, dtype: DTypeLike | None = None, casting: Any = None
) -> Any:
    refuse("concatenate", out=out, casting=casting)
    arrays = [in_dtype(x, dtype) for x in arrays]
    if axis is None:
        arrays, axis = [np.reshape(x, -1) for x in arrays], 0
    (i,) = normalised_axes(axis, arrays[0].ndim)
    return concatenation(*arrays, axis=i)


def stack(arrays: Any, axis: int = 0, out: Any = None, *, dtype: DTypeLike | None = None, casting: Any = None) -> Any:
    refuse("stack", out=out, casting=casting)
    arrays = [in_dtype(x, dtype) for x in arrays]
    if len({x.shape for x in arrays}) > 1:
        raise ValueError(f"stack needs arrays of one shape, got {[x.shape for x in arrays]}")
    return concatenate([np.expand_dims(x, axis) for x in arrays], axis=axis)


def vstack(tup: Any, *, dtype: DTypeLike | None = None, casting: Any = None) -> Array:
    refuse("vstack", casting=casting)
    return concatenate([np.atleast_2d(x) for x in tup], axis=0, dtype=dtype)


def hstack(tup: Any, *, dtype: DTypeLike | None = None, casting: Any = None) -> Array:
    refuse("hstack", casting=casting)
    arrays = [np.atleast_1d(x) for x in tup]
    return concatenate(arrays, axis=0 if arrays[0].ndim == 1 else 1, dtype=dtype)


def dstack(tup: Any) -> Array:
    return concatenate([np.atleast_3d(x) for x in tup], axis=2)


def column_stack(tup: Any) -> Array:
    arrays = list(map(arraylike, tup))
    return concatenate([np.reshape(x, (-1, 1)) if x.ndim < 2 else x for x in arrays], axis=1)


def array_split(ary: Array, indices_or_sections: Any, axis: int = 0) -> Any:
    (i,) = normalised_axes(axis, ary.ndim)
    length = ary.shape[i]
    if np.ndim(indices_or_sections):
        bounds = [0, *[int(k) for k in indices_or_sections], length]
    else:
        n = int(indices_or_sections)
        if n <= 0:
            raise ValueError("number of sections must be larger than 0")
        sizes = [length // n + 1] * (length % n) + [length // n] * (n - length % n)
        bounds = [0, *np.cumsum(sizes).tolist()]
    return [ary[along(i, slice(a, b))] for a, b in zip(bounds, bounds[1:])]


def split(ary: Array, indices_or_sections: Any, axis: int = 0) -> Any:
    if not np.ndim(indices_or_sections) and ary.shape[axis] % int(indices_or_sections):
        raise ValueError("array split does not result in an equal division")
    return array_split(ary, indices_or_sections, axis)


def hsplit(ary: Array, indices_or_sections: Any) -> Any:
    return split(ary, indices_or_sections, 0 if ary.ndim == 1 else 1)


def vsplit(ary: Array, indices_or_sections: Any) -> Any:
    return split(ary, indices_or_sections, 0)


def dsplit(ary: Array, indices_or_sections: Any) -> Any:
    return split(ary, indices_or_sections, 2)


# --- flips and rolls: indexing and joining -----------------------------------------------------------


def flip(m: Array, axis: Axis = None) -> Any:
    axes = normalised_axes(axis, m.ndim)
    return m[tuple(slice(None, None, -1) if i in axes else slice(None) for i in range(m.ndim))]


def fliplr(m: Array) -> Array:
    return flip(m, 1)


def flipud(m: Array) -> Array:
    return flip(m, 0)


def rot90(m: Array, k: int = 1, axes: Any = (0, 1)) -> Any:
    i, j = normalised_axes(tuple(axes), m.ndim)
    k %= 4
    if k == 2:
        return flip(m, (i, j))
    turned = swapaxes(m, i, j) if k else m
    return flip(turned, i) if k == 1 else flip(turned, j) if k == 3 else turned


rolled: Linear = Linear(
    "roll",
    lambda x, shift, axis: np.roll(x, shift, axis),
    lambda g, x, shift, axis: rolled(g, shift=tuple(-n for n in shift), axis=axis),
    doc="x moved along axes, what leaves at one end coming in at the other.",
    local="{g}, moved back",
)


def roll(a: Array, shift: Any, axis: Axis = None) -> Any:
    refuse_nodes("np.roll", shift=shift)
    if axis is None:
        return np.reshape(roll(np.reshape(a, -1), shift, 0), a.shape)
    shifts, axes = np.broadcast_arrays(np.atleast_1d(shift), np.atleast_1d(axis))
    return rolled(a, shift=tuple(shifts.tolist()), axis=tuple(normalised_axes(i, a.ndim)[0] for i in axes.tolist()))


implement(
    {
        np.reshape: reshape_,
        np.ravel: ravel,
        **dict.fromkeys(named("transpose", "permute_dims"), transpose_),
        **dict.fromkeys(named("matrix_transpose", "linalg.matrix_transpose"), matrix_transpose),
        np.swapaxes: swapaxes,
        np.moveaxis: moveaxis,
        np.rollaxis: rollaxis,
        np.expand_dims: expand_dims,
        np.squeeze: squeeze,
        np.atleast_1d: atleast_1d,
        np.atleast_2d: atleast_2d,
        np.atleast_3d: atleast_3d,
        np.broadcast_arrays: broadcast_arrays,
        **dict.fromkeys(named("concatenate", "concat"), concatenate),
        np.stack: stack,
        np.vstack: vstack,
        np.hstack: hstack,
        np.dstack: dstack,
        np.column_stack: column_stack,
        np.array_split: array_split,
        np.split: split,
        np.hsplit: hsplit,
        np.vsplit: vsplit,
        np.dsplit: dsplit,
        np.flip: flip,
        np.fliplr: fliplr,
        np.flipud: flipud,
        np.rot90: rot90,
        np.roll: roll,
    }
)
