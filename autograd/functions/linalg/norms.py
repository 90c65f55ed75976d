"""Norms of vectors and matrices, and condition numbers.

The gradient of every norm at 0 is 0. Where a norm is a largest or smallest number (``ord=inf``, ``ord=2`` of a matrix),
ties share the gradient equally. ``ord=0`` counts, so its derivative is 0. `cond` of a matrix that is singular (to
rounding) has no derivative: its backward pass raises ``LinAlgError``.
"""

from __future__ import annotations

from functools import reduce
from typing import Any

import numpy as np
from numpy.linalg import LinAlgError

from autograd.functions.broadcasting import spread
from autograd.functions.register import along, arraylike, implement, normalised_axes, refuse_nodes
from autograd.functions.rows import folded
from autograd.functions.ufuncs import ratio
from autograd.node import plain
from autograd.rules.arrays import General
from autograd.rules.elementwise import absolute, hypot, step
from autograd.rules.nary import total
from autograd.types import Array, Axis, Cotangent


def _euclidean(x: Any, axis: tuple[int, ...] | None, keepdims: bool) -> Array:
    if axis is None or len(axis) == x.ndim:
        return np.linalg.norm(x, None, None, keepdims)
    if len(axis) == 1:
        return np.linalg.norm(x, axis=axis[0], keepdims=keepdims)
    return np.sqrt(np.sum(np.abs(x) ** 2, axis=axis, keepdims=keepdims))


def _euclidean_vjp(g: Cotangent, y: Array, x: Array, axis: Axis, keepdims: bool) -> tuple[Any]:
    if y.ndim == 0:
        return (ratio(g, y) * x,)
    return (spread(ratio(g, y), x, axis, keepdims) * x,)


def _length_of_numbers(row: list[Any]) -> Any:
    return reduce(hypot, row, 0.0)


euclidean = General(
    "np.linalg.norm",
    _euclidean,
    _euclidean_vjp,
    doc="√Σ|x|² along axes; its gradient at 0 is 0.",
    local="{g} ⊙ {0}/{y}",
    scalars=lambda x, axis, keepdims: folded(_length_of_numbers, x, axis, keepdims),
)


def _power_norm(x: Any, p: float, axis: int, keepdims: bool) -> Array:
    return np.linalg.norm(x, p, axis, keepdims)


def _power_norm_vjp(g: Cotangent, y: Array, x: Array, p: float, axis: int, keepdims: bool) -> tuple[Any]:
    if p > 2:
        factor = spread(ratio(g, y ** (p - 1)), x, axis, keepdims)
        return (np.abs(x) ** (p - 2) * x * factor,)
    length = spread(y, x, axis, keepdims)
    size = np.abs(x)
    fraction = ratio(size, length)
    if p < 1:  # the power has a negative exponent: its slope at 0 is infinite, and 0 by convention
        at_zero = plain(fraction) == 0
        slope = np.where(at_zero, 0, np.where(at_zero, 1, fraction) ** (p - 1))
    else:
        slope = fraction ** (p - 1)
    return (spread(g, x, axis, keepdims) * slope * np.sign(x),)


power_norm = General(
    "p-norm", _power_norm, _power_norm_vjp, doc="(Σ|x|ᵖ)^(1/p) along an axis.", local="{g} ⊙ {0}·|{0}|ᵖ⁻²/{y}ᵖ⁻¹"
)


def _picker(order: float, length: int) -> Any:
    """What takes the largest or smallest of so many numbers. The largest of none is 0, as an empty sum."""
    return np.min if order < 0 else np.max if length else np.sum


def _extreme_only(x: Array, sizes: Any, order: float, axis: int) -> Array:
    """x at the index along `axis` where `sizes` is extreme; x itself if there are ties, which share.

    All else has no part in the norm, and need not be walked through.
    """
    best = _picker(order, sizes.shape[axis])(sizes, axis=axis, keepdims=True)
    mask = sizes == best
    if np.count_nonzero(mask) != best.size:
        return x
    if best.size == 1:
        at = np.argmax(mask)  # a number of NumPy: an index that was found, not written
        return x[along(axis, slice(at, at + 1))]
    if mask.shape != x.shape:
        return np.take_along_axis(x, np.argmax(mask, axis=axis, keepdims=True), axis=axis)
    if axis != x.ndim - 1:
        x, mask = np.moveaxis(x, axis, -1), np.moveaxis(mask, axis, -1)
    return np.reshape(x[mask], best.shape)


count = General(
    "0-norm",
    lambda x, axis, keepdims: np.linalg.norm(x, 0, axis, keepdims),
    lambda g, y, x, axis, keepdims: (np.zeros_like(plain(x)),),
    doc="The number of elements that are not 0.",
    local="0",
    scalars=lambda x, axis, keepdims: folded(lambda row: total(*[step(absolute(x)) for x in row]), x, axis, keepdims),
)


def _length(x: Array, order: Any, axis: int, keepdims: bool) -> Array:
    """The norm of vectors along one axis."""
    if order is None or order == 2:
        return euclidean(x, axis=(axis,), keepdims=keepdims)
    if order in (np.inf, -np.inf):
        x = _extreme_only(x, np.abs(plain(x)), order, axis)
        return _picker(order, x.shape[axis])(np.abs(x), axis=axis, keepdims=keepdims)
    if order == 1:
        return np.sum(np.abs(x), axis=axis, keepdims=keepdims)
    if order == 0:
        return count(x, axis=axis, keepdims=keepdims)
    if isinstance(order, str):
        raise ValueError(f"Invalid norm order {order!r} for vectors")
    return power_norm(x, p=order, axis=axis, keepdims=keepdims)


def _size(x: Array, order: Any, axes: tuple[int, int], keepdims: bool) -> Any:
    """The norm of matrices on two axes."""
    row, column = axes
    if order is None or order in ("fro", "f"):
        return euclidean(x, axis=axes, keepdims=keepdims)
    if order in (1, -1, np.inf, -np.inf):
        summed, other = (row, column) if abs(order) == 1 else (column, row)
        x = _extreme_only(x, np.sum(np.abs(plain(x)), axis=summed, keepdims=True), order, other)
        sums = np.sum(np.abs(x), axis=summed, keepdims=True)
        y = _picker(order, sums.shape[other])(sums, axis=other, keepdims=True)
    elif order in (2, -2, "nuc"):
        s = np.linalg.svdvals(np.moveaxis(x, (row, column), (-2, -1)))
        y = (np.sum if order == "nuc" else _picker(order, s.shape[-1]))(s, axis=-1)
        y = np.expand_dims(y, tuple(sorted(axes)))
    else:
        raise ValueError("Invalid norm order for matrices.")
    return y if keepdims else np.squeeze(y, axes)


def norm(x: Array, ord: Any = None, axis: Axis = None, keepdims: bool = False) -> Any:
    refuse_nodes("np.linalg.norm", ord=ord)
    x = arraylike(x)
    if axis is None and (ord is None or (ord in ("f", "fro") and x.ndim == 2) or (ord == 2 and x.ndim == 1)):
        return euclidean(x, axis=None, keepdims=bool(keepdims))
    axes = normalised_axes(axis, x.ndim)
    if len(axes) == 1:
        return _length(x, ord, axes[0], bool(keepdims))
    if len(axes) == 2:
        return _size(x, ord, (axes[0], axes[1]), bool(keepdims))
    raise ValueError("Improper number of dimensions to norm.")


def matrix_norm(x: Array, /, *, keepdims: bool = False, ord: Any = "fro") -> Array:
    refuse_nodes("np.linalg.matrix_norm", ord=ord)
    return _size(arraylike(x), ord, (x.ndim - 2, x.ndim - 1), bool(keepdims))


def vector_norm(x: Array, /, *, axis: Axis = None, keepdims: bool = False, ord: Any = 2) -> Array:
    refuse_nodes("np.linalg.vector_norm", ord=ord)
    x = arraylike(x)
    axes = normalised_axes(axis, x.ndim)
    if len(axes) == 1:
        return _length(x, ord, axes[0], bool(keepdims))
    kept = [i for i in range(x.ndim) if i not in axes]
    rows = np.reshape(np.transpose(x, (*axes, *kept)), (-1, *[x.shape[i] for i in kept]))
    y = _length(rows, ord, 0, False)
    return np.expand_dims(y, axes) if keepdims else y


def _no_derivative(*args: Any, **static: Any) -> Any:
    raise LinAlgError("the condition number of a matrix that is singular, to rounding, has no derivative")


infinite = General(
    "cond of singular", lambda a, p: np.linalg.cond(a, p), _no_derivative, doc="An infinite condition number."
)


def cond(x: Array, p: Any = None) -> Array:
    refuse_nodes("np.linalg.cond", p=p)
    value = np.linalg.cond(plain(x), p)
    if np.any(value * np.finfo(value.dtype).eps * max(x.shape[-2:]) >= 1):
        return infinite(x, p=p)
    if p is None or p in (2, -2):
        s = np.linalg.svdvals(x)
        return s[..., -1] / s[..., 0] if p == -2 else s[..., 0] / s[..., -1]
    return norm(x, p, (-2, -1)) * norm(np.linalg.inv(x), p, (-2, -1))


implement(
    {
        np.linalg.norm: norm,
        np.linalg.matrix_norm: matrix_norm,
        np.linalg.vector_norm: vector_norm,
        np.linalg.cond: cond,
    }
)
