"""Derivatives of arrays: what they share is computed once."""

from __future__ import annotations

import inspect
import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd import Composite, Elementwise, Symbol, Tensor, exp, sin, square
from autograd.rules.code_of_arrays import unified
from autograd.rules.expressions import parts
from autograd.rules.of_arrays import power
from autograd.rules.table import BUILT_IN, RULES

EXTREMES = np.array([0.0, -0.0, 1.0, -1.0, 0.5, 2.0, 5e-324, 2.2e-313, 1e-300, -1e-300, 1e300, -1e300, np.inf, -np.inf])
ASKED = [
    RULES[name]
    for name in sorted(BUILT_IN)
    if isinstance(RULES[name], Elementwise) and not RULES[name].arrays_only and len(RULES[name].partials) > 1
    if name not in ("where", "guarded")
]


def gradients(rule: Any, xs: list[Any], seed: Any) -> list[Any]:
    tensors = [Tensor(x) for x in xs]
    rule(*tensors).backward(seed)
    return [t.grad for t in tensors]


@pytest.mark.parametrize("rule", ASKED, ids=lambda rule: rule.name)
def test_two_derivatives_together_are_those_of_each_alone(rule: Any) -> None:
    rng = np.random.default_rng(3)
    xs = [rng.uniform(-2, 2, (60, 300)) for _ in rule.partials]  # too large for the compiled core's tapes
    for k, x in enumerate(xs):
        x.reshape(-1)[:: 100 + k] = rng.choice(EXTREMES, len(x.reshape(-1)[:: 100 + k]))
    seed = rng.standard_normal(xs[0].shape)
    with np.errstate(all="ignore"):
        together = gradients(rule, xs, seed)
        for i in range(len(xs)):
            alone = Tensor(xs[i])
            rule(*xs[:i], alone, *xs[i + 1 :]).backward(seed)
            np.testing.assert_array_equal(alone.grad, together[i])


def test_what_two_derivatives_share_is_computed_once() -> None:
    rule = RULES["atan2"]
    source = inspect.getsource(inspect.unwrap(rule.pull_arrays))
    assert source.count("square(a) + square(b)") == 1


def test_only_what_is_asked_for_is_computed() -> None:
    calls = []

    def seen(x: Any) -> Any:
        calls.append(x)
        return x

    watched = Elementwise("watched", lambda x: x, seen, lambda y, x: 1)
    either = Elementwise("either", lambda a, b: a, lambda a, b: a + b, lambda y, a, b: watched(a), lambda y, a, b: b)
    x = Tensor([1.0, 2.0])
    either(np.array([3.0, 4.0]), x).backward(np.ones(2))
    assert not calls and x.grad.tolist() == [1.0, 2.0]


@pytest.mark.parametrize("size", [2, 50_000])
def test_what_some_derivatives_share_is_there_whichever_are_asked_for(size: int) -> None:
    rule = Composite("wave", lambda a, b, c: exp(sin(a * b)) * sin(a * b) + c)
    a, b = np.full(size, 0.3), np.full(size, 0.5)
    slope = np.exp(np.sin(a * b)) * (1 + np.sin(a * b)) * np.cos(a * b)
    for asked in itertools.product([False, True], repeat=3):
        inputs = [Tensor(x) if wanted else x for x, wanted in zip((a, b, np.ones(size)), asked)]
        if any(asked):
            rule(*inputs).backward(np.ones(size))
        for x, expected in zip(inputs, (b * slope, a * slope, np.ones(size))):
            if isinstance(x, Tensor):
                np.testing.assert_allclose(x.grad, expected, rtol=1e-14)


def test_alike_parts_are_one_but_0_and_minus_0_are_two() -> None:
    x, known = Symbol("x"), {}
    tree = unified(square(x + 1) * (x + 1), known)
    assert [part.text() for part in parts(tree)].count("x + 1") == 1
    larger = RULES["maximum"]
    zeros = [unified(larger(x, zero), known) for zero in (0.0, -0.0, 0.0)]
    assert zeros[0] is zeros[2] and zeros[0] is not zeros[1]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(EXTREMES.tolist()) | st.floats(min_value=0), min_size=1, max_size=5))
def test_the_exponent_minus_one_half(numbers: list[float]) -> None:
    x = np.array(numbers)
    with np.errstate(all="ignore"):
        np.testing.assert_allclose(power(x, -0.5), np.power(x, -0.5), rtol=4e-16)


def test_the_callers_seed_is_neither_changed_nor_kept() -> None:
    x, y, seed = Tensor(np.ones(3)), Tensor(np.ones(3)), np.array([1.0, 2.0, 3.0])
    (x + y).backward(seed)
    x.backward(seed)
    for t, factor in ((x, 2), (y, 1)):
        assert t.grad is not seed and not np.shares_memory(t.grad, seed)
        assert t.grad.tolist() == [factor, 2 * factor, 3 * factor]
    z = Tensor(np.ones((3, 1)))
    w = z.reshape(3)
    w.backward(seed, retain_grads=True)
    assert not np.shares_memory(z.grad, seed) and not np.shares_memory(w.grad, seed)
    assert seed.tolist() == [1.0, 2.0, 3.0]
