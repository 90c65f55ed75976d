"""Numeric derivatives that know how far to trust themselves.

The slope of a vector function along one direction is read off a ladder of central differences
``D(h) = (f(x + h d) - f(x - h d)) / 2h`` with steps that shrink by a factor of four. Richardson
extrapolation removes the truncation error order by order; what is left is bounded from the table itself.
Rounding is bounded by the noise of f, which is *measured* on the finest steps of the ladder. A step is
believed only if all smaller steps agree with it within their own errors: a coarse step that skips over an
oscillation or a staircase looks perfectly smooth.

Sources: L. F. Richardson (1911) for the extrapolation; J. Moré and S. Wild, "Estimating computational noise"
(2011) for the idea of reading noise off differences; W. Squire and G. Trapp (1998) for the complex step.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Evaluate = Callable[[Array], Array]

EPS = float(np.finfo(np.float64).eps)
LEVELS = 2.0 ** -np.arange(2, 52, 2)
"""Steps of the full ladder, in units of the direction: a quarter of the scale down to four ulps."""
SHORT = 2.0 ** -np.array([6, 8, 10, 24])
"""Steps of the short ladder: three to extrapolate from, and a tiny one that has to agree."""
STAIRCASE = 1e-5
"""Steps in f larger than this, relative to f, are a shape of f; smaller ones are its noise."""

SMOOTH, KINK, JUMP, ONE_SIDED, VERTICAL = range(5)
KINDS = ("smooth", "kink", "jump", "edge of the domain", "vertical tangent")


@dataclass(frozen=True)
class Slopes:
    """The derivative of every component of f along one direction, each with an error bar.

    Attributes
    ----------
    value, error : arrays of shape (m,)
        Two-sided derivative and the bound of its error.
    low, high : arrays of shape (m,)
        The interval between the two one-sided derivatives (both equal to `value` where f is smooth),
        already widened by their errors.
    kind : int array of shape (m,)
        Index into `KINDS`.
    noise : array of shape (m,)
        The measured noise of each component of f.
    swing : array of shape (m,)
        How much each component changes over a step of 1/64.
    """

    value: Array
    error: Array
    low: Array
    high: Array
    kind: NDArray[np.int64]
    noise: Array
    swing: Array


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


def extrapolate(table: Array, factors: list[float]) -> list[Array]:
    """Richardson's table: entry k has the first k powers of h removed; row j uses rows j … j+k of `table`."""
    columns = [table]
    for c in factors:
        last = columns[-1]
        if len(last) < 2:
            break
        columns.append((c * last[1:] - last[:-1]) / (c - 1))
    return columns


def best_of_table(table: Array, factors: list[float], rounding: Array) -> tuple[Array, Array]:
    """The entry of Richardson's table with the smallest error bar among those that all finer steps confirm.

    `table` has one row per step (coarse to fine) and `rounding` the rounding error of each row.
    """
    columns = extrapolate(table, factors)
    with np.errstate(all="ignore"):
        # Each finer row allows an interval; a value is confirmed if it meets all of them.
        own = 4 * rounding
        own[:-1] += 2 * np.abs(table[:-1] - columns[1])
        ceiling = np.minimum.accumulate((table + own)[::-1], axis=0)[::-1]
        ground = np.maximum.accumulate((table - own)[::-1], axis=0)[::-1]
        values, errors = [], []
        for k in range(1, len(columns)):
            value, lower = columns[k], columns[k - 1]
            error = np.abs(value - lower[1:])
            # Nor may it move more than that from row to row: f need not have the powers that are assumed.
            if len(value) > 1:
                change = np.abs(value[:-1] - value[1:])
                error[:-1] = np.maximum(error[:-1], change)
                error[-1] = np.maximum(error[-1], change[-1])
            error += 1.5 * rounding[k:]
            inner = slice(0, len(value) - 1)
            denied = ~np.isfinite(value)
            denied[inner] |= value[inner] - error[inner] > ceiling[k + 1 :]
            denied[inner] |= value[inner] + error[inner] < ground[k + 1 :]
            error[denied] = np.inf
            values.append(value)
            errors.append(error)
        if factors[0] == 4.0 and len(table) > 4:
            # One-sided slopes at the edge of a domain may go as h^p with any p: Aitken's process removes that.
            a, b, c = table[:-2], table[1:-1], table[2:]
            value = c - (c - b) ** 2 / (c - 2 * b + a)
            change = np.abs(value[:-1] - value[1:])
            error = np.full_like(value, np.inf)
            error[1:] = change + 0.01 * np.abs(c - b)[1:] + 8 * rounding[3:]
            error[1:][change > 0.1 * np.abs(c - b)[1:]] = np.inf
            denied = ~np.isfinite(value) | ~np.isfinite(error)
            denied[:-1] |= (value[:-1] - error[:-1] > ceiling[3:]) | (value[:-1] + error[:-1] < ground[3:])
            error[denied] = np.inf
            values.append(value)
            errors.append(error)
    stack, bars = np.concatenate(values), np.concatenate(errors)
    best = np.argmin(bars, axis=0)[None]
    return np.take_along_axis(stack, best, axis=0)[0], np.take_along_axis(bars, best, axis=0)[0]


def misfit(values: Array) -> Array:
    """How badly each value is predicted by the parabola through its neighbours at 4h, h/4 and h/16."""
    predicted = 1 / 21 * values[:-3] + 4.0 * values[2:-1] - 64 / 21 * values[3:]
    return np.asarray(np.abs(values[1:-2] - predicted) / 5.1)


def measured_noise(plus: Array, minus: Array, f0: Array) -> Array:
    """Noise of each component of f, from how badly each value is interpolated by its neighbours on the ladder.

    Each value ``f(x + h)`` is predicted by the parabola through the values at ``4h, h/4, h/16``. On fine steps the
    misfit is all noise. f(x) itself is left out, since a jump at x is not noise; steps too small to change f
    at all say nothing and are skipped.
    """
    misfits = [misfit(values) for values in (plus, minus)]
    alive = [(v[1:-2] != f0) & np.isfinite(r) for v, r in zip((plus, minus), misfits, strict=True)]
    both = np.stack([np.where(a, r, np.inf) for a, r in zip(alive, misfits, strict=True)], axis=1)
    both = both.reshape(-1, f0.size)[::-1]  # fine to coarse
    # The median over the four finest levels that are alive, on both sides.
    living = np.isfinite(both)
    chosen = living & (np.cumsum(living, axis=0) <= 8)
    ranked = np.sort(np.where(chosen, both, np.inf), axis=0)
    median = np.take_along_axis(ranked, np.maximum(chosen.sum(axis=0) - 1, 0)[None] // 2, axis=0)[0]
    # A misfit that shrinks with every step on both sides is the shape of f at a singular point (x^1.5 at 0).
    shrinking = np.ones(f0.shape, dtype=bool)
    for r, a in zip(misfits, alive, strict=True):
        shrinking &= ((r[-6:] < 0.7 * r[-7:-1]) & a[-6:]).all(axis=0) | ~a.any(axis=0)
    out = np.where(shrinking | ~np.isfinite(median), 0.0, 3 * median)
    # Values on a grid, f(x + h) == f(x) on all fine steps: the least change that is seen is a grain of that grid.
    changes = np.where(plus != f0, np.abs(plus - f0), np.where(minus != f0, np.abs(minus - f0), np.nan))
    moved = np.isfinite(changes)
    flat = moved.any(axis=0) & ~moved[-1]
    if flat.any():
        finest = len(changes) - 1 - np.argmax(moved[::-1], axis=0)
        grain = np.take_along_axis(changes, finest[None], axis=0)[0]
        out = np.where(flat, np.maximum(out, grain), out)
    return out


def plateau_noise(plus: Array, minus: Array) -> Array:
    """Noise that only coarser steps show (an iteration that stops one step earlier or later), else 0.

    Truncation makes the misfit fall by 64 from step to step; a misfit that stays level over several steps
    between 2^-14 and 2^-28 is noise.
    """
    window = slice(6, 14)
    stack = [misfit(values)[window] for values in (plus, minus)]
    r = np.maximum(stack[0], stack[1])
    r = np.where(np.isfinite(r), r, 0.0)
    ranked = np.sort(r, axis=0)
    middle = ranked[len(ranked) // 2]
    level = (ranked[-3] < 100 * ranked[2]) & (middle > 0)
    return np.where(level, 3 * middle, 0.0)


def probe(evaluate: Evaluate, z: Array, d: Array, f0: Array, reach: float = 1.0) -> Slopes:
    """Derivative of every component of f at `z` along `d`, by the full ladder (about 50 evaluations).

    Parameters
    ----------
    evaluate
        f on flat arrays; returns nan where f fails.
    d
        The direction, in the units of `scales` (each coordinate a multiple of its scale with few bits).
    reach
        Stretches all steps by this factor: 1 for steps in proportion to x.
    """
    steps = np.asarray(LEVELS * reach, dtype=np.float64)
    plus = np.stack([evaluate(z + h * d) for h in steps])
    minus = np.stack([evaluate(z - h * d) for h in steps])
    return read_ladder(steps, plus, minus, f0)


def read_ladder(steps: Array, plus: Array, minus: Array, f0: Array) -> Slopes:
    """Turn the values on both sides of x into slopes with error bars, kinks, jumps and edges told apart."""
    with np.errstate(all="ignore"):
        h = steps[:, None]
        central = (plus - minus) / (2 * h)
        right = (plus - f0) / h
        left = (f0 - minus) / h
        size = np.abs(f0)
        noise = measured_noise(plus, minus, f0)
        # Steps in f that are large compared with f are no noise but its shape.
        spread = np.max(np.where(np.isfinite(plus), np.abs(plus - f0), 0.0), axis=0)
        noise = np.where(noise > STAIRCASE * np.maximum(size, spread), 0.0, noise)
        # Rounding of f's value, and of its argument: |f'| ulp(x).
        at_step = EPS * np.maximum(np.maximum(np.abs(plus), np.abs(minus)), size)
        at_step = np.where(np.isfinite(at_step), at_step, EPS * size)
        argument = EPS * np.where(np.isfinite(central), np.abs(central), 0.0)
        base = np.maximum(np.maximum(noise, np.minimum(argument, 1e3 * EPS * (size + spread))), at_step) + 5e-324
        coarse = plateau_noise(plus, minus)
        base = np.where(coarse < STAIRCASE * np.maximum(size, spread), np.maximum(base, coarse), base)
        value, error = _one(central, base / h, [16.0, 256.0, 4096.0])
        r_value, r_error = _one(right, 2 * base / h, [4.0, 16.0, 64.0])
        l_value, l_error = _one(left, 2 * base / h, [4.0, 16.0, 64.0])

        flat = ((plus == f0) & (minus == f0)).all(axis=0)
        error = np.where(flat, at_step[0] / steps[0], error)

    fine = slice(-8, None)
    has_right = np.isfinite(right[fine]).all(axis=0)
    has_left = np.isfinite(left[fine]).all(axis=0)
    kind = np.full(f0.shape, SMOOTH)
    low, high = value - error, value + error

    with np.errstate(all="ignore"):
        # A jump: the distance to f(x) does not shrink with the step, though each side by itself is smooth.
        gap_r, gap_l = plus[fine] - f0, f0 - minus[fine]
        jump_r = has_right & _constant(gap_r) & (np.abs(gap_r[-1]) > 50 * base[-1])
        jump_l = has_left & _constant(gap_l) & (np.abs(gap_l[-1]) > 50 * base[-1])
        limit_r = (plus[:-1] - plus[1:]) / (h[:-1] - h[1:])
        limit_l = (minus[1:] - minus[:-1]) / (h[:-1] - h[1:])
        jr_value, jr_error = _one(limit_r, 3 * base[1:] / h[1:], [4.0, 16.0])
        jl_value, jl_error = _one(limit_l, 3 * base[1:] / h[1:], [4.0, 16.0])
    r_value, r_error = np.where(jump_r, jr_value, r_value), np.where(jump_r, jr_error, r_error)
    l_value, l_error = np.where(jump_l, jl_value, l_value), np.where(jump_l, jl_error, l_error)

    with np.errstate(all="ignore"):
        steep_r, steep_l = _diverges(right, at_step / h) & has_right, _diverges(left, at_step / h) & has_left
        kinked = has_right & has_left & (np.abs(r_value - l_value) > 5 * (r_error + l_error))
        between_low = np.minimum(r_value - r_error, l_value - l_error)
        between_high = np.maximum(r_value + r_error, l_value + l_error)
    jumped = jump_r | jump_l
    for mask, name in ((kinked, KINK), (jumped, JUMP)):
        kind[mask] = name
        low, high = np.where(mask, between_low, low), np.where(mask, between_high, high)
        value = np.where(mask, 0.5 * (r_value + l_value), value)
        error = np.where(mask, r_error + l_error, error)

    only_r, only_l = has_right & ~has_left, has_left & ~has_right
    for mask, side, bar in ((only_r, r_value, r_error), (only_l, l_value, l_error)):
        kind[mask & ~jumped] = ONE_SIDED
        value, error = np.where(mask, side, value), np.where(mask, bar, error)
        low, high = np.where(mask, side - bar, low), np.where(mask, side + bar, high)
    steep = (steep_r | ~has_right) & (steep_l | ~has_left) & (has_right | has_left) & ~jumped
    kind[steep] = VERTICAL
    sign = np.where(has_right, np.sign(right[-1]), np.sign(left[-1]))
    value = np.where(steep, np.where(sign < 0, -np.inf, np.inf), value)
    error = np.where(steep | ~(has_right | has_left), np.inf, error)
    cusp = steep & has_right & has_left & (right[-1] * left[-1] < 0)
    kind[cusp] = KINK
    value, low, high = np.where(cusp, 0.0, value), np.where(cusp, -np.inf, low), np.where(cusp, np.inf, high)
    half = (steep_r ^ steep_l) & has_right & has_left & ~jumped
    kind[half] = KINK
    with np.errstate(all="ignore"):
        low = np.where(
            half,
            np.where(
                steep_r,
                np.minimum(np.sign(right[-1]) * np.inf, l_value - l_error),
                np.minimum(np.sign(left[-1]) * np.inf, r_value - r_error),
            ),
            low,
        )
        high = np.where(
            half,
            np.where(
                steep_r,
                np.maximum(np.sign(right[-1]) * np.inf, l_value + l_error),
                np.maximum(np.sign(left[-1]) * np.inf, r_value + r_error),
            ),
            high,
        )
    swing = np.maximum(np.abs(plus[2] - f0), np.abs(minus[2] - f0))
    return Slopes(value, error, low, high, kind, base[-1], np.where(np.isfinite(swing), swing, 0.0))


def _one(table: Array, rounding: Array, factors: list[float]) -> tuple[Array, Array]:
    """`best_of_table` for tables in which coarse rows may be missing (nan): outside the domain of f."""
    finite = np.isfinite(table)
    if finite.all():
        return best_of_table(table, factors, rounding)
    filled = np.where(finite, table, 1e300)  # never confirmed by finer rows, never the best
    value, error = best_of_table(filled, factors, np.where(finite, rounding, 1e300))
    return value, np.where(error > 1e290, np.inf, error)


def _constant(gap: Array) -> NDArray[np.bool_]:
    """Whether a difference stays the same while the step shrinks by 4^7."""
    return np.asarray(np.abs(gap - gap[-1]).max(axis=0) < 0.2 * np.abs(gap[-1]))


def _diverges(slope: Array, rounding: Array) -> NDArray[np.bool_]:
    """Whether one-sided slopes keep growing, by more than 5 % a step, as the step shrinks (sqrt at 0)."""
    tail = slope[-9:]
    small, large = np.abs(tail[:-1]), np.abs(tail[1:])
    # Noise, and a jump, would make it four times as large with each step.
    return np.asarray(((large - 1.05 * small > rounding[-8:]) & (large < 3 * small)).all(axis=0))


@dataclass(frozen=True)
class Jacobian:
    """The Jacobian by the short ladder: `value` and `error` of shape (m, n)."""

    value: Array
    error: Array
    trusted: NDArray[np.bool_]


def short_ladder(evaluate: Evaluate, z: Array, directions: Array, f0: Array, noise: Array) -> Jacobian:
    """Derivatives along each row of `directions`, at eight evaluations each.

    An entry is *trusted* if the tiny step agrees with the extrapolated value.
    """
    m, n = f0.size, len(directions)
    values = np.empty((n, 4, 2, m))
    for i, d in enumerate(directions):
        for j, h in enumerate(SHORT):
            values[i, j, 0] = evaluate(z + h * d)
            values[i, j, 1] = evaluate(z - h * d)
    with np.errstate(all="ignore"):
        slopes = (values[:, :, 0] - values[:, :, 1]) / (2 * SHORT[:, None])
        d1, d2, d3, tiny = (slopes[:, j].T for j in range(4))
        a1, a2 = (16 * d2 - d1) / 15, (16 * d3 - d2) / 15
        value = (256 * a2 - a1) / 255
        size = np.abs(values).max(axis=(1, 2)).T
        base = np.maximum(noise[:, None], EPS * np.maximum(size, np.abs(value))) + 5e-324
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

    There is no subtraction, hence no cancellation: even a slope of 1e-30 beside a value of 1 comes out with
    full relative precision. Trusted only if two steps agree, the real part stays f(x), and the result lies within
    the error bars of the real ladder.
    """
    results = []
    for h in (2.0**-60, 2.0**-44):
        try:
            y = np.asarray(evaluate(z + 1j * h * d))
        except Exception:  # f need not take complex numbers
            return None
        if y.dtype.kind != "c" or y.shape != f0.shape or not np.isfinite(y).all():
            return None
        if (np.abs(y.real - f0) > 1e3 * real.noise + 1e-12 * np.abs(f0)).any():
            return None
        results.append(y.imag / h)
    first, second = results
    if (np.abs(first - second) > 1e-10 * np.abs(first) + 1e-300).any():
        return None
    bar = np.where(np.isfinite(real.error), real.error, 0.0)
    if (np.abs(first - real.value) > 10 * bar + 1e-12 * np.abs(first)).any():
        return None
    if (first == 0).any() and (bar[first == 0] > 0).any():
        # abs, maximum, real, … drop the imaginary part in silence: a zero proves nothing.
        zero = first == 0
        error = np.where(zero, bar, np.abs(first - second) + 8 * EPS * np.abs(first))
        return np.where(zero, real.value, first), error
    return first, np.abs(first - second) + 8 * EPS * np.abs(first)
