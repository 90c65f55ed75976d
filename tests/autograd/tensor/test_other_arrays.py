"""Tensors of another library's arrays, which speak NumPy's protocols and refuse to become NumPy's."""

from __future__ import annotations

import math
import warnings
from typing import Any, Iterator

import numpy as np
import pytest

from autograd import Elementwise, NoRuleError, Tensor, grad, hvp, jvp, value_and_grad, vjp
from autograd.check import check_gradient
from autograd.nn import functional as F
from autograd.optim import SGD
from tests.autograd.functions.numpy_cases import ARRAYS, CASES, evaluate, leaves_of
from tests.autograd.tensor.strict_array import StrictArray, opened


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """NumPy warns of what some cases are about: empty slices, all-nan rows."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        yield


def both(expression: str) -> tuple[Any, Any]:
    found = []
    for kind in (np.array, StrictArray):
        leaves = {name: Tensor(kind(ARRAYS[name])) for name in leaves_of(expression)}
        y = evaluate(expression, leaves)
        weights = kind(np.random.default_rng(3).uniform(0.5, 1.5, y.shape))
        y.backward(weights)
        found.append((y._data, [leaf.grad for leaf in leaves.values()]))
    return found[0], found[1]


@pytest.mark.parametrize("expression", CASES)
def test_the_table_works_on_them_or_refuses_by_name(expression: str) -> None:
    try:
        (y, gradients), (other, others) = both(expression)
    except NoRuleError as error:
        assert "StrictArray" in str(error), error
        return
    assert isinstance(other, StrictArray)
    np.testing.assert_allclose(opened(other), y, rtol=1e-12, atol=1e-13)
    for wanted, found in zip(gradients, others):
        assert found is None or isinstance(found, StrictArray)
        np.testing.assert_allclose(opened(found), wanted, rtol=1e-10, atol=1e-12) if wanted is not None else None


def test_most_of_the_table_works() -> None:
    def works(expression: str) -> bool:
        try:
            both(expression)
        except NoRuleError:
            return False
        return True

    assert sum(map(works, CASES)) > 0.75 * len(CASES)


def test_layers_and_losses_have_equal_gradients() -> None:
    rng = np.random.default_rng(0)
    X, classes = rng.normal(size=(9, 4)), rng.integers(0, 3, 9)
    weights = [rng.normal(size=shape) for shape in ((8, 4), (8,), (3, 8), (3,))]

    def gradients(kind: Any, dtype: str) -> list[Any]:
        w1, b1, w2, b2 = leaves = [Tensor(kind(w.astype(dtype))) for w in weights]
        scores = F.linear(F.gelu(F.linear(kind(X.astype(dtype)), w1, b1)), w2, b2)
        (F.cross_entropy(scores, kind(classes)) + F.relu(1 - scores).mean()).backward()
        SGD(leaves, lr=0.1).step()
        return [opened(x) for leaf in leaves for x in (leaf.grad, leaf.data)]

    for dtype, tolerance in (("f4", 1e-5), ("f8", 1e-12)):
        for mine, wanted in zip(gradients(StrictArray, dtype), gradients(np.array, dtype)):
            assert mine.dtype == dtype
            np.testing.assert_allclose(mine, wanted, rtol=tolerance, atol=tolerance)


def test_constants_of_numpy_beside_them_are_refused_by_name() -> None:
    t = Tensor(StrictArray([1.0, 2.0]))
    with pytest.raises(NoRuleError, match="mul does not work on another library's array .*StrictArray"):
        t * np.array([1.0, 2.0])
    with pytest.raises(NoRuleError, match=r"np\.maximum\.accumulate does not work"):
        np.maximum.accumulate(t)
    with pytest.raises(ValueError, match="could not be broadcast"):  # the caller's own mistake stays what it is
        t + StrictArray([1.0, 2.0, 3.0])


def test_written_and_read_as_what_they_are() -> None:
    t = Tensor(StrictArray([1, 2]))
    assert t.dtype == float and repr(t) == "Tensor(StrictArray(array([1., 2.])), float64)"
    assert t.sum().item() == 3.0 and float(t[0]) == 1.0
    t.sum().backward(StrictArray(2.0))
    np.testing.assert_array_equal(opened(t.grad), [2.0, 2.0])
    with pytest.raises(TypeError, match="not complex"):
        Tensor(StrictArray([1j]))


def test_transforms_take_them_and_give_them_back() -> None:
    def f(x: Any) -> Any:
        return np.sum(np.tanh(x) * np.cumsum(x) ** 2)

    at, v = np.array([0.3, -0.4, 0.9]), np.array([1.0, 0.5, -2.0])
    for derive in (
        lambda x, v: grad(f)(x),
        lambda x, v: value_and_grad(f)(x)[0],
        lambda x, v: jvp(f, (x,), (v,))[1],
        lambda x, v: vjp(lambda x: np.tanh(x) * x, x)[1](v)[0],
        lambda x, v: hvp(f)(x, v),
        lambda x, v: jvp(lambda x: np.max(x * x), (x,), (v,))[1],
    ):
        found = derive(StrictArray(at), StrictArray(v))
        assert isinstance(found, StrictArray)
        np.testing.assert_allclose(opened(found), derive(at, v), rtol=1e-13)
    with pytest.raises(NoRuleError, match="the derivative of .* does not work on another library's array"):
        grad(lambda x: np.trace(np.outer(x, x)))(StrictArray(at))


def test_leaves_do_not_share_a_gradient() -> None:
    a, b = Tensor(StrictArray([1.0, 2.0])), Tensor(StrictArray([3.0, 4.0]))
    (a + b).sum().backward()
    assert a.grad is not b.grad


def test_the_checker_judges_them() -> None:
    point = StrictArray([0.3, -0.4])
    assert check_gradient(lambda x: np.sum(np.tanh(x) * x), point, modes=("reverse", "forward")).verdict == "right"
    wrong = Elementwise("wrong", math.tanh, np.tanh, lambda y, x: 1 + y * y)
    assert check_gradient(lambda x: np.sum(wrong(x)), point).verdict == "wrong"
