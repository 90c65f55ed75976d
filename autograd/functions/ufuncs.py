"""NumPy's ufuncs beyond the elementwise rules that Values share: for arrays alone.

Conventions: rounding (``floor``, ``rint``, ``round`` …) has derivative 0, also at the jumps; ``mod`` and
``fmod`` have slope 1 in the dividend and −quotient in the divisor; ``fmax`` and ``fmin`` share ties
equally and pass everything to the number that stands beside a nan; ``copysign`` keeps |x|' = 0 at 0;
``heaviside`` has slope 1 in its second argument where the first is 0; ``nextafter`` moves with its first
argument.
"""

from __future__ import annotations

import math
from typing import Any, Mapping

import numpy as np
from numpy.typing import DTypeLike

from autograd.functions.register import (
    arraylike,
    implement,
    named,
    normalised_axes,
    reduced_axes,
    refuse,
)
from autograd.functions.softmax import log_sum_exp
from autograd.node import plain
from autograd.rules import elementwise as e
from autograd.rules.expressions import Symbol
from autograd.rules.rule import Elementwise, Formula
from autograd.rules.typeset import Notation, function
from autograd.types import Array, Axis


class Ufunc(Elementwise):
    """An elementwise rule for arrays alone.

    A numbered family of functions, such as f and its derivatives, is one rule with the setting `order`, which its
    partials are given too.
    """

    arrays_only = True

    def __init__(self, name: str, array: Formula, *partials: Formula, doc: str, scalars: Formula | None = None) -> None:
        def compute(*inputs: Any, **static: Any) -> Any:
            return array(*inputs, **static)

        super().__init__(name, compute, compute, *partials, doc=doc)
        self.array = array
        self.scalars = scalars

    def notation_of(self, static: Mapping[str, Any]) -> Notation:
        return function(self.name + "′" * static["order"]) if "order" in static else self.notation

    def evaluate(self, *inputs: Any, **static: Any) -> Any:
        return self.compute(*inputs, **static)


# --- exponentials, angles, parts -----------------------------------------------------------------------

exp2 = Ufunc("exp2", np.exp2, lambda y, x: y * e.LN2, doc="2ˣ.")
logaddexp2 = Ufunc(
    "logaddexp2",
    np.logaddexp2,
    lambda y, a, b: e.sigmoid((a - b) * e.LN2),
    lambda y, a, b: e.sigmoid((b - a) * e.LN2),
    doc="log₂(2ᵃ + 2ᵇ) without overflow.",
)
copysign: Ufunc = Ufunc(
    "copysign",
    np.copysign,
    lambda y, a, b: e.sign(a) * copysign(1.0, b),
    lambda y, a, b: 0,
    doc="|a| with the sign of b.",
)
heaviside = Ufunc(
    "heaviside",
    np.heaviside,
    lambda y, x, h: 0,
    lambda y, x, h: 1 - e.square(e.sign(x)),
    doc="0 for x < 0, h at 0, 1 for x > 0.",
)
nextafter = Ufunc(
    "nextafter",
    np.nextafter,
    lambda y, a, b: 1,
    lambda y, a, b: 0,
    doc="The floating-point number next to a towards b.",
)
ldexp: Ufunc = Ufunc(
    "ldexp",
    np.ldexp,
    lambda y, x, i: ldexp(1.0, i),
    lambda y, x, i: 0,
    doc="x·2ⁱ for integers i.",
)
ldexp.own_dtype = (1,)


def degrees(x: Array) -> Array:
    return x * (180 / math.pi)


def radians(x: Array) -> Array:
    return x * (math.pi / 180)


def positive(x: Array) -> Any:
    return e.identity(x)


def float_power(a: Array, b: Array) -> Any:
    def wide(x: Array) -> Any:
        if type(x) in (int, float, complex):
            return x
        x = arraylike(x)
        return x.astype(np.result_type(x.dtype, np.float64))

    return e.power(wide(a), wide(b))


def fmax(a: Array, b: Array) -> Any:
    return _beside_nan(e.maximum, a, b)


def fmin(a: Array, b: Array) -> Array:
    return _beside_nan(e.minimum, a, b)


def _beside_nan(rule: Any, a: Array, b: Array) -> Any:
    missing_a, missing_b = np.isnan(plain(a)), np.isnan(plain(b))
    if not (np.any(missing_a) or np.any(missing_b)):
        return rule(a, b)
    return np.where(missing_a, b, np.where(missing_b, a, rule(a, b)))


def ratio(a: Array, b: Any, zero: Any = None) -> Any:
    """a/b, and 0 where b (or `zero`) is 0: nothing is divided there, which would spoil the next derivative."""
    some = e.nonzero(b if zero is None else zero)
    if isinstance(some, (bool, Symbol)):
        return e.guarded(some, a / b, 0)
    return a / b if some.all() else np.where(some, a / np.where(some, b, 1), 0)


# --- steps: derivative 0 ---------------------------------------------------------------------------------

floor = Ufunc("floor", np.floor, lambda y, x: 0, doc="The largest integer not above x. Its derivative is 0.")
ceil = Ufunc("ceil", np.ceil, lambda y, x: 0, doc="The smallest integer not below x. Its derivative is 0.")
trunc = Ufunc("trunc", np.trunc, lambda y, x: 0, doc="x without its fraction. Its derivative is 0.")
rint = Ufunc("rint", np.rint, lambda y, x: 0, doc="The nearest integer, halves to even. Its derivative is 0.")
spacing = Ufunc(
    "spacing", np.spacing, lambda y, x: 0, doc="The distance to the next floating-point number. Its derivative is 0."
)
floor_divide = Ufunc(
    "floor_divide",
    np.floor_divide,
    lambda y, a, b: 0,
    lambda y, a, b: 0,
    doc="⌊a/b⌋. Its derivatives are 0.",
)
rounded = Ufunc(
    "round",
    lambda x, decimals=0: np.round(x, decimals),
    lambda y, x, decimals=0: 0,
    doc="x to that many decimals. Its derivative is 0.",
)
remainder = Ufunc(
    "remainder",
    np.remainder,
    lambda y, a, b: 1,
    lambda y, a, b: -floor_divide(a, b),
    doc="a − b·⌊a/b⌋, with the sign of b.",
)
fmod = Ufunc(
    "fmod",
    np.fmod,
    lambda y, a, b: 1,
    lambda y, a, b: rint((y - a) / b),
    doc="The remainder of a/b with the sign of a.",
)


def round_(a: Array, decimals: int = 0, out: Any = None) -> Any:
    refuse("round", out=out)
    return rounded(a, decimals=decimals)


def divmod_(a: Array, b: Array) -> Any:
    return floor_divide(a, b), remainder(a, b)


def modf(x: Array) -> Any:
    whole = np.trunc(x)
    return x - plain(whole), whole


def frexp(x: Array) -> Any:
    _, exponent = np.frexp(plain(x))
    return ldexp(x, -exponent), exponent


# --- functions with a family of derivatives ----------------------------------------------------------------


def _sinc(x: Any, order: int = 0) -> Any:
    """The order-th derivative of sin(πx)/(πx).

    From x·f⁽ⁿ⁾ + n·f⁽ⁿ⁻¹⁾ = (sin(πx)/π)⁽ⁿ⁾ upwards where |πx| > n; nearer to 0, where that cancels, by the
    Taylor series.
    """
    x = np.asarray(x, dtype=np.result_type(np.asarray(x).dtype, np.float16))
    if order == 0:
        return np.sinc(x)
    near = np.abs(np.pi * x) <= order + 1
    away = np.where(near, 1.0, x)
    y = np.sinc(away)
    for n in range(1, order + 1):
        y = (np.pi ** (n - 1) * np.sin(np.pi * away + n * np.pi / 2) - n * y) / away
    u = np.pi * x[near]
    first, series = (order + 1) // 2, np.zeros_like(u)
    for k in reversed(range(first, first + 12 + 2 * order)):  # by Horner's rule in u²
        series = series * (u * u) + (-1) ** k / (float(2 * k + 1) * math.factorial(2 * k - order))
    series *= u ** (2 * first - order)
    y = np.asarray(y)
    y[near] = np.pi**order * series
    return y.astype(x.dtype, copy=False)[()]


sinc: Ufunc = Ufunc(
    "sinc",
    _sinc,
    lambda y, x, order=0: sinc(x, order=order + 1),
    doc="sin(πx)/(πx), or its derivative of an order.",
)


def _bessel_i(x: Any, order: int = 0) -> Any:
    """I_n(x) = (1/π) ∫ exp(x cos θ) cos nθ dθ over [0, π]: the trapezoidal rule converges geometrically."""
    if order == 0:
        return np.i0(x) if np.ndim(x) else np.i0(x)[()]
    x = np.asarray(x, dtype=np.result_type(np.asarray(x).dtype, np.float16))
    wide = x.astype(np.float64)
    size = np.abs(wide)
    half = 16 + order + int(math.sqrt(np.max(size, initial=1.0, where=np.isfinite(size))) * 6)
    total = np.zeros_like(size)
    for k in range(half + 1):  # θ and π − θ together: a cosh or sinh, here over eˣ, exact near 0
        angle = math.pi * k / (2 * half)
        other = np.expm1(-2 * size * math.cos(angle))
        pair = (other + 2 if order % 2 == 0 else -other) * np.exp(size * (math.cos(angle) - 1))
        total += (0.5 if k in (0, half) else 1.0) * math.cos(order * angle) * pair
    y = total / (2 * half) * np.exp(size) * np.where((wide < 0) & (order % 2 == 1), -1.0, 1.0)
    return y.astype(x.dtype)[()]


bessel_i: Ufunc = Ufunc(
    "bessel_i",
    _bessel_i,
    lambda y, x, order=0: (
        bessel_i(x, order=1) if order == 0 else 0.5 * (bessel_i(x, order=order - 1) + bessel_i(x, order=order + 1))
    ),
    doc="The modified Bessel function Iₙ(x).",
)

# --- reductions and accumulations by other ufuncs --------------------------------------------------------


def logaddexp_reduce(
    a: Array,
    axis: Axis = 0,
    dtype: DTypeLike | None = None,
    out: Any = None,
    keepdims: bool = False,
    initial: Any = None,
    where: Any = None,
) -> Any:
    refuse("logaddexp.reduce", dtype=dtype, out=out, initial=initial, where=None if where is True else where)
    return log_sum_exp(a, axis=reduced_axes(axis, a.ndim), keepdims=bool(keepdims))


def _running(ufunc: Any, a: Array, axis: int) -> Any:
    # Where a new extremum stands, its own position; positions only grow, so their running maximum fills the gaps.
    numbers = plain(a)
    (i,) = normalised_axes(axis, a.ndim)
    here = np.arange(a.shape[i]).reshape([-1 if k == i else 1 for k in range(a.ndim)])
    new = (numbers == ufunc.accumulate(numbers, axis=i)) | np.isnan(numbers)
    return np.take_along_axis(a, np.maximum.accumulate(np.where(new, here, 0), axis=i), i)


def running_maximum(a: Array, axis: int = 0, dtype: DTypeLike | None = None, out: Any = None) -> Any:
    refuse("maximum.accumulate", dtype=dtype, out=out)
    return _running(np.maximum, a, axis)


def running_minimum(a: Array, axis: int = 0, dtype: DTypeLike | None = None, out: Any = None) -> Any:
    refuse("minimum.accumulate", dtype=dtype, out=out)
    return _running(np.minimum, a, axis)


_ufuncs = [rule for rule in list(vars().values()) if isinstance(rule, Ufunc)]

implement(
    {
        **{rule.array: rule for rule in _ufuncs if isinstance(rule.array, np.ufunc)},
        np.fabs: e.absolute,
        np.degrees: degrees,
        np.rad2deg: degrees,
        np.radians: radians,
        np.deg2rad: radians,
        np.positive: positive,
        np.float_power: float_power,
        np.fmax: fmax,
        np.fmin: fmin,
        np.fix: lambda x, out=None: np.trunc(x),
        **dict.fromkeys(named("round", "around", "round_"), round_),
        np.divmod: divmod_,
        np.modf: modf,
        np.frexp: frexp,
        np.sinc: sinc,
        np.i0: bessel_i,
        (np.logaddexp, "reduce"): logaddexp_reduce,
        (np.maximum, "accumulate"): running_maximum,
        (np.minimum, "accumulate"): running_minimum,
    },
    constant=(np.logical_and, np.logical_or, np.logical_not, np.logical_xor),
    without_rule={
        "it works on integers, which have no derivative; use it on plain arrays": (
            np.bitwise_and, np.bitwise_or, np.bitwise_xor, np.invert, np.left_shift, np.right_shift, np.gcd, np.lcm,
            *([np.bitwise_count] if hasattr(np, "bitwise_count") else []),
        ),
        "it works on dates, which a Tensor does not hold": (np.isnat,),
    },
)  # fmt: skip
