"""The judgement at one point: is vjp the gradient of f there?

Every comparison is ``<g, J d>``, measured, against ``<vjp(g), d>``, claimed, for a cotangent g and a direction d. The
short ladder (eight evaluations for each direction) settles nearly all of them; the full
ladder is climbed only where it does not, and `appeal` has the last word before a gradient is called wrong.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cached_property

import numpy as np

from . import ladder, noise, numeric
from .appeal import Appeal
from .court import HighCourt, LongCourt
from .ladder import Slopes
from .limits import (
    ARITHMETIC,
    ASKED,
    CERTAIN,
    EPS,
    FARTHEST,
    FORMULA,
    LARGE_SCALE,
    NOISY,
    NOTHING,
    RESOLVED,
    SHARP,
    SHORT_NOISY,
    SHORT_SHARP,
    SMALL_SCALE,
    SURE,
    TIES_SPAN,
    UNSEEN_SHARE,
)
from .outcome import Outcome
from .problem import Problem
from .richardson import Array
from .verdicts import Kind, Verdict, is_kind

BLUNT = "the error bar is too wide to tell"


@contextmanager
def quiet() -> Iterator[None]:
    """f is called beyond its domain on purpose; its warnings there are no news."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        yield


class Judge:
    """Compares the claim with numeric derivatives at one point of a `Problem`.

    Parameters
    ----------
    accuracy
        Relative accuracy of f and of the gradient, where those are computed by a solver with a tolerance.
    high_only
        Measure everything in mpmath.
    """

    def __init__(
        self,
        problem: Problem,
        rng: np.random.Generator,
        z: Array | None = None,
        accuracy: float = 0.0,
        high_only: bool = False,
    ) -> None:
        self.p, self.rng, self.accuracy, self.high_only = problem, rng, accuracy, high_only
        self.z = problem.z if z is None else z
        self.f0 = problem.y64 if z is None else problem.evaluate_all([z])[0]
        parts = [self.z[a:b] for a, b in zip(problem.offsets[:-1], problem.offsets[1:], strict=True)]
        self.s = numeric.scales(parts)
        self.noise = np.zeros_like(self.f0)
        self.usual = np.zeros_like(self.f0)
        self.floor = accuracy * np.abs(self.f0)
        self.grain = np.zeros_like(self.f0)
        self.first: ladder.Ladder | None = None
        """The ladder along the first random direction."""
        self.infinite = np.zeros(self.z.size, dtype=bool)
        """Where the claim for a cotangent without zeros is infinite."""
        self.rounded: bool | None = None
        """Whether it is rounding by which the claim is not linear in its cotangent; None until that was asked."""
        self.elsewhere = 0.0
        """What a solver may leave of the claim by its steps elsewhere, as a share of the slopes."""
        self.evaluations = 0
        self.done: dict[int, list[Outcome]] = {}
        """What `examine` has come to so far."""
        self.jacobian: Array = np.zeros((0, 0))
        self.high = HighCourt(problem.exactly, self.z, self.f0)
        self.long = LongCourt(problem.exactly, self.z, self.f0)

    def evaluate(self, points: Iterable[Array]) -> Array:
        """f at many points, one row for each."""
        values = self.p.evaluate_all(points)
        self.evaluations += len(values)
        return values

    def line(self, d: Array) -> noise.Curve:
        """t ↦ f(x + t d), for many t at once."""
        return lambda ts: self.evaluate(self.z + t * d for t in ts)

    def at(self, z: Array) -> Judge:
        """A judge of the same problem at another point."""
        return Judge(self.p, self.rng, z, self.accuracy, self.high_only)

    def learn(self, d: Array) -> Array:
        """From the slopes along one random direction: the noise and grain of each output, and how much it moves."""
        if self.high_only:
            s = self.slopes(d)
        else:
            climbed = self.climb(d)
            gridded = noise.is_gridded(climbed.plus, climbed.minus, self.f0)
            if gridded.any():
                self.grain = np.where(gridded, noise.grain(self.evaluate, self.z, d, self.f0), 0.0)
            s = ladder.read(climbed.with_grain(self.grain))
            self.first = climbed
        self.noise = np.maximum(np.where(np.isfinite(s.noise), s.noise, 0.0), self.grain)
        self.usual = np.maximum(s.swing, np.where(np.isfinite(s.value), np.abs(s.value), 0.0))
        self.floor = np.maximum(self.floor, self.accuracy * self.usual)
        return np.abs(s.value)

    @cached_property
    def roughness(self) -> Array:
        """The steps of a solver in f, near and far along directions in which all coordinates move."""
        if self.z.size == 1:  # there is one line only, and near x the appeal has looked along it
            return noise.far_steps(self.line(self.s))
        near = noise.roughness(self.line(self.random_direction()))
        far = [noise.far_steps(self.line(self.random_direction())) for _ in range(2)]
        return np.maximum(near, np.maximum(*far))

    @cached_property
    def bend(self) -> noise.Bend:
        """How far f is from a straight line, and goes, along three random directions."""
        return noise.Bend(*np.max([noise.bend(self.line(self.random_direction())) for _ in range(3)], axis=0))

    # -- directions and cotangents ------------------------------------------------------------------------

    def random_direction(self) -> Array:
        """Random signs and few-bit lengths, each coordinate in its own scale, so that steps are exact."""
        n = self.z.size
        d = self.rng.choice([-1.0, 1.0], n) * self.rng.choice([1.0, 1.25, 1.5, 1.75], n)
        if n > 1 and (d == d[0]).all():  # along (1, …, 1) many functions do not move at all
            d[0] = -d[0]
        return np.asarray(self.s * d)

    def comparable(self, d: Array) -> Array:
        """The direction without coordinates of far other scales: beside 1 nothing is seen of 1e-113."""
        scale = np.log2(self.s)
        apart = np.abs(scale - np.quantile(scale, 0.5, method="lower")) > np.log2(TIES_SPAN) / 2
        return np.where(apart, 0.0, d)

    def common_directions(self) -> list[tuple[str, Array]]:
        """All coordinates of one input, or of all, moved by the same amount: what tells ties apart."""
        out: list[tuple[str, Array]] = []
        spans = list(zip(self.p.offsets[:-1], self.p.offsets[1:], strict=True))
        many = [(a, b) for a, b in spans if b - a > 1]
        groups = [[k] for k in many] if len(spans) > 1 else []
        for group in [*groups, spans]:
            members = np.concatenate([np.arange(a, b) for a, b in group]) if group else np.zeros(0, dtype=int)
            if members.size < 2:
                continue
            scale = self.s[members]
            if scale.max() > TIES_SPAN * scale.min():
                continue
            d = np.zeros_like(self.z)
            d[members] = np.exp2(np.round(np.median(np.log2(scale))))
            out.append(("(1, …, 1)" if len(group) == len(spans) else "all of one input together", d))
        return out

    def cotangents(self, size: Array) -> list[Array]:
        """Random and signed, over several scales, units, tiny, huge. `size`: the magnitude of each output's slope."""
        m, rng = self.f0.size, self.rng
        if m == 0:
            return [np.zeros(0)]

        def signs() -> Array:
            return np.asarray(rng.choice([-1.0, 1.0], m))

        first = signs() * rng.uniform(0.5, 2.0, m)
        weight = np.where((size > 0) & np.isfinite(size), size, 1.0)
        decades, bits = self.p.range
        level = np.exp2(-np.round(np.log2(weight) - np.median(np.log2(weight))))
        level = np.clip(level, 2.0**-bits, 2.0**bits)
        out = [
            first,
            rng.normal(size=m) * 10 ** rng.uniform(-decades, decades, m),
            signs() * level * rng.uniform(0.5, 2.0, m),
            -first * 10 ** rng.uniform(0.5, 1.5),
        ]
        out.insert(0 if m == 1 else len(out), np.ones(m))
        # Not so large or small that a right gradient would overflow or underflow.
        smallest, largest = self.p.safe
        slope = np.abs(self.p.claim(first)) if self.z is self.p.z else np.zeros(0)
        slope = slope[np.isfinite(slope) & (slope > 0)]
        bounds = [float(v) for v in (weight.max(), weight.min(), slope.max(initial=1.0), slope.min(initial=1.0))]
        for factor in (2.0**bits, 2.0**-bits):
            if all(smallest < b * factor < largest for b in bounds):
                out.append(signs() * rng.uniform(0.5, 2.0, m) * factor)
        out.append(np.round(signs() * rng.uniform(2.0, 9.0, m)))
        if m > 1:
            units = np.arange(m) if m <= 8 else rng.choice(m, 3, replace=False)
            for k in units:
                unit = np.zeros(m)
                unit[k] = rng.choice([-1.0, 1.0]) * rng.uniform(0.5, 2.0)
                out.append(unit)
        return out

    # -- one comparison -----------------------------------------------------------------------------------

    def tolerance(self, g: Array, claim: Array, d: Array, s: Slopes) -> float:
        """Rounding of the claim itself: of the sum over outputs, of the sum over the direction, of its formula."""
        eps = self.p.rounding
        finite = np.where(np.isfinite(s.value), np.abs(s.value), 0.0)
        magnitude = float(np.abs(g) @ finite)
        moved = np.abs(np.where(np.isfinite(claim), claim, 0.0)) * np.abs(d)
        relative = ARITHMETIC + eps * (8 + 2 * float(np.sqrt(g.size))) + self.accuracy
        hidden = float(self.p.hidden(g[None], d[None])[0, 0])
        out = relative * max(magnitude, hidden) + 8 * eps * (float(moved.sum()) + hidden)
        # A textbook formula (1 - tanh², s(1 - s)) is as exact as f's value, not as the slope that is left of it.
        extent = np.maximum(np.abs(self.f0), s.swing)
        own = self.accuracy + (0.0 if self.high_only else FORMULA * eps * min(1.0, self.p.length(d)))
        return out + own * float(np.abs(g) @ extent)

    def compare(self, g: Array, claim: Array, d: Array, s: Slopes) -> Outcome:
        """The claim along `d` against the measured slopes, by their error bars alone."""
        used = g != 0
        gu = g[used]
        value, low, high, error = s.value[used], s.low[used], s.high[used], s.error[used]
        with np.errstate(all="ignore"):
            p = float(gu @ value) if gu.size else 0.0
            lo = float(np.where(gu > 0, gu * low, gu * high).sum())
            hi = float(np.where(gu > 0, gu * high, gu * low).sum())
            bar = float(np.abs(gu) @ error) if gu.size else 0.0
        k, defined = self.along(claim, d)
        kind = Kind.of(s.kind[used])

        def outcome(verdict: Verdict, error: float, reason: str = "") -> Outcome:
            return Outcome(verdict, k, p, error, lo, hi, kind, reason, away=max(lo - k, k - hi, 0.0))

        if np.isinf(k) and not lo <= k <= hi and (np.signbit(self.z) & (self.z == 0) & (d != 0)).any():
            return outcome(Verdict.UNDECIDED, np.inf, "at −0 the sign of an infinite claim is that of the zero")
        steep = "the slope of f grows without bound here"
        if kind == Kind.VERTICAL:
            if np.isfinite(k) or not defined:
                return outcome(Verdict.UNDECIDED, np.inf, steep)
            if np.isfinite(p) or np.isnan(p) or not defined:
                return outcome(Verdict.UNDECIDED, np.inf, steep)
            return Outcome(Verdict.RIGHT if k == p else Verdict.WRONG, k, p, np.inf, p, p, kind)
        if not defined:
            return outcome(Verdict.UNDECIDED, np.inf, "infinite claims cancel along this direction")
        if not np.isfinite(k):
            if is_kind(s.kind, Kind.VERTICAL).any():
                kind = Kind.VERTICAL
                return outcome(Verdict.UNDECIDED, np.inf, steep)
            if np.isinf(k) and kind.broken and lo <= k <= hi:
                return outcome(Verdict.RIGHT, bar)
            if np.isinf(k) and not np.isfinite(bar):
                return outcome(Verdict.UNDECIDED, bar, "no step resolves the slope of f")
            if np.isinf(k):
                least, most = self.beyond(claim, d)
                beyond = (lo if k > 0 else -hi) - least, (hi if k > 0 else -lo) - most
                if beyond[0] > 0:
                    return outcome(Verdict.RIGHT, bar)
                if beyond[1] + CERTAIN * bar > 0:
                    return outcome(Verdict.UNDECIDED, bar, "the slope is about as large as numbers can be")
            return outcome(Verdict.WRONG, bar, "the claimed gradient is not finite")
        error_bar = (bar if kind.has_slope else 0.0) + self.tolerance(g, claim, d, s)
        if not np.isfinite(p) or not np.isfinite(error_bar):
            return outcome(Verdict.UNDECIDED, np.inf, "no step resolves the slope of f")
        away = max(lo - k, k - hi, 0.0)
        if away <= (SURE - 1) * error_bar:  # low and high include the error of the slopes once already
            sharp = kind.broken or error_bar <= self.enough(g, claim, d, s, p, k)
            return outcome(Verdict.RIGHT if sharp else Verdict.UNDECIDED, error_bar, "" if sharp else BLUNT)
        if kind == Kind.JUMP:
            return outcome(Verdict.UNDECIDED, error_bar, "f jumps here: it has no derivative")
        if away <= (CERTAIN - 1) * error_bar:
            return outcome(Verdict.UNDECIDED, error_bar, BLUNT)
        return outcome(Verdict.WRONG, error_bar)

    def beyond(self, claim: Array, d: Array) -> tuple[float, float]:
        """The sizes of the slope along `d` from which all infinite entries, or one of them, overflow."""
        moving = d != 0
        endless = np.isinf(claim) & moving
        sign = np.sign(claim[endless] @ np.sign(d[endless]))
        rest = sign * float(claim[~endless & moving] @ d[~endless & moving])
        steps = np.abs(d[endless])
        return rest + float(steps.sum()) * self.p.largest, rest + float(steps.min()) * self.p.largest

    def along(self, claim: Array, d: Array) -> tuple[float, bool]:
        """The claim along `d`, and whether it has a value there.

        inf - inf is nobody's claim but the checker's own, and so is 0 · inf for a cotangent with zeros.
        """
        moving = d != 0
        with np.errstate(all="ignore"):
            parts = claim[moving] * d[moving]
            k = float(parts.sum())
        nobody = np.isnan(parts) & self.infinite[moving]
        return k, bool((np.isnan(parts) & ~nobody).any() or not np.isnan(k))

    def enough(self, g: Array, claim: Array, d: Array, s: Slopes, p: float, k: float) -> float:
        """The error bar that is sharp enough for "right"."""
        moving = d != 0
        # Along a direction whose parts cancel, the parts are the measure.
        parts = float(np.abs(claim[moving]) @ np.abs(d[moving])) + float(self.p.hidden(g[None], d[None])[0, 0])
        parts = RESOLVED * parts if np.isfinite(parts) else 0.0
        asked = max(RESOLVED, ASKED * self.accuracy)
        return max(asked * max(abs(p), abs(k)), self.resolution(g, s), parts)

    def resolution(self, g: Array, s: Slopes) -> float:
        """The error bar that is small beside what f itself does: its value, its slope, its swing over a short step.

        For a noisy f that is less to ask: what its noise hides, nobody can measure.
        """
        slope = np.where(np.isfinite(s.value), np.abs(s.value), 0.0)
        natural = np.maximum(np.maximum(np.abs(self.f0), slope), np.maximum(s.swing, self.usual))
        noisy = s.noise > NOISY * EPS * np.maximum(np.abs(self.f0), s.swing)
        # At an edge slopes may approach theirs as slowly as a root.
        noisy |= is_kind(s.kind, Kind.ONE_SIDED)
        share = np.where(noisy, RESOLVED, max(SHARP, 100 * self.p.eps))
        return float(np.abs(g) @ (natural * share + NOTHING))

    # -- one direction, by all means ----------------------------------------------------------------------

    def slopes(self, d: Array, reach: float = 1.0) -> Slopes:
        """The slopes along `d` by the full ladder, its steps stretched by `reach`."""
        if self.high_only:
            ruling = self.high.rule(d)
            if ruling is None:
                raise TypeError(f"precision='mpmath' needs an f that runs on mpmath numbers: {self.high.why_not}")
            return ruling.slopes
        return ladder.read(self.climb(d, reach).with_grain(self.grain))

    def climb(self, d: Array, reach: float = 1.0) -> ladder.Ladder:
        """The values of f on the full ladder along `d`."""
        return numeric.climb(self.evaluate, self.z, d, self.f0, reach, self.floor)

    def settle(self, gs: list[Array], claims: list[Array], d: Array, appeal: bool = True) -> list[Outcome]:
        """All cotangents along one direction, with the full ladder and whatever else it takes."""
        s = self.slopes(d)
        outcomes = [self.compare(g, c, d, s) for g, c in zip(gs, claims, strict=True)]
        if all(o.verdict == Verdict.RIGHT for o in outcomes) or self.high_only or not appeal:
            return outcomes
        return Appeal(self, gs, claims, d, s).heard()

    def other_reaches(self, d: Array) -> list[float]:
        """The scale of x need not be the scale on which f changes: longer steps for tiny x, shorter for huge."""
        along = self.p.length(d) or 1.0
        if along < SMALL_SCALE:
            far = min(1.0 / along, FARTHEST)
            return [far] if far < 2.0**40 else [far, far**0.5]
        if along > LARGE_SCALE:
            return [1.0 / min(along, 2.0**40)] if along < 2.0**40 else []
        return []

    # -- everything at this point -------------------------------------------------------------------------

    def examine(
        self,
        gs: list[Array],
        claims: list[Array],
        directions: list[tuple[str, Array]],
        stop_at: int = 2,
        appeal: bool = True,
    ) -> dict[int, list[Outcome]]:
        """Outcomes for each direction: by the short ladder if that settles it, else by the full one, worst first.

        `stop_at` so many wrong ones. Without `appeal`, "wrong" is no more than a suspicion.
        """
        stack = np.stack([d for _, d in directions]) if directions else np.zeros((0, self.z.size))
        g, c = np.stack(gs), np.stack(claims)
        if self.high_only:
            self.jacobian = np.stack([self.slopes(d).value for d in stack], axis=1)
            return {i: self.settle(gs, claims, d) for i, d in enumerate(stack)}
        jac = numeric.short_ladder(self.evaluate, self.z, stack, self.f0, np.maximum(self.noise, self.floor))
        self.jacobian = jac.value
        with np.errstate(all="ignore"):
            p, bar = g @ jac.value, np.abs(g) @ jac.error
            magnitude = np.abs(g) @ np.abs(jac.value)
            k = c @ stack.T
            hidden = self.p.hidden(g, stack)
            own = (ARITHMETIC + (8 + 2 * self.f0.size**0.5) * self.p.rounding) * np.maximum(magnitude, hidden)
            own += 8 * self.p.rounding * (np.abs(c) @ np.abs(stack.T) + hidden)
            total = bar + own
            natural = np.abs(g) @ np.maximum(np.abs(self.f0)[:, None], np.abs(jac.value))
            size = np.maximum(np.maximum(np.abs(p), np.abs(k)), hidden)
            close = np.abs(k - p) <= SURE * total
            exact = (
                (total <= max(SHORT_SHARP, (64 + 4 * self.f0.size**0.5) * self.p.eps) * size)
                | ((total <= UNSEEN_SHARE * natural) & (size <= 10 * total))
                | (total <= NOTHING * np.abs(g).max(axis=1, initial=1.0)[:, None])
            )
            limited = (total <= SHORT_NOISY * size) & (
                self.noise.max(initial=0.0) > NOISY * EPS * np.abs(self.f0).max(initial=0)
            )
            # The first cotangent has all outputs on one scale; in the others a small part may drown in a large one.
            drowned = exact[:1] & (total <= max(SHARP, 100 * self.p.eps) * natural)
            good = close & (exact | limited | drowned) & jac.trusted.all(axis=0)
            ratio = np.where(np.isfinite(k - p), np.abs(k - p) / (total + NOTHING), np.inf).max(axis=0, initial=0)
        done = self.done = {}
        settled = good.all(axis=0)
        for i in np.flatnonzero(settled):
            done[int(i)] = [
                Outcome(
                    Verdict.RIGHT,
                    float(k[q, i]),
                    float(p[q, i]),
                    float(total[q, i]),
                    float(p[q, i] - bar[q, i]),
                    float(p[q, i] + bar[q, i]),
                    Kind.SMOOTH,
                )
                for q in range(len(gs))
            ]
        wrong = 0
        for i in sorted(np.flatnonzero(~settled), key=lambda i: -ratio[i]):
            done[int(i)] = self.settle(gs, claims, stack[i], appeal)
            wrong += any(o.verdict == Verdict.WRONG for o in done[int(i)])
            if wrong >= stop_at:
                break
        return done
