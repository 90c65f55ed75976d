"""Everything that has to hold for the derivatives of a function of one real array, whose values may be complex."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd import Tensor, grad, jvp
from autograd.node import plain


def differences(f: Callable[[Any], Any], x: Any, step: float = 1e-6) -> Any:
    """The gradient of a scalar function by central differences."""
    gradient = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        forward, backward = x.copy(), x.copy()
        forward[index] += step
        backward[index] -= step
        gradient[index] = (f(forward) - f(backward)) / (2 * step)
    return gradient


def scalar_of(f: Callable[[Any], Any], weights: Any) -> Callable[[Any], Any]:
    """A scalar that moves with every output of f, real and imaginary parts apart."""

    def weighted(x: Any) -> Any:
        y = f(x)
        total = np.sum(weights.real * np.real(y))
        return total + np.sum(weights.imag * np.imag(y)) if np.iscomplexobj(weights) else total

    return weighted


def check(
    f: Callable[[Any], Any], x: Any, name: str = "", reference: Callable[[Any], Any] | None = None,
    rtol: float = 1e-5, second: bool = True,
) -> None:  # fmt: skip
    """Values equal NumPy's (or `reference`'s); every derivative agrees with differences, forward with reverse mode."""
    rng = np.random.default_rng(zlib.crc32(name.encode()))
    expected = np.asarray((reference or f)(x))
    recorded = f(Tensor(x))
    assert isinstance(recorded, Tensor)
    assert recorded.shape == expected.shape and recorded.dtype == expected.dtype
    np.testing.assert_allclose(np.asarray(recorded.data), expected, rtol=1e-9, atol=1e-11)

    weights = rng.normal(size=expected.shape)
    if np.iscomplexobj(expected):
        weights = weights + 1j * rng.normal(size=expected.shape)
    loss = scalar_of(f, weights)
    expected_loss = scalar_of(reference or f, weights)
    first = grad(loss)
    gradient = first(x)
    assert gradient.shape == x.shape
    scale = np.max(np.abs(gradient), initial=1e-3)
    np.testing.assert_allclose(gradient, differences(expected_loss, x), rtol=rtol, atol=rtol * scale)
    u, v = rng.normal(size=(2, *x.shape))
    _, tangent = jvp(loss, (x,), (v,))
    np.testing.assert_allclose(tangent, np.sum(gradient * v), rtol=1e-8, atol=1e-9 * scale)
    if not second:
        return

    # A nonlinear function of the outputs, so that linear operations have a second derivative too.
    def curved(x: Any) -> Any:
        y = f(x)
        return loss(x) ** 2 + np.sum(np.real(y * np.conj(y)) * weights.real) if y.size else loss(x)

    slope = grad(curved)
    _, hessian_v = jvp(slope, (x,), (v,))
    _, hessian_u = jvp(slope, (x,), (u,))
    scale = np.max(np.abs(hessian_v), initial=1e-3)
    np.testing.assert_allclose(np.sum(u * hessian_v), np.sum(v * hessian_u), rtol=1e-6, atol=1e-8 * scale)
    reverse = plain(grad(lambda z: np.sum(slope(z) * v))(x))
    np.testing.assert_allclose(reverse, hessian_v, rtol=1e-6, atol=1e-8 * scale)
    step = 1e-6
    numeric = (slope(x + step * v) - slope(x - step * v)) / (2 * step)
    np.testing.assert_allclose(hessian_v, numeric, rtol=10 * rtol, atol=20 * rtol * scale)
