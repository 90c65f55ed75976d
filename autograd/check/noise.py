"""How rough f is: its rounding, its grain, and the steps that a solver with a tolerance makes.

Source of the idea that noise is read off differences: J. Moré and S. Wild, "Estimating computational noise" (2011).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .limits import (
    EPS,
    FARTHEST_GRAIN,
    GRAIN_EXACT,
    GRAIN_LEVELS,
    GRAIN_MULTIPLES,
    GRAIN_STEPS,
    GRAININESS_DEGREE,
    GRAININESS_POINTS,
    GRAININESS_WIDTH,
    GRAINS,
    MANY_WINDOWS,
    ROUGH,
    ROUGH_DEGREES,
    ROUGH_OVER_ROUNDING,
    ROUGH_POINTS,
    ROUGH_STEPS,
    ROUGH_STUCK,
    ROUGH_WIDTHS,
    STAIRCASE,
    STEP_KEPT,
    SWEPT_POINTS,
    SWEPT_WIDTH,
)
from .richardson import Array

Evaluate = Callable[[Iterable[Array]], Array]
"""f at many points: one row for each."""
Curve = Callable[[Array], Array]
"""A function of one number at many of them: one row for each."""


def misfit(values: Array) -> Array:
    """How badly each value is predicted by the parabola through its neighbours at 4h, h/4 and h/16."""
    predicted = 1 / 21 * values[:-3] + 4.0 * values[2:-1] - 64 / 21 * values[3:]
    return np.asarray(np.abs(values[1:-2] - predicted) / 5.1)


def fine_noise(plus: Array, minus: Array, f0: Array) -> Array:
    """Noise of each component of f on the finest steps of a ladder, where all misfit is noise.

    f(x) itself is left out, since a jump at x is no noise; steps too small to change f at all say nothing.
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
    return np.where(shrinking | ~np.isfinite(median), 0.0, 3 * median)


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


def is_gridded(plus: Array, minus: Array, f0: Array) -> Array:
    """Components of f that the finest step does not change at all: constant, or on a grid coarser than that step."""
    return np.asarray((plus[-1] == f0) & (minus[-1] == f0))


def least_change(values: Array, f0: Array) -> Array:
    """The least change of each component that is seen among `values`; infinite where none is."""
    with np.errstate(all="ignore"):
        changes = np.abs(values - f0)
    return np.asarray(np.where(changes > 0, changes, np.inf).min(axis=0))


def grain(evaluate: Evaluate, z: Array, d: Array, f0: Array) -> Array:
    """The unit in which each component of f moves when x moves by absolute steps along the signs of `d`; 0 if none.

    Where f adds a tiny x to a constant inside, steps in proportion to x fall below the rounding of that constant, which
    neither f's value nor its slope tells: ``log(1 + x²)`` moves in units of 2e-16 however small it is. Far from 0 the
    steps reach as far as x is away: ``log(1 - exp(-x))`` at 40 moves at 36. The unit is the least change seen,
    provided that the other small changes are multiples of it: those of a flat piece of f that ends nearby are not.
    """
    direction = np.sign(d)
    far = float(np.exp2(np.ceil(np.log2(np.clip(np.abs(z).max(), 1.0, FARTHEST_GRAIN)))))
    steps = np.concatenate([far / 4.0 ** np.arange(np.log2(far) // 2), GRAIN_LEVELS])

    def both_sides(steps: Iterable[float]) -> Array:
        values = evaluate(z + sign * h * direction for h in steps for sign in (1, -1))
        return np.asarray(values.reshape(-1, 2, f0.size))

    with np.errstate(all="ignore"):
        levels = both_sides(steps)
        moved = (levels != f0).any(axis=1) & np.isfinite(levels).all(axis=1)
        # Between the steps, where a component begins to move.
        first = {len(steps) - 1 - int(k) for k in np.argmax(moved[::-1], axis=0)[moved.any(axis=0)]}
        between = [steps[k] * t for k in sorted(first)[:GRAINS] for t in GRAIN_STEPS]
        values = levels.reshape(-1, f0.size)
        if between:
            values = np.concatenate([values, both_sides(between).reshape(-1, f0.size)])
        changes = np.abs(values - f0)
        changes = np.where((changes > 0) & np.isfinite(changes), changes, np.inf)
        unit = changes.min(axis=0)
        ratio = np.where(changes <= GRAIN_MULTIPLES * unit, changes / unit, 0.0)
        out = np.zeros(f0.shape)
        for part in (3, 2, 1):  # the least change may be two or three units
            multiples = (np.abs(ratio * part - np.rint(ratio * part)) < GRAIN_EXACT).all(axis=0)
            out = np.where(multiples & np.isfinite(unit), unit / part, out)
        extent = np.where(np.isfinite(values), np.abs(values), 0.0).max(axis=0)
    return np.where(out <= STAIRCASE * extent, out, 0.0)


def roughness(curve: Curve) -> Array:
    """The steps of a function of t near 0 that no polynomial follows: those of a solver with a tolerance, else 0.

    Polynomials of growing degree are fitted to values in windows of several widths; a misfit far above rounding that
    does not shrink with the degree, and that is as high where it is looked at closely, is roughness.
    """
    worst = np.zeros_like(curve(np.zeros(1))[0])
    shape = np.zeros_like(worst)  # of the larger windows, per width
    t = np.linspace(-1, 1, ROUGH_POINTS)
    for width in ROUGH_WIDTHS:
        values = curve(width * t)
        if not np.isfinite(values).all():
            continue
        offs = []
        for degree in ROUGH_DEGREES:
            basis = np.polynomial.chebyshev.chebvander(t, degree)
            offs.append(values - basis @ np.linalg.lstsq(basis, values, rcond=None)[0])
        residue = [np.abs(off).max(axis=0) for off in offs]
        top = np.abs(values).max(axis=0)
        stuck = (residue[1] > ROUGH_STUCK * residue[0]) & (residue[1] > ROUGH_OVER_ROUNDING * EPS * top)
        # The misfit of a kink shrinks with the window; steps keep their height.
        steps = stuck & (residue[1] < ROUGH * top) & (residue[1] > ROUGH_STEPS * shape * width)
        height = np.where(steps, residue[1], 0.0)
        worst = np.where(_kept(curve, width * t, offs[1], height, worst), height, worst)
        shape = np.maximum(shape, np.where(stuck, residue[1] / width, 0.0))
    return np.asarray(worst)


def graininess(curve: Curve, width: float = GRAININESS_WIDTH) -> Array:
    """How far a function of t is from a cubic over a short stretch around 0, where a solver hardly makes a step."""
    t = np.linspace(-1, 1, GRAININESS_POINTS)
    values = curve(width * t)
    if not np.isfinite(values).all():
        return np.zeros(values.shape[1:])
    basis = np.polynomial.chebyshev.chebvander(t, GRAININESS_DEGREE)
    return np.asarray(np.abs(values - basis @ np.linalg.lstsq(basis, values, rcond=None)[0]).max(axis=0))


SWEPT = np.linspace(-SWEPT_WIDTH, SWEPT_WIDTH, SWEPT_POINTS)


class Steps(NamedTuple):
    """The steps of a function of t: the height of the highest, and in how many of the windows there are any.

    `kinks`: what polynomials leave of one that makes no high steps, but fits none of them in many windows.
    """

    height: Array
    windows: Array
    kinks: Array


def far_steps(curve: Curve) -> Array:
    """The height of the highest step of a function of t anywhere within `SWEPT_WIDTH` of 0."""
    return sweep(curve, SWEPT).height


class Bend(NamedTuple):
    """How far a function of t is from a straight line, and how far it goes."""

    height: Array
    travel: Array


def bend(curve: Curve) -> Bend:
    """How far a function of t is from a straight line anywhere within `SWEPT_WIDTH` of 0."""
    t = np.linspace(-SWEPT_WIDTH, SWEPT_WIDTH, ROUGH_POINTS)
    values, basis = curve(t), np.stack([np.ones_like(t), t], axis=1)
    if not np.isfinite(values).all():
        nothing = np.zeros(values.shape[1:])
        return Bend(nothing, nothing)
    off = values - basis @ np.linalg.lstsq(basis, values, rcond=None)[0]
    return Bend(np.abs(off).max(axis=0), np.ptp(values, axis=0))


def sweep(curve: Curve, ts: Array) -> Steps:
    """The steps of a function of t among many.

    A solver that stops a step earlier or later does so now and then only, and perhaps far from here. In each of many
    overlapping windows a polynomial is fitted; where one does not fit, the place of its largest misfit is looked at
    closely.
    """
    values = curve(ts)
    worst, windows, kinked, bent = (np.zeros(values.shape[1:]) for _ in range(4))
    for start in range(0, len(ts) - ROUGH_POINTS + 1, ROUGH_POINTS // 2):
        window = slice(start, start + ROUGH_POINTS)
        off, height = _misfit_of_window(values[window])
        windows += height > 0
        worst = np.where(_kept(curve, ts[window], off, height, worst), height, worst)
        stuck = height * (height > ROUGH_STUCK * _misfit_of_window(values[window], ROUGH_DEGREES[0])[1])
        kinked, bent = kinked + (stuck > 0), np.maximum(bent, stuck)
    return Steps(worst, windows, np.where(kinked >= MANY_WINDOWS, bent, 0.0))


def _kept(curve: Curve, t: Array, off: Array, height: Array, worst: Array) -> NDArray[np.bool_]:
    """Which of the misfits above `worst` are steps: as high in a window as narrow as two points are apart.

    There a kink, or whatever bends, has all but gone.
    """
    higher = height > worst
    if not higher.any():
        return higher
    k = int(np.argmax(np.max(np.abs(np.diff(off, axis=0)) * higher, axis=1)))
    _, again = _misfit_of_window(curve(t[k] + (t[k + 1] - t[k]) * np.linspace(0, 1, ROUGH_POINTS)))
    return np.asarray(higher & (again > STEP_KEPT * height))


def _misfit_of_window(values: Array, degree: int = ROUGH_DEGREES[1]) -> tuple[Array, Array]:
    """What a polynomial leaves of equidistant values, and its size where that could be a solver's steps."""
    if not np.isfinite(values).all():
        return np.zeros_like(values), np.zeros(values.shape[1:])
    basis = np.polynomial.chebyshev.chebvander(np.linspace(-1, 1, len(values)), degree)
    off = values - basis @ np.linalg.lstsq(basis, values, rcond=None)[0]
    size, top = np.abs(off).max(axis=0), np.abs(values).max(axis=0)
    return off, np.where((size < ROUGH * top) & (size > ROUGH_OVER_ROUNDING * EPS * top), size, 0.0)
