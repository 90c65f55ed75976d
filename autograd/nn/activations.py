"""Layers without parameters: activations, pooling, flatten, dropout."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.nn import functional as F
from autograd.nn.module import Module


class Identity(Module):
    """x itself.

    Examples
    --------
    >>> import numpy as np
    >>> from autograd import nn
    >>> nn.Identity()(np.array([-1.0, 0.0, 2.0])).round(4)
    array([-1.,  0.,  2.])
    """

    def forward(self, x: Any) -> Any:
        return x


class ReLU(Module):
    """max(x, 0).

    Examples
    --------
    >>> import numpy as np
    >>> from autograd import nn
    >>> nn.ReLU()(np.array([-1.0, 0.0, 2.0])).round(4)
    array([0., 0., 2.])
    """

    def forward(self, x: Any) -> Any:
        return F.relu(x)


class ReLU6(Module):
    """min(max(x, 0), 6).

    Examples
    --------
    >>> import numpy as np
    >>> from autograd import nn
    >>> nn.ReLU6()(np.array([-1.0, 0.0, 2.0])).round(4)
    array([0., 0., 2.])
    """

    def forward(self, x: Any) -> Any:
        return F.relu6(x)


class LeakyReLU(Module):
    """x for x > 0, else negative_slope·x.

    Parameters
    ----------
    negative_slope : float
        The slope below 0.

    Examples
    --------
    >>> import numpy as np
    >>> from autograd import nn
    >>> nn.LeakyReLU()(np.array([-1.0, 0.0, 2.0])).round(4)
    array([-0.01,  0.  ,  2.  ])
    """

    def __init__(self, negative_slope: float = 0.01) -> None:
        self.negative_slope = negative_slope

    def forward(self, x: Any) -> Any:
        return F.leaky_relu(x, self.negative_slope)

    def extra_repr(self) -> str:
        return f"negative_slope={self.negative_slope}"


class ELU(Module):
    """x for x > 0, else alpha·(eˣ − 1).

    Parameters
    ----------
    alpha : float
        Minus the limit at −∞.

    Examples
    --------
    >>> import numpy as np
    >>> from autograd import nn
    >>> nn.ELU()(np.array([-1.0, 0.0, 2.0])).round(4)
    array([-0.6321,  0.    ,  2.    ])
    """

    def __init__(self, alpha: float = 1.0) -> None:
        self.alpha = alpha

    def forward(self, x: Any) -> Any:
        return F.elu(x, self.alpha)

    def extra_repr(self) -> str:
        return f"alpha={self.alpha}"


class SELU(Module):
    """λ·x for x > 0, else λ·α·(eˣ − 1), with which activations keep mean 0 and variance 1.

    Examples
    --------
    >>> import numpy as np
    >>> from autograd import nn
    >>> nn.SELU()(np.array([-1.0, 0.0, 2.0])).round(4)
    array([-1.1113,  0.    ,  2.1014])
    """

    def forward(self, x: Any) -> Any:
        return F.selu(x)


class GELU(Module):
    """x·Φ(x), Φ the normal distribution function; ``approximate="tanh"`` for the usual approximation.

    Parameters
    ----------
    approximate : {"none", "tanh"}
        Exact, or by ½·x·(1 + tanh(√(2/π)·(x + 0.044715·x³))).

    Examples
    --------
    >>> import numpy as np
    >>> from autograd import nn
    >>> nn.GELU()(np.array([-1.0, 0.0, 2.0])).round(4)
    array([-0.1587,  0.    ,  1.9545])
    """

    def __init__(self, approximate: str = "none") -> None:
        self.approximate = approximate

    def forward(self, x: Any) -> Any:
        return F.gelu(x, self.approximate)

    def extra_repr(self) -> str:
        return f"approximate={self.approximate!r}"


class SiLU(Module):
    """x·σ(x), also called swish.

    Examples
    --------
    >>> import numpy as np
    >>> from autograd import nn
    >>> nn.SiLU()(np.array([-1.0, 0.0, 2.0])).round(4)
    array([-0.2689,  0.    ,  1.7616])
    """

    def forward(self, x: Any) -> Any:
        return F.silu(x)


class Sigmoid(Module):
    """1/(1 + e⁻ˣ).

    Examples
    --------
    >>> import numpy as np
    >>> from autograd import nn
    >>> nn.Sigmoid()(np.array([-1.0, 0.0, 2.0])).round(4)
    array([0.2689, 0.5   , 0.8808])
    """

    def forward(self, x: Any) -> Any:
        return F.sigmoid(x)


class LogSigmoid(Module):
    """log σ(x).

    Examples
    --------
    >>> import numpy as np
    >>> from autograd import nn
    >>> nn.LogSigmoid()(np.array([-1.0, 0.0, 2.0])).round(4)
    array([-1.3133, -0.6931, -0.1269])
    """

    def forward(self, x: Any) -> Any:
        return F.logsigmoid(x)


class Tanh(Module):
    """Hyperbolic tangent.

    Examples
    --------
    >>> import numpy as np
    >>> from autograd import nn
    >>> nn.Tanh()(np.array([-1.0, 0.0, 2.0])).round(4)
    array([-0.7616,  0.    ,  0.964 ])
    """

    def forward(self, x: Any) -> Any:
        return F.tanh(x)


class Hardtanh(Module):
    """x cut off below min_val and above max_val.

    Parameters
    ----------
    min_val : float
        The least output.
    max_val : float
        The largest output.

    Examples
    --------
    >>> import numpy as np
    >>> from autograd import nn
    >>> nn.Hardtanh()(np.array([-1.0, 0.0, 2.0])).round(4)
    array([-1.,  0.,  1.])
    """

    def __init__(self, min_val: float = -1.0, max_val: float = 1.0) -> None:
        self.min_val, self.max_val = min_val, max_val

    def forward(self, x: Any) -> Any:
        return F.hardtanh(x, self.min_val, self.max_val)

    def extra_repr(self) -> str:
        return f"min_val={self.min_val}, max_val={self.max_val}"


class Softplus(Module):
    """log(1 + e^(beta·x)) / beta.

    Parameters
    ----------
    beta : float
        How sharp the bend is.

    Examples
    --------
    >>> import numpy as np
    >>> from autograd import nn
    >>> nn.Softplus()(np.array([-1.0, 0.0, 2.0])).round(4)
    array([0.3133, 0.6931, 2.1269])
    """

    def __init__(self, beta: float = 1.0) -> None:
        self.beta = beta

    def forward(self, x: Any) -> Any:
        return F.softplus(x, self.beta)

    def extra_repr(self) -> str:
        return f"beta={self.beta}"


class Softsign(Module):
    """x/(1 + |x|).

    Examples
    --------
    >>> import numpy as np
    >>> from autograd import nn
    >>> nn.Softsign()(np.array([-1.0, 0.0, 2.0])).round(4)
    array([-0.5   ,  0.    ,  0.6667])
    """

    def forward(self, x: Any) -> Any:
        return F.softsign(x)


class Softmax(Module):
    """eˣ divided by its sum along the axis `dim`.

    Parameters
    ----------
    dim : int
        The axis; the last unless given.

    Examples
    --------
    >>> import numpy as np
    >>> from autograd import nn
    >>> nn.Softmax()(np.array([-1.0, 0.0, 2.0])).round(4)
    array([0.042 , 0.1142, 0.8438])
    """

    def __init__(self, dim: int = -1) -> None:
        self.dim = dim

    def forward(self, x: Any) -> Any:
        return F.softmax(x, self.dim)

    def extra_repr(self) -> str:
        return f"dim={self.dim}"


class LogSoftmax(Softmax):
    """x − log Σ eˣ along the axis `dim`.

    Parameters
    ----------
    dim : int
        The axis; the last unless given.

    Examples
    --------
    >>> import numpy as np
    >>> from autograd import nn
    >>> nn.LogSoftmax()(np.array([-1.0, 0.0, 2.0])).round(4)
    array([-3.1698, -2.1698, -0.1698])
    """

    def forward(self, x: Any) -> Any:
        return F.log_softmax(x, self.dim)


class Flatten(Module):
    """The axes from start_dim to end_dim as one: by default all but the batch.

    Parameters
    ----------
    start_dim : int
        The first axis that is joined.
    end_dim : int
        The last one.

    Examples
    --------
    >>> Flatten()(np.ones((2, 3, 4))).shape
    (2, 12)
    """

    def __init__(self, start_dim: int = 1, end_dim: int = -1) -> None:
        self.start_dim, self.end_dim = start_dim, end_dim

    def forward(self, x: Any) -> Any:
        n = len(x.shape)
        first, last = self.start_dim % n, self.end_dim % n
        if first > last:
            raise ValueError(
                f"Flatten: start_dim={self.start_dim} comes after end_dim={self.end_dim} in shape {x.shape}"
            )
        return np.reshape(x, (*x.shape[:first], int(np.prod(x.shape[first : last + 1])), *x.shape[last + 1 :]))

    def extra_repr(self) -> str:
        return f"start_dim={self.start_dim}, end_dim={self.end_dim}"


class Dropout(Module):
    """While training, each number is set to 0 with probability p and else divided by 1 − p.

    Parameters
    ----------
    p : float
    rng : numpy Generator or int, optional
        Where chance comes from; a number is a seed. A fresh generator unless given.

    Raises
    ------
    ValueError
        If p is no probability.

    Examples
    --------
    >>> layer = Dropout(0.5, rng=0)
    >>> layer(np.ones(5))
    array([2., 0., 0., 0., 2.])
    >>> layer.eval()(np.ones(5))
    array([1., 1., 1., 1., 1.])
    """

    def __init__(self, p: float = 0.5, *, rng: Any = None) -> None:
        if not 0 <= p <= 1:
            raise ValueError(f"Dropout: p must be a probability from 0 to 1, not {p!r}")
        self.p = p
        self.rng = np.random.default_rng(rng)

    def forward(self, x: Any) -> Any:
        return F.dropout(x, self.p, self.training, rng=self.rng)

    def extra_repr(self) -> str:
        return f"p={self.p}"


class _Pool(Module):
    def __init__(self, kernel_size: Any, stride: Any = None, padding: Any = 0) -> None:
        self.kernel_size, self.padding = kernel_size, padding
        self.stride = kernel_size if stride is None else stride

    def extra_repr(self) -> str:
        return f"kernel_size={self.kernel_size}, stride={self.stride}, padding={self.padding}"


class _MaxPool(_Pool):
    def __init__(
        self, kernel_size: Any, stride: Any = None, padding: Any = 0, dilation: Any = 1, *, ceil_mode: bool = False
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

    def forward(self, x: Any) -> Any:
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
    >>> MaxPool2d(2)(np.arange(4.0).reshape(1, 1, 2, 2))
    array([[[[3.]]]])
    """

    def forward(self, x: Any) -> Any:
        return F.max_pool2d(x, self.kernel_size, self.stride, self.padding, self.dilation, self.ceil_mode)


class _AvgPool(_Pool):
    def __init__(
        self,
        kernel_size: Any,
        stride: Any = None,
        padding: Any = 0,
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

    def forward(self, x: Any) -> Any:
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
    >>> AvgPool2d(2)(np.arange(4.0).reshape(1, 1, 2, 2))
    array([[[[1.5]]]])
    """

    def forward(self, x: Any) -> Any:
        return F.avg_pool2d(x, self.kernel_size, self.stride, self.padding, self.ceil_mode, self.count_include_pad)
