"""grad, value_and_grad, elementwise_grad, stop_gradient: what they take and give, and what they refuse."""

from __future__ import annotations

import math
from collections import Counter, OrderedDict, defaultdict, namedtuple
from functools import partial
from typing import Any

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given
from hypothesis.extra.numpy import arrays

from autograd import (
    Tensor,
    Value,
    checkpoint,
    elementwise_grad,
    grad,
    hessian,
    hvp,
    jacobian,
    jvp,
    stop_gradient,
    value_and_grad,
    vjp,
)

X, V = np.array([0.3, -0.5, 0.7]), np.array([1.0, 2.0, -1.0])


# --- the numbers -----------------------------------------------------------------------------------------


@given(arrays(float, st.integers(1, 5), elements=st.floats(-2, 2)), st.integers(1, 3))
def test_derivatives_of_each_order_against_the_formula(x: Any, order: int) -> None:
    """dⁿ/dxⁿ of sin(2x) is 2ⁿ sin(2x + nπ/2), for numbers, arrays, Values and Tensors."""
    derivative: Any = lambda x: np.sin(2.0 * x)
    for _ in range(order):
        derivative = elementwise_grad(derivative)
    expected = 2.0**order * np.sin(2.0 * x + order * np.pi / 2)
    for given_as in (x, Tensor(x)):
        found = derivative(given_as)
        assert type(found) is type(given_as)
        np.testing.assert_allclose(getattr(found, "_data", found), expected, atol=1e-12)
    number, value = derivative(float(x[0])), derivative(Value(x[0]))
    assert type(number) is float and type(value) is Value
    np.testing.assert_allclose([number, value.data], expected[0], atol=1e-12)


def test_the_value_comes_along() -> None:
    value, slope = value_and_grad(lambda x, y: np.sum(x * y), argnums=(1, 0))(X, V)
    assert type(value) is float and value == np.sum(X * V)
    np.testing.assert_array_equal(slope, [X, V])


@pytest.mark.parametrize("kind", [float, np.float64])
def test_a_number_has_a_plain_gradient(kind: Any) -> None:
    value, slope = value_and_grad(lambda x: x**2)(kind(3.0))
    assert (value, slope) == (9.0, 6.0) and type(value) is type(slope) is float


# --- the form of arguments -------------------------------------------------------------------------------

Line = namedtuple("Line", "slope offset")


@pytest.mark.parametrize(
    "tree",
    [
        {"a": 2.0, "b": 3.0},
        OrderedDict(b=3.0, a=2.0),
        Counter(a=2, b=3),
        defaultdict(list, a=2.0, b=3.0),
    ],
)
def test_dicts_of_every_kind_keep_it(tree: Any) -> None:
    def f(d: Any) -> Any:
        assert type(d) is type(tree)
        return d["a"] ** 2 * d["b"]

    slope = grad(f)(tree)
    assert type(slope) is type(tree) and dict(slope) == {"a": 12.0, "b": 4.0} and list(slope) == list(tree)
    assert getattr(slope, "default_factory", None) is getattr(tree, "default_factory", None)
    value, pull = vjp(lambda d: type(d)(d) if type(d) is not defaultdict else d, tree)
    assert type(value) is type(tree) and dict(value) == {"a": 2.0, "b": 3.0}
    assert dict(pull({"b": 1.0, "a": 10.0})[0]) == {"a": 10.0, "b": 1.0}  # by key, whatever the order
    assert dict(jvp(lambda d: d, (tree,), ({"b": 1.0, "a": 10.0},))[1]) == {"a": 10.0, "b": 1.0}


def test_lists_tuples_and_named_tuples_keep_their_form() -> None:
    slope = grad(lambda p: p[0].slope * p[1][0] + p[0].offset)([Line(2.0, 1.0), (X[0],)])
    assert slope == [Line(X[0], 1.0), (2.0,)] and type(slope[0]) is Line


def test_pythons_complex_numbers_are_arguments() -> None:
    value, slope = value_and_grad(lambda z: np.abs(z) ** 2)(1 + 2j)
    assert value == pytest.approx(5.0) and slope == pytest.approx(2 + 4j) and type(slope) is complex
    assert grad(lambda z: np.real(np.exp(1j * z)))(0.5 + 0j) == pytest.approx(-math.sin(0.5) - 1j * math.cos(0.5))
    slopes = grad(lambda p: np.imag(p["z"] * p["w"]))({"z": 1 + 1j, "w": 2.0})
    assert slopes == {"z": pytest.approx(2j), "w": pytest.approx(1.0)}
    found = vjp(lambda z: z * z, 1 + 2j)[1](1.0)[0]
    assert found == pytest.approx(np.conj(2 * (1 + 2j)))


# --- what is refused -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "transform",
    [
        grad,
        value_and_grad,
        elementwise_grad,
        jacobian,
        hessian,
        hvp,
        checkpoint,
        vjp,
        partial(jvp, primals=(1.0,), tangents=(1.0,)),
    ],
)
@pytest.mark.parametrize("given", [3, 2.5, Tensor([1.0]), Value(1.0), None, "f"])
def test_what_is_no_function_is_refused_at_once(transform: Any, given: Any) -> None:
    name = getattr(transform, "__name__", "jvp")
    with pytest.raises(TypeError, match=f"^{name} takes a function, not"):
        transform(given)


def test_a_gradient_of_a_result_is_explained() -> None:
    with pytest.raises(TypeError, match=r"write grad\(f\)\(x\), not grad\(f\(x\)\)"):
        grad(np.sin(Tensor(1.0)))


@pytest.mark.parametrize("wrong", [2, -3, 1.0, "x"])
def test_argnums_names_a_positional_argument(wrong: Any) -> None:
    with pytest.raises(ValueError, match="argnums: product was called with 2 positional arguments"):
        grad(product, wrong)(1.0, 2.0)


def product(a: Any, b: Any) -> Any:
    return a * b


@pytest.mark.parametrize("argument", ["text", b"bytes", None])
def test_arguments_that_are_no_numbers_are_refused(argument: Any) -> None:
    with pytest.raises(TypeError, match="choose arguments that are numbers with argnums"):
        grad(lambda x: 1.0)(argument)


@pytest.mark.parametrize("f", [lambda x: x, lambda x: [x[0], x[1]], lambda x: {"y": np.sum(x)}])
def test_a_gradient_is_of_a_scalar(f: Any) -> None:
    with pytest.raises(ValueError, match="scalar output.*use jacobian or elementwise_grad"):
        grad(f)(X)


def test_a_gradient_is_of_a_real_number() -> None:
    with pytest.raises(ValueError, match="real output"):
        grad(lambda x: np.sum(np.exp(1j * x)))(X)
    with pytest.raises(ValueError, match="real output"):
        elementwise_grad(lambda x: np.exp(1j * x))(X)


@pytest.mark.parametrize("returned", [lambda x: x, lambda x: (x, x, x), lambda x: [x, x]])
def test_aux_comes_in_a_pair(returned: Any) -> None:
    with pytest.raises(TypeError, match="return a pair"):
        grad(returned, has_aux=True)(1.0)


def test_an_argument_named_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        grad(lambda a, b: a * b, (0, -2))(1.0, 2.0)


@pytest.mark.parametrize("derivative", [grad, value_and_grad, jacobian, elementwise_grad])
@pytest.mark.parametrize("returned", [None, "3", {"y": None}, np.array(["a"])])
def test_an_output_that_is_no_number_is_refused(derivative: Any, returned: Any) -> None:
    with pytest.raises(TypeError, match="returned .* which has no derivative"):
        derivative(lambda x: returned)(2.0)


def test_a_forgotten_return_is_named() -> None:
    def loss(x: Any) -> None:
        x * 2

    with pytest.raises(TypeError, match="loss returned None, .* does it lack a return"):
        vjp(loss, 2.0)
    with pytest.raises(TypeError, match="loss returned None"):
        jvp(loss, (2.0,), (1.0,))


def test_constant_outputs_have_zero_derivatives() -> None:
    assert grad(lambda x: 3)(2.0) == grad(lambda x: np.sum(np.ones(2)))(2.0) == grad(lambda x: x > 0)(2.0) == 0.0


# --- constants -------------------------------------------------------------------------------------------


def test_what_is_stopped_is_a_constant() -> None:
    assert grad(lambda x: x * stop_gradient(x))(3.0) == 3.0
    assert grad(lambda p: p["a"] * stop_gradient(p)["b"])({"a": 2.0, "b": 5.0}) == {"a": 5.0, "b": 0.0}
    assert type(stop_gradient(Value(2.0))) is float and type(stop_gradient(Tensor(X))) is np.ndarray


def test_scipy_minimises_with_these_gradients() -> None:
    optimize = pytest.importorskip("scipy.optimize")

    def rosenbrock(x: Any) -> Any:
        return np.sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1.0 - x[:-1]) ** 2)

    start = np.array([-1.2, 1.0, 0.5])
    for settings in (
        {"method": "BFGS", "jac": grad(rosenbrock)},
        {"method": "Newton-CG", "jac": grad(rosenbrock), "hessp": hvp(rosenbrock)},
        {"method": "trust-exact", "jac": grad(rosenbrock), "hess": hessian(rosenbrock)},
        {"method": "SLSQP", "jac": jacobian(rosenbrock), "constraints": {"type": "eq", "fun": lambda x: x[0] - 1.0}},
    ):
        np.testing.assert_allclose(optimize.minimize(rosenbrock, start, **settings).x, 1.0, atol=1e-3)
    found = optimize.minimize(value_and_grad(rosenbrock), start, jac=True, method="L-BFGS-B")
    np.testing.assert_allclose(found.x, 1.0, atol=1e-3)
    assert optimize.root_scalar(lambda x: x**3 - 2.0, fprime=grad(lambda x: x**3), x0=1.0).root == pytest.approx(
        2 ** (1 / 3)
    )
    assert optimize.least_squares(lambda x: x**2 - 2.0, [1.0], jac=jacobian(lambda x: x**2)).x == pytest.approx(2**0.5)


# --- subclasses of arrays ----------------------------------------------------------------------------------


class Metres(np.ndarray[Any, Any]):
    """An array with a unit."""

    unit = "m"


class Doubled(np.ndarray[Any, Any]):
    """An array with another product and another sum."""

    def __mul__(self, other: Any) -> Any:
        return np.asarray(self) + other

    def sum(self, *args: Any, **kwargs: Any) -> Any:
        return 2 * np.asarray(self).sum(*args, **kwargs)


SQUARE = np.array([[1.0, 2.0], [3.0, 4.0]])
REFUSED = [
    (np.matrix(SQUARE), r"\* means a matrix product for np.matrix"),
    (np.ma.array(SQUARE, mask=[[0, 1], [0, 0]]), "no masked arrays"),
    (SQUARE.view(Metres), "no units"),
]


def of_squares(x: Any) -> Any:
    return (x * x).sum()


@pytest.mark.parametrize(("given", "message"), REFUSED)
@pytest.mark.parametrize(
    "transform", [grad, value_and_grad, jacobian, hessian, elementwise_grad, lambda f: partial(vjp, f)]
)
def test_a_subclass_that_means_more_is_refused_as_an_argument(given: Any, message: str, transform: Any) -> None:
    """Before, a gradient of ``m * m`` that was neither the product's nor the square's, and one of masked numbers."""
    with pytest.raises(TypeError, match=message):
        transform(of_squares)(given)


@pytest.mark.parametrize(("given", "message"), REFUSED[1:])
def test_it_is_refused_as_data_seed_and_tangent_too(given: Any, message: str) -> None:
    t = Tensor(SQUARE)
    for use in (
        lambda: Tensor(given),
        lambda: setattr(t, "data", given),
        lambda: (t * t).backward(given),
        lambda: vjp(lambda x: x * x, SQUARE)[1](given),
        lambda: jvp(lambda x: x * x, (SQUARE,), (given,)),
    ):
        with pytest.raises(TypeError, match=message):
            use()


def test_other_subclasses_are_plain_arrays(tmp_path: Any) -> None:
    stored = np.memmap(tmp_path / "numbers", dtype=float, mode="w+", shape=(2, 2))
    stored[...] = SQUARE
    for array in (stored, SQUARE.view(Doubled), Tensor(SQUARE).data):
        np.testing.assert_array_equal(grad(of_squares)(array), 2 * SQUARE)
        assert type(Tensor(array)._data) is np.ndarray
    np.testing.assert_array_equal(Tensor(np.matrix(SQUARE)).data, SQUARE)
