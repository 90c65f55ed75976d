"""Attention: each query looks at all keys, and takes the mean of their values."""

from __future__ import annotations

import math

import numpy as np

from autograd.functions.register import all_in_floats
from autograd.nn.functional.activations import softmax
from autograd.nn.functional.regularisation import dropout
from autograd.node import stored
from autograd.types import Array


def scaled_dot_product_attention(
    query: Array,
    key: Array,
    value: Array,
    attn_mask: Array | None = None,
    dropout_p: float = 0.0,
    is_causal: bool = False,
    scale: float | None = None,
    *,
    rng: np.random.Generator | int | None = None,
) -> Array:
    """softmax(scale·Q·Kᵀ + mask)·V. Vaswani et al. 2017.

    Parameters
    ----------
    query : Tensor or ndarray, shape (..., L, E)
        Q, what each of L positions asks for.
    key : Tensor or ndarray, shape (..., S, E)
        K, what each of S positions offers.
    value : Tensor or ndarray, shape (..., S, F)
        V, what is mixed.
    attn_mask : ndarray, broadcast to (..., L, S), optional
        Truth values (True: may be looked at), or numbers that are added to the scores.
    dropout_p : float
        The probability that a share is cut.
    is_causal : bool
        Position i may look at positions up to i only.
    scale : float, optional
        1/√E unless given.
    rng
        As for :func:`dropout`.

    Returns
    -------
    Tensor or ndarray, shape (..., L, F)

    Raises
    ------
    ValueError
        If both a mask and `is_causal` are given.

    Examples
    --------
    >>> import numpy as np
    >>> v = np.array([[1.0], [3.0]])
    >>> scaled_dot_product_attention(np.zeros((2, 4)), np.zeros((2, 4)), v, is_causal=True)
    array([[1.],
           [2.]])
    """
    if is_causal and attn_mask is not None:
        raise ValueError("scaled_dot_product_attention: give attn_mask or is_causal, not both")
    query, key, value = all_in_floats(query, key, value)
    scale = 1 / math.sqrt(query.shape[-1]) if scale is None else scale
    scores = np.matmul(query * scale, np.swapaxes(key, -1, -2))
    if is_causal:
        attn_mask = np.tri(*scores.shape[-2:], dtype=bool)
    if attn_mask is not None:
        if stored(attn_mask).dtype == bool:
            scores = np.where(attn_mask, scores, stored(scores).dtype.type(-np.inf))
        else:
            scores = scores + attn_mask
    weights = softmax(scores)
    return np.matmul(dropout(weights, dropout_p, rng=rng) if dropout_p else weights, value)
