"""Who follows a program while it runs: a recorder is told here of what leaves no node behind.

A graph says what was computed. It does not say that the program looked at a number to decide what to do next, wrote to
a parameter, or took an optimiser's step. :func:`autograd.jit` has to know of all that. One follower at most per thread;
as long as there is none, a hook costs the test of an empty dictionary.
"""

from __future__ import annotations

from contextlib import contextmanager
from threading import get_ident
from typing import Any, Iterator

followers: dict[int, Any] = {}
"""The follower of each thread that has one. Empty most of the time."""


def follower() -> Any:
    """Who follows this thread, ``None`` for nobody."""
    return followers.get(get_ident())


@contextmanager
def following(who: Any) -> Iterator[None]:
    """Tell `who` what this thread does inside the block; within another one, only the inner follower is told."""
    thread = get_ident()
    before = followers.get(thread)
    followers[thread] = who
    try:
        yield
    finally:
        if before is None:
            del followers[thread]
        else:
            followers[thread] = before


def looked(node: Any, by: str) -> None:
    """Note that the numbers of `node` are about to be looked at, outside the graph."""
    if followers and (who := follower()) is not None:
        who.look(node, by)
