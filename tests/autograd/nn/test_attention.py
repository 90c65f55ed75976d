"""Attention of several heads and its masks."""

from __future__ import annotations

import numpy as np
import pytest

from autograd import nn

rng = np.random.default_rng(2)


def test_attention_masks() -> None:
    layer = nn.MultiHeadAttention(4, 2, rng=0)
    x = rng.normal(size=(3, 2, 4))
    _, weights = layer(x, x, x, is_causal=True)
    assert (np.triu(weights.data, 1) == 0).all()
    np.testing.assert_allclose(weights.data.sum(-1), 1)
    hidden = np.array([[False, False, True], [False, True, True]])
    _, weights = layer(x, x, x, key_padding_mask=hidden, average_attn_weights=False)
    assert (
        weights.shape == (2, 2, 3, 3) and (weights.data[hidden[:, None, None] * np.ones((2, 2, 3, 3), bool)] == 0).all()
    )
    single, _ = layer(x[:, 0], x[:, 0], x[:, 0])
    np.testing.assert_allclose(single.data, layer(x, x, x)[0].data[:, 0])
    with pytest.raises(ValueError, match="must divide"):
        nn.MultiHeadAttention(5, 2)
