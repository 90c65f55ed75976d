"""Tensors of Dask's arrays: networks with the gradients of NumPy's, and the checker on them."""

from __future__ import annotations

from typing import Any, Iterator

import numpy as np
import pytest

from autograd import Tensor, value_and_grad
from autograd.check import check_gradient
from autograd.nn import functional as F
from autograd.optim import SGD, Adam

dask = pytest.importorskip("dask", reason="the extra `scale` is not installed")
da = pytest.importorskip("dask.array")

RNG = np.random.default_rng(0)
X, SIGNS, CLASSES = RNG.normal(size=(30, 2)), RNG.choice([-1.0, 1.0], (30, 1)), RNG.integers(0, 3, 30)
SHAPES = [(2, 8), (8,), (8, 8), (8,), (8, 3), (3,)]
WEIGHTS = [RNG.normal(size=shape) for shape in SHAPES]


@pytest.fixture(autouse=True)
def in_this_thread() -> Iterator[None]:
    with dask.config.set(scheduler="synchronous"):
        yield


def in_chunks(x: Any) -> Any:
    return da.from_array(x, chunks=(10, *x.shape[1:]))


def scores(x: Any, parameters: list[Any]) -> Any:
    w1, b1, w2, b2, w3, b3 = parameters
    return np.tanh(np.maximum(x @ w1 + b1, 0) @ w2 + b2) @ w3 + b3


def mlp(x: Any, signs: Any, classes: Any, parameters: list[Any]) -> Any:
    return np.maximum(1 - signs * scores(x, parameters)[:, :1], 0).mean()


def classifier(x: Any, signs: Any, classes: Any, parameters: list[Any]) -> Any:
    return F.cross_entropy(scores(x, parameters), classes)


def layers(x: Any, signs: Any, classes: Any, parameters: list[Any]) -> Any:
    w1, b1, w2, b2, w3, b3 = parameters
    hidden = F.silu(F.linear(F.relu(F.linear(x, w1.T, b1)), w2.T, b2))
    return F.mse_loss(F.softmax(F.linear(hidden, w3.T, b3)), signs * np.ones_like(signs @ signs.T)[:, :3])


@pytest.mark.parametrize("loss_of", [mlp, classifier, layers])
@pytest.mark.parametrize("parameters", ["of NumPy", "of Dask"])
def test_gradients_are_those_of_numpy(loss_of: Any, parameters: str) -> None:
    plain = [Tensor(w) for w in WEIGHTS]
    loss_of(X, SIGNS, CLASSES, plain).backward()
    leaves = [Tensor(da.from_array(w) if parameters == "of Dask" else w) for w in WEIGHTS]
    loss = loss_of(*map(in_chunks, (X, SIGNS, CLASSES)), leaves)
    loss.backward()
    assert type(loss._data) is da.Array
    for mine, wanted in zip(leaves, plain):
        assert type(mine.grad) is da.Array
        np.testing.assert_allclose(mine.grad.compute(), wanted.grad, rtol=1e-12, atol=1e-15)


def test_nothing_is_computed_before_it_is_asked_for() -> None:
    def never(block: Any) -> Any:
        raise AssertionError("computed")

    w = Tensor(da.zeros(2))
    ((in_chunks(X).map_blocks(never, dtype=float) @ w) ** 2).sum().backward()
    with pytest.raises(AssertionError, match="computed"):
        w.grad.compute()


def test_transforms_give_their_arrays_back() -> None:
    x, weights = in_chunks(X), da.from_array(WEIGHTS[0])

    def f(w: Any) -> Any:
        return (np.tanh(x @ w) ** 2).sum()

    value, gradient = value_and_grad(f)(weights)
    assert type(value) is da.Array and type(gradient) is da.Array
    expected = value_and_grad(lambda w: (np.tanh(X @ w) ** 2).sum())(WEIGHTS[0])
    np.testing.assert_allclose(value.compute(), expected[0], rtol=1e-13)
    np.testing.assert_allclose(gradient.compute(), expected[1], rtol=1e-12)


def test_classes_out_of_range_are_refused_and_ignored_ones_do_not_count() -> None:
    some = Tensor(in_chunks(RNG.normal(size=(30, 3))))
    with pytest.raises(ValueError, match="none of the classes 0 to 2"):
        F.cross_entropy(some, in_chunks(CLASSES + 1))
    holes = np.where(np.arange(30) % 4, CLASSES, -100)
    assert F.cross_entropy(some, in_chunks(holes)).item() == pytest.approx(
        F.cross_entropy(some._data.compute(), holes), rel=1e-14
    )


def test_sgd_steps_and_other_optimisers_refuse() -> None:
    w = Tensor(da.ones(3))
    (w * w).sum().backward()
    SGD([w], lr=0.1).step()
    np.testing.assert_allclose(w.data.compute(), 0.8)
    with pytest.raises(TypeError, match=r"Adam works on NumPy's arrays.*dask"):
        Adam([w]).step()


def test_the_checker_takes_them() -> None:
    """(That it finds what is wrong is tested with arrays that compute at once.)"""
    x, kinds = in_chunks(X[:4]), set()

    def f(w: Any) -> Any:
        kinds.add(type(w._data if isinstance(w, Tensor) else w))
        return np.tanh(x @ w).sum()

    assert check_gradient(f, da.from_array(np.array([0.3, -0.4]))).verdict == "right"
    assert kinds == {da.Array}
