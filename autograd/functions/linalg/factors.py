"""Factors of matrices: Cholesky and QR.

Conventions
-----------
* `cholesky` reads one triangle, as NumPy does. The gradient is that of the function NumPy computes: it lies in this
  triangle, and is 0 in the other one.
* `qr` needs independent columns (of the first m, if there are more columns than rows): else a ``LinAlgError`` says so
  in the backward pass. ``mode="complete"`` and ``"raw"`` follow LAPACK's Householder reflections one by one, so that
  also the columns of Q beyond those of A have the derivative of what NumPy returns.

Sources: Giles 2008, "An extended collection of matrix derivative results"; Walter and Lehmann 2018, "Algorithmic
differentiation of linear algebra functions"; Murray 2016, "Differentiation of the Cholesky decomposition".
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.linalg import LinAlgError

from autograd.functions.linalg.matrices import (
    as_named,
    diagonal_of,
    fold,
    hermitian,
    inverse_of_lower,
    lower_triangle,
    need_matrix,
    packed,
    real_diagonal,
    recorded,
    unpacked,
)
from autograd.functions.register import implement
from autograd.node import plain
from autograd.rules.arrays import General
from autograd.rules.rule import conjugate, is_complex
from autograd.types import Array, Cotangent

# --- Cholesky ----------------------------------------------------------------------------------------------


def _through_cholesky(g: Cotangent, factor: Array, inverse: Any = None) -> Array:
    """The cotangent of A, folded into its lower triangle: L⁻ᴴ·Φ(Lᴴg)·L⁻¹, for large matrices by halves.

    The inverse of a large L is never needed as a whole.
    """
    n = factor.shape[-1]
    if recorded(g, factor):
        inverse = np.linalg.inv(factor)
    elif inverse is None and n <= SMALL:
        inverse = inverse_of_lower(factor)
    if n <= SMALL or recorded(g, factor):
        inner = lower_triangle(real_diagonal(hermitian(factor) @ g), diagonal=0.5)
        return fold(hermitian(inverse) @ (inner @ inverse), lower=True)
    # A = [[A₁, ·], [B, A₂]], L = [[L₁, 0], [M, L₂]]: L₂ is the factor of A₂ − M·Mᴴ, M is B·L₁⁻ᴴ.
    k = n // 2
    above, below, under = factor[..., :k, :k], factor[..., k:, :k], factor[..., k:, k:]
    inverse_above = inverse_of_lower(above) if inverse is None else inverse[..., :k, :k]
    inverse_under = None if inverse is None else inverse[..., k:, k:]
    pulled = np.zeros_like(factor)
    pulled[..., k:, k:] = last = _through_cholesky(g[..., k:, k:], under, inverse_under)
    pulled[..., k:, :k] = middle = (g[..., k:, :k] - (last + hermitian(last)) @ below) @ inverse_above
    pulled[..., :k, :k] = _through_cholesky(g[..., :k, :k] - hermitian(middle) @ below, above, inverse_above)
    return pulled


SMALL = 64
"""Up to so many rows a matrix is not taken apart."""


lower_factor = General(
    "np.linalg.cholesky",
    np.linalg.cholesky,
    lambda g, factor, a: (_through_cholesky(g, factor),),
    doc="The lower triangular L with A = L·Lᴴ.",
    local="L⁻ᴴ · Φ(Lᴴ · {g}) · L⁻¹, L = {y}, Φ: the lower triangle, half of the diagonal",
)


def cholesky(a: Array, /, *, upper: bool = False) -> Any:
    return hermitian(lower_factor(hermitian(a))) if upper else lower_factor(a)


# --- QR ----------------------------------------------------------------------------------------------------


def _qr(a: Any) -> Array:
    return packed(np.linalg.qr(a), a.shape[:-2])


def _qr_vjp(g: Cotangent, y: Array, a: Array) -> tuple[Any]:
    m, n = a.shape[-2:]
    (q, r), (gq, gr) = (unpacked(x, (m, n), (n, n)) for x in (y, g))
    size = np.abs(diagonal_of(plain(r)))
    if np.any(size <= np.finfo(size.dtype).eps * n * np.max(size, axis=-1, keepdims=True, initial=0)):
        raise LinAlgError("the QR decomposition of a matrix with dependent columns has no derivative")
    inner = real_diagonal(lower_triangle(r @ hermitian(gr) - hermitian(gq) @ q, diagonal=0.5))
    return (hermitian(np.linalg.solve(r, hermitian(gq + q @ (inner + hermitian(inner))))),)


q_and_r = General(
    "np.linalg.qr", _qr, _qr_vjp, doc="Q and R of A = Q·R in one array, A with no more columns than rows."
)


def _householder(a: Array) -> tuple[list[Any], list[Any], Any]:
    """The reflections I − τ·v·vᴴ that make R of A, as LAPACK chooses them: the v, the τ, and R."""
    m, n = a.shape[-2:]
    vectors, factors = [], []
    rows: list[Any] = []
    numbers = np.abs(plain(a))
    rounding = np.finfo(numbers.dtype).eps * max(m, n) * np.max(numbers, axis=(-2, -1), keepdims=True, initial=0)
    for i in range(min(m, n)):
        x = a[..., :, :1]
        head = x[..., :1, :]
        tail = x[..., 1:, :]
        if m - i == 1 and not is_complex(a):
            tau, v, beta = np.zeros_like(plain(head)), np.ones_like(plain(head)), head
        else:
            length = np.linalg.norm(x, axis=-2, keepdims=True)
            if np.any(plain(length) <= rounding):
                raise LinAlgError("the QR decomposition of a matrix with dependent columns has no derivative")
            beta = -length * np.where(plain(head).real >= 0, 1, -1).astype(length.dtype)
            tau = (beta - head) / beta
            v = np.concatenate([np.ones_like(plain(head)), tail / (head - beta)], axis=-2)
            a = a - conjugate(tau) * v @ (hermitian(v) @ a)
        vectors.append(v)
        factors.append(tau)
        rows.append(np.concatenate([beta + np.zeros_like(plain(head)), a[..., :1, 1:]], axis=-1))
        a = a[..., 1:, 1:]
    zeros = [np.zeros_like(plain(row), shape=(*row.shape[:-1], n - row.shape[-1])) for row in rows]
    upper = np.concatenate([np.concatenate([zero, row], axis=-1) for zero, row in zip(zeros, rows)], axis=-2)
    return vectors, factors, upper


def _complete_qr(a: Array) -> tuple[Any, Any]:
    m, n = a.shape[-2:]
    vectors, factors, upper = _householder(a)
    q = np.broadcast_to(np.eye(m, dtype=plain(a).dtype), (*a.shape[:-2], m, m))
    for i in range(n - 1, -1, -1):
        reflected = q[..., i:, :] - factors[i] * vectors[i] @ (hermitian(vectors[i]) @ q[..., i:, :])
        q = np.concatenate([q[..., :i, :], reflected], axis=-2) if i else reflected
    return q, np.concatenate([upper, np.zeros_like(plain(a), shape=(*a.shape[:-2], m - n, n))], axis=-2)


def _raw_qr(a: Array) -> tuple[Any, Any]:
    m, n = a.shape[-2:]
    vectors, factors, upper = _householder(a)
    k = len(vectors)
    below = np.zeros_like(plain(a), shape=(*a.shape[:-2], m - k, n))
    both = np.concatenate([upper, below], axis=-2)
    for i, v in enumerate(vectors):
        rest = v[..., 1:, :]
        column = np.concatenate([np.zeros_like(plain(a), shape=(*a.shape[:-2], i + 1, 1)), rest], axis=-2)
        both = both + column * (np.arange(n) == i)
    return np.swapaxes(both, -1, -2), np.concatenate([t[..., 0] for t in factors], axis=-1)


def qr(a: Array, mode: Any = "reduced") -> Any:
    if mode not in ("reduced", "complete", "r", "raw"):
        raise ValueError(f"mode has to be 'reduced', 'complete', 'r' or 'raw', not {mode!r}")
    need_matrix(a)
    m, n = a.shape[-2:]
    if min(m, n) == 0 and mode in ("raw", "complete"):
        return np.linalg.qr(plain(a), mode)  # nothing to move
    if mode == "raw":
        return _raw_qr(a)
    if mode == "complete" and m > n:
        q, r = _complete_qr(a)
    elif m >= n:
        q, r = unpacked(q_and_r(a), (m, n), (n, n))
    else:
        q, left = unpacked(q_and_r(a[..., :m]), (m, m), (m, m))
        r = np.concatenate([left, hermitian(q) @ a[..., m:]], axis=-1)
    return r if mode == "r" else as_named(np.linalg.qr, q, r)


implement(
    {
        np.linalg.cholesky: cholesky,
        np.linalg.qr: qr,
    }
)
