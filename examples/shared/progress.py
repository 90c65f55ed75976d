"""A progress bar for what takes longer than a moment."""

from __future__ import annotations

import sys
from contextlib import redirect_stdout
from typing import Iterable, Iterator, TextIO, TypeVar

from tqdm import tqdm

T = TypeVar("T")


def in_notebook() -> bool:
    """Whether what runs is a cell of a notebook."""
    python = sys.modules.get("IPython")
    return python is not None and getattr(python.get_ipython(), "kernel", None) is not None


class Above:
    """A stream that writes above a bar, so that what is printed meanwhile does not run into it."""

    def __init__(self, bar: tqdm[T], stream: TextIO) -> None:
        self.bar, self.stream = bar, stream

    def write(self, text: str) -> int:
        self.bar.clear()
        return self.stream.write(text)

    def flush(self) -> None:
        self.stream.flush()


def progress(items: Iterable[T], what: str) -> Iterator[T]:
    """`items` one by one; on a terminal and in a notebook, a bar called `what` shows after a second how far that is.

    >>> [2 * x for x in progress(range(3), "doubling")]
    [0, 2, 4]
    """
    where = {} if in_notebook() else {"disable": None}  # None: unless it is a terminal
    with tqdm(items, what, leave=False, delay=1, **where) as bar:
        if bar.disable or in_notebook():
            yield from bar
            return
        with redirect_stdout(Above(bar, sys.stdout)):  # type: ignore[type-var]
            yield from bar
