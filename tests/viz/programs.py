"""Small programs that several tests draw."""

from __future__ import annotations

from autograd import Value, tanh
from examples.programs.pictures import (
    EIGHT,
    dead_units,
    labelled,
    logistic_regression,
    long_chain,
    name,
    network,
    neuron,
    three,
)

__all__ = [
    "EIGHT", "dead_units", "deep", "labelled", "logistic_regression", "long_chain", "name", "network", "neuron",
    "three",
]  # fmt: skip


def deep(size: int) -> Value:
    """A program of about `size` nodes that uses its results again."""
    values = labelled(a=0.3, b=0.7, c=-0.2)
    while len(values) < size:
        i = len(values)
        x, y = values[-1 - i % 3], values[-1 - (i * 7) % min(i, 25)]
        values.append([x * y, x + y, tanh(x), x - y][i % 4])
    J = values[-1]
    J.backward()
    return J
