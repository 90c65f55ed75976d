"""A chain of a million operations on single numbers: no recursion, and freed at once without the garbage collector."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from harness import Goal, Task, Work
from memory import QUANTITIES, lifetime

OPERATIONS = 1_000_000
work = Work(
    "scalars-million",
    f"Scalars: a chain of {OPERATIONS:,} operations, garbage collector off, per operation",
    [
        Goal("gradgraph", 0, quantity="objects left"),
        Goal("gradgraph, pure", 0, quantity="objects left"),
        Goal("gradgraph", 0.5e-6, quantity="all"),
    ],
    quantities=QUANTITIES,
    fresh=True,
    rounds=3,
)


def task(Value: type) -> Task:
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

    return Task(lambda: lifetime(record, clear, OPERATIONS), numbers)


@work.contender("gradgraph, pure", "pure")
@work.contender("gradgraph", "ours")
def ours() -> Task:
    from autograd import Value

    return task(Value)


@work.contender("micrograd", "micrograd")
def micrograd() -> Task:
    """Stops with a RecursionError, as the table then says."""
    from micrograd.engine import Value

    return task(Value)
