"""Complex numbers between real leaves: derivatives, and the convention for the gradient."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograd import Tensor, grad
from autograd.rules.table import RULES
from autograd.walks import pull_back
from tests.autograd.functions.derivatives import check

rng = np.random.default_rng(4)
X = rng.normal(size=(3, 4))
C = rng.normal(size=(4, 2)) + 1j * rng.normal(size=(4, 2))


def z(x: Any) -> Any:
    return x + 1j * x**2 + 0.3j


CASES: dict[str, Any] = {
    "real": lambda x: np.real(z(x)),
    "imag": lambda x: np.imag(z(x)),
    "attributes": lambda x: z(x).real * z(x).imag,
    "conj": lambda x: np.conj(z(x)) * z(x) ** 2,
    "conjugate method": lambda x: z(x).conj() + z(x).conjugate() ** 2,
    "abs": lambda x: np.abs(z(x)),
    "operator abs": lambda x: abs(z(x)),
    "angle": lambda x: np.angle(z(x)),
    "angle in degrees": lambda x: np.angle(z(x), deg=True),
    "sign": lambda x: np.sign(z(x)),
    "real_if_close of complex": lambda x: np.real_if_close(z(x)),
    "real_if_close of real": lambda x: np.real_if_close(x * (1 + 0j)),
    "add, subtract, multiply": lambda x: (z(x) - 2j) * z(x) + (1 - 1j) * x,
    "divide": lambda x: (2 + 1j) / z(x) + z(x) / (x + 3j),
    "power": lambda x: z(x) ** (2.5 - 1j) + z(x) ** 3 + (1 + 2j) ** x,
    "reciprocal, square": lambda x: np.reciprocal(z(x)) + np.square(z(x)),
    "exp, log": lambda x: np.exp(z(x)) + np.log(z(x)) + np.expm1(z(x)) + np.log1p(z(x)),
    "log2, log10": lambda x: np.log2(z(x)) + np.log10(z(x)),
    "sqrt": lambda x: np.sqrt(z(x)),
    "sin, cos, tan": lambda x: np.sin(z(x)) + np.cos(z(x)) + np.tan(z(x)),
    "sinh, cosh, tanh": lambda x: np.sinh(z(x)) + np.cosh(z(x)) + np.tanh(z(x)),
    "arcsin, arccos, arctan": lambda x: np.arcsin(z(x)) + np.arccos(z(x)) + np.arctan(z(x)),
    "arcsinh, arccosh, arctanh": lambda x: np.arcsinh(z(x)) + np.arccosh(z(x)) + np.arctanh(z(x)),
    "exp2, sinc": lambda x: np.exp2(z(x)) + np.sinc(z(x)),
    "polyval": lambda x: np.polyval(C[:, 0], z(x)) + np.polyval(z(x)[0], C[0, 0]),
    "var, std": lambda x: np.var(z(x), 0) * np.std(z(x)),
    "outer, kron, vdot": lambda x: np.outer(z(x), C) * np.vdot(z(x), z(x) ** 2) + np.kron(z(x), C.T).reshape(12, 8),
    "convolve, correlate": lambda x: np.convolve(z(x)[0], C[:, 0]) + np.correlate(C[:, 1], z(x)[1], "full"),
    "vecdot, trace, diff": lambda x: np.vecdot(z(x), z(x) ** 2) * np.trace(z(x)) + np.sum(np.diff(z(x))),
    "sum, mean, prod": lambda x: np.sum(z(x), 0) + np.mean(z(x), 0) * np.prod(z(x), 0),
    "cumsum, cumprod": lambda x: np.cumsum(z(x), 1) * np.cumprod(z(x), 1),
    "matmul": lambda x: z(x) @ C,
    "rmatmul": lambda x: C.T @ z(x).T,
    "matmul of both": lambda x: z(x) @ np.conj(z(x)).T,
    "matmul of vectors": lambda x: z(x)[0] @ z(x).T + z(x) @ C[:, 0],
    "einsum": lambda x: np.einsum("ij,jk,ik->k", z(x), C, z(x) @ C),
    "tensordot": lambda x: np.tensordot(z(x), C, axes=1),
    "where": lambda x: np.where(X > 0, z(x), 1j * x),
    "concatenate, index": lambda x: np.concatenate([z(x), 1j * x])[1:, ::2],
    "astype real": lambda x: np.real(z(x)).astype(float) * z(x),
}


ACTIVATIONS = ("sigmoid", "relu", "leaky_relu", "elu", "selu", "gelu", "silu", "softsign")


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activations(name: str) -> None:
    rule = RULES[name]
    check(lambda x: rule(z(x)), X, name)


@pytest.mark.parametrize("name", CASES)
def test_derivatives(name: str) -> None:
    check(CASES[name], X, name)


def test_gradient_points_uphill() -> None:
    """For a real loss, the gradient of z = a + ib is ∂L/∂a + i·∂L/∂b."""
    a, b = Tensor([3.0]), Tensor([4.0])
    point = a + 1j * b
    loss = np.sum(np.abs(point) ** 2)
    gradient = pull_back({loss: np.float64(1)}, [point])[point]
    np.testing.assert_allclose(gradient, [6 + 8j])
    loss.backward()
    np.testing.assert_allclose([a.grad[0], b.grad[0]], [6, 8])


def test_zero_is_a_kink() -> None:
    losses = (np.abs, np.angle, lambda z: np.sign(z).real)
    for f in losses:
        np.testing.assert_array_equal(grad(lambda x: np.sum(f(x * (1 + 1j))))(np.zeros(3)), 0)


def test_real_numbers_stay_real() -> None:
    x = Tensor(X)
    assert np.real(x) is x and np.conj(x) is x and x.conj() is x
    for f in (np.imag, np.angle, lambda t: np.angle(t, deg=True)):
        y = f(x)
        np.testing.assert_array_equal(y.data, f(X))
        np.testing.assert_array_equal(grad(lambda t, f=f: np.sum(f(t)))(X), 0)
    y = np.abs(z(x))
    assert y.dtype == np.float64
    y.sum().backward()
    assert x.grad.dtype == np.float64


def test_single_precision_stays() -> None:
    x = Tensor(X.astype(np.float32))
    y = np.abs(x * np.complex64(1 + 1j))
    y.sum().backward()
    assert y.dtype == np.float32 and x.grad.dtype == np.float32


def test_leaves_and_losses_are_real() -> None:
    with pytest.raises(TypeError, match="real"):
        Tensor([1j])
    with pytest.raises(ValueError, match="real"):
        np.sum(z(Tensor(X))).backward()


def test_third_order_of_powers() -> None:
    """A constant choice between plain numbers is an array too: the third derivative of t³ walks through one."""
    f = lambda t: np.sum(np.abs(X * (1 + 1j) * t) ** 3)
    third = grad(grad(grad(f)))(0.5)
    np.testing.assert_allclose(float(third), 6 * np.sum((np.sqrt(2) * np.abs(X)) ** 3))
