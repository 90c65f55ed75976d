"""A chain of 100,000 operations on small arrays: no recursion, and freed without the garbage collector."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from harness import Goal, Task, Work
from memory import QUANTITIES, lifetime

OPERATIONS = 100_000
work = Work(
    "tensors-chain",
    f"Tensors: a chain of {OPERATIONS:,} operations on ten numbers, garbage collector off, per operation",
    [Goal("gradgraph", 0, quantity="objects left")],
    quantities=QUANTITIES,
    fresh=True,
    rounds=3,
)


def chain(leaves: list[Any], operations: int) -> Any:
    x, a, b = leaves
    for _ in range(operations // 2):
        x = x * a + b
    return x.sum()


def task(make: Callable[[Any], Any], drop: Callable[[Any], None]) -> Task:
    leaves = [make(array) for array in arrays()]

    def record(operations: int) -> Callable[[], Any]:
        backward: Callable[[], Any] = chain(leaves, operations).backward
        return backward

    def clear() -> None:
        for leaf in leaves:
            drop(leaf)

    def numbers() -> dict[str, Any]:
        record(1000)()
        return {f"gradient {i}": leaf.grad for i, leaf in enumerate(leaves)}

    return Task(lambda: lifetime(record, clear, OPERATIONS), numbers)


def drop(leaf: Any) -> None:
    leaf.grad = None


def arrays() -> list[Any]:
    import numpy as np

    return [np.linspace(0.5, 1.5, 10), np.full(10, 0.999), np.full(10, 0.25)]


@work.contender("PyTorch", "torch")
def torch() -> Task:
    import torch

    return task(lambda array: torch.tensor(array, requires_grad=True), drop)


@work.contender("HIPS autograd", "hips")
def hips() -> Task:
    from autograd import make_vjp

    def record(operations: int) -> Callable[[], Any]:
        pull, _ = make_vjp(lambda leaves: chain(leaves, operations))(arrays())
        return partial(pull, 1.0)

    def numbers() -> dict[str, Any]:
        return {f"gradient {i}": gradient for i, gradient in enumerate(record(1000)())}

    return Task(lambda: lifetime(record, lambda: None, OPERATIONS), numbers)


@work.contender("MyGrad", "mygrad")
def mygrad() -> Task:
    import mygrad

    return task(mygrad.tensor, lambda leaf: leaf.null_grad())


@work.contender("gradgraph", "ours")
def ours() -> Task:
    from autograd import Tensor

    return task(Tensor, drop)
