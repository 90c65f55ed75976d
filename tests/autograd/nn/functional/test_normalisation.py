"""Normalisation over features and over a batch."""

from __future__ import annotations

import numpy as np

import autograd.nn.functional as F
from tests.autograd.nn.differences import check_derivatives

rng = np.random.default_rng(5)


def test_norms() -> None:
    x, w, b = rng.normal(size=(4, 3, 2)), rng.normal(size=(3, 2)), rng.normal(size=(3, 2))
    y = F.layer_norm(x, (3, 2), eps=0.0)
    np.testing.assert_allclose(y.mean((1, 2)), 0, atol=1e-12)
    np.testing.assert_allclose(y.var((1, 2)), 1)
    check_derivatives(lambda x, w, b: F.layer_norm(x, (3, 2), w, b), x, w, b)
    check_derivatives(lambda x, w, b: F.batch_norm(x, None, None, w, b, True), x, w[:, 0], b[:, 0])
    mean, variance = rng.normal(size=3), rng.uniform(1, 2, size=3)
    check_derivatives(lambda x, w, b: F.batch_norm(x, mean, variance, w, b), x, w[:, 0], b[:, 0])
    before = mean.copy()
    F.batch_norm(x, mean, variance, training=True, momentum=0.5)
    np.testing.assert_allclose(mean, 0.5 * before + 0.5 * x.mean((0, 2)))
