"""Numbers that nobody needs are thrown away, and nobody can tell."""

from __future__ import annotations

import tracemalloc
from typing import Any

import numpy as np
import pytest

from autograd import ChangedDataError, Tensor
from autograd.tensor.memory import Released

RNG = np.random.default_rng(0)
SIDE = 200  # large enough for its data to be worth throwing away
X = RNG.normal(size=(SIDE, SIDE))


def fresh() -> tuple[Any, Any]:
    return Tensor(X / 15, label="w"), Tensor(np.linspace(-1, 1, SIDE), label="b")


def gradients(program: Any) -> tuple[Any, Any, Any]:
    w, b = fresh()
    y = program(w, b)
    np.sum(y * y).backward()
    return np.array(y.data), w.grad, b.grad


@pytest.mark.parametrize("activation", [np.tanh, np.exp, np.negative, lambda z: z.sigmoid(), lambda z: z.relu()])
def test_one_expression_and_one_step_at_a_time_agree(activation: Any) -> None:
    def by_steps(w: Any, b: Any) -> Any:
        product = X @ w
        z = product + b
        by_steps.held = product, z  # type: ignore[attr-defined]  # held on to: nothing is thrown away
        return activation(z)

    expected, actual = gradients(by_steps), gradients(lambda w, b: activation(X @ w + b))
    for one, other in zip(expected, actual):
        np.testing.assert_array_equal(one, other)


def test_what_a_variable_holds_is_kept() -> None:
    w, b = fresh()
    product = X @ w
    before = np.array(product.data)
    np.tanh(product + b)
    assert isinstance(product._data, np.ndarray)
    np.testing.assert_array_equal(product.data, before)


def test_a_view_of_the_numbers_keeps_them() -> None:
    w, b = fresh()
    z = X @ w
    rows = np.reshape(z, (-1,))
    before = np.array(rows.data)
    z = z + b
    np.testing.assert_array_equal(rows.data, before)


def test_thrown_away_numbers_come_back_when_looked_at() -> None:
    w, b = fresh()
    y = np.tanh(X @ w + b)
    z = y.inputs[0]
    np.testing.assert_allclose(z.data, X @ w.data + b.data)
    np.testing.assert_allclose(z.inputs[0].data, X @ w.data)


def test_thrown_away_numbers_of_changed_inputs_are_refused() -> None:
    w, b = fresh()
    y = np.tanh(X @ w + b)
    z = y.inputs[0]
    if not isinstance(z._data, Released):
        return  # an interpreter that does not tell passing operands from held ones throws nothing away
    b.data += 1.0
    with pytest.raises(ChangedDataError, match="not kept"):
        np.array(z.data)


def test_second_order_goes_through_thrown_away_numbers() -> None:
    def slope(program: Any) -> Any:
        w, b = fresh()
        np.sum(program(w, b)).backward(create_graph=True)
        first, b.grad = b.grad, None
        np.sum(first * first).backward()
        return b.grad

    def held(w: Any, b: Any) -> Any:
        held.kept = X @ w  # type: ignore[attr-defined]
        held.sum = held.kept + b  # type: ignore[attr-defined]
        return np.tanh(held.sum)  # type: ignore[attr-defined]

    np.testing.assert_allclose(slope(lambda w, b: np.tanh(X @ w + b)), slope(held), rtol=1e-12)


def test_a_deep_network_keeps_one_array_per_layer() -> None:
    layers = [fresh() for _ in range(10)]

    def step() -> None:
        h: Any = X
        for w, b in layers:
            h = h @ w + b
            h = np.tanh(h)
        h.mean().backward()
        for w, b in layers:
            w.grad = b.grad = None

    step()
    tracemalloc.start()
    step()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    # One activation and one weight gradient per layer, and a few arrays in passing.
    assert peak < 1.2 * (2 * 10 + 3) * X.nbytes
