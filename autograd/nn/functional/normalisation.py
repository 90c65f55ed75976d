"""Normalisation: numbers brought to mean 0 and variance 1."""

from __future__ import annotations

from typing import Any, Sequence

import numpy as np

from autograd.functions.register import in_floats
from autograd.functions.rows import mapped
from autograd.node import stored
from autograd.rules.arrays import General
from autograd.rules.elementwise import sqrt, square
from autograd.rules.nary import total
from autograd.tensor.operands import as_constant
from autograd.types import Array, Cotangent


def _standardise(x: Array, *, axes: tuple[int, ...], eps: float) -> Array:
    y = x - np.mean(x, axis=axes, keepdims=True)
    y *= 1 / np.sqrt(np.mean(y * y, axis=axes, keepdims=True) + eps)
    return y


def _standardise_vjp(g: Cotangent, y: Array, x: Array, axes: tuple[int, ...], eps: float) -> Any:
    centred = x - np.mean(x, axis=axes, keepdims=True)
    scale = 1 / np.sqrt(np.mean(centred * centred, axis=axes, keepdims=True) + eps)
    along = np.mean(g * y, axis=axes, keepdims=True)
    return (scale * (g - np.mean(g, axis=axes, keepdims=True) - y * along),)


def _standardise_numbers(x: Array, axes: tuple[int, ...], eps: float) -> Any:
    def of_row(row: list[Any]) -> list[Any]:
        mean = total(*row) / len(row)
        centred = [x - mean for x in row]
        length = sqrt(total(*map(square, centred)) / len(row) + eps)
        return [x / length for x in centred]

    return mapped(of_row, x, axes)


standardise = General(
    "standardise",
    _standardise,
    _standardise_vjp,
    doc="(x − mean) / √(variance + eps) over some axes.",
    local="({g} − its mean − {y} ⊙ the mean of {g} ⊙ {y})/√(variance + eps)",
    scalars=_standardise_numbers,
)


def _affine(y: Array, weight: Array, bias: Array, shape: tuple[int, ...]) -> Array:
    if weight is not None:
        y = y * (weight if np.shape(stored(weight)) == shape else np.reshape(weight, shape))
    if bias is not None:
        y = y + (bias if np.shape(stored(bias)) == shape else np.reshape(bias, shape))
    return y


def layer_norm(
    input: Array,
    normalized_shape: int | Sequence[int],
    weight: Array | None = None,
    bias: Array | None = None,
    eps: float = 1e-5,
) -> Any:
    """(x − mean) / √(variance + eps) · weight + bias over the last axes. Ba, Kiros and Hinton 2016.

    Parameters
    ----------
    input : Tensor or ndarray
        The numbers x.
    normalized_shape : int or sequence of int
        The lengths of the axes that are normalised together: the last ones of `input`.
    weight, bias : Tensor or ndarray of that shape, optional
        A factor and a summand for each element of those axes; 1 and 0 unless given.
    eps : float
        Added to the variance, which is that of the population.

    Returns
    -------
    Tensor or ndarray, of the input's shape

    Raises
    ------
    ValueError
        If `input` does not end in `normalized_shape`.

    Examples
    --------
    >>> import numpy as np
    >>> layer_norm(np.array([[1.0, 3.0]]), 2, eps=0)
    array([[-1.,  1.]])
    """
    shape = (normalized_shape,) if isinstance(normalized_shape, int) else tuple(normalized_shape)
    input = in_floats(input)
    if not shape or input.shape[-len(shape) :] != shape:
        raise ValueError(f"layer_norm: input of shape {input.shape} does not end in normalized_shape {shape}")
    for name, array in (("weight", weight), ("bias", bias)):
        if array is not None and np.shape(stored(array)) != shape:
            raise ValueError(f"layer_norm: {name} has shape {np.shape(stored(array))}, expected {shape}")
    return _affine(standardise(input, axes=tuple(range(-len(shape), 0)), eps=eps), weight, bias, shape)


def batch_norm(
    input: Array,
    running_mean: Any,
    running_var: Any,
    weight: Array | None = None,
    bias: Array | None = None,
    training: bool = False,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> Any:
    """(x − mean) / √(variance + eps) · weight + bias for each channel. Ioffe and Szegedy 2015.

    While training (or without running statistics) mean and variance are those of the batch, and the running
    ones move towards them, in place; otherwise the running ones are used.

    Parameters
    ----------
    input : Tensor or ndarray, shape (batch, channels, …)
        The numbers x.
    running_mean, running_var : ndarray, shape (channels,), or None
        The running variance takes in the unbiased one, the result is divided by the biased one, as in PyTorch.
    weight, bias : Tensor or ndarray, shape (channels,), optional
        A factor and a summand for each channel; 1 and 0 unless given.
    training : bool
        Whether the statistics are those of the batch.
    momentum : float
        running ← (1 − momentum)·running + momentum·batch.
    eps : float
        Added to the variance before its root is taken.

    Returns
    -------
    Tensor or ndarray, of the input's shape

    Raises
    ------
    ValueError
        If shapes do not fit, or a channel has a single number to train on.

    Examples
    --------
    >>> import numpy as np
    >>> mean, variance = np.zeros(1), np.ones(1)
    >>> batch_norm(np.array([[1.0], [3.0]]), mean, variance, training=True, eps=0)
    array([[-1.],
           [ 1.]])
    >>> mean, variance
    (array([0.2]), array([1.1]))
    """
    input = in_floats(input)
    if input.ndim < 2:
        raise ValueError(f"batch_norm takes (batch, channels, …), got shape {input.shape}")
    channels = input.shape[1]
    named = {"running_mean": running_mean, "running_var": running_var, "weight": weight, "bias": bias}
    for name, array in named.items():
        if array is not None and np.shape(stored(array)) != (channels,):
            raise ValueError(
                f"batch_norm: {name} has shape {np.shape(stored(array))}, but there are {channels} channels"
            )
    shape = (channels, *[1] * (input.ndim - 2))
    axes = (0, *range(2, input.ndim))
    if training or running_mean is None or running_var is None:
        count = input.size // max(1, channels)
        if training and count < 2:
            raise ValueError("batch_norm: training needs more than one number per channel; use a larger batch")
        if training and running_mean is not None and running_var is not None:
            numbers = as_constant(input)
            running_mean *= 1 - momentum
            running_mean += momentum * numbers.mean(axis=axes)
            running_var *= 1 - momentum
            running_var += momentum * numbers.var(axis=axes, ddof=1)
        y = standardise(input, axes=axes, eps=eps)
    else:
        scale = 1 / np.sqrt(running_var.astype(np.float64) + eps)
        mean, scale = (x.astype(stored(input).dtype, copy=False).reshape(shape) for x in (running_mean, scale))
        y = (input - mean) * scale
    return _affine(y, weight, bias, shape)
