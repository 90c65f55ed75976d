"""Pooling: the largest pixel of each window, or the mean of them."""

from __future__ import annotations

from autograd.nn import functional as F
from autograd.nn.functional.windows import PerAxis
from autograd.nn.module import Module
from autograd.types import Array


class _Pool(Module):
    def __init__(self, kernel_size: PerAxis, stride: PerAxis | None = None, padding: PerAxis = 0) -> None:
        self.kernel_size, self.padding = kernel_size, padding
        self.stride = kernel_size if stride is None else stride

    def extra_repr(self) -> str:
        return f"kernel_size={self.kernel_size}, stride={self.stride}, padding={self.padding}"


class _MaxPool(_Pool):
    def __init__(
        self,
        kernel_size: PerAxis,
        stride: PerAxis | None = None,
        padding: PerAxis = 0,
        dilation: PerAxis = 1,
        *,
        ceil_mode: bool = False,
    ) -> None:
        super().__init__(kernel_size, stride, padding)
        self.dilation, self.ceil_mode = dilation, ceil_mode


class MaxPool1d(_MaxPool):
    """The largest of each window of (batch, channels, length); arguments as in PyTorch.

    Parameters
    ----------
    kernel_size : int, or one for each spatial axis
        The size of a window.
    stride : int, or one for each spatial axis, optional
        From one window to the next; `kernel_size` unless given.
    padding : int, or one for each spatial axis
        Pads on both sides.
    dilation : int, or one for each spatial axis
        From one pixel of a window to the next.
    ceil_mode : bool
        Windows may stick out at the end.

    Examples
    --------
    >>> import numpy as np
    >>> from autograd import nn
    >>> nn.MaxPool1d(2)(np.array([[[1.0, 3.0, 2.0, 0.0]]]))
    array([[[3., 2.]]])
    """

    def forward(self, x: Array) -> Array:
        return F.max_pool1d(x, self.kernel_size, self.stride, self.padding, self.dilation, self.ceil_mode)


class MaxPool2d(_MaxPool):
    """The largest pixel of each window of (batch, channels, height, width); arguments as in PyTorch.

    Parameters
    ----------
    kernel_size : int, or one for each spatial axis
        The size of a window.
    stride : int, or one for each spatial axis, optional
        From one window to the next; `kernel_size` unless given.
    padding : int, or one for each spatial axis
        Pads on both sides.
    dilation : int, or one for each spatial axis
        From one pixel of a window to the next.
    ceil_mode : bool
        Windows may stick out at the end.

    Examples
    --------
    >>> import numpy as np
    >>> from autograd import nn
    >>> nn.MaxPool2d(2)(np.arange(4.0).reshape(1, 1, 2, 2))
    array([[[[3.]]]])
    """

    def forward(self, x: Array) -> Array:
        return F.max_pool2d(x, self.kernel_size, self.stride, self.padding, self.dilation, self.ceil_mode)


class _AvgPool(_Pool):
    def __init__(
        self,
        kernel_size: PerAxis,
        stride: PerAxis | None = None,
        padding: PerAxis = 0,
        ceil_mode: bool = False,
        count_include_pad: bool = True,
    ) -> None:
        super().__init__(kernel_size, stride, padding)
        self.ceil_mode, self.count_include_pad = ceil_mode, count_include_pad


class AvgPool1d(_AvgPool):
    """The mean of each window of (batch, channels, length); arguments as in PyTorch.

    Parameters
    ----------
    kernel_size : int, or one for each spatial axis
        The size of a window.
    stride : int, or one for each spatial axis, optional
        From one window to the next; `kernel_size` unless given.
    padding : int, or one for each spatial axis
        Pads on both sides.
    ceil_mode : bool
        Windows may stick out at the end.
    count_include_pad : bool
        Whether pads (zeros) count in the mean.

    Examples
    --------
    >>> import numpy as np
    >>> from autograd import nn
    >>> nn.AvgPool1d(2)(np.array([[[1.0, 3.0, 2.0, 0.0]]]))
    array([[[2., 1.]]])
    """

    def forward(self, x: Array) -> Array:
        return F.avg_pool1d(x, self.kernel_size, self.stride, self.padding, self.ceil_mode, self.count_include_pad)


class AvgPool2d(_AvgPool):
    """The mean pixel of each window of (batch, channels, height, width); arguments as in PyTorch.

    Parameters
    ----------
    kernel_size : int, or one for each spatial axis
        The size of a window.
    stride : int, or one for each spatial axis, optional
        From one window to the next; `kernel_size` unless given.
    padding : int, or one for each spatial axis
        Pads on both sides.
    ceil_mode : bool
        Windows may stick out at the end.
    count_include_pad : bool
        Whether pads (zeros) count in the mean.

    Examples
    --------
    >>> import numpy as np
    >>> from autograd import nn
    >>> nn.AvgPool2d(2)(np.arange(4.0).reshape(1, 1, 2, 2))
    array([[[[1.5]]]])
    """

    def forward(self, x: Array) -> Array:
        return F.avg_pool2d(x, self.kernel_size, self.stride, self.padding, self.ceil_mode, self.count_include_pad)
