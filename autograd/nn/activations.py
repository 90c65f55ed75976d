"""Activations as layers."""

from __future__ import annotations

from autograd.nn import functional as F
from autograd.nn.module import Module
from autograd.types import Array


class Identity(Module):
    """x itself.

    Examples
    --------
    >>> import numpy as np
    >>> from autograd import nn
    >>> nn.Identity()(np.array([-1.0, 0.0, 2.0])).round(4)
    array([-1.,  0.,  2.])
    """

    def forward(self, x: Array) -> Array:
        return x


class ReLU(Module):
    """max(x, 0). Nair and Hinton 2010.

    Examples
    --------
    >>> import numpy as np
    >>> from autograd import nn
    >>> nn.ReLU()(np.array([-1.0, 0.0, 2.0])).round(4)
    array([0., 0., 2.])
    """

    def forward(self, x: Array) -> Array:
        return F.relu(x)


class ReLU6(Module):
    """min(max(x, 0), 6). Krizhevsky 2010.

    Examples
    --------
    >>> import numpy as np
    >>> from autograd import nn
    >>> nn.ReLU6()(np.array([-1.0, 0.0, 2.0])).round(4)
    array([0., 0., 2.])
    """

    def forward(self, x: Array) -> Array:
        return F.relu6(x)


class LeakyReLU(Module):
    """x for x > 0, else negative_slope·x. Maas et al. 2013.

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

    def forward(self, x: Array) -> Array:
        return F.leaky_relu(x, self.negative_slope)

    def extra_repr(self) -> str:
        return f"negative_slope={self.negative_slope}"


class ELU(Module):
    """x for x > 0, else alpha·(eˣ − 1). Clevert et al. 2016.

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

    def forward(self, x: Array) -> Array:
        return F.elu(x, self.alpha)

    def extra_repr(self) -> str:
        return f"alpha={self.alpha}"


class SELU(Module):
    """λ·x for x > 0, else λ·α·(eˣ − 1): activations keep mean 0 and variance 1. Klambauer et al. 2017.

    Examples
    --------
    >>> import numpy as np
    >>> from autograd import nn
    >>> nn.SELU()(np.array([-1.0, 0.0, 2.0])).round(4)
    array([-1.1113,  0.    ,  2.1014])
    """

    def forward(self, x: Array) -> Array:
        return F.selu(x)


class GELU(Module):
    """x·Φ(x), Φ the normal distribution function; ``approximate="tanh"``: approximately. Hendrycks and Gimpel 2016.

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

    def forward(self, x: Array) -> Array:
        return F.gelu(x, self.approximate)

    def extra_repr(self) -> str:
        return f"approximate={self.approximate!r}"


class SiLU(Module):
    """x·σ(x), also called swish. Elfwing et al. 2018.

    Examples
    --------
    >>> import numpy as np
    >>> from autograd import nn
    >>> nn.SiLU()(np.array([-1.0, 0.0, 2.0])).round(4)
    array([-0.2689,  0.    ,  1.7616])
    """

    def forward(self, x: Array) -> Array:
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

    def forward(self, x: Array) -> Array:
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

    def forward(self, x: Array) -> Array:
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

    def forward(self, x: Array) -> Array:
        return F.tanh(x)


class Hardtanh(Module):
    """x cut off below min_val and above max_val. Collobert 2004.

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

    def forward(self, x: Array) -> Array:
        return F.hardtanh(x, self.min_val, self.max_val)

    def extra_repr(self) -> str:
        return f"min_val={self.min_val}, max_val={self.max_val}"


class Softplus(Module):
    """log(1 + e^(beta·x)) / beta. Dugas et al. 2001.

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

    def forward(self, x: Array) -> Array:
        return F.softplus(x, self.beta)

    def extra_repr(self) -> str:
        return f"beta={self.beta}"


class Softsign(Module):
    """x/(1 + |x|). Bergstra et al. 2009.

    Examples
    --------
    >>> import numpy as np
    >>> from autograd import nn
    >>> nn.Softsign()(np.array([-1.0, 0.0, 2.0])).round(4)
    array([-0.5   ,  0.    ,  0.6667])
    """

    def forward(self, x: Array) -> Array:
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

    def forward(self, x: Array) -> Array:
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

    def forward(self, x: Array) -> Array:
        return F.log_softmax(x, self.dim)
