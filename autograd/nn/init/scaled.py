"""Weights scaled by the fans of their layer, so that neither activations nor gradients grow or vanish with depth."""

from __future__ import annotations

import math

import numpy as np

from autograd.nn.init.fill import fill, normal_, uniform_
from autograd.nn.init.gains import calculate_gain, fans
from autograd.types import Array


def xavier_uniform_(tensor: Array, gain: float = 1.0, *, rng: np.random.Generator | int | None = None) -> Array:
    """Uniform on ±gain·√(6/(fan in + fan out)). Glorot and Bengio 2010.

    Parameters
    ----------
    tensor : Tensor or ndarray
        Filled in place.
    gain : float
        A factor, usually that of :func:`calculate_gain`.
    rng : numpy Generator or int, optional
        Where chance comes from; a number is a seed. A fresh generator unless given.

    Returns
    -------
    Tensor or ndarray
        The same `tensor`.

    Examples
    --------
    >>> from autograd import Tensor
    >>> w = xavier_uniform_(Tensor(np.zeros((3, 3))), rng=0)
    >>> bool(np.abs(w.data).max() <= 1)
    True
    """
    bound = gain * math.sqrt(6 / sum(fans(tensor)))
    return uniform_(tensor, -bound, bound, rng=rng)


def xavier_normal_(tensor: Array, gain: float = 1.0, *, rng: np.random.Generator | int | None = None) -> Array:
    """Normal with standard deviation gain·√(2/(fan in + fan out)). Glorot and Bengio 2010.

    Parameters
    ----------
    tensor : Tensor or ndarray
        Filled in place.
    gain : float
        A factor, usually that of :func:`calculate_gain`.
    rng : numpy Generator or int, optional
        Where chance comes from; a number is a seed. A fresh generator unless given.

    Returns
    -------
    Tensor or ndarray
        The same `tensor`.

    Examples
    --------
    >>> w = xavier_normal_(np.zeros((300, 200)), rng=0)
    >>> round(float(w.std() * (500 / 2) ** 0.5), 2)
    1.0
    """
    return normal_(tensor, 0.0, gain * math.sqrt(2 / sum(fans(tensor))), rng=rng)


def _he(tensor: Array, a: float, mode: str, nonlinearity: str) -> float:
    if mode not in ("fan_in", "fan_out"):
        raise ValueError(f"mode must be 'fan_in' or 'fan_out', not {mode!r}")
    fan = fans(tensor)[mode == "fan_out"]
    return calculate_gain(nonlinearity, a) / math.sqrt(fan)


def kaiming_uniform_(
    tensor: Array,
    a: float = 0,
    mode: str = "fan_in",
    nonlinearity: str = "leaky_relu",
    *,
    rng: np.random.Generator | int | None = None,
) -> Array:
    """Uniform on ±gain·√(3/fan), gain as for `nonlinearity` with slope `a`. He et al. 2015.

    Parameters
    ----------
    tensor : Tensor or ndarray
        Filled in place.
    a : float
        The slope below 0, for ``"leaky_relu"``.
    mode : {"fan_in", "fan_out"}
        Which fan: keep the size of activations, or of gradients.
    nonlinearity : str
        As for :func:`calculate_gain`.
    rng : numpy Generator or int, optional
        Where chance comes from; a number is a seed. A fresh generator unless given.

    Returns
    -------
    Tensor or ndarray
        The same `tensor`.

    Examples
    --------
    >>> w = he_uniform_(np.zeros((300, 200)), nonlinearity="relu", rng=0)
    >>> round(float(abs(w).max() / (6 / 200) ** 0.5), 2)
    1.0
    """
    bound = math.sqrt(3) * _he(tensor, a, mode, nonlinearity)
    return uniform_(tensor, -bound, bound, rng=rng)


def kaiming_normal_(
    tensor: Array,
    a: float = 0,
    mode: str = "fan_in",
    nonlinearity: str = "leaky_relu",
    *,
    rng: np.random.Generator | int | None = None,
) -> Array:
    """Normal with standard deviation gain/√fan, gain as for `nonlinearity` with slope `a`. He et al. 2015.

    Parameters
    ----------
    tensor : Tensor or ndarray
        Filled in place.
    a : float
        The slope below 0, for ``"leaky_relu"``.
    mode : {"fan_in", "fan_out"}
        Which fan: keep the size of activations, or of gradients.
    nonlinearity : str
        As for :func:`calculate_gain`.
    rng : numpy Generator or int, optional
        Where chance comes from; a number is a seed. A fresh generator unless given.

    Returns
    -------
    Tensor or ndarray
        The same `tensor`.

    Examples
    --------
    >>> w = he_normal_(np.zeros((300, 200)), nonlinearity="relu", rng=0)
    >>> round(float(w.std() * (200 / 2) ** 0.5), 2)
    1.0
    """
    return normal_(tensor, 0.0, _he(tensor, a, mode, nonlinearity), rng=rng)


he_uniform_, he_normal_ = kaiming_uniform_, kaiming_normal_


def lecun_uniform_(tensor: Array, *, rng: np.random.Generator | int | None = None) -> Array:
    """Uniform on ±√(3/fan in). LeCun et al. 1998, for SELU networks as well.

    Parameters
    ----------
    tensor : Tensor or ndarray
        Filled in place.
    rng : numpy Generator or int, optional
        Where chance comes from; a number is a seed. A fresh generator unless given.

    Returns
    -------
    Tensor or ndarray
        The same `tensor`.

    Examples
    --------
    >>> w = lecun_uniform_(np.zeros((300, 200)), rng=0)
    >>> round(float(abs(w).max() / (3 / 200) ** 0.5), 2)
    1.0
    """
    bound = math.sqrt(3 / fans(tensor)[0])
    return uniform_(tensor, -bound, bound, rng=rng)


def lecun_normal_(tensor: Array, *, rng: np.random.Generator | int | None = None) -> Array:
    """Normal with standard deviation √(1/fan in). LeCun et al. 1998, for SELU networks as well.

    Parameters
    ----------
    tensor : Tensor or ndarray
        Filled in place.
    rng : numpy Generator or int, optional
        Where chance comes from; a number is a seed. A fresh generator unless given.

    Returns
    -------
    Tensor or ndarray
        The same `tensor`.

    Examples
    --------
    >>> w = lecun_normal_(np.zeros((300, 200)), rng=0)
    >>> round(float(w.std() * 200**0.5), 2)
    1.0
    """
    return normal_(tensor, 0.0, math.sqrt(1 / fans(tensor)[0]), rng=rng)


def orthogonal_(tensor: Array, gain: float = 1.0, *, rng: np.random.Generator | int | None = None) -> Array:
    """gain times a random matrix (out, in·kernel) with orthonormal rows or columns. Saxe, McClelland, Ganguli 2014.

    Parameters
    ----------
    tensor : Tensor or ndarray
        Filled in place.
    gain : float
        A factor, usually that of :func:`calculate_gain`.
    rng : numpy Generator or int, optional
        Where chance comes from; a number is a seed. A fresh generator unless given.

    Returns
    -------
    Tensor or ndarray
        The same `tensor`.

    Examples
    --------
    >>> w = orthogonal_(np.zeros((2, 3)), rng=0)
    >>> (w @ w.T).round(12) + 0.0
    array([[1., 0.],
           [0., 1.]])
    """
    fans(tensor)
    rows = tensor.shape[0]
    shape = (rows, math.prod(tensor.shape[1:]))
    normal = np.random.default_rng(rng).normal(size=(max(shape), min(shape)))
    q, r = np.linalg.qr(normal)
    q *= np.sign(np.diag(r))  # uniform among all, see Mezzadri 2007
    return fill(tensor, gain * (q if shape[0] >= shape[1] else q.T).reshape(tensor.shape))
