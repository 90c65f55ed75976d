"""Whole numbers as rows: of a matrix, or of zeros with a single 1."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from autograd.node import plain
from autograd.tensor.operands import as_constant
from autograd.types import Array


def one_hot(input: Array, num_classes: int = -1, dtype: DTypeLike = np.int64) -> Any:
    """For each whole number k a row of zeros with a 1 at place k.

    Parameters
    ----------
    input : array of int, any shape
        The numbers of the rows.
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


def embedding(input: Array, weight: Array, padding_idx: int | None = None) -> Any:
    """The row of `weight` for each whole number.

    Parameters
    ----------
    input : array of int, any shape
        The numbers of the rows.
    weight : Tensor or ndarray, shape (num_embeddings, embedding_dim)
        The table.
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
    padding = int(padding_idx) % count
    return np.where((numbers == padding)[..., None], as_constant(weight)[padding], rows)


def _whole(function: str, input: Array) -> Any:
    numbers = plain(input) if hasattr(input, "dtype") else np.asarray(input)
    if numbers.dtype.kind not in "iu":
        raise TypeError(f"{function} takes whole numbers, got dtype {numbers.dtype}; use x.astype(int)")
    return numbers
