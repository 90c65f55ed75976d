"""The two layers agree: a Tensor program, run again number by number on Values, gives the same."""

from __future__ import annotations

import functools
from typing import Any, Callable

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given
from hypothesis.extra.numpy import arrays

from autograd import NoRuleError, Tensor, Value, softmax
from autograd.nn import functional as F
from autograd.scalarize import as_values

STEPS = {
    "tanh": np.tanh,
    "sigmoid": lambda t: t.sigmoid(),
    "relu": lambda t: t.relu(),
    "square": np.square,
    "transpose": np.transpose,
    "reversed": lambda t: t[::-1],
    "row": lambda t: t + t[0],
    "scaled": lambda t: t * np.array([0.5]) - 1.0,
    "normalised": lambda t: t / (1.0 + np.sum(t * t, axis=-1, keepdims=True)),
    "product": lambda t: t @ np.transpose(t),
    "cumulative": lambda t: np.cumsum(t, axis=0),
    "joined": lambda t: np.concatenate([t, np.exp(-np.abs(t))], axis=0),
    "centred": lambda t: t - np.mean(t, axis=0),
    "largest": lambda t: t - np.max(t, axis=0),
    "padded": lambda t: np.pad(t, 1),
    "chosen": lambda t: np.where(t.data > 0, t, 0.1 * t),
    "sorted": lambda t: np.sort(t, axis=0),
}
COMPOSED = {
    "variance": lambda t: t * np.var(t, axis=0),
    "softmax": lambda t: softmax(t, axis=-1),
    "log_softmax": lambda t: F.log_softmax(t, 0),
    "logsumexp": lambda t: t - F.logsumexp(t, 0),
    "standardised": lambda t: F.layer_norm(t, t.shape[-1]),
    "smallest": lambda t: t - np.min(t),
    "clipped": lambda t: np.clip(t, -0.5, 1.5),
    "length": lambda t: t * np.linalg.norm(t, axis=0),
    "pooled": lambda t: F.max_pool1d(t[None], min(2, t.shape[1]), stride=1)[0],
    "products": lambda t: np.cumprod(t, axis=0),
    "classes": lambda t: t + F.cross_entropy(t, np.zeros(len(t), int)),
    "squashed": lambda t: np.clip(t, t[::-1], 0.5),
    "counted": lambda t: t * np.linalg.norm(t, 0, axis=0),
}
"""Operations with a vector-Jacobian product of their own, which say what they mean number by number."""
NUMBERS = st.floats(-2, 2, allow_subnormal=False).map(lambda x: round(x, 3))


@given(
    arrays(float, st.tuples(st.integers(1, 3), st.integers(1, 3)), elements=NUMBERS),
    st.lists(st.sampled_from(sorted(STEPS)), min_size=1, max_size=4),
)
def test_a_tensor_program_agrees_with_itself_on_values(data: Any, names: list[str]) -> None:
    assert_equal(data, lambda x: functools.reduce(lambda y, name: STEPS[name](y), names, x))


@pytest.mark.parametrize("name", COMPOSED)
@pytest.mark.parametrize("data", [
    [[0.3, -1.2, 0.8], [2.0, 0.1, -0.5]], [[0.0, 0.0, 1.0], [0.0, 2.0, 2.0]], [[1000.0, -1000.0, 0.5]] * 2,
])  # fmt: skip
def test_what_has_a_derivative_of_its_own_agrees_too(name: str, data: Any) -> None:
    assert_equal(np.array(data), COMPOSED[name])


def assert_equal(data: Any, program: Callable[[Any], Any]) -> None:
    x = Tensor(data, label="x")
    loss = np.sum(np.tanh(program(x)))
    output, leaves = as_values(loss)
    loss.backward()
    output.item().backward()
    np.testing.assert_allclose(output.item().data, loss.item(), rtol=1e-10, atol=1e-12)
    gradients = [v.grad or 0.0 for v in leaves[x].ravel()]
    np.testing.assert_allclose(gradients, x.grad.ravel(), rtol=1e-8, atol=1e-10)


def test_values_inside_a_tensor_program_are_run_again_too() -> None:
    w, x = Value(3.0, label="w"), Tensor([1.0, 2.0])
    output, leaves = as_values(np.sum(w * x))
    output.item().backward()
    assert leaves[w].item().grad == 3.0


def test_a_decomposition_is_refused_by_name() -> None:
    y = np.linalg.det(Tensor(np.eye(2)))
    with pytest.raises(NoRuleError, match="single numbers"):
        as_values(y * 2.0)
