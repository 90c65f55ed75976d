"""The fully connected layer."""

from __future__ import annotations

import numpy as np
from numpy.typing import DTypeLike

from autograd.nn import functional as F
from autograd.nn.module import Module
from autograd.nn.parameters import size, uniform
from autograd.types import Array


class Linear(Module):
    """Fully connected layer: y = x·Wᵀ + b.

    Parameters
    ----------
    in_features, out_features : int
        The length of the last axis of the input, and of the output.
    bias : bool
        Whether a vector b is added.
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
        self,
        in_features: int,
        out_features: int,
        bias: bool = True,
        *,
        rng: np.random.Generator | int | None = None,
        dtype: DTypeLike = float,
    ) -> None:
        self.in_features, self.out_features = size("in_features", in_features), size("out_features", out_features)
        rng = np.random.default_rng(rng)
        self.weight = uniform((out_features, in_features), in_features, rng, dtype)
        self.bias = uniform((out_features,), in_features, rng, dtype) if bias else None

    def forward(self, x: Array) -> Array:
        return F.linear(x, self.weight, self.bias)

    def extra_repr(self) -> str:
        return f"in_features={self.in_features}, out_features={self.out_features}, bias={self.bias is not None}"
