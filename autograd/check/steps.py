"""The steps that a claim makes as x moves, and whose they are: a solver's, or those of rounding.

A solver with a tolerance takes a step more or less from some place on, and its result jumps there. So does one that
was rounded, or read from a table; what tells them apart stands here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from . import noise
from .high import high_array, seen
from .limits import (
    CALM,
    CELLS,
    DIGITS,
    EPS,
    FAR_UNSEEN,
    KINKS_UNSEEN,
    MANY_WINDOWS,
    NARROW,
    ONE_STEP,
    PLACES,
    ROUGH,
    SAME_PLACES,
    SINGLE,
    SLOW,
    SMALL_SCALE,
    STAIRS,
    SURE,
    SWEPT_WIDTH,
    ULPS_WIDE,
    UNSEEN,
)
from .richardson import Array

if TYPE_CHECKING:
    from .appeal import Appeal
    from .judge import Judge


class Roughness(NamedTuple):
    """How far a solver may have put the claim off, and whether a claim within that is right, or nobody can tell."""

    height: float
    excused: bool = True


def steps_of_claim(appeal: Appeal, i: int, f_is_rough: bool) -> Roughness:
    """The steps of the claim along the direction that f's slope does not make, if a solver makes them."""
    g, o = appeal.gs[i], appeal.outcomes[i]
    near = _height(appeal, i, noise.roughness, f_is_rough)
    stairs = bool(noise.graininess(appeal.line_of_claim(g))[0] > STAIRS * near > 0)
    bar = near if stairs else UNSEEN * near
    if not o.proven and o.away > (SURE - 1) * bar:
        bar = max(bar, UNSEEN * _height(appeal, i, noise.far_steps, f_is_rough))
    if bar == 0 or not is_a_solver(appeal, i, bar / UNSEEN):
        return Roughness(0.0)
    # Single precision inside looks like bisection.
    sure = not o.proven and near > NARROW * SINGLE * abs(o.claimed) if stairs else near > 0
    return Roughness(bar, bool(sure))


def steps_elsewhere(appeal: Appeal, i: int) -> float:
    """What a solver may leave of the claim that makes steps far from x, or where all coordinates move.

    One that takes many steps, each of which leaves most of the error, makes many and small ones. An ODE solver leaves
    small kinks all along, where it takes another step.
    """
    judge, o, best = appeal.judge, appeal.outcomes[i], 0.0

    def left(curve: noise.Curve) -> Array:
        found = noise.sweep(curve, noise.SWEPT)
        steps = np.where(found.windows >= MANY_WINDOWS, SLOW, FAR_UNSEEN) * found.height
        return np.maximum(steps, KINKS_UNSEEN * found.kinks)

    # Halved, no way leads through 0, where a formula may lose all its digits.
    for along in (None, judge.random_direction() / 2, judge.random_direction() / 2):
        best = max(best, _height(appeal, i, left, False, along))
        if o.away <= (SURE - 1) * best:
            return best if is_a_solver(appeal, i, best / KINKS_UNSEEN) else 0.0
    return 0.0


def kinks_of_f(appeal: Appeal, i: int) -> float:
    """The kinks that f has all along the direction, by the difference of its slope from the claim.

    They are above what f's rounding and noise make of a difference, and no roughness of the claim.
    """
    judge, g, size = appeal.judge, appeal.gs[i], appeal.size(appeal.gs[i])
    own = float(np.abs(g) @ np.maximum(np.abs(judge.f0), judge.noise / EPS)) / ONE_STEP
    error = appeal.line_of_error(appeal.line_of_claim(g), g)
    height = float(noise.sweep(lambda t: error(t) + own, noise.SWEPT).kinks[0])
    return height if height <= ROUGH * size and is_a_solver(appeal, i, height) else 0.0


def is_a_solver(appeal: Appeal, i: int, height: float) -> bool:
    """Whether steps of such a height are a solver's.

    Over a few units of rounding of x its result is smooth; differences and lost digits are rough there too. Rounding
    of x or inside of the claim is a staircase as bisection is: what it does with numbers of 60 digits tells.
    """
    judge, g = appeal.judge, appeal.gs[i]
    if noise.graininess(appeal.line_of_claim(g), ULPS_WIDE * judge.p.eps)[0] > CALM * height:
        return False
    length = judge.p.length(appeal.d)
    if 0 < length < SMALL_SCALE:
        # exp(-x) rounds in units of 1, over whole ones as 1 + x does; divided by x² that is most where x is least.
        width, most = ULPS_WIDE * judge.p.eps / (1.37 * length), CALM * height * (1 - SWEPT_WIDTH) ** 2
        if noise.graininess(appeal.line_of_claim(g), width)[0] > most:
            return False
    if drops_bits(judge, judge.rng.normal(size=g.size)) or reads_fewer_bits(appeal, g):
        return False
    return not rounds(appeal, g) and not is_a_factor(appeal, i)


def _height(
    appeal: Appeal, i: int, measure: Callable[[noise.Curve], Array], f_is_rough: bool, along: Array | None = None
) -> float:
    """The steps of the claim by some measure, also where slopes cancel along the direction, beside their size."""
    g, size = appeal.gs[i], appeal.largest(i)
    claim = appeal.line_of_claim(g, along)
    error = appeal.line_of_error(claim, g, along)
    found = float(measure(lambda t: claim(t) + size)[0])
    return found if f_is_rough or found == 0 else min(found, float(measure(lambda t: error(t) + size)[0]))


def rounds(appeal: Appeal, g: Array) -> bool:
    """Whether the claim rounds what depends on x, as it shows with numbers of 60 digits."""
    seen.rounding = False
    try:
        import mpmath

        with mpmath.workdps(DIGITS):
            appeal.judge.p.claim_exactly(high_array(map(mpmath.mpf, g)), high_array(map(mpmath.mpf, appeal.judge.z)))
    except Exception:  # mpmath is not there, or the claim does not take such numbers to the end
        pass
    return seen.rounding


def drops_bits(judge: Judge, g: Array) -> bool:
    """Whether part of the claim is computed in single or half precision: what `g`, which has all its bits, becomes
    first, what it is multiplied with, or the result."""
    single = np.float32
    claim, factor = judge.p.claim(g, judge.z), judge.p.claim(np.ones_like(g), judge.z)
    with_fewer = judge.p.claim(g.astype(single).astype(np.float64), judge.z)
    return bool(np.array_equal(claim, with_fewer) or any((c == c.astype(single)).all() for c in (claim, factor)))


def reads_fewer_bits(appeal: Appeal, g: Array) -> bool:
    """Whether the claim is that at x rounded to half or single precision, and another at the next such number."""
    judge = appeal.judge
    points = [judge.z + t * appeal.d for t in judge.rng.uniform(-0.1, 0.1, CELLS)]

    def reads(narrow: type[np.floating[Any]]) -> bool:
        changed = 0
        for z in points:
            rounded = z.astype(narrow)
            further = np.nextafter(rounded, np.where(appeal.d > 0, np.inf, -np.inf).astype(narrow))
            here = judge.p.claim(g, rounded.astype(np.float64))
            if not np.array_equal(judge.p.claim(g, z), here):
                return False
            changed += not np.array_equal(judge.p.claim(g, further.astype(np.float64)), here)
        return changed > CELLS // 2

    try:
        return reads(np.float32) or reads(np.float16)
    except Exception:  # beyond its domain
        return False


def is_a_factor(appeal: Appeal, i: int) -> bool:
    """Whether the claim is off by one share all along one side of x, as a wrong factor makes it, and no solver."""
    o = appeal.outcomes[i]
    if o.numeric == 0:
        return False
    share = o.claimed / o.numeric - 1
    return any(all(same_share(appeal, i, share, sign * t, SAME_PLACES) for t in PLACES) for sign in (1, -1))


def same_share(appeal: Appeal, i: int, share: float, t: float, part: float) -> bool:
    """Whether the claim is off by that share, to within a part of it, at x + t d."""
    g, s = appeal.gs[i], appeal.judge.at(appeal.judge.z + t * appeal.d).slopes(appeal.d)
    numeric, error = float(g @ s.value), float(np.abs(g) @ s.error)
    there = float(appeal.line_of_claim(g)(np.array([t]))[0, 0])
    return bool(abs(there - numeric * (1 + share)) <= SURE * error + part * abs(share * numeric))
