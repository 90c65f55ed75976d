"""The last word before a gradient is called wrong: everything that may speak for it, heard in turn.

Each step looks at the outcomes that are not right yet. The long ladder and the complex step measure anew; the courts of
`court` measure in higher precision; the others ask whether f or the claim excuses the difference: a kink in several
coordinates at once, the steps of a solver, the rounding of the claim.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache, cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from . import noise, numeric
from .court import Ruling
from .hulls import Hull, hull_of, kink_of_many
from .ladder import Slopes
from .limits import BENDS, CLOSE_BY, NOTHING, ONE_STEP, OTHER_STEPS
from .lost import few_grains, overflow, rounding_of_the_claim
from .outcome import Outcome, merge
from .richardson import Array
from .solvers import early_stop, rough
from .verdicts import Kind, Verdict, is_kind

if TYPE_CHECKING:
    from .judge import Judge


class Appeal:
    """One direction, all cotangents; `heard` gives the final outcomes."""

    def __init__(self, judge: Judge, gs: list[Array], claims: list[Array], d: Array, s: Slopes) -> None:
        self.judge, self.gs, self.claims, self.d, self.s = judge, gs, claims, d, s
        self.apart: NDArray[np.bool_] = np.zeros(s.value.shape, dtype=bool)
        self.outcomes: list[Outcome] = []
        self.explained: set[int] = set()
        """The outcomes of which it is known why they are undecided."""
        self.compare_all()

    def compare_all(self) -> None:
        self.outcomes = [self.judge.compare(g, c, self.d, self.s) for g, c in zip(self.gs, self.claims, strict=True)]

    def open(self) -> list[int]:
        """The outcomes that are not right yet."""
        return [i for i, o in enumerate(self.outcomes) if o.verdict != Verdict.RIGHT]

    def accused(self) -> Iterator[int]:
        """The outcomes that are wrong by their numbers."""
        for i, o in enumerate(self.outcomes):
            if o.verdict == Verdict.WRONG and np.isfinite(o.claimed):
                yield i

    def undecided(self, i: int, reason: str) -> None:
        """Outcome number `i` cannot be settled, and why."""
        self.outcomes[i].verdict, self.outcomes[i].reason = Verdict.UNDECIDED, reason
        self.explained.add(i)

    def heard(self) -> list[Outcome]:
        for step in STEPS:
            if not self.open():
                return self.outcomes
            step(self)
        self.name_the_undecided()
        return self.outcomes

    # -- measured anew ------------------------------------------------------------------------------------

    def longer_ladders(self) -> None:
        """Steps on other scales than that of x."""
        for reach in self.judge.other_reaches(self.d):
            self.s, apart = merge(self.s, self.judge.slopes(self.d, reach))
            self.apart |= apart
        self.compare_all()

    def complex_step(self) -> None:
        """Where f is verified to be analytic."""
        if not is_kind(self.s.kind, Kind.SMOOTH).all():
            return
        exact = numeric.complex_step(self.judge.p.exactly, self.judge.z, self.d, self.judge.f0, self.s)
        if exact is not None:
            better = exact[1] < self.s.error
            value, error = np.where(better, exact[0], self.s.value), np.where(better, exact[1], self.s.error)
            self.s = Slopes.smooth(value, error, self.s.noise, self.s.swing)
            self.compare_all()

    # -- higher precision ---------------------------------------------------------------------------------

    @cached_property
    def ruling(self) -> Ruling | None:
        return self.judge.high.rule(self.d)

    def high_court(self) -> None:
        """An exact slope that agrees acquits; one that disagrees convicts if f is smooth in exact arithmetic."""
        if self.ruling is None:
            return
        for i in self.open():
            o = self.judge.compare(self.gs[i], self.claims[i], self.d, self.ruling.slopes)
            if o.verdict == Verdict.RIGHT or self.ruling.proven:
                o.court, o.proven = self.ruling.court, self.ruling.proven
                self.outcomes[i] = o

    def long_court(self) -> None:
        """The same ladders in long double."""
        if self.ruling is not None:
            return
        for reach in [1.0, *self.judge.other_reaches(self.d)]:
            ruling = self.judge.long.rule(self.d, reach, self.judge.floor)
            if ruling is None:
                return
            for i in self.open():
                o = self.judge.compare(self.gs[i], self.claims[i], self.d, ruling.slopes)
                o.court = ruling.court
                if o.verdict == Verdict.RIGHT:
                    self.outcomes[i] = o

    def second_ladder(self) -> None:
        """Steps between those of the first, which a grid in f cannot please as well."""
        accused = [i for i in self.accused() if not self.outcomes[i].proven]
        if not accused:
            return
        again = self.judge.slopes(self.d, OTHER_STEPS)
        if again.kind.tolist() != self.s.kind.tolist():
            return
        merged, _ = merge(again, self.s)
        for i in accused:
            smooth = self.outcomes[i].kind == Kind.SMOOTH
            second = self.judge.compare(self.gs[i], self.claims[i], self.d, merged if smooth else again)
            if second.verdict != Verdict.WRONG:
                self.outcomes[i].verdict = Verdict.UNDECIDED
                self.outcomes[i].reason = "two ladders of steps disagree"

    # -- what the excuses look at --------------------------------------------------------------------------

    @cached_property
    def hull(self) -> Hull | None:
        """The hull of the slopes nearby."""
        return hull_of(self.judge, self.s, self.d)

    @cached_property
    def extent(self) -> Array:
        """The size of f here, and steps of 1/2 and 1 away: an entropy lives between 0 and 1, and is 0 at both ends."""
        judge, unit = self.judge, self.d / self.judge.p.length(self.d)
        far = judge.line(unit)(np.array([1.0, 0.5, -0.5, -1.0]))
        sizes = [np.where(np.isfinite(v), np.abs(v), 0.0) for v in (*far, judge.f0)]
        return np.asarray(np.max(sizes, axis=0))

    def line_of_claim(self, g: Array, along: Array | None = None) -> noise.Curve:
        """t ↦ ⟨vjp(g) at x + t r, d⟩, where r, the way `along` which x moves, is d by default."""
        judge, way = self.judge, self.d if along is None else along

        @cache
        def claim(t: float) -> float:
            try:
                return judge.along(judge.p.claim(g, judge.z + t * way), self.d)[0]
            except Exception:  # beyond its domain
                return float("nan")

        return lambda ts: np.array([[claim(float(t))] for t in ts])

    def line_of_error(self, claim: noise.Curve, g: Array, along: Array | None = None) -> noise.Curve:
        """t ↦ how far that line of the claim is off at x + t r, by one difference: without f's own kinks."""
        judge, way = self.judge, self.d if along is None else along

        def error(ts: Array) -> Array:
            ahead, behind = (judge.evaluate(judge.z + t * way + h * self.d for t in ts) for h in (ONE_STEP, -ONE_STEP))
            return np.asarray(claim(ts) - ((ahead - behind) @ g / (2 * ONE_STEP))[:, None])

        return error

    def size(self, g: Array) -> float:
        """The sum of the outputs' slopes, each taken positive."""
        slopes = self.s.value
        return float(np.abs(g) @ np.where(np.isfinite(slopes), np.abs(slopes), 0.0)) + NOTHING

    def largest(self, i: int) -> float:
        """The largest part of the claim, by one input or by all outputs: a solver's rest is a share of that."""
        steps = np.abs(self.claims[i]) * np.abs(self.d).max()
        return max(float(steps.max(initial=0.0)), self.size(self.gs[i]))

    # -- what is left -------------------------------------------------------------------------------------

    def name_the_undecided(self) -> None:
        """Name the cause, where it can be seen: a kink or a jump close by."""
        undecided = [
            o for i, o in enumerate(self.outcomes) if o.verdict == Verdict.UNDECIDED and i not in self.explained
        ]
        why = self.why_undecided() if undecided else ""
        for o in undecided:
            if why:
                o.reason = why

    def why_undecided(self) -> str:
        judge, d, s = self.judge, self.d, self.s
        if is_kind(s.kind, Kind.JUMP).any():
            return "f jumps here: it has no derivative"
        if is_kind(s.kind, Kind.VERTICAL).any():
            return "the slope of f grows without bound here (vertical tangent)"
        for h in CLOSE_BY:
            ahead, behind = judge.line(d)(np.array([h, -h]))
            right, left = (ahead - judge.f0) / h, (judge.f0 - behind) / h
            bar = np.where(np.isfinite(s.error), s.error, np.inf)
            bar = bar + 4 * np.maximum(s.noise, judge.grain) / h + BENDS * np.abs(s.value)
            if (np.abs(right - left) > 4 * bar).any():
                return "too near a kink or a jump to tell"
        return ""


STEPS: tuple[Callable[[Appeal], None], ...] = (
    Appeal.longer_ladders,
    Appeal.complex_step,
    Appeal.high_court,
    Appeal.long_court,
    Appeal.second_ladder,
    kink_of_many,
    rough,
    rounding_of_the_claim,
    early_stop,
    few_grains,
    overflow,
)
"""Who is heard, in this order."""
