"""A chain of 4,000 mixed operations on single numbers, forward and backward."""

from __future__ import annotations

import time
from typing import Any

from harness import Goal, Task, Work

works = [
    Work(
        "scalars-chain" + ("" if collector else "-off"),
        "Scalars: a chain of 4,000 mixed operations, forward + backward, garbage collector "
        + ("on" if collector else "off"),
        [Goal("gradgraph, pure", 1 / 5, "PyTorch, double"), Goal("gradgraph", 4_000 * 60e-9)],
        clock=time.thread_time,
        collector=collector,
    )
    for collector in (True, False)
]


def chain(a: Any, b: Any, c: Any) -> Any:
    """500 times eight operations, of a kind that keeps value and gradient away from 0 and infinity."""
    x = a
    for _ in range(500):
        x = x * b
        x = x.tanh()
        x = x + a
        x = x / c
        x = x.exp()
        x = x - b
        x = 0.5 * x
        x = x**2
    return x


def torch() -> Task:
    import torch

    leaves = [torch.tensor(number, dtype=torch.double, requires_grad=True) for number in (0.7, 0.9, 1.5)]

    def step() -> Any:
        for leaf in leaves:
            leaf.grad = None
        y = chain(*leaves)
        y.backward()
        return y

    return Task(step, lambda: {"y": step().item(), "gradient": [leaf.grad.item() for leaf in leaves]})


def ours() -> Task:
    from autograd import Value

    leaves = [Value(number) for number in (0.7, 0.9, 1.5)]

    def step() -> Any:
        for leaf in leaves:
            leaf.grad = None
        y = chain(*leaves)
        y.backward()
        return y

    return Task(step, lambda: {"y": step().data, "gradient": [leaf.grad for leaf in leaves]})


for work in works:
    work.contender("PyTorch, double", "torch")(torch)
    work.contender("gradgraph", "ours")(ours)
    work.contender("gradgraph, pure", "pure")(ours)
