"""What f looks like at x along one direction, read off its values on a ladder of steps on both sides.

`read` goes by named steps, each a function of the `Ladder` alone: the two-sided slope, the one-sided slopes, and then
what may speak against a two-sided derivative: a jump, a kink, an edge of the domain, a vertical tangent, a cusp.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from . import noise
from .limits import (
    CONSTANT_GAP,
    EPS,
    FINE,
    GROWTH,
    JUMP_OVER_NOISE,
    JUMPLIKE,
    KINK_OVER_ERROR,
    STAIRCASE,
    TINIEST,
)
from .richardson import CENTRAL, LIMIT, ONE_SIDED, Array, limit
from .verdicts import Kind, Kinds

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Slopes:
    """The derivative of every component of f along one direction, each with an error bar.

    Attributes
    ----------
    value, error : arrays of shape (m,)
        Two-sided derivative and the bound of its error.
    low, high : arrays of shape (m,)
        The interval between the two one-sided derivatives (both equal to `value` where f is smooth),
        already widened by their errors.
    kind : array of `Kind` of shape (m,)
    noise : array of shape (m,)
        The measured noise of each component of f.
    swing : array of shape (m,)
        How much each component changes over a step of 1/64.
    """

    value: Array
    error: Array
    low: Array
    high: Array
    kind: Kinds
    noise: Array
    swing: Array

    @classmethod
    def smooth(cls, value: Array, error: Array, noise: Array, swing: Array) -> Slopes:
        """Slopes of components that are all smooth."""
        kinds = np.full(value.shape, Kind.SMOOTH, dtype=object)
        return cls(value, error, value - error, value + error, kinds, noise, swing)


@dataclass(frozen=True)
class Side:
    """One-sided slopes: values, errors, and where f is defined on that side at all."""

    value: Array
    error: Array
    there: Mask


@dataclass(frozen=True)
class Ladder:
    """Values of f at ``x ± h d``: arrays of shape (steps, m), coarse steps first; nan where f is not defined.

    `floor`: what is known of the noise of f beforehand (the accuracy of a solver); `grain`: the least change that f can
    make, which matters only where the finest steps do not change it.
    """

    steps: Array
    plus: Array
    minus: Array
    f0: Array
    floor: Array
    eps: float = EPS
    grain: Array | float = 0.0

    def with_grain(self, grain: Array) -> Ladder:
        """The same values, read with a grain that was found on other steps."""
        return replace(self, grain=grain)

    def with_floor(self, floor: Array) -> Ladder:
        """The same values, read with a noise that was found otherwise."""
        return replace(self, floor=floor)

    @cached_property
    def h(self) -> Array:
        return self.steps[:, None]

    @cached_property
    def right(self) -> Array:
        return np.asarray((self.plus - self.f0) / self.h)

    @cached_property
    def left(self) -> Array:
        return np.asarray((self.f0 - self.minus) / self.h)

    @cached_property
    def central(self) -> Array:
        return np.asarray((self.plus - self.minus) / (2 * self.h))

    @cached_property
    def at_step(self) -> Array:
        """Rounding of f's values at each step."""
        size = np.abs(self.f0)
        rounding = self.eps * np.maximum(np.maximum(np.abs(self.plus), np.abs(self.minus)), size)
        return np.asarray(np.where(np.isfinite(rounding), rounding, self.eps * size))

    @cached_property
    def extent(self) -> Array:
        """The size of f and of its changes, whichever is larger."""
        spread = np.max(np.where(np.isfinite(self.plus), np.abs(self.plus - self.f0), 0.0), axis=0)
        return np.asarray(np.maximum(np.abs(self.f0), spread))

    @cached_property
    def rounding(self) -> Array:
        """The error of each value of f: rounding, of the value and of its argument, and whatever noise shows."""
        fine = noise.fine_noise(self.plus, self.minus, self.f0)
        # Steps in f that are large compared with f are no noise but its shape.
        fine = np.where(fine > STAIRCASE * self.extent, 0.0, fine)
        argument = self.eps * np.where(np.isfinite(self.central), np.abs(self.central), 0.0)
        argument = np.minimum(argument, 2e3 * self.eps * self.extent)
        base = np.maximum(np.maximum(fine, argument), self.at_step) + TINIEST
        plateau = noise.plateau_noise(self.plus, self.minus)
        base = np.where(plateau < STAIRCASE * self.extent, np.maximum(base, plateau), base)
        return np.maximum(base, self.grid)

    @cached_property
    def grid(self) -> Array:
        """Where the finest steps do not change f: the least change that is seen, or else its grain."""
        gridded = noise.is_gridded(self.plus, self.minus, self.f0)
        seen = noise.least_change(np.concatenate([self.plus, self.minus]), self.f0)
        seen = np.where(np.isfinite(seen) & (seen <= STAIRCASE * self.extent), seen, 0.0)
        return np.asarray(np.maximum(np.where(gridded, np.maximum(seen, self.grain), 0.0), self.floor))


def two_sided(ladder: Ladder) -> tuple[Array, Array]:
    """The derivative from central differences, and its error."""
    value, error = limit(ladder.central, ladder.rounding / ladder.h, CENTRAL)
    # A component that no step changes at all: what rounding can hide is bounded by the longest step.
    flat = ((ladder.plus == ladder.f0) & (ladder.minus == ladder.f0)).all(axis=0)
    return value, np.where(flat, np.maximum(ladder.at_step[0], ladder.grid) / ladder.steps[0], error)


def one_sided(ladder: Ladder, sign: int) -> Side:
    """The derivative to the right (sign 1) or to the left (-1)."""
    table = ladder.right if sign > 0 else ladder.left
    value, error = limit(table, 2 * ladder.rounding / ladder.h, ONE_SIDED)
    return Side(value, error, np.asarray(np.isfinite(table[-FINE:]).all(axis=0)))


def jumps(ladder: Ladder, sign: int) -> Mask:
    """Where the distance to f(x) does not shrink with the step: f is not continuous from that side."""
    gap = (ladder.plus - ladder.f0 if sign > 0 else ladder.f0 - ladder.minus)[-FINE:]
    constant = np.abs(gap - gap[-1]).max(axis=0) < CONSTANT_GAP * np.abs(gap[-1])
    return np.asarray(constant & (np.abs(gap[-1]) > JUMP_OVER_NOISE * ladder.rounding[-1]))


def beside_a_jump(ladder: Ladder, sign: int) -> Side:
    """The slope on one side without f(x), which lies elsewhere: from values at neighbouring steps."""
    values = ladder.plus if sign > 0 else -ladder.minus
    between = (values[:-1] - values[1:]) / (ladder.h[:-1] - ladder.h[1:])
    value, error = limit(between, 3 * ladder.rounding[1:] / ladder.h[1:], LIMIT)
    return Side(value, error, np.asarray(np.isfinite(values[-FINE:]).all(axis=0)))


def kinks(left: Side, right: Side) -> Mask:
    """Where the one-sided slopes differ beyond their errors."""
    apart = np.abs(right.value - left.value) > KINK_OVER_ERROR * (right.error + left.error)
    return np.asarray(right.there & left.there & apart)


def steep(ladder: Ladder, sign: int) -> Mask:
    """Where the slope on one side keeps growing as the step shrinks (sqrt at 0): a vertical tangent."""
    tail = (ladder.right if sign > 0 else ladder.left)[-FINE - 1 :]
    small, large = np.abs(tail[:-1]), np.abs(tail[1:])
    rounding = (np.maximum(ladder.at_step, ladder.floor) / ladder.h)[-FINE:]
    return np.asarray(((large - GROWTH * small > rounding) & (large < JUMPLIKE * small)).all(axis=0))


def read(ladder: Ladder) -> Slopes:
    """Turn the values on both sides of x into slopes with error bars, kinks, jumps and edges told apart."""
    with np.errstate(all="ignore"):
        reading = _Reading(ladder)
        reading.broken()
        reading.edges()
        reading.vertical()
        return reading.slopes()


class _Reading:
    """Collects what the steps find; a later one overrules an earlier one."""

    def __init__(self, ladder: Ladder) -> None:
        self.ladder = ladder
        self.value, self.error = two_sided(ladder)
        self.low, self.high = self.value - self.error, self.value + self.error
        self.kind: Kinds = np.full(ladder.f0.shape, Kind.SMOOTH, dtype=object)
        right, left = one_sided(ladder, 1), one_sided(ladder, -1)
        jump_right, jump_left = right.there & jumps(ladder, 1), left.there & jumps(ladder, -1)
        self.right = _choose(jump_right, beside_a_jump(ladder, 1), right)
        self.left = _choose(jump_left, beside_a_jump(ladder, -1), left)
        self.jumped = jump_right | jump_left

    def put(self, mask: Mask, kind: Kind, value: Array, error: Array, low: Array, high: Array) -> None:
        self.kind[mask] = kind
        self.value, self.error = np.where(mask, value, self.value), np.where(mask, error, self.error)
        self.low, self.high = np.where(mask, low, self.low), np.where(mask, high, self.high)

    def broken(self) -> None:
        """Kinks and jumps: any slope between the one-sided ones."""
        left, right = self.left, self.right
        low = np.minimum(right.value - right.error, left.value - left.error)
        high = np.maximum(right.value + right.error, left.value + left.error)
        middle, error = 0.5 * (right.value + left.value), right.error + left.error
        self.put(kinks(left, right), Kind.KINK, middle, error, low, high)
        self.put(self.jumped, Kind.JUMP, middle, error, low, high)

    def edges(self) -> None:
        """f is defined on one side only: its slope there."""
        for side, other in ((self.right, self.left), (self.left, self.right)):
            only = side.there & ~other.there
            kept = self.kind.copy()
            self.put(only, Kind.ONE_SIDED, side.value, side.error, side.value - side.error, side.value + side.error)
            self.kind[only & self.jumped] = kept[only & self.jumped]

    def vertical(self) -> None:
        """Slopes that grow without bound: vertical tangents, cusps, and kinks with one vertical side."""
        ladder, infinite = self.ladder, np.full(self.value.shape, np.inf)
        left, right = self.left, self.right
        steep_right, steep_left = right.there & steep(ladder, 1), left.there & steep(ladder, -1)
        end_right, end_left = np.sign(ladder.right[-1]) * np.inf, np.sign(ladder.left[-1]) * np.inf
        both = (steep_right | ~right.there) & (steep_left | ~left.there) & (right.there | left.there) & ~self.jumped
        sign = np.where(right.there, np.sign(ladder.right[-1]), np.sign(ladder.left[-1]))
        upright = np.where(sign < 0, -np.inf, np.inf)
        self.put(both, Kind.VERTICAL, upright, infinite, self.low, self.high)
        cusp = both & right.there & left.there & (ladder.right[-1] * ladder.left[-1] < 0)
        self.put(cusp, Kind.KINK, np.zeros_like(infinite), infinite, -infinite, infinite)
        half = (steep_right ^ steep_left) & right.there & left.there & ~self.jumped
        end = np.where(steep_right, end_right, end_left)
        low = np.minimum(end, np.where(steep_right, left.value - left.error, right.value - right.error))
        high = np.maximum(end, np.where(steep_right, left.value + left.error, right.value + right.error))
        self.put(half, Kind.KINK, self.value, self.error, low, high)
        self.error = np.where(right.there | left.there, self.error, np.inf)

    def slopes(self) -> Slopes:
        ladder = self.ladder
        swing = np.fmax(np.abs(ladder.plus[2] - ladder.f0), np.abs(ladder.minus[2] - ladder.f0))
        return Slopes(
            self.value,
            self.error,
            self.low,
            self.high,
            self.kind,
            ladder.rounding[-1],
            np.where(np.isfinite(swing), swing, 0.0),
        )


def _choose(mask: Mask, a: Side, b: Side) -> Side:
    return Side(np.where(mask, a.value, b.value), np.where(mask, a.error, b.error), b.there)
