"""A chain of a million operations on single numbers: no recursion, and freed at once without the garbage collector."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from harness import Goal, Task, Work
from memory import QUANTITIES, lifetime

OPERATIONS = 1_000_000
works = [
    Work(
        "scalars-million" + ("-on" if collector else ""),
        f"Scalars: a chain of {OPERATIONS:,} operations, per operation, garbage collector "
        + ("on" if collector else "off"),
        [
            Goal("gradgraph", 0, quantity="objects left"),
            Goal("gradgraph, pure", 0, quantity="objects left"),
            Goal("gradgraph", 0.5e-6, quantity="all"),
        ],
        quantities=QUANTITIES,
        fresh=True,
        rounds=3,
        collector=collector,
    )
    for collector in (False, True)
]


def task(Value: type, collector: bool, reveal: Callable[[], object] | None = None) -> Task:
    leaves = [Value(number) for number in (1.0, 0.999, 0.25)]

    def record(operations: int) -> Callable[[], Any]:
        x, a, b = leaves
        for _ in range(operations // 2):
            x = x * a + b
        backward: Callable[[], Any] = x.backward
        return backward

    def clear() -> None:
        for leaf in leaves:
            leaf.grad = 0

    def numbers() -> dict[str, Any]:
        record(200)()
        return {"gradient": [leaf.grad for leaf in leaves]}

    def known() -> int:
        if reveal is None:
            return 0
        reveal()
        return len(leaves)

    return Task(lambda: lifetime(record, clear, OPERATIONS, collector, known), numbers)


def ours(collector: bool) -> Task:
    from autograd import Value, core

    return task(Value, collector, core.compiled and core.compiled.track)


def micrograd(collector: bool) -> Task:
    """Stops with a RecursionError, as the table then says."""
    from micrograd.engine import Value

    return task(Value, collector)


for work in works:
    work.contender("gradgraph", "ours")(partial(ours, work.collector))
    work.contender("gradgraph, pure", "pure")(partial(ours, work.collector))
    work.contender("micrograd", "micrograd")(partial(micrograd, work.collector))
