"""The table of elementwise rules.

Each entry reads: name, the function on floats, on arrays, then ∂y/∂x for each input x as a formula in
the output y and the inputs. A formula never divides where the function itself is finite, unless its
derivative is infinite there; at kinks it follows the conventions of the project (relu'(0) = 0,
|x|' = 0 at 0, ties share equally, the gradient of a norm at 0 is 0).
"""

from __future__ import annotations

import ast
import math
import operator
from typing import Any, Callable, Mapping, Sequence

import numpy as np

from autograd.node import plain
from autograd.rules import of_arrays, scalars
from autograd.rules.code import Writer
from autograd.rules.expressions import RELATIONS, Symbol
from autograd.rules.rule import Composite, Elementwise, is_complex, times
from autograd.rules.table import ALIASES, RULES, fill
from autograd.rules.typeset import (
    ATOM,
    LOWEST,
    NEGATION,
    POWER,
    PRODUCT,
    SUM,
    Constant,
    Notation,
    PowerNotation,
    function,
)
from autograd.types import Settings

LN2 = Constant(math.log(2), "ln 2", r"\ln 2")
LN10 = Constant(math.log(10), "ln 10", r"\ln 10")
TWO_BY_SQRT_PI = Constant(2 / math.sqrt(math.pi), "2/√π", r"\frac{2}{\sqrt{\pi}}")


def is_number(x: Any, value: float) -> bool:
    """Whether x is the plain number `value` (for the simplifications)."""
    return isinstance(x, (int, float)) and not isinstance(x, Constant) and x == value


def both_numbers(a: Any, b: Any) -> bool:
    return not any(isinstance(x, (Symbol, str, Constant)) for x in (a, b))


def nonzero(x: Any) -> Any:
    """x ≠ 0 elementwise. (``!=`` on nodes is identity.)"""
    return RELATIONS["≠"](x, 0)


def equal(a: Any, b: Any) -> Any:
    """a = b elementwise. (``==`` on nodes is identity.)"""
    return RELATIONS["="](a, b)


# --- choices -----------------------------------------------------------------------------------------


class Choice(Elementwise):
    """``where``-like rules: with a plain truth value for a condition they pick a branch and record nothing."""

    own_dtype = (0,)

    def __call__(self, *inputs: Any, **static: Any) -> Any:
        condition, a, b = inputs
        if isinstance(condition, (bool, np.bool_)) and not static:
            return a if condition else b
        return super().__call__(condition, a, b, **static)

    def cotangent(self, i: int, g: Any, y: Any, *inputs: Any, **static: Any) -> Any:
        # What is not chosen gets 0, also where the cotangent is infinite.
        return times(g, 0) if i == 0 else self(inputs[0], g, 0) if i == 1 else self(inputs[0], 0, g)

    def jvp(self, tangents: Mapping[int, Any], y: Any, inputs: Sequence[Any], static: Settings) -> Any:
        return self(inputs[0], tangents.get(1, 0), tangents.get(2, 0))

    def write_choice(self, writer: Writer, x: Symbol) -> ast.expr:
        """In code only the branch that is chosen is computed; on arrays, the second one where any element takes it."""
        condition, a, b = map(writer.expression, x.args)
        if not writer.arrays:
            return ast.IfExp(condition, a, b)
        if self is guarded and isinstance(x.args[2], Symbol):
            later = ast.Lambda(ast.arguments([], [], None, [], [], None, []), b)
            return ast.Call(writer.name(of_arrays.guarded_later, "guarded"), [condition, a, later], [])
        return ast.Call(writer.name(self.compute, self.name), [condition, a, b], [])


def _choose(condition: Any, a: Any, b: Any) -> Any:
    return a if condition else b


# fmt: off
where: Elementwise = Choice(
    "where", _choose, np.where,
    lambda y, c, a, b: 0, lambda y, c, a, b: where(c, 1, 0), lambda y, c, a, b: where(c, 0, 1),
    notation=Notation(
        "({1} if {0} else {2})", r"\begin{{cases}} {1} & {0} \\ {2} & \text{{otherwise}} \end{{cases}}"),
    doc="a where the condition holds, else b.")

guarded: Elementwise = Choice(
    "guarded", _choose, of_arrays.guarded,
    lambda y, c, a, b: 0, lambda y, c, a, b: guarded(c, 1, 0), lambda y, c, a, b: guarded(c, 0, 1),
    notation=Notation("{1}", precedence=LOWEST, needs=(LOWEST,)),
    doc="Like where, printed as its general case: b stands in at isolated points only.")

truth = Elementwise("truth", float, lambda c: np.asarray(c, np.float64), lambda y, c: 0,
                    notation=Notation("[{0}]", r"\left[{0}\right]"), doc="1 where a condition holds, else 0.")

# --- arithmetic --------------------------------------------------------------------------------------

Trivial = Mapping[float, Callable[[Any], Any]]


def _simpler(operation: Callable[[Any, Any], Any], left: Trivial, right: Trivial) -> Callable[[Any, Any], Any]:
    """How an operation on symbols is written where it is trivial: on two numbers, and where one operand is a number
    that makes something simple of the other, by its place (``x + 0`` is x).
    """

    def simplify(a: Any, b: Any) -> Any:
        if both_numbers(a, b):
            return operation(a, b)
        for operand, other, trivial in ((b, a, right), (a, b, left)):
            for number, becomes in trivial.items():
                if is_number(operand, number):
                    return becomes(other)
        return square(a) if operation is operator.mul and a is b else None

    return simplify


_FACTORS: Trivial = {0: lambda x: 0, 1: lambda x: x, -1: operator.neg}

add = Elementwise(
    "add", operator.add, np.add, lambda y, a, b: 1, lambda y, a, b: 1,
    notation=Notation("{0} + {1}", precedence=SUM, needs=(NEGATION, SUM)), sign="+",
    simplify=_simpler(operator.add, {0: lambda x: x}, {0: lambda x: x}), doc="a + b.")

sub = Elementwise(
    "sub", operator.sub, np.subtract, lambda y, a, b: 1, lambda y, a, b: -1,
    notation=Notation("{0} − {1}", "{0} - {1}", precedence=SUM, needs=(NEGATION, PRODUCT)), sign="-",
    simplify=_simpler(operator.sub, {0: operator.neg}, {0: lambda x: x}), doc="a − b.")

mul = Elementwise(
    "mul", operator.mul, np.multiply, lambda y, a, b: b, lambda y, a, b: a,
    notation=Notation("{0}·{1}", r"{0} \cdot {1}", precedence=PRODUCT, needs=(PRODUCT, PRODUCT)), sign="*",
    simplify=_simpler(operator.mul, _FACTORS, _FACTORS), doc="a·b.")

div: Elementwise = Elementwise(  # div(1, b), since Python's own 1 / 0.0 raises
    "div", operator.truediv, np.true_divide, lambda y, a, b: div(1, b), lambda y, a, b: -(y / b),
    notation=Notation(
        "{0}/{1}", r"\frac{{{0}}}{{{1}}}", precedence=PRODUCT, needs=(PRODUCT, POWER), latex_needs=(LOWEST,)),
    sign="/", doc="a/b.",
    simplify=lambda a, b: a if is_number(b, 1) else a / b if both_numbers(a, b) and b != 0 else None)

neg = Elementwise(
    "neg", operator.neg, np.negative, lambda y, x: -1,
    notation=Notation("−{0}", "-{0}", precedence=NEGATION, needs=(PRODUCT,)), sign="neg",
    simplify=lambda x: None if isinstance(x, (Symbol, str)) else -x, doc="−x.")


def _power_slope(y: Any, a: Any, b: Any) -> Any:
    """b·a^(b−1). At exponent 0 the function is constant in the base, also at base 0, where this would be 0·∞."""
    if is_number(b, 2):
        return 2 * a
    slope = b * a ** (b - 1.0)  # 1.0, since 0 − 1 of an unsigned integer is a large number
    return guarded(nonzero(a), slope, guarded(nonzero(b), slope, 0))


power = Elementwise(
    "power", math.pow, np.power,
    _power_slope,
    lambda y, a, b: guarded(nonzero(a), y * log(a), where(b >= 0, 0, y * log(a))),
    notation=PowerNotation(), sign="**", doc="a raised to the power b.",
    simplify=lambda a, b: a if is_number(b, 1) else 1 if is_number(b, 0) else None)

square = Elementwise(
    "square", lambda x: x * x, np.square, lambda y, x: 2 * x,
    notation=Notation("{0}²", "{0}^{{2}}", precedence=POWER, needs=(ATOM,)), doc="x².", javascript="a * a")

reciprocal = Elementwise(
    "reciprocal", lambda x: 1 / x, np.reciprocal, lambda y, x: -square(y),
    notation=Notation("1/{0}", r"\frac{{1}}{{{0}}}", precedence=PRODUCT, needs=(POWER,), latex_needs=(LOWEST,)),
    doc="1/x.", javascript="1 / a")

identity = Elementwise(
    "identity", float, np.positive, lambda y, x: 1, notation=Notation("{0}", precedence=LOWEST),
    doc="x itself, as a node of its own.")  # a copy: writing to one must not change the other

# --- exponentials and logarithms ---------------------------------------------------------------------

exp = Elementwise("exp", math.exp, np.exp, lambda y, x: y, doc="eˣ.",
                  notation=Notation("exp({0})", r"e^{{{0}}}", latex_precedence=POWER))
expm1 = Elementwise("expm1", math.expm1, np.expm1, lambda y, x: exp(x), doc="eˣ − 1, exact near 0.")
log: Elementwise = Elementwise("log", math.log, np.log, lambda y, x: 1 / x, doc="Natural logarithm of x.")
log1p = Elementwise("log1p", math.log1p, np.log1p, lambda y, x: 1 / (1 + x), doc="log(1 + x), exact near 0.")
log2 = Elementwise("log2", math.log2, np.log2, lambda y, x: 1 / (x * LN2), doc="Logarithm of x to base 2.")
log10 = Elementwise("log10", math.log10, np.log10, lambda y, x: 1 / (x * LN10), doc="Logarithm of x to base 10.")
logaddexp = Composite(
    "logaddexp", lambda a, b: where(equal(a, b), a + LN2, maximum(a, b) + log1p(exp(-absolute(a - b)))),
    lambda y, a, b: sigmoid(a - b), lambda y, a, b: sigmoid(b - a), array=np.logaddexp,
    doc="log(eᵃ + eᵇ) without overflow.")


def _logistic(x: Any, e: Any) -> Any:
    return where(x >= 0, 1, e) / (1 + e)


sigmoid: Elementwise = Composite(
    "sigmoid", lambda x: _logistic(x, exp(-absolute(x))), lambda y, x: y * (1 - y), array=of_arrays.sigmoid,
    notation=Notation("σ({0})", r"\sigma\left({0}\right)"), doc="1/(1 + e⁻ˣ).")

# --- roots -------------------------------------------------------------------------------------------

sqrt = Elementwise("sqrt", math.sqrt, np.sqrt, lambda y, x: 1 / (2 * y), doc="Square root of x.",
                   notation=Notation("√({0})", r"\sqrt{{{0}}}"))
cbrt = Elementwise("cbrt", scalars.cbrt, np.cbrt, lambda y, x: 1 / (3 * square(y)), doc="Real cube root of x.",
                   notation=Notation("∛({0})", r"\sqrt[3]{{{0}}}"))
hypot = Elementwise(
    "hypot", math.hypot, np.hypot,
    lambda y, a, b: guarded(nonzero(y), a / y, 0), lambda y, a, b: guarded(nonzero(y), b / y, 0),
    doc="√(a² + b²) without overflow; its gradient at (0, 0) is 0.")

# --- trigonometric and hyperbolic --------------------------------------------------------------------

sin = Elementwise("sin", math.sin, np.sin, lambda y, x: cos(x), doc="Sine of x radians.")
cos: Elementwise = Elementwise("cos", math.cos, np.cos, lambda y, x: -sin(x), doc="Cosine of x radians.")
tan = Elementwise("tan", math.tan, np.tan, lambda y, x: 1 + square(y), doc="Tangent of x radians.")
# (1 − x)(1 + x) instead of 1 − x²: no cancellation near ±1.
asin = Elementwise("asin", math.asin, np.arcsin, lambda y, x: 1 / sqrt((1 - x) * (1 + x)), doc="Arcsine in radians.")
acos = Elementwise("acos", math.acos, np.arccos, lambda y, x: -asin.partials[0](y, x),
                   doc="Arccosine of x, in radians from 0 to π.")
atan = Elementwise("atan", math.atan, np.arctan, lambda y, x: 1 / (1 + square(x)), doc="Arctangent in radians.")


def _unless_far(square: Any, near: Any, far: Callable[[], Any]) -> Any:
    """`near`, which is made from `square`; where that has overflown or lost digits, being too small, `far` instead."""
    size = square if isinstance(square, Symbol) else plain(square)
    for fits in (size * 2.0**-53 > 0, size < math.inf):
        near = near if of_arrays.holds_for_all(fits, size) else guarded(fits, near, far())
    return near


def _over_square_of_radius(x: Any, a: Any, b: Any) -> Any:
    def far() -> Any:
        # Divided twice by the radius, which is written out each time: what a tree has once is computed beforehand.
        return guarded(nonzero(hypot(a, b)), x / hypot(a, b) / hypot(a, b), 0)

    return _unless_far(square_of_radius := square(a) + square(b), x / square_of_radius, far)


atan2 = Elementwise(
    "atan2", math.atan2, np.arctan2,
    lambda y, a, b: _over_square_of_radius(b, a, b), lambda y, a, b: -_over_square_of_radius(a, a, b),
    doc="Angle of the point (b, a) in radians; its gradient at (0, 0) is 0 by convention.")
sinh = Elementwise("sinh", math.sinh, np.sinh, lambda y, x: cosh(x), doc="Hyperbolic sine of x.")
cosh: Elementwise = Elementwise("cosh", math.cosh, np.cosh, lambda y, x: sinh(x), doc="Hyperbolic cosine of x.")
tanh = Elementwise("tanh", math.tanh, np.tanh, lambda y, x: 1 - square(y), doc="Hyperbolic tangent of x.")


def _asinh_slope(y: Any, x: Any) -> Any:
    slope = 1 / sqrt(inside := 1 + square(x))
    return slope if is_complex(x) else _unless_far(inside, slope, lambda: 1 / hypot(x, 1))


asinh = Elementwise("asinh", math.asinh, np.arcsinh, _asinh_slope, doc="Inverse hyperbolic sine of x.")
acosh = Elementwise("acosh", math.acosh, np.arccosh, lambda y, x: 1 / (sqrt(x - 1) * sqrt(x + 1)),
                    doc="Inverse hyperbolic cosine of x.")
atanh = Elementwise("atanh", math.atanh, np.arctanh, lambda y, x: 1 / ((1 - x) * (1 + x)),
                    doc="Inverse hyperbolic tangent of x.")

# --- error functions ---------------------------------------------------------------------------------

erf = Elementwise("erf", math.erf, of_arrays.erf, lambda y, x: TWO_BY_SQRT_PI * exp(-square(x)),
                  doc="Error function of x.")
erfc = Elementwise("erfc", math.erfc, of_arrays.erfc, lambda y, x: -(TWO_BY_SQRT_PI * exp(-square(x))),
                   doc="1 − erf(x), exact where that is small.")

# --- kinks -------------------------------------------------------------------------------------------

absolute: Elementwise = Elementwise(
    "abs", operator.abs, np.abs, lambda y, x: sign(x), notation=Notation("|{0}|", r"\left|{0}\right|"),
    doc="|x|; its derivative at 0 is 0.")
sign: Elementwise = Elementwise("sign", scalars.sign, np.sign, lambda y, x: 0, doc="−1, 0 or 1; its derivative is 0.")
step = Elementwise(
    "step", lambda x: 1.0 if x > 0 else 0.0, lambda x: (x > 0).astype(x.dtype), lambda y, x: 0,
    doc="Hard threshold: 1 if x > 0, else 0; its derivative is 0. Rosenblatt 1958.", javascript="a > 0 ? 1 : 0")
share = Elementwise(
    "share", lambda a, b: 0.5 if a == b else float(a > b), of_arrays.share, lambda y, a, b: 0, lambda y, a, b: 0,
    notation=Notation("[{0} > {1}]", r"\left[{0} > {1}\right]", needs=(SUM,)),
    doc="What a maximum of (a, b) passes on to a: 1 if a > b, ½ at a tie, else 0.",
    javascript="a === b ? 0.5 : a > b ? 1 : 0")
maximum: Elementwise = Elementwise(
    "maximum", scalars.larger, np.maximum, lambda y, a, b: share(a, b), lambda y, a, b: share(b, a),
    notation=function("max"), doc="The larger one; ties share the gradient equally.")
minimum = Elementwise(
    "minimum", scalars.smaller, np.minimum, lambda y, a, b: share(b, a), lambda y, a, b: share(a, b),
    notation=function("min"), doc="The smaller one; ties share the gradient equally.")
# The output is positive exactly where the input is, which then need not be kept.
relu = Composite("relu", lambda x: maximum(x, 0), lambda y, x: step(y), sign="ReLU",
                 doc="max(x, 0); its derivative at 0 is 0. Nair and Hinton 2010.")

# fmt: on

fill(*[rule for rule in list(vars().values()) if isinstance(rule, Elementwise)])


def words() -> dict[str, Elementwise]:
    """The elementwise rules of the table that are methods and words of programs, by each of their names."""
    rules = [rule for rule in RULES.values() if isinstance(rule, Elementwise) and not rule.arrays_only]
    named = {rule.name: rule for rule in rules if rule not in (where, guarded, truth, share, identity)}
    return {**named, **{alias: named[name] for alias, name in ALIASES.items()}}
