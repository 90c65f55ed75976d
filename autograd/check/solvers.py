"""What a solver with a tolerance leaves: steps in f, steps in the claim, a small smooth rest. They widen error bars."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from . import noise
from .ladder import read
from .limits import (
    CALM,
    CELLS,
    CERTAIN,
    EARLY_STOP,
    EPS,
    LINEAR_TRIALS,
    LOST,
    LOST_IN_WIDER,
    NARROW,
    NOTHING,
    PLACES,
    ROUGH,
    ROUGH_OVER_ROUNDING,
    SAME_PLACES,
    SAME_SHARE,
    SINGLE,
    SLIGHT,
    STAIRS,
    SURE,
    ULPS_WIDE,
    UNSEEN,
)
from .richardson import Array
from .verdicts import Verdict

if TYPE_CHECKING:
    from .appeal import Appeal
    from .judge import Judge

STOPS_EARLY = "f is rough at {:.0e}, or its gradient is wrong by as much: tell a solver's accuracy (accuracy=1e-6)"
ELSEWHERE = (0.25, -0.25)
"""Where else along the direction a constant factor is looked for, in units of its length."""


class Roughness(NamedTuple):
    """How far a solver may have put the claim off, and whether a claim within that is right, or nobody can tell."""

    height: float
    excused: bool = True


def rough(appeal: Appeal) -> None:
    """A solver with a tolerance makes steps in f, and perhaps in the claim: they widen the error bar."""
    judge = appeal.judge
    accused = list(appeal.accused())
    if not accused:
        return
    of_f = noise.roughness(judge.line(appeal.d))
    if any(appeal.outcomes[i].away <= SLIGHT * abs(appeal.outcomes[i].numeric) for i in accused):
        of_f = np.maximum(of_f, judge.roughness)
    small = [i for i in accused if appeal.outcomes[i].away <= _most_by_roughness(appeal, i)]
    if not (of_f > 0).any() and not small:
        return
    if (of_f > 0).any():
        climbed = judge.climb(appeal.d)
        smoothed = read(climbed.with_floor(np.maximum(judge.floor, 2 * of_f)))
    else:
        smoothed = appeal.s
    known: list[Roughness] = []
    for i in accused if (of_f > 0).any() else small:
        g, claim, o = appeal.gs[i], appeal.claims[i], appeal.outcomes[i]
        of_claim, excused = Roughness(0.0)
        if i in small or not o.proven:
            of_claim, excused = _roughness_of_claim(appeal, i, bool((of_f > 0).any()), known)
        # In exact arithmetic f makes no steps: what is rough is its rounding.
        second, f_alone = (o, 0.0 * of_f) if o.proven else (judge.compare(g, claim, appeal.d, smoothed), of_f)
        if not (f_alone > 0).any() and of_claim == 0:
            return
        bar = (second.error if np.isfinite(second.error) else o.error) + of_claim
        if second.verdict == Verdict.WRONG and second.away > (CERTAIN - 1) * bar:
            return  # one that stays wrong is enough
        size = float(np.abs(g) @ np.abs(judge.f0)) + NOTHING
        share = max(float(np.abs(g) @ f_alone) / size, of_claim / (abs(o.claimed) + NOTHING))
        enough = judge.enough(g, claim, appeal.d, smoothed, second.numeric, second.claimed)
        sure = excused and second.away <= (SURE - 1) * bar and bar <= enough
        second.error, appeal.outcomes[i] = bar, second
        if sure:
            second.verdict, second.reason = Verdict.RIGHT, ""
        else:
            shown = "" if float(np.abs(g) @ f_alone) / size == share else ", as its gradient shows"
            appeal.undecided(i, f"f is rough at {share:.0e}{shown}")


def _most_by_roughness(appeal: Appeal, i: int) -> float:
    """The largest difference that steps of the claim can make."""
    o = appeal.outcomes[i]
    return CERTAIN * ROUGH * max(abs(o.claimed), abs(o.numeric))


def _roughness_of_claim(appeal: Appeal, i: int, f_is_rough: bool, known: list[Roughness]) -> Roughness:
    """What an iterative backward pass makes of a claim: another one for each cotangent, or steps along the direction.

    `known`: what other cotangents showed of it, as shares of their slopes. For some a solver may take as many steps as
    for all those that they are added to.
    """
    o, g = appeal.outcomes[i], appeal.gs[i]
    unlike = Roughness(_nonlinearity_of_claim(appeal, g))
    size = appeal.size(g)
    steps = [r._replace(height=r.height * size) for r in known]
    if 0 < unlike.height <= LOST * size:
        known.append(Roughness(unlike.height / size))
    for found in (unlike, *steps):
        if o.away <= (SURE - 1) * found.height:
            return found
    own = max(unlike, _steps_of_claim(appeal, i, f_is_rough))
    if own.height <= LOST * size:
        known.append(own._replace(height=own.height / size))
    return own


def _steps_of_claim(appeal: Appeal, i: int, f_is_rough: bool) -> Roughness:
    """The steps of the claim along the direction that f's slope does not make, if a solver makes them.

    Over a few units of rounding of x a solver's result is smooth; differences and lost digits are rough there too.
    Rounding of x or inside of the claim is a staircase as bisection is: a formula proves that it is not a solver's.
    """
    judge, g, o = appeal.judge, appeal.gs[i], appeal.outcomes[i]
    claim, error, size = appeal.line_of_claim(g), appeal.line_of_error(g), appeal.size(g)

    def height(measure: Callable[[noise.Curve], Array]) -> float:
        """Also where slopes cancel along the direction, beside their size."""
        found = float(measure(lambda t: claim(t) + size)[0])
        return found if f_is_rough or found == 0 else min(found, float(measure(lambda t: error(t) + size)[0]))

    near = height(noise.roughness)
    stairs = noise.graininess(claim)[0] > STAIRS * near > 0
    bar = near if stairs else UNSEEN * near
    if not o.proven and o.away > (SURE - 1) * bar:
        bar = max(bar, UNSEEN * height(noise.far_steps))
    if bar == 0 or noise.graininess(claim, ULPS_WIDE * judge.p.eps)[0] > CALM * bar / UNSEEN:
        return Roughness(0.0)
    excluded = o.proven if stairs else _is_a_factor(appeal, i)
    if excluded or _drops_bits(judge, judge.rng.normal(size=g.size)) or _reads_fewer_bits(appeal, g):
        return Roughness(0.0)
    # Single precision inside looks like bisection.
    return Roughness(bar, near > NARROW * SINGLE * abs(o.claimed) if stairs else near > 0)


def _in_wider(judge: Judge, g: Array, z: Array) -> Array:
    return judge.p.claim_in(np.float64 if judge.p.eps > EPS else np.longdouble, g, z)


def _nonlinearity_of_claim(appeal: Appeal, g: Array) -> float:
    """How far the claim for a sum of cotangents is from the sum of claims, if that is not what rounding makes."""
    judge = appeal.judge
    others = [np.abs(g).max() * judge.rng.normal(size=g.size) for _ in range(LINEAR_TRIALS)]

    def defects(claim: Callable[[Array], Array]) -> tuple[Array, float]:
        """All of them along the direction, and the largest claim."""

        def along(g: Array) -> float:
            return judge.along(claim(g), appeal.d)[0]

        here, there = along(g), [along(o) for o in others]
        found = [abs(along(g + o) - here - k) for o, k in zip(others, there, strict=True)]
        return np.array(found), max(abs(here), *map(abs, there))

    def in_wider() -> Array:
        return defects(lambda g: _in_wider(judge, g, judge.z))[0]

    try:
        found, size = defects(lambda g: judge.p.claim(g, judge.z))
        worst = float(found.max())
        if not ROUGH_OVER_ROUNDING * judge.p.eps * size < worst < CERTAIN * ROUGH * size:
            return 0.0
        if judge.rounded is None:
            judge.rounded = _drops_bits(judge, others[0])
            with contextlib.suppress(Exception):  # no wider numbers are taken
                judge.rounded |= bool(np.median(in_wider()) < LOST_IN_WIDER * np.median(found))
    except Exception:  # beyond the range of its dtype
        return 0.0
    return 0.0 if judge.rounded else UNSEEN * worst


def _drops_bits(judge: Judge, g: Array) -> bool:
    """Whether part of the claim is computed in single or half precision: what `g`, which has all its bits, becomes
    first, what it is multiplied with, or the result."""
    single = np.float32
    claim, factor = judge.p.claim(g, judge.z), judge.p.claim(np.ones_like(g), judge.z)
    with_fewer = judge.p.claim(g.astype(single).astype(np.float64), judge.z)
    return bool(np.array_equal(claim, with_fewer) or any((c == c.astype(single)).all() for c in (claim, factor)))


def _reads_fewer_bits(appeal: Appeal, g: Array) -> bool:
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


def _is_a_factor(appeal: Appeal, i: int) -> bool:
    """Whether the claim is off by one share all along one side of x, as a wrong factor makes it, and no solver."""
    o = appeal.outcomes[i]
    share = o.claimed / o.numeric - 1
    return any(all(_same_share(appeal, i, share, sign * t, SAME_PLACES) for t in PLACES) for sign in (1, -1))


def _same_share(appeal: Appeal, i: int, share: float, t: float, part: float) -> bool:
    """Whether the claim is off by that share, to within a part of it, at x + t d."""
    g, s = appeal.gs[i], appeal.judge.at(appeal.judge.z + t * appeal.d).slopes(appeal.d)
    numeric, error = float(g @ s.value), float(np.abs(g) @ s.error)
    there = float(appeal.line_of_claim(g)(np.array([t]))[0, 0])
    return bool(abs(there - numeric * (1 + share)) <= SURE * error + part * abs(share * numeric))


def early_stop(appeal: Appeal) -> None:
    """A difference this small, of a smooth claim, is what a solver that stops early makes of a derivative.

    Not if the accuracy was told, and not if it is what single precision makes of it: of a constant, or of x.
    """
    if appeal.judge.accuracy > 0:
        return
    for i in appeal.accused():
        o, g = appeal.outcomes[i], appeal.gs[i]
        if o.proven or not o.kind.has_slope or o.away > EARLY_STOP * abs(o.numeric):
            continue
        smooth = noise.graininess(appeal.line_of_claim(g))[0] < o.away / 10
        if smooth and not _is_a_constant(appeal, i) and not _reads_fewer_bits(appeal, g):
            appeal.undecided(i, STOPS_EARLY.format(o.away / abs(o.numeric)))


def _is_a_constant(appeal: Appeal, i: int) -> bool:
    """Whether the claim is off by what rounding to single precision makes, here and by the same share elsewhere.

    A solver's rest changes from place to place, unless f is linear and so is the solver. There the claim for a
    cotangent of ones and noughts has to be a number of single precision itself, which a solver's is once in 2^29.
    """
    judge, o, g, d = appeal.judge, appeal.outcomes[i], appeal.gs[i], appeal.d
    share = o.claimed / o.numeric - 1
    if abs(share) > SINGLE:
        return False
    slopes = [o.numeric]
    for t in ELSEWHERE:
        s = judge.at(judge.z + t * d).slopes(d)
        numeric, error = float(g @ s.value), float(np.abs(g) @ s.error)
        there = float(appeal.line_of_claim(g)(np.array([t]))[0, 0])
        if not abs(there - numeric * (1 + share)) <= SURE * error + SAME_SHARE * abs(share * numeric):
            return False
        slopes.append(numeric)
    if np.ptp(slopes) > SINGLE * abs(o.numeric):
        return True
    return _is_single(appeal)


def _is_single(appeal: Appeal) -> bool:
    """Whether the largest entry of the claim for a cotangent with one entry is a number of single precision."""
    judge = appeal.judge
    for k in range(min(judge.f0.size, 8)):
        unit = np.zeros(judge.f0.size)
        unit[k] = 1.0
        claim = judge.p.claim(unit, judge.z)[appeal.d != 0]
        largest = float(claim[np.argmax(np.abs(claim))]) if np.isfinite(claim).all() else 0.0
        few_bits = float(np.float16(largest)) == largest  # so are 1, 0.5 and 3, which no constant was rounded to
        if not few_bits and float(np.float32(largest)) == largest:
            return True
    return False
