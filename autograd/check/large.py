"""The judgement of a large problem: along directions in which all coordinates move, and at a few coordinates.

Each direction is a comparison of ``⟨g, J d⟩``, so one wrong coordinate among 10⁵ shows along every one of them; it is
found by halving the direction, and then judged by itself.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from . import numeric
from .causes import likely_cause
from .judge import Judge
from .limits import (
    ALL_COORDINATES,
    CAUSES_SAMPLED,
    CERTAIN,
    CHANGING_ROWS,
    MIXED_SCALES,
    MOST_OUTPUTS,
    MOST_SLOPES,
    RANDOM_DIRECTIONS,
    SAFELY_HALVED,
    SAMPLED_COORDINATES,
    SURE,
)
from .outcome import Outcome, verdict_of, worst_of
from .problem import Problem
from .reduced import Along, Reduced, Selected
from .richardson import Array
from .taylor import Taylor
from .verdicts import Kind, Verdict, is_kind

Compared = tuple[str, float, list[Outcome]]
"""The name of a direction ("axis 3" for a coordinate), its length, and the outcome for each cotangent."""
NOT_LOCATED = "the claim is off along this direction, but in none of its coordinates alone: f has kinks or jumps nearby"
MISS = 13 / 16
"""The probability that a random direction does not show two wrong coordinates, which may cancel."""


def is_large(p: Problem) -> bool:
    """Whether the whole Jacobian is too much to measure."""
    n, m = p.z.size, p.y.size
    return n > ALL_COORDINATES or m > MOST_OUTPUTS or n * m > MOST_SLOPES


def cotangents(judge: Judge) -> list[Array]:
    """Those of the judge, scaled by what each output moves along one direction."""
    d, h = judge.random_direction(), CHANGING_ROWS[-1]
    ahead, behind = judge.line(d)(np.array([h, -h]))
    size = np.abs(ahead - behind) / (2 * h)
    return judge.cotangents(np.where(np.isfinite(size), size, 0.0))


class Search:
    """Where in a large problem the claim is wrong.

    Parameters
    ----------
    judge
        Of the whole problem at the point to look at; it is asked for scales and random choices only.
    gs, claims
        Cotangents, and the claimed gradients for them.
    directions
        How many, where not each coordinate is looked at.
    each
        Whether each is: by default, if there are few.
    """

    def __init__(
        self,
        judge: Judge,
        gs: Sequence[Array],
        claims: Sequence[Array],
        directions: int = RANDOM_DIRECTIONS,
        each: bool | None = None,
    ) -> None:
        self.judge, self.p, self.claims, self.gs = judge, judge.p, claims, np.stack(gs)
        self.at = None if judge.z is judge.p.z else judge.z
        self.each = judge.z.size <= ALL_COORDINATES if each is None else each
        self.strange = np.flatnonzero(~np.isfinite(claims[0]))
        self.still = np.zeros(0, dtype=np.intp)
        """Zeros at which f has a kink."""
        self.directions = np.zeros((0, 0), np.float32) if self.each else self.drawn(directions)
        self.reduced: Reduced = (
            Selected(self.p, self.gs, np.arange(judge.z.size), self.at)
            if self.each
            else Along(self.p, self.gs, self.directions, judge.s, claims, self.at)
        )
        self.small = self.judge_of(self.reduced)
        # Steps along all directions together must not be longer than along one.
        self.small.s = judge.s if self.each else np.full(directions, 2.0 ** -np.ceil(np.log2(directions)))
        self.pulled = [self.reduced.pulled(c) for c in claims]
        self.gs_of_small = list(np.eye(len(gs)))
        self.names: list[int] = []
        self.taylor: Taylor | None = None

    def judge_of(self, problem: Problem) -> Judge:
        return Judge(problem, self.judge.rng, accuracy=self.judge.accuracy, high_only=self.judge.high_only)

    def drawn(self, count: int) -> NDArray[np.float32]:
        """Random directions, lengths with few bits; in every third one coordinates move on scales of their own.

        Coordinates of which the claim is not finite stay where they are, and zeros where f has kinks: along a direction
        these add up to an interval in which errors would drown. Both are looked at one by one.
        """
        n, rng = self.judge.z.size, self.judge.rng
        out = np.empty((count, n), np.float32)
        for k in range(count):
            out[k] = rng.integers(4, 8, n) * rng.choice([-0.25, 0.25], n)
            if k % 3 == 2:
                out[k] *= np.exp2(-rng.integers(0, MIXED_SCALES + 1, n))
        out[:, self.strange] = 0
        zeros = np.flatnonzero((self.judge.z == 0) & (out[0] != 0))
        if zeros.size and not self.is_smooth(out[0], zeros):
            self.still = zeros
            out[:, zeros] = 0
        return out

    def is_smooth(self, d: NDArray[np.float32], members: NDArray[np.intp]) -> bool:
        small, one = self.part(d, members, slice(None)), np.ones(1)
        return bool(is_kind(small.slopes(one).kind, Kind.SMOOTH).all())

    def examine(self) -> list[Compared]:
        """Everything. A direction alone accuses nobody: where it is wrong, so is a coordinate of it, or f has kinks."""
        directly = self.directly()
        if self.each:
            return directly
        suspected = [k for k, (_, _, o) in enumerate(directly) if verdict_of(o) == Verdict.WRONG]
        found: list[Compared] = []
        for i in self.sampled():
            found += self.together(np.array([i]))
            if verdict_of(found[-1][2]) == Verdict.WRONG:
                break
        else:
            for k in suspected[:1]:
                found += self.together(self.halve(self.names[k], worst_of(directly[k][2])))
        if any(verdict_of(outcomes) == Verdict.WRONG for _, _, outcomes in found):
            return found + [d for k, d in enumerate(directly) if k not in suspected]
        return found + self.heard(directly)

    def directly(self) -> list[Compared]:
        """Each coordinate; or the random directions, where "wrong" is no more than a suspicion."""
        judge, small = self.judge, self.small
        units = np.eye(small.z.size)
        first = small.random_direction() if self.each else units[0]
        small.learn(first)
        if small.first is not None:
            self.taylor = Taylor.of(small.first, self.gs_of_small[0], small.along(self.pulled[0], first)[0])
        stack = [("random", unit) for unit in units]
        if self.each:
            stack = [(f"axis {i}", judge.s[i] * unit) for i, unit in enumerate(units)]
            stack += [*small.common_directions(), ("random", first), ("random", small.random_direction())]
            small.infinite = np.isinf(self.pulled[0])
        done = small.examine(self.gs_of_small, self.pulled, stack, stop_at=1, appeal=self.each)
        wrong = [i for i, outcomes in done.items() if verdict_of(outcomes) == Verdict.WRONG]
        if self.each and wrong and min(wrong) >= len(units):
            done = {**done, **small.examine(self.gs_of_small, self.pulled, stack[: len(units)])}
        self.names = sorted(done)
        return [(stack[i][0], self.length(stack[i][0]), done[i]) for i in self.names]

    def heard(self, directly: list[Compared]) -> list[Compared]:
        """The directions after an appeal, up to one that is not settled by it either."""
        out, settled = [], True
        for k, (name, length, outcomes) in zip(self.names, directly, strict=True):
            if verdict_of(outcomes) != Verdict.RIGHT and settled:
                outcomes = self.small.settle(self.gs_of_small, self.pulled, np.eye(len(self.directions))[k])
                settled = verdict_of(outcomes) == Verdict.RIGHT
            for o in outcomes:
                if o.verdict == Verdict.WRONG:
                    o.verdict, o.reason = Verdict.UNDECIDED, NOT_LOCATED
            out.append((name, length, outcomes))
        return out

    def length(self, name: str) -> float:
        return float(self.judge.s[_axis(name)]) if name.startswith("axis") else 1.0

    def sampled(self) -> list[int]:
        """Some coordinates: first those that no direction moves."""
        rng, apart = self.judge.rng, [*self.strange, *self.judge.rng.permutation(self.still)]
        rest = np.setdiff1d(np.arange(self.judge.z.size), apart)
        drawn = rng.choice(rest, min(SAMPLED_COORDINATES, rest.size), replace=False)
        return [int(i) for i in (*apart[: SAMPLED_COORDINATES // 2], *drawn)][:SAMPLED_COORDINATES]

    # -- few coordinates ----------------------------------------------------------------------------------

    def together(self, members: NDArray[np.intp]) -> list[Compared]:
        """A few coordinates, with those outputs that depend on them; nothing for more than the judge takes."""
        judge = self.judge
        if members.size > ALL_COORDINATES:
            return []
        unit = np.zeros_like(judge.z)
        unit[members] = judge.s[members]
        # Steps in proportion to x, and on the scale of 1, beside which a tiny x does not change f.
        steps = np.concatenate([CHANGING_ROWS, CHANGING_ROWS / judge.p.length(unit)])
        values = judge.line(unit)(np.concatenate([steps, -steps]))
        rows = np.flatnonzero(~(values == judge.f0).all(axis=0))
        problem = Selected(self.p, self.gs, members, self.at, rows)
        small = self.judge_of(problem)
        small.s = judge.s[members]
        first = small.random_direction()
        small.learn(first)
        claims = [problem.pulled(c) for c in self.claims]
        small.infinite = np.isinf(claims[0])
        stack = [(f"axis {i}", s * e) for i, s, e in zip(members, small.s, np.eye(members.size), strict=True)]
        if members.size > 1:
            stack += [*small.common_directions(), ("random", first)]
        done = small.examine(self.gs_of_small, claims, stack)
        return [(stack[i][0], self.length(stack[i][0]), done[i]) for i in sorted(done)]

    def halve(self, k: int, q: int) -> NDArray[np.intp]:
        """The coordinates that make a direction wrong: by halves of it, until one is left or neither half is wrong."""
        d = self.directions[k]
        members = np.flatnonzero(d)
        while members.size > 1:
            halves = np.split(members, [members.size // 2])
            ratios = [0.0, 0.0]
            for i, half in enumerate(halves):
                small, one = self.part(d, half, slice(q, q + 1)), np.ones(1)
                claim = np.array([float(self.claims[q][half] @ (self.judge.s * d)[half])])
                o = small.compare(one, claim, one, small.slopes(one))
                ratios[i] = o.away / o.error if o.error > 0 else float(o.away > 0) * CERTAIN
                if o.verdict == Verdict.WRONG:
                    break
                if o.verdict == Verdict.RIGHT and members.size > SAFELY_HALVED:
                    ratios[1] = CERTAIN  # then it is the other half
                    break
            if max(ratios) < SURE:
                break
            members = halves[int(np.argmax(ratios))]
        return members

    def part(self, d: NDArray[np.float32], members: NDArray[np.intp], qs: slice) -> Judge:
        """Some coordinates of a direction, for some cotangents."""
        some = np.zeros((1, d.size), np.float32)
        some[0, members] = d[members]
        return self.judge_of(Along(self.p, self.gs[qs], some, self.judge.s, self.claims[qs], self.at))

    # -- what is told of it ---------------------------------------------------------------------------------

    def confidence(self, found: Sequence[Compared]) -> str:
        """How much was looked at, and what an error in one coordinate has to be to show."""
        if self.each:
            return ""
        n = self.judge.z.size
        text = f"{sum(name.startswith('axis') for name, _, _ in found)} of {n} coordinates by themselves, and "
        zeros = f" (without the {self.still.size} zeros, where f has a kink)" if self.still.size else ""
        compared = sum(not name.startswith("axis") for name, _, _ in found)  # one with kinks ends the comparison early
        text += f"{compared} random direction{'s' * (compared != 1)}{zeros}: an error above the error bars stays "
        text += f"hidden with a probability below {100 * MISS**compared:.2g} %"
        moved = np.abs(self.claims[0] * self.judge.s)
        typical = np.median(moved[moved > 0]) if (moved > 0).any() else 0.0
        bars = [o[0].error for name, _, o in found if not name.startswith("axis") and o[0].kind == Kind.SMOOTH]
        if bars and typical > 0 and np.isfinite(min(bars)):
            text += f"; in a typical coordinate, one of {CERTAIN * min(bars) / typical:.0e} of the derivative shows"
        return text

    def cause(self, found: Sequence[Compared]) -> str:
        """A likely cause, looked for among the wrong coordinates and some others."""
        bad = [
            int(name.split()[1]) for name, _, o in found if name.startswith("axis") and verdict_of(o) == Verdict.WRONG
        ]
        if not bad:
            return ""
        n = self.judge.z.size
        some = np.unique([*bad[:CAUSES_SAMPLED], *self.judge.rng.choice(n, min(n, CAUSES_SAMPLED), replace=False)])
        small = Selected(self.p, self.gs, some, self.at)
        axes = np.diag(self.judge.s[some])
        slopes = numeric.short_ladder(small.evaluate_all, small.z, axes, small.y, np.zeros(len(self.gs))).value
        measured = slopes / self.judge.s[some]
        wrong = [
            (q, int(np.searchsorted(some, i)))
            for name, _, o in found
            for q in range(len(o))
            if o[q].verdict == Verdict.WRONG and (i := _axis(name)) in bad[:CAUSES_SAMPLED]
        ]
        return likely_cause(
            lambda g: small.pulled(self.p.claim(g, self.at)),
            list(self.gs),
            [small.pulled(c) for c in self.claims],
            lambda q: measured[q],
            [(some.size,)],
            wrong,
        )


def _axis(name: str) -> int:
    return int(name.split()[1]) if name.startswith("axis") else -1
