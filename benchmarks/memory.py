"""How much memory this process holds, and how long a recorded graph takes from its making to its end."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

QUANTITIES = {"forward": "s", "backward": "s", "free": "s", "all": "s", "objects left": "", "resident": "B"}


def status(field: str) -> int:
    """A line of the process's status (Linux), in bytes."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(field + ":"))


def resident() -> int:
    """Bytes of memory that the process holds now, as the operating system counts them."""
    return status("VmRSS")


def peak_resident() -> int:
    """The most that the process ever held. (The peak of `getrusage` would begin with that of the parent process.)"""
    return status("VmHWM")


def lifetime(
    record: Callable[[int], Callable[[], Any]],
    clear: Callable[[], None],
    operations: int,
    collector: bool = False,
    reveal: Callable[[], int] = lambda: 0,
) -> dict[str, float]:
    """Record, walk back and drop a graph, the garbage collector off or on: times and memory per operation.

    The times are this thread's own. `record(operations)` returns the function that walks back, which alone holds the
    graph; `clear` drops gradients. `reveal()` tells the garbage collector of objects that it does not know, and returns
    how many of them there should be.
    """
    record(10)()
    clear()
    gc.collect()
    if not collector:
        gc.disable()
    times: list[float] = []
    objects, memory = len(gc.get_objects()), resident()
    times.append(time.thread_time())
    backward = record(operations)
    times.append(time.thread_time())
    backward()
    times.append(time.thread_time())
    memory = resident() - memory
    times.append(time.thread_time())
    del backward
    times.append(time.thread_time())
    clear()
    objects += reveal()
    left = len(gc.get_objects()) - objects
    gc.enable()
    per_operation = [(end - start) / operations for start, end in zip(times, times[1:])]
    return {
        "forward": per_operation[0],
        "backward": per_operation[1],
        "free": per_operation[3],
        "all": per_operation[0] + per_operation[1] + per_operation[3],
        "objects left": left,
        "resident": memory / operations,
    }
