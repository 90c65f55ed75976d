"""Numeric slopes: the error bar must hold, and be narrow; kinks, jumps and edges must be told apart."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd.check.numeric import complex_step, probe, scales, short_ladder


def rows(f):
    return lambda points: np.stack([f(z) for z in points])


def slopes(f, x):
    z = np.atleast_1d(np.asarray(x, dtype=float))
    s = scales([z])
    with np.errstate(all="ignore"):
        found = probe(rows(lambda v: np.atleast_1d(f(v)).astype(float)), z, s, np.atleast_1d(f(z)).astype(float))
    return found, float(s[0])


SMOOTH = [
    (np.sin, 1.3, np.cos(1.3), 1e-10),
    (np.exp, 2.0, np.exp(2), 1e-10),
    (lambda x: x * x, 3.0, 6.0, 1e-10),
    (lambda x: 1e-20 * x * x, 3.0, 6e-20, 1e-10),
    (lambda x: 2 * x, 1e300, 2.0, 1e-10),
    (np.log, 1e-5, 1e5, 1e-10),
    (np.tan, 1.57, 1 / np.cos(1.57) ** 2, 1e-9),
    (lambda x: np.sin(1e6 * x), 1.3, 1e6 * np.cos(1.3e6), 1e-7),
    (lambda x: x + 1e-6 * np.sin(1e4 * x), 1.3, 1 + 1e-2 * np.cos(1.3e4), 1e-9),
    (lambda x: np.abs(x - 1), 1 + 1e-9, 1.0, 1e-5),
    (lambda x: (x + 1e6) - 1e6, 1.0, 1.0, 1e-7),
    (lambda x: np.sin(x.astype(np.float32)).astype(float), 1.3, np.cos(1.3), 1e-4),
    (lambda x: np.round(x, 3), 1.2342, 0.0, 1e-10),
    (lambda x: 0 * x + 5, 1.3, 0.0, 1e-10),
]


@pytest.mark.parametrize("f, x, true, sharp", SMOOTH)
def test_the_error_bar_holds_and_is_narrow(f, x, true, sharp):
    found, s = slopes(f, x)
    assert abs(found.value[0] / s - true) <= 3 * found.error[0] / s + 1e-15 * abs(true)
    assert found.error[0] / s <= sharp * max(abs(true), 1.0 if true == 0 else abs(true))
    assert found.kind[0] == "smooth"


@pytest.mark.parametrize(
    "f, x, kind, low, high",
    [
        (lambda x: np.maximum(x, 0), 0.0, "kink", 0, 1),
        (lambda x: np.abs(x - 1), 1.0, "kink", -1, 1),
        (lambda x: np.maximum(x - 1, 0) + np.sin(x), 1.0, "kink", np.cos(1), np.cos(1) + 1),
        (np.floor, 2.0, "jump", 0, 0),
        (lambda x: np.where(x >= 0, x + 1, x), 0.0, "jump", 1, 1),
    ],
)
def test_kinks_and_jumps_have_their_one_sided_slopes(f, x, kind, low, high):
    found, s = slopes(f, x)
    assert found.kind[0] == kind
    assert found.low[0] / s == pytest.approx(low, abs=1e-6)
    assert found.high[0] / s == pytest.approx(high, abs=1e-6)


def test_edges_and_vertical_tangents_are_named():
    assert slopes(np.sqrt, 0.0)[0].kind[0] == "vertical tangent"
    assert slopes(np.cbrt, 0.0)[0].kind[0] == "vertical tangent"
    found, s = slopes(lambda x: x**1.5, 0.0)
    assert found.kind[0] == "edge of the domain"
    assert abs(found.value[0]) <= 3 * found.error[0] < 1e-6


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.floats(-3, 3), min_size=1, max_size=6),
    st.floats(-5, 5).filter(lambda x: x == 0 or abs(x) > 1e-100),
)
def test_polynomials_are_within_their_error_bars(coefficients, x):
    p = np.polynomial.Polynomial(coefficients)
    found, s = slopes(lambda v: p(v), x)
    size = sum(abs(c) * max(abs(x), 1) ** k for k, c in enumerate(coefficients))
    assert abs(found.value[0] / s - p.deriv()(x)) <= 3 * found.error[0] / s + 1e-14 * size + 1e-300


def test_the_short_ladder_trusts_smooth_functions_only():
    z = np.array([1.3])
    trusted = short_ladder(rows(np.sin), z, np.array([[1.0]]), np.sin(z), np.zeros(1))
    assert trusted.trusted.all() and abs(trusted.value[0, 0] - np.cos(1.3)) < 1e-11

    def ripple(v):
        return v + 1e-6 * np.sin(1e6 * v)

    assert not short_ladder(rows(ripple), z, np.array([[1.0]]), ripple(z), np.zeros(1)).trusted.any()


def test_the_complex_step_is_verified():
    z, d = np.array([0.7]), np.array([0.5])
    real = probe(rows(np.sin), z, d, np.sin(z))
    value, error = complex_step(np.sin, z, d, np.sin(z), real)
    assert value[0] == pytest.approx(0.5 * np.cos(0.7), rel=1e-14) and error[0] < 1e-14
    # The modulus of a complex number is not analytic: its complex step is 0, the truth 0.5.
    assert complex_step(np.abs, z, d, np.abs(z), probe(rows(np.abs), z, d, np.abs(z))) is None
    wrong = complex_step(lambda v: np.abs(v) + 0j, z, d, np.abs(z), probe(rows(np.abs), z, d, np.abs(z)))
    assert wrong is None or wrong[0][0] == pytest.approx(0.5)
