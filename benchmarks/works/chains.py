"""Chains of 100 to 1,000,000 operations on single numbers, forward and backward: how the cost of a step grows."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from harness import Task, Work

NUMBERS = (1.0, 0.999, 0.25)
OPERATIONS = (100, 1_000, 10_000, 100_000, 1_000_000)


def chain(x: Any, a: Any, b: Any, operations: int) -> Any:
    """A product and a sum by turns, whose value and gradients stay within bounds."""
    for _ in range(operations // 2):
        x = x * a + b
    return x


def task(leaves: list[Any], operations: int, number: Callable[[Any], float]) -> Task:
    """For every package whose nodes have a `backward` and a `grad`."""

    def step() -> Any:
        for leaf in leaves:
            leaf.grad = cleared
        y = chain(*leaves, operations)
        y.backward()
        return y

    cleared = leaves[0].grad  # micrograd's is 0, that of others None

    def numbers() -> dict[str, Any]:
        return {"y": number(step()), "gradient": [float(leaf.grad) for leaf in leaves]}

    return Task(step, numbers)


def ours(operations: int) -> Task:
    from autograd import Value

    return task([Value(x) for x in NUMBERS], operations, lambda y: float(y.data))


def micrograd(operations: int) -> Task:
    """From some thousand operations on it stops with a RecursionError, as the table then says."""
    from micrograd.engine import Value

    return task([Value(x) for x in NUMBERS], operations, lambda y: float(y.data))


def torch(operations: int) -> Task:
    import torch

    return task([torch.tensor(x, dtype=torch.double, requires_grad=True) for x in NUMBERS], operations, float)


def hips(operations: int) -> Task:
    from autograd import make_vjp

    def step() -> tuple[Any, Any]:
        pull, y = make_vjp(lambda leaves: chain(*leaves, operations))(NUMBERS)
        return y, pull(1.0)

    return Task(step, lambda: dict(zip(("y", "gradient"), step())))


def jax(operations: int) -> Task:
    """As a compiled loop, which is how JAX repeats what is alike."""
    import jax

    jax.config.update("jax_enable_x64", True)

    def of(leaves: Any) -> Any:
        x, a, b = leaves
        return jax.lax.scan(lambda x, _: (x * a + b, None), x, None, length=operations // 2)[0]

    run = jax.jit(jax.value_and_grad(of))

    def step() -> Any:
        return jax.block_until_ready(run(NUMBERS))

    return Task(step, lambda: dict(zip(("y", "gradient"), step())))


CONTENDERS: dict[str, tuple[str, Callable[[int], Task], int]] = {  # peer, task, the longest chain
    "gradgraph": ("ours", ours, 1_000_000),
    "gradgraph, pure": ("pure", ours, 1_000_000),
    "micrograd": ("micrograd", micrograd, 1_000_000),
    "PyTorch, double": ("torch", torch, 1_000_000),
    "HIPS autograd": ("hips", hips, 100_000),  # half a minute and gigabytes for a million
    "JAX, jit": ("jax", jax, 1_000_000),
}


def register(counts: Iterable[int]) -> None:
    for operations in counts:
        work = Work(
            f"chain-{operations}",
            f"Scalars: a chain of {operations:,} operations, forward + backward",
            clock=time.process_time,  # JAX computes in a thread of its own
            rounds=3 if operations > 10_000 else None,
        )
        for name, (peer, prepare, longest) in CONTENDERS.items():
            if operations <= longest:
                work.contender(name, peer)(partial(prepare, operations))


register(OPERATIONS)
