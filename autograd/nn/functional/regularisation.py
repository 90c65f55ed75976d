"""Regularisation by chance: dropout."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.following import follower, followers
from autograd.functions.register import in_floats
from autograd.node import stored
from autograd.types import Array


def dropout(
    input: Array, p: float = 0.5, training: bool = True, *, rng: np.random.Generator | int | None = None
) -> Any:
    """Each element set to 0 with probability p, the others divided by 1 − p. Srivastava et al. 2014.

    Parameters
    ----------
    input : Tensor or ndarray
        The numbers, of any shape.
    p : float
        From 0 to 1.
    training : bool
        If not, `input` is returned as it is.
    rng : numpy Generator or int, optional
        Where chance comes from; a number is a seed. A fresh generator unless given.

    Returns
    -------
    Tensor or ndarray, of the input's shape

    Raises
    ------
    ValueError
        If p is no probability.

    Examples
    --------
    >>> import numpy as np
    >>> dropout(np.ones(5), 0.5, rng=0)
    array([2., 0., 0., 0., 2.])
    """
    if not 0 <= p <= 1:
        raise ValueError(f"dropout: p must be a probability from 0 to 1, not {p!r}")
    if not training or p == 0:
        return input
    input = in_floats(input)
    numbers = stored(input)
    if p == 1:
        return input * np.zeros(numbers.shape, numbers.dtype)
    kind = np.float32 if numbers.dtype == np.float32 else np.float64
    source = np.random.default_rng(rng)
    who = follower() if followers else None
    drawn = source.random(numbers.shape, kind) if who is None else who.drawn(source, numbers.shape, kind)
    return input * ((drawn >= p) * numbers.dtype.type(1 / (1 - p)))
