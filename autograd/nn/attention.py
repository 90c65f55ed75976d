"""Attention of several heads."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from autograd.nn import functional as F
from autograd.nn.linear import Linear
from autograd.nn.module import Module
from autograd.node import stored
from autograd.tensor import Tensor
from autograd.types import Array


class MultiHeadAttention(Module):
    """Attention of several heads, each on its own projection of queries, keys and values. Vaswani et al. 2017.

    Parameters
    ----------
    embed_dim, num_heads : int
        Heads divide embed_dim.
    dropout : float
        Of the attention weights, while training.
    bias : bool
        Whether the four linear maps add a vector.
    batch_first : bool
        Sequences are (batch, length, embed_dim) instead of (length, batch, embed_dim).
    rng : numpy Generator or int, optional
        Where weights (Xavier's) and dropout come from.
    dtype : NumPy dtype
        Of the parameters.

    Attributes
    ----------
    in_proj_weight : Tensor, shape (3·embed_dim, embed_dim)
    in_proj_bias : Tensor, shape (3·embed_dim,), or None
    out_proj : Linear

    Raises
    ------
    ValueError
        If the heads do not divide `embed_dim`.

    Examples
    --------
    >>> x = np.ones((5, 2, 8))
    >>> output, weights = MultiHeadAttention(8, 2, rng=0)(x, x, x)
    >>> output.shape, weights.shape
    ((5, 2, 8), (2, 5, 5))
    """

    def __init__(
        self,
        embed_dim: int,
        num_heads: int,
        dropout: float = 0.0,
        bias: bool = True,
        *,
        batch_first: bool = False,
        rng: np.random.Generator | int | None = None,
        dtype: DTypeLike = float,
    ) -> None:
        if embed_dim < 1 or num_heads < 1 or embed_dim % num_heads:
            raise ValueError(f"MultiHeadAttention: num_heads={num_heads} must divide embed_dim={embed_dim}")
        self.embed_dim, self.num_heads, self.dropout, self.batch_first = embed_dim, num_heads, dropout, batch_first
        self.rng = np.random.default_rng(rng)
        bound = math.sqrt(6 / (4 * embed_dim))
        self.in_proj_weight = Tensor(self.rng.uniform(-bound, bound, (3 * embed_dim, embed_dim)).astype(dtype))
        self.in_proj_bias = Tensor(np.zeros(3 * embed_dim, dtype)) if bias else None
        self.out_proj = Linear(embed_dim, embed_dim, bias, rng=self.rng, dtype=dtype)
        if self.out_proj.bias is not None:
            self.out_proj.bias.data[...] = 0

    def forward(
        self,
        query: Array,
        key: Array,
        value: Any,
        key_padding_mask: Any = None,
        need_weights: bool = True,
        attn_mask: Any = None,
        average_attn_weights: bool = True,
        is_causal: bool = False,
    ) -> tuple[Any, Any]:
        """Attend from `query` to `key` and `value`.

        Parameters
        ----------
        query : Tensor or ndarray, shape (L, batch, embed_dim), or without batch
        key, value : Tensor or ndarray, shape (S, batch, embed_dim), or without batch
        key_padding_mask : array of bool, shape (batch, S), optional
            True: this key is not looked at.
        need_weights : bool
        attn_mask : array, shape (L, S) or (batch·heads, L, S), optional
            True: not to be looked at (as in PyTorch's module); or numbers that are added to the scores.
        average_attn_weights : bool
        is_causal : bool
            Position i looks at positions up to i only.

        Returns
        -------
        output : Tensor, of the shape of `query`
        weights : Tensor, shape (batch, L, S), or None
            The mean over heads; with ``average_attn_weights=False`` (batch, heads, L, S).
        """
        single = len(query.shape) == 2
        if single:
            query, key, value = (x[:, None] for x in (query, key, value))
        elif self.batch_first:
            query, key, value = (np.swapaxes(x, 0, 1) for x in (query, key, value))
        length, batch, size = query.shape
        if size != self.embed_dim:
            raise ValueError(f"MultiHeadAttention takes {self.embed_dim} features, got shape {query.shape}")
        heads, n = self.num_heads, self.embed_dim // self.num_heads
        projected = []
        for i, x in enumerate((query, key, value)):
            part = slice(i * size, (i + 1) * size)
            bias = None if self.in_proj_bias is None else self.in_proj_bias[part]
            y = F.linear(x, self.in_proj_weight[part], bias)
            projected.append(np.transpose(np.reshape(y, (x.shape[0], batch, heads, n)), (1, 2, 0, 3)))
        q, k, v = projected
        scores = np.matmul(q * (1 / math.sqrt(n)), np.swapaxes(k, -1, -2))
        scores = self._masked(scores, attn_mask, key_padding_mask, is_causal)
        weights = F.softmax(scores)
        looked = np.matmul(F.dropout(weights, self.dropout, self.training, rng=self.rng), v)
        output = self.out_proj(np.reshape(np.transpose(looked, (2, 0, 1, 3)), (length, batch, size)))
        if average_attn_weights:
            weights = np.mean(weights, axis=1)
        if single:
            output, weights = output[:, 0], weights[0]
        elif self.batch_first:
            output = np.swapaxes(output, 0, 1)
        return output, weights if need_weights else None

    def _masked(self, scores: Array, attn_mask: Any, key_padding_mask: Any, is_causal: bool) -> Array:
        batch, heads, length, keys = scores.shape
        if is_causal:
            attn_mask = ~np.tri(length, keys, dtype=bool)
        never = stored(scores).dtype.type(-np.inf)
        if attn_mask is not None:
            mask = attn_mask
            if mask.ndim == 3:
                mask = np.reshape(mask, (batch, heads, length, keys))
            scores = np.where(mask, never, scores) if mask.dtype == bool else scores + mask
        if key_padding_mask is not None:
            scores = np.where(np.reshape(key_padding_mask, (batch, 1, 1, keys)).astype(bool), never, scores)
        return scores

    def extra_repr(self) -> str:
        return f"{self.embed_dim}, num_heads={self.num_heads}"
