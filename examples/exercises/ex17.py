"""Exercises of chapter 17: data size and performance."""

from __future__ import annotations

from typing import Any

import numpy as np

from examples.exercises.judge import Wrong, exercise, is_number


@exercise()
def standard_error(answer: Any) -> None:
    """A network gets 90 % of 400 test images right. What is the standard error of that share, in percent?"""
    is_number(answer, 1.5, {0.015: "give it in percent", 0.0225: "the root is missing", 30: "divide by the images"})


@exercise()
def limit(answer: Any) -> None:
    """Images of 10 classes, a fifth of the labels drawn at random. What is the best possible accuracy, in percent?"""
    is_number(answer, 82, {80: "a random label may be right", 0.82: "give it in percent", 98: "a fifth is 20 %"})


@exercise("""
    def split(count, test, seed):
        rng = np.random.default_rng(seed)
        return rng.integers(0, count, count - test), rng.integers(0, count, test)
""")
def split(answer: Any) -> None:
    """Find the bug in this choice of rows to learn from and rows for the test, out of `count`."""
    for count, test in ((10, 3), (100, 20)):
        rows, others = answer(count, test, 0)
        if len(rows) != count - test or len(others) != test:
            raise Wrong(f"{count - test} and {test} rows are asked for, not {len(rows)} and {len(others)}")
        if set(map(int, rows)) & set(map(int, others)):
            raise Wrong("some rows are learned from and tested on: the test is no test")
        if {*map(int, rows), *map(int, others)} != set(range(count)):
            raise Wrong("some rows are never chosen: others twice, or rows that do not exist")
        if np.array_equal(rows, answer(count, test, 1)[0]):
            raise Wrong("another seed should choose other rows")
