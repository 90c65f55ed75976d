"""Initialisers: new weights for a parameter, in place. Each returns the parameter.

Names are PyTorch's. `rng` is a numpy Generator or a seed; without one, fresh chance. A parameter is a Tensor
(or an array) of shape (out, in) or (out, in, *kernel): each output is fed by in·kernel numbers (fan in), each
input feeds out·kernel (fan out).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd.graph import touch
from autograd.node import Node


def _fill(tensor: Any, array: Any) -> Any:
    if isinstance(tensor, Node):
        tensor._data[...] = array
        touch(tensor)
    else:
        tensor[...] = array
    return tensor


def fans(tensor: Any) -> tuple[int, int]:
    """Fan in and fan out of a parameter.

    Parameters
    ----------
    tensor : Tensor or ndarray, shape (out, in) + kernel
        The parameter.

    Returns
    -------
    (int, int)
        Inputs and outputs of one unit.

    Raises
    ------
    ValueError
        If it has fewer than two axes.

    Examples
    --------
    >>> fans(np.zeros((16, 6, 5, 5)))
    (150, 400)
    """
    shape = tensor.shape
    if len(shape) < 2:
        raise ValueError(f"fan in and fan out need a parameter of at least 2 axes, got shape {shape}")
    kernel = math.prod(shape[2:])
    return shape[1] * kernel, shape[0] * kernel


_GAINS = {"linear": 1.0, "conv": 1.0, "sigmoid": 1.0, "tanh": 5 / 3, "relu": math.sqrt(2), "selu": 0.75}


def calculate_gain(nonlinearity: str, param: float | None = None) -> float:
    """The factor by which weights before an activation are larger than before none.

    ``"linear"``, ``"sigmoid"``: 1; ``"tanh"``: 5/3; ``"relu"``: √2; ``"leaky_relu"``: √(2/(1 + slope²)) with
    slope `param` (0.01); ``"selu"``: 3/4.

    Parameters
    ----------
    nonlinearity : str
        The activation's name.
    param : float, optional
        The slope of ``"leaky_relu"`` below 0.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If no gain is known for that activation.

    Examples
    --------
    >>> round(calculate_gain("relu"), 4)
    1.4142
    """
    if nonlinearity == "leaky_relu":
        slope = 0.01 if param is None else param
        return math.sqrt(2 / (1 + slope * slope))
    if nonlinearity not in _GAINS:
        raise ValueError(f"no gain is known for {nonlinearity!r}; choose one of {', '.join(_GAINS)}, leaky_relu")
    return _GAINS[nonlinearity]


def uniform_(tensor: Any, a: float = 0.0, b: float = 1.0, *, rng: Any = None) -> Any:
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
    return _fill(tensor, np.random.default_rng(rng).uniform(a, b, tensor.shape))


def normal_(tensor: Any, mean: float = 0.0, std: float = 1.0, *, rng: Any = None) -> Any:
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
    return _fill(tensor, np.random.default_rng(rng).normal(mean, std, tensor.shape))


def constant_(tensor: Any, val: float) -> Any:
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
    return _fill(tensor, val)


def zeros_(tensor: Any) -> Any:
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
    return _fill(tensor, 0.0)


def ones_(tensor: Any) -> Any:
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
    return _fill(tensor, 1.0)


def xavier_uniform_(tensor: Any, gain: float = 1.0, *, rng: Any = None) -> Any:
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


def xavier_normal_(tensor: Any, gain: float = 1.0, *, rng: Any = None) -> Any:
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


def _he(tensor: Any, a: float, mode: str, nonlinearity: str) -> float:
    if mode not in ("fan_in", "fan_out"):
        raise ValueError(f"mode must be 'fan_in' or 'fan_out', not {mode!r}")
    fan = fans(tensor)[mode == "fan_out"]
    return calculate_gain(nonlinearity, a) / math.sqrt(fan)


def kaiming_uniform_(
    tensor: Any, a: float = 0, mode: str = "fan_in", nonlinearity: str = "leaky_relu", *, rng: Any = None
) -> Any:
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
    tensor: Any, a: float = 0, mode: str = "fan_in", nonlinearity: str = "leaky_relu", *, rng: Any = None
) -> Any:
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


def lecun_uniform_(tensor: Any, *, rng: Any = None) -> Any:
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


def lecun_normal_(tensor: Any, *, rng: Any = None) -> Any:
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


def orthogonal_(tensor: Any, gain: float = 1.0, *, rng: Any = None) -> Any:
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
    return _fill(tensor, gain * (q if shape[0] >= shape[1] else q.T).reshape(tensor.shape))


def eye_(tensor: Any) -> Any:
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
    return _fill(tensor, np.eye(*tensor.shape))
