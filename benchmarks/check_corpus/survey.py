"""Does the checker accuse right gradients of ordinary formulas, at inputs from 1 down to 1e-16 and over whole domains?

Run: ``python -m benchmarks.check_corpus.survey`` (``points``, ``engine``, ``domains`` for a part; names of formulas to
look at those alone). Exit status 1 if a right gradient is accused. Takes about fifteen minutes as a whole.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

import numpy as np

from autograd.check import Report, check_for_all, check_gradient, check_vjp
from autograd.check.strategies import NAMED

from .formulas import FORMULAS, Formula

EXPONENTS = range(17)
"""Magnitudes 10^0 to 10^-16."""


def points(formula: Formula) -> Iterator[Any]:
    """±10^0 … ±10^-16 where the formula and its derivative are finite; vectors with entries of that magnitude."""
    for k in EXPONENTS:
        for sign in (1.0, -1.0):
            x = sign * 10.0**-k * (np.array([1.0, -0.7, 1.3]) if formula.size else np.array([1.0]))
            with np.errstate(all="ignore"):
                if np.isfinite(formula.value(x)).all() and np.isfinite(formula.gradient(x)).all():
                    yield x


def at_points(formula: Formula) -> Iterator[tuple[str, Report]]:
    """The exact gradient, at every magnitude."""
    for x in points(formula):
        yield f"{formula.name} at {x[0]:.0e}", check_vjp(formula.value, formula.vjp, x)


def by_the_engine(formula: Formula) -> Iterator[tuple[str, Report]]:
    """The engine's own gradient, at every magnitude."""
    for x in points(formula):
        yield f"engine: {formula.name} at {x[0]:.0e}", check_gradient(formula.value, x)


def over_domains(formula: Formula, names: Any = (), **options: Any) -> Iterator[tuple[str, Report]]:
    """The engine's own gradient over named domains: all of them by default."""
    for domain in names or [*NAMED, "nonzero", "log", "signed log"]:
        report = check_for_all(formula.value, domain, shape=(formula.size,) if formula.size else None, **options)
        yield f"{formula.name} over {domain!r}", report


PARTS = {"points": at_points, "engine": by_the_engine, "domains": over_domains}


def main(words: list[str]) -> int:
    parts = [w for w in words if w in PARTS] or list(PARTS)
    chosen = [f for f in FORMULAS if not set(words) - set(PARTS) or f.name in words]
    accused = 0
    for part in parts:
        counts: Counter[str] = Counter()
        start = time.perf_counter()
        for formula in chosen:
            for name, report in PARTS[part](formula):
                counts[str(report.verdict)] += 1
                if report.verdict == "wrong":
                    accused += 1
                    worst = report.worst
                    numbers = f"claimed {worst.claimed:.10g}, numeric {worst.numeric:.10g} ± {worst.error:.1g}, "
                    at = f" x = {report.xs}" if part == "domains" else ""
                    print(f"accused: {name}: {numbers if worst else ''}{report.reason}{at}", flush=True)
        print(f"{part}: {dict(counts)} in {time.perf_counter() - start:.0f} s", flush=True)
    return bool(accused)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
