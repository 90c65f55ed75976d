"""`Tensor`: one NumPy array that remembers how it was computed."""

from autograd.tensor.tensor import Tensor

__all__ = ["Tensor"]
