"""Weighted means, covariances, and counts with weights."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from autograd.functions.broadcasting import row_sums, sum_of_rows
from autograd.functions.extremes import ends
from autograd.functions.indexing import scatter
from autograd.functions.register import (
    arraylike,
    arraylikes,
    flag,
    implement,
    in_dtype,
    in_floats,
    normalised_axes,
    reduced_axes,
    refuse,
)
from autograd.node import Node, plain
from autograd.rules.arrays import General
from autograd.rules.rule import conjugate
from autograd.types import Array, Axis, Cotangent


def ptp(a: Array, axis: Axis = None, out: Any = None, keepdims: Any = np._NoValue) -> Any:
    refuse("ptp", out=out)
    a = arraylike(a)
    both = ends(a, axis=None if axis is None else reduced_axes(axis, a.ndim), keepdims=flag(keepdims))
    return both[0] - both[1]


def average(
    a: Array, axis: Axis = None, weights: Array | None = None, returned: bool = False, *, keepdims: Any = np._NoValue
) -> Any:
    a = in_floats(a)
    kept = flag(keepdims)
    if weights is None:
        mean = np.mean(a, axis=axis, keepdims=kept)
        return (mean, np.full(mean.shape, a.size / max(mean.size, 1))) if returned else mean
    a, weights = arraylikes(a, weights)
    if weights.shape != a.shape:
        axes = normalised_axes(axis, a.ndim)
        if axis is None:
            raise TypeError("Axis must be specified when shapes of a and weights differ.")
        if weights.shape != tuple(a.shape[i] for i in (axis if isinstance(axis, tuple) else axes)):
            raise ValueError("Shape of weights must be consistent with shape of a along specified axis.")
        order = np.argsort(axes) if isinstance(axis, tuple) else [0]
        weights = np.reshape(np.transpose(weights, order), [n if i in axes else 1 for i, n in enumerate(a.shape)])
        weights = np.broadcast_to(weights, a.shape)
    total = np.sum(weights, axis=axis, keepdims=kept)
    if np.any(plain(total) == 0):
        raise ZeroDivisionError("Weights sum to zero, can't be normalized")
    mean = np.sum(a * weights, axis=axis, keepdims=kept) / total
    return (mean, total) if returned else mean


def cov(
    m: Array,
    y: Array | None = None,
    rowvar: bool = True,
    bias: bool = False,
    ddof: Any = None,
    fweights: Any = None,
    aweights: Array | None = None,
    *,
    dtype: DTypeLike | None = None,
) -> Any:
    rows = _variables(m, rowvar)
    if y is not None:
        rows = np.concatenate([rows, _variables(y, rowvar)])
    rows = in_dtype(rows, np.result_type(rows.dtype, np.float64) if dtype is None else dtype)
    ddof = (0 if bias else 1) if ddof is None else ddof
    weights, correction = _observation_weights(rows.shape[1], fweights, aweights, ddof)
    if weights is None:
        count = rows.shape[1]
        freedom, mean = count - ddof, np.mean(rows, axis=1, keepdims=True)
    else:
        total = np.sum(weights)
        freedom = total if ddof == 0 else total - correction / total
        mean = np.sum(rows * weights, axis=1, keepdims=True) / total
    deviation = rows - mean
    weighted = deviation if weights is None else deviation * weights
    with np.errstate(all="ignore"):
        scale = np.maximum(freedom, 0) if plain(freedom) <= 0 else freedom
        return np.squeeze(np.matmul(deviation, np.conj(weighted.T)) / scale)


def _variables(m: Array, rowvar: bool) -> Array:
    m = arraylike(m)
    if m.ndim > 2:
        raise ValueError("m has more than 2 dimensions")
    rows = np.atleast_2d(m)
    return rows.T if not rowvar and m.ndim == 2 else rows


def _observation_weights(count: int, fweights: Any, aweights: Any, ddof: Any) -> tuple[Any, Any]:
    """Weights of the observations, and what is taken off their sum for the degrees of freedom."""
    weights = None
    for name, given in (("fweights", fweights), ("aweights", aweights)):
        if given is None:
            continue
        given = arraylike(given).astype(np.float64)
        if given.shape != (count,):
            raise RuntimeError(f"incompatible numbers of samples and {name}")
        if np.any(plain(given) < 0):
            raise ValueError(f"{name} cannot be negative")
        weights = given if weights is None else weights * given
    if weights is None:
        return None, None
    return weights, ddof * np.sum(weights if aweights is None else weights * arraylike(aweights).astype(np.float64))


def _correlations(c: Any) -> Array:
    spread = np.sqrt(np.real(np.diagonal(c)))
    return c / spread[:, None] / spread


def _correlations_vjp(g: Cotangent, y: Array, c: Array) -> tuple[Any]:
    """G = g/(sᵢ·sⱼ) with sᵢ² = cᵢᵢ; and through the sᵢ, on the diagonal, −½·Σₖ (gᵢₖ·rᵢₖ + gₖᵢ·rₖᵢ)/cᵢᵢ."""
    squares = np.real(np.diagonal(c))
    spread = np.sqrt(squares)
    weighted = np.real(conjugate(g) * y)
    through = row_sums(weighted) + sum_of_rows(weighted)
    return (g / spread[:, None] / spread - np.diag(0.5 * through / squares),)


correlations = General(
    "correlations",
    _correlations,
    _correlations_vjp,
    doc="A matrix of covariances divided by the standard deviations of its row and its column.",
    local="{g} ⊘ s·sᵀ − ½·diag(Σ ({g} ⊙ {y} + transposed))/s², s the roots of the diagonal of {0}",
    scalars=_correlations,
)


def corrcoef(
    x: Array,
    y: Array | None = None,
    rowvar: bool = True,
    bias: Any = np._NoValue,
    ddof: Any = np._NoValue,
    *,
    dtype: DTypeLike | None = None,
) -> Array:
    c = cov(x, y, rowvar, dtype=dtype)
    if c.ndim == 0:
        return c / c
    r = correlations(c)
    return np.clip(r, -1, 1) if np.any(np.abs(plain(r)) > 1) else r


# --- counts ------------------------------------------------------------------------------------------------


def bincount(x: Array, /, weights: Array | None = None, minlength: int = 0) -> Any:
    if isinstance(x, Node):
        raise TypeError("np.bincount counts integers, not a Tensor; only weights may be one")
    weights = arraylike(weights)
    counts = np.bincount(x, minlength=minlength)  # which refuses what does not count
    if weights.shape != np.shape(x):
        raise ValueError("The weights and list don't have the same length.")
    return scatter(weights.astype(np.float64), index=np.asarray(x).astype(np.intp), shape=counts.shape)


def histogram(a: Array, bins: Any = 10, range: Any = None, density: Any = None, weights: Any = None) -> Any:
    if isinstance(a, Node) or isinstance(bins, Node):
        raise TypeError("np.histogram of a Tensor: its counts jump and its edges move with the data; use t.data")
    a, weights = np.ravel(a), np.reshape(arraylike(weights), -1)
    if weights.shape != a.shape:
        raise ValueError("weights should have the same shape as a.")
    edges = np.histogram_bin_edges(a, bins, range)
    at: Any = np.searchsorted(edges, a, side="right") - 1
    at[a == edges[-1]] = edges.size - 2
    inside = (at >= 0) & (at < edges.size - 1)
    counts = scatter(weights[inside], index=at[inside], shape=(edges.size - 1,))
    return (counts / np.diff(edges) / np.sum(counts) if density else counts), edges


implement(
    {
        np.ptp: ptp,
        np.average: average,
        np.cov: cov,
        np.corrcoef: corrcoef,
        np.bincount: bincount,
        np.histogram: histogram,
    },
    constant=(np.digitize,),
    without_rule={
        "its counts jump and its edges move with the data; count t.data (weights may be a Tensor in np.histogram "
        "and np.bincount)": (np.histogram_bin_edges, np.histogram2d, np.histogramdd),
    },
)
