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
from autograd.rules import on_arrays, scalars
from autograd.rules.code import Writer
from autograd.rules.expressions import DIFFERENT, EQUAL, Symbol, compound
from autograd.rules.rule import Composite, Elementwise, is_complex, times
from autograd.rules.table import fill
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

LN2 = Constant(math.log(2), "ln 2", r"\ln 2")
LN10 = Constant(math.log(10), "ln 10", r"\ln 10")
SQRT2 = Constant(math.sqrt(2), "√2", r"\sqrt{2}")
TWO_BY_SQRT_PI = Constant(2 / math.sqrt(math.pi), "2/√π", r"\frac{2}{\sqrt{\pi}}")
SQRT_2PI = Constant(math.sqrt(2 * math.pi), "√(2π)", r"\sqrt{2\pi}")
# Klambauer et al. 2017, "Self-normalizing neural networks", eq. 14
SELU_SCALE = Constant(1.0507009873554804934193349852946, "λ", r"\lambda")
SELU_ALPHA = Constant(1.6732632423543772848170429916717, "α", r"\alpha")
SELU_LIMIT = Constant(SELU_SCALE * SELU_ALPHA, "λ·α", r"\lambda \alpha")


def is_number(x: Any, value: float) -> bool:
    """Whether x is the plain number `value` (for the simplifications)."""
    return isinstance(x, (int, float)) and not isinstance(x, Constant) and x == value


def both_numbers(a: Any, b: Any) -> bool:
    return not any(isinstance(x, (Symbol, str, Constant)) for x in (a, b))


def nonzero(x: Any) -> Any:
    """x ≠ 0 elementwise. (``!=`` on nodes is identity.)"""
    return x != 0 if isinstance(x, Symbol) else DIFFERENT(x, 0)


def equal(a: Any, b: Any) -> Any:
    """a = b elementwise. (``==`` on nodes is identity.)"""
    return EQUAL(a, b) if not isinstance(a, Symbol) and not isinstance(b, Symbol) else compound(EQUAL, (a, b))


# --- choices -----------------------------------------------------------------------------------------


class Choice(Elementwise):
    """``where``-like rules: with a plain truth value for a condition they pick a branch and record nothing."""

    own_dtype = (0,)

    def __call__(self, *inputs: Any, **static: Any) -> Any:
        condition, a, b = inputs
        if isinstance(condition, (bool, np.bool_)):
            return a if condition else b
        return super().__call__(condition, a, b, **static)

    def cotangent(self, i: int, g: Any, y: Any, *inputs: Any, **static: Any) -> Any:
        # What is not chosen gets 0, also where the cotangent is infinite.
        return times(g, 0) if i == 0 else self(inputs[0], g, 0) if i == 1 else self(inputs[0], 0, g)

    def jvp(self, tangents: Mapping[int, Any], y: Any, inputs: Sequence[Any], static: Mapping[str, Any]) -> Any:
        return self(inputs[0], tangents.get(1, 0), tangents.get(2, 0))

    def write_choice(self, writer: Writer, x: Symbol) -> ast.expr:
        """In code only the branch that is chosen is computed; on arrays, the second one where any element takes it."""
        condition, a, b = map(writer.expression, x.args)
        if not writer.arrays:
            return ast.IfExp(condition, a, b)
        if self is guarded and isinstance(x.args[2], Symbol):
            later = ast.Lambda(ast.arguments([], [], None, [], [], None, []), b)
            return ast.Call(writer.name(on_arrays.guarded_later, "guarded"), [condition, a, later], [])
        return ast.Call(writer.name(self.compute, self.name), [condition, a, b], [])


def _choose(condition: Any, a: Any, b: Any) -> Any:
    return a if condition else b


where: Elementwise = Choice(
    "where", _choose, np.where,
    lambda y, c, a, b: 0, lambda y, c, a, b: where(c, 1, 0), lambda y, c, a, b: where(c, 0, 1),
    notation=Notation(
        "({1} if {0} else {2})", r"\begin{{cases}} {1} & {0} \\ {2} & \text{{otherwise}} \end{{cases}}"),
    doc="a where the condition holds, else b.",
)  # fmt: skip

guarded: Elementwise = Choice(
    "guarded", _choose, on_arrays.guarded,
    lambda y, c, a, b: 0, lambda y, c, a, b: guarded(c, 1, 0), lambda y, c, a, b: guarded(c, 0, 1),
    notation=Notation("{1}", precedence=LOWEST, needs=(LOWEST,)),
    doc="Like where, printed as its general case: b stands in at isolated points only.",
)  # fmt: skip

# --- arithmetic --------------------------------------------------------------------------------------


def _simple_sum(a: Any, b: Any) -> Any:
    if both_numbers(a, b):
        return a + b
    if is_number(b, 0):
        return a
    if is_number(a, 0):
        return b
    return None


def _simple_difference(a: Any, b: Any) -> Any:
    if both_numbers(a, b):
        return a - b
    if is_number(b, 0):
        return a
    return -b if is_number(a, 0) else None


def _simple_product(a: Any, b: Any) -> Any:
    if both_numbers(a, b):
        return a * b
    if is_number(a, 0) or is_number(b, 0):
        return 0
    if is_number(a, 1):
        return b
    if is_number(b, 1):
        return a
    if is_number(a, -1):
        return -b
    if is_number(b, -1):
        return -a
    return square(a) if a is b and isinstance(a, Symbol) else None


def _simple_quotient(a: Any, b: Any) -> Any:
    if is_number(b, 1):
        return a
    return a / b if both_numbers(a, b) and b != 0 else None


def _simple_power(a: Any, b: Any) -> Any:
    if is_number(b, 1):
        return a
    return 1 if is_number(b, 0) else None


add = Elementwise(
    "add", operator.add, np.add, lambda y, a, b: 1, lambda y, a, b: 1,
    notation=Notation("{0} + {1}", precedence=SUM, needs=(NEGATION, SUM)), sign="+",
    simplify=_simple_sum, doc="a + b.",
)  # fmt: skip

sub = Elementwise(
    "sub", operator.sub, np.subtract, lambda y, a, b: 1, lambda y, a, b: -1,
    notation=Notation("{0} − {1}", "{0} - {1}", precedence=SUM, needs=(NEGATION, PRODUCT)), sign="-",
    simplify=_simple_difference, doc="a − b.",
)  # fmt: skip

mul = Elementwise(
    "mul", operator.mul, np.multiply, lambda y, a, b: b, lambda y, a, b: a,
    notation=Notation("{0}·{1}", r"{0} \cdot {1}", precedence=PRODUCT, needs=(PRODUCT, PRODUCT)), sign="*",
    simplify=_simple_product, doc="a·b.",
)  # fmt: skip

div = Elementwise(
    "div", operator.truediv, np.true_divide, lambda y, a, b: 1 / b, lambda y, a, b: -(y / b),
    notation=Notation(
        "{0}/{1}", r"\frac{{{0}}}{{{1}}}", precedence=PRODUCT, needs=(PRODUCT, POWER), latex_needs=(LOWEST,)),
    sign="/", simplify=_simple_quotient, doc="a/b.",
)  # fmt: skip

neg = Elementwise(
    "neg", operator.neg, np.negative, lambda y, x: -1,
    notation=Notation("−{0}", "-{0}", precedence=NEGATION, needs=(PRODUCT,)), sign="neg",
    simplify=lambda x: None if isinstance(x, (Symbol, str)) else -x, doc="−x.",
)  # fmt: skip


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
    notation=PowerNotation(), sign="**", simplify=_simple_power, doc="a raised to the power b.",
)  # fmt: skip

square = Elementwise(
    "square", lambda x: x * x, np.square, lambda y, x: 2 * x,
    notation=Notation("{0}²", "{0}^{{2}}", precedence=POWER, needs=(ATOM,)), doc="x².",
)  # fmt: skip

reciprocal = Elementwise(
    "reciprocal", lambda x: 1 / x, np.reciprocal, lambda y, x: -square(y),
    notation=Notation("1/{0}", r"\frac{{1}}{{{0}}}", precedence=PRODUCT, needs=(POWER,), latex_needs=(LOWEST,)),
    doc="1/x.",
)  # fmt: skip

identity = Elementwise(
    "identity", float, np.positive, lambda y, x: 1, notation=Notation("{0}", precedence=LOWEST),
    doc="x itself, as a node of its own.",  # a copy: writing to one must not change the other
)  # fmt: skip

# --- exponentials and logarithms ---------------------------------------------------------------------

exp = Elementwise(
    "exp", math.exp, np.exp, lambda y, x: y,
    notation=Notation("exp({0})", r"e^{{{0}}}", latex_precedence=POWER), doc="eˣ.",
)  # fmt: skip
expm1 = Elementwise("expm1", math.expm1, np.expm1, lambda y, x: exp(x), doc="eˣ − 1, exact near 0.")
log: Elementwise = Elementwise("log", math.log, np.log, lambda y, x: 1 / x,
                  notation=function("log", r"\log"), doc="Natural logarithm of x.")  # fmt: skip
log1p = Elementwise("log1p", math.log1p, np.log1p, lambda y, x: 1 / (1 + x), doc="log(1 + x), exact near 0.")
log2 = Elementwise("log2", math.log2, np.log2, lambda y, x: 1 / (x * LN2),
                   notation=function("log2", r"\log_{{2}}"), doc="Logarithm of x to base 2.")  # fmt: skip
log10 = Elementwise("log10", math.log10, np.log10, lambda y, x: 1 / (x * LN10),
                    notation=function("log10", r"\log_{{10}}"), doc="Logarithm of x to base 10.")  # fmt: skip
logaddexp = Composite(
    "logaddexp", lambda a, b: where(equal(a, b), a + LN2, maximum(a, b) + log1p(exp(-absolute(a - b)))),
    lambda y, a, b: sigmoid(a - b), lambda y, a, b: sigmoid(b - a), array=np.logaddexp,
    doc="log(eᵃ + eᵇ) without overflow.",
)  # fmt: skip

# --- roots -------------------------------------------------------------------------------------------

sqrt = Elementwise(
    "sqrt", math.sqrt, np.sqrt, lambda y, x: 1 / (2 * y),
    notation=Notation("√({0})", r"\sqrt{{{0}}}"), doc="Square root of x.",
)  # fmt: skip
cbrt = Elementwise(
    "cbrt", scalars.cbrt, np.cbrt, lambda y, x: 1 / (3 * square(y)),
    notation=Notation("∛({0})", r"\sqrt[3]{{{0}}}"), doc="Real cube root of x.",
)  # fmt: skip
hypot = Elementwise(
    "hypot", math.hypot, np.hypot,
    lambda y, a, b: guarded(nonzero(y), a / y, 0), lambda y, a, b: guarded(nonzero(y), b / y, 0),
    doc="√(a² + b²) without overflow; its gradient at (0, 0) is 0.",
)  # fmt: skip

# --- trigonometric and hyperbolic --------------------------------------------------------------------

sin = Elementwise("sin", math.sin, np.sin, lambda y, x: cos(x), notation=function("sin", r"\sin"), doc="Sine of x.")
cos: Elementwise = Elementwise("cos", math.cos, np.cos, lambda y, x: -sin(x), notation=function("cos", r"\cos"),
                               doc="Cosine of x.")  # fmt: skip
tan = Elementwise("tan", math.tan, np.tan, lambda y, x: 1 + square(y), notation=function("tan", r"\tan"),
                  doc="Tangent of x.")  # fmt: skip
# (1 − x)(1 + x) instead of 1 − x²: no cancellation near ±1.
asin = Elementwise("asin", math.asin, np.arcsin, lambda y, x: 1 / sqrt((1 - x) * (1 + x)),
                   notation=function("asin", r"\arcsin"), doc="Inverse sine of x.")  # fmt: skip
acos = Elementwise("acos", math.acos, np.arccos, lambda y, x: -(1 / sqrt((1 - x) * (1 + x))),
                   notation=function("acos", r"\arccos"), doc="Inverse cosine of x.")  # fmt: skip
atan = Elementwise("atan", math.atan, np.arctan, lambda y, x: 1 / (1 + square(x)),
                   notation=function("atan", r"\arctan"), doc="Inverse tangent of x.")  # fmt: skip


def _unless_far(square: Any, near: Any, far: Callable[[], Any]) -> Any:
    """`near`, which is made from `square`; where that has overflown or lost digits, being too small, `far` instead."""
    size = square if isinstance(square, Symbol) else plain(square)
    for fits in (size * 2.0**-53 > 0, size < math.inf):
        near = near if on_arrays.holds_for_all(fits, size) else guarded(fits, near, far())
    return near


def _over_square_of_radius(x: Any, a: Any, b: Any) -> Any:
    def far() -> Any:
        # Divided twice by the radius, which is written out each time: what a tree has once is computed beforehand.
        return guarded(nonzero(hypot(a, b)), x / hypot(a, b) / hypot(a, b), 0)

    return _unless_far(square_of_radius := square(a) + square(b), x / square_of_radius, far)


atan2 = Elementwise(
    "atan2", math.atan2, np.arctan2,
    lambda y, a, b: _over_square_of_radius(b, a, b), lambda y, a, b: -_over_square_of_radius(a, a, b),
    doc="Angle of the point (b, a); its gradient at (0, 0) is 0 by convention.",
)  # fmt: skip
sinh = Elementwise("sinh", math.sinh, np.sinh, lambda y, x: cosh(x), notation=function("sinh", r"\sinh"),
                   doc="Hyperbolic sine of x.")  # fmt: skip
cosh: Elementwise = Elementwise("cosh", math.cosh, np.cosh, lambda y, x: sinh(x), notation=function("cosh", r"\cosh"),
                   doc="Hyperbolic cosine of x.")  # fmt: skip
tanh = Elementwise("tanh", math.tanh, np.tanh, lambda y, x: 1 - square(y), notation=function("tanh", r"\tanh"),
                   doc="Hyperbolic tangent of x.")  # fmt: skip


def _asinh_slope(y: Any, x: Any) -> Any:
    slope = 1 / sqrt(inside := 1 + square(x))
    return slope if is_complex(x) else _unless_far(inside, slope, lambda: 1 / hypot(x, 1))


asinh = Elementwise(
    "asinh", math.asinh, np.arcsinh, _asinh_slope,
    doc="Inverse hyperbolic sine of x.",
)  # fmt: skip
acosh = Elementwise("acosh", math.acosh, np.arccosh, lambda y, x: 1 / (sqrt(x - 1) * sqrt(x + 1)),
                    doc="Inverse hyperbolic cosine of x.")  # fmt: skip
atanh = Elementwise("atanh", math.atanh, np.arctanh, lambda y, x: 1 / ((1 - x) * (1 + x)),
                    doc="Inverse hyperbolic tangent of x.")  # fmt: skip

# --- kinks -------------------------------------------------------------------------------------------

absolute: Elementwise = Elementwise(
    "abs", operator.abs, np.abs, lambda y, x: sign(x),
    notation=Notation("|{0}|", r"\left|{0}\right|"), doc="|x|; its derivative at 0 is 0.",
)  # fmt: skip
sign: Elementwise = Elementwise("sign", scalars.sign, np.sign, lambda y, x: 0, doc="−1, 0 or 1; its derivative is 0.")
step = Elementwise(
    "step", lambda x: 1.0 if x > 0 else 0.0, lambda x: (x > 0).astype(x.dtype), lambda y, x: 0,
    doc="Hard threshold of perceptrons: 1 if x > 0, else 0; its derivative is 0.",
)  # fmt: skip
share = Elementwise(
    "share", lambda a, b: 0.5 if a == b else float(a > b),
    on_arrays.share,
    lambda y, a, b: 0, lambda y, a, b: 0,
    notation=Notation("[{0} > {1}]", r"\left[{0} > {1}\right]", needs=(SUM,)),
    doc="What a maximum of (a, b) passes on to a: 1 if a > b, ½ at a tie, else 0.",
)  # fmt: skip
maximum: Elementwise = Elementwise(
    "maximum", scalars.larger, np.maximum, lambda y, a, b: share(a, b), lambda y, a, b: share(b, a),
    notation=function("max", r"\max"), doc="The larger one; ties share the gradient equally.",
)  # fmt: skip
minimum = Elementwise(
    "minimum", scalars.smaller, np.minimum, lambda y, a, b: share(b, a), lambda y, a, b: share(a, b),
    notation=function("min", r"\min"), doc="The smaller one; ties share the gradient equally.",
)  # fmt: skip

# --- activations -------------------------------------------------------------------------------------


def _logistic(x: Any, e: Any) -> Any:
    return where(x >= 0, 1, e) / (1 + e)


sigmoid: Elementwise = Composite(
    "sigmoid", lambda x: _logistic(x, exp(-absolute(x))), lambda y, x: y * (1 - y), array=scalars.sigmoid_array,
    notation=Notation("σ({0})", r"\sigma\left({0}\right)"), doc="1/(1 + e⁻ˣ).",
)  # fmt: skip
# The output is positive exactly where the input is, which then need not be kept.
relu = Composite(
    "relu", lambda x: maximum(x, 0), lambda y, x: step(y), sign="ReLU", doc="max(x, 0); its derivative at 0 is 0.",
)  # fmt: skip
leaky_relu = Composite(
    "leaky_relu", lambda x, a: where(x > 0, x, a * x),
    lambda y, x, a: where(x > 0, 1, a), lambda y, x, a: where(x > 0, 0, x), defaults=(0.01,),
    doc="x for x > 0, else a·x (a = 0.01 unless given).",
)  # fmt: skip
elu = Composite(
    "elu", lambda x, a: where(x > 0, x, a * expm1(minimum(x, 0))),
    lambda y, x, a: where(x > 0, 1, y + a), lambda y, x, a: where(x > 0, 0, expm1(minimum(x, 0))), defaults=(1.0,),
    doc="x for x > 0, else a·(eˣ − 1) (a = 1 unless given). Clevert et al. 2016.",
)  # fmt: skip
selu = Composite(
    "selu", lambda x: SELU_SCALE * where(x > 0, x, SELU_ALPHA * expm1(minimum(x, 0))),
    lambda y, x: where(x > 0, SELU_SCALE, y + SELU_LIMIT),
    doc="λ·x for x > 0, else λ·α·(eˣ − 1). Klambauer et al. 2017.",
)  # fmt: skip
erf = Elementwise("erf", math.erf, scalars.erf_array, lambda y, x: TWO_BY_SQRT_PI * exp(-square(x)),
                  doc="Error function of x.")  # fmt: skip
erfc = Elementwise("erfc", math.erfc, scalars.erfc_array, lambda y, x: -(TWO_BY_SQRT_PI * exp(-square(x))),
                   doc="1 − erf(x), exact where that is small.")  # fmt: skip
gelu = Composite(
    "gelu", lambda x: 0.5 * x * erfc(-x / SQRT2),
    lambda y, x: 0.5 * erfc(-x / SQRT2) + x * exp(-(square(x) / 2)) / SQRT_2PI,
    doc="x·Φ(x), Φ the normal distribution function. Hendrycks and Gimpel 2016.",
)  # fmt: skip
silu = Composite("silu", lambda x: x * sigmoid(x), doc="x·σ(x), also called swish.")
softplus = Composite("softplus", lambda x: maximum(x, 0) + log1p(exp(-absolute(x))), lambda y, x: sigmoid(x),
                     doc="log(1 + eˣ) without overflow.")  # fmt: skip
mish = Composite("mish", lambda x: x * tanh(softplus(x)), doc="x·tanh(log(1 + eˣ)). Misra 2019.")
softsign = Composite("softsign", lambda x: x / (1 + absolute(x)), lambda y, x: 1 / square(1 + absolute(x)),
                     doc="x/(1 + |x|).")  # fmt: skip

# --- operators ---------------------------------------------------------------------------------------

OPERATORS = {"add": add, "sub": sub, "mul": mul, "truediv": div, "pow": power}

fill(*[rule for rule in list(vars().values()) if isinstance(rule, Elementwise)])
