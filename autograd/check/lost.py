"""Digits lost to rounding, in the claim or in f itself: what they excuse, and what they do not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .court import HighCourt
from .hulls import pulled
from .ladder import Slopes
from .limits import (
    AS_LOST,
    CERTAIN,
    EPS,
    FARTHER,
    FORMULA,
    GRAINS_OF_EVIDENCE,
    LEVELS,
    LOST,
    MOVED_BY,
    MOVES,
    RESOLVED,
    SEEN_BESIDE_ONE,
    SMALL_SCALE,
    SURE,
    ULPS,
    ULPS_WIDE,
)
from .noise import is_gridded
from .outcome import Outcome
from .richardson import CENTRAL, Array, limit
from .verdicts import Verdict

if TYPE_CHECKING:
    from .appeal import Appeal

CANCELS = "the gradient moves as much when the point moves by rounding"
DERIVED = "the program loses its digits to cancellation here, and its derivative with them"
OVERFLOWS = "the program overflows inside here, and its derivative with it"
TWO_SCALES = "f looks different over short and over long steps"
FEW_GRAINS = "the difference is less than what rounding inside of f can hide at so small an x"
FLAT = "f does not move at all here: so small a slope is lost to rounding inside of f"


def rounding_of_the_claim(appeal: Appeal) -> None:
    """How far the claim itself moves when the point moves by rounding.

    Where the true slope moves as far, no gradient does better. Where it does not, the claim cancels; losing a few
    digits so is what textbook formulas do, losing percents is wrong.
    """
    judge = appeal.judge
    accused = [i for i in appeal.accused() if appeal.outcomes[i].kind.has_slope]
    # Few points may all round alike for one cotangent; hardly for all.
    beside_one = max((motion_beside_one(appeal, i) / appeal.size(appeal.gs[i]) for i in accused), default=0.0)
    for i in accused:
        o, g, claim = appeal.outcomes[i], appeal.gs[i], appeal.claims[i]
        away, size = o.away, max(abs(o.numeric), abs(o.claimed))
        textbook = away <= (SURE - 1) * rounding_of_a_formula(appeal, g)
        floor = motion_of_claim(appeal, g, claim)
        slope = Slopes.smooth(appeal.s.value, appeal.s.error, appeal.s.noise, appeal.s.swing)
        within = judge.enough(g, claim, appeal.d, slope, o.numeric, o.claimed)
        few = away <= LOST * abs(o.numeric)
        if few and (textbook or away <= beside_one * appeal.size(g)):
            o.error, o.verdict, o.reason = max(o.error, away / SURE), Verdict.RIGHT, ""
        elif away <= (SURE - 1) * (o.error + floor) and (
            size <= within or away <= (SURE - 1) * (o.error + motion_of_truth(appeal, g, o))
        ):
            o.error += floor
            if o.error <= within or size <= within:
                o.verdict, o.reason = Verdict.RIGHT, ""
            else:
                appeal.undecided(i, CANCELS)
        elif judge.p.derived and (textbook or away <= loss_of_f(appeal, g) or depends_on_precision(appeal, i)):
            appeal.undecided(i, DERIVED)
        else:
            return  # one that stays wrong is enough


def rounding_of_a_formula(appeal: Appeal, g: Array) -> float:
    """What a textbook formula may lose along the direction: rounding in units of f over steps of 1."""
    length = min(appeal.judge.p.length(appeal.d), 1.0)
    return FORMULA * appeal.judge.p.rounding * length * float(np.abs(g) @ appeal.extent)


def loss_of_f(appeal: Appeal, g: Array) -> float:
    """How far a derivative may be off, along the direction, that was derived from a program that loses as much as f.

    ``(1 - exp(-x)) / x`` is off by all of its value at 1e-20, and so is each of the terms of its derivative, times x.
    """
    off = appeal.judge.high.loss(appeal.d)
    return AS_LOST * float(np.abs(g) @ off)


def depends_on_precision(appeal: Appeal, i: int) -> bool:
    """Whether the claim in single precision, or in long double, is another: then rounding makes it so."""
    o = appeal.outcomes[i]
    for dtype in (np.float32, np.longdouble):
        try:
            other = appeal.judge.p.claim_in(dtype, appeal.gs[i], appeal.judge.z)
        except Exception:  # out of range, or not taken
            continue
        k, _ = appeal.judge.along(other, appeal.d)
        if not abs(k - o.claimed) < o.away / 2:
            return True
    return False


def motion_of_claim(appeal: Appeal, g: Array, claim: Array) -> float:
    """How far the claim moves when the point moves by rounding."""
    judge = appeal.judge
    worst = np.zeros_like(judge.z)
    for _ in range(MOVES):
        try:
            change = np.abs(judge.p.claim_nearby(g, judge.z, judge.rng) - claim)
        except Exception:  # beyond its domain
            continue
        worst = np.fmax(worst, np.where(np.isfinite(change), change, 0.0))
    return MOVED_BY * float(np.dot(worst, np.abs(appeal.d)))


def motion_beside_one(appeal: Appeal, i: int) -> float:
    """How far the claim moves when a small x moves by the rounding of 1 + x.

    ``exp(-x)`` does not see less, and ``(exp(-x) * (1 + x) - 1) / x**2`` loses six digits to it at 1e-5.
    """
    judge, g, claim, moved = appeal.judge, appeal.gs[i], appeal.claims[i], np.zeros_like(appeal.judge.z)
    small = (judge.z != 0) & (np.abs(judge.z) < SMALL_SCALE)
    for _ in range(MOVES if small.any() else 0):
        move = np.where(small, judge.rng.uniform(-ULPS_WIDE, ULPS_WIDE, judge.z.size) * EPS, 0.0)
        try:
            change = np.abs(judge.p.claim(g, judge.z + move) - claim)
        except Exception:  # beyond its domain
            continue
        moved = np.fmax(moved, np.where(np.isfinite(change), change, 0.0))
    return MOVED_BY * float(np.dot(moved, np.abs(appeal.d)))


def motion_of_truth(appeal: Appeal, g: Array, o: Outcome) -> float:
    """How far the true slope moves when the point moves by rounding."""
    judge, worst = appeal.judge, 0.0
    if appeal.ruling is not None:
        for _ in range(MOVES // 2):
            z = judge.z + judge.rng.choice(ULPS, judge.z.size) * np.abs(judge.z) * judge.p.eps
            ruling = HighCourt(judge.p.exactly, z, judge.f0).slopes(appeal.d)
            if ruling is not None:
                worst = max(worst, abs(float(g @ (ruling.value - appeal.ruling.slopes.value))))
        return MOVED_BY * worst
    if appeal.hull is None:
        return np.inf
    lo, hi = pulled(appeal.hull, g)
    return hi - lo + RESOLVED * max(abs(lo), abs(hi)) + judge.resolution(g, appeal.s)


def few_grains(appeal: Appeal) -> None:
    """Without a court, a difference of few grains of f is no evidence, nor one that long steps contradict.

    Over the longest step in proportion to x, f's change differs from the claimed one by less than the rounding of
    numbers of the size that f has a step of 1 away: a constant inside may round as coarsely. Where short steps do not
    move f at all, it may have been rounded away far beyond that: ``1 + erf(x)`` is 0 at -10.
    """
    judge = appeal.judge
    for i in appeal.accused():
        o, g = appeal.outcomes[i], appeal.gs[i]
        if o.proven:
            continue
        length = judge.p.length(appeal.d)
        contradicted = length < SMALL_SCALE and beside_one(appeal, i)
        if (appeal.apart & (g != 0)).any() or contradicted or too_steep(appeal, o, g):
            appeal.undecided(i, TWO_SCALES)
        elif length < SMALL_SCALE and _is_few(o, g, appeal.extent):
            appeal.undecided(i, FEW_GRAINS)
        elif np.isfinite(o.claimed) and _is_few(o, g, np.where(is_flat(appeal), far_extent(appeal), 0.0)):
            appeal.undecided(i, FLAT)


def beside_one(appeal: Appeal, i: int) -> bool:
    """Whether long steps speak for the claim, and only those steps against it that would be lost in 1 + x.

    One term of ``-x*log(x) - (1 - x)*log(1 - x)`` does not move at all over short steps at 1e-12, while the other does.
    """
    judge, o, g = appeal.judge, appeal.outcomes[i], appeal.gs[i]
    ladder = judge.climb(appeal.d)
    long = ladder.steps * judge.p.length(appeal.d) >= SEEN_BESIDE_ONE
    if long.all() or long.sum() < 3:
        return False
    value, error = limit(ladder.central[long], ladder.at_step[long] / ladder.h[long], CENTRAL)
    slope, bar = float(g @ value), float(np.abs(g) @ error)
    return abs(slope - o.numeric) > CERTAIN * bar and abs(slope - o.claimed) <= CERTAIN * (bar + o.error)


def too_steep(appeal: Appeal, o: Outcome, g: Array) -> bool:
    """Whether f's slope over steps that 1 + x loses would take it, over the first that 1 + x sees, beyond all its size.

    And the claimed one would not. ``exp(x) - 1`` does not move at -1e-16, and ``x / (exp(x) - 1)`` is a straight line
    of slope 9e15 until it does.
    """
    length = appeal.judge.p.length(appeal.d)
    if not 0 < length < SEEN_BESIDE_ONE:
        return False
    most = float(np.abs(g) @ appeal.extent) * (length / SEEN_BESIDE_ONE)
    return abs(o.claimed) <= most < abs(o.numeric)


def _is_few(o: Outcome, g: Array, extent: Array) -> bool:
    return bool(o.away * LEVELS[0] <= GRAINS_OF_EVIDENCE * EPS * float(np.abs(g) @ extent))


def is_flat(appeal: Appeal) -> Array:
    """The outputs that the finest steps do not move."""
    judge, h = appeal.judge, LEVELS[-1]
    ahead, behind = judge.line(appeal.d)(np.array([h, -h]))
    return is_gridded(ahead[None], behind[None], judge.f0)


def far_extent(appeal: Appeal) -> Array:
    """The size of f as far away as x is from 0, and beyond."""
    values = appeal.judge.line(appeal.d)(np.array(FARTHER))
    return np.asarray(np.where(np.isfinite(values), np.abs(values), 0.0).max(axis=0))


def overflow(appeal: Appeal) -> None:
    """Where the program overflows on the way to a finite value, or has lost all of it, so does what is derived from it.

    ``(1 - exp(-x)) / x`` is 0 instead of 1 at 1e-308, and its derivative divides by the square of that.
    """
    lost = [i for i, o in enumerate(appeal.outcomes) if o.verdict == Verdict.WRONG and not np.isfinite(o.claimed)]
    if not lost or not appeal.judge.p.derived:
        return
    reason = DERIVED if (appeal.judge.high.loss(appeal.d) > appeal.extent / 2).any() else ""
    try:
        with np.errstate(over="raise"):
            appeal.judge.p.exactly(appeal.judge.z)
    except FloatingPointError:
        reason = OVERFLOWS
    except Exception:  # the program takes nodes only
        pass
    for i in lost if reason else ():
        appeal.undecided(i, reason)
        appeal.outcomes[i].proven = False
