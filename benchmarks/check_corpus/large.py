"""Time and memory of a check with very many inputs: right, one coordinate wrong, all wrong.

Run: ``python -m benchmarks.check_corpus.large`` (``--size 1000000`` for more inputs). Seconds are of the processor;
memory is the most that the process ever held, Python and NumPy included.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from typing import Any

import numpy as np

from autograd.check import check_vjp


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.check_corpus.large", description=__doc__)
    parser.add_argument("--size", type=int, default=100_000)
    size = parser.parse_args().size
    x, odd = np.random.default_rng(0).normal(size=size), size // 2 + 7

    def right(g: Any, x: Any) -> Any:
        return g * np.cos(x)

    def one_wrong(g: Any, x: Any) -> Any:
        c = g * np.cos(x)
        c[odd] *= 1.01
        return c

    def all_wrong(g: Any, x: Any) -> Any:
        return g * np.sin(x)

    for claim in (right, one_wrong, all_wrong):
        start = time.process_time()
        report = check_vjp(np.sin, claim, x, seed=0)
        seconds = time.process_time() - start
        unit = 1 if sys.platform == "darwin" else 1024  # bytes there, kilobytes elsewhere
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6
        worst = report.worst.name if report.worst is not None and not report else ""
        print(f"{claim.__name__}: {report.verdict} {worst} in {seconds:.1f} s, {most:.0f} MB so far", flush=True)


if __name__ == "__main__":
    main()
