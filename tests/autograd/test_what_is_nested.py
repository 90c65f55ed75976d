"""Derivatives are plain numbers unless a variable from outside is in play."""

from __future__ import annotations

import numpy as np

from autograd import Tensor, grad, jvp

X = np.ones(3)


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
