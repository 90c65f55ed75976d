"""One recording of a program of Values serves all data points."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import autograd
from autograd import RULES, Value, jit, nn
from tests.autograd.test_random_programs import Program, programs

NAMES = {
    "add", "sub", "mul", "div", "tanh", "relu", "exp", "sin", "maximum", "minimum", "square", "sigmoid", "softplus",
    "sum", "dot", "abs", "sqrt", "log", "power",
}  # fmt: skip
RNG = np.random.default_rng(0)


def by_points(f: Any, parameters: Any, *columns: Any) -> Any:
    """Results and gradients of the mean, one point after the other."""
    for p in parameters:
        p.grad = None
    results = [f(*(x.tolist() for x in row)) for row in zip(*columns)]
    (autograd.sum(results) / len(results)).backward()
    return [y.data for y in results], [p.grad or 0.0 for p in parameters]


def all_at_once(compiled: Any, parameters: Any, *columns: Any) -> Any:
    for p in parameters:
        p.grad = None
    results = compiled.batch(*columns)
    results.mean().backward()
    return results.data, [p.grad or 0.0 for p in parameters]


def check(f: Any, parameters: Any, *columns: Any, times: int = 3) -> Any:
    compiled = jit(f)
    for _ in range(times):
        expected, found = by_points(f, parameters, *columns), all_at_once(compiled, parameters, *columns)
        np.testing.assert_allclose(found[0], expected[0], rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(found[1], expected[1], rtol=1e-9, atol=1e-12)
        for p in parameters:
            p.data = p.data * 0.9 + 0.01
    return compiled


def test_a_network() -> None:
    model = nn.MLP(2, [8, 8, 1], activation="tanh", rng=0)
    x, y = RNG.normal(size=(50, 2)), RNG.choice([-1.0, 1.0], 50)
    compiled = check(lambda row, label: (1 - label * model(row)).relu(), model.parameters(), x, y)
    assert not compiled.reasons


def test_what_decides_by_numbers_goes_point_by_point() -> None:
    w = Value(0.5)
    columns = (RNG.normal(size=20),)
    compiled = check(lambda x: w * x if Value(1.0) * x > 0 else w * w * x, [w], *columns)
    assert "point by point" in compiled.reasons[0]
    compiled = check(lambda x: autograd.softmax([w * x, x])[0], [w], *columns)
    assert compiled.reasons
    v = w * w
    compiled = jit(lambda x: v * x)
    np.testing.assert_allclose(compiled.batch([1.0, 2.0]).data, [v.data, 2 * v.data])
    assert "before the call" in compiled.reasons[0]


def test_columns_are_checked() -> None:
    compiled = jit(lambda x, y: x * y)
    with pytest.raises(ValueError, match="one length"):
        compiled.batch([1.0, 2.0], [1.0])
    with pytest.raises(ValueError, match="one length"):
        compiled.batch(1.0, 2.0)
    with pytest.raises(TypeError, match="one Value"):
        jit(lambda x: [x]).batch([1.0])


def test_calls_between_forward_and_backward() -> None:
    w = Value(2.0)
    compiled = jit(lambda x: (w * x).tanh())
    first, second = compiled.batch([1.0, 2.0]), compiled.batch([3.0, 4.0])
    for results, x in ((first, [1.0, 2.0]), (second, [3.0, 4.0]), (first, [1.0, 2.0])):
        w.grad = None
        results.sum().backward()
        assert w.grad == pytest.approx(sum(v / np.cosh(2 * v) ** 2 for v in x))
    w.data = 3.0
    with pytest.raises(autograd.ChangedDataError):
        first.sum().backward()
    slope = autograd.grad(lambda u: (w * 1.0).data * u)  # a transform beside it is not disturbed
    assert slope(1.0) == 3.0


@settings(max_examples=60, deadline=None)
@given(programs(sorted(set(RULES) & NAMES)), st.integers(0, 99))
def test_random_programs(program: Program, seed: int) -> None:
    points = np.random.default_rng(seed).normal(size=(5, len(program.inputs))) * 0.01 + np.array(program.inputs)
    parameter = Value(1.0)

    def f(row: Any) -> Any:
        return program.recorded(*[x * parameter for x in row]) * 1.0

    try:
        expected = by_points(f, [parameter], points)
    except (TypeError, AttributeError):
        assume(False)
    compiled = jit(f)
    for _ in range(2):
        found = all_at_once(compiled, [parameter], points)
        np.testing.assert_allclose(found[0], expected[0], rtol=1e-8, atol=1e-10)
        np.testing.assert_allclose(found[1], expected[1], rtol=1e-7, atol=1e-9)
