"""What a solver with a tolerance leaves: steps in f, steps in the claim, a small smooth rest. They widen error bars."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from . import noise
from .ladder import read
from .limits import (
    ARITHMETIC,
    CERTAIN,
    EARLY_STOP,
    EPS,
    FAR_UNSEEN,
    LINEAR_TRIALS,
    LOST,
    LOST_IN_WIDER,
    NOTHING,
    ROUGH,
    ROUGH_OVER_ROUNDING,
    SAME_SHARE,
    SINGLE,
    SLIGHT,
    STRAIGHT,
    SURE,
    UNSEEN,
)
from .richardson import Array
from .steps import Roughness, drops_bits, kinks_of_f, reads_fewer_bits, steps_elsewhere, steps_of_claim
from .verdicts import Verdict

if TYPE_CHECKING:
    from .appeal import Appeal
    from .judge import Judge

STOPS_EARLY = "f is rough at {:.0e}, or its gradient is wrong by as much: tell a solver's accuracy (accuracy=1e-6)"
ROUGH_ELSEWHERE = "the claim is rough at {:.0e}, as it shows elsewhere"
NEARLY_STRAIGHT = "f is rough at {:.0e}: but for that it is a straight line, as its gradient says"
KINKED = "f is rough at {:.0e}, as the kinks all along it show"
ELSEWHERE = (0.25, -0.25)
"""Where else along the direction a constant factor is looked for, in units of its length."""


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
    accused = [i for i in accused if i in small or not _nearly_straight(appeal, i)]
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
        if _within_elsewhere(appeal, i):
            continue
        of_claim, excused = Roughness(0.0)
        if i in small or not o.proven:
            of_claim, excused = _roughness_of_claim(appeal, i, bool((of_f > 0).any()), known)
        # In exact arithmetic f makes no steps: what is rough is its rounding.
        second, f_alone = (o, 0.0 * of_f) if o.proven else (judge.compare(g, claim, appeal.d, smoothed), of_f)
        bar = (second.error if np.isfinite(second.error) else o.error) + of_claim
        if second.verdict == Verdict.WRONG and second.away > (CERTAIN - 1) * bar:
            if not _rough_elsewhere(appeal, i):
                return  # one that stays wrong is enough
            continue
        size = float(np.abs(g) @ np.abs(judge.f0)) + NOTHING
        share = max(float(np.abs(g) @ f_alone) / size, of_claim / (abs(o.claimed) + NOTHING))
        enough = judge.enough(g, claim, appeal.d, smoothed, second.numeric, second.claimed)
        sure = excused and second.away <= (SURE - 1) * bar and bar <= enough
        second.error, appeal.outcomes[i] = bar, second
        if sure:
            second.verdict, second.reason = Verdict.RIGHT, ""
        else:
            whose = "the claim" if o.proven else "f"
            shown = "" if o.proven or float(np.abs(g) @ f_alone) / size == share else ", as its gradient shows"
            appeal.undecided(i, f"{whose} is rough at {share:.0e}{shown}")


def _rough_elsewhere(appeal: Appeal, i: int) -> bool:
    """Whether f or the claim shows elsewhere only that a solver computes it: then nobody can tell what it leaves here.

    Where another coordinate decides when a solver stops, it makes no steps along this one.
    """
    judge, o, g = appeal.judge, appeal.outcomes[i], appeal.gs[i]
    if _nearly_straight(appeal, i):
        return True
    if not o.kind.has_slope or o.away > SLIGHT * appeal.largest(i):
        return False
    judge.elsewhere = max(judge.elsewhere, steps_elsewhere(appeal, i) / appeal.size(g))
    return _within_elsewhere(appeal, i) or _kinked(appeal, i)


def _nearly_straight(appeal: Appeal, i: int) -> bool:
    """Whether f is a straight line, as its gradient says, but for what a solver of linear equations leaves.

    One that adds a whole dimension with each step takes as many steps everywhere near x, and makes no jumps.
    """
    judge, o, g, size = appeal.judge, appeal.outcomes[i], appeal.gs[i], appeal.size(appeal.gs[i])
    if o.proven or not o.kind.has_slope:
        return False
    if np.ptp(appeal.line_of_claim(g)(np.array([-0.75, -0.5, 0.0, 0.5, 0.75]))) > ARITHMETIC * size:
        return False
    straight = judge.bend.height <= STRAIGHT * judge.bend.travel
    height = float(np.abs(g).sum() * judge.bend.height[straight].max(initial=0.0))  # a share of the whole solution
    if not straight[g != 0].all() or o.away > (SURE - 1) * FAR_UNSEEN * height:
        return False
    appeal.undecided(i, NEARLY_STRAIGHT.format(height / size))
    return True


def _kinked(appeal: Appeal, i: int) -> bool:
    """Whether f has small kinks all along the direction, as an ODE solver makes them where it takes another step."""
    o = appeal.outcomes[i]
    if o.proven or o.away > (SURE - 1) * ROUGH * abs(o.numeric):
        return False
    height = kinks_of_f(appeal, i)
    if o.away > (SURE - 1) * UNSEEN * height:
        return False
    appeal.undecided(i, KINKED.format(height / abs(o.numeric)))
    return True


def _within_elsewhere(appeal: Appeal, i: int) -> bool:
    """Whether the claim is off by no more than its steps elsewhere have told already."""
    o = appeal.outcomes[i]
    if not o.kind.has_slope or o.away > SLIGHT * appeal.largest(i):
        return False
    if o.away > (SURE - 1) * appeal.judge.elsewhere * appeal.size(appeal.gs[i]):
        return False
    appeal.undecided(i, ROUGH_ELSEWHERE.format(o.away / abs(o.numeric)))
    return True


def _most_by_roughness(appeal: Appeal, i: int) -> float:
    """The largest difference that steps of the claim can make."""
    return CERTAIN * ROUGH * appeal.largest(i)


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
    own = max(unlike, steps_of_claim(appeal, i, f_is_rough))
    if own.height <= LOST * size:
        known.append(own._replace(height=own.height / size))
    return own


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
            judge.rounded = drops_bits(judge, others[0])
            with contextlib.suppress(Exception):  # no wider numbers are taken
                judge.rounded |= bool(np.median(in_wider()) < LOST_IN_WIDER * np.median(found))
    except Exception:  # beyond the range of its dtype
        return 0.0
    return 0.0 if judge.rounded else UNSEEN * worst


def early_stop(appeal: Appeal) -> None:
    """A difference this small, of a smooth claim, is what a solver that stops early makes of a derivative.

    Not if the accuracy was told, and not if it is what single precision makes of it: of a constant, or of x.
    """
    if appeal.judge.accuracy > 0:
        return
    for i in appeal.accused():
        o, g = appeal.outcomes[i], appeal.gs[i]
        if o.proven or not o.kind.has_slope or o.away > min(LOST * abs(o.numeric), EARLY_STOP * appeal.largest(i)):
            continue
        smooth = noise.graininess(appeal.line_of_claim(g))[0] < o.away / 10
        if smooth and not _is_a_constant(appeal, i) and not reads_fewer_bits(appeal, g):
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
