"""Every rule of the table against SymPy: as formulas, and as numbers to second order."""

from __future__ import annotations

import math
import random
from typing import Any

import mpmath
import numpy as np
import pytest
import sympy as sp

import autograd
from autograd import RULES, Elementwise, Symbol, Tensor, Value, jvp
from autograd.functions import ufuncs
from autograd.rules.activations import SELU_ALPHA, SELU_SCALE
from autograd.rules.code import source
from autograd.rules.nary import Nary
from autograd.rules.table import BUILT_IN
from tests.autograd.reference import DIGITS, FUNCTIONS, REFERENCE, derivatives, high_precision, smooth_at

SCALAR_RULES = sorted(REFERENCE)


def test_every_operation_of_values_has_a_reference() -> None:
    built_in = {name: RULES[name] for name in BUILT_IN}
    methods = {name for name, rule in built_in.items() if isinstance(rule, Elementwise) and hasattr(Value, name)}
    many = {name for name, rule in RULES.items() if isinstance(rule, Nary)}
    assert methods | many <= set(REFERENCE) <= set(RULES)


def points(name: str, count: int) -> list[tuple[float, ...]]:
    rng = random.Random(name)
    found: list[tuple[float, ...]] = []
    while len(found) < count:
        at = tuple(rng.uniform(low, high) for low, high in REFERENCE[name].domain)
        if smooth_at(name, at):
            found.append(at)
    return found


@pytest.mark.parametrize("name", SCALAR_RULES)
def test_numbers_to_second_order(name: str) -> None:
    formula, symbols = REFERENCE[name].formula, REFERENCE[name].symbols
    slopes = [sp.diff(formula, s) for s in symbols]
    exact = [high_precision(slope, symbols) for slope in slopes]
    exact_second = [[high_precision(sp.diff(slope, s), symbols) for s in symbols] for slope in slopes]
    for at in points(name, 25):
        y, first, second = derivatives(RULES[name], at)
        with mpmath.workdps(DIGITS):
            precise = [mpmath.mpf(x) for x in at]
            assert y == pytest.approx(float(FUNCTIONS[name](*precise)), rel=1e-13, abs=1e-15)
            for got, want in zip(first, exact):
                assert got == pytest.approx(float(want(*precise)), rel=1e-11, abs=1e-14), at
            for row, wants in zip(second, exact_second):
                for got, want in zip(row, wants):
                    assert got == pytest.approx(float(want(*precise)), rel=1e-10, abs=1e-13), at


# What the printed formulas call, in SymPy. Constants print as floats and are read as what they stand for.
_PRINTED = {
    **{name: sp.Lambda(tuple(reference.symbols), reference.formula) for name, reference in REFERENCE.items()},
    "exp": sp.exp, "log": sp.log, "sqrt": sp.sqrt, "sin": sp.sin, "cos": sp.cos, "cosh": sp.cosh, "sinh": sp.sinh,
    "erf": sp.erf, "abs": sp.Abs,
}  # fmt: skip
_CONSTANTS = {
    math.log(2): "log(2)", math.log(10): "log(10)", math.sqrt(2): "sqrt(Integer(2))",
    2 / math.sqrt(math.pi): "(2/sqrt(pi))", math.sqrt(2 * math.pi): "sqrt(2*pi)",
    float(SELU_SCALE): "λ", float(SELU_SCALE * SELU_ALPHA): "(λ*α)",
}  # fmt: skip
_SMOOTH_FORMULAS = sorted(
    set(SCALAR_RULES)
    - {"abs", "sign", "step", "share", "maximum", "minimum", "relu", "leaky_relu", "elu", "selu", "cbrt", "softsign"}
    - {"sum", "dot", "max", "min", "logsumexp"}
)


@pytest.mark.parametrize("name", _SMOOTH_FORMULAS)
def test_formula_is_the_derivative_symbolically(name: str) -> None:
    """The printed source of each partial, read by SymPy, minus SymPy's own derivative, simplifies to 0."""
    positive = sp.symbols("a b", positive=True)
    letters = positive[: len(REFERENCE[name].domain)]
    formula = REFERENCE[name].formula.subs(dict(zip(REFERENCE[name].symbols, letters)))
    operands = [Symbol(str(s)) for s in letters]
    for partial, letter in zip(RULES[name].partials, letters):
        written = partial(Symbol("y"), *operands)
        python = source(written) if isinstance(written, Symbol) else str(written)
        for number, exact in _CONSTANTS.items():
            python = python.replace(repr(number), exact)
        read = eval(
            python,
            {"__builtins__": {}},
            {**_PRINTED, **dict(zip("ab", letters)), "y": formula, "pi": sp.pi, "inf": sp.oo, "Integer": sp.Integer},
        )
        difference = sp.nsimplify(sp.diff(formula, letter) - read, rational=True)
        assert any(sp.simplify(difference.rewrite(f)) == 0 for f in (sp.exp, sp.erf))


@pytest.mark.parametrize("name", [n for n in SCALAR_RULES if isinstance(RULES[n], Elementwise)])
def test_scalar_and_array_functions_agree(name: str) -> None:
    rule = RULES[name]
    columns = [np.array(column) for column in zip(*points(name, 20))]
    numbers = [rule.on_floats(*row) for row in zip(*[c.tolist() for c in columns])]
    np.testing.assert_allclose(rule.compute(*columns), numbers, rtol=4e-15, atol=1e-15)


def test_higher_orders_of_tanh() -> None:
    t = sp.Symbol("t")
    x = Value(0.7)
    y = x.tanh()
    for order in range(1, 6):
        x.zero_grad()
        y.backward(create_graph=True)
        y = x.grad
        assert y.data == pytest.approx(float(sp.diff(sp.tanh(t), t, order).subs(t, sp.Float("0.7", 30))), rel=1e-12)


@pytest.mark.parametrize("exponent", [-3, -2, -1, 0, 1, 2, 3, 4, 0.5, 1.5])
def test_powers_of_a_constant_exponent(exponent: float) -> None:
    t = sp.Symbol("t")
    power = t ** sp.nsimplify(exponent)
    for base in (2.0, 0.3, -1.5, -0.2):
        if base < 0 and exponent != int(exponent):
            continue
        x = Value(base)
        y = x**exponent
        for order in (1, 2, 3):
            x.zero_grad()
            y.backward(create_graph=True)
            if x.grad is None:  # a constant: no derivative is recorded any more
                assert exponent in range(order)
                break
            y = x.grad
            assert y.data == pytest.approx(float(sp.diff(power, t, order).subs(t, sp.nsimplify(base))), rel=1e-12)


@pytest.mark.parametrize("rule", [autograd.fmod, autograd.exp2, ufuncs.sinc], ids=lambda rule: rule.name)
def test_functions_of_numpy_give_values_floats(rule: Any) -> None:
    """NumPy's numbers would do: the sign of one is no number, and sinc took a Python float for a half."""
    arguments = (-7.5, 2.0) if rule is autograd.fmod else (-7.25,)
    y = rule.on_floats(*arguments)
    assert type(y) is float
    assert y == float(rule.compute(*map(np.float64, arguments)))
    assert autograd.sign.on_floats(y) == np.sign(y)


def test_negative_base_with_a_variable_exponent() -> None:
    """Only what is asked: with the exponent constant no logarithm is taken, with it variable the result is nan."""
    x = Value(-2.0)
    (x**3).backward()
    assert x.grad == 12.0
    x, n = Value(-2.0), Value(3.0)
    (x**n).backward()
    assert x.grad == 12.0 and math.isnan(n.grad)


@pytest.mark.parametrize(
    ("dtype", "size"), [("f2", 1e-3), ("f2", 300.0), ("f4", 1e-25), ("f4", 1e25), ("f8", 1e-200), ("f8", 1e200)]
)
def test_slopes_made_from_squares_do_not_need_them(dtype: str, size: float) -> None:
    """Where a² + b² overflows, or has too few digits left, the derivative is found another way."""
    a, b = Tensor(np.array([size, 0.5], dtype)), Tensor(np.array([2 * size, 0.25], dtype))
    np.arctan2(a, b).sum().backward()
    loose = 4 * np.finfo(dtype).eps
    np.testing.assert_allclose(a.grad, [0.4 / size, 0.8], rtol=loose)
    np.testing.assert_allclose(b.grad, [-0.2 / size, -1.6], rtol=loose)
    x = Tensor(np.array([size, 0.5], dtype))
    np.arcsinh(x).sum().backward()
    np.testing.assert_allclose(x.grad, 1 / np.hypot(np.array([size, 0.5]), 1), rtol=loose)
    if dtype == "f8":
        one, two = Value(size), Value(2 * size)
        (one.atan2(two) + one.asinh()).backward()
        assert one.grad == pytest.approx(0.4 / size + 1 / math.hypot(size, 1), rel=1e-15)


@pytest.mark.parametrize("size", [5e-324, 2.2e-313, 1e-309, 5.7e-309, 2.2e-308])
def test_the_slopes_of_an_angle_at_a_subnormal_radius_are_no_nans(size: float) -> None:
    """They are ±1/(2·size), which is infinite where that is larger than any number; 0 at the point (0, 0) alone."""
    a, b, s, t = Value(size), Value(size), Tensor([size]), Tensor([size])
    a.atan2(b).backward()
    np.arctan2(s, t).sum().backward()
    slope = 0.5 / size if size > 2.8e-309 else math.inf
    assert a.grad == -b.grad == pytest.approx(slope, rel=1e-14)
    assert s.grad[0] == -t.grad[0] == pytest.approx(slope, rel=1e-14)


@pytest.mark.parametrize("zero", [0.0, -0.0, 0])
def test_division_by_the_number_0_follows_ieee_whichever_way_it_is_differentiated(zero: float) -> None:
    slope = np.inf if math.copysign(1, zero) > 0 else -np.inf
    for x in (Value(1.0), Tensor([1.0, 2.0])):
        for create_graph in (False, True):
            x.grad = None
            with np.errstate(all="ignore"):
                (x / zero).backward(*[np.ones(2)] * isinstance(x, Tensor), create_graph=create_graph)
            assert np.all(np.asarray(getattr(x.grad, "data", x.grad)) == slope)
    with np.errstate(all="ignore"):
        assert np.all(jvp(lambda x: x / zero, (np.ones(2),), (np.ones(2),))[1] == slope)
