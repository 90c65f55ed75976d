"""What can be switched for a block of code: recording off (`no_grad`), and a watch for nan and inf.

The switches are per thread. As long as no thread uses one, they cost one test of an empty dictionary; a thread that
is in none, while another is, pays one look into it.
"""

from __future__ import annotations

from contextlib import contextmanager, nullcontext
from threading import get_ident
from typing import Any, Iterator

from autograd.following import looked

active: dict[int, list[str]] = {}
"""Which modes each thread is in, innermost last. Empty most of the time."""


@contextmanager
def _mode(name: str) -> Iterator[None]:
    looked(None, f"{name}()")
    thread = get_ident()
    active.setdefault(thread, []).append(name)
    try:
        yield
    finally:
        active[thread].pop()
        if not active[thread]:
            del active[thread]


def no_grad() -> Any:
    """Record nothing: inside ``with no_grad():`` results are plain leaves, without a history.

    Returns
    -------
    context manager, decorator too

    Examples
    --------
    >>> from autograd import Value, no_grad
    >>> x = Value(3.0)
    >>> with no_grad():
    ...     y = x * x
    >>> y.data, y.inputs
    (9.0, ())
    """
    return _mode("no_grad")


def detect_anomaly() -> Any:
    """Raise at the first operation that makes a nan or an inf, forward or backward.

    Returns
    -------
    context manager

    Raises
    ------
    AnomalyError
        Inside the block, naming the operation, its inputs and the line of the program.

    Examples
    --------
    >>> from autograd import Value, detect_anomaly
    >>> with detect_anomaly():
    ...     Value(0.0).log()
    Traceback (most recent call last):
        ...
    autograd.errors.AnomalyError: log(0) gave -inf at <doctest autograd.modes.detect_anomaly[1]>:2
    """
    return _mode("detect_anomaly")


def enabled() -> Any:
    """Record inside this block even within a `no_grad` one: a derivative needs its graph."""
    return nullcontext() if recording() else _mode("enabled")


def on() -> bool:
    """Whether this thread is in any mode."""
    return bool(active) and get_ident() in active


def recording() -> bool:
    """Whether this thread records operations."""
    for name in reversed(active.get(get_ident(), ())):
        if name != "detect_anomaly":
            return name == "enabled"
    return True


def watching() -> bool:
    """Whether this thread watches for nan and inf."""
    return "detect_anomaly" in active.get(get_ident(), ())
