"""The published formulas of first-order methods, written out for one number: p → p after each step."""

from __future__ import annotations

import math
from typing import Any, Callable, Iterator

import numpy as np

from autograd import Value, optim


def gradient(p: Any, t: int) -> Any:
    return 2 * p + np.sin(3 * p + t)


def sgd(p: float) -> Iterator[float]:  # with momentum: Polyak 1964
    velocity = 0.0
    for t in range(1, 99):
        velocity = 0.9 * velocity + gradient(p, t)
        p -= 0.1 * velocity
        yield p


def nesterov(p: float) -> Iterator[float]:
    velocity = 0.0
    for t in range(1, 99):
        g = gradient(p, t)
        velocity = 0.9 * velocity + g
        p -= 0.1 * (g + 0.9 * velocity)
        yield p


def adagrad(p: float) -> Iterator[float]:  # Duchi et al. 2011
    total = 0.0
    for t in range(1, 99):
        g = gradient(p, t)
        total += g * g
        p -= 0.1 * g / (math.sqrt(total) + 1e-10)
        yield p


def adadelta(p: float) -> Iterator[float]:  # Zeiler 2012, algorithm 1
    squares = deltas = 0.0
    for t in range(1, 99):
        g = gradient(p, t)
        squares = 0.9 * squares + 0.1 * g * g
        delta = -math.sqrt(deltas + 1e-6) / math.sqrt(squares + 1e-6) * g
        deltas = 0.9 * deltas + 0.1 * delta * delta
        p += delta
        yield p


def rmsprop(p: float) -> Iterator[float]:  # Hinton 2012, lecture 6e
    mean_square = 0.0
    for t in range(1, 99):
        g = gradient(p, t)
        mean_square = 0.99 * mean_square + 0.01 * g * g
        p -= 0.1 * g / (math.sqrt(mean_square) + 1e-8)
        yield p


def adam(p: float) -> Iterator[float]:  # Kingma and Ba 2015, algorithm 1
    m = v = 0.0
    for t in range(1, 99):
        g = gradient(p, t)
        m = 0.9 * m + 0.1 * g
        v = 0.999 * v + 0.001 * g * g
        p -= 0.1 * (m / (1 - 0.9**t)) / (math.sqrt(v / (1 - 0.999**t)) + 1e-8)
        yield p


def adamw(p: float) -> Iterator[float]:  # Loshchilov and Hutter 2019, algorithm 2
    m = v = 0.0
    for t in range(1, 99):
        g = gradient(p, t)
        p -= 0.1 * 0.2 * p
        m = 0.9 * m + 0.1 * g
        v = 0.999 * v + 0.001 * g * g
        p -= 0.1 * (m / (1 - 0.9**t)) / (math.sqrt(v / (1 - 0.999**t)) + 1e-8)
        yield p


def nadam(p: float) -> Iterator[float]:  # Dozat 2016, algorithm 2 with its warming schedule
    def mu(t: int) -> float:
        return 0.9 * (1 - 0.5 * 0.96 ** (t / 250))

    m = v = 0.0
    product = 1.0
    for t in range(1, 99):
        g = gradient(p, t)
        product *= mu(t)
        m = 0.9 * m + 0.1 * g
        v = 0.999 * v + 0.001 * g * g
        m_hat = mu(t + 1) * m / (1 - product * mu(t + 1)) + (1 - mu(t)) * g / (1 - product)
        p -= 0.1 * m_hat / (math.sqrt(v / (1 - 0.999**t)) + 1e-8)
        yield p


METHODS: dict[str, tuple[Callable[[float], Iterator[float]], Callable[[Any], Any]]] = {
    "sgd": (sgd, lambda ps: optim.SGD(ps, lr=0.1, momentum=0.9)),
    "nesterov": (nesterov, lambda ps: optim.SGD(ps, lr=0.1, momentum=0.9, nesterov=True)),
    "adagrad": (adagrad, lambda ps: optim.Adagrad(ps, lr=0.1)),
    "adadelta": (adadelta, optim.Adadelta),
    "rmsprop": (rmsprop, lambda ps: optim.RMSprop(ps, lr=0.1)),
    "adam": (adam, lambda ps: optim.Adam(ps, lr=0.1)),
    "adamw": (adamw, lambda ps: optim.AdamW(ps, lr=0.1, weight_decay=0.2)),
    "nadam": (nadam, lambda ps: optim.NAdam(ps, lr=0.1)),
}
PLAIN: dict[str, Callable[[Any], Any]] = {"plain": lambda ps: optim.SGD(ps, lr=0.1, weight_decay=0.01),
                                          **{name: make for name, (_, make) in METHODS.items()}}  # fmt: skip


def give_gradients(parameters: list[Any], t: int) -> None:
    for p in parameters:
        g = gradient(np.array(p.data), t)
        p.grad = float(g) if isinstance(p, Value) else g
