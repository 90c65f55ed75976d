"""Dropout: numbers left out by chance while training."""

from __future__ import annotations

import numpy as np

from autograd.nn import functional as F
from autograd.nn.module import Module
from autograd.types import Array


class Dropout(Module):
    """While training, each number is set to 0 with probability p, else divided by 1 − p. Srivastava et al. 2014.

    Parameters
    ----------
    p : float
        The probability, from 0 to 1, that a number is cut.
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

    def __init__(self, p: float = 0.5, *, rng: np.random.Generator | int | None = None) -> None:
        if not 0 <= p <= 1:
            raise ValueError(f"Dropout: p must be a probability from 0 to 1, not {p!r}")
        self.p = p
        self.rng = np.random.default_rng(rng)

    def forward(self, x: Array) -> Array:
        return F.dropout(x, self.p, self.training, rng=self.rng)

    def extra_repr(self) -> str:
        return f"p={self.p}"
