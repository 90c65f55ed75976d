"""Scaled dot-product attention and its masks."""

from __future__ import annotations

import numpy as np

import autograd.nn.functional as F
from tests.autograd.nn.differences import check_derivatives

rng = np.random.default_rng(5)


def test_attention() -> None:
    q, k, v = (rng.normal(size=(2, 3, 4)) for _ in range(3))
    check_derivatives(F.scaled_dot_product_attention, q, k, v, second=False)
    check_derivatives(lambda q, k, v: F.scaled_dot_product_attention(q, k, v, is_causal=True), q, k, v, second=False)
    causal = F.scaled_dot_product_attention(q, k, v, is_causal=True)
    np.testing.assert_allclose(causal[:, 0], v[:, 0])
    np.testing.assert_allclose(causal, F.scaled_dot_product_attention(q, k, v, attn_mask=np.tri(3, dtype=bool)))
