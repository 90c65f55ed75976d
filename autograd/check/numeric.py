"""Numeric derivatives that know how far to trust themselves.

The slope of a vector function along one direction is read off a ladder of central differences
``D(h) = (f(x + h d) - f(x - h d)) / 2h`` with steps that shrink by a factor of four. Richardson
extrapolation removes the truncation error order by order; what is left is bounded from the table itself.
Rounding is bounded by the noise of f, which is *measured* on the finest steps of the ladder. A step is
believed only if all smaller steps agree with it within their own errors: a coarse step that skips over an
oscillation or a staircase looks perfectly smooth.

Sources: `richardson` and `noise`; W. Squire and G. Trapp (1998) for the complex step.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import ladder
from .ladder import Ladder, Slopes
from .limits import ANALYTIC, COMPLEX_STEPS, EPS, LEVELS, NOISY, NOTHING, SAME_NUMBER, SHORT, TINIEST
from .noise import Evaluate
from .richardson import Array


def scales(xs: list[Array]) -> Array:
    """The length, a power of two, that one step along each coordinate is measured in.

    A coordinate's own magnitude; for a zero, the typical magnitude of its array, but at most 1.
    Powers of two keep ``x + h`` free of rounding.
    """
    parts = []
    for x in xs:
        magnitude = np.abs(x.ravel())
        nonzero = magnitude[magnitude > 0]
        typical = min(1.0, float(np.median(nonzero))) if nonzero.size else 1.0
        parts.append(np.where(magnitude > 0, magnitude, typical))
    flat = np.concatenate(parts) if parts else np.zeros(0)
    return np.asarray(np.exp2(np.floor(np.log2(np.maximum(flat, 1e-290)))))


def climb(evaluate: Evaluate, z: Array, d: Array, f0: Array, reach: float = 1.0, floor: Array | None = None) -> Ladder:
    """The values of f on the full ladder along `d` (50 evaluations).

    Parameters
    ----------
    evaluate
        f on many flat arrays, one row for each; nan where f fails.
    d
        The direction, in the units of `scales` (each coordinate a multiple of its scale with few bits).
    reach
        Stretches all steps by this factor: 1 for steps in proportion to x.
    floor
        What is known of the noise of f beforehand.
    """
    steps = np.asarray(LEVELS * reach, dtype=np.float64)
    values = evaluate(z + sign * h * d for h in steps for sign in (1, -1)).reshape(len(steps), 2, -1)
    return Ladder(steps, values[:, 0], values[:, 1], f0, np.zeros(f0.shape) if floor is None else floor)


def probe(evaluate: Evaluate, z: Array, d: Array, f0: Array, reach: float = 1.0) -> Slopes:
    """Derivative of every component of f at `z` along `d`, by the full ladder."""
    return ladder.read(climb(evaluate, z, d, f0, reach))


@dataclass(frozen=True)
class Jacobian:
    """The Jacobian by the short ladder: `value` and `error` of shape (m, n)."""

    value: Array
    error: Array
    trusted: NDArray[np.bool_]


def short_ladder(evaluate: Evaluate, z: Array, directions: Array, f0: Array, noise: Array) -> Jacobian:
    """Derivatives along each row of `directions`, at eight evaluations each.

    An entry is *trusted* if the tiny step agrees with the extrapolated value, and some step changes f.
    """
    m, n = f0.size, len(directions)
    if n == 0:
        return Jacobian(np.zeros((m, 0)), np.zeros((m, 0)), np.zeros((m, 0), dtype=bool))
    values = evaluate(z + sign * h * d for d in directions for h in SHORT for sign in (1, -1))
    values = values.reshape(n, len(SHORT), 2, m)
    with np.errstate(all="ignore"):
        slopes = (values[:, :, 0] - values[:, :, 1]) / (2 * SHORT[:, None])
        d1, d2, d3, tiny = (slopes[:, j].T for j in range(len(SHORT)))
        a1, a2 = (16 * d2 - d1) / 15, (16 * d3 - d2) / 15
        value = (256 * a2 - a1) / 255
        size = np.abs(values).max(axis=(1, 2)).T
        base = np.maximum(noise[:, None], EPS * np.maximum(size, np.abs(value))) + TINIEST
        # |value - a2| is the error of a2; that of value is smaller still. Too small a bar costs a longer ladder only.
        error = np.abs(value - a2) / 4 + 1.5 * base / SHORT[2]
        agree = np.abs(tiny - value) <= np.abs(value - a2) + error + 2 * base / SHORT[3]
        # A component that no step changes at all: what rounding can hide is bounded by the longest step.
        flat = (values == f0).all(axis=(1, 2)).T
        error = np.where(flat, base / SHORT[0], error)
    trusted = agree & np.isfinite(value) & np.isfinite(error)
    return Jacobian(value, error, trusted)


def complex_step(
    evaluate: Callable[[NDArray[np.complex128]], Any], z: Array, d: Array, f0: Array, real: Slopes
) -> tuple[Array, Array] | None:
    """The derivative along `d` from ``Im f(x + i h d) / h``, or None unless f is verified to be analytic.

    There is no subtraction of f's values: even a slope of 1e-30 beside a value of 1 comes out with
    full relative precision, unless f itself subtracts, which the spread between several steps shows. Trusted only if
    the steps agree, the real part stays f(x), and the result lies within the error bars of the real ladder.
    """
    results = []
    for h in COMPLEX_STEPS:
        try:
            y = np.asarray(evaluate(z + 1j * h * d))
        except Exception:  # f need not take complex numbers
            return None
        if y.dtype.kind != "c" or y.shape != f0.shape or not np.isfinite(y).all():
            return None
        if (np.abs(y.real - f0) > NOISY * real.noise + SAME_NUMBER * np.abs(f0)).any():
            return None
        results.append(y.imag / h)
    stack = np.stack(results)
    first = stack[0]
    bar = np.where(np.isfinite(real.error), real.error, 0.0)
    spread = np.ptp(stack, axis=0)
    if (np.abs(stack[0] - stack[1]) > ANALYTIC * np.abs(first) + 4 * spread + NOTHING).any():
        return None
    if (np.abs(first - real.value) > 10 * bar + SAME_NUMBER * np.abs(first)).any():
        return None
    error = 4 * spread + 8 * EPS * np.abs(first)
    zero = first == 0
    if zero.any() and (bar[zero] > 0).any():
        # abs, maximum, real, … drop the imaginary part in silence: a zero proves nothing.
        return np.where(zero, real.value, first), np.where(zero, bar, error)
    return first, error
