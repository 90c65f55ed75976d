"""Interpolation, evenly spaced numbers, and functions given piece by piece."""

from __future__ import annotations

from typing import Any, Sequence

import numpy as np
from numpy.typing import DTypeLike

from autograd.functions.register import (
    arraylike,
    arraylikes,
    flat_or_axis,
    implement,
    in_dtype,
    normalised_axes,
    refuse,
)
from autograd.node import Node, plain, stored
from autograd.types import Array


def interp(
    x: Array, xp: Array, fp: Array, left: Array | None = None, right: Array | None = None, period: Array | None = None
) -> Any:
    """The derivative at a knot is that of the piece on its right."""
    x, xp, fp = (arraylike(part) for part in (x, xp, fp))
    x, xp, fp = (part if part.dtype.kind == "c" else part.astype(np.float64) for part in (x, xp, fp))
    if xp.ndim != 1 or fp.shape != xp.shape or not xp.size:
        raise ValueError("fp and xp are not of the same length.")
    if period is not None:
        period = abs(period)
        x, xp = x % period, xp % period
        order = np.argsort(plain(xp))
        xp, fp = xp[order], fp[order]
        xp = np.concatenate([xp[-1:] - period, xp, xp[:1] + period])
        fp = np.concatenate([fp[-1:], fp, fp[:1]])
        left = right = None
    at, knots = plain(x), plain(xp)
    last = knots.size - 1
    i = np.clip(np.searchsorted(knots, at, side="right") - 1, 0, max(last - 1, 0))
    if last:
        # Between the differences of the few knots and the many points there is but one multiplication.
        slopes = np.diff(fp) / np.diff(xp)
        y = slopes[i] * (x - xp[i]) + fp[i]
    else:
        y = fp[i]
    y = np.where(at < knots[0], fp[0] if left is None else left, y)
    y = np.where(at >= knots[last], np.where(at == knots[last], fp[last], fp[last] if right is None else right), y)
    return np.where(np.isnan(at), np.nan, y)


def linspace(
    start: Any,
    stop: Array,
    num: Any = 50,
    endpoint: bool = True,
    retstep: bool = False,
    dtype: DTypeLike | None = None,
    axis: int = 0,
    *,
    device: Any = None,
) -> Any:
    num = int(num.__index__())
    if num < 0:
        raise ValueError(f"Number of samples, {num}, must be non-negative.")
    intervals = num - 1 if endpoint else num
    # Python's numbers take on the dtype of what they meet.
    common = np.result_type(*(x if type(x) in (int, float) else arraylike(x).dtype for x in (start, stop)), 1.0)
    start, stop = np.broadcast_arrays(*(arraylike(x).astype(common) for x in (start, stop)))
    span = stop - start
    step = span / intervals if intervals > 0 else span * np.nan
    counted = np.arange(num, dtype=span.dtype).reshape((-1,) + (1,) * start.ndim)
    y = start + counted * (step if intervals > 0 else span)
    if endpoint and num > 1:
        y = np.concatenate([y[:-1], stop[None]])
    (i,) = normalised_axes(axis, y.ndim)
    y = np.moveaxis(y, 0, i)
    y = in_dtype(y, dtype)
    return (y, step) if retstep else y


def logspace(
    start: Array,
    stop: Array,
    num: Any = 50,
    endpoint: bool = True,
    base: Array = 10.0,
    dtype: DTypeLike | None = None,
    axis: int = 0,
) -> Any:
    if np.ndim(base):
        start, stop, base = np.broadcast_arrays(*map(arraylike, (start, stop, base)))
        base = np.expand_dims(base, axis)
    return in_dtype(np.power(base, np.linspace(start, stop, num, endpoint, axis=axis)), dtype)


def geomspace(
    start: Array, stop: Array, num: Any = 50, endpoint: bool = True, dtype: DTypeLike | None = None, axis: int = 0
) -> Any:
    start, stop = np.broadcast_arrays(*(arraylike(x).astype(np.float64) for x in (start, stop)))
    sign = np.sign(plain(start))
    if np.any(sign * np.sign(plain(stop)) <= 0):
        raise ValueError("np.geomspace of Tensors needs start and stop of the same sign, and neither 0")
    y = sign * np.power(10.0, np.linspace(np.log10(start * sign), np.log10(stop * sign), num, endpoint))
    ends = [start[None], y[1:-1], stop[None]] if endpoint and num > 1 else [start[None], y[1:]]
    return in_dtype(np.moveaxis(np.concatenate(ends) if num > 0 else y, 0, axis), dtype)


# --- piece by piece --------------------------------------------------------------------------------------


def select(condlist: Any, choicelist: Any, default: Array = 0) -> Array:
    if len(condlist) != len(choicelist):
        raise ValueError("list of cases must be same length as list of conditions")
    if not len(condlist):
        raise ValueError("select with an empty condition list is not possible")
    choices = arraylikes(*choicelist, *([] if type(default) in (int, float) else [default]))
    y = default if len(choices) == len(choicelist) else choices.pop()
    for condition, choice in zip(reversed(condlist), reversed(choices)):
        condition = np.asarray(condition)
        if condition.dtype != bool:
            raise TypeError(f"invalid entry in condlist: should be boolean ndarray, not {condition.dtype}")
        y = np.where(condition, choice, y)
    return y


def choose(a: Array, choices: Any, out: Any = None, mode: str = "raise") -> Any:
    refuse("choose", out=out)
    if isinstance(a, Node):
        raise TypeError("np.choose needs integers to choose by, not a Tensor")
    a, choices, n = np.asarray(a), arraylikes(*choices), len(choices)
    if mode == "wrap":
        a = a % n
    elif mode == "clip":
        a = np.clip(a, 0, n - 1)
    elif np.any((a < 0) | (a >= n)):
        raise ValueError("invalid entry in choice array")
    y = choices[-1]
    for k in reversed(range(n - 1)):
        y = np.where(a == k, choices[k], y)
    shape = np.broadcast_shapes(a.shape, np.shape(stored(y)))
    return y if np.shape(stored(y)) == shape else np.broadcast_to(y, shape)


def piecewise(x: Array, condlist: Any, funclist: Any, *args: Any, **kw: Any) -> Any:
    x = arraylike(x)
    # A single condition may stand without a list around it.
    single = np.ndim(condlist) == 0 or (np.ndim(condlist[0]) == 0 and x.ndim != 0)
    conditions = [np.asarray(condition, dtype=bool) for condition in ([condlist] if single else condlist)]
    if len(funclist) == len(conditions) + 1:
        conditions.append(~np.any(conditions, axis=0))
    elif len(funclist) != len(conditions):
        n = len(conditions)
        raise ValueError(f"with {n} condition(s), either {n} or {n + 1} functions are expected")
    # Each piece is computed where it holds; where several do, the last one counts.
    pieces, source, count = [np.zeros(1, dtype=x.dtype)], np.zeros(x.shape, dtype=np.intp), 1
    for condition, piece in zip(conditions, funclist):
        condition = np.broadcast_to(condition, x.shape)
        size = int(np.count_nonzero(condition))
        if not size:
            continue
        value = arraylike(piece(x[condition], *args, **kw) if callable(piece) else piece)
        pieces.append(np.broadcast_to(value, (size,)).astype(x.dtype))
        source[condition] = np.arange(count, count + size)
        count += size
    return np.concatenate(pieces)[source]


# --- functions applied to parts -----------------------------------------------------------------------------


def apply_along_axis(func1d: Any, axis: int, arr: Array, *args: Any, **kwargs: Any) -> Any:
    arr, i = flat_or_axis(arr, axis)
    rows = np.moveaxis(arr, i, -1)
    frame = rows.shape[:-1]
    if 0 in frame:
        raise ValueError("Cannot apply_along_axis when any iteration dimensions are 0")
    results = [arraylike(func1d(rows[at], *args, **kwargs)) for at in np.ndindex(*frame)]
    inner = results[0].shape
    stacked = np.reshape(np.stack(results), (*frame, *inner))
    places = tuple(range(len(frame), len(frame) + len(inner)))
    return np.moveaxis(stacked, places, tuple(range(i, i + len(inner))))


def apply_over_axes(func: Any, a: Array, axes: int | Sequence[int]) -> Any:
    a = arraylike(a)
    for axis in np.atleast_1d(axes).tolist():
        result = func(a, axis)
        a = result if np.ndim(result) == a.ndim else np.expand_dims(result, axis)
    return a


implement(
    {
        np.interp: interp,
        np.linspace: linspace,
        np.logspace: logspace,
        np.geomspace: geomspace,
        np.select: select,
        np.choose: choose,
        np.piecewise: piecewise,
        np.apply_along_axis: apply_along_axis,
        np.apply_over_axes: apply_over_axes,
    }
)
