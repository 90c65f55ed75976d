"""Value: what it holds, how it is built, compared, converted, and what it refuses."""

from __future__ import annotations

import copy
import decimal
import fractions
import math
import pickle
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autograd
from autograd import NoRuleError, Tensor, Value, dot, logsumexp, softmax
from autograd.nn import MLP

OPERATORS = [
    ("+", lambda a, b: a + b, 1.0, 1.0),
    ("-", lambda a, b: a - b, 1.0, -1.0),
    ("*", lambda a, b: a * b, 4.0, 3.0),
    ("/", lambda a, b: a / b, 0.25, -3 / 16),
    ("**", lambda a, b: a**b, 4 * 3.0**3, 81 * math.log(3)),
]


@pytest.mark.parametrize("number", [3, 3.0, True, np.float32(2.5), np.int64(7), fractions.Fraction(1, 4)])
def test_holds_a_float(number: object) -> None:
    v = Value(number)
    assert type(v.data) is float and v.data == float(number)
    assert v.grad is None and v.label == "" and v.inputs == () and v.rule is None


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        (1j, "complex"),
        (np.complex128(1), "complex"),
        ("3", "one real number, not str"),
        (None, "not NoneType"),
        ([1.0], "Tensor"),
        (np.array([1.0, 2.0]), "Tensor"),
        (Value(1.0), "Value already"),
    ],
)
def test_refuses_what_is_no_number(bad: object, message: str) -> None:
    with pytest.raises(TypeError, match=message):
        Value(bad)
    if not isinstance(bad, Value):
        v = Value(1.0)
        with pytest.raises(TypeError, match=message):
            v.data = bad
        assert v.data == 1.0


@pytest.mark.parametrize(("sign", "f", "da", "db"), OPERATORS)
def test_operators_from_either_side(sign: str, f: object, da: float, db: float) -> None:
    expected = f(3.0, 4.0)
    a, b = Value(3.0), Value(4.0)
    for left, right in ((a, b), (a, 4), (3, b), (a, np.float64(4)), (np.float64(3), b), (np.int32(3), b)):
        a.grad = b.grad = None
        y = f(left, right)
        assert type(y) is Value and y.data == pytest.approx(expected)
        y.backward()
        assert a.grad == (pytest.approx(da) if left is a else None)
        assert b.grad == (pytest.approx(db) if right is b else None)
        assert y._op == sign or sign == "**"
        assert all(type(x) in (Value, float) for x in y.inputs)


def test_unary_operators() -> None:
    a = Value(-3.0)
    assert (-a).data == 3.0 and abs(a).data == 3.0 and +a is a


@pytest.mark.parametrize("other", ["2", None, [1], 2j])
def test_operators_refuse_other_things(other: object) -> None:
    for operation in (lambda: Value(1.0) + other, lambda: other * Value(1.0), lambda: Value(1.0) ** other):
        with pytest.raises(TypeError):
            operation()
    with pytest.raises(TypeError, match="compares"):
        max(Value(1.0), "2")


def test_comparisons_are_of_the_data_and_equality_is_identity() -> None:
    a, b, c = Value(1.0), Value(2.0), Value(1.0)
    assert (a < b) is True and (b <= 1) is False and (a >= c) is True and (3 > b) is True
    assert a != c and a == a and len({a, b, c}) == 3
    assert sorted([b, a])[0] is a and max([a, b]) is b and min(a, b) is a
    assert bool(b) and not Value(0.0)


def test_equality_with_any_number_is_that_of_the_data() -> None:
    x = Value(1.0)
    assert x == 1 + 0j and x == np.complex64(1) and x == fractions.Fraction(1) and (x == np.float64(1.0)) is True
    assert x != 1j and x != 10**400 and Value(2.0**53) != 2**53 + 1 and x != decimal.Decimal(2)


@pytest.mark.parametrize(
    "call",
    [
        lambda x: autograd.relu(x, foo=1),
        lambda x: autograd.relu(2.0, foo=1),
        lambda x: autograd.maximum(x, 1.0, axis=0),
        lambda x: autograd.where(x > 1, x, 0.0, axis=0),
        lambda x: autograd.RULES["sum"](x, x, axis=0),
        lambda x: np.exp(x, where=np.array(False)),
        lambda x: np.exp(x, dtype=np.float32),
        lambda x: x.tanh(foo=1),
        lambda x: x.maximum(1.0, foo=1),
    ],
)
def test_settings_of_rules_of_numbers_are_refused(call: Callable[[Value], object]) -> None:
    with pytest.raises((TypeError, NoRuleError), match="settings|takes no|unexpected keyword|no keyword"):
        call(Value(2.0))


def test_lists_of_values() -> None:
    xs = [Value(x) for x in (1.0, 2.0, 4.0)]
    total = sum(xs)
    assert total.data == autograd.sum(xs).data == 7.0
    total.backward()
    assert [x.grad for x in xs] == [1.0, 1.0, 1.0]
    assert autograd.sum([]) == 0


def test_sum_starts_where_pythons_does() -> None:
    xs, start = [Value(x) for x in (1.0, 2.0, 4.0)], Value(0.5)
    for total in (autograd.sum(xs, start), autograd.sum(iter(xs), start=start)):
        assert total.data == 7.5 and total.inputs == (start, *xs)
    assert autograd.sum(xs, 2).data == autograd.sum([1.0, 2, 4], Value(2.0)).data == 9.0
    assert autograd.sum(xs, 0).inputs == tuple(xs)
    rows = autograd.sum([Tensor([1.0, 2.0]), Tensor([3.0, 4.0])], np.ones(2))
    np.testing.assert_array_equal(rows.data, [5.0, 7.0])
    with pytest.raises(TypeError, match="the axis is given twice"):
        autograd.sum(Tensor([1.0]), 0, axis=0)


@pytest.mark.parametrize(
    "arguments",
    [
        ([1, 2],),
        ([2**60, 1],),
        ([True, True],),
        ([1 + 2j, 3],),
        ([[1], [2]], []),
        ([(1,), (2,)], ()),
        ({1: 2}, 3),
        ([],),
    ],
)
def test_sum_without_values_is_pythons_own(arguments: Any) -> None:
    ours, pythons = autograd.sum(*arguments), sum(*arguments)
    assert ours == pythons and type(ours) is type(pythons)


def test_conversions_leave_the_graph() -> None:
    v = Value(2.5) * 2
    assert float(v) == v.item() == v.data == 5.0
    assert type(float(v)) is type(v.item()) is float
    assert f"{v.data:.2f}" == "5.00" and math.sqrt(Value(4.0)) == 2.0


def test_numpy_functions_and_arrays() -> None:
    x = Value(0.5)
    y = np.tanh(x)
    assert type(y) is Value and y.rule is autograd.RULES["tanh"]
    assert (np.float64(2.0) * x).rule is autograd.RULES["mul"]
    many = np.array([1.0, 2.0]) * x
    assert many.dtype == object and [type(v) for v in many] == [Value, Value]
    assert np.sin(np.array([Value(1.0), Value(2.0)]))[1].data == math.sin(2.0)
    matrix = np.array([[Value(1.0), Value(2.0)], [Value(3.0), Value(4.0)]])
    assert [v.data for v in matrix @ np.array([1.0, 10.0])] == [21.0, 43.0]
    for refused in (lambda: np.sum(x), lambda: np.floor_divide(x, 2), lambda: np.add(x, 1, out=np.zeros(()))):
        with pytest.raises(NoRuleError):
            refused()


def test_a_value_beside_an_array_follows_the_rule() -> None:
    x = Value(0.5)
    tie, larger = np.maximum(np.array([0.5, math.nan, 0.0]), x), np.hypot(x, np.array([1.0]))
    assert tie[0].data == 0.5 and math.isnan(tie[1].data) and larger[0].data == math.hypot(0.5, 1.0)
    tie[0].backward()
    assert x.grad == 0.5


def test_methods_functions_and_numpy_names_are_the_same_rule() -> None:
    for name in ("exp", "sin", "relu", "sigmoid", "log1p", "softplus", "cbrt", "gelu"):
        x = Value(0.7)
        by_method, by_function = getattr(x, name)(), getattr(autograd, name)(x)
        assert by_method.rule is by_function.rule is autograd.RULES[name]
        assert by_method.data == by_function.data == getattr(autograd, name)(0.7)
    assert Value(1.0).atan2(2.0).data == math.atan2(1.0, 2.0)
    assert Value(1.0).arctan().data == math.atan(1.0)
    assert Value(1.0).maximum(Value(2.0)).data == 2.0
    assert Value(-1.0).leaky_relu().data == -0.01 and Value(-1.0).leaky_relu(0.5).data == -0.5


def test_every_operation_that_is_promised() -> None:
    unary = (
        "abs exp expm1 log log1p log2 log10 sqrt cbrt square reciprocal sin cos tan asin acos atan sinh cosh tanh "
        "asinh acosh atanh sigmoid relu leaky_relu elu selu gelu silu softplus softsign step erf"
    ).split()
    for name in unary:
        v = Value(1.5 if name == "acosh" else 0.5)
        getattr(v, name)().backward()
        assert isinstance(v.grad, float)
        assert name in autograd.RULES and (name == "abs" or hasattr(autograd, name))
    for name in "atan2 maximum minimum hypot logaddexp".split():
        v, w = Value(0.5), Value(2.0)
        getattr(autograd, name)(v, w).backward()
        assert isinstance(v.grad, float) and isinstance(w.grad, float)


def test_dot_is_one_node() -> None:
    ws, xs, bias = [Value(2.0), Value(-1.0)], [Value(3.0), 5.0], Value(0.5)
    y = dot(ws, xs, bias)
    assert y.data == 1.5 and y.inputs == (*ws, *xs, bias) and y.rule.name == "dot"
    y.backward()
    assert [w.grad for w in ws] == [3.0, 5.0] and xs[0].grad == 2.0 and bias.grad == 1.0


@pytest.mark.parametrize("bias", [0, 0.5, Value(0.5), np.float32(0.5)])
def test_dot_takes_any_mixture_of_values_and_numbers(bias: object) -> None:
    for ws, xs in (
        ([Value(1.0), 2], [3.0, Value(4.0)]),
        ((Value(1.0), Value(2.0)), np.array([3.0, 4.0])),
        (iter([1, 2]), [Value(3.0), Value(4.0)]),
    ):
        y = dot(ws, xs, bias)
        assert y.data == 11.0 + float(bias)
        assert all(type(x) in (Value, float) for x in y.inputs)
    assert dot([1.0, 2.0], [3.0, 4.0], 1.0) == 12.0
    assert dot([], [], Value(2.0)).data == 2.0


def test_dot_of_a_value_with_itself_and_of_infinities() -> None:
    x = Value(3.0)
    dot([x, x], [x, 1.0]).backward()
    assert x.grad == 7.0
    w, x = Value(0.0), Value(math.inf)
    (0.0 * dot([w], [x])).backward()
    assert math.isnan(w.grad)  # 0·∞: an infinite input is not skipped


def test_functions_of_many_refuse_bad_input() -> None:
    with pytest.raises(ValueError, match="2 weights and 1 inputs"):
        dot([Value(1.0), Value(2.0)], [1.0])
    with pytest.raises(ValueError, match="at least one"):
        logsumexp([])
    with pytest.raises(TypeError, match="not str"):
        dot([Value(1.0)], ["1"])


def test_softmax_sums_to_one_and_differentiates() -> None:
    xs = [Value(x) for x in (1.0, 2.0, -1.0)]
    ps = softmax(xs)
    assert sum(p.data for p in ps) == pytest.approx(1.0)
    ps[0].backward()
    p = [p.data for p in ps]
    assert [x.grad for x in xs] == pytest.approx([p[0] * (1 - p[0]), -p[0] * p[1], -p[0] * p[2]])


def test_repr_and_label() -> None:
    v = Value(2.0, label="speed")
    assert repr(v) == "Value(data=2, grad=None, label='speed')"
    (v * 3).backward()
    assert repr(v) == "Value(data=2, grad=3, label='speed')"
    (v * v).backward(create_graph=True)
    assert repr(v) == "Value(data=2, grad=7, label='speed')"


def test_numbers_in_text_have_the_usual_formats() -> None:
    v = Value(2.0)
    assert f"{v:.3f} {v:8.1e} {v}" == "2.000  2.0e+00 Value(data=2, grad=None)"


def test_unknown_attributes_are_refused() -> None:
    with pytest.raises(AttributeError, match="sigmod"):
        Value(1.0).sigmod()
    with pytest.raises(AttributeError):
        Value(1.0).no_such_thing_at_all = 3


def test_comparisons_with_numpy_numbers() -> None:
    v = Value(2.0)
    assert np.float64(1) < v and v > np.float64(1) and np.float64(2) >= v and not np.int64(3) <= v
    assert (np.float64(2) == v) is True and (v == np.float64(2)) is True and (v != np.float64(2)) is False
    assert (np.float64(3) == v) is False and (np.float64(3) != v) is True
    assert (np.array([1.0, 3.0]) < v).tolist() == [True, False]
    assert np.longdouble(1) < v and np.longdouble(2) == v and not np.longdouble(2) != v


def test_networks_are_copied_with_their_leaves() -> None:
    model = MLP(2, [3, 1], rng=0)
    twin = copy.deepcopy(model)
    assert [p.data for p in twin.parameters()] == [p.data for p in model.parameters()]
    assert not set(twin.parameters()) & set(model.parameters())


def test_a_pickled_leaf_fits_into_another_process() -> None:
    """Its time is of the new process: gradients pass whatever the clocks were."""
    for _ in range(1000):
        last = Value(3.0)
    script = "import pickle, sys; x = pickle.load(sys.stdin.buffer); y = x * x; y.backward(); print(x.grad)"
    done = subprocess.run([sys.executable, "-c", script], input=pickle.dumps(last), capture_output=True, timeout=60)
    assert done.stdout.strip() == b"6.0", done.stderr


def test_subclasses_are_refused() -> None:
    with pytest.raises(TypeError, match="subclassed"):
        type("Mine", (Value,), {})


def test_rules_pickle_by_name() -> None:
    tanh = autograd.RULES["tanh"]
    assert pickle.loads(pickle.dumps(tanh)) is tanh
