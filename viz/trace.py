"""What the parts of a network make of an input: run it once and listen."""

from __future__ import annotations

from contextlib import contextmanager
from typing import Any, Iterator

import numpy as np

from autograd.modes import no_grad
from autograd.nn.module import Module, listening
from autograd.node import Node
from autograd.tensor import Tensor


def output_shapes(model: Module, x: Any) -> dict[Module, tuple[int, ...]]:
    """The shape of each part's output for the input `x`, in order of completion.

    The run records nothing and is in ``eval()`` mode, so that dropout is off and no running statistics move.

    Parameters
    ----------
    model : Module
    x : array, Tensor, tuple of int, or tuple of arrays
        The input, or its shape (then it is zeros), or several inputs.

    Examples
    --------
    >>> from autograd import nn
    >>> model = nn.Sequential(nn.Linear(2, 3), nn.ReLU())
    >>> list(output_shapes(model, (5, 2)).values())
    [(5, 3), (5, 3), (5, 3)]
    """
    if isinstance(x, tuple) and all(isinstance(n, int) for n in x):
        x = np.zeros(x)
    inputs = x if isinstance(x, tuple) else (x,)
    shapes: dict[Module, tuple[int, ...]] = {}

    def hear(module: Module, y: Any) -> None:
        first = y[0] if isinstance(y, (tuple, list)) and y else y
        shapes[module] = tuple(np.shape(first._data if isinstance(first, Node) else first))

    with listening(hear), _eval(model), no_grad():
        model(*map(_input, inputs))
    return shapes


def _input(x: Any) -> Any:
    """A Tensor, but for integers: those are indices, as an embedding takes them."""
    if isinstance(x, Node) or np.asarray(x).dtype.kind in "iu":
        return x
    return Tensor(x)


@contextmanager
def _eval(model: Module) -> Iterator[None]:
    before = [(module, module.training) for module in model.modules()]
    model.eval()
    try:
        yield
    finally:
        for module, training in before:
            module.training = training
