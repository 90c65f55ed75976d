"""Polynomials given by their coefficients, highest power first."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.functions.register import arraylike, arraylikes, implement
from autograd.functions.ufuncs import Ufunc
from autograd.node import Node, plain
from autograd.rules.arrays import General
from autograd.rules.rule import conjugate, is_complex
from autograd.types import Array, Cotangent

polynomial: Ufunc = Ufunc(
    "polynomial",
    lambda x, p: np.polyval(p, x),
    lambda y, x, p=(): polynomial(x, p=np.polyder(p)),
    doc="A polynomial with constant coefficients at x.",
)


def polyval(p: Any, x: Array) -> Any:
    p = arraylike(p)
    if isinstance(x, Node) and not isinstance(p, Node):
        return polynomial(x, p=p)
    y: Any = 0
    if not isinstance(x, np.poly1d):
        x = arraylike(x)
        y = np.zeros(x.shape, dtype=x.dtype)
    for k in range(p.shape[0]):
        y = y * x + p[k]
    return y


def polyadd(a1: Array, a2: Array) -> Array:
    a1, a2 = map(np.atleast_1d, arraylikes(a1, a2))
    n = max(a1.shape[0], a2.shape[0])
    return np.pad(a1, (n - a1.shape[0], 0)) + np.pad(a2, (n - a2.shape[0], 0))


def polysub(a1: Array, a2: Array) -> Array:
    a1, a2 = arraylikes(a1, a2)
    return polyadd(a1, -a2)


def polymul(a1: Array, a2: Array) -> Any:
    return np.convolve(*(_significant(np.atleast_1d(a)) for a in arraylikes(a1, a2)))


def _significant(a: Array) -> Any:
    """Without leading zeros, as a poly1d drops them."""
    nonzero = np.flatnonzero(plain(a))
    return a[nonzero[0] :] if nonzero.size else a[-1:]


def polydiv(u: Array, v: Array) -> Any:
    remainder, v = arraylikes(*(np.atleast_1d(arraylike(x)) + 0.0 for x in (u, v)))
    n = v.shape[0]
    steps = remainder.shape[0] - n + 1
    quotient = []
    for _ in range(steps):
        quotient.append(remainder[0] / v[0])
        # The leading term is gone by construction.
        remainder = np.concatenate([remainder[1:n] - quotient[-1] * v[1:], remainder[n:]])
    kept = np.flatnonzero(~np.isclose(plain(remainder), 0, rtol=1e-14))
    remainder = remainder[kept[0] :] if kept.size else remainder[-1:] if remainder.shape[0] else np.zeros(1)
    return (np.stack(quotient) if quotient else np.zeros(1)), remainder


def polyder(p: Any, m: int = 1) -> Any:
    if m < 0:
        raise ValueError("Order of derivative must be positive (see polyint)")
    p = arraylike(p)
    for _ in range(int(m)):
        p = p[:-1] * np.arange(p.shape[0] - 1, 0, -1)
    return p


def polyint(p: Any, m: int = 1, k: Any = None) -> Any:
    if m < 0:
        raise ValueError("Order of integral must be positive (see polyder)")
    p = arraylike(p)
    constants = np.zeros(m) if k is None else np.atleast_1d(arraylike(k))
    if constants.shape[0] == 1 < m:
        constants = np.broadcast_to(constants, (m,))
    if constants.shape[0] < m:
        raise ValueError("k must be a scalar or a rank-1 array of length 1 or >m.")
    for i in range(int(m)):
        p = np.concatenate([p / np.arange(p.shape[0], 0, -1), constants[i : i + 1]])
    return p


def poly(seq_of_zeros: Any) -> Array:
    zeros = np.atleast_1d(seq_of_zeros)
    real = not is_complex(zeros)  # real matrices have eigenvalues in conjugate pairs
    if zeros.ndim == 2:
        zeros = np.linalg.eigvals(zeros)
    elif zeros.ndim != 1:
        raise ValueError("input must be 1d or non-empty square 2d array.")
    p = np.ones(1, dtype=zeros.dtype)
    for i in range(zeros.shape[0]):
        p = np.convolve(p, np.stack([np.ones((), dtype=zeros.dtype), -zeros[i]]))
    return p.real if real else p


def polyfit(
    x: Array, y: Array, deg: Any, rcond: Any = None, full: bool = False, w: Array | None = None, cov: Any = False
) -> Any:
    if full or cov:
        raise TypeError("np.polyfit of Tensors gives the coefficients alone; drop full= and cov=")
    x, y, deg = arraylike(x) + 0.0, arraylike(y) + 0.0, int(deg)
    if deg < 0:
        raise ValueError("expected deg >= 0")
    if x.ndim != 1 or y.ndim not in (1, 2) or x.shape[0] != y.shape[0]:
        raise TypeError("expected a vector x, and y of the same length")
    left, right = np.vander(x, deg + 1), y
    if w is not None:
        w = arraylike(w).astype(x.dtype)
        left, right = left * w[:, None], right * (w[:, None] if y.ndim == 2 else w)
    # Columns of length 1, as NumPy scales them.
    scale = np.sqrt(np.sum(left * left, axis=0))
    tolerance = x.shape[0] * np.finfo(x.dtype).eps if rcond is None else rcond
    solution = np.linalg.lstsq(left / scale, right, tolerance)[0]
    return solution / (scale[:, None] if y.ndim == 2 else scale)


def _roots_vjp(g: Cotangent, y: Array, p: Any) -> Any:
    # p(r) = 0 along the way, so ∂r/∂p_k = −rⁿ⁻ᵏ/p'(r).
    slopes = np.polyval(polyder(p), y)
    if not np.all(plain(slopes)):
        raise ValueError("the derivative of np.roots is infinite at a repeated root")
    powers = y[:, None] ** np.arange(p.shape[0] - 1, -1, -1)
    return (np.matmul(g, conjugate(-powers / slopes[:, None])),)


roots_of = General(
    "roots",
    np.roots,
    _roots_vjp,
    doc="The roots of a polynomial, in no particular order.",
    local="−{g} · {y}ᵏ/p′({y}), summed over the roots",
)


def roots(p: Any) -> Any:
    return roots_of(arraylike(p))


implement(
    {
        np.polyval: polyval,
        np.polyadd: polyadd,
        np.polysub: polysub,
        np.polymul: polymul,
        np.polydiv: polydiv,
        np.polyder: polyder,
        np.polyint: polyint,
        np.poly: poly,
        np.polyfit: polyfit,
        np.roots: roots,
    }
)
