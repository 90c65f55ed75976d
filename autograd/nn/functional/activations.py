"""Activations: the table's, under PyTorch's names and arguments, and those over an axis."""

from __future__ import annotations

from typing import Any

from autograd.functions import softmax as over_axes
from autograd.functions.register import in_floats
from autograd.rules import activations as more
from autograd.rules import elementwise as table
from autograd.types import Array, Axis

identity = table.identity
relu = table.relu
selu = more.selu
sigmoid = table.sigmoid
silu = more.silu
softsign = more.softsign
tanh = table.tanh


def leaky_relu(input: Array, negative_slope: float = 0.01) -> Array:
    """x where x > 0, else negative_slope·x. Maas et al. 2013.

    Parameters
    ----------
    input : Tensor or ndarray
        The numbers x.
    negative_slope : float
        The slope below 0.

    Returns
    -------
    Tensor or ndarray, of the input's shape

    Examples
    --------
    >>> import numpy as np
    >>> leaky_relu(np.array([-1.0, 0.0, 2.0])).round(4)
    array([-0.01,  0.  ,  2.  ])
    """
    return more.leaky_relu(input, negative_slope)


def elu(input: Array, alpha: float = 1.0) -> Array:
    """x where x > 0, else alpha·(eˣ − 1). Clevert et al. 2016.

    Parameters
    ----------
    input : Tensor or ndarray
        The numbers x.
    alpha : float
        Minus the limit at −∞.

    Returns
    -------
    Tensor or ndarray, of the input's shape

    Examples
    --------
    >>> import numpy as np
    >>> elu(np.array([-1.0, 0.0, 2.0])).round(4)
    array([-0.6321,  0.    ,  2.    ])
    """
    return more.elu(input, alpha)


def gelu(input: Array, approximate: str = "none") -> Array:
    """x·Φ(x), Φ the normal distribution function; with ``"tanh"`` by an approximation. Hendrycks and Gimpel 2016.

    Parameters
    ----------
    input : Tensor or ndarray
        The numbers x.
    approximate : {"none", "tanh"}
        Exact, or by ½·x·(1 + tanh(√(2/π)·(x + 0.044715·x³))).

    Returns
    -------
    Tensor or ndarray, of the input's shape

    Raises
    ------
    ValueError
        If `approximate` is neither "none" nor "tanh".

    Examples
    --------
    >>> import numpy as np
    >>> gelu(np.array([-1.0, 0.0, 2.0])).round(4)
    array([-0.1587,  0.    ,  1.9545])
    """
    if approximate == "none":
        return more.gelu(input)
    if approximate != "tanh":
        raise ValueError(f"gelu: approximate must be 'none' or 'tanh', not {approximate!r}")
    return 0.5 * input * (1 + table.tanh(0.7978845608028654 * (input + 0.044715 * input * input * input)))


def softplus(input: Array, beta: float = 1.0) -> Array:
    """log(1 + e^(beta·x)) / beta, without overflow.

    Parameters
    ----------
    input : Tensor or ndarray
        The numbers x.
    beta : float
        How sharp the bend is.

    Returns
    -------
    Tensor or ndarray, of the input's shape

    Examples
    --------
    >>> import numpy as np
    >>> softplus(np.array([-1.0, 0.0, 2.0])).round(4)
    array([0.3133, 0.6931, 2.1269])
    """
    return more.softplus(input) if beta == 1 else more.softplus(beta * input) / beta


def logsigmoid(input: Array) -> Array:
    """log σ(x), without overflow.

    Parameters
    ----------
    input : Tensor or ndarray
        The numbers x.

    Returns
    -------
    Tensor or ndarray, of the input's shape

    Examples
    --------
    >>> import numpy as np
    >>> logsigmoid(np.array([-1.0, 0.0, 2.0])).round(4)
    array([-1.3133, -0.6931, -0.1269])
    """
    return -more.softplus(-input)


def hardtanh(input: Array, min_val: float = -1.0, max_val: float = 1.0) -> Array:
    """x cut off below min_val and above max_val.

    Parameters
    ----------
    input : Tensor or ndarray
        The numbers x.
    min_val : float
        The least output.
    max_val : float
        The largest output.

    Returns
    -------
    Tensor or ndarray, of the input's shape

    Examples
    --------
    >>> import numpy as np
    >>> hardtanh(np.array([-1.0, 0.0, 2.0])).round(4)
    array([-1.,  0.,  1.])
    """
    return table.minimum(table.maximum(input, min_val), max_val)


def relu6(input: Array) -> Array:
    """min(max(x, 0), 6). Krizhevsky 2010.

    Parameters
    ----------
    input : Tensor or ndarray
        The numbers x.

    Returns
    -------
    Tensor or ndarray, of the input's shape

    Examples
    --------
    >>> import numpy as np
    >>> relu6(np.array([-1.0, 0.0, 2.0])).round(4)
    array([0., 0., 2.])
    """
    return hardtanh(input, 0.0, 6.0)


# --- over an axis ------------------------------------------------------------------------------------


def _array(function: str, x: Array) -> Array:
    """x with an array's attributes, in a floating type."""
    x = in_floats(x)
    if x.ndim == 0:
        raise ValueError(f"{function} works along an axis, but the input has none")
    return x


def softmax(input: Array, dim: int = -1, *, axis: int | None = None) -> Array:
    """eˣ / Σ eˣ along the axis `dim`, right for any size of x.

    Parameters
    ----------
    input : Tensor or ndarray
        The numbers x.
    dim : int
        The axis that sums up to 1; the last unless given. NumPy's word for it, `axis`, is taken as well.
    axis : int, optional
        NumPy's word for `dim`.

    Returns
    -------
    Tensor or ndarray, of the input's shape

    Examples
    --------
    >>> import numpy as np
    >>> softmax(np.array([1000.0, 1000.0, -1000.0]))
    array([0.5, 0.5, 0. ])
    """
    return over_axes.softmax(_array("softmax", input), axis=dim if axis is None else axis)


def log_softmax(input: Array, dim: int = -1, *, axis: int | None = None) -> Array:
    """x − log Σ eˣ along the axis `dim` (or `axis`), right for any size of x.

    Parameters
    ----------
    input : Tensor or ndarray
        The numbers x.
    dim : int
        The axis; the last unless given.
    axis : int, optional
        NumPy's word for `dim`.

    Returns
    -------
    Tensor or ndarray, of the input's shape

    Examples
    --------
    >>> import numpy as np
    >>> log_softmax(np.array([1000.0, 0.0]))
    array([    0., -1000.])
    """
    return over_axes.log_softmax(_array("log_softmax", input), axis=dim if axis is None else axis)


def logsumexp(input: Array, dim: Any = -1, keepdim: bool = False, *, axis: Axis = None) -> Array:
    """log Σ eˣ along the axis (or axes) `dim` (or `axis`), right for any size of x.

    Parameters
    ----------
    input : Tensor or ndarray
        The numbers x.
    dim : int or tuple of int
        The axes to sum along; the last unless given.
    keepdim : bool
        Keep the axis, with length 1.
    axis : int or tuple of int, optional
        NumPy's word for `dim`.

    Returns
    -------
    Tensor or ndarray
        Without the axes that were summed along.

    Examples
    --------
    >>> import numpy as np
    >>> float(logsumexp(np.array([1000.0, 1000.0])).round(6))
    1000.693147
    """
    along = dim if axis is None else axis
    return over_axes.log_sum_exp(_array("logsumexp", input), axis=along, keepdims=bool(keepdim))
