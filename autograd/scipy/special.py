"""Functions of ``scipy.special`` that are no ufuncs, for Tensors. Needs SciPy.

SciPy's ufuncs (``scipy.special.erf``, ``gammaln``, ``digamma``, ``j0``, ``ndtr``, ``xlogy`` …) take Tensors as they
are; those written in Python turn their arguments into plain arrays, so they are here again, with SciPy's signatures.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd.functions import softmax as over_axes
from autograd.functions.register import arraylikes, in_floats, normalised_axes
from autograd.node import plain
from autograd.scipy.ufuncs import digamma, gammaln, zeta
from autograd.types import Array, Axis


def logsumexp(
    a: Array, axis: Axis = None, b: Array | None = None, keepdims: bool = False, return_sign: bool = False
) -> Any:
    """log Σ b·eᵃ along axes, without overflow; as ``scipy.special.logsumexp``.

    Parameters
    ----------
    a : array_like or Tensor
        The exponents.
    axis : int, tuple of int or None
        Sum along these axes, or over everything.
    b : array_like or Tensor, optional
        Factors before the exponentials.
    keepdims : bool
        Keep the axes summed over, with length 1.
    return_sign : bool
        Return the logarithm of the absolute value, and the sign of the sum.

    Returns
    -------
    Tensor or ndarray; with `return_sign` a pair of them

    Examples
    --------
    >>> from autograd import Tensor
    >>> x = Tensor([1000.0, 1000.0])
    >>> y = logsumexp(x)
    >>> y.backward()
    >>> float(y).__round__(6), x.grad
    (1000.693147, array([0.5, 0.5]))
    """
    a = in_floats(a)
    if b is None:
        y = over_axes.log_sum_exp(a, axis=normalised_axes(axis, a.ndim), keepdims=bool(keepdims))
        return (y, np.ones_like(plain(y))) if return_sign else y
    a, b = np.broadcast_arrays(*arraylikes(a, b))
    axes = normalised_axes(axis, a.ndim)
    top = np.max(plain(a), axis=axes, keepdims=True, initial=-np.inf, where=plain(b) != 0)
    top = np.where(np.isfinite(top), top, 0)
    total = np.sum(b * np.exp(np.where(plain(b) != 0, a - top, 0)), axis=axes, keepdims=True)
    y = np.log(np.abs(total) if return_sign else total) + top
    y, sign = (x if keepdims else np.squeeze(x, axes) for x in (y, np.sign(plain(total))))
    return (y, sign) if return_sign else y


def softmax(x: Array, axis: Axis = None) -> Array:
    """eˣ / Σ eˣ, the sum along axes (over everything for ``None``); as ``scipy.special.softmax``.

    Parameters
    ----------
    x : array_like or Tensor
        The exponents.
    axis : int, tuple of int or None
        Sum along these axes, or over everything.

    Returns
    -------
    Tensor or ndarray, of x's shape

    Examples
    --------
    >>> softmax(np.array([0.0, 1000.0]))
    array([0., 1.])
    """
    x = in_floats(x)
    return over_axes.softmax(x, axis=normalised_axes(axis, x.ndim))


def log_softmax(x: Array, axis: Axis = None) -> Array:
    """x − log Σ eˣ, the sum along axes (over everything for ``None``); as ``scipy.special.log_softmax``.

    Parameters
    ----------
    x : array_like or Tensor
        The exponents.
    axis : int, tuple of int or None
        Sum along these axes, or over everything.

    Returns
    -------
    Tensor or ndarray, of x's shape

    Examples
    --------
    >>> log_softmax(np.array([0.0, 1000.0]))
    array([-1000.,     0.])
    """
    x = in_floats(x)
    return over_axes.log_softmax(x, axis=normalised_axes(axis, x.ndim))


def polygamma(n: Any, x: Array) -> Any:
    """The n-th derivative of the digamma function, ψ⁽ⁿ⁾(x) = (−1)ⁿ⁺¹ n! ζ(n + 1, x); as ``scipy.special.polygamma``.

    Parameters
    ----------
    n : int
        The order, 0 or more (the whole array has the same).
    x : array_like or Tensor
        Where to evaluate it.

    Returns
    -------
    Tensor or ndarray, of x's shape

    Raises
    ------
    ValueError
        If n is no whole number of 0 or more.

    Examples
    --------
    >>> float(polygamma(1, np.array(1.0))).__round__(6)  # π²/6
    1.644934
    """
    if int(n) != n or n < 0:
        raise ValueError(f"n has to be a whole number, 0 or more, not {n}")
    n = int(n)
    return digamma(x) if n == 0 else (-1) ** (n + 1) * math.factorial(n) * zeta(float(n + 1), x)


def multigammaln(a: Array, d: int) -> Any:
    """The logarithm of the d-dimensional gamma function; as ``scipy.special.multigammaln``.

    Parameters
    ----------
    a : array_like or Tensor
        Where to evaluate it; larger than (d − 1)/2.
    d : int
        The dimension.

    Returns
    -------
    Tensor or ndarray, of a's shape

    Raises
    ------
    ValueError
        If a is not greater than (d − 1)/2.

    Examples
    --------
    >>> float(multigammaln(np.array(2.0), 1)).__round__(6)
    0.0
    """
    if np.any(plain(a) <= 0.5 * (d - 1)):
        raise ValueError(f"a has to be greater than (d - 1)/2 = {0.5 * (d - 1)}, but it is {plain(a)}")
    terms = [gammaln(a - 0.5 * j) for j in range(d)]
    return sum(terms[1:], terms[0]) + d * (d - 1) / 4 * math.log(math.pi)
