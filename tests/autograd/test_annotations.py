"""What is kept beside the nodes: scopes, places of parameters, derivatives."""

from __future__ import annotations

import gc
import threading

import numpy as np
import pytest

import autograd
from autograd import Tensor, Value, annotations, nn


def path(node: Value) -> list[str]:
    found = annotations.scopes_of([node]).get(node)
    return [scope.name for scope in found.path] if found else []


def test_scopes_nest_and_end() -> None:
    x = Value(1.0)
    with autograd.scope("outer"):
        first = x.tanh()
        with autograd.scope("inner"):
            second = first.tanh()
            inside = path(second)
        third = second.tanh()
    after = third.tanh()
    assert [path(v) for v in (x, first, second, third, after)] == [[], ["outer"], ["outer", "inner"], ["outer"], []]
    assert inside == ["outer", "inner"], "a scope is known while it is open"


def test_a_scope_ends_where_an_exception_leaves_it() -> None:
    with pytest.raises(KeyError), autograd.scope("failing"):
        raise KeyError
    assert path(Value(1.0).tanh()) == []


def test_a_scope_has_a_name() -> None:
    with pytest.raises(TypeError, match="a scope's name is a string, not int"), autograd.scope(3):
        pass


def test_scopes_of_two_threads_at_once_are_nobody_s() -> None:
    entered, leave = threading.Event(), threading.Event()

    def other() -> None:
        with autograd.scope("theirs"):
            entered.set()
            leave.wait(10)

    thread = threading.Thread(target=other)
    with autograd.scope("ours"):
        before = Value(1.0).tanh()
        thread.start()
        entered.wait(10)
        during = Value(1.0).tanh()
        leave.set()
        thread.join()
    assert path(before) == ["ours"] and path(during) == []


def test_modules_of_tensors_are_scopes() -> None:
    model = nn.Sequential(nn.Linear(2, 3), nn.Tanh())
    assert path(model(np.ones((1, 2)))) == ["Sequential", "Tanh"]


def test_networks_say_where_their_parameters_stand() -> None:
    model = nn.MLP(2, [2, 1], rng=0)
    place = annotations.place_of(model.layers[0].neurons[1].w[0])
    assert place is not None
    assert ([scope.name for scope in place.scope.path], place.name) == (["layer 1", "neuron 2"], "w₁")
    assert annotations.place_of(Value(1.0)) is None


def test_a_recorded_backward_pass_says_what_it_gave() -> None:
    x = Value(0.5)
    y = x.tanh()
    y.backward(create_graph=True)
    slope = x.grad
    x.zero_grad()
    slope.backward(create_graph=True)
    first, second = annotations.derivative_of(slope), annotations.derivative_of(x.grad)
    assert first is not None and second is not None
    assert first.of() is y and [ref() for ref in first.by] == [x]
    assert second.of() is y and [ref() for ref in second.by] == [x, x]
    t = Tensor([1.0, 2.0])
    np.sum(t * t).backward(create_graph=True)
    assert annotations.derivative_of(t.grad) is not None


def test_what_nobody_holds_is_forgotten() -> None:
    gc.collect()
    before = len(annotations._derivatives), len(annotations._places)
    x = Value(0.5)
    x.tanh().backward(create_graph=True)
    model = nn.Neuron(3, rng=0)
    assert (len(annotations._derivatives), len(annotations._places)) == (before[0] + 1, before[1] + 4)
    x.zero_grad()
    del model
    gc.collect()
    assert (len(annotations._derivatives), len(annotations._places)) == before
