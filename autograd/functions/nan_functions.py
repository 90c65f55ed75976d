"""The functions that leave nans out: what is nan gets derivative 0, and where nothing is left the result is nan."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from autograd.functions.reductions import freedom_lost
from autograd.functions.register import arraylike, flag, implement, in_dtype, refuse
from autograd.node import plain
from autograd.rules.norm_root import norm_root
from autograd.types import Array, Axis


def _filled(a: Array, value: float) -> Array:
    missing = np.isnan(plain(a))
    return np.where(missing, value, a) if np.any(missing) else a


def _counted(a: Array, where: Any) -> Any:
    """What counts: no nan, and chosen."""
    present = ~np.isnan(plain(a))
    return present if where is np._NoValue else present & np.broadcast_to(where, present.shape)


def nansum(
    a: Array,
    axis: Axis = None,
    dtype: DTypeLike | None = None,
    out: Any = None,
    keepdims: Any = np._NoValue,
    initial: Any = np._NoValue,
    where: Any = np._NoValue,
) -> Any:
    refuse("nansum", out=out)
    a = in_dtype(a, dtype)
    return np.sum(_filled(a, 0.0), axis=axis, keepdims=flag(keepdims), initial=initial, where=where)


def nanprod(
    a: Array,
    axis: Axis = None,
    dtype: DTypeLike | None = None,
    out: Any = None,
    keepdims: Any = np._NoValue,
    initial: Any = np._NoValue,
    where: Any = np._NoValue,
) -> Any:
    refuse("nanprod", out=out)
    a = in_dtype(a, dtype)
    return np.prod(_filled(a, 1.0), axis=axis, keepdims=flag(keepdims), initial=initial, where=where)


def nancumsum(a: Array, axis: int | None = None, dtype: DTypeLike | None = None, out: Any = None) -> Any:
    refuse("nancumsum", out=out)
    a = in_dtype(a, dtype)
    return np.cumsum(_filled(a, 0.0), axis=axis)


def nancumprod(a: Array, axis: int | None = None, dtype: DTypeLike | None = None, out: Any = None) -> Any:
    refuse("nancumprod", out=out)
    a = in_dtype(a, dtype)
    return np.cumprod(_filled(a, 1.0), axis=axis)


def nanmax(
    a: Array,
    axis: Axis = None,
    out: Any = None,
    keepdims: Any = np._NoValue,
    initial: Any = np._NoValue,
    where: Any = np._NoValue,
) -> Any:
    return _extremum("nanmax", np.max, -np.inf, a, axis, out, keepdims, initial, where)


def nanmin(
    a: Array,
    axis: Axis = None,
    out: Any = None,
    keepdims: Any = np._NoValue,
    initial: Any = np._NoValue,
    where: Any = np._NoValue,
) -> Any:
    return _extremum("nanmin", np.min, np.inf, a, axis, out, keepdims, initial, where)


def _extremum(
    name: str, pick: Any, neutral: float, a: Array, axis: Axis, out: Any, keepdims: Any, initial: Any, where: Any
) -> Any:
    refuse(name, out=out)
    y = pick(_filled(a, neutral), axis=axis, keepdims=flag(keepdims), initial=initial, where=where)
    nothing = ~np.any(_counted(a, where), axis=axis, keepdims=flag(keepdims))
    if initial is not np._NoValue or not np.any(nothing):
        return y
    warnings.warn("All-NaN slice encountered", RuntimeWarning, stacklevel=2)
    return np.where(nothing, np.nan, y)


def nanmean(
    a: Array,
    axis: Axis = None,
    dtype: DTypeLike | None = None,
    out: Any = None,
    keepdims: Any = np._NoValue,
    *,
    where: Any = np._NoValue,
) -> Any:
    refuse("nanmean", out=out)
    a = in_dtype(a, dtype)
    if not np.any(np.isnan(plain(a))):
        return np.mean(a, axis=axis, keepdims=flag(keepdims), where=where)
    counts = np.sum(_counted(a, where), axis=axis, keepdims=flag(keepdims))
    if not np.all(counts):
        warnings.warn("Mean of empty slice", RuntimeWarning, stacklevel=2)
    with np.errstate(all="ignore"):
        return nansum(a, axis=axis, keepdims=keepdims, where=where) / counts.astype(a.dtype)


def nanvar(
    a: Array,
    axis: Axis = None,
    dtype: DTypeLike | None = None,
    out: Any = None,
    ddof: Any = 0,
    keepdims: Any = np._NoValue,
    *,
    where: Any = np._NoValue,
    mean: Any = np._NoValue,
    correction: Any = np._NoValue,
) -> Any:
    refuse("nanvar", out=out)
    a = in_dtype(a, dtype)
    ddof = freedom_lost("np.nanvar", ddof, correction)
    if not np.any(np.isnan(plain(a))) and mean is np._NoValue:
        return np.var(a, axis=axis, ddof=ddof, keepdims=flag(keepdims), where=where)
    counted = _counted(a, where)
    counts = np.sum(counted, axis=axis, keepdims=True)
    with np.errstate(all="ignore"):
        centre = mean
        if mean is np._NoValue:
            centre = nansum(a, axis=axis, keepdims=True, where=where) / counts.astype(a.dtype)
        deviation = np.where(counted, a - centre, 0.0)
        freedom = np.sum(counted, axis=axis, keepdims=flag(keepdims)) - ddof
        if np.any(freedom <= 0):
            warnings.warn("Degrees of freedom <= 0 for slice.", RuntimeWarning, stacklevel=2)
        squares = np.sum(np.square(deviation), axis=axis, keepdims=flag(keepdims))
        return squares / np.where(freedom > 0, freedom, np.nan).astype(a.dtype)


def nanstd(
    a: Array,
    axis: Axis = None,
    dtype: DTypeLike | None = None,
    out: Any = None,
    ddof: Any = 0,
    keepdims: Any = np._NoValue,
    *,
    where: Any = np._NoValue,
    mean: Any = np._NoValue,
    correction: Any = np._NoValue,
) -> Any:
    return norm_root(nanvar(a, axis, dtype, out, ddof, keepdims, where=where, mean=mean, correction=correction))


def nan_to_num(x: Array, copy: bool = True, nan: Any = 0.0, posinf: Any = None, neginf: Any = None) -> Any:
    if not copy:
        raise TypeError("np.nan_to_num of a Tensor does not work in place; drop copy=False")
    x = arraylike(x)
    numbers = plain(x)
    if np.all(np.isfinite(numbers)):
        return np.positive(x)
    limits = np.finfo(numbers.dtype)
    posinf, neginf = limits.max if posinf is None else posinf, limits.min if neginf is None else neginf
    for found, value in ((np.isnan(numbers), nan), (numbers == np.inf, posinf), (numbers == -np.inf, neginf)):
        if np.any(found):
            x = np.where(found, arraylike(value).astype(numbers.dtype), x)
    return x


implement(
    {
        np.nansum: nansum,
        np.nanprod: nanprod,
        np.nancumsum: nancumsum,
        np.nancumprod: nancumprod,
        np.nanmax: nanmax,
        np.nanmin: nanmin,
        np.nanmean: nanmean,
        np.nanvar: nanvar,
        np.nanstd: nanstd,
        np.nan_to_num: nan_to_num,
    },
    constant=(np.nanargmax, np.nanargmin),
)
