"""The last word before a gradient is called wrong: everything that may speak for it, heard in turn.

Each step looks at the outcomes that are not right yet. The long ladder and the complex step measure anew; the courts of
`court` measure in higher precision; the others ask whether f or the claim excuses the difference: a kink in several
coordinates at once, the steps of a solver, the rounding of the claim.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from . import noise, numeric
from .court import HighCourt, Ruling
from .ladder import Slopes, read
from .limits import (
    BENDS,
    CERTAIN,
    CLOSE_BY,
    EARLY_STOP,
    EPS,
    FORMULA,
    GRAINS_OF_EVIDENCE,
    HULL_SLACK,
    LEVELS,
    LINEAR_SCATTER,
    LINEAR_STEP,
    LINEAR_TRIALS,
    LOST,
    MANY_NEIGHBOURS,
    MOVED_BY,
    MOVES,
    NEARBY,
    NEIGHBOURS,
    NOTHING,
    OTHER_STEPS,
    RESOLVED,
    ROUGH,
    SCATTER,
    SLIGHT,
    SMALL_SCALE,
    SURE,
    ULPS,
    UNSEEN,
)
from .outcome import Outcome, merge
from .richardson import Array
from .verdicts import Kind, Verdict, is_kind

if TYPE_CHECKING:
    from .judge import Judge

CANCELS = "the gradient moves as much when the point moves by rounding"
DERIVED = "the program loses its digits to cancellation here, and its derivative with them"
OVERFLOWS = "the program overflows inside here, and its derivative with it"
TWO_SCALES = "f looks different over short and over long steps"
STOPS_EARLY = "so small a difference may be that of a solver with a tolerance: tell its accuracy (accuracy=1e-6)"
FEW_GRAINS = "the difference is less than what rounding inside of f can hide at so small an x"


class Appeal:
    """One direction, all cotangents; `heard` gives the final outcomes."""

    def __init__(self, judge: Judge, gs: list[Array], claims: list[Array], d: Array, s: Slopes) -> None:
        self.judge, self.gs, self.claims, self.d, self.s = judge, gs, claims, d, s
        self.apart: NDArray[np.bool_] = np.zeros(s.value.shape, dtype=bool)
        self.outcomes: list[Outcome] = []
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

    def heard(self) -> list[Outcome]:
        steps = (
            self.longer_ladders,
            self.complex_step,
            self.high_court,
            self.long_court,
            self.second_ladder,
            self.kink_of_many,
            self.rough,
            self.rounding_of_the_claim,
            self.early_stop,
            self.few_grains,
            self.overflow,
        )
        for step in steps:
            if not self.open():
                return self.outcomes
            step()
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

    # -- what may excuse the difference -------------------------------------------------------------------

    def kink_of_many(self) -> None:
        """Any slope of the hull of those nearby is right where f has a kink in several coordinates at once."""
        self.try_hull(self.hull)
        if self.hull is not None and self.hull[2] and next(self.accused(), None) is not None:
            self.try_hull(self.hull_of(MANY_NEIGHBOURS))

    def try_hull(self, hull: tuple[Array, Array, bool] | None) -> None:
        if hull is None:
            return
        low, high, scattered = hull
        for i in self.accused():
            o, g = self.outcomes[i], self.gs[i]
            lo = float(np.where(g > 0, g * low, g * high).sum())
            hi = float(np.where(g > 0, g * high, g * low).sum())
            slack = HULL_SLACK * (abs(lo) + abs(hi)) + SURE * o.error
            if scattered and lo - slack <= o.claimed <= hi + slack and hi - lo > slack:
                self.outcomes[i] = Outcome(Verdict.RIGHT, o.claimed, o.numeric, o.error, lo, hi, Kind.KINK)

    @cached_property
    def hull(self) -> tuple[Array, Array, bool] | None:
        return self.hull_of(NEIGHBOURS)

    def hull_of(self, count: int) -> tuple[Array, Array, bool] | None:
        """The hull of the slopes here and at points nearby, and whether they scatter however near those are.

        If they do, f has a kink, and the hull is its generalised gradient. Where f is smooth, the scatter shrinks with
        the distance. None if f is not defined all around.
        """
        judge, s = self.judge, self.s
        lows, highs = [], []
        # All sign patterns matter where many coordinates meet in one kink.
        for radius in NEARBY:
            h = radius / 256
            around = [judge.z + radius * judge.random_direction() for _ in range(count)]
            values = judge.evaluate(z + sign * h * self.d for z in around for sign in (1, -1))
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

    def rough(self) -> None:
        """A solver with a tolerance makes steps in f, and perhaps in the claim: they widen the error bar."""
        judge = self.judge
        accused = list(self.accused())
        if not accused:
            return
        of_f = noise.roughness(judge.line(self.d))
        if any(self.outcomes[i].away <= SLIGHT * abs(self.outcomes[i].numeric) for i in accused):
            of_f = np.maximum(of_f, judge.roughness)
        small = [i for i in accused if self.outcomes[i].away <= self.most_by_roughness(i)]
        if not (of_f > 0).any() and not small:
            return
        if (of_f > 0).any():
            climbed = judge.climb(self.d)
            smoothed = read(climbed.with_floor(np.maximum(judge.floor, 2 * of_f)))
        else:
            smoothed = self.s
        for i in accused if (of_f > 0).any() else small:
            g, claim, o = self.gs[i], self.claims[i], self.outcomes[i]
            of_claim = self.roughness_of_claim(g) if i in small or not o.proven else 0.0
            # In exact arithmetic f makes no steps: what is rough is its rounding.
            second, f_alone = (o, 0.0 * of_f) if o.proven else (judge.compare(g, claim, self.d, smoothed), of_f)
            if not (f_alone > 0).any() and of_claim == 0:
                return
            bar = (second.error if np.isfinite(second.error) else o.error) + of_claim
            if second.verdict == Verdict.WRONG and second.away > (CERTAIN - 1) * bar:
                return  # one that stays wrong is enough
            size = float(np.abs(g) @ np.abs(judge.f0)) + NOTHING
            share = max(float(np.abs(g) @ f_alone) / size, of_claim / (abs(o.claimed) + NOTHING))
            enough = judge.enough(g, claim, self.d, smoothed, second.numeric, second.claimed)
            sure = second.away <= (SURE - 1) * bar and bar <= enough
            second.verdict = Verdict.RIGHT if sure else Verdict.UNDECIDED
            second.error, second.reason = bar, "" if sure else f"f is rough at {share:.0e}"
            self.outcomes[i] = second

    def most_by_roughness(self, i: int) -> float:
        """The largest difference that steps of the claim can make."""
        o = self.outcomes[i]
        return CERTAIN * ROUGH * max(abs(o.claimed), abs(o.numeric))

    def roughness_of_claim(self, g: Array) -> float:
        """The steps of an iterative backward pass; what is rough on the finest scale too is lost precision instead."""
        claim = self.line_of_claim(g)
        steps = float(noise.roughness(claim)[0])
        return max(steps if steps > 10 * noise.graininess(claim)[0] else 0.0, self.nonlinearity_of_claim(g))

    def nonlinearity_of_claim(self, g: Array) -> float:
        """How far the claim for a sum of cotangents is from the sum of claims, if that is a solver's doing.

        What it is from one small step to another too is no solver's doing but lost precision.
        """
        judge, rng = self.judge, self.judge.rng

        def along(g: Array) -> float:
            return judge.along(judge.p.claim(g, judge.z), self.d)[0]

        def others(step: float) -> list[Array]:
            return [step * np.abs(g).max() * rng.normal(size=g.size) for _ in range(LINEAR_TRIALS)]

        try:
            here, far, near = along(g), others(1.0), others(LINEAR_STEP)
            sizes = [along(o) for o in far]
            defects = [abs(along(g + o) - here - size) for o, size in zip(far, sizes, strict=True)]
            left = [along(g + o) - along(o) for o in near]
        except Exception:  # beyond the range of its dtype
            return 0.0
        # A solver makes one of a few numbers of steps, so small differences fall into few groups; rounding scatters.
        lost = float(np.median(np.diff(np.sort(left))))
        worst, size = max(defects), max(abs(here), *map(abs, sizes))
        return UNSEEN * worst if LINEAR_SCATTER * lost < worst < CERTAIN * ROUGH * size else 0.0

    def line_of_claim(self, g: Array) -> noise.Curve:
        """t ↦ ⟨vjp(g) at x + t d, d⟩."""
        judge = self.judge

        def claim(t: float) -> float:
            try:
                return judge.along(judge.p.claim(g, judge.z + t * self.d), self.d)[0]
            except Exception:  # beyond its domain
                return float("nan")

        return lambda ts: np.array([[claim(float(t))] for t in ts])

    def early_stop(self) -> None:
        """A difference this small, of a smooth claim, is what a solver that stops early makes of a derivative."""
        for i in self.accused():
            o, g = self.outcomes[i], self.gs[i]
            if o.proven or not o.kind.has_slope or o.away > EARLY_STOP * abs(o.numeric):
                continue
            if noise.graininess(self.line_of_claim(g))[0] < o.away / 10:
                o.verdict, o.reason = Verdict.UNDECIDED, STOPS_EARLY

    def rounding_of_the_claim(self) -> None:
        """How far the claim itself moves when the point moves by rounding.

        Where the true slope moves as far, no gradient does better. Where it does not, the claim cancels; losing a few
        digits so is what textbook formulas do, losing percents is wrong.
        """
        judge = self.judge
        for i in self.accused():
            o, g, claim = self.outcomes[i], self.gs[i], self.claims[i]
            if not o.kind.has_slope:
                continue
            away, size = o.away, max(abs(o.numeric), abs(o.claimed))
            textbook = away <= (SURE - 1) * self.rounding_of_a_formula(g)
            floor = self.motion_of_claim(g, claim)
            slope = Slopes.smooth(self.s.value, self.s.error, self.s.noise, self.s.swing)
            within = judge.enough(g, claim, self.d, slope, o.numeric, o.claimed)
            if textbook and away <= LOST * abs(o.numeric):
                o.error, o.verdict, o.reason = max(o.error, away / SURE), Verdict.RIGHT, ""
            elif away <= (SURE - 1) * (o.error + floor) and (
                size <= within or away <= (SURE - 1) * (o.error + self.motion_of_truth(g, o))
            ):
                o.error += floor
                small = o.error <= within or size <= within
                o.verdict, o.reason = (Verdict.RIGHT, "") if small else (Verdict.UNDECIDED, CANCELS)
            elif judge.p.derived and (textbook or self.depends_on_precision(i)):
                o.verdict, o.reason = Verdict.UNDECIDED, DERIVED
            else:
                return  # one that stays wrong is enough

    @cached_property
    def extent(self) -> Array:
        """The size of f here and a step of 1 away."""
        judge, unit = self.judge, self.d / self.judge.p.length(self.d)
        far = judge.line(unit)(np.array([1.0, -1.0]))
        sizes = [np.where(np.isfinite(v), np.abs(v), 0.0) for v in (*far, judge.f0)]
        return np.asarray(np.max(sizes, axis=0))

    def rounding_of_a_formula(self, g: Array) -> float:
        """What a textbook formula may lose along the direction: rounding in units of f over steps of 1."""
        length = min(self.judge.p.length(self.d), 1.0)
        return FORMULA * self.judge.p.rounding * length * float(np.abs(g) @ self.extent)

    def depends_on_precision(self, i: int) -> bool:
        """Whether the claim in single precision, or in long double, is another: then rounding makes it so."""
        o = self.outcomes[i]
        for dtype in (np.float32, np.longdouble):
            try:
                other = self.judge.p.claim_in(dtype, self.gs[i], self.judge.z)
            except Exception:  # out of range, or not taken
                continue
            k, _ = self.judge.along(other, self.d)
            if not abs(k - o.claimed) < o.away / 2:
                return True
        return False

    def motion_of_claim(self, g: Array, claim: Array) -> float:
        judge = self.judge
        worst = np.zeros_like(judge.z)
        for _ in range(MOVES):
            try:
                change = np.abs(judge.p.claim_nearby(g, judge.z, judge.rng) - claim)
            except Exception:  # beyond its domain
                continue
            worst = np.fmax(worst, np.where(np.isfinite(change), change, 0.0))
        return MOVED_BY * float(np.dot(worst, np.abs(self.d)))

    def motion_of_truth(self, g: Array, o: Outcome) -> float:
        """How far the true slope moves when the point moves by rounding."""
        judge, worst = self.judge, 0.0
        if self.ruling is not None:
            for _ in range(MOVES // 2):
                z = judge.z + judge.rng.choice(ULPS, judge.z.size) * np.abs(judge.z) * judge.p.eps
                ruling = HighCourt(judge.p.exactly, z, judge.f0).slopes(self.d)
                if ruling is not None:
                    worst = max(worst, abs(float(g @ (ruling.value - self.ruling.slopes.value))))
            return MOVED_BY * worst
        if self.hull is None:
            return np.inf
        low, high, _ = self.hull
        lo = float(np.where(g > 0, g * low, g * high).sum())
        hi = float(np.where(g > 0, g * high, g * low).sum())
        return hi - lo + RESOLVED * max(abs(lo), abs(hi)) + judge.resolution(g, self.s)

    def few_grains(self) -> None:
        """Without a court, a difference of few grains of f is no evidence, nor one that long steps contradict.

        Over the longest step in proportion to x, f's change differs from the claimed one by less than the rounding of
        numbers of the size that f has a step of 1 away: a constant inside may round as coarsely.
        """
        for i in self.accused():
            o, g = self.outcomes[i], self.gs[i]
            if o.proven:
                continue
            grains = GRAINS_OF_EVIDENCE * EPS * float(np.abs(g) @ self.extent)
            if (self.apart & (g != 0)).any():
                o.verdict, o.reason = Verdict.UNDECIDED, TWO_SCALES
            elif o.away * LEVELS[0] <= grains and self.judge.p.length(self.d) < SMALL_SCALE:
                o.verdict, o.reason = Verdict.UNDECIDED, FEW_GRAINS

    def overflow(self) -> None:
        """Where the program itself overflows on the way to a finite value, so does what is derived from it."""
        lost = [o for o in self.outcomes if o.verdict == Verdict.WRONG and not np.isfinite(o.claimed)]
        if not lost or not self.judge.p.derived:
            return
        try:
            with np.errstate(over="raise"):
                self.judge.p.exactly(self.judge.z)
        except FloatingPointError:
            for o in lost:
                o.verdict, o.reason, o.proven = Verdict.UNDECIDED, OVERFLOWS, False
        except Exception:  # the program takes nodes only
            return

    def name_the_undecided(self) -> None:
        """Name the cause, where it can be seen: a kink or a jump close by."""
        undecided = [o for o in self.outcomes if o.verdict == Verdict.UNDECIDED]
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
