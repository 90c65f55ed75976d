"""One softmax: the same numbers under every name, at any size of x."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autograd
from autograd import Tensor, grad, special
from autograd.nn import functional as F
from tests.autograd.functions.derivatives import check

SIZES = [0.0, 1e3, 1e10, -1e10]


def shares(x: Any) -> Any:
    e = np.exp(x - x.max())
    return e / e.sum()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    "f",
    [special.logsumexp, F.logsumexp, np.logaddexp.reduce, lambda x: x[0] - F.log_softmax(x)[0]],
)
def test_the_gradient_of_logsumexp_is_softmax(f: Any, size: float) -> None:
    x = size + np.array([0.0, 0.0, -1.0])
    np.testing.assert_allclose(grad(f)(x), shares(x), rtol=1e-14)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("f", [special.softmax, F.softmax, lambda x: np.exp(special.log_softmax(x))])
def test_softmax_of_large_numbers(f: Any, size: float) -> None:
    x = size + np.array([0.0, 0.0, -1.0])
    np.testing.assert_allclose(f(x), shares(x), rtol=1e-14)
    np.testing.assert_allclose(grad(lambda t: f(t)[0])(x), shares(x)[0] * (np.array([1, 0, 0]) - shares(x)), rtol=1e-13)


@pytest.mark.parametrize("size", SIZES)
def test_the_shares_of_logaddexp2(size: float) -> None:
    a = np.array([size, size + 1.0])
    found = grad(lambda t: np.sum(np.logaddexp2(t, size)))(a)
    np.testing.assert_allclose(found, [1 / 2, 2 / 3], rtol=1e-14)


def test_single_precision_is_used_to_the_full() -> None:
    x = np.random.default_rng(0).normal(size=1000).astype(np.float32) * 30 + 1000
    exact = shares(x.astype(np.float64))
    seen = exact > 1e-30
    for f in (special.softmax, F.softmax):
        assert f(x).dtype == np.float32
        np.testing.assert_allclose(f(x)[seen], exact[seen], rtol=1e-5)


def test_axes_and_orders() -> None:
    x = np.random.default_rng(0).normal(size=(2, 3, 4))
    for axis in (None, 1, (0, 2)):
        for f in (special.softmax, special.log_softmax, special.logsumexp):
            check(lambda t, f=f, axis=axis: f(t, axis=axis), x, "axes", second=f is not special.logsumexp)
        assert np.allclose(special.softmax(x, axis=axis).sum(axis=axis), 1)


def test_infinite_numbers() -> None:
    x = np.array([[-np.inf, -np.inf], [np.inf, 1.0], [-np.inf, 1.0]])
    for f in (special.logsumexp, F.logsumexp):
        leaf = Tensor(x)
        y = f(leaf, axis=1)
        np.testing.assert_array_equal(y.data, [-np.inf, np.inf, 1.0])
        y.backward(np.ones(3))
        np.testing.assert_array_equal(leaf.grad, [[0, 0], [0, 0], [0, 1]])


def test_logsumexp_of_several_tensors() -> None:
    a, b = Tensor([1000.0, -np.inf]), Tensor([1000.0, -np.inf])
    np.testing.assert_array_equal(autograd.logsumexp([a, b]).data, [1000 + np.log(2), -np.inf])


@pytest.mark.parametrize("size", SIZES)
def test_softmax_and_logsumexp_of_values(size: float) -> None:
    xs = size + np.array([0.0, 0.0, -1.0])
    values = [autograd.Value(x) for x in xs]
    autograd.logsumexp(values).backward()
    np.testing.assert_allclose([v.grad for v in values], shares(xs), rtol=1e-14)
    values = [autograd.Value(x) for x in xs]
    first = autograd.softmax(values)[0]
    assert first.data == pytest.approx(shares(xs)[0], rel=1e-14)
    first.backward(create_graph=True)
    expected = shares(xs)[0] * (np.array([1, 0, 0]) - shares(xs))
    np.testing.assert_allclose([float(v.grad) for v in values], expected, rtol=1e-13)
