"""Numbers that do not depend on the size of the layer."""

from __future__ import annotations

import numpy as np

from autograd.graph import touch
from autograd.node import Node
from autograd.types import Array


def fill(tensor: Array, array: Array) -> Array:
    """Write `array` into a parameter, in place; a graph that used it notices."""
    if isinstance(tensor, Node):
        tensor._data[...] = array
        touch(tensor)
    else:
        tensor[...] = array
    return tensor


def uniform_(tensor: Array, a: float = 0.0, b: float = 1.0, *, rng: np.random.Generator | int | None = None) -> Array:
    """Uniform on [a, b).

    Parameters
    ----------
    tensor : Tensor or ndarray
        Filled in place.
    a : float
        The least number.
    b : float
        The upper bound.
    rng : numpy Generator or int, optional
        Where chance comes from; a number is a seed. A fresh generator unless given.

    Returns
    -------
    Tensor or ndarray
        The same `tensor`.

    Examples
    --------
    >>> w = uniform_(np.zeros((300, 200)), -1.0, 1.0, rng=0)
    >>> round(float(w.min()), 2), round(float(w.max()), 2)
    (-1.0, 1.0)
    """
    return fill(tensor, np.random.default_rng(rng).uniform(a, b, tensor.shape))


def normal_(
    tensor: Array, mean: float = 0.0, std: float = 1.0, *, rng: np.random.Generator | int | None = None
) -> Array:
    """Normal with this mean and standard deviation.

    Parameters
    ----------
    tensor : Tensor or ndarray
        Filled in place.
    mean : float
        Its mean.
    std : float
        Its standard deviation.
    rng : numpy Generator or int, optional
        Where chance comes from; a number is a seed. A fresh generator unless given.

    Returns
    -------
    Tensor or ndarray
        The same `tensor`.

    Examples
    --------
    >>> w = normal_(np.zeros((300, 200)), 1.0, 2.0, rng=0)
    >>> round(float(w.mean()), 1), round(float(w.std()), 1)
    (1.0, 2.0)
    """
    return fill(tensor, np.random.default_rng(rng).normal(mean, std, tensor.shape))


def constant_(tensor: Array, val: float) -> Array:
    """The same number everywhere.

    Parameters
    ----------
    tensor : Tensor or ndarray
        Filled in place.
    val : float
        The number.

    Returns
    -------
    Tensor or ndarray
        The same `tensor`.

    Examples
    --------
    >>> constant_(np.zeros(3), 0.5)
    array([0.5, 0.5, 0.5])
    """
    return fill(tensor, val)


def zeros_(tensor: Array) -> Array:
    """0 everywhere.

    Parameters
    ----------
    tensor : Tensor or ndarray
        Filled in place.

    Returns
    -------
    Tensor or ndarray
        The same `tensor`.

    Examples
    --------
    >>> zeros_(np.ones(3))
    array([0., 0., 0.])
    """
    return fill(tensor, 0.0)


def ones_(tensor: Array) -> Array:
    """1 everywhere.

    Parameters
    ----------
    tensor : Tensor or ndarray
        Filled in place.

    Returns
    -------
    Tensor or ndarray
        The same `tensor`.

    Examples
    --------
    >>> ones_(np.zeros(3))
    array([1., 1., 1.])
    """
    return fill(tensor, 1.0)


def eye_(tensor: Array) -> Array:
    """The identity matrix.

    Parameters
    ----------
    tensor : Tensor or ndarray, shape (m, n)
        Filled in place.

    Returns
    -------
    Tensor or ndarray
        The same `tensor`.

    Raises
    ------
    ValueError
        If `tensor` has not two axes.

    Examples
    --------
    >>> eye_(np.zeros((2, 3)))
    array([[1., 0., 0.],
           [0., 1., 0.]])
    """
    if len(tensor.shape) != 2:
        raise ValueError(f"eye_ needs a matrix, got shape {tensor.shape}")
    return fill(tensor, np.eye(*tensor.shape))
