"""SciPy's special functions: values, derivatives of both orders in both modes, limits, refusals."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import numpy as np
import pytest
import scipy.special as sp

from autograd import NoRuleError, Tensor, Value, grad, special
from tests.autograd.functions.derivatives import check

rng = np.random.default_rng(5)
UNIT = rng.uniform(0.1, 0.9, (2, 3))
POSITIVE = rng.uniform(0.5, 3, (2, 3))
REAL = rng.normal(size=(2, 3)) + 0.05
OTHER = rng.uniform(0.5, 3, (2, 3))

EVERYWHERE = """erf erfc erfcx erfi dawsn ndtr log_ndtr expit log_expit i0 i1 i0e i1e j0 j1 cosm1 exp2 exp10 cbrt expm1
sindg cosdg gamma gammaln digamma psi""".split()
WHERE_POSITIVE = "gamma gammaln loggamma digamma entr log1p k0 k1 k0e k1e y0 y1 expi exp1".split()
ON_UNIT = "erfinv erfcinv ndtri logit entr".split()
OF_TWO = "beta betaln xlogy xlog1py rel_entr kl_div binom poch huber pseudo_huber".split()
OF_ORDER = "iv ive kv kve jv jn yv gammainc gammaincc".split()


@pytest.mark.parametrize("name", EVERYWHERE)
def test_on_the_real_line(name: str) -> None:
    check(getattr(sp, name), REAL, name, rtol=1e-4)


@pytest.mark.parametrize("name", WHERE_POSITIVE)
def test_on_positive_numbers(name: str) -> None:
    check(getattr(sp, name), POSITIVE, name, rtol=1e-4)


@pytest.mark.parametrize("name", ON_UNIT)
def test_on_probabilities(name: str) -> None:
    check(getattr(sp, name), UNIT, name, rtol=1e-4)


@pytest.mark.parametrize("name", OF_TWO)
def test_of_two_arguments(name: str) -> None:
    f = getattr(sp, name)
    check(lambda x: f(x, OTHER), POSITIVE, name, rtol=1e-4)
    check(lambda x: f(OTHER, x), POSITIVE, name, rtol=1e-4)
    check(lambda x: f(x, x**2 + 0.1), POSITIVE, name, rtol=1e-4)


@pytest.mark.parametrize("name", OF_ORDER)
def test_of_a_constant_order(name: str) -> None:
    f = getattr(sp, name)
    for order in (0.5, 2.5, 3):
        check(lambda x: f(order, x), POSITIVE, name, rtol=1e-4)
    with pytest.raises(NoRuleError, match=f"scipy.special.({name}|jv) has no derivative in this argument"):
        grad(lambda v: np.sum(f(v, POSITIVE)))(POSITIVE)


OTHERS: dict[str, tuple[Any, Any]] = {
    "yn": (lambda x: sp.yn(3, x), POSITIVE),
    "expn 0": (lambda x: sp.expn(0, x), POSITIVE),
    "expn 3": (lambda x: sp.expn(3, x), POSITIVE),
    "expn of several": (lambda x: sp.expn([0, 1, 4], x), POSITIVE),
    "ndtri_exp": (sp.ndtri_exp, -POSITIVE),
    "gammaincinv": (lambda x: sp.gammaincinv(2.5, x), UNIT),
    "gammainccinv": (lambda x: sp.gammainccinv(2.5, x), UNIT),
    "betainc": (lambda x: sp.betainc(2.0, 0.7, x), UNIT),
    "betaincinv": (lambda x: sp.betaincinv(2.0, 0.7, x), UNIT),
    "boxcox": (lambda x: sp.boxcox(x, 0.3) + sp.boxcox(x, 0.0), POSITIVE),
    "boxcox1p": (lambda x: sp.boxcox1p(x, 0.3) + sp.boxcox1p(x, 0.0), POSITIVE),
    "inv_boxcox": (lambda x: sp.inv_boxcox(x, 0.3) + sp.inv_boxcox(x, 0.0), POSITIVE),
    "inv_boxcox1p": (lambda x: sp.inv_boxcox1p(x, 0.3) + sp.inv_boxcox1p(x, 0.0), POSITIVE),
    "sici": (lambda x: sp.sici(x)[0] * sp.sici(x)[1], POSITIVE),
    "fresnel": (lambda x: sp.fresnel(x)[0] * sp.fresnel(x)[1], REAL),
    "erf of complex": (lambda x: sp.erf(x * (1 + 0.3j)), UNIT),
    "sinc": (sp.sinc, REAL),
}


@pytest.mark.parametrize("name", OTHERS)
def test_others(name: str) -> None:
    f, x = OTHERS[name]
    check(f, x, name, rtol=1e-4)


AXES = (None, 0, -1, (0, 1))
PYTHON: dict[str, tuple[Any, Any, Any]] = {
    "softmax": (special.softmax, sp.softmax, AXES),
    "log_softmax": (special.log_softmax, sp.log_softmax, AXES),
    "logsumexp": (special.logsumexp, sp.logsumexp, AXES),
}


@pytest.mark.parametrize("name", PYTHON)
def test_along_axes(name: str) -> None:
    ours, theirs, axes = PYTHON[name]
    for axis in axes:
        check(lambda x: ours(x, axis=axis), REAL, name, reference=lambda x: theirs(x, axis=axis))


def test_logsumexp_options() -> None:
    def both(**options: Any) -> tuple[Any, Any]:
        return (lambda x: special.logsumexp(x, **options)), (lambda x: sp.logsumexp(x, **options))

    some = np.array([1.0, 0, 2])
    for options in ({"keepdims": True}, {"axis": 1, "b": OTHER}, {"axis": 1, "b": some, "keepdims": True}):
        ours, theirs = both(**options)
        check(ours, REAL, str(options), reference=theirs)
    check(lambda b: special.logsumexp(REAL, 0, b=b), POSITIVE, reference=lambda b: sp.logsumexp(REAL, 0, b=b))
    y, sign = special.logsumexp(Tensor(REAL), b=-POSITIVE, return_sign=True)
    expected = sp.logsumexp(REAL, b=-POSITIVE, return_sign=True)
    np.testing.assert_allclose([y.item(), sign], expected)


def test_logsumexp_of_infinities() -> None:
    infinite = np.array([-np.inf, -np.inf])
    assert special.logsumexp(Tensor(infinite)).item() == -np.inf
    np.testing.assert_array_equal(grad(special.logsumexp)(infinite), 0)
    np.testing.assert_allclose(grad(special.logsumexp)(np.array([-np.inf, 1.0, 1.0])), [0, 0.5, 0.5])


def test_polygamma() -> None:
    for n in (0, 1, 2, 3):
        check(lambda x: special.polygamma(n, x), POSITIVE, reference=lambda x: sp.polygamma(n, x), rtol=1e-4)
    with pytest.raises(ValueError, match="n has to be"):
        special.polygamma(-1, Tensor(POSITIVE))


def test_multigammaln() -> None:
    check(
        lambda x: special.multigammaln(x + 1, 3),
        POSITIVE,
        reference=lambda x: np.vectorize(lambda a: sp.multigammaln(a, 3))(x + 1),
    )
    with pytest.raises(ValueError, match="greater than"):
        special.multigammaln(Tensor(0.5), 3)


def test_far_out() -> None:
    """Where quotients of vanishing numbers would fail; exact values are the leading terms of asymptotic series."""
    slope = grad(lambda x: np.sum(sp.log_ndtr(x)))(np.array([-1e5, -50.0, 0.0, 40.0]))
    np.testing.assert_allclose(slope[:3], [1e5, 50.01998403, np.sqrt(2 / np.pi)], rtol=1e-8)
    assert 0 <= slope[3] < 1e-300
    np.testing.assert_array_equal(grad(lambda x: np.sum(sp.log_expit(x)))(np.array([-1000.0, 1000.0])), [1, 0])
    np.testing.assert_array_equal(grad(lambda x: np.sum(sp.expit(x)))(np.array([-1000.0, 1000.0])), [0, 0])
    for f in (sp.j1, sp.i1, sp.i1e):
        assert grad(lambda x: np.sum(f(x)))(np.zeros(1)) == 0.5


def test_zeros_of_products_with_logarithms() -> None:
    slope = grad(lambda y: np.sum(sp.xlogy(np.array([0.0, 2.0]), y)))(np.array([0.0, 4.0]))
    np.testing.assert_array_equal(slope, [0, 0.5])
    slope = grad(lambda y: np.sum(sp.xlog1py(np.array([0.0, 2.0]), y)))(np.array([-1.0, 3.0]))
    np.testing.assert_array_equal(slope, [0, 0.5])


def test_single_precision_stays() -> None:
    x = Tensor(POSITIVE.astype(np.float32))
    y = sp.gammaln(x) * sp.erf(x) + sp.j1(x) + sp.jv(2, x) + special.softmax(x)
    y.sum().backward()
    assert y.dtype == np.float32 and x.grad.dtype == np.float32


def test_refused_by_name() -> None:
    with pytest.raises(NoRuleError, match="^scipy.special.ellipk has no rule"):
        sp.ellipk(Tensor(UNIT))


def test_loaded_only_when_needed() -> None:
    """Importing autograd, and using it, needs no SciPy; a ufunc of SciPy brings its rules along."""
    program = """
import sys, numpy as np, autograd
np.linalg.inv(autograd.Tensor(np.eye(2)))
assert not [name for name in sys.modules if name.startswith("scipy")]
import scipy.special
x = autograd.Tensor(0.0)
scipy.special.erf(x).backward()
assert abs(x.grad - 2 / np.sqrt(np.pi)) < 1e-15
"""
    subprocess.run([sys.executable, "-c", program], check=True)


OF_VALUES: dict[str, tuple[Any, ...]] = {
    **{name: (0.7,) for name in (*EVERYWHERE, *WHERE_POSITIVE, *ON_UNIT) if name != "exp2"},
    **{name: (0.7, 1.3) for name in OF_TWO},
}


@pytest.mark.parametrize("name", OF_VALUES)
def test_of_values(name: str) -> None:
    f, point = getattr(sp, name), OF_VALUES[name]
    inputs = [Value(x) for x in point]
    y = f(*inputs)
    assert isinstance(y, Value) and y.data == pytest.approx(f(*point), rel=1e-14)
    y.backward()
    for i, x in enumerate(inputs):
        forward, backward = list(point), list(point)
        forward[i] += 1e-6
        backward[i] -= 1e-6
        assert x.grad == pytest.approx((f(*forward) - f(*backward)) / 2e-6, rel=1e-6, abs=1e-8)


def test_order_of_a_bessel_function_of_values() -> None:
    x = Value(1.3)
    sp.jv(2, x).backward()
    assert x.grad == pytest.approx(sp.jvp(2, 1.3))
    with pytest.raises(NoRuleError, match="no derivative in this argument"):
        sp.jv(Value(2.0), x).backward()
