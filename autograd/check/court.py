"""The court of appeal: f measured again in higher precision, before a gradient is called wrong.

`HighCourt` runs f on numbers of mpmath, where rounding, cancellation and underflow play no part; `LongCourt` climbs the
ladders again in `numpy.longdouble`, which has three digits more than float64 where the machine has it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .high import high_array, number, seen
from .ladder import Ladder, Slopes
from .ladder import read as read_ladder
from .limits import (
    ABRUPT,
    CHECKED_LEVELS,
    CLOSE_STEP,
    DIGITS,
    EPS,
    FINER_BY,
    HIGH_STEP,
    LEVELS,
    LOSSES,
    NOTHING,
    SAME_VALUE,
    SLOWEST,
    SMOOTH_BY,
)
from .richardson import Array
from .verdicts import Kind

Raw = Callable[[NDArray[Any]], Any]
"""f on a flat array of numbers of any type; it may raise anything."""


@dataclass(frozen=True)
class Ruling:
    """Slopes in higher precision; `proven` where they are those of a function that is smooth in exact arithmetic."""

    slopes: Slopes
    proven: bool
    court: str


class HighCourt:
    """The derivative of f along a direction from differences in mpmath, with steps of 1e-20."""

    name = f"mpmath at {DIGITS} digits"

    def __init__(self, f: Raw, z: Array, f0: Array) -> None:
        self.f, self.z, self.f0 = f, z, f0
        self.sits = True
        self.why_not = ""

    def digits(self, d: Array) -> int:
        """Working precision: what the step cancels, and a small x beside a constant."""
        small = np.abs(np.concatenate([self.z, d]))
        small = small[small > 0].min(initial=1.0)
        return DIGITS + 2 * HIGH_STEP + 2 * int(max(0.0, -np.log10(small)))

    def value(self, z: Any) -> Any:
        """f at a flat object array of mpmath numbers, as a list of mpmath numbers."""
        import mpmath

        found = [number(v) for v in np.ravel(np.asarray(self.f(high_array(z))))]
        if len(found) != self.f0.size or any(v is None or not isinstance(v, mpmath.mpf) for v in found):
            raise TypeError("f does not return mpmath numbers for mpmath numbers")
        return found

    def along(self, d: Array) -> Callable[[Any], Array]:
        """t ↦ f(x + t d), nan where it is not a real number."""
        import mpmath

        z = [mpmath.mpf(float(v)) for v in self.z]
        direction = [mpmath.mpf(float(v)) for v in d]

        def at(t: Any) -> Array:
            try:
                found = self.value([a + t * b for a, b in zip(z, direction, strict=True)])
            except Exception:  # beyond f's domain
                if t == 0:
                    raise
                return np.full(self.f0.shape, mpmath.nan, dtype=object)
            return np.array(found, dtype=object)

        return at

    def rule(self, d: Array) -> Ruling | None:
        """The derivative along `d`, or None if f does not run on such numbers."""
        if not self.sits:
            return None
        try:
            import mpmath
        except ImportError:
            self.sits, self.why_not = False, 'mpmath is not installed: pip install "gradgraph[check]"'
            return None
        with mpmath.workdps(self.digits(d)):
            at = self.along(d)
            try:
                start = time.perf_counter()
                here = at(mpmath.mpf(0))
                if time.perf_counter() - start > SLOWEST:
                    raise TypeError("f takes too long at 60 digits")
                if not self.agrees(here, at, d):
                    raise TypeError("f at 60 digits is another function: it rounds, or depends on its input's type")
            except Exception as error:  # f need not run on such numbers
                self.sits, self.why_not = False, str(error)
                return None
            seen.comparison = False
            slopes = self.read(at, here, self.reach(d))
            # Where f takes branches it may be a solver that stops early: its derivative is not that of the solution.
            return Ruling(slopes, not seen.comparison and self.smooth(at, here, self.reach(d)), self.name)

    def slopes(self, d: Array) -> Slopes | None:
        """The derivative along `d` alone, without asking whether f is smooth around."""
        import mpmath

        with mpmath.workdps(self.digits(d)):
            try:
                at = self.along(d)
                return self.read(at, at(mpmath.mpf(0)), self.reach(d))
            except Exception:  # not defined there
                return None

    def loss(self, d: Array) -> Array:
        """How far f in float64 is from f at 60 digits, around x along `d`; 0 where f does not run on such numbers."""
        worst = np.zeros(self.f0.shape)
        if not self.sits:
            return worst
        import mpmath

        with mpmath.workdps(self.digits(d)):
            at = self.along(d)
            for t in LOSSES:
                try:
                    off = np.abs(_floats(at(mpmath.mpf(t)) - np.asarray(self.f(self.z + t * d), dtype=np.float64)))
                except Exception:  # not defined there
                    continue
                worst = np.fmax(worst, np.where(np.isfinite(off), off, 0.0))
        return worst

    def agrees(self, here: Array, at: Callable[[Any], Array], d: Array) -> bool:
        """Whether f at 60 digits is the same function as in float64, here or (where f cancels) some way off."""

        def same(high: Array, low: Array) -> bool:
            off = np.abs(high - low)
            return bool((off <= SAME_VALUE * np.maximum(np.abs(high), np.abs(low)) + NOTHING).all())

        if same(_floats(here), self.f0):
            return True
        across = float(np.abs(self.z[d != 0]).max(initial=0.0))
        for far in (1.0, 0.25, -0.25, across, -across):  # where x is 0 too: around here f may not move at all
            step = far / float(np.abs(d).max())
            try:
                low = np.asarray(self.f(self.z + step * d), dtype=np.float64)
            except Exception:  # not defined there
                continue
            if low.shape == self.f0.shape and np.isfinite(low).all() and (low != self.f0).any():
                return same(_floats(at(step)), low)
        return False

    def reach(self, d: Array) -> float:
        """What steps along `d` are shortened by where it is longer than x: at 1e-308 no `d` is as short as x."""
        moving = (d != 0) & (self.z != 0)
        return float(min(1.0, (np.abs(self.z[moving]) / np.abs(d[moving])).min(initial=1.0)))

    def read(self, at: Callable[[Any], Array], here: Array, reach: float) -> Slopes:
        import mpmath

        h = mpmath.mpf(10) ** -HIGH_STEP * reach
        after, before = at(h), at(-h)
        right, left = _floats((after - here) / h), _floats((here - before) / h)
        value = _floats((after - before) / 2 / h)
        # Where f is smooth, the one-sided slopes approach each other as the step shrinks: here by 100.
        wide = 100 * h
        far, behind = at(wide), at(-wide)
        apart, before_that = np.abs(right - left), np.abs(_floats((far + behind - 2 * here) / wide))
        # What is left of the step where the slope is 0: x - tanh x gives 3e-41 there.
        truncated = np.abs(_floats((far - behind) / 2 / wide) - value)
        error = 8 * EPS * np.abs(value) + truncated + NOTHING
        with np.errstate(all="ignore"):
            kinked = (apart > SMOOTH_BY * (np.abs(right) + np.abs(left)) + NOTHING) & (apart > 0.1 * before_that)
        low, high = np.minimum(left, right), np.maximum(left, right)
        kind = np.full(value.shape, Kind.SMOOTH, dtype=object)
        kind[kinked] = Kind.KINK
        return Slopes(
            value,
            error,
            np.where(kinked, low, value - error),
            np.where(kinked, high, value + error),
            kind,
            np.zeros_like(value),
            np.abs(value) / 64,
        )

    def smooth(self, at: Callable[[Any], Array], here: Array, reach: float) -> bool:
        """Whether difference quotients over all steps approach the one-sided slopes without an abrupt end.

        A solver that stops a step earlier or later is piecewise smooth, and the slope of a piece is not f's.
        """
        import mpmath

        for sign in (1, -1):

            def quotient(t: Any, sign: int = sign) -> Array:
                return _floats((at(sign * t * reach) - here) / (sign * t * reach))

            slope, close = quotient(mpmath.mpf(10) ** -HIGH_STEP), quotient(mpmath.mpf(10) ** -CLOSE_STEP)
            quotients = np.stack([quotient(mpmath.mpf(4) ** -k) for k in range(1, CHECKED_LEVELS)])
            if not (np.isfinite(slope).all() and np.isfinite(quotients).all()):
                return False
            size = np.maximum(np.abs(quotients).max(axis=0), np.abs(slope))
            with np.errstate(all="ignore"):
                off = np.abs(quotients - slope)
                drop = (off[:-1] > ABRUPT * off[1:]) & (off[:-1] > SMOOTH_BY * size)
                if drop.any() or (np.abs(close - slope) > SMOOTH_BY * size + NOTHING).any():
                    return False
        return True


def _floats(values: Any) -> Array:
    return np.array([float(v) for v in values])


class LongCourt:
    """The full ladder in long double."""

    name = "long double"
    eps = float(np.finfo(np.longdouble).eps)

    def __init__(self, f: Raw, z: Array, f0: Array) -> None:
        self.f, self.z, self.f0 = f, z, f0
        self.sits = self.eps < FINER_BY * EPS
        self.finer = False

    def evaluate(self, z: NDArray[Any]) -> NDArray[Any]:
        try:
            y = np.asarray(self.f(z))
        except Exception:  # beyond f's domain, or f does not take long doubles
            return np.full(self.f0.shape, np.nan, dtype=np.longdouble)
        if y.dtype != np.longdouble or y.shape != self.f0.shape:
            self.sits = False
            return np.full(self.f0.shape, np.nan, dtype=np.longdouble)
        self.finer = self.finer or bool((y != y.astype(np.float64)).any())
        return y

    def rule(self, d: Array, reach: float, floor: Array) -> Ruling | None:
        """The slopes by a ladder stretched by `reach`, or None if f computes no better in long double."""
        if not self.sits:
            return None
        z, direction = self.z.astype(np.longdouble), d.astype(np.longdouble)
        here = self.evaluate(z)
        if not self.sits or not np.isfinite(here).all():
            self.sits = False
            return None
        steps: Any = (LEVELS * reach).astype(np.longdouble)
        plus = np.stack([self.evaluate(z + h * direction) for h in steps])
        minus = np.stack([self.evaluate(z - h * direction) for h in steps])
        if not self.sits or not self.finer:
            return None
        found = read_ladder(Ladder(steps, plus, minus, here, floor, self.eps))
        fields = {name: np.asarray(v, dtype=np.float64) for name, v in vars(found).items() if name != "kind"}
        return Ruling(Slopes(kind=found.kind, **fields), False, self.name)
