"""Triangles and diagonals."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from autograd.functions.register import arraylike, implement, in_dtype, normalised_axes, refuse
from autograd.node import stored
from autograd.rules.arrays import General, Linear
from autograd.rules.rule import conjugate
from autograd.types import Array, Cotangent


def _placed(g: Cotangent, shape: Any, offset: int, axis1: int, axis2: int) -> Any:
    filled = np.zeros(shape, dtype=g.dtype)
    view = np.diagonal(filled, offset, axis1, axis2)
    view.flags.writeable = True
    view[...] = g
    return filled


diagonal = Linear(
    "diagonal",
    lambda x, offset, axis1, axis2: np.diagonal(x, offset, axis1, axis2),
    lambda g, x, **where: place_diagonal(g, shape=np.shape(stored(x)), **where),
    doc="The elements of x whose indices along two axes differ by an offset.",
    local="{g} on the diagonal, 0 elsewhere",
)

place_diagonal: Linear = Linear(
    "place_diagonal",
    _placed,
    lambda g, x, shape, **where: diagonal(g, **where),
    doc="Zeros with numbers on a diagonal: the adjoint of diagonal.",
    local="the diagonal of {g}",
)


def diagonal_(a: Array, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Any:
    i, j = normalised_axes((axis1, axis2), a.ndim)
    return diagonal(a, offset=int(offset), axis1=i, axis2=j)


def diag(v: Array, k: int = 0) -> Any:
    if v.ndim == 1:
        n = v.shape[0] + abs(k)
        return place_diagonal(v, shape=(n, n), offset=int(k), axis1=0, axis2=1)
    if v.ndim == 2:
        return diagonal_(v, k)
    raise ValueError("Input must be 1- or 2-d.")


def diagflat(v: Array, k: int = 0) -> Any:
    return diag(np.reshape(v, -1), k)


def trace(
    a: Array, offset: int = 0, axis1: int = 0, axis2: int = 1, dtype: DTypeLike | None = None, out: Any = None
) -> Any:
    refuse("trace", out=out)
    a = in_dtype(a, dtype)
    return np.sum(diagonal_(a, offset, axis1, axis2), axis=-1)


def tril(m: Array, k: int = 0) -> Array:
    return np.where(np.tri(*_last_two(m), k, bool), m, 0)


def triu(m: Array, k: int = 0) -> Array:
    return np.where(np.tri(*_last_two(m), k - 1, bool), 0, m)


def _last_two(m: Array) -> tuple[int, int]:
    # A single row counts as every row of a square, as in NumPy.
    return (m.shape[-2], m.shape[-1]) if m.ndim > 1 else (m.shape[0], m.shape[0])


def _vander_vjp(g: Cotangent, y: Array, x: Array, count: int, increasing: bool) -> tuple[Any]:
    """Σ gₖ·k·xᵏ⁻¹ along each row, from the powers that the result holds."""
    if not increasing:
        g, y = g[:, ::-1], y[:, ::-1]
    return ((g[:, 1:] * conjugate(y[:, :-1])) @ np.arange(1, count, dtype=stored(x).real.dtype),)


powers = General(
    "np.vander",
    lambda x, count, increasing: np.vander(x, count, increasing=increasing),
    _vander_vjp,
    doc="A row of the powers of each number, by running products.",
    local="{g} ⊙ k·{0}ᵏ⁻¹, summed along each row",
    scalars=lambda x, count, increasing: np.vander(x, count, increasing=increasing),
)


def vander(x: Array, N: Any = None, increasing: bool = False) -> Array:
    x = arraylike(x)
    dtype = np.promote_types(x.dtype, int)
    if x.ndim != 1:
        raise ValueError("x must be a one-dimensional array or sequence.")
    count = x.shape[0] if N is None else int(N)
    return powers(x if x.dtype == dtype else x.astype(dtype), count=count, increasing=bool(increasing))


implement(
    {
        np.diagonal: diagonal_,
        np.diag: diag,
        np.diagflat: diagflat,
        np.trace: trace,
        np.tril: tril,
        np.triu: triu,
        np.vander: vander,
    },
    constant=(np.diag_indices_from, np.tril_indices_from, np.triu_indices_from),
    without_rule={
        "it writes into its argument; use np.where(np.eye(n, dtype=bool), value, t)": (np.fill_diagonal,),
    },
)
