"""Numbers that nobody needs are thrown away, and nobody can tell; with the switch off, all are kept."""

from __future__ import annotations

import os
import subprocess
import sys
import tracemalloc
from typing import Any, Iterator

import numpy as np
import pytest

import autograd.nn.functional as F
from autograd import AnomalyError, ChangedDataError, Tensor, detect_anomaly, no_grad
from autograd.errors import LeavesGraphError
from autograd.node import plain, stored
from autograd.tensor import memory
from autograd.tensor.memory import Released

RNG = np.random.default_rng(0)
SIDE = 200  # large enough for its data to be worth throwing away
X = RNG.normal(size=(SIDE, SIDE))


# Where an interpreter makes no difference between an operand in passing and one that is held, nothing is thrown away.
needs_counts = pytest.mark.skipif(
    not (memory.BY_OPERATOR and memory.BY_UFUNC and memory.BY_METHOD), reason="reference counts do not tell"
)


@pytest.fixture(autouse=True, params=[True, False], ids=["throwing away", "keeping all"])
def throw_away(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[bool]:
    monkeypatch.setattr(memory, "throw_away", request.param)
    yield request.param


def released(w: Any, b: Any) -> Any:
    """The sum inside tanh(X·w + b), whose numbers are gone."""
    z = np.tanh(X @ w + b).inputs[0]
    assert isinstance(z._data, Released)
    return z


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
        by_steps.held = product, z  # held on to: nothing is thrown away
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


def test_a_complex_number_does_not_fit_into_real_memory() -> None:
    w, _ = fresh()
    y = (X @ w) + 1j
    np.testing.assert_allclose(y.data, X @ w.data + 1j)
    np.sum(y.imag + y.real).backward()
    np.testing.assert_allclose(w.grad, np.repeat(X.sum(axis=0)[:, None], SIDE, axis=1))


def test_what_a_mode_says_of_numbers_that_are_gone() -> None:
    w, b = fresh()
    with np.errstate(all="ignore"), detect_anomaly():
        np.tanh(X @ w + b)
        with pytest.raises(AnomalyError, match="an array of shape"):
            np.log(-np.exp(X @ w + b))
    with no_grad():
        np.testing.assert_allclose(np.tanh(X @ w + b).data, np.tanh(X @ w.data + b.data))


def test_an_operation_that_fails_leaves_its_operand_right() -> None:
    w, _ = fresh()
    y = X @ w
    with pytest.raises(ValueError):
        y + Tensor(np.ones((SIDE, 3)))
    np.testing.assert_array_equal(y.data, X @ w.data)


@needs_counts
def test_the_switch(throw_away: bool) -> None:
    w, b = fresh()
    z = np.tanh(X @ w + b).inputs[0]
    assert isinstance(z._data, Released) is throw_away
    assert isinstance(z.inputs[0]._data, Released) is throw_away


@pytest.mark.parametrize("setting, kept", [("1", "True"), ("yes", "True"), ("0", "False"), ("", "False")])
def test_the_switch_in_the_environment(setting: str, kept: str) -> None:
    program = "from autograd.tensor import memory; print(not memory.throw_away)"
    environment = {**os.environ, "AUTOGRAD_KEEP_ALL": setting}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == kept


@needs_counts
@pytest.mark.parametrize("throw_away", [True], indirect=True)
class TestStandIn:
    """What stands in for numbers that were thrown away."""

    def test_knows_shape_and_dtype_alone(self) -> None:
        z = released(*fresh())
        assert (z.shape, z.ndim, z.size, z.dtype, z.itemsize) == (X.shape, 2, X.size, X.dtype, 8)
        assert z.nbytes == X.nbytes and len(z) == SIDE
        assert isinstance(z._data, Released)  # none of these questions has computed anything

    def test_is_no_array(self) -> None:
        stand_in = stored(released(*fresh()))
        for use in (np.asarray, np.tanh, lambda x: x + X, lambda x: X * x, lambda x: x[0], len, float, iter, np.sum):
            with pytest.raises((TypeError, LeavesGraphError)):
                use(stand_in)
        assert not hasattr(stand_in, "T") and not hasattr(stand_in, "__float__")

    @pytest.mark.parametrize(
        "ask",
        [
            lambda z: plain(z),
            lambda z: z.data,
            lambda z: np.array(z.tolist()),
            lambda z: z[:].data,
            lambda z: (z + 0.0).data,
            lambda z: (0.0 + z).data,
            lambda z: np.add(z, 0.0).data,
            lambda z: (Tensor(np.zeros(X.shape)) + z).data,
            lambda z: z.identity().data,
            lambda z: np.reshape(z, -1).data.reshape(X.shape),
            lambda z: np.where(z > 0, z, z).data,
            lambda z: z.astype(int) + (z.data - z.astype(int)),
        ],
    )
    def test_who_asks_for_the_numbers_gets_them(self, ask: Any) -> None:
        w, b = fresh()
        z = released(w, b)
        np.testing.assert_allclose(ask(z), X @ w.data + b.data)

    def test_an_operation_on_them_has_the_right_gradient(self) -> None:
        w, b = fresh()
        z = released(w, b)
        np.sum(z * z).backward()
        np.testing.assert_allclose(b.grad, 2 * np.sum(X @ w.data + b.data, axis=0))

    def test_the_backward_pass_does_without_them(self) -> None:
        w, b = fresh()
        y = np.tanh(X @ w + b)
        z = y.inputs[0]
        y.sum().backward()
        assert isinstance(z._data, Released) and isinstance(z.inputs[0]._data, Released)

    def test_numbers_of_changed_inputs_are_refused(self) -> None:
        w, b = fresh()
        z = released(w, b)
        b.data += 1.0
        with pytest.raises(ChangedDataError, match="not kept"):
            np.array(z.data)

    def test_numbers_of_a_changed_array_are_refused(self) -> None:
        x, (w, b) = X.copy(), fresh()
        z = np.tanh(x @ w + b).inputs[0]
        assert isinstance(z._data, Released)
        x[0, 0] += 1.0
        with pytest.raises(ChangedDataError, match="not kept"):
            plain(z)

    def test_a_sum_with_a_large_array_is_kept(self) -> None:
        x, w = X.copy(), Tensor(X)
        z = np.tanh(w + x).inputs[0]  # its numbers could not be had again if x changed
        x[...] = 0.0
        np.testing.assert_array_equal(z.data, w.data + X)


def test_second_order_goes_through_thrown_away_numbers() -> None:
    def slope(program: Any) -> Any:
        w, b = fresh()
        np.sum(program(w, b)).backward(create_graph=True)
        first, b.grad = b.grad, None
        np.sum(first * first).backward()
        return b.grad

    def held(w: Any, b: Any) -> Any:
        held.kept = X @ w
        held.sum = held.kept + b
        return np.tanh(held.sum)

    np.testing.assert_allclose(slope(lambda w, b: np.tanh(X @ w + b)), slope(held), rtol=1e-12)


@pytest.mark.parametrize("throw_away", [True], indirect=True)
def test_a_long_chain_is_computed_again_without_recursion() -> None:
    h = Tensor(np.zeros((100, 100)))
    for _ in range(1500):
        h = h + 1.0
    before = h.inputs[0].inputs[0]
    assert isinstance(before._data, Released)
    assert np.all(before == 1498.0) and not np.any(before != 1498.0)
    assert before.data[0, 0] == 1498.0


@needs_counts
@pytest.mark.parametrize("throw_away", [True], indirect=True)
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


@pytest.mark.parametrize("size", [4, 20000])
def test_a_wider_number_of_numpys_widens_a_large_passing_sum_too(size: int) -> None:
    t = Tensor(np.full(size, 0.1, np.float32))
    assert ((t + np.float32(1)) + np.float64(1e-9)).dtype == np.float64


def test_the_short_way_backward_is_taken_for_numbers_that_were_thrown_away(monkeypatch: pytest.MonkeyPatch) -> None:
    x, weight = np.ones((256, 64), np.float32), Tensor(np.ones((128, 64), np.float32))
    y = F.relu(F.linear(x, weight)).sum()
    sums: Any = y.inputs[0].inputs[0]
    assert type(sums._data) is Released or not memory.throw_away

    def long_way(*given: object) -> None:
        raise AssertionError("by the rule's formula, in twice as many calls")

    monkeypatch.setattr(sums.rule, "vjp", long_way)
    y.backward()
    assert np.all(weight.grad == 256)
