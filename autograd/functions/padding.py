"""``np.pad`` in all modes.

In ``edge``, ``wrap``, ``reflect`` and ``symmetric`` each new element is an old one (the odd reflections:
twice the edge minus one). The other modes work axis after axis, as NumPy does, on what the axes before
have become.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.functions.indexing import scatter
from autograd.functions.register import along, arraylike, implement
from autograd.node import Node
from autograd.types import Array

_OPTIONS = {
    "constant": ("constant_values",), "edge": (), "wrap": (), "empty": (), "linear_ramp": ("end_values",),
    "reflect": ("reflect_type",), "symmetric": ("reflect_type",),
    **dict.fromkeys(("maximum", "mean", "median", "minimum"), ("stat_length",)),
}  # fmt: skip
_STATISTICS = {"maximum": np.max, "mean": np.mean, "median": np.median, "minimum": np.min}


def pad(array: Array, pad_width: Any, mode: Any = "constant", **options: Any) -> Any:
    if callable(mode):
        raise TypeError("np.pad of a Tensor takes no function as mode; use one of NumPy's names")
    if mode not in _OPTIONS:
        raise ValueError(f"mode {mode!r} is not supported")
    unknown = set(options) - set(_OPTIONS[mode])
    if unknown:
        raise ValueError(f"unsupported keyword arguments for mode {mode!r}: {unknown}")
    if mode == "empty":
        raise TypeError("np.pad of a Tensor with mode='empty' would leave numbers undefined; use mode='constant'")
    array = arraylike(array)
    if isinstance(pad_width, dict):
        pad_width = [pad_width.get(i, pad_width.get(i - array.ndim, (0, 0))) for i in range(array.ndim)]
    widths = [(int(a), int(b)) for a, b in _pairs(pad_width, array.ndim)]
    if any(a < 0 or b < 0 for a, b in widths):
        raise ValueError("index can't contain negative values")
    if mode == "constant":
        return _constant(array, widths, options.get("constant_values", 0))
    for i, (a, b) in enumerate(widths):
        if a + b and not array.shape[i]:
            raise ValueError(f"can't extend empty axis {i} using modes other than 'constant' or 'empty'")
    if mode == "linear_ramp":
        return _ramps(array, widths, _pairs(options.get("end_values", 0), array.ndim))
    if mode in _STATISTICS:
        return _statistics(array, widths, _STATISTICS[mode], options.get("stat_length"))
    odd = options.get("reflect_type", "even") == "odd"
    for i, (a, b) in enumerate(widths):
        if a or b:
            array = _copies(array, i, a, b, mode, odd)
    return array


def _pairs(values: Array, ndim: int) -> Any:
    """A number, a pair, or a pair per axis, as a pair per axis; the values may be Tensors."""
    if not isinstance(values, (tuple, list)):
        if np.ndim(values) == 0:
            return [(values, values)] * ndim
        values = list(values)
    rows = [list(row) if isinstance(row, (tuple, list)) or np.ndim(row) else row for row in values]
    if not any(isinstance(row, list) for row in rows):  # (before, after), or (both,)
        return [(rows[0], rows[-1])] * ndim if len(rows) in (1, 2) else _misfit(values, ndim)
    rows = [row if isinstance(row, list) else [row] for row in rows]
    if len(rows) == 1:
        rows = rows * ndim
    if len(rows) != ndim or any(len(row) not in (1, 2) for row in rows):
        return _misfit(values, ndim)
    return [(row[0], row[-1]) for row in rows]


def _misfit(values: Any, ndim: int) -> Any:
    raise ValueError(f"np.pad: {values} does not say a pair of numbers for each of {ndim} axes")


def _constant(array: Array, widths: Any, values: Array) -> Any:
    pairs = _pairs(values, array.ndim)
    if not any(isinstance(v, Node) for pair in pairs for v in pair):
        shape = tuple(n + a + b for n, (a, b) in zip(array.shape, widths))
        inside = tuple(slice(a, a + n) for n, (a, _) in zip(array.shape, widths))
        placed = scatter(array, index=inside, shape=shape)
        frame = np.pad(np.zeros(array.shape, dtype=array.dtype), widths, constant_values=pairs) if array.ndim else 0
        return placed + frame if np.any(frame) else placed
    for i, ((a, b), (first, last)) in enumerate(zip(widths, pairs)):
        array = _between(array, i, *(_frame(array, i, n, v) for n, v in ((a, first), (b, last))))
    return array


def _frame(array: Array, i: int, length: int, value: Any) -> Any:
    """The same value over a `length` along axis i."""
    shape = [length if k == i else n for k, n in enumerate(array.shape)]
    return np.broadcast_to(arraylike(value).astype(array.dtype), shape)


def _between(array: Array, i: int, before: Array, after: Array) -> Array:
    parts = [part for part in (before, array, after) if part.shape[i]]
    return np.concatenate(parts, axis=i) if parts else array


def _copies(array: Array, i: int, before: int, after: int, mode: Any, odd: bool) -> Any:
    """Axis i continued by elements of its own; in odd reflections, by twice the edge minus them.

    NumPy says which: padding the numbers 0, 1, 2 … gives each new element's source, and padding unit
    vectors the coefficients of the odd mode, where edges add up.
    """
    n = array.shape[i]
    if not odd or n == 1:
        if mode == "edge" or max(before, after) < n:
            return _between(array, i, *_mirrored(array, i, before, after, mode))
        return np.take(array, np.pad(np.arange(n), (before, after), mode=mode), i)
    units, frame = np.eye(n, dtype=array.dtype), ((before, after), (0, 0))
    coefficients = np.pad(units, frame, mode=mode, reflect_type="odd")
    return np.moveaxis(np.tensordot(coefficients, array, axes=((1,), (i,))), 0, i)


def _mirrored(array: Array, i: int, before: int, after: int, mode: str) -> tuple[Any, Any]:
    """What stands before and after axis i where the frame is shorter than the array: slices of it."""
    n = array.shape[i]
    if mode == "wrap":
        return array[along(i, slice(n - before, n))], array[along(i, slice(0, after))]
    if mode == "edge":
        first, last = array[along(i, slice(0, 1))], array[along(i, slice(n - 1, n))]
        shapes = [[k if j == i else m for j, m in enumerate(array.shape)] for k in (before, after)]
        return np.broadcast_to(first, shapes[0]), np.broadcast_to(last, shapes[1])
    skipped = 1 if mode == "reflect" else 0  # whether the edge itself is repeated
    head, tail = slice(skipped, skipped + before), slice(n - skipped - after, n - skipped)
    return np.flip(array[along(i, head)], i), np.flip(array[along(i, tail)], i)


def _ramps(array: Array, widths: Any, ends: Any) -> Any:
    for i, ((a, b), (first, last)) in enumerate(zip(widths, ends)):
        parts = []
        for length, end, edge in ((a, first, slice(0, 1)), (b, last, slice(-1, None))):
            end = arraylike(end).astype(array.dtype)
            share = np.arange(length, dtype=array.dtype) / max(length, 1)
            share = share.reshape([-1 if k == i else 1 for k in range(array.ndim)])
            ramp = end + (array[along(i, edge)] - end) * share
            parts.append(ramp if edge.start == 0 else np.flip(ramp, i))
        array = _between(array, i, *parts)
    return array


def _statistics(array: Array, widths: Any, statistic: Any, lengths: Any) -> Any:
    pairs = [(None, None)] * array.ndim if lengths is None else _pairs(lengths, array.ndim)
    value: Any = None
    for i, ((a, b), (first, last)) in enumerate(zip(widths, pairs)):
        n = array.shape[i]
        for length in (first, last):
            if length is not None and length < 1:
                raise ValueError("stat_length of 0 yields no value for padding")
        parts: list[Any] = []
        head, tail = (n if length is None else min(n, int(length)) for length in (first, last))
        for length, start, stop in ((a, 0, head), (b, n - tail, n)):
            whole = parts and head == tail == n
            part = array if stop - start == n else array[along(i, slice(start, stop))]
            value = value if whole else statistic(part, axis=i, keepdims=True)
            parts.append(np.broadcast_to(value, [length if k == i else m for k, m in enumerate(value.shape)]))
        array = _between(array, i, *parts)
    return array


implement(
    {
        np.pad: pad,
    }
)
