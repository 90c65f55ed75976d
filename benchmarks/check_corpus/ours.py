"""Run `autograd.check` on the corpus: verdicts per case over ten draws."""

from __future__ import annotations

import sys
import time

import numpy as np

from autograd.check import check_vjp

from .bugs import corpus as bugs
from .rights import corpus as rights

DRAWS = 10


def main() -> None:
    start = time.perf_counter()
    missed, alarms, unsure, draws = [], [], 0, 0
    for case in bugs.cases:
        rng, (f, vjp) = np.random.default_rng(11), case.pair()
        verdicts = [check_vjp(f, vjp, *case.sample(rng)).verdict for _ in range(DRAWS)]
        if "wrong" not in verdicts:
            missed.append((case.category, case.name, verdicts.count("undecided")))
    for case in rights.cases:
        rng, (f, vjp) = np.random.default_rng(11), case.pair()
        for _ in range(DRAWS):
            report = check_vjp(f, vjp, *case.sample(rng))
            draws += 1
            unsure += report.verdict == "undecided"
            if report.verdict == "wrong":
                alarms.append((case.category, case.name))
                if "-v" in sys.argv:
                    print(report)
                    break
            if report.verdict == "undecided" and "-v" in sys.argv:
                print("UNDECIDED", case.name, report.reason, report.worst)
    print("missed:", *missed, sep="\n  ")
    print("false alarms:", *sorted(set(alarms)), sep="\n  ")
    print(
        f"missed {len(missed)} of {len(bugs.cases)}; false alarms on {len(set(alarms))} of {len(rights.cases)}; "
        f"undecided {unsure} of {draws} draws; {time.perf_counter() - start:.1f} s"
    )


if __name__ == "__main__":
    main()
