"""The ways from NumPy and from operators to the rules, and the nodes that they leave behind."""

from __future__ import annotations

import weakref
from typing import Any, Callable

import numpy as np
import pytest

from autograd import AnomalyError, InPlaceError, NoRuleError, Tensor, Value, detect_anomaly, no_grad, register
from autograd.node import FIELDS as OF_EVERY_NODE
from autograd.rules.elementwise import sigmoid, tanh
from autograd.rules.rule import RULES, Elementwise
from autograd.tensor.dispatch import FAST

X = np.array([0.3, -0.6, 0.2])
FIELDS = ({*OF_EVERY_NODE} - {"__weakref__"}) | {"_static", "_constants", "_view"}

WAYS: dict[str, Callable[[Any], Any]] = {
    "ufunc": np.tanh,
    "method": lambda t: t.tanh(),
    "rule": tanh,
    "operator": lambda t: t * 2.0,
    "reflected": lambda t: 2.0 - t,
    "two tensors": lambda t: t + t,
    "array": lambda t: X * t,
    "large array": lambda t: np.ones((10_000, 3)) * t,
    "matmul": lambda t: np.eye(3) @ t,
    "function": np.sum,
    "index": lambda t: t[1:],
    "copy": np.copy,
    "lifted": lambda t: t * Value(2.0),
}


@pytest.mark.parametrize("way", WAYS)
def test_every_way_lays_out_the_same_node(way: str) -> None:
    t = Tensor(X)
    y = WAYS[way](t)
    assert type(y) is Tensor and y.grad is None and y.label == "" and y._view is None
    assert any(x is t for x in y.inputs) and y._time > t._time
    assert all(hasattr(y, name) for name in FIELDS) and weakref.ref(y)() is y
    if way not in ("function", "index"):
        assert y.static == {}


@pytest.mark.parametrize("way", WAYS)
def test_every_way_heeds_the_modes(way: str) -> None:
    with no_grad():
        assert WAYS[way](Tensor(X)).rule is None
    with np.errstate(all="ignore"), detect_anomaly(), pytest.raises(AnomalyError):
        WAYS[way](Tensor([np.nan, np.nan, np.nan]))


def test_a_rule_of_one_s_own_gets_a_fast_way_too() -> None:
    shifted: Any = np.frompyfunc(lambda x: x + 1.0, 1, 1)
    with pytest.raises(NoRuleError):
        shifted(Tensor(X))
    rule = Elementwise("shifted_by_one", lambda x: x + 1.0, shifted, lambda y, x: 1)
    register(rule)
    try:
        assert shifted not in FAST
        y = shifted(Tensor(X))
        assert shifted in FAST and y.rule is rule
    finally:
        FAST.pop(shifted, None)
        del RULES[rule.name]


def test_a_function_without_fast_way_is_found_each_time() -> None:
    for _ in range(2):
        assert np.abs(Tensor(X)).rule is RULES["abs"]
    assert np.abs not in FAST


def test_out_and_where_are_refused() -> None:
    t = Tensor(X)
    with pytest.raises(InPlaceError, match="cannot write into out="):
        np.tanh(t, out=np.empty(3))
    with pytest.raises(TypeError, match=r"does not take where=; use np\.where"):
        np.tanh(t, where=X > 0)
    with pytest.raises(NoRuleError, match=r"np\.add\.at"):
        np.add.at(t, 0, 1.0)


def test_an_outer_product_of_any_ufunc() -> None:
    t = Tensor(X)
    y = np.maximum.outer(t, X)
    np.testing.assert_array_equal(y.data, np.maximum.outer(X, X))
    assert sigmoid(t).rule is sigmoid


@pytest.mark.parametrize("shape", [(2,), (200, 100)])
def test_a_choice_by_numbers_and_of_numbers(shape: tuple[int, ...]) -> None:
    a, b = Tensor(np.full(shape, 3.0)), Tensor(np.full(shape, 4.0))
    assert np.all(RULES["where"](1, a, b).data == 3) and np.all(RULES["where"](0, a, b).data == 4)
    chosen = RULES["where"](a, 1.0, 2.0)
    assert chosen.dtype == np.float64 and np.all(chosen.data == 1)
