"""Softmax, its logarithm, and the logarithm of a sum of exponentials, along axes.

All start from x less its largest element, and none from another: at x = 1e10 the number log Σ eˣ itself is rounded
to 2e-6, so that a difference from it would say little about the shares.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd.functions.broadcasting import row_sums
from autograd.functions.register import is_other_array, summed
from autograd.functions.rows import folded, mapped
from autograd.node import plain
from autograd.rules import log_sum_exp as numbers
from autograd.rules.arrays import General
from autograd.rules.elementwise import exp
from autograd.types import Array, Axis, Cotangent

ROWS = (1, -1, (1,))
"""What says that rows of a matrix are meant."""

SHORT_ROW = 64
"""Up to so many numbers in a row, the largest of each is found faster column by column."""


def _peak(x: Array, axis: Axis) -> Array:
    if is_other_array(x):
        top = np.max(x, axis=axis, keepdims=True)
    elif x.ndim == 2 and axis in ROWS and 0 < x.shape[1] <= SHORT_ROW:
        top = np.maximum.reduce(x.T.copy(), axis=0)[:, None]  # NumPy starts anew for each row of x
    else:
        top = np.maximum.reduce(x, axis=axis, keepdims=True, initial=-np.inf)
    if not math.isfinite(summed(top)):  # as one of them is, or nearly
        top = np.where(np.isfinite(top), top, 0).astype(x.dtype)
    return top


peak = General(
    "peak",
    _peak,
    lambda g, y, x, axis: (None,),
    doc="The largest element along axes, 0 where that is infinite; no derivative is asked of it.",
)


def shifted(x: Array, axis: Axis) -> tuple[Any, Any]:
    """x less its largest element along the axes (0 where that is infinite), and that."""
    top = _peak(x, axis)
    z = x - top
    return (np.asarray(z) if isinstance(z, np.generic) else z), top


def _softmax(x: Any, axis: Axis) -> Array:
    e, _ = shifted(x, axis)
    np.exp(e, out=e)
    e /= row_sums(e)[:, None] if e.ndim == 2 and axis in ROWS else summed(e, axis, keepdims=True)
    return e


def _log_softmax(x: Any, axis: Axis) -> Array:
    z, _ = shifted(x, axis)
    z -= np.log(summed(np.exp(z), axis, keepdims=True))
    return z


def _log_sum_exp(x: Any, axis: Axis, keepdims: bool) -> Array:
    z, top = shifted(x, axis)
    with np.errstate(divide="ignore"):
        y = np.log(summed(np.exp(z, out=z), axis, keepdims=True)) + top
    return y if keepdims else np.squeeze(y, axis)


def _log_sum_exp_vjp(g: Cotangent, y: Array, x: Array, axis: int | tuple[int, ...], keepdims: bool) -> tuple[Any]:
    if not keepdims:
        g, y = np.expand_dims(g, axis), np.expand_dims(y, axis)
    infinite = np.isinf(plain(y))
    if not np.any(infinite):
        return (g * softmax(x, axis=axis),)
    # −∞ everywhere, or +∞: no element leads the others.
    share = softmax(np.where(infinite, 0.0, x), axis=axis)
    return (g * np.where(infinite, 0.0, share),)


def shares(row: list[Any]) -> list[Any]:
    """Softmax of single numbers: eˣ / Σ eˣ of each."""
    top = max(map(float, map(plain, row)), default=0.0)
    if 100 < abs(top) < math.inf:  # where x − logsumexp, two large numbers, would have few digits
        row = [x - top for x in row]
    norm = numbers.log_sum_exp(*row) if row else None
    return [exp(x - norm) for x in row]


def _log_shares(row: list[Any]) -> list[Any]:
    norm = numbers.log_sum_exp(*row)
    return [x - norm for x in row]


softmax = General(
    "softmax",
    _softmax,
    lambda g, y, x, axis: (y * (g - np.sum(g * y, axis=axis, keepdims=True)),),
    doc="eˣ divided by its sum along axes.",
    local="{y} ⊙ ({g} − Σ {g} ⊙ {y})",
    scalars=lambda x, axis: mapped(shares, x, axis),
)

log_softmax = General(
    "log_softmax",
    _log_softmax,
    lambda g, y, x, axis: (g - exp(y) * np.sum(g, axis=axis, keepdims=True),),
    doc="x − log Σ eˣ along axes.",
    local="{g} − softmax({0}) · Σ {g}",
    scalars=lambda x, axis: mapped(_log_shares, x, axis),
)

log_sum_exp = General(
    "logsumexp_along",
    _log_sum_exp,
    _log_sum_exp_vjp,
    doc="log Σ eˣ along axes, without overflow.",
    local="{g} ⊙ softmax({0})",
    scalars=lambda x, axis, keepdims: folded(lambda row: numbers.log_sum_exp(*row), x, axis, keepdims),
)
