"""Kinks of several coordinates at once: any slope of the hull of those nearby is right there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .ladder import Slopes
from .limits import EPS, HULL_SLACK, MANY_NEIGHBOURS, NEARBY, NEIGHBOURS, SCATTER, SURE
from .outcome import Outcome
from .richardson import Array
from .verdicts import Kind, Verdict

if TYPE_CHECKING:
    from .appeal import Appeal
    from .judge import Judge

Hull = tuple[Array, Array, bool]
"""The least and the largest slopes, and whether they scatter however near the points are."""


def kink_of_many(appeal: Appeal) -> None:
    """Any slope of the hull of those nearby is right where f has a kink in several coordinates at once."""
    _try(appeal, appeal.hull)
    if appeal.hull is not None and appeal.hull[2] and next(appeal.accused(), None) is not None:
        _try(appeal, hull_of(appeal.judge, appeal.s, appeal.d, MANY_NEIGHBOURS))


def _try(appeal: Appeal, hull: Hull | None) -> None:
    if hull is None:
        return
    low, high, scattered = hull
    for i in appeal.accused():
        o = appeal.outcomes[i]
        lo, hi = pulled(hull, appeal.gs[i])
        slack = HULL_SLACK * (abs(lo) + abs(hi)) + SURE * o.error
        if scattered and lo - slack <= o.claimed <= hi + slack and hi - lo > slack:
            appeal.outcomes[i] = Outcome(Verdict.RIGHT, o.claimed, o.numeric, o.error, lo, hi, Kind.KINK)


def pulled(hull: Hull, g: Array) -> tuple[float, float]:
    """The interval of ⟨g, slopes⟩."""
    low, high, _ = hull
    lo = float(np.where(g > 0, g * low, g * high).sum())
    return lo, float(np.where(g > 0, g * high, g * low).sum())


def hull_of(judge: Judge, s: Slopes, d: Array, count: int = NEIGHBOURS) -> Hull | None:
    """The hull of the slopes `s` here and at points nearby, and whether they scatter however near those are.

    If they do, f has a kink, and the hull is its generalised gradient. Where f is smooth, the scatter shrinks with
    the distance. None if f is not defined all around.
    """
    lows, highs = [], []
    # All sign patterns matter where many coordinates meet in one kink.
    for radius in NEARBY:
        h = radius / 256
        around = [judge.z + radius * judge.random_direction() for _ in range(count)]
        values = judge.evaluate(z + sign * h * d for z in around for sign in (1, -1))
        stack = (values[::2] - values[1::2]) / (2 * h)
        if not np.isfinite(stack).all():
            return None
        lows.append(stack.min(axis=0))
        highs.append(stack.max(axis=0))
    wide = [high - low for low, high in zip(lows, highs, strict=True)]
    rounding = 2.0**36 * np.maximum(np.maximum(s.noise, judge.grain), EPS * np.abs(judge.f0))
    scattered = (wide[1] > SCATTER * wide[0]) & (wide[1] > rounding)
    if scattered.any():
        low = np.where(scattered, np.minimum(lows[1], s.low), s.low)
        high = np.where(scattered, np.maximum(highs[1], s.high), s.high)
        return low, high, True
    return np.minimum(lows[1], s.low), np.maximum(highs[1], s.high), False
