"""Code made of trees: what is printed is never executed, and every way of asking a rule gives the same numbers."""

from __future__ import annotations

import inspect
import math
import traceback
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import autograd
from autograd import Composite, Elementwise, Notation, Symbol, Tensor, Value, cos, exp, grad, sin, square, tanh, where
from autograd.check import check_gradient
from autograd.rules import code
from autograd.rules.expressions import derivative, evaluate
from autograd.rules.nary import Nary
from autograd.rules.table import BUILT_IN, RULES
from tests.autograd.reference import REFERENCE, smooth_at


def safe_quotient(a: float, b: float) -> float:
    return a / b if b else 0.0


def test_a_printed_notation_is_not_executed() -> None:
    """The quotient prints as a/b, but is 0 where b is 0: the derivative has to call it, not to divide."""
    safe_div = Elementwise(
        "safe_div",
        safe_quotient,
        lambda a, b: np.where(b == 0, 0.0, a / np.where(b == 0, 1.0, b)),
        lambda y, a, b: safe_div(1.0, b),
        lambda y, a, b: -safe_div(y, b),
        notation=Notation("{0}/{1}"),
    )
    my_sinc = Elementwise(
        "my_sinc",
        lambda x: math.sin(x) / x if x else 1.0,
        lambda x: np.sinc(x / np.pi),
        lambda y, x: safe_div(cos(x) - y, x),
    )
    for at in (0.5, 0.0, -2.0):
        x, t = Value(at), Tensor(at)
        my_sinc(x).backward()
        my_sinc(t).backward()
        exact = (math.cos(at) - math.sin(at) / at) / at if at else 0.0
        assert x.grad == pytest.approx(exact, rel=1e-12) and float(t.grad) == pytest.approx(exact, rel=1e-12)
    assert my_sinc.partial(0, Symbol("y"), [Symbol("x")]).text() == "cos(x) − y/x"


@pytest.mark.parametrize("text", ["{0}³", "|{0}|", "{0} squared, and so on", "}}{{{0}", "g", "", "{0}\n"])
@pytest.mark.parametrize("name", ["g", "node", "y", "a", "t1", "class", "a name with spaces", "d²/dx²", "rule", "3"])
def test_no_name_and_no_notation_reaches_the_code(name: str, text: str) -> None:
    own = Elementwise(name, lambda x: x**3, lambda x: x**3, lambda y, x: 3 * square(x), notation=Notation(text))
    outer = Elementwise("outer", lambda x: x**4, lambda x: x**4, lambda y, x: 4 * own(x))
    for rule, expected in ((own, 12.0), (outer, 32.0)):
        x, t = Value(2.0), Tensor([2.0])
        rule(x).backward()
        rule(t).backward(gradient=[1.0])
        assert x.grad == expected and t.grad.tolist() == [expected]


def test_two_rules_of_one_name_are_two_functions() -> None:
    double = Elementwise("same", lambda x: 2 * x, lambda x: 2 * x, lambda y, x: 2)
    triple = Elementwise("same", lambda x: 3 * x, lambda x: 3 * x, lambda y, x: 3)
    both = Elementwise("both", lambda x: 0.0, lambda x: 0 * x, lambda y, x: double(x) + 100 * triple(x))
    x = Value(1.0)
    both(x).backward()
    assert x.grad == 302.0


def test_compiled_code_can_be_looked_at() -> None:
    x = Value(0.5)
    y = tanh(x)
    y.backward()
    assert "1.0 - square(y)" in inspect.getsource(tanh.pull)
    broken = Elementwise("broken", lambda x: x, lambda x: x, lambda y, x: bad(x))
    bad = Elementwise("bad", lambda x: [][0], lambda x: x, lambda y, x: 1)
    with pytest.raises(IndexError):
        broken(x).backward()
    y, x.grad = broken(x), 0.0
    y.grad = 1.0
    with pytest.raises(IndexError) as caught:
        broken.pull(y)
    assert "da = g * bad(a)" in "".join(traceback.format_exception(caught.value))


def test_a_forgotten_partial_or_argument_is_refused_where_the_rule_is_defined() -> None:
    with pytest.raises(TypeError, match="halves: scalar does not take 1 argument; a rule of n inputs needs n partial"):
        Elementwise("halves", lambda a, b: a, lambda a, b: a, lambda y, a: 1)
    with pytest.raises(TypeError, match="halves: a partial does not take 3 arguments"):
        Elementwise("halves", lambda a, b: a, lambda a, b: a, lambda y, a, b: 1, lambda y, a: 0)
    with pytest.raises(TypeError, match="scalar does not take 0 arguments"):
        Elementwise("none", lambda a: a, lambda a: a)


def test_equality_of_symbols_does_not_choose_a_branch() -> None:
    """`x == 0` in a formula is no question about the symbol: this partial is evaluated on numbers alone."""
    spike = Elementwise("spike", lambda x: 0.0, lambda x: 0 * x, lambda y, x: 5.0 if x == 0 else 1.0)
    for at, slope in ((0.0, 5.0), (2.0, 1.0)):
        x = Value(at)
        spike(x).backward()
        assert x.grad == slope


def test_what_stands_twice_is_computed_once() -> None:
    calls = []

    def costly(x: float) -> float:
        calls.append(x)
        return x

    slow = Elementwise("slow", costly, lambda x: x, lambda y, x: 1)
    twice = Composite("twice", lambda x: (lambda s: s * s + s)(slow(x)))
    assert twice(3.0) == 12.0 and calls == [3.0]


def test_derived_partials() -> None:
    hyp = Composite("hyp", lambda a, b: where(a > b, exp(a * b), square(a) * sin(b)))
    for a, b in ((1.5, 0.5), (0.3, 0.8)):
        assert check_gradient(hyp, a, b, order=2, modes=("reverse", "forward"))
    x, y = Symbol("x"), Symbol("y")
    assert derivative(square(x) * y + exp(x), x).text() == "y·2·x + exp(x)"
    assert derivative(3 * y, x) == 0
    assert evaluate(x * y, {x: 2.0, y: np.array([1.0, 3.0])}).tolist() == [2.0, 6.0]


# --- every way of asking a rule gives the same numbers ---------------------------------------------------------

NUMBERS = st.sampled_from([0.0, -0.0, 1.0, -1.0, 0.5, 2.0, 1e-300, -1e-300, 1000.0, -1000.0, math.inf, math.nan]) | (
    st.floats(-3, 3)
)
OWN = [
    Elementwise("cubed", lambda x: x**3, lambda x: x**3, lambda y, x: 3 * square(x)),
    Composite("bump", lambda x: exp(-square(x)) * where(x > 0, x, 2 * x)),
]
RULES_ASKED = [
    RULES[name]
    for name in sorted(BUILT_IN)
    if isinstance(RULES[name], Elementwise)
    and not RULES[name].arrays_only
    and name not in ("share", "where", "guarded")
] + OWN


def same(a: Any, b: Any, size: float = 0.0) -> bool:
    """Equal but for the last bits of NumPy's functions and of math's; where terms of some size cancel, of that size."""
    return bool(np.allclose(a, b, rtol=4e-15, atol=1e-14 * size, equal_nan=True))


@pytest.mark.parametrize("rule", RULES_ASKED, ids=lambda rule: rule.name)
@settings(max_examples=40, deadline=None)
@given(data=st.data(), seed=st.sampled_from([1.0, -2.5, 0.0, 1e10]))
def test_every_way_of_asking_a_rule_gives_the_same_numbers(rule: Any, data: Any, seed: float) -> None:
    count = len(rule.partials)
    xs = [data.draw(NUMBERS) for _ in range(count)]
    y = rule(*xs)
    with np.errstate(all="ignore"):
        wide = [np.full(2, x) for x in xs]
        high = rule.compute(*wide)
        assert same(high, y)
        # The last bit of math.tanh and np.tanh may differ: each way is asked from its own output.
        of_float, of_array = (rule.vjp(seed, at, xs, range(count), {}) for at in (y, float(high[0])))
        on_arrays = rule.vjp(np.full(2, seed), high, wide, range(count), {})
        tangents = [rule.jvp({i: np.float64(seed)}, y, xs, {}) for i in range(count)]
    values, carefully, tensors = [Value(x) for x in xs], [Value(x) for x in xs], [Tensor(x) for x in wide]
    rule(*values).backward(seed)
    rule(*tensors).backward(np.full(2, seed))
    node = rule(*carefully)
    node.grad = seed
    for x in carefully:
        x.grad = 0.0
    code.pull_carefully(rule, node)
    with np.errstate(all="ignore"):
        slopes = rule.vjp(1.0, y, xs, range(count), {})
    for i in range(count):
        if np.isinf(slopes[i]) and all(xs):  # beyond all numbers: g/x may be one where g·(1/x) is none
            continue
        for found in (values[i].grad, carefully[i].grad, tangents[i]):
            assert same(found, of_float[i], abs(seed)), (xs, i)
        for found in (tensors[i].grad, np.broadcast_to(on_arrays[i], 2)):
            assert same(found, of_array[i], abs(seed)), (xs, i)
    # With one input a constant, the other's derivative is the same, and nothing else is computed.
    if count == 2:
        for i in range(2):
            x = Value(xs[i])
            rule(*[x if k == i else xs[k] for k in range(2)]).backward(seed)
            assert same(x.grad, of_float[i], abs(seed)) or np.isinf(slopes[i])


@pytest.mark.parametrize("name", sorted(n for n in BUILT_IN if isinstance(RULES[n], Nary)))
@settings(max_examples=60, deadline=None)
@given(data=st.data(), seed=st.floats(-3, 3))
def test_every_way_of_asking_a_rule_of_many_inputs(name: str, data: Any, seed: float) -> None:
    rule = RULES[name]
    count = data.draw(st.integers(1, 4)) * 2 + 1 if name == "dot" else data.draw(st.integers(1, 6))
    xs = data.draw(st.lists(st.floats(-100, 100), min_size=count, max_size=count))
    values = [Value(x) for x in xs]
    y = rule(*values)
    y.backward(seed)
    expected = rule.vjp(seed, y.data, xs, range(count), {})
    tangents = [rule.jvp({i: seed}, y.data, xs, {}) for i in range(count)]
    tensors = [Tensor(x) for x in xs]
    rule(*tensors).backward(np.float64(seed))
    recorded = [Value(x) for x in xs]
    rule(*recorded).backward(seed, create_graph=True)
    for x, e, tangent, t, r in zip(values, expected, tangents, tensors, recorded):
        for found in (x.grad, tangent, t.grad, float(r.grad)):
            assert found == pytest.approx(e, rel=1e-12, abs=1e-12)


@settings(max_examples=200, deadline=None)
@given(
    name=st.sampled_from(sorted(set(REFERENCE) - {"sum", "dot", "max", "min", "logsumexp", "share"})), data=st.data()
)
def test_recorded_and_compiled_derivatives_agree(name: str, data: Any) -> None:
    xs = tuple(data.draw(st.floats(low, high)) for low, high in REFERENCE[name].domain)
    assume(smooth_at(name, xs))
    rule = autograd.RULES[name]
    compiled, recorded = [Value(x) for x in xs], [Value(x) for x in xs]
    rule(*compiled).backward()
    rule(*recorded).backward(create_graph=True)
    of_tensors = grad(rule, tuple(range(len(xs))))(*xs)
    for a, b, c in zip(compiled, recorded, of_tensors):
        assert a.grad == pytest.approx(float(b.grad), rel=1e-13, abs=1e-300) == pytest.approx(float(c), rel=1e-13)
