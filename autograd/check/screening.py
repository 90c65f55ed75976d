"""One drawn point at a time: screened by a single comparison, judged in full where that is off, and counted."""

from __future__ import annotations

import time
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import hypothesis
import numpy as np

from .judge import quiet
from .limits import EPS, JUDGED, ONE_STEP, SUSPICIOUS
from .problem import Problem
from .report import GradientError, Report, plain
from .tally import Tally
from .trees import leaves, mapped
from .verdicts import Verdict

Check = Callable[..., Report]


def seed_of(xs: Sequence[Any]) -> int:
    """Fresh directions and cotangents for every point, yet the same ones when a point is tried again."""
    return zlib.crc32(b"".join(np.asarray(v).tobytes() for _, v in leaves(tuple(xs), tuples=True)))


def screen(problem: Problem, seed: int) -> float:
    """The relative disagreement of one claim with one central difference; small where all is well."""
    rng = np.random.default_rng(seed)
    z = problem.z
    s = np.where(z != 0, np.abs(z), 1.0)
    h = ONE_STEP
    d = s * rng.choice([-1.0, 1.0], z.size) * rng.uniform(0.5, 1.5, z.size)
    g = rng.choice([-1.0, 1.0], problem.y.size) * rng.uniform(0.5, 2.0, problem.y.size)
    c = problem.claim(g)
    plus, minus = problem.evaluate(z + h * d), problem.evaluate(z - h * d)
    if plus.shape != problem.y.shape or minus.shape != problem.y.shape:
        return np.inf
    numeric = float(g @ (plus - minus)) / (2 * h)
    claimed = float(c @ d)
    own = float(np.abs(c) @ np.abs(d)) + abs(numeric)
    rounding = 8 * EPS / h * float(np.abs(g) @ np.abs(problem.y))
    gap = abs(numeric - claimed) - rounding
    if not np.isfinite(gap):
        return np.inf
    return max(gap, 0.0) / own if own > 0 else 0.0


MAPPED = ("right", "wrong", "undecided", "undefined")
"""What a map of the domain tells apart."""


@dataclass
class Log:
    """What a run over many points has seen."""

    draws: int = 0
    judged: int = 0
    undecided: list[Report] = field(default_factory=list)
    values: dict[str, list[tuple[int, float]]] = field(default_factory=lambda: {v: [] for v in MAPPED})
    failed: bool = False
    tally: Tally = field(default_factory=lambda: Tally(0, 0))
    undefined: list[tuple[Sequence[Any], str]] = field(default_factory=list)
    """Points at which f has no finite value, or raises, and what it did there."""
    at: Sequence[Any] = ()
    """The last point at which the gradient was wrong."""
    started: float = field(default_factory=time.perf_counter)

    def note(self, report: Report) -> None:
        self.judged += 1
        self.tally.add(report.tally)
        if report.verdict in (Verdict.UNDECIDED, Verdict.NO_GRADIENT):
            self.undecided.append(report)
        for e in report.entries:
            if e.input is not None and e.verdict in self.values:
                x = np.asarray(report.xs[e.input])
                self.values[e.verdict].append((e.input, float(x[e.index] if x.ndim else x)))

    def screened(self) -> None:
        """One point at which one derivative was compared."""
        self.tally.add(Tally(1, 1))

    def not_defined(self) -> str:
        """On what part of the domain f is not defined, as a sentence; empty if it is everywhere."""
        if not self.undefined:
            return ""
        xs, why = self.undefined[0]
        share = f"{len(self.undefined) / self.draws:.0%}"
        return f"f is not defined at {share} of the points drawn, e.g. {', '.join(plain(x) for x in xs)}: {why}"

    def where(self) -> str:
        """Where in the domain the gradient is wrong and where right, in terms of the wrong input's entries."""
        wrong, right = self.values["wrong"], self.values["right"]
        if not wrong:
            return ""
        i = wrong[0][0]
        bad = np.array([v for k, v in wrong if k == i])
        good = np.array([v for k, v in right if k == i])
        if good.size and bad.min() > good.max():
            return f"in the domain: wrong where input {i} is at least {bad.min():.6g}, right up to {good.max():.6g}"
        if good.size and bad.max() < good.min():
            return f"in the domain: wrong where input {i} is at most {bad.max():.6g}, right from {good.min():.6g}"
        text = f"in the domain: wrong at entries of input {i} from {bad.min():.6g} to {bad.max():.6g} ({bad.size} seen)"
        if good.size:
            text += f", right at entries from {good.min():.6g} to {good.max():.6g} ({good.size} seen)"
        return text


def no_value(value: Callable[..., Any], xs: Sequence[Any]) -> str:
    """Why f has no value at a point, or "" if it has one."""
    try:
        y = value(*[mapped(lambda v: v.copy() if isinstance(v, np.ndarray) else v, x) for x in xs])
        finite = all(np.isfinite(np.asarray(part, dtype=np.complex128)).all() for _, part in leaves(y, tuples=True))
    except Exception as error:  # whatever f raises off its domain
        return f"{type(error).__name__}: {error}"
    return "" if finite else "it is not finite there"


def judge_at(
    check: Check,
    screening: Callable[[Sequence[Any]], Problem | None],
    value: Callable[..., Any],
    xs: Sequence[Any],
    log: Log,
) -> None:
    """One drawn point: screened, judged if need be; raises `GradientError` if the gradient is wrong there."""
    log.draws += 1
    seed = seed_of(xs)
    with quiet():
        why = no_value(value, xs)
        if why:
            log.undefined.append((xs, why))
            for i, (_, x) in enumerate(leaves(tuple(xs), tuples=True)):
                log.values["undefined"] += [(i, float(v)) for v in np.ravel(x)]
            return
        try:
            problem = screening(xs)
            disagreement = np.inf if problem is None else screen(problem, seed)
        except Exception:  # vjp fails or returns something odd: the judgement says what
            disagreement = np.inf
    if np.isfinite(disagreement):
        hypothesis.target(float(np.log10(disagreement + 1e-18)), label="relative disagreement of the gradient")
        if log.judged >= JUDGED and disagreement < SUSPICIOUS and not log.failed:
            log.screened()
            return
    report = check(*xs, seed=seed)
    log.note(report)
    if report.verdict == Verdict.WRONG:
        log.failed, log.at = True, xs
        report.where = log.where()
        raise GradientError(report)
