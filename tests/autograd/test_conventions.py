"""The conventions that both layers keep, side by side: each test runs for Values and for Tensors without axes."""

from __future__ import annotations

import copy
import math
import operator
import pickle
import threading
from typing import Any

import numpy as np
import pytest

import autograd
from autograd import ChangedDataError, NoRuleError, Tensor, Value, nn
from autograd.node import plain

LAYERS = pytest.mark.parametrize("variable", [Value, Tensor], ids=["Value", "Tensor"])
SETTINGS = [{}, {"gradient": 1.0}, {"create_graph": True}]
pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")  # NumPy's, at infinities that are asked for here


def backward(y: Any, **settings: Any) -> None:
    """A backward pass that keeps the gradients of inner nodes, which Values always do."""
    y.backward(**settings, **({"retain_grads": True} if isinstance(y, Tensor) else {}))


def number(x: Any) -> float:
    """A node, an array without axes or a number as a float."""
    return float(x.data if isinstance(x, (Value, Tensor)) else x)


# --- the graph ---------------------------------------------------------------------------------------------


@LAYERS
def test_inputs_are_an_ordered_tuple_with_repeats_and_numbers(variable: Any) -> None:
    x, y = variable(3.0), variable(2.0)
    assert (x * x).inputs == (x, x)
    doubled = (2 * x).inputs
    assert doubled[0] == 2.0 and doubled[1] is x
    assert (x - y).inputs == (x, y) and (y - x).inputs == (y, x)
    square = x * x
    square.backward()
    assert x.grad == 6.0


@LAYERS
def test_a_number_compares_with_the_data_and_nodes_by_identity(variable: Any) -> None:
    x, y = variable(2.0), variable(2.0)
    assert x == 2.0 and 2 == x and x != 3 and not x == 3 and np.float64(2.0) == x and variable(0.0) == 0
    assert x == x and not x == y and x != y and hash(x) == object.__hash__(x)
    assert {x: 1, y: 2}[x] == 1 and len({x, y, x}) == 2


def test_a_value_differs_from_what_is_no_real_number() -> None:
    x = Value(2.0)
    assert x != "2.0" and x != None and not x == 2j  # noqa: E711  (what == gives is asked for)


@LAYERS
def test_the_engine_never_asks_whether_a_node_equals_something(variable: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """``2.0 in (Tensor(2.0),)`` is true: what is found by == may be another node, or a constant."""

    def refuse(self: Any, other: Any) -> Any:
        raise AssertionError("a node was looked for by ==, in, index or count")

    def program(x: Any) -> Any:
        y = (2.0 * x * x + x.exp()) / (x + 2.0) - 2.0**x
        return y.maximum(2.0) + x**2.0

    for kind in (Value, Tensor):
        for method in ("__eq__", "__ne__"):
            monkeypatch.setattr(kind, method, refuse)
    x = variable(2.0)
    y = program(x)
    for settings in SETTINGS:
        y.backward(**settings)
    autograd.grad(autograd.grad(program))(x)
    autograd.hessian(program)(x)
    autograd.hvp(program)(x, variable(2.0))
    autograd.jvp(program, (x,), (2.0,))
    autograd.jacobian(autograd.checkpoint(program), mode="forward")(x)
    autograd.vjp(lambda a: [program(a), 2.0], x)[1]([2.0, 2.0])
    copy.copy(variable(2.0)), pickle.dumps(variable(2.0))
    with autograd.detect_anomaly():
        program(x).backward()


# --- backward ----------------------------------------------------------------------------------------------


@LAYERS
def test_leaves_add_and_inner_nodes_get_the_gradient_of_this_call(variable: Any) -> None:
    a, b = variable(3.0), variable(2.0)
    u = a * b
    y = u * u
    backward(y)
    assert (a.grad, b.grad, u.grad, y.grad) == (24.0, 36.0, 12.0, 1.0)
    backward(y)
    assert (a.grad, b.grad, u.grad, y.grad) == (48.0, 72.0, 12.0, 1.0)
    backward(y, gradient=2.0)
    assert (a.grad, b.grad, u.grad, y.grad) == (96.0, 144.0, 24.0, 2.0)


@LAYERS
def test_two_outputs_add_in_shared_leaves(variable: Any) -> None:
    x = variable(2.0)
    u = x * 3
    backward(u * u)
    backward(u + 1)
    assert x.grad == 36.0 + 3.0 and u.grad == 1.0


@LAYERS
def test_gradient_is_none_until_the_first_backward(variable: Any) -> None:
    x, unused = variable(1.0), variable(1.0)
    y = x * 2
    assert x.grad is None and y.grad is None
    y.backward()
    assert unused.grad is None
    x.zero_grad()
    assert x.grad is None


@LAYERS
def test_backward_of_a_leaf(variable: Any) -> None:
    x = variable(1.0)
    x.backward()
    x.backward()
    assert x.grad == 2.0


@LAYERS
def test_gradient_of_zero_is_not_none(variable: Any) -> None:
    x = variable(-1.0)
    x.relu().backward()
    assert x.grad == 0.0


@LAYERS
def test_micrograd_style_zero_is_added_to(variable: Any) -> None:
    x = variable(2.0)
    x.grad = 0
    (x * x).backward()
    assert x.grad == 4.0


@pytest.mark.parametrize("seed", ["1", 1j, Value(1.0), [1.0]])
def test_a_seed_must_be_a_number(seed: Any) -> None:
    with pytest.raises(TypeError):
        Value(1.0).backward(gradient=seed)


@LAYERS
def test_a_complex_seed_of_a_real_number_is_refused(variable: Any) -> None:
    with pytest.raises((TypeError, ValueError), match="complex"):
        (variable(1.0) * 2.0).backward(gradient=1j)


@LAYERS
def test_second_order_does_not_disturb_the_first(variable: Any) -> None:
    x = variable(0.5)
    y = x.sin() * x
    y.backward(create_graph=True)
    first = x.grad
    x.zero_grad()
    first.backward()
    assert x.grad == pytest.approx(2 * math.cos(0.5) - 0.5 * math.sin(0.5))
    x.zero_grad()
    y.backward()
    assert x.grad == pytest.approx(number(first)) and not isinstance(x.grad, (Value, Tensor))


@LAYERS
def test_recorded_gradients_are_nodes_at_leaves_and_numbers_at_inner_nodes(variable: Any) -> None:
    x = variable(3.0)
    u = x * x
    backward(u * 2, create_graph=True)
    assert type(x.grad) is variable and number(x.grad) == 12.0
    assert u.grad == 2.0 and not isinstance(u.grad, (Value, Tensor))


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


@LAYERS
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
        ("norm_root", (0.0,), (0.0,)),
    ],
)
def test_derivatives_at_kinks(variable: Any, name: str, at: tuple[float, ...], slopes: tuple[float, ...]) -> None:
    for settings in SETTINGS:
        xs = [variable(x) for x in at]
        autograd.RULES[name](*xs).backward(**settings)
        assert [number(x.grad) for x in xs] == list(slopes)


@LAYERS
def test_a_tie_with_a_constant_passes_half(variable: Any) -> None:
    x = variable(2.0)
    x.maximum(2.0).backward()
    assert x.grad == 0.5
    x.zero_grad()
    x.maximum(x).backward()
    assert x.grad == 1.0


# --- numbers follow IEEE -----------------------------------------------------------------------------------


@LAYERS
def test_arithmetic_follows_ieee(variable: Any) -> None:
    zero, big = variable(0.0), variable(1000.0)
    infinite, nan, negative = variable(math.inf), variable(math.nan), variable(-8.0)
    assert number(1 / zero) == math.inf and number(-1 / zero) == -math.inf and math.isnan(number(zero / zero))
    assert number(zero.log()) == -math.inf and math.isnan(number(variable(-1.0).log()))
    assert number(big.exp()) == math.inf and number(big**1000) == math.inf
    assert math.isnan(number(negative.sqrt())) and math.isnan(number(negative**0.5))
    assert math.isnan(number(infinite - variable(math.inf))) and math.isnan(number(infinite.sin()))
    assert math.isnan(number(nan.relu())) and math.isnan(number(nan.maximum(1.0)))
    assert number(zero.reciprocal()) == math.inf and number(variable(1e200).square()) == math.inf


@LAYERS
def test_gradients_follow_ieee(variable: Any) -> None:
    for f, at, slope in (
        (lambda x: x.log(), 0.0, math.inf),
        (lambda x: 1 / x, 0.0, -math.inf),
        (lambda x: x.exp(), 1000.0, math.inf),
    ):
        x = variable(at)
        f(x).backward()
        assert x.grad == slope


# --- only what is asked ------------------------------------------------------------------------------------


@LAYERS
def test_no_partial_with_respect_to_a_constant(variable: Any) -> None:
    """The table's formula for a constant's slot is printed, but never evaluated: here it would raise."""

    def refuse(y: Any, a: Any, b: Any) -> Any:
        if isinstance(y, autograd.Symbol):
            return a
        raise AssertionError("asked for the derivative with respect to a constant")

    rule = autograd.Elementwise("half_lazy", lambda a, b: a * b, lambda a, b: a * b, lambda y, a, b: b, refuse)
    for settings in SETTINGS:
        x = variable(-3.0)
        rule(x, 2.0).backward(**settings)
        assert number(x.grad) == 2.0


# --- leaving the graph -------------------------------------------------------------------------------------


@LAYERS
def test_pythons_conversions_give_plain_numbers_outside_transforms(variable: Any) -> None:
    loss = variable(2.5) * 1.0
    assert (float(loss), int(loss), complex(loss)) == (2.5, 2, 2.5 + 0j)
    assert (math.floor(loss), f"{loss:.2f}", "%.1f" % loss, number(round(loss))) == (2, "2.50", "2.5", 2.0)
    assert type(loss.item()) is float and math.sin(loss) == math.sin(2.5)


@LAYERS
def test_comparisons_and_truth_are_of_the_data(variable: Any) -> None:
    x, y = variable(1.0), variable(2.0)
    assert x < y and x <= 1.0 and y > 1.5 and y >= x and bool(x) and not bool(variable(0.0))


@LAYERS
@pytest.mark.parametrize("compare", [operator.lt, operator.le, operator.gt, operator.ge, operator.eq, operator.ne])
@pytest.mark.parametrize("dtype", [float, np.float32, np.int8, bool])
def test_an_array_is_compared_element_by_element_from_either_side(variable: Any, compare: Any, dtype: Any) -> None:
    x, array = variable(1.0), np.array([0, 1, 3]).astype(dtype)
    for given in (array, array[1], array[2:].reshape(())):
        np.testing.assert_array_equal(compare(x, given), compare(1.0, given))
        np.testing.assert_array_equal(compare(given, x), compare(given, 1.0))


@pytest.mark.parametrize("compare", [operator.lt, operator.le, operator.gt, operator.ge])
def test_order_between_the_layers_is_of_the_data(compare: Any) -> None:
    x, t = Value(1.0), Tensor([0.0, 1.0, 3.0])
    np.testing.assert_array_equal(compare(x, t), compare(1.0, t.data))
    np.testing.assert_array_equal(compare(t, x), compare(t.data, 1.0))
    objects = np.array([Value(0.0), Value(1.0), 3.0], dtype=object)
    np.testing.assert_array_equal(compare(x, objects), compare(1.0, t.data))
    with pytest.raises(TypeError, match="compares with Values, numbers and arrays, not with str"):
        compare(x, "1")


# --- in place ----------------------------------------------------------------------------------------------


@LAYERS
@pytest.mark.parametrize(
    ("augmented", "value", "slope"),
    [
        (operator.iadd, 5.0, 1.0),
        (operator.isub, 1.0, 1.0),
        (operator.imul, 6.0, 2.0),
        (operator.itruediv, 1.5, 0.5),
        (operator.ipow, 9.0, 6.0),
    ],
)
def test_augmented_assignment_makes_a_new_node(variable: Any, augmented: Any, value: float, slope: float) -> None:
    x = y = variable(3.0)
    y = augmented(y, 2)
    assert y is not x and x.inputs == () and number(x) == 3.0 and number(y) == value
    y.backward()
    assert x.grad == slope and number(x) == 3.0


@LAYERS
def test_changed_data_of_a_leaf_is_noticed(variable: Any) -> None:
    w, x = variable(2.0, label="w"), variable(3.0)
    y = w * x
    w.data = 5.0
    for settings in SETTINGS:
        with pytest.raises(ChangedDataError, match="data of w was changed after mul had used it"):
            y.backward(**settings)
    assert w.grad is None and x.grad is None
    (w * x).backward()
    assert w.grad == 3.0 and x.grad == 5.0


@LAYERS
def test_changed_data_by_a_step_of_training(variable: Any) -> None:
    w = variable(2.0)
    loss = w * w
    loss.backward()
    w.data += -0.1 * w.grad
    with pytest.raises(ChangedDataError):
        loss.backward()


@LAYERS
def test_changed_data_of_an_inner_node_is_noticed(variable: Any) -> None:
    x = variable(2.0)
    u = x * 3
    y = u * u
    u.data = 1.0
    with pytest.raises(ChangedDataError):
        y.backward()
    with pytest.raises(ChangedDataError):  # also from u itself: 1.0 is not x * 3
        u.backward()


@LAYERS
def test_changing_unrelated_data_does_no_harm(variable: Any) -> None:
    x, other = variable(2.0), variable(1.0)
    y = x * x
    other.data = 7.0
    y.backward()
    assert x.grad == 4.0


# --- copies ------------------------------------------------------------------------------------------------


@LAYERS
def test_leaves_are_copied_and_pickled_with_their_gradients(variable: Any) -> None:
    x = variable(1.5, label="w")
    (x * 2).backward()
    for made in (copy.copy(x), copy.deepcopy(x), pickle.loads(pickle.dumps(x))):
        assert type(made) is variable and made is not x
        assert (number(made), made.grad, made.label, made.inputs) == (1.5, 2.0, "w", ())
        (made * 1).backward()
    assert x.grad == 2.0
    shared = copy.deepcopy([x, x])
    assert shared[0] is shared[1]


@LAYERS
def test_a_recorded_gradient_is_copied_as_a_number(variable: Any) -> None:
    x = variable(3.0)
    (x * x).backward(create_graph=True)
    assert copy.deepcopy(x).grad == 6.0 and pickle.loads(pickle.dumps(x)).grad == 6.0
    x.zero_grad()


@LAYERS
def test_computed_nodes_are_not_copied(variable: Any) -> None:
    for copier in (copy.copy, copy.deepcopy, pickle.dumps):
        with pytest.raises(TypeError, match="make a new leaf"):
            copier(variable(1.0) * 2)


# --- stability ---------------------------------------------------------------------------------------------


@LAYERS
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
def test_extremes(variable: Any, name: str, at: float, value: float, slope: float) -> None:
    for settings in SETTINGS:
        x = variable(at)
        y = getattr(x, name)()
        y.backward(**settings)
        assert number(y) == pytest.approx(value, rel=1e-12, abs=0)
        assert number(x.grad) == pytest.approx(slope, rel=1e-12, abs=1e-308)


@LAYERS
def test_extremes_of_two_and_many(variable: Any) -> None:
    a, b = variable(1e200), variable(1e200)
    autograd.hypot(a, b).backward()
    assert a.grad == pytest.approx(math.sqrt(0.5))
    a, b = variable(1e-200), variable(1e-200)
    autograd.atan2(a, b).backward()
    assert a.grad == pytest.approx(5e199) and b.grad == pytest.approx(-5e199)
    a, b = variable(1000.0), variable(-1000.0)
    autograd.logaddexp(a, b).backward()
    assert (a.grad, b.grad) == (1.0, 0.0)
    xs = [variable(1000.0), variable(1000.0), variable(-1000.0)]
    y = autograd.logsumexp(xs)
    y.backward()
    assert number(y) == 1000 + math.log(2) and [number(x.grad) for x in xs] == pytest.approx([0.5, 0.5, 0.0])
    assert [number(p) for p in autograd.softmax([variable(1000.0), variable(-1000.0)])] == [1.0, 0.0]


def test_the_logsumexp_of_nothing_likely() -> None:
    assert autograd.logsumexp([Value(-math.inf), Value(-math.inf)]).data == -math.inf


@pytest.mark.parametrize("given", [(-math.inf, -math.inf), (math.inf, 1.0), (math.inf, math.inf), (-math.inf, 1.0)])
def test_an_infinite_logsumexp_has_gradient_0_on_both_layers(given: tuple[float, ...]) -> None:
    xs, t = [Value(x) for x in given], Tensor(given)
    results = autograd.logsumexp(xs), autograd.logsumexp(t)
    for y in results:
        y.backward()
    assert [x.grad for x in xs] == t.grad.tolist() == ([0.0, 0.0] if math.isinf(results[0].data) else [0.0, 1.0])


@LAYERS
def test_cross_entropy_at_extremes(variable: Any) -> None:
    """−log softmax, and its derivative p − y, where the probabilities underflow."""
    logits = [variable(1000.0), variable(-1000.0)]
    loss = autograd.logsumexp(logits) - logits[1]
    loss.backward()
    assert number(loss) == 2000.0 and [number(z.grad) for z in logits] == [1.0, -1.0]


# --- threads -----------------------------------------------------------------------------------------------


@LAYERS
def test_threads_that_share_leaves_lose_nothing(variable: Any) -> None:
    w = variable(1.0)
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


@LAYERS
def test_masked_arrays_do_not_take_the_numbers_out_of_the_graph(variable: Any) -> None:
    masked, node = np.ma.array([1.0, 2.0], mask=[False, True]), variable(2.0)
    for operation in (lambda: masked * node, lambda: masked + node, lambda: np.ma.multiply(node, masked)):
        with pytest.raises(TypeError, match="masked"):  # LeavesGraphError is one
            operation()


# --- functions of many: of Values a list, of a Tensor along an axis -------------------------------------------------


def test_functions_of_many_mean_of_a_tensor_what_numpy_and_nn_mean() -> None:
    x = np.array([[0.0, 1.0, 2.0], [3.0, 4.0, 7.0]])
    for given in (Tensor(x), x):
        for axis in (None, 0, 1, -1):
            along = -1 if axis is None else axis
            np.testing.assert_array_equal(plain(autograd.sum(given, axis=axis)), np.sum(x, axis=axis))
            expected = nn.functional.softmax(x, along), nn.functional.logsumexp(x, along)
            np.testing.assert_allclose(plain(autograd.softmax(given, axis=axis)), expected[0], rtol=1e-15)
            np.testing.assert_allclose(plain(autograd.logsumexp(given, axis=axis)), expected[1], rtol=1e-15)
            for kept in (autograd.sum(given, axis=axis, keepdims=True), autograd.logsumexp(given, axis, keepdims=True)):
                assert kept.ndim == 2
    np.testing.assert_allclose(autograd.softmax(x).sum(axis=1), 1.0)
    t = Tensor(x)
    autograd.sum(autograd.softmax(t)[:, 0]).backward()
    p = nn.functional.softmax(x)
    np.testing.assert_allclose(t.grad, p[:, :1] * (np.eye(3)[0] - p), atol=1e-15)


def test_values_have_no_axes() -> None:
    for function in (autograd.sum, autograd.softmax, autograd.logsumexp):
        with pytest.raises(TypeError, match="axis= is for Tensors and arrays"):
            function([Value(1.0), 2.0], axis=0)
    assert [type(p) for p in autograd.softmax([Value(1.0), 2.0])] == [Value, Value]
    assert autograd.sum(np.array([Value(1.0), Value(2.0)], dtype=object)).data == 3.0
