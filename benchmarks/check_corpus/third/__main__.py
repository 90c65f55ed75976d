"""A third corpus: right gradients and bugs of kinds that the first two lack, written last. No threshold was set by it.

Powers near 0, branches at the point, huge and tiny numbers, complex results, single precision, broadcasting, indices,
transposes. Run: ``python -m benchmarks.check_corpus.third``.
"""

from __future__ import annotations

import time
import warnings
from collections import Counter

import numpy as np

from . import bugs, rights
from .cases import CASES

__all__ = ["bugs", "rights"]  # they fill the list


def main(seeds: int = 2) -> None:
    """Print the verdicts, and the cases that got another than is due."""
    warnings.simplefilter("ignore")
    counts, started = Counter[str](), time.process_time()
    for name, due, check, args, options in CASES:
        for seed in range(seeds):
            with np.errstate(all="ignore"):
                verdict = str(check(*args, seed=seed, **options).verdict)
            counts[f"{'right gradient' if due == 'right' else 'bug'}: {verdict}"] += 1
            if verdict != due:
                print(f"{name}: {verdict}")
    print(f"{len(CASES)} cases, {seeds} seeds each: {dict(counts)} in {time.process_time() - started:.0f} s")


if __name__ == "__main__":
    main()
