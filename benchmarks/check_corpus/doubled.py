"""How much each number of `autograd.check.limits` matters: halved and doubled, how many verdicts does it change?

Run: ``python -m benchmarks.check_corpus.doubled`` (names of constants to look at those alone; ``--draws 3`` for more
points of each case). Each number takes two runs over the corpus, about ten seconds of the processor.
"""

from __future__ import annotations

import argparse
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from autograd.check import check_vjp, limits

from .bugs import corpus as bugs
from .rights import corpus as rights

FACTS = {"EPS", "TINIEST", "SINGLE"}
"""What arithmetic is, rather than what was chosen."""


def names() -> list[str]:
    """The numbers that were chosen, and the tuples of them; ladders of steps (arrays) are left as they are."""
    found = vars(limits).items()
    return [n for n, v in found if n.isupper() and n not in FACTS and isinstance(v, (int, float, tuple))]


@contextmanager
def replaced(name: str, value: Any) -> Iterator[None]:
    """The constant with another value, wherever it has been imported to."""
    before = getattr(limits, name)
    modules = [m for n, m in sys.modules.items() if n.startswith("autograd.check") and vars(m).get(name) is before]
    for module in modules:
        setattr(module, name, value)
    try:
        yield
    finally:
        for module in modules:
            setattr(module, name, before)


def scaled(value: Any, factor: float) -> Any:
    """Whole numbers stay whole, and shares below 1; of a tuple each entry."""
    if isinstance(value, tuple):
        return tuple(scaled(v, factor) for v in value)
    if isinstance(value, int):
        return max(1, int(value * factor))
    return min(value * factor, (1 + value) / 2) if value < 1 else value * factor


def verdicts(draws: int) -> dict[tuple[str, int], str]:
    """The verdict on every case at the same points with the same random choices."""
    found = {}
    for case in (*bugs.cases, *rights.cases):
        rng = np.random.default_rng(11)
        for k in range(draws):
            f, vjp = case.pair()
            try:
                found[case.name, k] = str(check_vjp(f, vjp, *case.sample(rng), seed=k).verdict)
            except Exception as error:
                found[case.name, k] = type(error).__name__
    return found


def changed(before: dict[Any, str], after: dict[Any, str]) -> dict[str, list[str]]:
    """The cases whose verdict is another, by what it was and is."""
    out: dict[str, list[str]] = {}
    for key, verdict in before.items():
        if after[key] != verdict:
            out.setdefault(f"{verdict} → {after[key]}", []).append(key[0])
    return out


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.check_corpus.doubled", description=__doc__)
    parser.add_argument("constants", nargs="*", help="names; all by default")
    parser.add_argument("--draws", type=int, default=1)
    options = parser.parse_args()
    unknown = sorted(set(options.constants) - set(names()))
    if unknown:
        parser.error(f"no such number: {', '.join(unknown)}; there are {', '.join(names())}")
    warnings.simplefilter("ignore")
    np.seterr(all="ignore")
    before = verdicts(options.draws)
    print(f"{len(before)} verdicts", flush=True)
    for name in options.constants or names():
        value = getattr(limits, name)
        for factor in (0.5, 2.0):
            with replaced(name, scaled(value, factor)):
                difference = changed(before, verdicts(options.draws))
            told = "; ".join(f"{kind}: {', '.join(cases)}" for kind, cases in difference.items()) or "nothing changes"
            print(f"{name} = {value} → {scaled(value, factor)}: {told}", flush=True)


if __name__ == "__main__":
    main()
