"""Words as rows of numbers."""

from __future__ import annotations

import numpy as np
from numpy.typing import DTypeLike

from autograd.nn import functional as F
from autograd.nn.module import Module
from autograd.nn.parameters import size
from autograd.tensor import Tensor
from autograd.types import Array


class Embedding(Module):
    """A row of numbers for each word (whole number).

    Parameters
    ----------
    num_embeddings, embedding_dim : int
        How many rows there are, and how long each is.
    padding_idx : int, optional
        This row starts at 0 and gets no gradient.
    rng : numpy Generator or int, optional
        Where the rows come from, standard normal as in PyTorch.
    dtype : NumPy dtype
        Of the rows.

    Attributes
    ----------
    weight : Tensor, shape (num_embeddings, embedding_dim)

    Raises
    ------
    ValueError
        If there is no row `padding_idx`.

    Examples
    --------
    >>> Embedding(10, 4, rng=0)([[1, 2, 3]]).shape
    (1, 3, 4)
    """

    def __init__(
        self,
        num_embeddings: int,
        embedding_dim: int,
        padding_idx: int | None = None,
        *,
        rng: np.random.Generator | int | None = None,
        dtype: DTypeLike = float,
    ) -> None:
        shape = size("num_embeddings", num_embeddings), size("embedding_dim", embedding_dim)
        rows = np.random.default_rng(rng).normal(size=shape)
        if padding_idx is not None:
            if not -num_embeddings <= padding_idx < num_embeddings:
                raise ValueError(f"padding_idx {padding_idx} is none of the {num_embeddings} rows")
            rows[padding_idx] = 0
        self.padding_idx = padding_idx
        self.weight = Tensor(rows.astype(dtype))

    def forward(self, x: Array) -> Array:
        return F.embedding(x, self.weight, self.padding_idx)

    def extra_repr(self) -> str:
        rows, length = self.weight.shape
        return f"{rows}, {length}" + ("" if self.padding_idx is None else f", padding_idx={self.padding_idx}")
