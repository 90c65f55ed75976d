"""Layers with parameters: fully connected, convolutional, normalising, embedding."""

from __future__ import annotations

import math
from typing import Any, Sequence

import numpy as np

from autograd.nn import functional as F
from autograd.nn.functional.windows import sizes
from autograd.nn.module import Module
from autograd.tensor import Tensor


def _uniform(shape: tuple[int, ...], fan_in: int, rng: Any, dtype: Any) -> Tensor:
    """A parameter uniform on ±1/√(fan in), as PyTorch starts its layers."""
    bound = 1 / math.sqrt(fan_in) if fan_in else 0.0
    return Tensor(rng.uniform(-bound, bound, shape).astype(dtype))


def _size(name: str, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < 1:
        raise ValueError(f"{name} must be a whole number of at least 1, not {value!r}")
    return int(value)


class Linear(Module):
    """Fully connected layer: y = x·Wᵀ + b.

    Parameters
    ----------
    in_features, out_features : int
    bias : bool
    rng : numpy Generator or int, optional
        Where the weights come from, uniform on ±1/√in_features as in PyTorch.
    dtype : NumPy dtype
        Of the parameters; float64 unless given.

    Attributes
    ----------
    weight : Tensor, shape (out_features, in_features)
    bias : Tensor, shape (out_features,), or None

    Examples
    --------
    >>> layer = Linear(3, 2, rng=0)
    >>> layer(np.ones((4, 3))).shape
    (4, 2)
    >>> layer
    Linear(in_features=3, out_features=2, bias=True)
    """

    def __init__(
        self, in_features: int, out_features: int, bias: bool = True, *, rng: Any = None, dtype: Any = float
    ) -> None:
        self.in_features, self.out_features = _size("in_features", in_features), _size("out_features", out_features)
        rng = np.random.default_rng(rng)
        self.weight = _uniform((out_features, in_features), in_features, rng, dtype)
        self.bias = _uniform((out_features,), in_features, rng, dtype) if bias else None

    def forward(self, x: Any) -> Any:
        return F.linear(x, self.weight, self.bias)

    def extra_repr(self) -> str:
        return f"in_features={self.in_features}, out_features={self.out_features}, bias={self.bias is not None}"


class _Convolution(Module):
    """What all convolutions share: filters, and how they are laid over the input."""

    axes: int
    transposed = False

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Any,
        stride: Any = 1,
        padding: Any = 0,
        dilation: Any = 1,
        groups: int = 1,
        bias: bool = True,
        *,
        rng: Any = None,
        dtype: Any = float,
    ) -> None:
        self.in_channels, self.out_channels = _size("in_channels", in_channels), _size("out_channels", out_channels)
        self.groups = _size("groups", groups)
        if in_channels % groups or out_channels % groups:
            raise ValueError(f"groups={groups} must divide in_channels={in_channels} and out_channels={out_channels}")
        self.kernel_size = sizes(kernel_size, self.axes, "kernel_size")
        self.stride, self.padding, self.dilation = stride, padding, dilation
        one, other = (in_channels, out_channels) if self.transposed else (out_channels, in_channels)
        shape = (one, other // groups, *self.kernel_size)
        rng = np.random.default_rng(rng)
        fan_in = math.prod(shape[1:])
        self.weight = _uniform(shape, fan_in, rng, dtype)
        self.bias = _uniform((out_channels,), fan_in, rng, dtype) if bias else None

    def extra_repr(self) -> str:
        settings = [f"{self.in_channels}, {self.out_channels}, kernel_size={self.kernel_size}, stride={self.stride}"]
        defaults: dict[str, Any] = {"padding": 0, "dilation": 1, "groups": 1}
        settings += [f"{k}={getattr(self, k)!r}" for k, usual in defaults.items() if getattr(self, k) != usual]
        return ", ".join(settings + (["bias=False"] if self.bias is None else []))


class Conv1d(_Convolution):
    """Convolution along one axis, (batch, in_channels, length) → (batch, out_channels, length'); see `Conv2d`.

    Parameters
    ----------
    in_channels : int
        Channels of the input.
    out_channels : int
        Channels of the output: the number of filters.
    kernel_size : int, or one for each spatial axis
        The size of a window.
    stride : int
        From one window to the next.
    padding : int, "same" or "valid"
        Pads on both sides.
    dilation : int, or one for each spatial axis
        From one pixel of a window to the next.
    groups : int
        Channels are split into so many groups, each with filters of its own.
    bias : bool
        Whether a bias is added.
    rng : numpy Generator or int, optional
        Where chance comes from; a number is a seed. A fresh generator unless given.
    dtype : NumPy dtype
        Of the parameters.

    Raises
    ------
    ValueError
        If `groups` does not divide both numbers of channels.

    Examples
    --------
    >>> Conv1d(3, 8, 5, padding=2)(np.ones((2, 3, 10))).shape
    (2, 8, 10)
    """

    axes = 1

    def forward(self, x: Any) -> Any:
        return F.conv1d(x, self.weight, self.bias, self.stride, self.padding, self.dilation, self.groups)


class Conv2d(_Convolution):
    """Convolution of pictures, (batch, in_channels, height, width) → (batch, out_channels, height', width').

    Parameters
    ----------
    in_channels : int
        Channels of the input.
    out_channels : int
        Channels of the output: the number of filters.
    kernel_size : int or pair of int
        The size of a filter.
    stride : int or pair of int
        From one window to the next.
    padding : int, pair of int, "same" or "valid"
        Pads (zeros) on both sides.
    dilation : int or pair of int
        From one pixel of a window to the next.
    groups : int
        Channels are split into so many groups, each with filters of its own.
    bias : bool
        Whether a bias is added.
    rng : numpy Generator or int, optional
        Where the filters come from, uniform on ±1/√(fan in) as in PyTorch.
    dtype : NumPy dtype
        Of the parameters.

    Attributes
    ----------
    weight : Tensor, shape (out_channels, in_channels / groups) + kernel_size
    bias : Tensor, shape (out_channels,), or None

    Raises
    ------
    ValueError
        If `groups` does not divide both numbers of channels.

    Examples
    --------
    >>> layer = Conv2d(1, 6, 5, padding=2, rng=0)
    >>> layer(np.ones((4, 1, 28, 28))).shape
    (4, 6, 28, 28)
    >>> layer
    Conv2d(1, 6, kernel_size=(5, 5), stride=1, padding=2)
    """

    axes = 2

    def forward(self, x: Any) -> Any:
        return F.conv2d(x, self.weight, self.bias, self.stride, self.padding, self.dilation, self.groups)


class ConvTranspose2d(_Convolution):
    """Transposed convolution; arguments as in PyTorch, see :func:`autograd.nn.functional.conv_transpose2d`.

    Parameters
    ----------
    in_channels : int
        Channels of the input.
    out_channels : int
        Channels of the output: the number of filters.
    kernel_size : int, or one for each spatial axis
        The size of a window.
    stride : int or pair of int
        From one filter laid down to the next.
    padding : int or pair of int
        So many pixels of the result are cut off on each side.
    output_padding : int, or one for each spatial axis
        So many pixels more on one side of the result.
    groups : int
        Channels are split into so many groups, each with filters of its own.
    bias : bool
        Whether a bias is added.
    dilation : int, or one for each spatial axis
        From one pixel of a window to the next.
    rng : numpy Generator or int, optional
        Where chance comes from; a number is a seed. A fresh generator unless given.
    dtype : NumPy dtype
        Of the parameters.

    Attributes
    ----------
    weight : Tensor, shape (in_channels, out_channels / groups) + kernel_size
    bias : Tensor, shape (out_channels,), or None

    Examples
    --------
    >>> ConvTranspose2d(8, 3, 2, stride=2)(np.ones((1, 8, 5, 5))).shape
    (1, 3, 10, 10)
    """

    axes = 2
    transposed = True

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Any,
        stride: Any = 1,
        padding: Any = 0,
        output_padding: Any = 0,
        groups: int = 1,
        bias: bool = True,
        dilation: Any = 1,
        *,
        rng: Any = None,
        dtype: Any = float,
    ) -> None:
        super().__init__(
            in_channels, out_channels, kernel_size, stride, padding, dilation, groups, bias, rng=rng, dtype=dtype
        )
        self.output_padding = output_padding

    def forward(self, x: Any) -> Any:
        return F.conv_transpose2d(
            x, self.weight, self.bias, self.stride, self.padding, self.output_padding, self.groups, self.dilation
        )


class Embedding(Module):
    """A row of numbers for each word (whole number).

    Parameters
    ----------
    num_embeddings, embedding_dim : int
    padding_idx : int, optional
        This row starts at 0 and gets no gradient.
    rng : numpy Generator or int, optional
        Where the rows come from, standard normal as in PyTorch.
    dtype : NumPy dtype

    Attributes
    ----------
    weight : Tensor, shape (num_embeddings, embedding_dim)

    Raises
    ------
    ValueError
        If there is no row `padding_idx`.

    Examples
    --------
    >>> Embedding(10, 4, rng=0)([[1, 2, 3]]).shape
    (1, 3, 4)
    """

    def __init__(
        self,
        num_embeddings: int,
        embedding_dim: int,
        padding_idx: int | None = None,
        *,
        rng: Any = None,
        dtype: Any = float,
    ) -> None:
        shape = _size("num_embeddings", num_embeddings), _size("embedding_dim", embedding_dim)
        rows = np.random.default_rng(rng).normal(size=shape)
        if padding_idx is not None:
            if not -num_embeddings <= padding_idx < num_embeddings:
                raise ValueError(f"padding_idx {padding_idx} is none of the {num_embeddings} rows")
            rows[padding_idx] = 0
        self.padding_idx = padding_idx
        self.weight = Tensor(rows.astype(dtype))

    def forward(self, x: Any) -> Any:
        return F.embedding(x, self.weight, self.padding_idx)

    def extra_repr(self) -> str:
        rows, length = self.weight.shape
        return f"{rows}, {length}" + ("" if self.padding_idx is None else f", padding_idx={self.padding_idx}")


class LayerNorm(Module):
    """Normalisation over the last axes; see :func:`autograd.nn.functional.layer_norm`.

    Parameters
    ----------
    normalized_shape : int or sequence of int
    eps : float
    elementwise_affine, bias : bool
        Whether there are weights (starting at 1) and biases (starting at 0).
    dtype : NumPy dtype

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
        dtype: Any = float,
    ) -> None:
        shape = (normalized_shape,) if isinstance(normalized_shape, (int, np.integer)) else tuple(normalized_shape)
        self.normalized_shape: Any = tuple(int(n) for n in shape)
        self.eps = eps
        self.weight = Tensor(np.ones(shape, dtype)) if elementwise_affine else None
        self.bias = Tensor(np.zeros(shape, dtype)) if elementwise_affine and bias else None

    def forward(self, x: Any) -> Any:
        return F.layer_norm(x, self.normalized_shape, self.weight, self.bias, self.eps)

    def extra_repr(self) -> str:
        return f"{self.normalized_shape}, eps={self.eps}, elementwise_affine={self.weight is not None}"


class _BatchNorm(Module):
    """Normalisation of each channel over the batch; see :func:`autograd.nn.functional.batch_norm`."""

    axes: tuple[int, ...]

    def __init__(
        self,
        num_features: int,
        eps: float = 1e-5,
        momentum: float | None = 0.1,
        affine: bool = True,
        track_running_stats: bool = True,
        *,
        dtype: Any = float,
    ) -> None:
        self.num_features = _size("num_features", num_features)
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

    def forward(self, x: Any) -> Any:
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
    """Batch normalisation of (batch, features) or (batch, channels, length).

    Parameters
    ----------
    num_features : int
    eps : float
    momentum : float or None
        How fast the running statistics follow; ``None``: they are the mean over all batches.
    affine : bool
        Whether there are weights (starting at 1) and biases (starting at 0).
    track_running_stats : bool
    dtype : NumPy dtype

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
