"""What a transform hands out: plain numbers, unless variables from outside are in play; and nothing stays behind."""

from __future__ import annotations

import gc
import weakref
from typing import Any

import numpy as np
import pytest

from autograd import Tensor, Value, checkpoint, grad, hvp, jvp, value_and_grad, vjp

X, V = np.array([0.3, -0.5, 0.7]), np.array([1.0, 2.0, -1.0])


# --- plain, or recorded ----------------------------------------------------------------------------------


def test_variables_made_inside_are_nobody_elses() -> None:
    assert type(grad(lambda x: np.sum(Tensor([1.0, 2, 3]) * x))(X)) is np.ndarray


def test_second_derivative_of_a_step_is_plain_zeros() -> None:
    _, tangent = jvp(grad(lambda x: np.sum(np.sign(x))), (X,), (X,))
    assert type(tangent) is np.ndarray
    np.testing.assert_array_equal(tangent, 0)


def test_variables_from_outside_keep_their_gradient() -> None:
    w = Tensor([1.0, 2.0, 3.0])
    gradient = grad(lambda x: np.sum(w * x**2))(X)
    assert isinstance(gradient, Tensor)
    gradient.sum().backward()
    np.testing.assert_array_equal(w.grad, 2 * X)


@pytest.mark.parametrize(
    "inner",
    [
        lambda f, x: value_and_grad(f, has_aux=True)(x)[0][1],
        lambda f, x: grad(f, has_aux=True)(x)[1],
        lambda f, x: vjp(f, x, has_aux=True)[2],
        lambda f, x: jvp(f, (x,), (1.0,), has_aux=True)[2],
    ],
)
def test_aux_keeps_the_gradient_of_an_enclosing_derivative(inner: Any) -> None:
    """The output does not depend on w, aux does."""
    assert grad(lambda w: inner(lambda x: (x * x, w * x), 3.0))(2.0) == 3.0
    assert grad(lambda w: inner(lambda x: (x * x, w * x), Value(3.0)))(Value(2.0)).data == 3.0
    assert grad(lambda w: inner(lambda x: (x * x, boxed(w * x)), 3.0)[0])(2.0) == 3.0


def boxed(*objects: Any) -> Any:
    """An array of objects. (``np.array`` would ask a Tensor for its numbers.)"""
    box = np.empty(len(objects), dtype=object)
    for i, x in enumerate(objects):
        box[i] = x
    return box


LARGE = np.full(20_000, 0.5)  # large enough for the engine to throw inner numbers away


def test_numbers_that_were_thrown_away_are_handed_out_as_arrays() -> None:
    def f(x: Any) -> Any:
        a = x * 2.0
        b = a + 1.0
        y = np.sum(np.tanh(b) + 0.0)
        return y, {"a": a, "box": boxed(b, a, Value(2.0)), "both": [b, 3.0]}

    for aux in (
        value_and_grad(f, has_aux=True)(LARGE)[0][1],
        jvp(f, (LARGE,), (LARGE,), has_aux=True)[2],
        vjp(f, LARGE, has_aux=True)[2],
    ):
        for array, number in ((aux["a"], 1.0), (aux["box"][0], 2.0), (aux["box"][1], 1.0), (aux["both"][0], 2.0)):
            assert type(array) is np.ndarray and array.flags.writeable
            np.testing.assert_array_equal(array, number)
        assert aux["box"][2] == 2.0 and type(aux["box"][2]) is float and aux["both"][1] == 3.0


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


def test_a_number_that_comes_out_as_it_went_in_is_a_number() -> None:
    for value in (value_and_grad(lambda x: x)(2.0)[0], vjp(lambda x: x, 2.0)[0], jvp(lambda x: x, (2.0,), (1.0,))[0]):
        assert type(value) is float
