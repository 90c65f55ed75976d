"""A function of the numbers of one row, along axes of an array of anything: what operations mean number by number."""

from __future__ import annotations

from typing import Any, Callable

import numpy as np

from autograd.functions.register import normalised_axes
from autograd.types import Array, Axis


def folded(f: Callable[[list[Any]], Any], x: Array, axis: Axis, keepdims: bool = False) -> Any:
    """What `f` makes of each row along the axes: one number."""
    axes = normalised_axes(axis, x.ndim)
    rows, kept = _rows(x, axes)
    y = np.empty(len(rows), dtype=object)
    for i, row in enumerate(rows):
        y[i] = f(row.tolist())
    return y.reshape([1 if i in axes else n for i, n in enumerate(x.shape)] if keepdims else kept)


def mapped(f: Callable[[list[Any]], list[Any]], x: Array, axis: Axis) -> Any:
    """What `f` makes of each row along the axes: a row of the same length."""
    axes = normalised_axes(axis, x.ndim)
    places, _ = _rows(np.arange(x.size).reshape(x.shape), axes)
    numbers, y = x.ravel(), np.empty(x.size, dtype=object)
    for row in places:
        y[row] = f(numbers[row].tolist())
    return y.reshape(x.shape)


def _rows(x: Any, axes: tuple[int, ...]) -> tuple[Any, tuple[int, ...]]:
    """The rows along the axes, and the shape that they stand in."""
    rest = [i for i in range(x.ndim) if i not in axes]
    kept = tuple(x.shape[i] for i in rest)
    length = int(np.prod([x.shape[i] for i in axes], dtype=int))
    return x.transpose(*rest, *axes).reshape(int(np.prod(kept, dtype=int)), length), kept
