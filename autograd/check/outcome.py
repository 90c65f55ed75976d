"""One comparison, judged; and two measurements of the same slopes, merged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from .ladder import Slopes
from .limits import CERTAIN
from .richardson import Array
from .verdicts import Kind, Verdict, is_kind


@dataclass
class Outcome:
    """One cotangent and one direction, judged."""

    verdict: Verdict
    claimed: float
    numeric: float
    error: float
    low: float
    high: float
    kind: Kind
    reason: str = ""
    court: str = ""
    """Where f was measured again: "mpmath at 60 digits", "long double", …"""
    proven: bool = False
    """Whether the verdict is settled in exact arithmetic, beyond any error bar."""
    away: float = field(default=0.0, repr=False)
    """How far the claim lies outside the interval of slopes."""


def verdict_of(outcomes: Sequence[Outcome]) -> Verdict:
    """The worst verdict over all cotangents."""
    return Verdict.worst(o.verdict for o in outcomes)


def worst_of(outcomes: Sequence[Outcome]) -> int:
    """The cotangent that shows it; the first ones are the plainest."""
    return max(range(len(outcomes)), key=lambda k: (outcomes[k].verdict.rank, -k))


def merge(a: Slopes, b: Slopes) -> tuple[Slopes, NDArray[np.bool_]]:
    """The better of two ladders for each component where both see a smooth function, and where they contradict.

    Kinks of the first are kept.
    """
    both = is_kind(a.kind, Kind.SMOOTH) & is_kind(b.kind, Kind.SMOOTH)
    with np.errstate(all="ignore"):
        apart = np.abs(a.value - b.value) > CERTAIN * (a.error + b.error)
        take = both & (b.error < a.error) & ~apart

    def pick(x: Array, y: Array) -> Array:
        return np.asarray(np.where(take, y, x))

    merged = Slopes(
        pick(a.value, b.value),
        pick(a.error, b.error),
        pick(a.low, b.low),
        pick(a.high, b.high),
        a.kind,
        a.noise,
        a.swing,
    )
    return merged, both & apart & np.isfinite(a.error) & np.isfinite(b.error)
