"""The time that a check may take."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager


class OutOfTime(BaseException):
    """The time is over. Not an `Exception`: what f raises is caught in many places, and this is not of f's making."""


class Clock:
    """Counts the calls of f and vjp and refuses the next one when the time is over.

    Parameters
    ----------
    seconds
        From now on; infinite by default.

    Examples
    --------
    >>> clock = Clock(0.0)
    >>> with clock.call():
    ...     pass
    Traceback (most recent call last):
        ...
    autograd.check.clock.OutOfTime
    """

    def __init__(self, seconds: float = math.inf) -> None:
        self.seconds = seconds
        self.until = time.perf_counter() + seconds
        self.calls = 0
        self.longest = 0.0

    @contextmanager
    def call(self) -> Iterator[None]:
        """Around every call of f or vjp."""
        started = time.perf_counter()
        if started >= self.until:
            raise OutOfTime
        self.calls += 1
        try:
            yield
        finally:
            self.longest = max(self.longest, time.perf_counter() - started)

    def __str__(self) -> str:
        """What a report says when the time is over."""
        if not self.calls:
            return f"the time was over ({self.seconds:.3g} s) before anything could be measured"
        return (
            f"the time was over ({self.seconds:.3g} s) after {self.calls} call{'s' * (self.calls != 1)} of f and vjp, "
            f"the longest of {self.longest:.2g} s: a call is not interrupted; give more seconds"
        )
