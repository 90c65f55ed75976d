"""The judgement at one point: is vjp the gradient of f there?

Every comparison is ``<g, J d>``, measured, against ``<vjp(g), d>``, claimed, for a cotangent g and a direction d. The
short ladder (eight evaluations for each direction) settles nearly all of them; the full
ladder is climbed only where it does not.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import numeric
from .numeric import JUMP, KINK, ONE_SIDED, SMOOTH, VERTICAL, Array, Slopes
from .problem import Problem, ShapeError

ALL_COORDINATES = 512
"""Up to so many inputs every coordinate is checked; beyond, random directions and a sample of coordinates."""
RANDOM_DIRECTIONS = 24
SURE, CERTAIN = 3.0, 6.0
"""Within so many error bars the gradient is right; beyond so many it is wrong; in between nobody can tell."""
ARITHMETIC = 2e-10
"""Smaller relative differences come from f's own arithmetic (a sum, an iteration that stops), not from a wrong rule."""
NOTHING = 1e-300
"""An error bar of this size is that of a function which is exactly zero all around."""
RESOLVED = 1e-4
"""An error bar wider than this, relative to the derivative, is no basis for a judgement."""


MOVES = "the gradient moves as much when the point moves by rounding"


@dataclass
class Outcome:
    """One cotangent and one direction, judged."""

    verdict: str
    claimed: float
    numeric: float
    error: float
    low: float
    high: float
    kind: int
    reason: str = ""
    bare: float = 0.0
    """Where the claim moves with rounding: the error bar without that."""


@contextmanager
def quiet() -> Iterator[None]:
    """f is called beyond its domain on purpose; its warnings there are no news."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        yield


class Judge:
    """Compares the claim with numeric derivatives at one point of a `Problem`."""

    def __init__(
        self, problem: Problem, rng: np.random.Generator, z: Array | None = None, precision: str | None = None
    ) -> None:
        self.p, self.rng, self.precision = problem, rng, precision
        self.z = problem.z if z is None else z
        self.f0 = problem.y64 if z is None else problem.evaluate(z)
        parts = [self.z[a:b] for a, b in zip(problem.offsets[:-1], problem.offsets[1:], strict=True)]
        self.s = numeric.scales(parts)
        self.noise = np.zeros_like(self.f0)
        self.usual = np.zeros_like(self.f0)
        self.floors: dict[bytes, Array] = {}
        self.evaluations = 0
        self.jacobian: Array = np.zeros((0, 0))

    def evaluate(self, z: NDArray[Any]) -> Array:
        self.evaluations += 1
        y = self.p.evaluate(z)
        return y if y.shape == self.f0.shape else np.full(self.f0.shape, np.nan)

    def learn(self, s: Slopes) -> None:
        """From the slopes along one random direction: the noise of each output, and how much it usually moves."""
        self.noise = np.where(np.isfinite(s.noise), s.noise, 0.0)
        self.usual = np.maximum(s.swing, np.where(np.isfinite(s.value), np.abs(s.value), 0.0))

    # -- directions and cotangents ------------------------------------------------------------------------

    def random_direction(self) -> Array:
        """Random signs and few-bit lengths, each coordinate in its own scale, so that steps are exact."""
        n = self.z.size
        d = self.rng.choice([-1.0, 1.0], n) * self.rng.choice([1.0, 1.25, 1.5, 1.75], n)
        if n > 1 and (d == d[0]).all():  # along (1, …, 1) many functions do not move at all
            d[0] = -d[0]
        return np.asarray(self.s * d)

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
            if scale.max() > 2.0**20 * scale.min():
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
        level = np.exp2(-np.round(np.log2(weight) - np.median(np.log2(weight))))
        level = np.clip(level, 2.0**-60, 2.0**60)
        out = [
            first,
            rng.normal(size=m) * 10 ** rng.uniform(-3, 3, m),
            signs() * level * rng.uniform(0.5, 2.0, m),
            -first * 10 ** rng.uniform(0.5, 1.5),
        ]
        out.insert(0 if m == 1 else len(out), np.ones(m))
        reach = 2.0**60 if self.p.eps < 1e-10 else 2.0**30
        # Not so large or small that a right gradient would overflow or underflow.
        smallest, largest = (1e-280, 1e280) if self.p.eps < 1e-10 else (1e-30, 1e30)
        slope = np.abs(self.p.claim(first)) if self.z is self.p.z else np.zeros(0)
        slope = slope[np.isfinite(slope) & (slope > 0)]
        bounds = [float(v) for v in (weight.max(), weight.min(), slope.max(initial=1.0), slope.min(initial=1.0))]
        for factor in (reach, 1 / reach):
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

    def tolerance(self, g: Array, claim: Array, d: Array, value: Array) -> float:
        """Rounding of the claim itself: of the sum over outputs and of the sum over the direction."""
        eps = self.p.eps
        finite = np.where(np.isfinite(value), value, 0.0)
        magnitude = float(np.abs(g) @ np.abs(finite))
        moved = np.abs(np.where(np.isfinite(claim), claim, 0.0)) * np.abs(d)
        relative = ARITHMETIC + eps * (16 + 2 * float(np.sqrt(g.size)))
        return relative * magnitude + 8 * eps * float(moved.sum())

    def floor(self, g: Array, claim: Array, d: Array) -> float:
        """How far the claim along `d` itself moves when the point moves by rounding: no gradient beats that."""
        key = g.tobytes()
        if key not in self.floors:
            worst = np.zeros_like(self.z)
            for _ in range(8):
                ulps = self.rng.choice([-2.0, -1.0, 1.0, 2.0], self.z.size)
                moved = self.z + ulps * np.abs(self.z) * self.p.eps
                try:
                    change = np.abs(self.p.claim(g, moved) - claim)
                except (ArithmeticError, ValueError, ShapeError, np.linalg.LinAlgError):
                    continue
                worst = np.fmax(worst, np.where(np.isfinite(change), change, 0.0))
            self.floors[key] = worst
        return 4.0 * float(np.dot(self.floors[key], np.abs(d)))

    def compare(self, g: Array, claim: Array, d: Array, s: Slopes) -> Outcome:
        """The claim along `d` against the measured slopes."""
        used = g != 0
        gu = g[used]
        value, low, high, error = s.value[used], s.low[used], s.high[used], s.error[used]
        kinds = s.kind[used]
        with np.errstate(all="ignore"):
            p = float(gu @ value) if gu.size else 0.0
            lo = float(np.where(gu > 0, gu * low, gu * high).sum())
            hi = float(np.where(gu > 0, gu * high, gu * low).sum())
            bar = float(np.abs(gu) @ error) if gu.size else 0.0
            moving = d != 0
            k = float(claim[moving] @ d[moving]) if moving.any() else 0.0
        kind = int(max(kinds, key=lambda c: (0, 2, 3, 1, 4)[c])) if kinds.size else SMOOTH
        if kind == VERTICAL:
            if np.isfinite(k):
                return Outcome("undecided", k, p, np.inf, lo, hi, kind, "the slope of f grows without bound here")
            return Outcome("right" if k == p else "wrong", k, p, np.inf, p, p, kind)
        if not np.isfinite(k):
            if (s.kind == VERTICAL).any():
                return Outcome("undecided", k, p, np.inf, lo, hi, VERTICAL, "the slope of f grows without bound here")
            if np.isinf(k) and kind in (KINK, JUMP) and lo <= k <= hi:
                return Outcome("right", k, p, bar, lo, hi, kind)
            return Outcome("wrong", k, p, bar, lo, hi, kind, "the claimed gradient is not finite")
        own = self.tolerance(g, claim, d, np.where(np.isfinite(s.value), s.value, 0.0))
        error_bar = (bar if kind in (SMOOTH, ONE_SIDED) else 0.0) + own
        if not np.isfinite(p) or not np.isfinite(error_bar):
            return Outcome("undecided", k, p, np.inf, lo, hi, kind, "no step resolves the slope of f")
        # low and high include the error of the slopes once already.
        away = max(lo - k, k - hi, 0.0)
        # Along a direction whose parts cancel, the parts are the measure.
        parts = float(np.abs(claim[moving]) @ np.abs(d[moving]))
        within = max(self.resolution(g, s), RESOLVED * parts if np.isfinite(parts) else 0.0)
        fine = error_bar <= max(RESOLVED * max(abs(p), abs(k)), within) or kind in (KINK, JUMP)
        blunt = "the error bar is too wide to tell"
        if away <= (SURE - 1) * error_bar:
            return Outcome("right" if fine else "undecided", k, p, error_bar, lo, hi, kind, "" if fine else blunt)
        if kind == SMOOTH or kind == ONE_SIDED:
            error_bar += self.floor(g, claim, d)
            if away <= (SURE - 1) * error_bar:
                # Or both are nothing beside what f does: a sum of rounding errors, and 0.
                fine = error_bar <= max(RESOLVED * max(abs(p), abs(k)), within) or max(abs(p), abs(k)) <= within
                bare = error_bar - self.floor(g, claim, d)
                return Outcome(
                    "right" if fine else "undecided", k, p, error_bar, lo, hi, kind, "" if fine else MOVES, bare
                )
        if kind == JUMP:
            return Outcome("undecided", k, p, error_bar, lo, hi, kind, "f jumps here: it has no derivative")
        if away <= (CERTAIN - 1) * error_bar:
            return Outcome("undecided", k, p, error_bar, lo, hi, kind, blunt)
        return Outcome("wrong", k, p, error_bar, lo, hi, kind)

    def resolution(self, g: Array, s: Slopes) -> float:
        """The error bar that is small beside what f itself does: its value, its slope, its swing over a short step.

        For a noisy f that is less to ask: what its noise hides, nobody can measure.
        """
        slope = np.where(np.isfinite(s.value), np.abs(s.value), 0.0)
        natural = np.maximum(np.maximum(np.abs(self.f0), slope), np.maximum(s.swing, self.usual))
        noisy = s.noise > 1e3 * numeric.EPS * np.maximum(np.abs(self.f0), s.swing)
        share = np.where(noisy, RESOLVED, max(1e-9, 100 * self.p.eps))
        return float(np.abs(g) @ (natural * share + NOTHING))

    # -- one direction, by all means ----------------------------------------------------------------------

    def slopes(self, d: Array, reach: float = 1.0) -> Slopes:
        if self.precision is not None:
            from .high import exact_slopes

            return exact_slopes(self.p.evaluate_as_is, self.z, d, self.f0)
        return numeric.probe(self.evaluate, self.z, d, self.f0, reach)

    def settle(self, gs: list[Array], claims: list[Array], d: Array) -> list[Outcome]:
        """All cotangents along one direction, with the full ladder and whatever else it takes."""
        s = self.slopes(d)
        outcomes = [self.compare(g, c, d, s) for g, c in zip(gs, claims, strict=True)]
        if all(o.verdict == "right" for o in outcomes) or self.precision is not None:
            return outcomes
        # The scale of x need not be the scale on which f changes: longer steps for tiny x, shorter for huge.
        along = float(np.abs(self.s[d != 0]).max(initial=1.0))
        for reach in self.other_reaches(along):
            t = self.slopes(d, reach)
            s = merge(s, t)
        outcomes = [self.compare(g, c, d, s) for g, c in zip(gs, claims, strict=True)]
        if any(o.verdict != "right" for o in outcomes):
            exact = numeric.complex_step(self.p.evaluate_as_is, self.z, d, self.f0, s)
            if exact is not None and (s.kind == SMOOTH).all():
                value, error = exact
                s = Slopes(value, error, value - error, value + error, s.kind, s.noise, s.swing)
                outcomes = [self.compare(g, c, d, s) for g, c in zip(gs, claims, strict=True)]
        bad = [i for i, o in enumerate(outcomes) if o.verdict == "wrong" or o.reason == MOVES]
        if bad:
            self.doubt(gs, claims, d, s, outcomes, bad)
        if any(o.verdict == "undecided" for o in outcomes):
            why = self.why_undecided(d, s)
            for o in outcomes:
                if o.verdict == "undecided" and why:
                    o.reason = why
        return outcomes

    def other_reaches(self, along: float) -> list[float]:
        if along < 2.0**-8:
            far = 1.0 / along
            return [min(far, 2.0**200)] if far < 2.0**40 else [min(far, 2.0**200), far**0.5]
        if along > 2.0**8:
            return [1.0 / min(along, 2.0**40)] if along < 2.0**40 else []
        return []

    def doubt(
        self, gs: list[Array], claims: list[Array], d: Array, s: Slopes, outcomes: list[Outcome], bad: list[int]
    ) -> None:
        """Before calling it wrong: another ladder, roughness of f, and points nearby, in case of a kink."""
        again = self.slopes(d, 0.6875)
        hull: tuple[Array, Array, bool] | None = None
        rough: Array | None = None
        for i in bad:
            o = outcomes[i]
            if not np.isfinite(o.claimed):
                continue
            second = self.compare(gs[i], claims[i], d, merge(again, s) if o.kind == SMOOTH else again)
            if o.verdict == "wrong" and second.verdict != "wrong" and again.kind.tolist() == s.kind.tolist():
                o.verdict, o.reason = "undecided", "two ladders of steps disagree"
                continue
            difference = abs(o.claimed - o.numeric)
            if o.verdict == "wrong" and o.kind == SMOOTH and difference < 1e-5 * max(abs(o.numeric), abs(o.claimed)):
                rough = self.roughness(d) if rough is None else rough
                slack = float(np.abs(gs[i]) @ rough)
                if difference <= SURE * slack:
                    o.error += slack
                    o.verdict = "right"
                    continue
            if hull is None:
                hull = self.neighbours(d, s)
            if hull is not None:
                low, high, scattered = hull
                g = gs[i]
                lo = float(np.where(g > 0, g * low, g * high).sum())
                hi = float(np.where(g > 0, g * high, g * low).sum())
                slack = 1e-6 * (abs(lo) + abs(hi)) + (SURE * o.error if o.verdict == "wrong" else 0.0)
                if scattered and lo - slack <= o.claimed <= hi + slack and hi - lo > slack:
                    o.verdict, o.kind, o.low, o.high, o.reason = "right", KINK, lo, hi, ""
                elif o.reason == MOVES:
                    # The claim moves with rounding, but f's slopes nearby do not move as far: no excuse.
                    slack = CERTAIN * o.bare + (hi - lo) + RESOLVED * max(abs(lo), abs(hi)) + self.resolution(g, s)
                    if not lo - slack <= o.claimed <= hi + slack:
                        o.verdict, o.error, o.reason = "wrong", o.bare, ""

    def neighbours(self, d: Array, s: Slopes) -> tuple[Array, Array, bool] | None:
        """The hull of the slopes here and at points nearby, and whether they scatter however near those are.

        If they do, f has a kink, and the hull is its generalised gradient. Where f is smooth, the scatter shrinks with
        the distance. None if f is not defined all around.
        """
        lows, highs = [], []
        # All sign patterns matter where many coordinates meet in one kink.
        for radius in (2.0**-18, 2.0**-26):
            values = []
            for _ in range(24):
                z = self.z + radius * self.random_direction()
                h = radius / 256
                values.append((self.evaluate(z + h * d) - self.evaluate(z - h * d)) / (2 * h))
            stack = np.stack(values)
            if not np.isfinite(stack).all():
                return None
            lows.append(stack.min(axis=0))
            highs.append(stack.max(axis=0))
        wide = [high - low for low, high in zip(lows, highs, strict=True)]
        grain = 2.0**36 * np.maximum(s.noise, numeric.EPS * np.abs(self.f0))
        scattered = (wide[1] > 0.3 * wide[0]) & (wide[1] > grain)
        if scattered.any():
            low = np.where(scattered, np.minimum(lows[1], s.low), s.low)
            high = np.where(scattered, np.maximum(highs[1], s.high), s.high)
            return low, high, True
        return np.minimum(lows[1], s.low), np.maximum(highs[1], s.high), False

    def roughness(self, d: Array) -> Array:
        """What f's small steps (an iteration that stops sooner or later) can do to a slope.

        Polynomials of growing degree are fitted to 33 values; a misfit far above the noise that does not shrink with
        the degree is roughness, and divided by the width it is a slope.
        """
        worst = np.zeros_like(self.f0)
        t = np.linspace(-1, 1, 33)
        for width in (0.75, 0.25, 2.0**-4, 2.0**-7):
            values = np.stack([self.evaluate(self.z + width * k * d) for k in t])
            if not np.isfinite(values).all():
                continue
            misfit = []
            for degree in (8, 14):
                basis = np.polynomial.chebyshev.chebvander(t, degree)
                fit = np.linalg.lstsq(basis, values, rcond=None)[0]
                misfit.append(np.abs(values - basis @ fit).max(axis=0))
            top = np.abs(values).max(axis=0)
            stuck = (misfit[1] > 0.1 * misfit[0]) & (misfit[1] > 30 * numeric.EPS * top) & (misfit[1] < 1e-7 * top)
            worst = np.maximum(worst, np.where(stuck, 8 * misfit[1] / width, 0.0))
        return worst

    def why_undecided(self, d: Array, s: Slopes) -> str:
        """Name the cause, where it can be seen: a kink or a jump close by."""
        if (s.kind == JUMP).any():
            return "f jumps here: it has no derivative"
        if (s.kind == VERTICAL).any():
            return "the slope of f grows without bound here (vertical tangent)"
        for h in (2.0**-36, 2.0**-30, 2.0**-24):
            right = (self.evaluate(self.z + h * d) - self.f0) / h
            left = (self.f0 - self.evaluate(self.z - h * d)) / h
            bar = np.where(np.isfinite(s.error), s.error, np.inf) + 4 * s.noise / h + 1e-3 * np.abs(s.value)
            if (np.abs(right - left) > 4 * bar).any():
                return "too near a kink or a jump to tell"
        return ""

    # -- everything at this point -------------------------------------------------------------------------

    def examine(
        self, gs: list[Array], claims: list[Array], directions: list[tuple[str, Array]], stop_at: int = 2
    ) -> dict[int, list[Outcome]]:
        """Outcomes for each direction: by the short ladder if that settles it, else by the full one, worst first."""
        stack = np.stack([d for _, d in directions]) if directions else np.zeros((0, self.z.size))
        g, c = np.stack(gs), np.stack(claims)
        if self.precision is not None:
            self.jacobian = np.stack([self.slopes(d).value for d in stack], axis=1)
            return {i: self.settle(gs, claims, d) for i, d in enumerate(stack)}
        jac = numeric.short_ladder(self.evaluate, self.z, stack, self.f0, self.noise)
        self.jacobian = jac.value
        with np.errstate(all="ignore"):
            p, bar = g @ jac.value, np.abs(g) @ jac.error
            magnitude = np.abs(g) @ np.abs(jac.value)
            k = c @ stack.T
            own = (ARITHMETIC + (16 + 2 * self.f0.size**0.5) * self.p.eps) * magnitude + 8 * self.p.eps * (
                np.abs(c) @ np.abs(stack.T)
            )
            total = bar + own
            natural = np.abs(g) @ np.maximum(np.abs(self.f0)[:, None], np.abs(jac.value))
            size = np.maximum(np.abs(p), np.abs(k))
            close = np.abs(k - p) <= SURE * total
            exact = (
                (total <= max(3e-8, (64 + 4 * self.f0.size**0.5) * self.p.eps) * size)
                | ((total <= 1e-13 * natural) & (size <= 10 * total))
                | (total <= NOTHING * np.abs(g).max(axis=1, initial=1.0)[:, None])
            )
            limited = (total <= 1e-6 * size) & (
                self.noise.max(initial=0.0) > 1e3 * numeric.EPS * np.abs(self.f0).max(initial=0)
            )
            # The first cotangent has all outputs on one scale; in the others a small part may drown in a large one.
            drowned = exact[:1] & (total <= max(1e-9, 100 * self.p.eps) * natural)
            good = close & (exact | limited | drowned) & jac.trusted.all(axis=0)
            ratio = np.where(np.isfinite(k - p), np.abs(k - p) / (total + 1e-300), np.inf).max(axis=0, initial=0)
        done: dict[int, list[Outcome]] = {}
        settled = good.all(axis=0)
        for i in np.flatnonzero(settled):
            done[int(i)] = [
                Outcome(
                    "right",
                    float(k[q, i]),
                    float(p[q, i]),
                    float(total[q, i]),
                    float(p[q, i] - bar[q, i]),
                    float(p[q, i] + bar[q, i]),
                    SMOOTH,
                )
                for q in range(len(gs))
            ]
        wrong = 0
        for i in sorted(np.flatnonzero(~settled), key=lambda i: -ratio[i]):
            done[int(i)] = self.settle(gs, claims, stack[i])
            wrong += any(o.verdict == "wrong" for o in done[int(i)])
            if wrong >= stop_at:
                break
        return done


def merge(a: Slopes, b: Slopes) -> Slopes:
    """The better of two ladders for each component, where both see a smooth function; kinks are kept."""
    with np.errstate(all="ignore"):
        take = (b.kind == SMOOTH) & (a.kind == SMOOTH) & (b.error < a.error)
        # A longer ladder must not contradict the fine one.
        take &= ~(np.abs(a.value - b.value) > CERTAIN * (a.error + b.error))

    def pick(x: Array, y: Array) -> Array:
        return np.asarray(np.where(take, y, x))

    return Slopes(
        pick(a.value, b.value),
        pick(a.error, b.error),
        pick(a.low, b.low),
        pick(a.high, b.high),
        a.kind,
        a.noise,
        a.swing,
    )
