"""Mistakes that were once there: each of these gave wrong numbers, or lost a gradient, without an error."""

from __future__ import annotations

import gc
import weakref
from typing import Any

import numpy as np
import pytest

from autograd import (
    InPlaceError,
    LeavesGraphError,
    NoRuleError,
    Tensor,
    Value,
    checkpoint,
    elementwise_grad,
    grad,
    hvp,
    jacobian,
    jvp,
    no_grad,
    value_and_grad,
    vjp,
)

# --- memory that two tensors share ---------------------------------------------------------------------


@pytest.mark.parametrize("view", [lambda x: x.reshape(4), lambda x: x.T, lambda x: x[0], lambda x: np.squeeze(x)])
@pytest.mark.parametrize("recorded", [True, False])
def test_a_tensor_that_sees_another_ones_numbers_does_not_overwrite_them(view: Any, recorded: bool) -> None:
    x = Tensor([[1.0, 2.0], [3.0, 4.0]])
    loss = np.sum(x * x)
    if recorded:
        part = view(x)
    else:
        with no_grad():
            part = view(x)
    for written in (part.data, view(x).data):  # the second one's tensor is gone by now
        with pytest.raises(InPlaceError, match="copy"):
            written[...] = 10.0
        with pytest.raises(InPlaceError, match="copy"):
            written[:1] += 10.0
    loss.backward()
    np.testing.assert_array_equal(x.grad, [[2.0, 4.0], [6.0, 8.0]])


@pytest.mark.parametrize("copy", [lambda x: x.copy(), np.copy, np.positive])
@pytest.mark.parametrize("recorded", [True, False])
def test_a_copy_does_not_follow_what_is_written_to_the_original(copy: Any, recorded: bool) -> None:
    x = Tensor([1.0, 2.0])
    if recorded:
        kept = copy(x)
    else:
        with no_grad():
            kept = copy(x)
    x.data -= 5.0
    np.testing.assert_array_equal(kept.data, [1.0, 2.0])
    kept.data[0] = 9.0
    np.testing.assert_array_equal(x.data, [-4.0, -3.0])


def test_an_old_view_of_replaced_data_writes_to_the_old_numbers() -> None:
    x = Tensor([1.0, 2.0])
    old = x.data
    x.data = [3.0, 4.0]
    old[0] = 9.0
    np.testing.assert_array_equal(x.data, [3.0, 4.0])
    np.testing.assert_array_equal(old, [9.0, 2.0])


# --- transforms -----------------------------------------------------------------------------------------

X, V = np.array([0.3, -0.5, 0.7]), np.array([1.0, 2.0, -1.0])


def test_what_the_caller_does_to_an_output_does_not_reach_the_recorded_graph() -> None:
    (y, inner), pull, aux = vjp(lambda x: ((np.exp(x), x), np.exp(x)), X, has_aux=True)
    for array in (y, inner, aux):
        array[...] = 0.0
    np.testing.assert_allclose(pull((np.ones(3), np.zeros(3)))[0], np.exp(X))


def test_results_share_no_memory_with_what_was_given() -> None:
    seed, tangent, x = np.ones(3), V.copy(), X.copy()
    for g in vjp(lambda a, b: a + b, x, x)[1](seed):
        g *= 0.0
    y, moved = jvp(lambda a: a, (x,), (tangent,))
    y *= 0.0
    moved *= 0.0
    np.testing.assert_array_equal([seed, tangent, x], [np.ones(3), V, X])


@pytest.mark.parametrize("mode", ["forward", "reverse"])
def test_the_jacobian_of_a_complex_output_has_both_parts(mode: str) -> None:
    actual = jacobian(lambda x: np.fft.fft(x * x), mode=mode)(X)
    np.testing.assert_allclose(actual, np.fft.fft(np.eye(3)) * 2 * X, atol=1e-15)


def test_complex_numbers_where_there_is_no_one_derivative_are_refused() -> None:
    with pytest.raises(ValueError, match="real output"):
        elementwise_grad(lambda x: np.exp(1j * x))(X)
    with pytest.raises(ValueError, match="real arguments"):
        jacobian(lambda z: z * z)(X + 1j)


@pytest.mark.parametrize("vector", [1.0, [1.0, 2.0, -1.0], np.ones((3, 1)), np.ones(2)])
def test_hvp_refuses_a_vector_of_another_form(vector: Any) -> None:
    with pytest.raises(ValueError, match="vector"):
        hvp(lambda x: np.sum(x**3))(X, vector)


def test_an_argument_named_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        grad(lambda a, b: a * b, (0, -2))(1.0, 2.0)


# --- checkpoint -----------------------------------------------------------------------------------------


def test_checkpoint_uses_a_variable_of_an_enclosing_derivative() -> None:
    def f(x: Any) -> Any:
        return np.sum(checkpoint(lambda a: a * x)(x * 1.0))

    np.testing.assert_allclose(grad(lambda x: np.sum(grad(f)(x)))(X), [2.0, 2.0, 2.0])


@pytest.mark.parametrize("by", ["argument", "keyword"])
def test_checkpoint_keeps_arrays_as_they_were(by: str) -> None:
    w, scale = Tensor(X), np.full(3, 2.0)
    piece = checkpoint(lambda a, k: a * k)
    y = np.sum(piece(w, scale) if by == "argument" else piece(w, k=scale))
    scale[:] = 0.0
    y.backward()
    np.testing.assert_array_equal(w.grad, [2.0, 2.0, 2.0])


def _value_derivatives(wrapped: Any) -> list[float]:
    a, b = Value(0.7), Value(-0.3)
    y = wrapped(lambda p, q: (p * q + b * p).tanh() * a)(a * b, b)
    y.backward()

    def cube(p: Any) -> Any:
        return wrapped(lambda q: q**3 * p)(p * 2.0)

    x = Value(0.5)
    second = grad(grad(cube))(x)
    return [y.data, a.grad, b.grad, second.data, float(jvp(cube, (x,), (1.0,))[1])]


def test_checkpoint_of_values() -> None:
    np.testing.assert_allclose(_value_derivatives(checkpoint), _value_derivatives(lambda f: f), rtol=1e-14)


# --- exponents that are unsigned -------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", [np.uint8, np.bool_, np.int64])
def test_a_power_of_0_that_is_unsigned(dtype: Any) -> None:
    x = Tensor([100.0, 3.0, 0.0])
    np.sum(x ** np.array([0, 1, 1], dtype=dtype)).backward()
    np.testing.assert_array_equal(x.grad, [0.0, 1.0, 1.0])


@pytest.mark.parametrize("axes", [(), None, ...])
def test_a_number_is_indexed_beside_other_uses(axes: Any) -> None:
    x = Tensor(2.0)
    y = np.sum(x[axes] * 3.0) + x * 4.0 + x * x
    y.backward()
    assert x.grad == 11.0


# --- nothing stays behind -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "derive",
    [
        lambda x: grad(lambda a: np.sum(a * x))(X),
        lambda x: vjp(lambda a: a * x, X)[1](V),
        lambda x: jvp(lambda a: a * x, (X,), (V,)),
        lambda x: hvp(lambda a: np.sum(a**3 * x))(X, V),
        lambda x: np.sum(checkpoint(lambda a: a * x)(x * 2.0)).backward(),
    ],
)
def test_a_derivative_frees_its_graph_without_the_garbage_collector(derive: Any) -> None:
    x = Tensor(X)
    gone = weakref.ref(x)
    gc.collect()
    gc.disable()
    try:
        derive(x)
        del x
        assert gone() is None
    finally:
        gc.enable()


# --- types --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("function", [lambda x: x.erf(), lambda x: x.gelu(), lambda x: np.insert(x, 1, 5.0)])
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_the_type_of_the_numbers_stays(function: Any, dtype: Any) -> None:
    x = Tensor(np.array([0.25, 0.5], dtype))
    y = function(x)
    np.sum(y).backward()
    assert (y.dtype, x.grad.dtype) == (dtype, dtype)


def test_a_number_that_comes_out_as_it_went_in_is_a_number() -> None:
    for value in (value_and_grad(lambda x: x)(2.0)[0], vjp(lambda x: x, 2.0)[0], jvp(lambda x: x, (2.0,), (1.0,))[0]):
        assert type(value) is float


@pytest.mark.parametrize("node", [Tensor([1.0, 2.0]), Value(2.0)])
def test_a_masked_array_does_not_take_the_numbers_out_of_the_graph(node: Any) -> None:
    masked = np.ma.array([1.0, 2.0], mask=[False, True])
    for operation in (lambda: masked * node, lambda: masked + node, lambda: np.ma.multiply(node, masked)):
        with pytest.raises((LeavesGraphError, TypeError), match="masked"):
            operation()


def test_a_complex_seed_of_real_numbers_is_refused() -> None:
    seed = V + 1j
    for call in (
        lambda: (Tensor(X) * 2.0).backward(seed),
        lambda: vjp(lambda x: x * 2.0, X)[1](seed),
        lambda: jvp(lambda x: x * 2.0, (X,), (seed,)),
    ):
        with pytest.raises(ValueError, match="complex"):
            call()


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


@pytest.mark.parametrize("mode", ["forward", "reverse"])
def test_second_derivatives_of_values_are_values(mode: str) -> None:
    def f(x: Any, y: Any) -> Any:
        return x**2 * y + 0 * y

    x, y = Value(2.0), Value(3.0)
    ((xx, xy), (yx, yy)) = jacobian(grad(f, argnums=(0, 1)), argnums=(0, 1), mode=mode)(x, y)
    assert all(type(h) is Value for h in (xx, xy, yx, yy))
    assert [h.data for h in (xx, xy, yx, yy)] == [6.0, 4.0, 4.0, 0.0]
    xy.backward()  # recorded: ∂³f/∂x²∂y = 2
    assert x.grad == 2.0 and y.grad in (None, 0.0)
    # Several outputs of a structure, one of them without any derivative.
    assert [type(d) for d in jacobian(lambda x: [x * x, x > 0, y], mode=mode)(x)] == [Value] * 3
    assert jacobian(lambda x: np.array([1.0, 2.0]) * Tensor([1.0, 1.0]) * x, mode=mode)(x).shape == (2,)


def test_refused_functions_have_their_own_names() -> None:
    with pytest.raises(NoRuleError, match="^double .vectorized. has no rule"):
        np.frompyfunc(double, 1, 1)(Tensor([1.0]))
    with pytest.raises(NoRuleError, match="^np.add.at has no rule"):
        np.add.at(Tensor([1.0]), 0, 1)


def double(x: Any) -> Any:
    return 2 * x
