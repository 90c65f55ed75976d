"""A process that judges the pairs of one library: names come in by standard input, findings go out as lines of JSON.

It runs under whatever Python has the library, which need not be the one that this package is installed for.
"""

from __future__ import annotations

import json
import math
import os
import sys
import time
import zlib
from collections.abc import Sequence
from importlib import metadata
from typing import Any

import numpy as np

from ..judge import quiet
from ..point import check_vjp
from ..report import Entry, Report, plain
from .pair import Pair
from .registry import families, gather

GRID = 64
"""The picture of claimed against measured slopes has so many points."""
PATIENCE = 0.5
"""A picture of a right derivative is drawn only if it takes less than so many seconds."""


def examine(pair: Pair, seed: int = 0, seconds: float = 5.0) -> dict[str, Any]:
    """What is found out about one pair: the verdict, how sharp it is, and for a wrong one the simplest point.

    Parameters
    ----------
    seed
        Chooses the points, differently for each pair.
    seconds
        No further point after so many seconds of the processor.
    """
    started = time.process_time()  # a busy machine changes nothing
    entropy = [seed, zlib.crc32(pair.name.encode())]
    rng = np.random.default_rng(entropy)
    reports: list[Report] = []
    problems: list[str] = []
    for number, (f, vjp, xs) in enumerate(pair.draw(rng)):
        try:
            reports.append(check_vjp(f, vjp, *xs, seed=number, **pair.options))
        except Exception as error:
            problems.append(f"{type(error).__name__}: {error}"[:300])
        if reports and reports[-1].verdict == "wrong" or time.process_time() - started > seconds:
            break
    worst = _worst(reports)
    found: dict[str, Any] = {
        "name": pair.name,
        "verdict": str(worst.verdict) if worst is not None else "not run",
        "points": len(reports) * max(pair.at_once, 1),
        "compared": sum(len(r.entries) for r in reports),
        "undecided": sum(r.verdict == "undecided" for r in reports),
        "sharpness": _sharpness([e for r in reports for e in r.entries]),
        "message": ""
        if worst is not None
        else "; ".join(sorted(set(problems))) or "f has no finite value in the domain",
    }
    if worst is not None and worst.verdict != "right":
        if worst.verdict == "wrong" and not pair.cases:
            worst = simplest(pair, worst)
        found |= _told(worst)
    with quiet():
        found["curve"] = curve(pair, np.random.default_rng(entropy), found["verdict"] == "right")
    found["seconds"] = round(time.process_time() - started, 3)
    return found


def _worst(reports: Sequence[Report]) -> Report | None:
    """A wrong report if there is one, else a right one: a point that cannot be judged spoils no others."""
    order = ("wrong", "no gradient", "right", "undecided")
    return min(reports, key=lambda r: order.index(str(r.verdict)), default=None)


def _sharpness(entries: Sequence[Entry]) -> float | None:
    """The error bar relative to the derivative: what three in four of the comparisons keep below."""
    ratios = [e.error / abs(e.numeric) for e in entries if e.numeric and math.isfinite(e.error)]
    return float(f"{np.quantile(ratios, 0.75):.2g}") if ratios else None


def simplest(pair: Pair, report: Report) -> Report:
    """The same error at a simpler point: one number instead of several, with few digits."""
    worst = report.worst
    points = [list(report.xs)]
    if pair.at_once and worst is not None and worst.index:
        x = float(np.asarray(report.xs[0])[worst.index])
        points = [[x], [np.array([x])]]
    for xs in points:
        for digits in (1, 2, 3, 6, 17):
            rounded = [_rounded(x, digits) for x in xs]
            try:
                simpler = pair.check(*rounded, seed=0)
            except Exception:
                continue
            if simpler.verdict == "wrong":
                return simpler
    return report


def _rounded(x: Any, digits: int) -> Any:
    if isinstance(x, float):
        return float(f"{x:.{digits}g}")
    return np.array([float(f"{v:.{digits}g}") for v in np.ravel(x)], dtype=np.asarray(x).dtype).reshape(np.shape(x))


def _told(report: Report) -> dict[str, Any]:
    worst = report.worst
    return {
        "at": [plain(x) for x in report.xs],
        "where": worst.name if worst is not None and worst.verdict == report.verdict else "",
        "claimed": _number(worst.claimed) if worst is not None else None,
        "numeric": _number(worst.numeric) if worst is not None else None,
        "error": _number(worst.error) if worst is not None else None,
        "message": report.reason,
        "cause": report.cause,
        "report": str(report),
    }


def _number(x: float) -> float | str:
    return x if math.isfinite(x) else str(x)


def curve(pair: Pair, rng: np.random.Generator, hurry: bool) -> dict[str, list[float]] | None:
    """The claimed and the measured slope over the domain: of a function of one number, or along a line through it.

    The measured one is a plain central difference: a picture, not the judgement.
    """
    try:
        if pair.at_once:
            low, high = pair.domains[0].low, pair.domains[0].high
            t = np.geomspace(low, high, GRID) if low > 0 and high > 100 * low else np.linspace(low, high, GRID)
            h = 2.0**-20 * np.maximum(np.abs(t), 2.0**-6)
            measured = (np.asarray(pair.f(t + h)) - np.asarray(pair.f(t - h))) / (2 * h)
            claimed = np.asarray(pair.vjp(np.ones_like(t), t))
        else:
            t, claimed, measured = _along_a_line(pair, rng, hurry)  # through drawn points, or around a given one
    except Exception:  # no picture, then: f refuses the ends of its domain, or takes too long
        return None
    seen = np.isfinite(claimed) & np.isfinite(measured)
    if seen.sum() < 3:
        return None
    rows = {"at": t[seen], "claimed": claimed[seen], "measured": measured[seen]}
    return {name: [float(f"{v:.5g}") for v in row] for name, row in rows.items()}


def _along_a_line(pair: Pair, rng: np.random.Generator, hurry: bool) -> Any:
    started = time.perf_counter()
    f, vjp, a = next(pair.draw(rng))
    b = [np.asarray(x) * 1.25 for x in a] if pair.cases else [d.draw(rng) for d in pair.domains]
    t = np.linspace(0.02, 0.98, GRID // 2)
    ends = [(np.asarray(p), np.asarray(q) - np.asarray(p)) for p, q in zip(a, b, strict=True)]

    def at(u: float) -> list[Any]:
        return [p + u * d if np.ndim(p) else float(p + u * d) for p, d in ends]

    y = f(*at(0.5))
    if isinstance(y, (tuple, list)):
        raise TypeError("several outputs")
    g: Any = rng.uniform(0.5, 1.5, np.shape(y))
    g = g if np.ndim(g) else float(g)
    claimed, measured = np.full_like(t, np.nan), np.full_like(t, np.nan)
    for i, u in enumerate(t):
        pulled = vjp(g, *at(u))
        pulled = pulled if isinstance(pulled, (tuple, list)) else [pulled]
        claimed[i] = sum(float(np.sum(np.asarray(c) * d)) for c, (_, d) in zip(pulled, ends, strict=True))
        measured[i] = float(np.sum(g * (np.asarray(f(*at(u + 1e-6))) - np.asarray(f(*at(u - 1e-6)))))) / 2e-6
        if hurry and time.perf_counter() - started > PATIENCE:
            break
    return t, claimed, measured


def version(library: str) -> str:
    """``"scipy 1.17.1"``, as far as the installed distribution tells."""
    named = {"sklearn": "scikit-learn", "hips": "autograd"}
    base = library.split("_")[0]
    try:
        return f"{named.get(base, base)} {metadata.version(named.get(base, base))}"
    except metadata.PackageNotFoundError:
        return base


def main() -> None:
    """Answer requests until standard input ends. The first line is ``{"library", "seed", "seconds"}``."""
    # Libraries print: the answers take a way of their own.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    sys.stdout = sys.stderr

    def say(**what: Any) -> None:
        answers.write(json.dumps(what, allow_nan=False, default=str) + "\n")
        answers.flush()

    order = json.loads(sys.stdin.readline())
    pairs: dict[str, Pair] = {}
    problems: dict[str, str] = {}
    for family in families(order["library"]):
        try:
            with quiet():
                gather(family, pairs)
        except Exception as error:
            problems[family.__name__] = f"{type(error).__name__}: {error}"[:300]
    versions = [*{version(order["library"]): 0, f"numpy {np.__version__}": 0}, f"Python {sys.version.split()[0]}"]
    say(names=list(pairs), problems=problems, versions=versions)
    for line in sys.stdin:
        name = json.loads(line)
        try:
            with quiet():
                say(**examine(pairs[name], order["seed"], order["seconds"]))
        except Exception as error:
            say(name=name, verdict="not run", message=f"{type(error).__name__}: {error}"[:300])
