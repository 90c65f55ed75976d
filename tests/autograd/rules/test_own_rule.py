"""An operation of one's own is one table entry: it computes, prints, and differentiates to any order."""

from __future__ import annotations

import copy
import math
import pickle
from typing import Any, Iterator

import numpy as np
import pytest

import autograd
from autograd import (
    RULES,
    Elementwise,
    NoRuleError,
    Notation,
    Symbol,
    Tensor,
    Value,
    absolute,
    exp,
    jvp,
    register,
    square,
    where,
)


@pytest.fixture(autouse=True)
def the_table_as_it_was() -> Iterator[None]:
    before = dict(RULES)
    yield
    for name in set(RULES) - set(before):
        del RULES[name]


def make_cube(**settings: Any) -> Elementwise:
    return Elementwise("my_cube", lambda x: x**3, lambda x: x**3, lambda y, x: 3 * square(x), doc="x³.", **settings)


def test_computes_and_differentiates_to_any_order() -> None:
    cube = make_cube()
    x = Value(2.0)
    y = cube(x * 1.0)
    assert y.data == 8.0 and cube(2.0) == 8.0
    y.backward()
    assert x.grad == 12.0
    for expected in (12.0, 12.0, 6.0):
        x.zero_grad()
        y.backward(create_graph=True)
        y = x.grad
        assert y.data == expected
    assert cube(np.array([1.0, 2.0])).tolist() == [1.0, 8.0]


def test_prints() -> None:
    cube = make_cube(notation=Notation("cube {0}", r"\operatorname{{cube}} {0}"))
    a, y = Symbol("a"), Symbol("y")
    assert cube(a).text() == "cube a" and cube(a).latex() == r"\operatorname{cube} a"
    assert cube.partials[0](y, a).text() == "3·a²"
    assert cube.sign == "my_cube"


def test_default_notation_is_a_function_call() -> None:
    assert make_cube()(Symbol("a") + 1).text() == "my_cube(a + 1)"


def test_a_registered_rule_is_a_function_and_a_method() -> None:
    cube = make_cube()
    register(cube)
    assert RULES["my_cube"] is cube and autograd.my_cube is cube
    assert Value(2.0).my_cube().data == 8.0 and autograd.Tensor([2.0]).my_cube().tolist() == [8.0]
    assert pickle.loads(pickle.dumps(cube)) is cube


def test_only_built_in_names_are_taken() -> None:
    register(make_cube())
    register(again := make_cube())  # a notebook's cell that runs twice
    assert RULES["my_cube"] is again
    with pytest.raises(ValueError, match="'tanh' exists already"):
        register(Elementwise("tanh", math.tanh, np.tanh, lambda y, x: 1 - y * y))


def test_a_rule_that_is_not_registered_says_so_when_it_is_pickled() -> None:
    with pytest.raises(TypeError, match="autograd.register"):
        pickle.dumps(make_cube())
    assert copy.deepcopy(cube := make_cube()) is cube


def test_two_inputs_and_a_default() -> None:
    huber = Elementwise(
        "huber",
        lambda r, d: r * r / 2 if abs(r) <= d else d * (abs(r) - d / 2),
        lambda r, d: np.where(np.abs(r) <= d, r * r / 2, d * (np.abs(r) - d / 2)),
        lambda y, r, d: where(absolute(r) <= d, r, d * np.sign(r)),
        lambda y, r, d: where(absolute(r) <= d, 0, absolute(r) - d),
        defaults=(1.0,),
    )
    for at, slope in ((0.5, 0.5), (-0.5, -0.5), (3.0, 1.0), (-3.0, -1.0)):
        r = Value(at)
        huber(r).backward()
        assert r.grad == slope
    r, d = Value(3.0), Value(2.0)
    huber(r, d).backward(create_graph=True)
    assert r.grad.data == 2.0 and d.grad.data == 1.0
    assert huber(Symbol("r"), Symbol("d")).text() == "huber(r, d)"


def test_a_formula_that_branches_in_python_is_evaluated_on_numbers() -> None:
    ramp = Elementwise("ramp", lambda x: max(x, 0.0), lambda x: np.maximum(x, 0), lambda y, x: 1.0 if x > 0 else 0.0)
    for at, slope in ((2.0, 1.0), (-2.0, 0.0)):
        x = Value(at)
        ramp(x).backward()
        assert x.grad == slope


def test_a_formula_that_leaves_the_graph_has_no_second_derivative() -> None:
    """math.cos turns a Value into a float: the first derivative is right, a second would be silently 0."""
    wave = Elementwise("wave", math.sin, np.sin, lambda y, x: math.cos(x))
    x = Value(0.5)
    wave(x).backward()
    assert x.grad == math.cos(0.5)
    with pytest.raises(NoRuleError, match="wave.*written over autograd's functions"):
        wave(x).backward(create_graph=True)


def test_infinite_derivatives_follow_ieee() -> None:
    root = Elementwise("root", math.sqrt, np.sqrt, lambda y, x: 0.5 / y)
    for settings in ({}, {"gradient": 1.0}, {"create_graph": True}):
        x = Value(0.0)
        root(x).backward(**settings)
        assert float(x.grad) == math.inf


def test_uses_other_rules_at_extremes() -> None:
    bump = Elementwise(
        "bump", lambda x: math.exp(-x * x), lambda x: np.exp(-x * x), lambda y, x: -2 * x * exp(-square(x))
    )
    x = Value(1000.0)
    bump(x).backward()
    assert x.grad == 0.0


def test_truth_values_are_reckoned_with_as_numbers_in_every_way() -> None:
    """Python adds two true comparisons to 2, NumPy adds two arrays of them to True."""
    steps = Elementwise(
        "steps",
        lambda x: max(x, 0.0) + max(x + 1, 0.0),
        lambda x: np.maximum(x, 0) + np.maximum(x + 1, 0),
        lambda y, x: (x > 0) + (x > -1),
    )
    at, slopes = np.array([-2.0, -0.5, 0.5]), [0.0, 1.0, 2.0]
    for number, slope in zip(at, slopes):
        x = Value(number)
        steps(x).backward()
        assert x.grad == slope
    for create_graph in (False, True):
        t = Tensor(at)
        steps(t).backward(np.ones(3), create_graph=create_graph)
        assert t.grad is not None and list(t.grad) == slopes
    assert list(jvp(steps, (at,), (np.ones(3),))[1]) == slopes
    low = Tensor(at.astype(np.float32))
    steps(low).backward(np.ones(3, np.float32))
    assert low.grad is not None and low.grad.dtype == np.float32
    assert steps.partial(0, Symbol("y"), [Symbol("x")]).text() == "[x > 0] + [x > (−1)]"


@pytest.mark.parametrize("kind", [float, Value])
def test_an_error_within_rules_that_call_each_other_costs_a_look_at_each_level_not_twice_the_work(kind: Any) -> None:
    calls = []

    def refused(x: Any) -> Any:
        calls.append(x)
        raise ValueError("below every level")

    def above(inner: Elementwise) -> Elementwise:
        def value(x: Any) -> Any:
            return inner(x) + 1.0

        return Elementwise("above", value, np.frompyfunc(value, 1, 1), lambda y, x: 1.0)

    rule = Elementwise("refused", refused, refused, lambda y, x: 1.0)
    for _ in range(12):
        rule = above(rule)
    with pytest.raises(ValueError, match="below every level"):
        rule(kind(2.0))
    assert len(calls) < 40


def test_numbers_where_pythons_floats_raise_are_ieees_at_every_level() -> None:
    inverse = Elementwise("inverse", lambda x: 1 / x, lambda x: 1 / x, lambda y, x: -(y**2))
    of_one = np.frompyfunc(lambda x: 1 / np.float64(inverse(x)), 1, 1)
    twice = Elementwise("twice", lambda x: 1 / inverse(x), of_one, lambda y, x: 1.0)
    assert inverse(0.0) == np.inf and inverse(-0.0) == -np.inf
    assert twice(np.inf) == np.inf and twice(Value(np.inf)).data == np.inf
    assert twice(4.0) == 4.0  # and afterwards Python's floats are tried again
