"""Reductions along axes, and sums and products that accumulate."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd.ops.functions import implements, normalised_axes, refuse
from autograd.ops.rule import General, Linear, conjugate, plain


def spread(g: Any, x: Any, axis: Any, keepdims: bool = False) -> Any:
    """`g`, the result of a reduction of x along `axis`, repeated to the shape of x."""
    shape = plain(x).shape
    if not keepdims and axis is not None and g.ndim:
        axes = normalised_axes(axis, len(shape))
        g = np.reshape(g, tuple([1 if i in axes else n for i, n in enumerate(shape)]))
    if isinstance(g, (np.ndarray, np.generic)) and plain(x).size < 10_000:
        # NumPy's broadcast_to takes longer than to write so few numbers out.
        repeated = np.empty(shape, g.dtype)
        repeated[...] = g
        return repeated
    return np.broadcast_to(g, shape)


total = Linear(
    "np.sum", lambda x, axis=None, keepdims=False: np.add.reduce(x, axis=axis, keepdims=keepdims),
    lambda g, x, axis=None, keepdims=False: spread(g, x, axis, keepdims),
    doc="The sum along an axis.",
)  # fmt: skip


def _count_along(x: Any, axis: Any) -> int:
    shape = plain(x).shape
    return math.prod(shape) if axis is None else math.prod([shape[i] for i in normalised_axes(axis, len(shape))])


def _mean(x: Any, axis: Any, keepdims: bool) -> Any:
    if x.dtype == np.float16 or not x.size:  # NumPy sums halves in float32, and says what an empty mean is
        return np.mean(x, axis=axis, keepdims=keepdims)
    return np.add.reduce(x, axis=axis, keepdims=keepdims) / _count_along(x, axis)


average = Linear(
    "np.mean", _mean,
    lambda g, x, axis, keepdims: spread(g / max(_count_along(x, axis), 1), x, axis, keepdims),
    doc="The mean along an axis.",
)  # fmt: skip


def _prod_vjp(g: Any, y: Any, x: Any, axis: Any, keepdims: bool) -> Any:
    # The product of all *other* elements, from both sides, so that zeros need no division.
    x = conjugate(x)
    shape = np.shape(plain(x))
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
    "np.prod", lambda x, axis, keepdims: np.multiply.reduce(x, axis=axis, keepdims=keepdims),
    lambda g, y, x, axis, keepdims: _prod_vjp(g, y, x, axis, keepdims),
    doc="The product along an axis.",
)  # fmt: skip


def _share_of_extremum(g: Any, y: Any, x: Any, axis: Any, keepdims: bool) -> Any:
    numbers = plain(x)
    winners = (numbers == spread(plain(y), x, axis, keepdims)).astype(numbers.dtype)
    counts = np.add.reduce(winners, axis=axis, keepdims=True)
    return (spread(g, x, axis, keepdims) * (winners / counts),)


largest = General(
    "np.max", lambda x, axis, keepdims: np.maximum.reduce(x, axis=axis, keepdims=keepdims), _share_of_extremum,
    doc="The largest element along an axis; ties share the gradient equally.",
)  # fmt: skip

smallest = General(
    "np.min", lambda x, axis, keepdims: np.minimum.reduce(x, axis=axis, keepdims=keepdims), _share_of_extremum,
    doc="The smallest element along an axis; ties share the gradient equally.",
)  # fmt: skip

running_sum = Linear(
    "np.cumsum", lambda x, axis: np.cumsum(x, axis=axis),
    lambda g, x, axis: np.flip(np.cumsum(np.flip(g, axis), axis=axis), axis),
    doc="Sums of the first 1, 2, … elements along an axis.",
)  # fmt: skip


def _axis(axis: Any, ndim: int) -> Any:
    return None if axis is None else normalised_axes(axis, ndim)


def _masked(a: Any, where: Any, neutral: float) -> Any:
    return a if where is np._NoValue or where is True else np.where(where, a, neutral)


@implements(np.sum, (np.add, "reduce"))
def sum_(a: Any, axis: Any = None, dtype: Any = None, out: Any = None, keepdims: Any = False,
         initial: Any = np._NoValue, where: Any = np._NoValue) -> Any:  # fmt: skip
    refuse("sum", dtype=dtype, out=out)
    y = total(_masked(a, where, 0.0), axis=_axis(axis, a.ndim), keepdims=bool(keepdims is True))
    return y if initial is np._NoValue else y + initial


@implements(np.prod, (np.multiply, "reduce"))
def prod(a: Any, axis: Any = None, dtype: Any = None, out: Any = None, keepdims: Any = False,
         initial: Any = np._NoValue, where: Any = np._NoValue) -> Any:  # fmt: skip
    refuse("prod", dtype=dtype, out=out)
    y = product(_masked(a, where, 1.0), axis=_axis(axis, a.ndim), keepdims=bool(keepdims is True))
    return y if initial is np._NoValue else y * initial


def _extremum(name: str, rule: Any, pick: Any, a: Any, axis: Any, out: Any, keepdims: Any, initial: Any, where: Any) -> Any:
    refuse(name, out=out)
    if where is not np._NoValue and where is not True:
        if initial is np._NoValue:
            raise ValueError(f"np.{name} with where= needs initial=, the result where nothing is chosen")
        a = np.where(where, a, -np.inf if rule is largest else np.inf)
    if a.size == 0 and initial is not np._NoValue and initial is not None:
        return np.broadcast_to(initial, plain(a).sum(axis=_axis(axis, a.ndim), keepdims=keepdims is True).shape) + 0.0 * total(
            a, axis=_axis(axis, a.ndim), keepdims=keepdims is True)
    y = rule(a, axis=_axis(axis, a.ndim), keepdims=bool(keepdims is True))
    return y if initial is np._NoValue or initial is None else pick(y, initial)


@implements(np.max, np.amax, (np.maximum, "reduce"))
def max_(a: Any, axis: Any = None, out: Any = None, keepdims: Any = False, initial: Any = np._NoValue,
         where: Any = np._NoValue) -> Any:  # fmt: skip
    return _extremum("max", largest, np.maximum, a, axis, out, keepdims, initial, where)


@implements(np.min, np.amin, (np.minimum, "reduce"))
def min_(a: Any, axis: Any = None, out: Any = None, keepdims: Any = False, initial: Any = np._NoValue,
         where: Any = np._NoValue) -> Any:  # fmt: skip
    return _extremum("min", smallest, np.minimum, a, axis, out, keepdims, initial, where)


def _count(a: Any, axis: Any, where: Any) -> Any:
    if where is np._NoValue or where is True:
        count = 1
        for i in normalised_axes(axis, a.ndim):
            count *= a.shape[i]
        return count
    return np.sum(np.broadcast_to(where, a.shape), axis=axis, keepdims=True)


@implements(np.mean)
def mean(a: Any, axis: Any = None, dtype: Any = None, out: Any = None, keepdims: Any = False,
         *, where: Any = np._NoValue) -> Any:  # fmt: skip
    refuse("mean", dtype=dtype, out=out)
    if where is np._NoValue or where is True:
        return average(a, axis=_axis(axis, a.ndim), keepdims=keepdims is True)
    y = sum_(a, axis, keepdims=True, where=where) / _count(a, axis, where)
    return y if keepdims is True else np.squeeze(y, _axis(axis, a.ndim))


@implements(np.var)
def var(a: Any, axis: Any = None, dtype: Any = None, out: Any = None, ddof: Any = 0, keepdims: Any = False,
        *, where: Any = np._NoValue, mean: Any = np._NoValue, correction: Any = np._NoValue) -> Any:  # fmt: skip
    refuse("var", dtype=dtype, out=out)
    ddof = ddof if correction is np._NoValue else correction
    count = _count(a, axis, where)
    centre = sum_(a, axis, keepdims=True, where=where) / count if mean is np._NoValue else mean
    deviation = a - centre
    freedom = np.maximum(count - ddof, 0)
    with np.errstate(all="ignore"):
        y = sum_(deviation * deviation if np.dtype(a.dtype).kind != "c" else np.abs(deviation) ** 2,
                 axis, keepdims=True, where=where) / freedom  # fmt: skip
    return y if keepdims is True else np.squeeze(y, _axis(axis, a.ndim))


@implements(np.std)
def std(a: Any, axis: Any = None, dtype: Any = None, out: Any = None, ddof: Any = 0, keepdims: Any = False,
        *, where: Any = np._NoValue, mean: Any = np._NoValue, correction: Any = np._NoValue) -> Any:  # fmt: skip
    y = var(a, axis, dtype, out, ddof, keepdims, where=where, mean=mean, correction=correction)
    return norm_root(y)


def norm_root(y: Any) -> Any:
    """√y with gradient 0 where y = 0: the square root of a sum of squares, at its kink."""
    from autograd.ops.elementwise import sqrt

    at_zero = plain(y) == 0
    if not np.any(at_zero):
        return sqrt(y)
    return np.where(at_zero, 0.0, sqrt(np.where(at_zero, 1.0, y)))


@implements(np.cumsum, (np.add, "accumulate"))
def cumsum(a: Any, axis: Any = None, dtype: Any = None, out: Any = None) -> Any:
    refuse("cumsum", dtype=dtype, out=out)
    if axis is None:
        a, axis = np.reshape(a, -1), 0
    return running_sum(a, axis=normalised_axes(axis, a.ndim)[0])


def _cumprod_vjp(g: Any, y: Any, x: Any, axis: int) -> Any:
    # ∂y_k/∂x_i is the product of the first k + 1 elements without the i-th. Dividing fails at zeros, so
    # the products without one element come from running products, one column at a time.
    x, y = conjugate(x), conjugate(y)
    n = np.shape(plain(x))[axis]
    if np.all(plain(x) != 0):
        reverse = np.flip(np.cumsum(np.flip(g * y, axis), axis=axis), axis)
        return (reverse / x,)
    rows, cotangents = np.moveaxis(x, axis, -1), np.moveaxis(g, axis, -1)
    one = np.ones_like(plain(rows)[..., :1])
    columns = []
    for i in range(n):
        head = np.prod(rows[..., :i], axis=-1, keepdims=True)
        tail = np.cumprod(np.concatenate([one, rows[..., i + 1 :]], axis=-1), axis=-1)
        columns.append(np.sum(cotangents[..., i:] * head * tail, axis=-1))
    return (np.moveaxis(np.stack(columns, axis=-1), -1, axis),)


running_product = General(
    "np.cumprod", lambda x, axis: np.cumprod(x, axis=axis), _cumprod_vjp,
    doc="Products of the first 1, 2, … elements along an axis.",
)  # fmt: skip


@implements(np.cumprod, (np.multiply, "accumulate"))
def cumprod(a: Any, axis: Any = None, dtype: Any = None, out: Any = None) -> Any:
    refuse("cumprod", dtype=dtype, out=out)
    if axis is None:
        a, axis = np.reshape(a, -1), 0
    return running_product(a, axis=normalised_axes(axis, a.ndim)[0]) if a.size else a
