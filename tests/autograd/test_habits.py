"""What PyTorch calls otherwise is named in the error, of Values and of functions of many."""

from __future__ import annotations

import copy
import inspect
import pickle
from unittest import mock

import pytest

import autograd
from autograd import Tensor, Value
from autograd.habits import Elsewhere, Habits

HINTS = {name: x.ours for name, x in vars(Habits).items() if isinstance(x, Elsewhere)}


@pytest.mark.parametrize("name", HINTS)
def test_a_value_names_what_there_is_instead(name: str) -> None:
    with pytest.raises(AttributeError) as caught:
        getattr(Value(1.0), name)
    assert str(caught.value) == f"a Value has no attribute {name!r}; what PyTorch calls so is here {HINTS[name]}"
    assert not hasattr(Value(1.0), name) and name not in dir(Value(1.0))


def test_an_attribute_that_is_set_is_missing_too() -> None:
    with pytest.raises(AttributeError, match="no attribute 'requires_grad'.*every Value is recorded"):
        Value(1.0).requires_grad = False


def test_what_the_hints_name_is_there() -> None:
    v = Value(2.0)
    assert autograd.stop_gradient(v) == 2.0 and v.data == 2.0 and v.rule is None
    v.zero_grad()
    assert sum(p.data for p in autograd.softmax([v, v])) == pytest.approx(1.0)


@pytest.mark.parametrize("node", [Value(1.0), Tensor([[1.0]])], ids=["Value", "Tensor"])
def test_whoever_lists_the_attributes_of_a_node_can_ask_for_each(node: object) -> None:
    assert dict(inspect.getmembers(node))["data"] == 1.0
    assert mock.Mock(spec=node).backward() is not None


def test_hints_hide_no_method() -> None:
    v = Value(0.5, label="v")
    assert {"tanh", "exp", "backward", "data", "item"} <= {*dir(v)}
    assert copy.copy(v).data == pickle.loads(pickle.dumps(v)).data == 0.5
    with pytest.raises(AttributeError, match="object has no attribute 'colour'"):
        _ = v.colour


@pytest.mark.parametrize("function", [autograd.sum, autograd.logsumexp, autograd.softmax])
@pytest.mark.parametrize("values", [[Value(1.0)], Tensor([[1.0, 2.0]])], ids=["Values", "Tensor"])
def test_axes_are_numpys(function: object, values: object) -> None:
    with pytest.raises(TypeError, match=r"^\w+\(\) has no dim=; as in NumPy it is axis=$"):
        function(values, dim=0)  # type: ignore[operator]
    with pytest.raises(TypeError, match=r"^\w+\(\) got an unexpected keyword argument 'colour'$"):
        function(values, colour=0)  # type: ignore[operator]
