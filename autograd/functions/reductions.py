"""Reductions along axes.

Ties in max and min share the gradient equally; a standard deviation of 0 has gradient 0. ``where=`` counts
what is chosen, ``initial=`` takes part like one more element.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from autograd.functions.broadcasting import spread
from autograd.functions.extremes import largest, smallest
from autograd.functions.register import (
    arraylike,
    flag,
    implement,
    in_dtype,
    normalised_axes,
    reduced_axes,
    reducing,
    refuse,
    refuse_nodes,
    summed,
)
from autograd.functions.rows import folded
from autograd.node import plain, stored
from autograd.rules.arrays import General, Linear
from autograd.rules.elementwise import square
from autograd.rules.nary import total as total_of_numbers
from autograd.rules.norm_root import norm_root
from autograd.rules.rule import conjugate
from autograd.types import Array, Axis, Cotangent

total = Linear(
    "np.sum",
    summed,
    lambda g, x, axis=None, keepdims=False: spread(g, x, axis, keepdims),
    doc="The sum along an axis.",
    local="{g}, to each of {share}",
)


def _count_along(x: Array, axis: Axis) -> int:
    shape = stored(x).shape
    return math.prod(shape) if axis is None else math.prod([shape[i] for i in normalised_axes(axis, len(shape))])


def _mean(x: Any, axis: Axis, keepdims: bool) -> Array:
    if x.dtype.char == "e" or not x.size:  # NumPy sums halves in float32, and says what an empty mean is
        return np.mean(x, axis=axis, keepdims=keepdims)
    return summed(x, axis, keepdims) / (x.size if axis is None else _count_along(x, axis))


def _pull_mean(node: Any, g: Cotangent, cotangents: Any, give: Any) -> None:
    """The mean of everything, which losses end in, by one array; else by way of the rule."""
    x, data = node._origin[1], node._origin[1]._data
    if node._static["axis"] is None and data.size and type(data) is np.ndarray:
        equal = np.empty(data.shape, data.dtype)
        equal.fill(g.item() / data.size)
        give(x, equal)
    else:
        give(x, average.adjoints[0](g, data, **node._static))


average = Linear(
    "np.mean",
    _mean,
    lambda g, x, axis, keepdims: spread(g / max(_count_along(x, axis), 1), x, axis, keepdims),
    pull_arrays=_pull_mean,
    doc="The mean along an axis.",
    local="{g}/{share}, to each of {share}",
)


def _prod_vjp(g: Cotangent, y: Array, x: Array, axis: Axis, keepdims: bool) -> Any:
    # The product of all *other* elements: by division, or if there are zeros, from both sides.
    x, y = conjugate(x), conjugate(y)
    if np.all(plain(x)):
        return (spread(g * y, x, axis, keepdims) / x,)
    shape = np.shape(stored(x))
    axes = normalised_axes(axis, len(shape))
    rest = [i for i in range(len(shape)) if i not in axes]
    order = (*rest, *axes)
    rows = np.reshape(np.transpose(x, order), (*[shape[i] for i in rest], -1))
    one = np.ones_like(plain(rows)[..., :1])
    before = np.cumprod(np.concatenate([one, rows[..., :-1]], axis=-1), axis=-1)
    after = np.cumprod(np.concatenate([one, rows[..., :0:-1]], axis=-1), axis=-1)[..., ::-1]
    others = np.reshape(before * after, [shape[i] for i in order])
    return (spread(g, x, axis, keepdims) * np.transpose(others, tuple(np.argsort(order))),)


product = General(
    "np.prod",
    reducing(np.multiply, np.prod),
    lambda g, y, x, axis, keepdims: _prod_vjp(g, y, x, axis, keepdims),
    doc="The product along an axis.",
    local="{g} ⊙ {y}/{0}",
    scalars=np.prod,
)


def _axis(axis: Axis, a: Array) -> Any:
    return None if axis is None else reduced_axes(axis, a.ndim)


def _masked(a: Array, where: Any, neutral: float) -> Array:
    return a if where is np._NoValue or where is True else np.where(where, a, neutral)


def sum_(
    a: Array,
    axis: Axis = None,
    dtype: DTypeLike | None = None,
    out: Any = None,
    keepdims: Any = False,
    initial: Any = np._NoValue,
    where: Any = np._NoValue,
) -> Any:
    refuse("sum", out=out)
    a = in_dtype(a, dtype)
    y = total(_masked(a, where, 0.0), axis=_axis(axis, a), keepdims=flag(keepdims))
    return y if initial is np._NoValue else y + initial


def prod(
    a: Array,
    axis: Axis = None,
    dtype: DTypeLike | None = None,
    out: Any = None,
    keepdims: Any = False,
    initial: Any = np._NoValue,
    where: Any = np._NoValue,
) -> Any:
    refuse("prod", out=out)
    a = in_dtype(a, dtype)
    y = product(_masked(a, where, 1.0), axis=_axis(axis, a), keepdims=flag(keepdims))
    return y if initial is np._NoValue else y * initial


def _extremum(
    name: str, rule: Any, pick: Any, a: Array, axis: Axis, out: Any, keepdims: Any, initial: Any, where: Any
) -> Any:
    refuse(name, out=out)
    given = initial is not np._NoValue and initial is not None
    if where is not np._NoValue and where is not True:
        if not given:
            raise ValueError(f"np.{name} with where= needs initial=, the result where nothing is chosen")
        a = np.where(where, a, -np.inf if rule is largest else np.inf)
    axis, kept = _axis(axis, a), flag(keepdims)
    if a.size == 0 and given:
        return total(a, axis=axis, keepdims=kept) + initial
    y = rule(a, axis=axis, keepdims=kept)
    return pick(y, initial) if given else y


def max_(
    a: Array,
    axis: Axis = None,
    out: Any = None,
    keepdims: Any = False,
    initial: Any = np._NoValue,
    where: Any = np._NoValue,
) -> Any:
    return _extremum("max", largest, np.maximum, a, axis, out, keepdims, initial, where)


def min_(
    a: Array,
    axis: Axis = None,
    out: Any = None,
    keepdims: Any = False,
    initial: Any = np._NoValue,
    where: Any = np._NoValue,
) -> Any:
    return _extremum("min", smallest, np.minimum, a, axis, out, keepdims, initial, where)


def _count(a: Array, axis: Axis, where: Any) -> Any:
    if where is np._NoValue or where is True:
        count = 1
        for i in reduced_axes(axis, a.ndim):
            count *= a.shape[i]
        return count
    return np.sum(np.broadcast_to(where, a.shape), axis=axis, keepdims=True).astype(a.dtype)


def mean(
    a: Array,
    axis: Axis = None,
    dtype: DTypeLike | None = None,
    out: Any = None,
    keepdims: Any = False,
    *,
    where: Any = np._NoValue,
) -> Any:
    if out is not None:
        refuse("mean", out=out)
    a = in_dtype(a, dtype)
    if where is np._NoValue or where is True:
        return average(a, axis=_axis(axis, a), keepdims=flag(keepdims))
    y = sum_(a, axis, keepdims=True, where=where) / _count(a, axis, where)
    return y if flag(keepdims) else np.squeeze(y, _axis(axis, a))


def _variance_of_numbers(x: Any, axis: Axis, ddof: Any, keepdims: bool) -> Any:
    def of_row(row: list[Any]) -> Any:
        mean = total_of_numbers(*row) / len(row)
        return total_of_numbers(*[square(x - mean) for x in row]) / np.float64(max(len(row) - ddof, 0))

    return folded(of_row, x, axis, keepdims)


variance = General(
    "np.var",
    lambda x, axis, ddof, keepdims: np.var(x, axis=axis, ddof=ddof, keepdims=keepdims),
    lambda g, y, x, axis, ddof, keepdims: _variance_vjp(g, x, axis, ddof, keepdims),
    doc="The mean square deviation from the mean along an axis.",
    local="{g} ⊙ 2·({0} − mean)/(n − ddof)",
    scalars=_variance_of_numbers,
)


def _variance_vjp(g: Cotangent, x: Array, axis: Axis, ddof: Any, keepdims: bool) -> Any:
    # 2·(x − mean)/(n − ddof); the mean's own derivative meets Σ(x − mean) = 0.
    freedom = max(_count_along(x, axis) - ddof, 0)
    scaled = g * (2.0 / freedom if freedom else np.nan)
    return (spread(scaled, x, axis, keepdims) * (x - np.mean(x, axis=axis, keepdims=True)),)


def freedom_lost(function: str, ddof: Any, correction: Any) -> Any:
    """`ddof`, which is called `correction` too, as a number of Python: in its own dtype, counts could overflow."""
    given = ddof if correction is np._NoValue else correction
    refuse_nodes(function, ddof=given)
    return np.asarray(given).item()


def var(
    a: Array,
    axis: Axis = None,
    dtype: DTypeLike | None = None,
    out: Any = None,
    ddof: Any = 0,
    keepdims: Any = False,
    *,
    where: Any = np._NoValue,
    mean: Any = np._NoValue,
    correction: Any = np._NoValue,
) -> Any:
    refuse("var", out=out)
    a = in_dtype(a, dtype)
    ddof = freedom_lost("np.var", ddof, correction)
    if mean is np._NoValue and (where is np._NoValue or where is True) and a.dtype.kind != "c":
        return variance(a, axis=_axis(axis, a), ddof=ddof, keepdims=flag(keepdims))
    count = _count(a, axis, where)
    centre = sum_(a, axis, keepdims=True, where=where) / count if mean is np._NoValue else mean
    deviation = a - centre
    squares = deviation * deviation if a.dtype.kind != "c" else np.real(deviation * np.conjugate(deviation))
    with np.errstate(all="ignore"):
        freedom = np.maximum(count - ddof, 0) if np.ndim(count) else float(max(count - ddof, 0))
        y = sum_(squares, axis, keepdims=True, where=where) / freedom
    return y if flag(keepdims) else np.squeeze(y, _axis(axis, a))


def std(
    a: Array,
    axis: Axis = None,
    dtype: DTypeLike | None = None,
    out: Any = None,
    ddof: Any = 0,
    keepdims: Any = False,
    *,
    where: Any = np._NoValue,
    mean: Any = np._NoValue,
    correction: Any = np._NoValue,
) -> Any:
    return norm_root(var(a, axis, dtype, out, ddof, keepdims, where=where, mean=mean, correction=correction))


def _first_axis(reduction: Any) -> Any:
    """A reduction as a ufunc's ``reduce``: along the first axis unless told otherwise."""

    def reduce(a: Array, axis: Axis = 0, where: Any = np._NoValue, initial: Any = np._NoValue, **options: Any) -> Any:
        given = {name: value for name, value in options.items() if value is not None}
        initial = np._NoValue if initial is None else initial
        return reduction(arraylike(a), axis=axis, where=where, initial=initial, **given)

    return reduce


implement(
    {
        np.sum: sum_,
        np.prod: prod,
        np.max: max_,
        np.amax: max_,
        np.min: min_,
        np.amin: min_,
        np.mean: mean,
        np.var: var,
        np.std: std,
        (np.add, "reduce"): _first_axis(sum_),
        (np.multiply, "reduce"): _first_axis(prod),
        (np.maximum, "reduce"): _first_axis(max_),
        (np.minimum, "reduce"): _first_axis(min_),
    }
)
