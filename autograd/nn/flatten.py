"""Axes joined into one, between a picture and the layers that take rows."""

from __future__ import annotations

import numpy as np

from autograd.nn.module import Module
from autograd.types import Array


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

    def forward(self, x: Array) -> Array:
        n = len(x.shape)
        first, last = self.start_dim % n, self.end_dim % n
        if first > last:
            raise ValueError(
                f"Flatten: start_dim={self.start_dim} comes after end_dim={self.end_dim} in shape {x.shape}"
            )
        return np.reshape(x, (*x.shape[:first], int(np.prod(x.shape[first : last + 1])), *x.shape[last + 1 :]))

    def extra_repr(self) -> str:
        return f"start_dim={self.start_dim}, end_dim={self.end_dim}"
