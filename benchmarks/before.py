"""The package as it was against the package as it is: ``python benchmarks/before.py PATH [WORK …]``.

PATH is a checkout of an earlier commit (``git worktree add PATH COMMIT``; its compiled core, if it has one, is built
there). The works are this tree's, so both packages do the same. By turns in one run: the earlier package, this one, and
this one without the compiled core. Of each, the least of all samples counts: what else the machine does only ever adds.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from harness import HERE, WORKS, Contender, Process, Work, disagreement, note, show
from run import modules

Sample = dict[str, float]


def packages(work: Work, before: Path) -> Iterator[tuple[str, str, Contender, Path]]:
    """What is compared: the program's name, the package's, and who runs it with the package of which tree."""
    for name, contender in work.contenders.items():
        if contender.peer == "ours":
            yield name, "before", contender, before
            yield name, "now", contender, HERE.parent
            yield name, "now, pure", replace(contender, peer="pure"), HERE.parent


class Side:
    """One package at one program: starts where its numbers are asked for, and again for each sample if they need it."""

    def __init__(self, module: str, work: Work, contender: Contender, tree: Path, seconds: float) -> None:
        self.start = lambda: Process(module, work, contender, sys.executable, 1, tree=tree)
        self.fresh = work.fresh
        self.samples: list[Sample] = []
        self.process = self.start()
        self.numbers = self.process.request("numbers")
        if not work.fresh:
            self.process.request("time_own_thread")
            self.process.request("calibrate", seconds=seconds)

    def sample(self) -> None:
        if self.fresh:
            self.process.close()
            self.process = self.start()
        self.samples.append(self.process.request("sample"))

    def least(self, quantity: str) -> float:
        return min(sample[quantity] for sample in self.samples)


def compare(module: str, work: Work, before: Path, rounds: int, seconds: float) -> Iterator[str]:
    """The lines of the table for one work."""
    sides: dict[tuple[str, str], Side] = {}
    try:
        for name, package, contender, tree in packages(work, before):
            sides[name, package] = Side(module, work, contender, tree, seconds)
            if trouble := disagreement(sides[name, package].numbers, sides[name, "before"].numbers, work.tolerance):
                raise SystemExit(f"{work.name}, {name}, {package}: {trouble}")
        for _ in range(rounds):
            for side in sides.values():
                side.sample()
    finally:
        for side in sides.values():
            side.process.close()
    for name in {name: None for name, _ in sides}:
        for quantity, unit in work.quantities.items():
            was, now, pure = (sides[name, package].least(quantity) for package in ("before", "now", "now, pure"))
            ratios = (f"{number / was:.3g}" if was and unit else "–" for number in (now, pure))
            yield f"| {work.name}, {name} | {quantity} | {' | '.join([show(was, unit), show(now, unit), *ratios])} |"


def main() -> None:
    where = modules()
    parser = argparse.ArgumentParser(description="Times an earlier commit's package and this one on the same work.")
    parser.add_argument("before", type=Path, metavar="PATH", help="a checkout of the earlier commit")
    parser.add_argument("work", nargs="+", metavar="WORK", help=f"any of: {', '.join(where)}")
    parser.add_argument("--rounds", type=int, default=9, help="samples of each package (default: 9)")
    parser.add_argument("--seconds", type=float, default=0.1, help="least length of one sample (default: 0.1)")
    options = parser.parse_args()
    if unknown := set(options.work) - set(where):
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    print("| work | quantity | before | now | now / before | without the core / before |")
    print("|---|---|---:|---:|---:|---:|")
    for name in options.work:
        start = time.perf_counter()
        lines = compare(where[name], WORKS[name], options.before.resolve(), options.rounds, options.seconds)
        print("\n".join(lines), flush=True)
        note(f"{name}: {time.perf_counter() - start:.0f} s")


if __name__ == "__main__":
    main()
