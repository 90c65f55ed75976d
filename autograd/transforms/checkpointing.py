"""checkpoint: inner results thrown away, and computed again when the backward pass needs them."""

from __future__ import annotations

from functools import wraps
from typing import Any, Mapping, Sequence

import numpy as np

from autograd import modes, pytrees
from autograd.errors import ChangedDataError
from autograd.leaving import depends, differentiating
from autograd.node import Node, plain, tick
from autograd.rules.arrays import General
from autograd.rules.elementwise import identity
from autograd.rules.typeset import function
from autograd.tensor import Tensor
from autograd.tensor.constants import COPIED_BYTES
from autograd.tensor.operands import leaf_of
from autograd.tensor.recording import record
from autograd.transforms.recorded_call import Function, check_function
from autograd.types import Array, Cotangent
from autograd.value import Value
from autograd.walks import pull_back


def checkpoint(f: Function) -> Function:
    """`f` with its inner results thrown away, and computed again when the backward pass needs them.

    Memory for time: a chain of n checkpointed pieces keeps n intermediate results instead of all. Griewank and
    Walther 2000; Chen et al. 2016.

    Parameters
    ----------
    f : callable
        With one Tensor (or Value) as output; run once forward and once more per backward pass, so it has
        to compute the same again. Variables that it uses from outside get their gradients as well.

    Returns
    -------
    callable

    Raises
    ------
    TypeError
        If the output is not a single Tensor or Value.

    Examples
    --------
    >>> import numpy as np
    >>> from autograd import grad
    >>> piece = checkpoint(lambda x: np.tanh(np.sin(x) ** 2))
    >>> grad(lambda x: np.sum(piece(piece(x))))(np.array([0.5])).round(5)
    array([0.34773])
    """

    check_function("checkpoint", f)

    @wraps(f)
    def run(*args: Any, **kwargs: Any) -> Any:
        given = [_as_it_is_now(x) for x in pytrees.leaves(list(args))]
        inputs = [x for x in given if isinstance(x, Node)]
        if not inputs or not modes.recording():
            return f(*args, **kwargs)
        settings = pytrees.mapped(_as_it_is_now, kwargs)

        def again(variables: Sequence[Any]) -> Any:
            supply = iter(variables)
            called = pytrees.rebuild(list(args), [next(supply) if isinstance(x, Node) else x for x in given])
            return f(*called, **settings)

        started = tick()
        detached = [_detached(x) for x in inputs]
        # Cut off from the variables of a transform that is running, these stand in for them.
        with differentiating([inner for x, inner in zip(inputs, detached) if depends(x)]):
            y = again(detached)
        if not isinstance(y, Node):
            raise TypeError(f"checkpoint needs a function with one Tensor or Value as output, not {type(y).__name__}")
        outside = _used_from_before(y, started)
        rule = _Segment(again, [type(x) for x in inputs], outside)
        if isinstance(y, Tensor):
            return record(rule, (*inputs, *outside), plain(y))
        node = Value(y._data)
        node._origin = (rule, *inputs, *outside)
        return node

    return run


def _as_it_is_now(x: Array) -> Array:
    """A small array copied, as any operation does that keeps one: its owner may write into it before the second run."""
    return x.copy() if isinstance(x, np.ndarray) and x.nbytes <= COPIED_BYTES else x


def _detached(x: Node) -> Array:
    return Value(x._data) if isinstance(x, Value) else leaf_of(plain(x))


def _used_from_before(y: Node, started: int) -> list[Node]:
    """The nodes older than `started` that the computation of y since then has used."""
    older: list[Node] = []
    stack, seen = [y], {y}
    while stack:
        node = stack.pop()
        if node._time < started:
            older.append(node)
            continue
        for x in node._origin:
            if isinstance(x, Node) and x not in seen:
                seen.add(x)
                stack.append(x)
    return older


class _Segment(General):
    """A checkpointed call: its derivative is that of a second run. Not in the table, since each call has its own."""

    def __init__(self, again: Function, kinds: Sequence[type], outside: Sequence[Node]) -> None:
        self.name = self.sign = self.__name__ = "checkpoint"
        self.notation = function(self.name)
        self.again, self.kinds, self.outside = again, kinds, outside

    def vjp(
        self, g: Cotangent, y: Array, inputs: Sequence[Any], wanted: Sequence[int], static: Mapping[str, Any]
    ) -> Sequence[Any]:
        nested = isinstance(g, Node) or any(isinstance(x, Node) for x in inputs)
        with modes.enabled():
            variables = [
                identity(x) if isinstance(x, Node) else Value(x) if kind is Value else leaf_of(x)
                for kind, x in zip(self.kinds, inputs)
            ]
            output = self.again(variables)
        if not np.array_equal(plain(output), plain(y), equal_nan=True):
            raise ChangedDataError(
                "a checkpointed function computed other numbers when it was run again for its derivative; it must not "
                "draw random numbers, nor use arrays or settings that have changed since"
            )
        sources = [*variables, *self.outside]
        pulled = pull_back({output: g}, [sources[i] for i in wanted], create_graph=nested)
        return [pulled.get(sources[i]) for i in wanted]
