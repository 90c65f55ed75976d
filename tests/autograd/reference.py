"""What each rule of the table is supposed to compute, said a second time in SymPy, and where it is smooth."""

from __future__ import annotations

import itertools
import math
from typing import Any, Callable, NamedTuple

import mpmath
import sympy as sp

from autograd import Value

a, b, c, d, e = sp.symbols("a b c d e", real=True)
DIGITS = 100

# Klambauer et al. 2017, appendix A.1
_SCALE = sp.Float("1.0507009873554804934193349852946", DIGITS)
_ALPHA = sp.Float("1.6732632423543772848170429916717", DIGITS)


def _split(at_positive: Any, otherwise: Any, condition: Any = a > 0) -> Any:
    return sp.Piecewise((at_positive, condition), (otherwise, True))


def _least_gap(xs: Any) -> float:
    return min(abs(x - y) for x, y in itertools.combinations(xs, 2))


class Reference(NamedTuple):
    """One rule: its formula in a, b, c …; an interval per input; how far an input tuple is from a kink."""

    formula: Any
    domain: tuple[tuple[float, float], ...]
    distance: Callable[..., float] = lambda *x: math.inf

    @property
    def symbols(self) -> list[Any]:
        return [a, b, c, d, e][: len(self.domain)]


_LINE = (-5.0, 5.0)
_UNIT = (-0.95, 0.95)
_RIGHT = (0.05, 20.0)

REFERENCE: dict[str, Reference] = {
    "add": Reference(a + b, (_LINE, _LINE)),
    "sub": Reference(a - b, (_LINE, _LINE)),
    "mul": Reference(a * b, (_LINE, _LINE)),
    "div": Reference(a / b, (_LINE, _LINE), lambda x, y: abs(y) / 10),
    "neg": Reference(-a, (_LINE,)),
    "power": Reference(a**b, ((0.1, 4.0), (-3.0, 3.0))),
    "square": Reference(a**2, (_LINE,)),
    "reciprocal": Reference(1 / a, (_LINE,), lambda x: abs(x) / 10),
    "identity": Reference(a, (_LINE,)),
    "exp": Reference(sp.exp(a), (_LINE,)),
    "expm1": Reference(sp.exp(a) - 1, (_LINE,)),
    "log": Reference(sp.log(a), (_RIGHT,)),
    "log1p": Reference(sp.log(1 + a), ((-0.9, 20.0),)),
    "log2": Reference(sp.log(a, 2), (_RIGHT,)),
    "log10": Reference(sp.log(a, 10), (_RIGHT,)),
    "logaddexp": Reference(sp.log(sp.exp(a) + sp.exp(b)), (_LINE, _LINE)),
    "sqrt": Reference(sp.sqrt(a), (_RIGHT,)),
    "norm_root": Reference(sp.sqrt(a), (_RIGHT,)),
    "cbrt": Reference(_split(sp.cbrt(a), -sp.cbrt(-a)), (_LINE,), lambda x: abs(x) / 10),
    "hypot": Reference(sp.sqrt(a**2 + b**2), (_LINE, _LINE), lambda x, y: math.hypot(x, y) / 10),
    "sin": Reference(sp.sin(a), (_LINE,)),
    "cos": Reference(sp.cos(a), (_LINE,)),
    "tan": Reference(sp.tan(a), ((-1.4, 1.4),)),
    "asin": Reference(sp.asin(a), (_UNIT,)),
    "acos": Reference(sp.acos(a), (_UNIT,)),
    "atan": Reference(sp.atan(a), (_LINE,)),
    "atan2": Reference(
        sp.atan2(a, b), (_LINE, _LINE), lambda y, x: min(math.hypot(x, y), abs(y) if x < 0 else math.inf) / 10
    ),
    "sinh": Reference(sp.sinh(a), (_LINE,)),
    "cosh": Reference(sp.cosh(a), (_LINE,)),
    "tanh": Reference(sp.tanh(a), ((-3.0, 3.0),)),
    "asinh": Reference(sp.asinh(a), (_LINE,)),
    "acosh": Reference(sp.acosh(a), ((1.05, 20.0),)),
    "atanh": Reference(sp.atanh(a), (_UNIT,)),
    "abs": Reference(_split(a, -a), (_LINE,), abs),
    "sign": Reference(_split(1, -1), (_LINE,), abs),
    "step": Reference(_split(1, 0), (_LINE,), abs),
    "share": Reference(_split(1, 0, a > b), (_LINE, _LINE), lambda x, y: abs(x - y)),
    "maximum": Reference(_split(a, b, a > b), (_LINE, _LINE), lambda x, y: abs(x - y)),
    "minimum": Reference(_split(b, a, a > b), (_LINE, _LINE), lambda x, y: abs(x - y)),
    "sigmoid": Reference(1 / (1 + sp.exp(-a)), (_LINE,)),
    "relu": Reference(_split(a, 0), (_LINE,), abs),
    "leaky_relu": Reference(_split(a, b * a), (_LINE, _UNIT), lambda x, slope: abs(x)),
    "elu": Reference(_split(a, b * (sp.exp(a) - 1)), (_LINE, (0.1, 2.0)), lambda x, slope: abs(x)),
    "selu": Reference(_split(_SCALE * a, _SCALE * _ALPHA * (sp.exp(a) - 1)), (_LINE,), abs),
    "erf": Reference(sp.erf(a), ((-3.0, 3.0),)),
    "erfc": Reference(sp.erfc(a), ((-3.0, 3.0),)),
    "gelu": Reference(a * (1 + sp.erf(a / sp.sqrt(2))) / 2, (_LINE,)),
    "silu": Reference(a / (1 + sp.exp(-a)), (_LINE,)),
    "softplus": Reference(sp.log(1 + sp.exp(a)), (_LINE,)),
    "mish": Reference(a * sp.tanh(sp.log(1 + sp.exp(a))), (_LINE,)),
    "softsign": Reference(_split(a / (1 + a), a / (1 - a)), (_LINE,), abs),
    "sum": Reference(a + b + c, (_LINE,) * 3),
    "dot": Reference(a * c + b * d + e, (_LINE,) * 5),
    "max": Reference(_split(_split(a, c, a > c), _split(b, c, b > c), a > b), (_LINE,) * 3, lambda *xs: _least_gap(xs)),
    "min": Reference(_split(_split(b, c, b < c), _split(a, c, a < c), a > b), (_LINE,) * 3, lambda *xs: _least_gap(xs)),
    "logsumexp": Reference(sp.log(sp.exp(a) + sp.exp(b) + sp.exp(c)), (_LINE,) * 3),
}


def high_precision(formula: Any, symbols: list[Any]) -> Callable[..., Any]:
    """`formula` as a function on mpmath numbers."""
    return sp.lambdify(symbols, formula, "mpmath")


FUNCTIONS = {name: high_precision(reference.formula, reference.symbols) for name, reference in REFERENCE.items()}


def smooth_at(name: str, numbers: Any, margin: float = 1e-2) -> bool:
    """Whether all numbers lie in the rule's domain, away from its kinks and poles."""
    reference = REFERENCE[name]
    inside = all(low <= x <= high for x, (low, high) in zip(numbers, reference.domain))
    return inside and reference.distance(*numbers) >= margin


def derivatives(f: Callable[..., Any], numbers: Any) -> tuple[float, list[float], list[list[float]]]:
    """The value of `f` of Values at `numbers`, its gradient and its Hessian."""
    xs = [Value(x) for x in numbers]
    y = f(*xs)
    y.backward(create_graph=True)
    first = [x.grad for x in xs]
    second = []
    for slope in first:
        for x in xs:
            x.zero_grad()
        if slope is not None:
            slope.backward()
        second.append([0.0 if x.grad is None else x.grad for x in xs])
    return y.data, [0.0 if g is None else g.data for g in first], second


def differences(f: Callable[..., Any], numbers: Any) -> tuple[Any, list[Any], list[list[Any]]]:
    """The same by central differences in 100 digits: steps of 1e-25 leave errors of about 1e-50."""
    with mpmath.workdps(DIGITS):
        h = mpmath.mpf("1e-25")
        at = [mpmath.mpf(x) for x in numbers]

        def shifted(*moves: tuple[int, int]) -> Any:
            moved = list(at)
            for i, k in moves:
                moved[i] += k * h
            return f(*moved)

        n = range(len(at))
        first = [(shifted((i, 1)) - shifted((i, -1))) / (2 * h) for i in n]
        second = [
            [sum(p * q * shifted((i, p), (j, q)) for p in (1, -1) for q in (1, -1)) / (4 * h * h) for j in n] for i in n
        ]
        return f(*at), first, second
