"""Ordinary smooth formulas whose gradient a checker must never accuse, however small or large the input is.

Many of them add a small x to a constant (``log(1 + x²)``, ``1 - cos x``), so that steps in proportion to x drown in the
rounding of f. Each is written once, for a namespace that is NumPy or mpmath; the right gradient is the derivative
at 60 digits, rounded once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import mpmath
import numpy as np

from .case import High

DIGITS = 60
Namespaced = Callable[[Any, Any], Any]


@dataclass(frozen=True)
class Formula:
    """``f(m, x)`` for a namespace m; `size`: the number of entries of x, or 0 where f is elementwise."""

    name: str
    f: Namespaced
    size: int = 0

    def value(self, x: Any) -> Any:
        return self.f(np, x)

    def gradient(self, x: Any) -> Any:
        """The Jacobian's non-zero part at 60 digits: elementwise, or one row for a scalar f."""
        points = np.ravel(np.asarray(x, dtype=float))
        with mpmath.workdps(DIGITS):
            exact = np.array([mpmath.mpf(float(v)) for v in points], dtype=object)
            out = [self._slope(exact, k) for k in range(points.size)]
        return np.array(out).reshape(np.shape(x))

    def _slope(self, exact: Any, k: int) -> float:
        h = (abs(exact[k]) or mpmath.mpf(1)) * mpmath.mpf(10) ** -20

        def at(step: Any) -> Any:
            moved = exact.copy()
            moved[k] += step
            value = self.f(High, moved if self.size else moved[k : k + 1])
            return np.ravel(value)[0]

        # The step cancels 20 digits, and a small x beside a constant up to twice its exponent more.
        with mpmath.extradps(40 + max(0, -2 * int(mpmath.floor(mpmath.log10(abs(exact[k]) or 1))))):
            right, left, here = at(h), at(-h), at(mpmath.mpf(0))
            both = (right - left) / (2 * h)
            if mpmath.im(both) != 0:  # not defined on the left
                both = (right - here) / h
            return float(mpmath.re(both))

    def vjp(self, g: Any, x: Any) -> Any:
        return g * self.gradient(x)


def sigmoid(m: Any, x: Any) -> Any:
    return 1 / (1 + m.exp(-x))


ELEMENTWISE: dict[str, Namespaced] = {
    "1 - cos x": lambda m, x: 1 - m.cos(x),
    "exp x - 1": lambda m, x: m.exp(x) - 1,
    "log cosh x": lambda m, x: m.log(m.cosh(x)),
    "x log(1 + x)": lambda m, x: x * m.log(1 + x),
    "(1 - exp(-x)) / x": lambda m, x: (1 - m.exp(-x)) / x,
    "sqrt(1 + x) - 1": lambda m, x: m.sqrt(1 + x) - 1,
    "sigmoid x - 1/2": lambda m, x: sigmoid(m, x) - 0.5,
    "log(1 + x²)": lambda m, x: m.log(1 + x * x),
    "1 / (1 + x)": lambda m, x: 1 / (1 + x),
    "1 / (1 + x) - 1": lambda m, x: 1 / (1 + x) - 1,
    "cosh x - 1": lambda m, x: m.cosh(x) - 1,
    "x - sin x": lambda m, x: x - m.sin(x),
    "tan x - x": lambda m, x: m.tan(x) - x,
    "x - tanh x": lambda m, x: x - m.tanh(x),
    "arctan x - x": lambda m, x: m.arctan(x) - x,
    "(1 + x)³ - 1": lambda m, x: (1 + x) ** 3 - 1,
    "(1 + x)²": lambda m, x: (1 + x) ** 2,
    "exp x²": lambda m, x: m.exp(x * x),
    "exp(-x²)": lambda m, x: m.exp(-x * x),
    "1 - exp(-x²)": lambda m, x: 1 - m.exp(-x * x),
    "x² / (1 + x²)": lambda m, x: x * x / (1 + x * x),
    "1 / (1 + x²)": lambda m, x: 1 / (1 + x * x),
    "1 - 1 / (1 + x²)": lambda m, x: 1 - 1 / (1 + x * x),
    "1 / sqrt(1 + x²)": lambda m, x: 1 / m.sqrt(1 + x * x),
    "sqrt(1 + x²) - 1": lambda m, x: m.sqrt(1 + x * x) - 1,
    "softplus": lambda m, x: m.log(1 + m.exp(x)),
    "softplus - log 2": lambda m, x: m.log(1 + m.exp(x)) - 0.6931471805599453,
    "log(1 + exp(-x))": lambda m, x: m.log(1 + m.exp(-x)),
    "mish": lambda m, x: x * m.tanh(m.log(1 + m.exp(x))),
    "silu": lambda m, x: x * sigmoid(m, x),
    "gelu": lambda m, x: x / 2 * (1 + m.tanh(0.7978845608028654 * (x + 0.044715 * x**3))),
    "tanh": lambda m, x: m.tanh(x),
    "tanh squared": lambda m, x: m.tanh(x) ** 2,
    "exp x - 1 - x": lambda m, x: m.exp(x) - 1 - x,
    "cos": lambda m, x: m.cos(x),
    "cos squared": lambda m, x: m.cos(x) ** 2,
    "sin squared": lambda m, x: m.sin(x) ** 2,
    "1 - cos squared": lambda m, x: 1 - m.cos(x) ** 2,
    "x sin x": lambda m, x: x * m.sin(x),
    "sin x / x": lambda m, x: m.sin(x) / x,
    "x exp(-x)": lambda m, x: x * m.exp(-x),
    "x²": lambda m, x: x * x,
    "x³": lambda m, x: x**3,
    "x⁴ - 2 x²": lambda m, x: x**4 - 2 * x**2,
    "(x² - 1)²": lambda m, x: (x * x - 1) ** 2,
    "(x - 1)²": lambda m, x: (x - 1) ** 2,
    "(x - 1)³": lambda m, x: (x - 1) ** 3,
    "1 + x + x² + x³": lambda m, x: 1 + x + x**2 + x**3,
    "1 - (1 - x)⁵": lambda m, x: 1 - (1 - x) ** 5,
    "log(2 + x)": lambda m, x: m.log(2 + x),
    "log(1 + x) / (1 + x)": lambda m, x: m.log(1 + x) / (1 + x),
    "1 / (2 + cos x)": lambda m, x: 1 / (2 + m.cos(x)),
    "arctan": lambda m, x: m.arctan(x),
    "arctan(1 + x)": lambda m, x: m.arctan(1 + x),
    "sinh": lambda m, x: m.sinh(x),
    "expm1": lambda m, x: m.expm1(x),
    "log1p x²": lambda m, x: m.log1p(x * x),
    "x / (1 + |x|)": lambda m, x: x / (1 + abs(x)),
    "x / (exp x - 1)": lambda m, x: x / (m.exp(x) - 1),
    "Morse potential": lambda m, x: (1 - m.exp(-x)) ** 2,
    "Lennard-Jones about its minimum": lambda m, x: (1 + x) ** -12.0 - 2 * (1 + x) ** -6.0,
    "sqrt(x² + 1e-6)": lambda m, x: m.sqrt(x * x + 1e-6),
    "log(x² + 1e-8)": lambda m, x: m.log(x * x + 1e-8),
    "x log x": lambda m, x: x * m.log(x),
    "exp(x log x)": lambda m, x: m.exp(x * m.log(x)),
    "log(x / (1 - x))": lambda m, x: m.log(x / (1 - x)),
    "binary entropy": lambda m, x: -(x * m.log(x) + (1 - x) * m.log(1 - x)),
    "sqrt(1 - x²)": lambda m, x: m.sqrt(1 - x * x),
    "arcsin": lambda m, x: m.arcsin(x),
    "log((1 + x) / (1 - x))": lambda m, x: m.log((1 + x) / (1 - x)),
    "sin(1 + x)": lambda m, x: m.sin(1 + x),
    "(x + 1000) - 1000": lambda m, x: (x + 1000) - 1000,
    "exp(sin x)": lambda m, x: m.exp(m.sin(x)),
    "5 + 1e-3 x": lambda m, x: 5 + 1e-3 * x,
}
OF_VECTORS: dict[str, Namespaced] = {
    "cube of a sum": lambda m, x: m.sum(x) ** 3,
    "1 + cube of a sum": lambda m, x: 1 + m.sum(x) ** 3,
    "logsumexp": lambda m, x: m.log(m.sum(m.exp(x))),
    "sum of squares + 1": lambda m, x: m.sum(x * x) + 1,
    "mean of (x - 1)²": lambda m, x: m.sum((x - 1) ** 2) / 3,
    "log of 1 + sum of squares": lambda m, x: m.log(1 + m.sum(x * x)),
    "product of 1 + x": lambda m, x: (1 + x[0]) * (1 + x[1]) * (1 + x[2]),
    "cross entropy": lambda m, x: m.log(m.sum(m.exp(x))) - x[0],
}
FORMULAS = [Formula(name, f) for name, f in ELEMENTWISE.items()]
FORMULAS += [Formula(name, f, 3) for name, f in OF_VECTORS.items()]
