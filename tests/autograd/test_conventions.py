"""The conventions that both layers keep, for Values: one test or more for each."""

from __future__ import annotations

import math
import threading
from typing import Any

import numpy as np
import pytest

import autograd
from autograd import AnomalyError, ChangedDataError, NoRuleError, Value, detect_anomaly, no_grad

# --- the graph ---------------------------------------------------------------------------------------------


def test_inputs_are_an_ordered_tuple_with_repeats_and_numbers() -> None:
    x, y = Value(3.0), Value(2.0)
    assert (x * x).inputs == (x, x)
    assert (2 * x).inputs == (2.0, x)
    assert (x - y).inputs == (x, y) and (y - x).inputs == (y, x)
    square = x * x
    square.backward()
    assert x.grad == 6.0


# --- backward ----------------------------------------------------------------------------------------------


def test_leaves_add_and_inner_nodes_get_the_gradient_of_this_call() -> None:
    a, b = Value(3.0), Value(2.0)
    u = a * b
    y = u * u
    y.backward()
    assert (a.grad, b.grad, u.grad, y.grad) == (24.0, 36.0, 12.0, 1.0)
    y.backward()
    assert (a.grad, b.grad, u.grad, y.grad) == (48.0, 72.0, 12.0, 1.0)
    y.backward(gradient=2.0)
    assert (a.grad, b.grad, u.grad, y.grad) == (96.0, 144.0, 24.0, 2.0)


def test_two_outputs_add_in_shared_leaves() -> None:
    x = Value(2.0)
    u = x * 3
    (u * u).backward()
    (u + 1).backward()
    assert x.grad == 36.0 + 3.0 and u.grad == 1.0


def test_gradient_is_none_until_the_first_backward() -> None:
    x, unused = Value(1.0), Value(1.0)
    y = x * 2
    assert x.grad is None and y.grad is None
    y.backward()
    assert unused.grad is None
    x.zero_grad()
    assert x.grad is None


def test_backward_of_a_leaf() -> None:
    x = Value(1.0)
    x.backward()
    x.backward()
    assert x.grad == 2.0


def test_gradient_of_zero_is_not_none() -> None:
    x = Value(-1.0)
    x.relu().backward()
    assert x.grad == 0.0


def test_micrograd_style_zero_is_added_to() -> None:
    x = Value(2.0)
    x.grad = 0
    (x * x).backward()
    assert x.grad == 4.0


@pytest.mark.parametrize("seed", ["1", 1j, Value(1.0), [1.0]])
def test_a_seed_must_be_a_number(seed: Any) -> None:
    with pytest.raises(TypeError):
        Value(1.0).backward(gradient=seed)


def test_second_order_does_not_disturb_the_first() -> None:
    x = Value(0.5)
    y = x.sin() * x
    y.backward(create_graph=True)
    first = x.grad
    x.zero_grad()
    first.backward()
    assert x.grad == pytest.approx(2 * math.cos(0.5) - 0.5 * math.sin(0.5))
    x.zero_grad()
    y.backward()
    assert x.grad == pytest.approx(first.data) and type(x.grad) is float


def test_recorded_gradients_are_values_at_leaves_and_numbers_at_inner_nodes() -> None:
    x = Value(3.0)
    u = x * x
    (u * 2).backward(create_graph=True)
    assert isinstance(x.grad, Value) and x.grad.data == 12.0
    assert u.grad == 2.0 and isinstance(u.grad, float)


def test_a_failed_backward_leaves_gradients_as_they_were() -> None:
    x = Value(2.0)
    (x * 3).backward()
    bad = Value(5.0, (x,), "magic") * 2
    with pytest.raises(NoRuleError):
        bad.backward()
    assert x.grad == 3.0 and bad.grad is None
    (x * 1).backward()
    assert x.grad == 4.0


# --- kinks -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "at", "slopes"),
    [
        ("relu", (0.0,), (0.0,)),
        ("relu", (-0.0,), (0.0,)),
        ("abs", (0.0,), (0.0,)),
        ("step", (0.0,), (0.0,)),
        ("sign", (0.0,), (0.0,)),
        ("leaky_relu", (0.0, 0.1), (0.1, 0.0)),
        ("elu", (0.0, 1.0), (1.0, 0.0)),
        ("maximum", (2.0, 2.0), (0.5, 0.5)),
        ("minimum", (2.0, 2.0), (0.5, 0.5)),
        ("maximum", (2.0, 3.0), (0.0, 1.0)),
        ("minimum", (2.0, 3.0), (1.0, 0.0)),
        ("hypot", (0.0, 0.0), (0.0, 0.0)),
        ("atan2", (0.0, 0.0), (0.0, 0.0)),
        ("softsign", (0.0,), (1.0,)),
        ("power", (0.0, 0.0), (0.0, 0.0)),
        ("power", (0.0, 2.0), (0.0, 0.0)),
        ("power", (0.0, 1.0), (1.0, 0.0)),
        ("sqrt", (0.0,), (math.inf,)),
        ("cbrt", (0.0,), (math.inf,)),
    ],
)
def test_derivatives_at_kinks(name: str, at: tuple[float, ...], slopes: tuple[float, ...]) -> None:
    for settings in ({}, {"gradient": 1.0}, {"create_graph": True}):
        xs = [Value(x) for x in at]
        autograd.RULES[name](*xs).backward(**settings)
        assert [float(x.grad) for x in xs] == list(slopes)


def test_a_tie_with_a_constant_passes_half() -> None:
    x = Value(2.0)
    x.maximum(2.0).backward()
    assert x.grad == 0.5
    x.zero_grad()
    x.maximum(x).backward()
    assert x.grad == 1.0


# --- numbers follow IEEE, and a watch can be set -----------------------------------------------------------


def test_arithmetic_follows_ieee() -> None:
    zero, big = Value(0.0), Value(1000.0)
    assert (1 / zero).data == math.inf and (-1 / zero).data == -math.inf and math.isnan((zero / zero).data)
    assert zero.log().data == -math.inf and math.isnan(Value(-1.0).log().data)
    assert big.exp().data == math.inf and (big**1000).data == math.inf
    assert math.isnan(Value(-8.0).sqrt().data) and math.isnan((Value(-8.0) ** 0.5).data)
    assert math.isnan((Value(math.inf) - Value(math.inf)).data)
    assert math.isnan(Value(math.nan).relu().data) and math.isnan(Value(math.nan).maximum(1.0).data)
    assert zero.reciprocal().data == math.inf and Value(1e200).square().data == math.inf
    assert Value(math.inf).sin().data != Value(math.inf).sin().data


def test_gradients_follow_ieee() -> None:
    x = Value(0.0)
    x.log().backward()
    assert x.grad == math.inf
    x = Value(0.0)
    (1 / x).backward()
    assert x.grad == -math.inf
    x = Value(1000.0)
    x.exp().backward()
    assert x.grad == math.inf


def test_detect_anomaly_names_operation_inputs_and_line() -> None:
    x = Value(0.0)
    with detect_anomaly():
        (x + 1).log()
        with pytest.raises(AnomalyError, match=r"log\(0\) gave -inf at .*test_conventions.py:\d+"):
            x.log()
    assert x.log().data == -math.inf  # the watch ends with its block


def test_detect_anomaly_watches_the_backward_pass() -> None:
    x = Value(0.0)
    with detect_anomaly():
        y = x.sqrt()
        with pytest.raises(AnomalyError, match=r"backward pass of √\(0\) made inf out of 1"):
            y.backward()


def test_detect_anomaly_sees_a_dot() -> None:
    with detect_anomaly(), pytest.raises(AnomalyError, match="inf"):
        autograd.dot([Value(1e300)], [Value(1e300)])


# --- only what is asked ------------------------------------------------------------------------------------


def test_no_partial_with_respect_to_a_constant() -> None:
    """The table's formula for a constant's slot is printed, but never evaluated: here it would raise."""

    def refuse(y: Any, a: Any, b: Any) -> Any:
        if isinstance(y, autograd.Symbol):
            return a
        raise AssertionError("asked for the derivative with respect to a constant")

    rule = autograd.Elementwise("half_lazy", lambda a, b: a * b, lambda a, b: a * b, lambda y, a, b: b, refuse)
    for settings in ({}, {"gradient": 1.0}, {"create_graph": True}):
        x = Value(-3.0)
        rule(x, 2.0).backward(**settings)
        assert float(x.grad) == 2.0


# --- leaving the graph -------------------------------------------------------------------------------------


def test_no_grad_records_nothing() -> None:
    x = Value(3.0)
    with no_grad():
        y, z = x * x, autograd.dot([x], [x])
        with no_grad():
            pass
        w = x.exp()
    assert y.inputs == z.inputs == w.inputs == () and y.data == z.data == 9.0
    assert (x * x).inputs == (x, x)


def test_no_grad_ends_with_an_exception() -> None:
    with pytest.raises(KeyError), no_grad():
        raise KeyError
    assert (Value(1.0) + 1).inputs


def test_modes_belong_to_one_thread() -> None:
    x, seen = Value(3.0), []
    with no_grad():
        thread = threading.Thread(target=lambda: seen.append((x * x).inputs))
        thread.start()
        thread.join()
    assert seen == [(x, x)]


# --- in place ----------------------------------------------------------------------------------------------


def test_augmented_assignment_makes_a_new_node() -> None:
    a = first = Value(1.0)
    a += 2
    a *= 3
    assert a is not first and first.data == 1.0 and a.data == 9.0
    a.backward()
    assert first.grad == 3.0


def test_changed_data_of_a_leaf_is_noticed() -> None:
    w, x = Value(2.0, label="w"), Value(3.0)
    y = w * x
    w.data = 5.0
    with pytest.raises(ChangedDataError, match="data of w was changed after mul had used it"):
        y.backward()
    with pytest.raises(ChangedDataError):
        y.backward(create_graph=True)
    with pytest.raises(ChangedDataError):
        y.backward(gradient=1.0)
    assert w.grad is None and x.grad is None
    (w * x).backward()
    assert w.grad == 3.0 and x.grad == 5.0


def test_changed_data_by_a_step_of_training() -> None:
    w = Value(2.0)
    loss = w * w
    loss.backward()
    w.data += -0.1 * w.grad
    with pytest.raises(ChangedDataError):
        loss.backward()


def test_changed_data_of_an_inner_node_is_noticed() -> None:
    x = Value(2.0)
    u = x * 3
    y = u * u
    u.data = 1.0
    with pytest.raises(ChangedDataError):
        y.backward()
    with pytest.raises(ChangedDataError):  # also from u itself: 1.0 is not x * 3
        u.backward()


def test_changing_unrelated_data_does_no_harm() -> None:
    x, other = Value(2.0), Value(1.0)
    y = x * x
    other.data = 7.0
    y.backward()
    assert x.grad == 4.0


# --- stability ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "at", "value", "slope"),
    [
        ("sigmoid", 1000.0, 1.0, 0.0),
        ("sigmoid", -1000.0, 0.0, 0.0),
        ("sigmoid", -700.0, 9.85967654375977e-305, 9.85967654375977e-305),
        ("tanh", 1000.0, 1.0, 0.0),
        ("tanh", -1000.0, -1.0, 0.0),
        ("softplus", 1000.0, 1000.0, 1.0),
        ("softplus", -1000.0, 0.0, 0.0),
        ("softplus", -700.0, 9.85967654375977e-305, 9.85967654375977e-305),
        ("silu", 1000.0, 1000.0, 1.0),
        ("silu", -1000.0, 0.0, 0.0),
        ("gelu", 1000.0, 1000.0, 1.0),
        ("gelu", -1000.0, 0.0, 0.0),
        ("elu", -1000.0, -1.0, 0.0),
        ("selu", -1000.0, -1.7580993408473768599, 0.0),
        ("erf", 1000.0, 1.0, 0.0),
        ("softsign", 1e300, 1.0, 0.0),
        ("atan", 1e300, math.pi / 2, 0.0),
        ("asinh", 1e300, 691.4686750787736, 1e-300),
        ("log", 1e-300, -690.7755278982137, 1e300),
        ("log1p", 1e-300, 1e-300, 1.0),
        ("expm1", 1e-300, 1e-300, 1.0),
        ("sqrt", 1e-300, 1e-150, 5e149),
        ("cbrt", 1e-300, 1e-100, 1e200 / 3),
        ("relu", 1e-300, 1e-300, 1.0),
        ("tanh", 1e-300, 1e-300, 1.0),
        ("sinh", 1e-300, 1e-300, 1.0),
        ("sin", 1e-300, 1e-300, 1.0),
        ("abs", -1e-300, 1e-300, -1.0),
        ("square", 1e-300, 0.0, 2e-300),
        ("reciprocal", 1e-300, 1e300, -math.inf),
    ],
)
def test_extremes(name: str, at: float, value: float, slope: float) -> None:
    for settings in ({}, {"gradient": 1.0}, {"create_graph": True}):
        x = Value(at)
        y = getattr(x, name)()
        y.backward(**settings)
        assert y.data == pytest.approx(value, rel=1e-12, abs=0)
        assert float(x.grad) == pytest.approx(slope, rel=1e-12, abs=1e-308)


def test_extremes_of_two_and_many() -> None:
    a, b = Value(1e200), Value(1e200)
    autograd.hypot(a, b).backward()
    assert a.grad == pytest.approx(math.sqrt(0.5))
    a, b = Value(1e-200), Value(1e-200)
    autograd.atan2(a, b).backward()
    assert a.grad == pytest.approx(5e199) and b.grad == pytest.approx(-5e199)
    a, b = Value(1000.0), Value(-1000.0)
    autograd.logaddexp(a, b).backward()
    assert (a.grad, b.grad) == (1.0, 0.0)
    xs = [Value(1000.0), Value(1000.0), Value(-1000.0)]
    y = autograd.logsumexp(xs)
    y.backward()
    assert y.data == 1000 + math.log(2) and [x.grad for x in xs] == pytest.approx([0.5, 0.5, 0.0])
    assert autograd.logsumexp([Value(-math.inf), Value(-math.inf)]).data == -math.inf
    assert [p.data for p in autograd.softmax([Value(1000.0), Value(-1000.0)])] == [1.0, 0.0]


def test_cross_entropy_at_extremes() -> None:
    """−log softmax, and its derivative p − y, where the probabilities underflow."""
    logits = [Value(1000.0), Value(-1000.0)]
    loss = autograd.logsumexp(logits) - logits[1]
    loss.backward()
    assert loss.data == 2000.0 and [z.grad for z in logits] == [1.0, -1.0]


# --- threads -----------------------------------------------------------------------------------------------


def test_threads_that_share_leaves_lose_nothing() -> None:
    w = Value(1.0)
    rounds, workers = 200, 4

    def work() -> None:
        for _ in range(rounds):
            (w * 2 + w.tanh() * 0).backward()

    threads = [threading.Thread(target=work) for _ in range(workers)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert w.grad == 2.0 * rounds * workers


# --- equality: nodes by identity, numbers by data ----------------------------------------------------------


@pytest.mark.parametrize("kind", [Value, autograd.Tensor])
def test_a_number_compares_with_the_data_and_nodes_by_identity(kind: Any) -> None:
    x, y = kind(2.0), kind(2.0)
    assert x == 2.0 and 2 == x and x != 3 and not x == 3 and np.float64(2.0) == x and kind(0.0) == 0
    assert x == x and not x == y and x != y and hash(x) == object.__hash__(x)
    assert {x: 1, y: 2}[x] == 1 and len({x, y}) == 2
    if kind is Value:
        assert x != "2.0" and x != None and not x == 2j  # noqa: E711
