"""Run benchmarks: ``python benchmarks/run.py [WORK …]``; without names, all of them."""

from __future__ import annotations

import argparse
import importlib
import pkgutil
import sys
import time

import environments
import works
from harness import WORKS, failures, measure, note, table


def modules() -> dict[str, str]:
    """Every work's name and the module that defines it."""
    found: dict[str, str] = {}
    for entry in pkgutil.iter_modules(works.__path__):
        importlib.import_module(f"works.{entry.name}")
        found |= {name: entry.name for name in WORKS if name not in found}
    return found


def main() -> int:
    where = modules()
    parser = argparse.ArgumentParser(
        description="Times this package, hand-written NumPy and the peers on the same work, by turns."
    )
    parser.add_argument("work", nargs="*", metavar="WORK", help=f"any of: {', '.join(where)}")
    parser.add_argument(
        "--python",
        action="append",
        default=[],
        metavar="PEER=PATH",
        help=f"use this interpreter for a peer ({', '.join(environments.PEERS)}) instead of installing it",
    )
    parser.add_argument(
        "--only", action="append", metavar="NAME", help="only this contender (may be given several times)"
    )
    parser.add_argument("--rounds", type=int, default=9, help="samples of each contender (default: 9)")
    parser.add_argument("--seconds", type=float, default=0.1, help="least length of one sample (default: 0.1)")
    parser.add_argument("--threads", type=int, default=2, help="threads for each contender's arrays (default: 2)")
    options = parser.parse_args()

    named = dict(item.split("=", 1) for item in options.python)
    if unknown := (set(options.work) - set(where)) | (set(named) - set(environments.PEERS)):
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    chosen = options.work or list(where)
    wrong = False
    used: dict[str, str] = {}
    for name in chosen:
        work = WORKS[name]
        if options.only:
            work.contenders = {key: work.contenders[key] for key in options.only if key in work.contenders}
        for contender in work.contenders.values():
            if contender.peer not in used:
                used[contender.peer] = environments.interpreter(contender.peer, named)
        start = time.perf_counter()
        result = measure(where[name], work, used, options.rounds, options.seconds, options.threads)
        note(f"{name}: {time.perf_counter() - start:.0f} s")
        print("\n".join(table(result)), flush=True)
        wrong |= failures(result)
    for peer, python in used.items():
        print(f"- {peer}: {environments.versions(peer, python)}")
    return int(wrong)


if __name__ == "__main__":
    sys.exit(main())
