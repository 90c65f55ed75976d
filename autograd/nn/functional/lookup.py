"""Words as numbers, numbers as rows, and numbers left out: one-hot, embedding, dropout; and attention."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd.following import follower, followers
from autograd.functions.register import arraylikes, in_floats
from autograd.nn.functional.activations import softmax
from autograd.node import plain, stored


def one_hot(input: Any, num_classes: int = -1, dtype: Any = np.int64) -> Any:
    """For each whole number k a row of zeros with a 1 at place k.

    Parameters
    ----------
    input : array of int, any shape
    num_classes : int
        The length of the rows; by default the largest number plus 1.
    dtype : NumPy dtype
        Of the result, which carries no derivative.

    Returns
    -------
    ndarray, shape input.shape + (num_classes,)

    Raises
    ------
    ValueError
        If a number is negative or too large.

    Examples
    --------
    >>> one_hot([0, 2])
    array([[1, 0, 0],
           [0, 0, 1]])
    """
    numbers = _whole("one_hot", input)
    count = int(numbers.max()) + 1 if num_classes == -1 and numbers.size else int(num_classes)
    if count < 1:
        raise ValueError("one_hot: num_classes must be given for an empty input, and be at least 1")
    if numbers.size and (numbers.min() < 0 or numbers.max() >= count):
        raise ValueError(f"one_hot: numbers must lie from 0 to {count - 1}, got {numbers.min()} to {numbers.max()}")
    return (numbers[..., None] == np.arange(count)).astype(dtype)


def embedding(input: Any, weight: Any, padding_idx: int | None = None) -> Any:
    """The row of `weight` for each whole number.

    Parameters
    ----------
    input : array of int, any shape
    weight : Tensor or ndarray, shape (num_embeddings, embedding_dim)
    padding_idx : int, optional
        This row gets no gradient.

    Returns
    -------
    Tensor or ndarray, shape input.shape + (embedding_dim,)

    Raises
    ------
    ValueError
        If a number is no row.

    Examples
    --------
    >>> import numpy as np
    >>> from autograd import Tensor
    >>> weight = Tensor([[1.0, 2.0], [3.0, 4.0]])
    >>> embedding([1, 1], weight).sum().backward()
    >>> weight.grad
    array([[0., 0.],
           [2., 2.]])
    """
    numbers = _whole("embedding", input)
    count = len(weight)
    if numbers.size and (numbers.min() < 0 or numbers.max() >= count):
        raise ValueError(f"embedding: numbers must lie from 0 to {count - 1}, got {numbers.min()} to {numbers.max()}")
    rows = weight[numbers]
    if padding_idx is None:
        return rows
    return np.where((numbers == padding_idx % count)[..., None], plain(weight)[padding_idx], rows)


def _whole(function: str, input: Any) -> Any:
    numbers = plain(input) if hasattr(input, "dtype") else np.asarray(input)
    if numbers.dtype.kind not in "iu":
        raise TypeError(f"{function} takes whole numbers, got dtype {numbers.dtype}; use x.astype(int)")
    return numbers


def dropout(input: Any, p: float = 0.5, training: bool = True, *, rng: Any = None) -> Any:
    """Each element set to 0 with probability p, the others divided by 1 − p. Srivastava et al. 2014.

    Parameters
    ----------
    input : Tensor or ndarray
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


def scaled_dot_product_attention(
    query: Any,
    key: Any,
    value: Any,
    attn_mask: Any = None,
    dropout_p: float = 0.0,
    is_causal: bool = False,
    scale: float | None = None,
    *,
    rng: Any = None,
) -> Any:
    """softmax(scale·Q·Kᵀ + mask)·V. Vaswani et al. 2017.

    Parameters
    ----------
    query : Tensor or ndarray, shape (..., L, E)
    key : Tensor or ndarray, shape (..., S, E)
    value : Tensor or ndarray, shape (..., S, F)
    attn_mask : ndarray, broadcast to (..., L, S), optional
        Truth values (True: may be looked at), or numbers that are added to the scores.
    dropout_p : float
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
    query, key, value = arraylikes(query, key, value)
    scale = 1 / math.sqrt(query.shape[-1]) if scale is None else scale
    scores = np.matmul(query * scale, np.swapaxes(key, -1, -2))
    if is_causal:
        attn_mask = np.tri(*scores.shape[-2:], dtype=bool)
    if attn_mask is not None:
        mask = plain(attn_mask)
        if mask.dtype == bool:
            scores = np.where(mask, scores, plain(scores).dtype.type(-np.inf))
        else:
            scores = scores + attn_mask
    weights = softmax(scores)
    return np.matmul(dropout(weights, dropout_p, rng=rng) if dropout_p else weights, value)
