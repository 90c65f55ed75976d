"""Every NumPy expression of the table: values, first and second derivatives, forward and reverse mode."""

from __future__ import annotations

import warnings
from typing import Any, Iterator

import numpy as np
import pytest

from autograd import Tensor, jvp, vjp
from tests.autograd.functions.numpy_cases import ARRAYS, CASES, evaluate, leaves_of

STEP = 1e-6


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """NumPy warns of what some cases are about: empty slices, all-nan rows."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore", RuntimeWarning)
        warnings.filterwarnings("ignore", "numpy.fix is deprecated|.*2-dimensional vectors", DeprecationWarning)
        yield


def function_of(expression: str) -> tuple[Any, list[Any]]:
    names = leaves_of(expression)
    return (lambda *arrays: evaluate(expression, dict(zip(names, arrays)))), [ARRAYS[name] for name in names]


def direction(seed: int, like: Any) -> Any:
    rng = np.random.default_rng(seed)
    return rng.uniform(0.5, 1.5, np.shape(like)) * rng.choice([-1.0, 1.0], np.shape(like))


def slope(f: Any, at: list[Any], along: list[Any]) -> float:
    """The directional derivative of a scalar function, by Richardson's extrapolation of central differences."""

    def difference(h: float) -> float:
        ahead, behind = (f(*[x + sign * h * v for x, v in zip(at, along)]) for sign in (1, -1))
        return float(ahead - behind) / (2 * h)

    return (4 * difference(1e-5) - difference(2e-5)) / 3


@pytest.mark.parametrize("expression", CASES)
def test_value_and_gradient(expression: str) -> None:
    f, at = function_of(expression)
    expected = np.asarray(f(*at))
    leaves = [Tensor(x) for x in at]
    y = f(*leaves)
    assert isinstance(y, Tensor)
    assert (y.shape, y.dtype) == (expected.shape, expected.dtype)
    np.testing.assert_allclose(y.data, expected, rtol=1e-12, atol=1e-13)
    weights = direction(1, expected)
    y.backward(weights)
    for i, (leaf, x) in enumerate(zip(leaves, at)):
        if leaf.grad is None:  # the output does not contain it
            leaf.grad = np.zeros_like(x)
        assert leaf.grad.shape == x.shape and leaf.grad.dtype == x.dtype and leaf.grad.flags.writeable
        numeric = np.zeros_like(x)
        for k in np.ndindex(x.shape):
            step = np.zeros_like(x)
            step[k] = STEP
            ahead, behind = (f(*at[:i], x + sign * step, *at[i + 1 :]) for sign in (1, -1))
            numeric[k] = np.nansum(weights * (ahead - behind)) / (2 * STEP)
        np.testing.assert_allclose(leaf.grad, numeric, rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize("expression", CASES)
def test_second_order_and_both_modes(expression: str) -> None:
    f, at = function_of(expression)
    weights = direction(1, f(*at))
    u, v = ([direction(seed + i, x) for i, x in enumerate(at)] for seed in (10, 20))

    def bent(*xs: Any) -> Any:  # so that linear functions have a second derivative to get right
        return np.sin(np.nan_to_num(f(*xs)) + 0.3)

    def gradient(*xs: Any) -> Any:
        return vjp(bent, *xs)[1](weights)

    def dot(a: Any, b: Any) -> float:
        return float(sum(np.sum(p * q) for p, q in zip(a, b)))

    # ⟨weights, J v⟩ = ⟨Jᵀ weights, v⟩.
    pushed = jvp(bent, at, v)[1]
    assert np.shape(pushed) == weights.shape
    assert np.sum(weights * pushed) == pytest.approx(dot(gradient(*at), v), rel=1e-9, abs=1e-10)
    # The second derivative is symmetric, and the same by reverse over reverse, forward over reverse, and differences.
    along_u = vjp(gradient, *at)[1](tuple(u))
    along_v = jvp(gradient, at, v)[1]
    numeric = slope(lambda *xs: dot(gradient(*xs), u), at, v)
    size = 1.0 + sum(float(np.sum(np.abs(part))) for part in (*along_v, *along_u))
    assert dot(along_v, u) == pytest.approx(dot(along_u, v), rel=1e-9, abs=1e-10 * size)
    assert dot(along_v, u) == pytest.approx(numeric, rel=1e-5, abs=1e-7 * size)
