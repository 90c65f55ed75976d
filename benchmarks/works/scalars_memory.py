"""Memory that a recorded operation on single numbers takes."""

from __future__ import annotations

import tracemalloc
from typing import Any

from harness import Goal, Task, Work
from memory import resident

OPERATIONS = 100_000
work = Work(
    "scalars-memory",
    f"Scalars: memory per recorded operation, {OPERATIONS:,} additions and multiplications",
    [
        Goal("gradgraph, pure", 250, quantity="traced"),
        Goal("gradgraph, pure", 250, quantity="resident"),
        Goal("gradgraph", 112, quantity="traced"),
        Goal("gradgraph", 115, quantity="resident"),  # with what the allocator rounds up
    ],
    quantities={"traced": "B", "resident": "B"},
    fresh=True,
    rounds=3,
)


def record(Value: type) -> Any:
    x, a, b = Value(1.0), Value(0.5), Value(0.25)
    for _ in range(OPERATIONS // 2):
        x = x * a + b
    return x


def task(Value: type) -> Task:
    def step() -> dict[str, float]:
        before = resident()  # first, while the allocator has nothing of its own to hand out again
        kept = [record(Value)]
        grown = resident() - before
        tracemalloc.start()
        kept.append(record(Value))  # beside the first, whose memory it would be given otherwise
        traced = tracemalloc.get_traced_memory()[0]
        tracemalloc.stop()
        return {"traced": traced / OPERATIONS, "resident": grown / OPERATIONS}

    return Task(step, lambda: {"x": record(Value).data})


@work.contender("micrograd", "micrograd")
def micrograd() -> Task:
    from micrograd.engine import Value

    return task(Value)


@work.contender("gradgraph, pure", "pure")
@work.contender("gradgraph", "ours")
def ours() -> Task:
    from autograd import Value

    return task(Value)
