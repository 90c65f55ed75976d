"""Applying rules to Tensors without detours: what NumPy's dispatch and Python's operators come to first."""

from __future__ import annotations

from sys import getrefcount
from typing import Any, Callable

import numpy as np

from autograd import modes
from autograd.node import tick
from autograd.rules.rule import Rule
from autograd.tensor.memory import ARRAY_REFERENCES, SMALLEST, Released, fits_into, is_spare, release_inputs

Apply = Callable[..., Any]

NOTHING: dict[str, Any] = {}
"""The settings of an operation that has none."""


def unary(rule: Rule, kind: Any, record: Apply, passing: int) -> Apply:
    """``apply(a)`` for a Tensor a.

    `passing` is how many references an operand has that nobody else holds (`released.BY_METHOD`, `BY_UFUNC`).
    """
    compute, nothing = rule.compute, NOTHING
    new: Any = object.__new__
    write: Any = getattr(rule, "write_into", compute if isinstance(compute, np.ufunc) else None)
    in_place = write is not None and not rule.uses_inputs[0] and passing > 0

    def apply(a: Any) -> Any:
        x = a._data
        if (
            in_place
            and x.nbytes >= SMALLEST
            and getrefcount(a) == passing
            and type(x) is np.ndarray
            and getrefcount(x) == ARRAY_REFERENCES
            and not modes.active
            and is_spare(a, x)
        ):
            data = write(x, out=x)
            a._data = Released(a)
        else:
            data = compute(x)
            if x.nbytes >= SMALLEST:
                release_inputs(a)
        if modes.active:
            return record(rule, (a,), data)
        node = new(kind)
        node._data = data
        node.grad = None
        node.label = ""
        node._origin = (rule, a)
        node._static = nothing
        node._view = None
        node._time = tick()
        return node

    apply.__name__, apply.__doc__ = rule.name, rule.__doc__
    return apply


def binary(rule: Rule, kind: Any, record: Apply, operand: Apply, compute: Apply, passing: int) -> Apply:
    """``apply(a, b)`` where at least one is a Tensor.

    `passing` is how many references an operand has that nobody else holds (`released.BY_OPERATOR`, `BY_UFUNC`).
    """
    nothing = NOTHING
    new: Any = object.__new__
    ufunc = rule.compute
    in_place = isinstance(ufunc, np.ufunc) and not any(rule.uses_inputs) and passing > 0

    def apply(a: Any, b: Any) -> Any:
        if type(a) is kind:
            x = a._data
        else:
            a = x = operand(a)
            if type(a) is kind:
                x = a._data
        if type(b) is kind:
            y = b._data
        else:
            b = y = operand(b)
            if type(b) is kind:
                y = b._data
        if (
            in_place
            and a is not x
            and x.nbytes >= SMALLEST
            and getrefcount(a) == passing
            and type(x) is np.ndarray
            and getrefcount(x) == ARRAY_REFERENCES
            and not modes.active
            and is_spare(a, x)
            and fits_into(x, y)
        ):
            data = ufunc(x, y, out=x)
            a._data = Released(a)
        else:
            data = compute(x, y)
            if a is not x and x.nbytes >= SMALLEST:
                release_inputs(a)
        if modes.active:
            return record(rule, (a, b), data)
        node = new(kind)
        node._data = data
        node.grad = None
        node.label = ""
        node._origin = (rule, a, b)
        node._static = nothing
        node._view = None
        node._time = tick()
        return node

    apply.__name__, apply.__doc__ = rule.name, rule.__doc__
    return apply


def reflected(apply: Apply) -> Apply:
    """The same with its operands exchanged."""
    return lambda self, other: apply(other, self)
