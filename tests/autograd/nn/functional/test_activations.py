"""Activations, softmax and kin: derivatives against differences, and far out."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import autograd.nn.functional as F
from autograd import Tensor
from tests.autograd.nn.differences import check_derivatives

rng = np.random.default_rng(5)


@pytest.mark.parametrize("dim", [0, 1, -1])
def test_softmax_and_kin(dim: int) -> None:
    x = rng.normal(size=(3, 4))
    for f in (F.softmax, F.log_softmax, F.logsumexp):
        check_derivatives(lambda x, f=f: f(x, dim), x)
    p = F.softmax(x, dim)
    np.testing.assert_allclose(p.sum(dim), 1)
    np.testing.assert_allclose(np.log(p), F.log_softmax(x, dim))
    check_derivatives(lambda x: F.logsumexp(x, (0, 1), keepdim=True), x)
    for f in (F.softmax, F.log_softmax, F.logsumexp):
        np.testing.assert_array_equal(f(x, axis=dim), f(x, dim))


def test_softmax_and_kin_far_out() -> None:
    x = Tensor([[1000.0, -1000.0, 999.0], [-np.inf, 0.0, -np.inf], [-1000.0, -1000.0, -1000.0]])
    p = F.softmax(x)
    np.testing.assert_allclose(p.data[0], [1 / (1 + math.exp(-1)), 0, 1 / (1 + math.e)])
    np.testing.assert_allclose(p.data[1], [0, 1, 0])
    assert F.log_softmax(x).data[0, 1] == pytest.approx(-2000 - math.log(1 + math.exp(-1)))
    np.testing.assert_allclose(F.logsumexp(x).data, [1000 + math.log1p(math.exp(-1)), 0, -1000 + math.log(3)])
    F.logsumexp(x).sum().backward()
    np.testing.assert_allclose(x.grad, p.data)
    lost = Tensor([-np.inf, -np.inf])
    y = F.logsumexp(lost)
    y.backward()
    assert y.item() == -np.inf and np.array_equal(lost.grad, [0, 0])
    assert F.softmax(Tensor(np.float32([1, 2]))).dtype == np.float32


@pytest.mark.parametrize(
    "f",
    [
        F.relu,
        F.leaky_relu,
        F.elu,
        F.selu,
        F.gelu,
        lambda x: F.gelu(x, "tanh"),
        F.silu,
        F.softplus,
        F.softsign,
        F.sigmoid,
        F.tanh,
        F.logsigmoid,
        F.hardtanh,
        F.relu6,
        lambda x: F.softplus(x, 2.0),
    ],
)
def test_activations(f: Any) -> None:
    check_derivatives(f, np.array([-2.3, -0.7, 0.4, 1.9, 6.5]))
