"""vjp, jvp and hvp: products with the Jacobian and the Hessian."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograd import Tensor, Value, grad, hvp, jvp, vjp
from autograd.node import plain

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


@pytest.mark.parametrize("vector", [1.0, [1.0, 2.0, -1.0], np.ones((3, 1)), np.ones(2)])
def test_hvp_refuses_a_vector_of_another_form(vector: Any) -> None:
    with pytest.raises(ValueError, match="vector"):
        hvp(lambda x: np.sum(x**3))(X, vector)


def test_a_complex_seed_of_real_numbers_is_refused() -> None:
    seed = V + 1j
    for call in (
        lambda: (Tensor(X) * 2.0).backward(seed),
        lambda: vjp(lambda x: x * 2.0, X)[1](seed),
        lambda: jvp(lambda x: x * 2.0, (X,), (seed,)),
    ):
        with pytest.raises(ValueError, match="complex"):
            call()


# --- forms -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("primals", "tangents", "message"),
    [
        (({"a": 1.0},), ({"b": 1.0},), r"tangents has the keys \['b'\] where primals has .*\['a'\]"),
        (({"a": 1.0},), (1.0,), "tangents has a float where primals has a dict"),
        (([1.0, 2.0],), ([1.0],), "tangents has 1 parts where primals has 2 parts"),
        ((1.0, 2.0), (1.0,), "tangents has 1 parts where primals has 2 parts"),
        ((X,), ([1.0, 2.0, 3.0],), "tangents has a list where primals has a single number or array"),
        ((X,), (np.ones(2),), r"shape \(2,\)"),
    ],
)
def test_tangents_have_the_form_of_the_primals(primals: Any, tangents: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        jvp(lambda *x: 1.0, primals, tangents)


@pytest.mark.parametrize("cotangent", [1.0, [1.0], {"a": 1.0}, {"a": 1.0, "b": 1.0, "c": 1.0}])
def test_a_cotangent_has_the_form_of_the_output(cotangent: Any) -> None:
    with pytest.raises(ValueError, match="the cotangent has .* where the output has"):
        vjp(lambda x: {"a": x, "b": 2 * x}, 1.0)[1](cotangent)


def test_primals_and_tangents_are_tuples() -> None:
    with pytest.raises(TypeError, match=r"jvp\(f, \(x,\), \(v,\)\)"):
        jvp(np.sin, 1.0, 1.0)


def test_hvp_takes_dicts_by_key() -> None:
    product = hvp(lambda p: p["a"] ** 2 * p["b"])({"a": 2.0, "b": 3.0}, {"b": 1.0, "a": 0.0})
    assert product == {"a": 4.0, "b": 0.0}
    with pytest.raises(TypeError, match="and then the vector"):
        hvp(np.sin)(1.0)


# --- results ---------------------------------------------------------------------------------------------


def test_results_of_numbers_are_numbers() -> None:
    y, tangent = jvp(np.sin, (0.0,), (2.0,))
    assert (y, tangent) == (0.0, 2.0) and type(y) is type(tangent) is float
    assert type(jvp(lambda x: 3.0, (1.0,), (1.0,))[1]) is float
    assert type(vjp(np.sin, 0.0)[1](1.0)[0]) is float


def test_a_recorded_pull_can_be_differentiated() -> None:
    _, pull = vjp(np.sin, X)
    np.testing.assert_allclose(plain(grad(lambda u: np.sum(pull(u)[0] ** 2))(V)), 2 * V * np.cos(X) ** 2)
    _, pull = vjp(lambda v: v**3, Value(2.0))
    assert pull(Value(1.0))[0].data == 12.0
