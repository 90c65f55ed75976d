"""Running sums and products, differences, and sums along a curve."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from autograd.functions.register import (
    along,
    arraylike,
    arraylikes,
    flat_or_axis,
    implement,
    in_dtype,
    in_floats,
    named,
    normalised_axes,
    refuse,
)
from autograd.node import plain
from autograd.rules.arrays import General, Linear
from autograd.rules.rule import conjugate
from autograd.types import Array, Axis, Cotangent

running_sum = Linear(
    "np.cumsum",
    lambda x, axis: np.cumsum(x, axis=axis),
    lambda g, x, axis: np.flip(np.cumsum(np.flip(g, axis), axis=axis), axis),
    doc="Sums of the first 1, 2, … elements along an axis.",
    local="{g}, summed from the end",
)


def cumsum(a: Array, axis: Axis = None, dtype: DTypeLike | None = None, out: Any = None) -> Any:
    refuse("cumsum", out=out)
    a = in_dtype(a, dtype)
    a, i = flat_or_axis(a, axis, of_number=True)
    return running_sum(a, axis=i)


def _running_product_vjp(g: Cotangent, y: Array, x: Array, axis: int) -> Any:
    x, y = conjugate(x), conjugate(y)
    if np.all(plain(x)):
        return (np.flip(np.cumsum(np.flip(g * y, axis), axis=axis), axis) / x,)
    # With zeros, no division: Σₖ gₖ·∂yₖ/∂xᵢ = yᵢ₋₁·sᵢ, where sᵢ = gᵢ + xᵢ₊₁·sᵢ₊₁ comes from the right.
    g, x, y = (np.moveaxis(z, axis, 0) for z in (g, x, y))
    s, sums = g[-1], [g[-1]]
    for i in reversed(range(x.shape[0] - 1)):
        s = g[i] + x[i + 1] * s
        sums.append(s)
    before = np.concatenate([np.ones_like(plain(x)[:1]), y[:-1]])
    return (np.moveaxis(before * np.stack(sums[::-1]), 0, axis),)


running_product = General(
    "np.cumprod",
    lambda x, axis: np.cumprod(x, axis=axis),
    _running_product_vjp,
    doc="Products of the first 1, 2, … elements along an axis.",
    local="{g} ⊙ {y}, summed from the end, /{0}",
    scalars=np.cumprod,
)


def cumprod(a: Array, axis: Axis = None, dtype: DTypeLike | None = None, out: Any = None) -> Any:
    refuse("cumprod", out=out)
    a = in_dtype(a, dtype)
    a, i = flat_or_axis(a, axis, of_number=True)
    return running_product(a, axis=i) if a.size else a


def _thin(x: Array, i: int) -> list[int]:
    """The shape of x, with length 1 along axis i."""
    return [1 if k == i else n for k, n in enumerate(x.shape)]


def _difference_adjoint(g: Cotangent, x: Array, axis: int) -> Array:
    # −g at the first, g[k−1] − g[k] between, g at the last: minus the difference of g between two zeros.
    edge = np.zeros(_thin(g, axis), dtype=g.dtype)
    return -np.diff(np.concatenate([edge, g, edge], axis=axis), axis=axis)


difference = Linear(
    "diff",
    lambda x, axis: np.diff(x, axis=axis),
    _difference_adjoint,
    doc="Differences of neighbours along an axis.",
    local="−differences of {g}, with 0 before and after",
)


def diff(a: Array, n: int = 1, axis: int = -1, prepend: Any = np._NoValue, append: Any = np._NoValue) -> Any:
    if n < 0:
        raise ValueError(f"order must be non-negative but got {n}")
    a = arraylike(a)
    if a.ndim == 0:
        raise ValueError("diff requires input that is at least one dimensional")
    (i,) = normalised_axes(axis, a.ndim)
    if n == 0:
        return a
    ends = [None if end is np._NoValue else _as_slice(end, a, i) for end in (prepend, append)]
    parts = [x for x in (ends[0], a, ends[1]) if x is not None]
    if len(parts) > 1:
        a = np.concatenate(parts, axis=i)
    for _ in range(n):
        a = difference(a, axis=i) if a.shape[i] else a
    return a


def _as_slice(end: Array, a: Array, i: int) -> Any:
    end = arraylike(end)
    return end if end.ndim else np.broadcast_to(end, _thin(a, i))


def ediff1d(ary: Array, to_end: Array | None = None, to_begin: Array | None = None) -> Any:
    inner = diff(np.reshape(arraylike(ary), -1))
    ends = [None if x is None else np.reshape(arraylike(x), -1).astype(inner.dtype) for x in (to_begin, to_end)]
    parts = [x for x in (ends[0], inner, ends[1]) if x is not None]
    return np.concatenate(parts) if len(parts) > 1 else inner


def gradient(f: Array, *varargs: Any, axis: Axis = None, edge_order: int = 1) -> Any:
    f = in_floats(f)
    axes = normalised_axes(axis, f.ndim)
    if len(varargs) not in (0, 1, len(axes)) or (len(varargs) == 1 < len(axes) and np.ndim(varargs[0])):
        raise TypeError("invalid number of arguments")
    if edge_order not in (1, 2):
        raise ValueError("'edge_order' greater than 2 not supported")
    steps = list(varargs) * len(axes) if len(varargs) == 1 < len(axes) else list(varargs) or [1.0] * len(axes)
    slopes = []
    for i, step in zip(axes, steps):
        if f.shape[i] < edge_order + 1:
            raise ValueError(f"np.gradient needs at least {edge_order + 1} elements along axis {i}, not {f.shape[i]}")
        slope = np.moveaxis(_slopes(np.moveaxis(f, i, 0), step, edge_order), 0, i)
        slopes.append(slope if slope.dtype == f.dtype else slope.astype(f.dtype))
    return slopes[0] if len(axes) == 1 else tuple(slopes)


def _slopes(f: Array, step: Any, edge_order: int) -> Any:
    """Second-order differences along the first axis; at both ends one-sided ones of `edge_order`."""
    n = f.shape[0]
    if np.ndim(step) == 0:
        step = step if type(step) in (int, float) else in_floats(step)
        inner = (f[2:] - f[:-2]) / (2.0 * step)
        left, right = f[1] - f[0], f[-1] - f[-2]
        if edge_order == 2:
            left, right = -1.5 * f[0] + 2.0 * f[1] - 0.5 * f[2], 0.5 * f[-3] - 2.0 * f[-2] + 1.5 * f[-1]
        return np.concatenate([(left / step)[None], inner, (right / step)[None]])
    f, step = arraylikes(f, in_floats(step))
    if step.ndim != 1 or step.shape[0] != n:
        raise ValueError("when 1d, distances must match the length of the corresponding dimension")
    h = np.reshape(np.diff(step), (-1,) + (1,) * (f.ndim - 1))
    a, b = h[:-1], h[1:]
    inner = -b / (a * (a + b)) * f[:-2] + (b - a) / (a * b) * f[1:-1] + a / (b * (a + b)) * f[2:]
    if edge_order == 1:
        left, right = (f[1] - f[0]) / h[0], (f[-1] - f[-2]) / h[-1]
    else:
        a, b = h[0], h[1]
        left = -(2.0 * a + b) / (a * (a + b)) * f[0] + (a + b) / (a * b) * f[1] - a / (b * (a + b)) * f[2]
        a, b = h[-2], h[-1]
        right = b / (a * (a + b)) * f[-3] - (b + a) / (a * b) * f[-2] + (2.0 * b + a) / (b * (a + b)) * f[-1]
    return np.concatenate([left[None], inner, right[None]])


def trapezoid(y: Array, x: Array | None = None, dx: Array = 1.0, axis: int = -1) -> Any:
    y = arraylike(y)
    (i,) = normalised_axes(axis, y.ndim)
    if x is None:
        y, dx = (y, dx) if type(dx) in (int, float) else arraylikes(y, dx)
    else:
        y, x = arraylikes(y, x)
        dx = np.diff(x, axis=axis if x.ndim > 1 else 0)
        if x.ndim == 1:
            dx = np.reshape(dx, [-1 if k == i else 1 for k in range(y.ndim)])
    means = (y[along(i, slice(1, None))] + y[along(i, slice(None, -1))]) / 2.0
    return np.sum(dx * means, axis=i)


def _cumulative(running: Any, first: float) -> Any:
    def cumulative(
        x: Array,
        /,
        *,
        axis: Axis = None,
        dtype: DTypeLike | None = None,
        out: Any = None,
        include_initial: bool = False,
    ) -> Any:
        refuse(f"cumulative_{running.__name__[3:]}", out=out)
        x = in_dtype(x, dtype)
        if axis is None and x.ndim > 1:
            raise ValueError("For arrays which have more than one dimension ``axis`` argument is required.")
        x, i = flat_or_axis(x, axis, of_number=True)
        y = running(x, axis=i)
        if not include_initial:
            return y
        start = np.full(_thin(x, i), first, dtype=x.dtype)
        return np.concatenate([start, y], axis=i)

    return cumulative


def unwrap(p: Any, discont: Any = None, axis: int = -1, *, period: Array = 2 * np.pi) -> Any:
    p = arraylike(p)
    unwrapped = np.unwrap(plain(p), plain(discont), axis, period=plain(period))
    turns = np.round((unwrapped - plain(p)) / plain(period))
    return p + turns * period


implement(
    {
        np.cumsum: cumsum,
        np.cumprod: cumprod,
        (np.add, "accumulate"): lambda a, axis=0, dtype=None, out=None: cumsum(a, axis, dtype, out),
        (np.multiply, "accumulate"): lambda a, axis=0, dtype=None, out=None: cumprod(a, axis, dtype, out),
        np.diff: diff,
        np.ediff1d: ediff1d,
        np.gradient: gradient,
        **dict.fromkeys(named("trapezoid", "trapz"), trapezoid),
        **dict.fromkeys(named("cumulative_sum"), _cumulative(np.cumsum, 0.0)),
        **dict.fromkeys(named("cumulative_prod"), _cumulative(np.cumprod, 1.0)),
        np.unwrap: unwrap,
    }
)
