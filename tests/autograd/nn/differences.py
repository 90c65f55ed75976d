"""Checks of derivatives by central differences, for functions of a few float64 arrays."""

from __future__ import annotations

from typing import Any, Callable

import numpy as np

from autograd import Tensor
from autograd.node import plain
from autograd.transforms import grad, jvp


def numeric_gradients(f: Callable[..., Any], seed: Any, arrays: list[Any], step: float = 1e-6) -> list[Any]:
    """∂⟨seed, f⟩/∂array by central differences."""
    gradients = []
    for k, array in enumerate(arrays):
        gradient = np.zeros_like(array)
        for place in np.ndindex(array.shape):
            sides = []
            for sign in (1, -1):
                moved = [a.copy() for a in arrays]
                moved[k][place] += sign * step
                sides.append(np.sum(seed * f(*moved)))
            gradient[place] = (sides[0] - sides[1]) / (2 * step)
        gradients.append(gradient)
    return gradients


def check_derivatives(f: Callable[..., Any], *given: Any, second: bool = True, tolerance: float = 1e-5) -> None:
    """Backward against differences, forward against backward, and the second order the same way."""
    rng = np.random.default_rng(7)
    arrays = [np.asarray(a, float) for a in given]
    leaves = [Tensor(a) for a in arrays]
    y = f(*leaves)
    if not isinstance(y, Tensor):  # a second derivative of something linear
        assert not any(np.any(np.abs(g) > tolerance) for g in numeric_gradients(f, np.ones(np.shape(y)), arrays))
        return
    np.testing.assert_allclose(y._data, f(*arrays), rtol=1e-12, atol=1e-12)
    seed = rng.normal(size=y.shape)
    y.backward(seed)
    gradients = [np.zeros(leaf.shape) if leaf.grad is None else leaf.grad for leaf in leaves]
    for gradient, expected in zip(gradients, numeric_gradients(f, seed, arrays)):
        np.testing.assert_allclose(gradient, expected, rtol=tolerance, atol=tolerance)

    directions = [rng.normal(size=a.shape) for a in arrays]
    _, tangent = jvp(f, arrays, directions)
    along = sum(np.sum(v * g) for v, g in zip(directions, gradients))
    np.testing.assert_allclose(np.sum(seed * plain(tangent)), along, rtol=1e-8, atol=1e-10)
    if second:
        gradient_of = grad(lambda *xs: np.sum(seed * f(*xs)), argnums=tuple(range(len(arrays))))

        def slope(*xs: Any) -> Any:
            return sum(np.sum(v * g) for v, g in zip(directions, gradient_of(*xs)))

        check_derivatives(slope, *arrays, second=False, tolerance=10 * tolerance)
