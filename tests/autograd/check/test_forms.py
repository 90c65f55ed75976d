"""Gradients, Jacobians and Hessian products as people have them; containers, dataclasses, complex numbers."""

import dataclasses

import numpy as np
import pytest
from scipy import optimize, sparse
from scipy.sparse.linalg import aslinearoperator

from autograd.check import check_for_all, check_grad, check_gradient, check_hessp, check_jac, check_vjp, vector

X = np.array([1.2, 0.3, -1.0])
A = np.array([[1.0, 2.0, 0.5], [3.0, -4.0, 1.0]])


def test_scipys_own():
    assert check_grad(optimize.rosen, optimize.rosen_der, X)
    assert check_jac(optimize.rosen_der, optimize.rosen_hess, X)
    assert check_hessp(optimize.rosen_der, optimize.rosen_hess_prod, X)
    assert not check_hessp(optimize.rosen_der, lambda x, p: 1.01 * optimize.rosen_hess_prod(x, p), X)
    assert check_for_all(optimize.rosen, vector(3, -2, 2), grad=optimize.rosen_der, max_examples=30)
    wrong = check_for_all(
        optimize.rosen, vector(3, -2, 2), grad=lambda x: optimize.rosen_der(x) * 1.001, max_examples=30
    )
    assert wrong.verdict == "wrong" and "check_grad(rosen, grad, x)" in wrong.snippet
    assert "from scipy.optimize" in wrong.snippet and "points(vector(3, -2, 2))" in wrong.snippet


Z = np.array([1 + 2j, -0.3 + 0.1j])
M = np.array([[1 + 1j, 2.0], [0.5j, 3 - 1j], [1.0, 1j]])


def test_a_complex_jacobian_is_the_complex_derivative():
    assert check_jac(np.exp, np.exp, Z)
    assert check_jac(lambda z: M @ np.sin(z), lambda z: M * np.cos(z), Z)
    assert check_jac(lambda z: M @ np.sin(z), lambda z: np.conj(M * np.cos(z)), Z).verdict == "wrong"
    assert check_jac(lambda z, k: sparse.csr_array(M) @ z**k, lambda z, k: sparse.csr_array(M * k * z), Z, args=(2,))


def test_jacobians_between_real_and_complex_numbers():
    x = np.array([0.3, -1.0])
    assert check_jac(lambda x: M @ np.exp(1j * x), lambda x: M * 1j * np.exp(1j * x), x)
    assert check_jac(lambda z: np.abs(z) ** 2, lambda z: 2 * z, Z)  # real values: gradients, as of a loss


def test_value_and_gradient_in_one_and_fixed_arguments():
    both = lambda x, a, power=2: (a * np.sum(x**power), a * power * x ** (power - 1))
    assert check_grad(both, True, X, args=(3.0,), kwargs={"power": 3})
    scaled, wrong = lambda x, a, power=2: a * x**power, lambda g, x, a, power=2: g * a * x ** (power - 1)
    report = check_vjp(scaled, wrong, X, args=(3.0,), kwargs={"power": 3})
    assert report.cause == "off by a factor of 1/3" and "args=(3.0,), kwargs={'power': 3}, seed=" in report.snippet
    assert check_gradient(scaled, X, args=(3.0,))
    assert check_for_all(scaled, "real", args=(3.0,), max_examples=10)
    halved = check_for_all(
        lambda x, a: a * np.sum(x**2), vector(2), grad=lambda x, a: a * x, args=(3.0,), max_examples=10
    )
    assert halved.verdict == "wrong" and "x, args=(3.0,))" in halved.snippet
    report = check_grad(lambda x, a: a * np.sum(x**2), lambda x, a: a * x, X, args=(3.0,))
    assert report.cause == "off by a factor of 1/2" and "args=(3.0,)" in report.snippet
    with pytest.raises(TypeError, match="pass True"):
        check_grad(both, both, X, args=(3.0,))
    with pytest.raises(TypeError, match="write args="):
        check_grad(both, True, X, args=3.0)
    with pytest.raises(TypeError, match="use check_jac"):
        check_grad(np.sin, np.cos, X)


@pytest.mark.parametrize("form", [np.asarray, sparse.csr_matrix, aslinearoperator])
def test_forms_of_a_jacobian(form):
    assert check_jac(lambda x: A @ x, lambda x: form(A), X)
    assert check_jac(lambda x: A @ x, lambda x: form(A * [1, 1, 1.01]), X).verdict == "wrong"


def test_derivatives_entry_by_entry_and_of_several_inputs():
    assert check_jac(np.tanh, lambda x: 1 - np.tanh(x) ** 2, X)
    product = lambda x, y: x * y
    assert check_jac(product, lambda x, y: (y * np.ones_like(x), x * np.ones_like(y)), X, 2.0)
    assert "Jacobian has shape (2, 3)" in check_jac(lambda x: A @ x, lambda x: A.T, X).reason


@dataclasses.dataclass
class Layer:
    weight: np.ndarray
    bias: float
    steps: int = 3


def test_containers_and_dataclasses():
    def f(p, x):
        return np.sum(np.tanh(p["w"] @ x + p["b"][0]))

    def grad(p, x):
        t = 1 - np.tanh(p["w"] @ x + p["b"][0]) ** 2
        return {"w": np.outer(t, x), "b": (t,)}, p["w"].T @ t

    p = {"w": 0.1 * A, "b": (np.zeros(2),)}
    assert check_grad(f, grad, p, X)
    off = lambda p, x: ({**grad(p, x)[0], "w": 1.01 * grad(p, x)[0]["w"]}, grad(p, x)[1])
    report = check_grad(f, off, p, X)
    assert report.worst.name.startswith("input 0['w']") and "input 0['w']" in str(report)
    assert "{'w': np.array(" in report.snippet
    layer = Layer(X, 2.0)
    loss = lambda v: np.sum(v.weight**2) * v.bias
    assert check_grad(loss, lambda v: Layer(2 * v.weight * v.bias, float(np.sum(v.weight**2))), layer)
    assert "structure of its input" in check_vjp(loss, lambda g, v: Layer([X, X], 1.0), layer).reason


def test_complex_numbers_follow_the_convention():
    z = np.array([1 + 2j, 0.3 - 1j])
    assert check_vjp(np.exp, lambda g, z: g * np.conj(np.exp(z)), z)
    assert check_vjp(np.exp, lambda g, z: g * np.exp(z), z).worst.name.startswith("input 0.")
    assert check_vjp(lambda z: np.abs(z) ** 2, lambda g, z: 2 * g * z, 1 + 2j)
    assert check_vjp(np.fft.fft, lambda g, x: np.real(np.fft.ifft(g) * len(x)), X)


class Ridge:
    """An objective as classes with ``fit`` have it: data by the way, parameters first."""

    def __init__(self, strength):
        self.strength = strength

    def loss(self, w, x, y, *, weights=1.0):
        return np.sum(weights * (x @ w - y) ** 2) + self.strength * w @ w

    def gradient(self, w, x, y, *, weights=1.0):
        return 2 * x.T @ (weights * (x @ w - y)) + 2 * self.strength * w

    def loss_and_gradient(self, w, x, y):
        return self.loss(w, x, y), self.gradient(w, x, y)

    def hessian_product(self, w, p, x, y):
        return 2 * x.T @ (x @ p) + 2 * self.strength * p


def test_methods_of_a_class_with_data_held_fixed():
    model, x, y = Ridge(0.1), np.random.default_rng(0).normal(size=(5, 3)), np.arange(5.0)
    weights = {"weights": np.linspace(1, 2, 5)}
    assert check_grad(model.loss, model.gradient, X, args=(x, y), kwargs=weights)
    assert check_grad(model.loss_and_gradient, True, X, args=(x, y))
    assert check_hessp(model.gradient, model.hessian_product, X, args=(x, y))
    model.strength, right = 0.5, model.gradient
    report = check_grad(model.loss, lambda *args: right(*args) - model.strength * args[0], X, args=(x, y))
    assert report.verdict == "wrong"
