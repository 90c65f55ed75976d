"""The short cut of the compiled core for Tensors of few numbers: what takes it, what does not, and that both agree."""

from __future__ import annotations

import gc
import inspect
import os
import subprocess
import sys
import weakref
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograd import Composite, Elementwise, Tensor, Value, core
from autograd.graph import ancestors
from autograd.rules import RULES
from autograd.tensor.dispatch import apply

pytestmark = pytest.mark.skipif(core.compiled is None, reason="of the compiled core")

ROOT = Path(__file__).parents[3]
X = np.array([[0.3, -0.6], [0.2, 2.0]])


def simply(name: str, *inputs: Any, **settings: Any) -> Any:
    return core.compiled.simply(RULES[name], inputs, settings)


@pytest.mark.parametrize("other", [2.0, 2, -2048, X, Tensor(X)])
def test_what_is_simple(other: Any) -> None:
    x = Tensor(X)
    for inputs in ((x, other), (other, x)):
        y = simply("mul", *inputs)
        assert y.rule is RULES["mul"] and any(one is x for one in y.inputs)
        np.testing.assert_array_equal(y.data, X * (other.data if isinstance(other, Tensor) else other))


@pytest.mark.parametrize(
    "other", [2049, True, 10**30, 1j, "2", None, Value(2.0), np.float64(2.0), X.astype("f"), np.ones((200, 100)), [1.0]]
)
def test_what_is_left_to_python(other: Any) -> None:
    counts = sys.getrefcount(other)
    for _ in range(100):
        assert simply("mul", Tensor(X), other) is None and simply("mul", other, Tensor(X)) is None
    if other is not None and other is not True:  # immortal ones are not counted exactly by the stable interface
        assert abs(sys.getrefcount(other) - counts) < 50


def test_settings_that_somebody_may_write_into_are_left_to_python() -> None:
    assert simply("np.sum", Tensor(X), axis=None, keepdims=True).shape == (1, 1)
    assert simply("np.sum", Tensor(X), axis=(0,), keepdims=False) is None
    assert simply("np.sum", Tensor(X)).rule is RULES["np.sum"]


def test_an_array_is_kept_as_it_was() -> None:
    constant, x = X.copy(), Tensor(X)
    y = simply("mul", x, constant)
    constant[:] = 0
    y.backward(np.ones_like(X))
    np.testing.assert_array_equal(x.grad, X)


def test_an_operation_that_raises_is_raised_by_python() -> None:
    with pytest.raises(ValueError, match="mismatch|aligned|broadcast") as caught:
        Tensor(X) @ Tensor(np.ones((3, 3)))
    assert "dispatch.py" in str(caught.traceback[-2].path) + str(caught.traceback[-1].path)


def test_interrupts_are_heard_within_the_walk() -> None:
    def interrupt(x: Any) -> Any:
        raise KeyboardInterrupt

    rule = Elementwise("interrupted", lambda x: x, lambda x: x * 1.0, lambda y, x: stop(x))
    stop = Elementwise("stop", lambda x: x, interrupt, lambda y, x: 0)
    x = Tensor(X)
    y = apply(rule, (x,))
    with pytest.raises(KeyboardInterrupt):
        y.backward(np.ones_like(X))
    assert x.grad is None


def test_data_that_is_replaced_in_the_middle_of_a_pull_is_kept_until_its_end() -> None:
    x = Tensor(np.arange(200.0))
    junk = []

    def replace(a: Any) -> Any:
        x.data = np.zeros(200)
        junk.extend(np.full(200, 7.0) for _ in range(50))  # in the memory that is free by then
        return a * 1.0

    replacing = Elementwise("replacing", lambda x: x, replace, lambda y, x: 0.0 * x)
    rule = Elementwise("rule", lambda x: x, lambda x: x * 1.0, lambda y, x: (replacing(x) + x) * x)
    apply(rule, (x,)).backward(np.ones(200))
    np.testing.assert_array_equal(x.grad, 2 * np.arange(200.0) ** 2)


def test_a_graph_is_freed_at_once_however_long() -> None:
    gc.disable()
    try:
        x = Tensor([1.0])
        y = x
        for _ in range(100_000):
            y = y + 1.0
        inner, leaves = ancestors(y)
        assert len(inner) == 100_000 and leaves == [x] and inner[0] is y
        gone = weakref.ref(inner[50_000])
        del inner, y
        assert gone() is None
    finally:
        gc.enable()


@pytest.mark.parametrize("attribute", ["label", "grad"])
def test_cycles_are_found(attribute: str) -> None:
    x = Tensor([1.0])
    y = x * 2.0
    setattr(x, attribute, [y])
    gone = weakref.ref(y)
    del x, y
    gc.collect()
    assert gone() is None


def test_the_graph_of_a_tensor_made_from_a_value() -> None:
    a = Value(2.0)
    x = Tensor(X)
    y = (x * a).sum()
    inner, leaves = ancestors(y)
    assert {*leaves} == {a, x} and inner[0] is y
    y.backward()
    assert a.grad == pytest.approx(X.sum())


def test_random_programs_give_what_python_alone_gives() -> None:
    """Numbers, gradients and errors, in two processes."""
    told = []
    for pure in "01":
        command = [sys.executable, "-m", "tests.autograd.core.tensor_programs", "0", "600"]
        environment = {**os.environ, "GRADGRAPH_PURE": pure, "PYTHONPATH": str(ROOT)}
        done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=environment)
        assert done.returncode == 0, done.stderr[-2000:]
        told.append(done.stdout.splitlines())
    assert told[0] == told[1] and len(told[0]) == 600


@pytest.mark.parametrize("dtype", ["f2", "f4", "f8"])
@pytest.mark.parametrize("number", [3.0, 0.7, -1.3, 0.0, 2])
@pytest.mark.parametrize("name", ["div", "power", "atan2", "hypot", "fmod", "logaddexp"])
def test_small_arrays_have_the_gradients_of_large_ones_beside_a_number(name: str, number: Any, dtype: str) -> None:
    rng = np.random.default_rng(0)
    x, g = rng.uniform(0.1, 0.9, 40_000).astype(dtype), rng.standard_normal(40_000).astype(dtype)

    def gradient(size: int) -> Any:
        small = Tensor(x[:size])
        with np.errstate(all="ignore"):
            apply(RULES[name], (small, number)).backward(g[:size])
        return small.grad[:100]

    np.testing.assert_array_equal(gradient(100), gradient(40_000))


@pytest.mark.parametrize("size", [3, 40_000])
def test_a_gradient_divided_by_zero_is_infinite(size: int) -> None:
    """As of numbers, so of arrays beside them, forward and backward."""
    inverted = Composite("inverted", lambda x, s: x * (1 / s))
    for f in (lambda x: x / 0.0, lambda x: inverted(x, 0.0)):
        x = Tensor(np.full(size, 2.0))
        with np.errstate(all="ignore"):
            y = f(x)
            y.backward(np.ones(size))
        assert np.all(y.data == np.inf) and np.all(x.grad == np.inf)


@pytest.mark.parametrize("dtype", ["f2", "f4", "f8"])
def test_a_node_of_another_dtype_is_pulled_by_the_same_formula(dtype: str) -> None:
    def gradient(size: int) -> Any:
        x = Tensor(np.random.default_rng(1).standard_normal(40_000)[:size].astype(dtype))
        (RULES["selu"](x) * np.linspace(-1, 1, 40_000)[:size]).sum().backward()
        return x.grad[:100]

    np.testing.assert_array_equal(gradient(100), gradient(40_000))


def test_ways_tell_what_they_are() -> None:
    assert Tensor.tanh.__name__ == "tanh" and Tensor.tanh.__doc__ == RULES["tanh"].doc
    assert list(inspect.signature(Tensor([1.0]).tanh).parameters) == []
    assert isinstance(Tensor.data.__doc__, str)


def test_shared_parts_of_a_derivative_are_computed_once() -> None:
    calls = []

    def counted(x: Any) -> Any:
        calls.append(x)
        return np.sin(x)

    part = Elementwise("part", np.sin, counted, lambda y, x: 0)
    rule = Elementwise("twice", lambda x: x, lambda x: x * 1.0, lambda y, x: (p := part(x)) * p + p)
    x = Tensor(X)
    apply(rule, (x,)).backward(np.ones_like(X))
    assert len(calls) == 1
    np.testing.assert_allclose(x.grad, np.sin(X) ** 2 + np.sin(X))
