"""Programs of the engine as plain functions, with gradients by ``backward()`` and by forward mode."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd.errors import NoRuleError
from autograd.modes import enabled, no_grad
from autograd.node import Node
from autograd.node import plain as plain_data
from autograd.tensor import Tensor
from autograd.transforms import jvp as engine_jvp
from autograd.transforms import vjp as engine_vjp
from autograd.value import Value

from . import trees
from .judge import quiet
from .trees import mapped

FORWARD_LIMIT = 64
"""Up to so many inputs forward mode is checked in every coordinate, beyond in random directions."""


def spread(f: Callable[..., Any], xs: Sequence[Any]) -> tuple[Callable[..., Any], list[Any], list[str]]:
    """f as a program of floats and float arrays alone, these, and their names where they came in containers."""
    return trees.spread(f, [mapped(data, x) for x in xs], lambda v: np.asarray(v).dtype.kind == "f")


def data(x: Any) -> Any:
    return x.data if isinstance(x, (Value, Tensor)) else x


def variable(x: Any) -> Any:
    return (
        Tensor(x) if isinstance(x, np.ndarray) else Value(float(x)) if np.asarray(x).dtype == np.float64 else Tensor(x)
    )


def argument(x: Any) -> Any:
    """What the engine is given for one input: numbers as Python floats."""
    return float(x) if isinstance(x, np.float64) else x


def plain(y: Any) -> Any:
    if isinstance(y, (tuple, list)):
        return tuple(plain(v) for v in y)
    return plain_data(y) if isinstance(y, Node) else y


def engine_pair(f: Callable[..., Any], xs: Sequence[Any]) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """f as a plain function of numbers and arrays, and its gradient by ``backward()``: the walk that users run."""

    def value(*xs: Any) -> Any:
        with no_grad(), np.errstate(all="ignore"):
            return plain(f(*[variable(x) for x in xs]))

    def pull(g: Any, *xs: Any) -> Any:
        try:
            return pulled_back(f, g, xs)
        except NoRuleError as error:
            raise NotImplementedError(str(error)) from error

    value.__name__ = getattr(f, "__name__", "f")
    return value, pull


def pulled_back(f: Callable[..., Any], g: Any, xs: Sequence[Any], recorded: bool = False) -> tuple[Any, ...]:
    """The gradients that ``backward(g)`` leaves in the inputs: of Values for numbers, of Tensors for arrays."""
    variables = [variable(x) for x in xs]
    y = f(*variables)
    several = isinstance(y, (tuple, list))
    for output, seed in zip(y, g, strict=True) if several else ((y, g),):
        if isinstance(output, Node):
            of_a_layer: Any = output
            of_a_layer.backward(seed if isinstance(output, Value) else np.asarray(seed), create_graph=recorded)
    return tuple(np.zeros_like(x) if v.grad is None else plain(v.grad) for x, v in zip(xs, variables, strict=True))


def forward_pair(f: Callable[..., Any], xs: Sequence[Any]) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """f, and its gradient put together from the engine's forward mode, one direction at a time."""
    value, _ = engine_pair(f, xs)

    def pull(g: Any, *xs: Any) -> Any:
        gradients = []
        for i, x in enumerate(xs):
            out = np.zeros(np.shape(x))
            for k in range(out.size):
                moves = [np.zeros(np.shape(v)) for v in xs]
                moves[i].ravel()[k] = 1.0
                pushed = engine_jvp(
                    f, tuple(argument(v) for v in xs), tuple(m if np.ndim(m) else float(m) for m in moves)
                )[1]
                out.ravel()[k] = inner(g, plain(pushed))
            gradients.append(out.astype(np.asarray(x).dtype) if out.ndim else float(out))
        return tuple(gradients)

    if sum(np.size(x) for x in xs) > FORWARD_LIMIT:
        raise ValueError(
            f"forward mode is checked one input at a time: more than {FORWARD_LIMIT} inputs; "
            "check a smaller point, or modes='reverse'"
        )
    return value, pull


def inner(a: Any, b: Any) -> float:
    if isinstance(a, (tuple, list)):
        return sum(inner(x, y) for x, y in zip(a, b, strict=True))
    return float(np.sum(np.asarray(a) * np.asarray(b)))


def random_like(y: Any, rng: np.random.Generator) -> Any:
    if isinstance(y, (tuple, list)):
        return tuple(random_like(v, rng) for v in y)
    g = rng.choice([-1.0, 1.0], np.shape(y)) * rng.uniform(0.5, 2.0, np.shape(y))
    return g if np.ndim(y) else float(g)


def gradient_program(f: Callable[..., Any], xs: Sequence[Any], rng: np.random.Generator) -> Callable[..., Any]:
    """x ↦ J(x)ᵀg for one random g, as a program that can be differentiated again."""
    with quiet():
        g = random_like(engine_pair(f, xs)[0](*xs), rng)

    def gradient(*variables: Any) -> Any:
        with enabled():
            result = engine_vjp(f, *variables)[1](g)
        return result[0] if len(result) == 1 else tuple(result)

    gradient.__name__ = f"gradient_of_{getattr(f, '__name__', 'f')}".replace("<lambda>", "f")
    return gradient
