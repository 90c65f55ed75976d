"""Normalisation over the features of a row, and over a batch."""

from __future__ import annotations

from typing import Any, Sequence

import numpy as np
from numpy.typing import DTypeLike

from autograd.nn import functional as F
from autograd.nn.module import Module
from autograd.nn.parameters import size
from autograd.tensor import Tensor
from autograd.types import Array


class LayerNorm(Module):
    """Normalisation over the last axes; see :func:`autograd.nn.functional.layer_norm`. Ba, Kiros and Hinton 2016.

    Parameters
    ----------
    normalized_shape : int or sequence of int
        The lengths of the axes that are normalised together: the last ones of the input.
    eps : float
        Added to the variance before its root is taken.
    elementwise_affine, bias : bool
        Whether there are weights (starting at 1) and biases (starting at 0).
    dtype : NumPy dtype
        Of weights, biases and statistics.

    Examples
    --------
    >>> LayerNorm(2, eps=0)(np.array([[1.0, 3.0]])).data
    array([[-1.,  1.]])
    """

    def __init__(
        self,
        normalized_shape: int | Sequence[int],
        eps: float = 1e-5,
        elementwise_affine: bool = True,
        bias: bool = True,
        *,
        dtype: DTypeLike = float,
    ) -> None:
        shape = (normalized_shape,) if isinstance(normalized_shape, (int, np.integer)) else tuple(normalized_shape)
        self.normalized_shape: Any = tuple(int(n) for n in shape)
        self.eps = eps
        self.weight = Tensor(np.ones(shape, dtype)) if elementwise_affine else None
        self.bias = Tensor(np.zeros(shape, dtype)) if elementwise_affine and bias else None

    def forward(self, x: Array) -> Any:
        return F.layer_norm(x, self.normalized_shape, self.weight, self.bias, self.eps)

    def extra_repr(self) -> str:
        return f"{self.normalized_shape}, eps={self.eps}, elementwise_affine={self.weight is not None}"


class _BatchNorm(Module):
    """Normalisation of each channel over the batch; see :func:`autograd.nn.functional.batch_norm`."""

    axes: tuple[int, ...]
    _moving = ("running_mean", "running_var", "num_batches_tracked")

    def __init__(
        self,
        num_features: int,
        eps: float = 1e-5,
        momentum: float | None = 0.1,
        affine: bool = True,
        track_running_stats: bool = True,
        *,
        dtype: DTypeLike = float,
    ) -> None:
        self.num_features = size("num_features", num_features)
        self.eps, self.momentum = eps, momentum
        self.weight = Tensor(np.ones(num_features, dtype)) if affine else None
        self.bias = Tensor(np.zeros(num_features, dtype)) if affine else None
        track = track_running_stats
        self.register_buffer("running_mean", np.zeros(num_features, dtype) if track else None)
        self.register_buffer("running_var", np.ones(num_features, dtype) if track else None)
        self.register_buffer("num_batches_tracked", np.zeros((), np.int64) if track else None)

    running_mean: Any
    running_var: Any
    num_batches_tracked: Any

    def forward(self, x: Array) -> Any:
        if len(x.shape) not in self.axes:
            allowed = " or ".join(map(str, self.axes))
            raise ValueError(f"{type(self).__name__} takes input with {allowed} axes, got shape {x.shape}")
        momentum = self.momentum
        if self.training and self.num_batches_tracked is not None:
            self.num_batches_tracked += 1
            momentum = 1 / int(self.num_batches_tracked) if momentum is None else momentum
        return F.batch_norm(
            x, self.running_mean, self.running_var, self.weight, self.bias, self.training, momentum or 0.0, self.eps
        )

    def extra_repr(self) -> str:
        return (
            f"{self.num_features}, eps={self.eps}, momentum={self.momentum}, affine={self.weight is not None}, "
            f"track_running_stats={self.running_mean is not None}"
        )


class BatchNorm1d(_BatchNorm):
    """Batch normalisation of (batch, features) or (batch, channels, length). Ioffe and Szegedy 2015.

    Parameters
    ----------
    num_features : int
        How many features or channels there are: the length of axis 1.
    eps : float
        Added to the variance before its root is taken.
    momentum : float or None
        How fast the running statistics follow; ``None``: they are the mean over all batches.
    affine : bool
        Whether there are weights (starting at 1) and biases (starting at 0).
    track_running_stats : bool
        Whether running statistics are kept, to be used after `eval`; else those of each batch are.
    dtype : NumPy dtype
        Of weights, biases and statistics.

    Examples
    --------
    >>> layer = BatchNorm1d(2)
    >>> y = layer(np.array([[0.0, 1.0], [2.0, 5.0]]))
    >>> layer.running_mean
    array([0.1, 0.3])
    """

    axes = (2, 3)


class BatchNorm2d(_BatchNorm):
    """Batch normalisation of (batch, channels, height, width); arguments as for `BatchNorm1d`.

    Parameters
    ----------
    num_features : int
        Channels.
    eps : float
        Added to the variance.
    momentum : float or None
        The share of each batch in the running statistics; None for their plain mean.
    affine : bool
        Whether there are a weight and a bias for each channel.
    track_running_stats : bool
        Whether running statistics are kept and used outside training.
    dtype : NumPy dtype
        Of the parameters.

    Examples
    --------
    >>> import numpy as np
    >>> from autograd import nn
    >>> layer = nn.BatchNorm2d(3)
    >>> layer(np.ones((2, 3, 4, 4))).shape
    (2, 3, 4, 4)
    """

    axes = (4,)
