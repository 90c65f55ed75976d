"""What ``autograd.source_lines()`` costs: forward and backward pass with and without it, by turns, in one process."""

from __future__ import annotations

import gc
import time
from contextlib import nullcontext
from statistics import median
from typing import Any, Callable

import numpy as np

import autograd
from autograd import Tensor, Value, nn

RNG = np.random.default_rng(0)
POINTS = RNG.normal(size=(3, 2)).tolist()
NETWORK = nn.MLP(2, [16, 16, 1], rng=0)


def chain() -> None:
    x = y = Value(1.0)
    for _ in range(500):
        y = y * x
        y = y + x
    y.backward()


def neurons() -> None:
    J = autograd.sum([(1 - NETWORK(point)) ** 2 for point in POINTS])
    J.backward()


def training_step(examples: int, width: int) -> Callable[[], None]:
    x, target = RNG.normal(size=(examples, 64)), RNG.normal(size=(examples, 10))
    W1, W2 = Tensor(RNG.normal(size=(64, width))), Tensor(RNG.normal(size=(width, 10)))

    def step() -> None:
        error = np.tanh(x @ W1) @ W2 - target
        np.mean(error * error).backward()

    return step


WORKS: dict[str, Callable[[], None]] = {
    "a chain of numbers": chain,
    "a network of neurons": neurons,
    "a training step on 10 × 64": training_step(10, 16),
    "a training step on 64 × 64": training_step(64, 64),
    "a training step on 1000 × 64": training_step(1000, 64),
}


def seconds(work: Callable[[], None], block: Callable[[], Any]) -> float:
    with block():
        start = time.thread_time()
        work()
        return time.thread_time() - start


def main(repetitions: int = 300) -> None:
    gc.disable()
    for name, work in WORKS.items():
        pairs = [(seconds(work, nullcontext), seconds(work, autograd.source_lines)) for _ in range(repetitions)]
        shortest = min(without for without, _ in pairs)
        ratio = median(with_lines / without for without, with_lines in pairs)
        print(f"{name}: {1e3 * shortest:.3f} ms, with lines {ratio:.2f} times that", flush=True)
        gc.collect()


if __name__ == "__main__":
    main()
