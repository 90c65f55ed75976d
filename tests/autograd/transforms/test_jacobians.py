"""jacobian and hessian: all derivatives at once."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograd import Tensor, Value, grad, hessian, jacobian

X, V = np.array([0.3, -0.5, 0.7]), np.array([1.0, 2.0, -1.0])


@pytest.mark.parametrize("mode", ["forward", "reverse"])
def test_the_jacobian_of_a_complex_output_has_both_parts(mode: str) -> None:
    actual = jacobian(lambda x: np.fft.fft(x * x), mode=mode)(X)
    np.testing.assert_allclose(actual, np.fft.fft(np.eye(3)) * 2 * X, atol=1e-15)


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


def test_complex_arguments_are_refused() -> None:
    with pytest.raises(ValueError, match="real arguments"):
        jacobian(lambda z: z * z)(X + 1j)


def test_an_unknown_mode_is_refused() -> None:
    with pytest.raises(ValueError, match="mode is 'sideways'; choose 'forward' or 'reverse'"):
        jacobian(np.sin, mode="sideways")


@pytest.mark.parametrize("mode", ["forward", "reverse", None])
def test_structures_on_both_sides(mode: Any) -> None:
    def f(p: Any) -> Any:
        return {"product": p["a"] * p["b"], "total": np.sum(p["a"])}

    blocks = jacobian(f, mode=mode)({"a": X, "b": 2.0})
    np.testing.assert_allclose(blocks["product"]["a"], 2.0 * np.eye(3))
    np.testing.assert_allclose(blocks["product"]["b"], X)
    np.testing.assert_allclose(blocks["total"]["a"], np.ones(3))
    assert blocks["total"]["b"] == 0.0 and type(blocks["total"]["b"]) is float


@pytest.mark.parametrize("argument", [X, Tensor(X)])
def test_the_hessian_of_a_quadratic_form_is_its_matrix(argument: Any) -> None:
    a = np.array([[2.0, 1.0, 0.0], [1.0, 3.0, -1.0], [0.0, -1.0, 4.0]])
    found = hessian(lambda x: x @ a @ x / 2)(argument)
    assert type(found) is type(argument)
    np.testing.assert_allclose(getattr(found, "_data", found), a)
