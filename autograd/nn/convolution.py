"""Convolutions, and the transposed one."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from autograd.nn import functional as F
from autograd.nn.functional.windows import PerAxis, sizes
from autograd.nn.module import Module
from autograd.nn.parameters import size, uniform
from autograd.types import Array


class _Convolution(Module):
    """What all convolutions share: filters, and how they are laid over the input."""

    axes: int
    transposed = False
    padding: Any  # of one that is transposed no word

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: PerAxis,
        stride: PerAxis = 1,
        padding: PerAxis | str = 0,
        dilation: PerAxis = 1,
        groups: int = 1,
        bias: bool = True,
        *,
        rng: np.random.Generator | int | None = None,
        dtype: DTypeLike = float,
    ) -> None:
        self.in_channels, self.out_channels = size("in_channels", in_channels), size("out_channels", out_channels)
        self.groups = size("groups", groups)
        if in_channels % groups or out_channels % groups:
            raise ValueError(f"groups={groups} must divide in_channels={in_channels} and out_channels={out_channels}")
        self.kernel_size = sizes(kernel_size, self.axes, "kernel_size")
        self.stride, self.padding, self.dilation = stride, padding, dilation
        one, other = (in_channels, out_channels) if self.transposed else (out_channels, in_channels)
        shape = (one, other // groups, *self.kernel_size)
        rng = np.random.default_rng(rng)
        fan_in = math.prod(shape[1:])
        self.weight = uniform(shape, fan_in, rng, dtype)
        self.bias = uniform((out_channels,), fan_in, rng, dtype) if bias else None

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

    def forward(self, x: Array) -> Array:
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

    def forward(self, x: Array) -> Array:
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
        kernel_size: PerAxis,
        stride: PerAxis = 1,
        padding: PerAxis = 0,
        output_padding: PerAxis = 0,
        groups: int = 1,
        bias: bool = True,
        dilation: PerAxis = 1,
        *,
        rng: np.random.Generator | int | None = None,
        dtype: DTypeLike = float,
    ) -> None:
        super().__init__(
            in_channels, out_channels, kernel_size, stride, padding, dilation, groups, bias, rng=rng, dtype=dtype
        )
        self.output_padding = output_padding

    def forward(self, x: Array) -> Array:
        return F.conv_transpose2d(
            x, self.weight, self.bias, self.stride, self.padding, self.output_padding, self.groups, self.dilation
        )
