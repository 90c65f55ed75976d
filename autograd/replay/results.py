"""What a recorded function returns, leaf by leaf."""

from __future__ import annotations

from typing import Any, Sequence

import numpy as np

from autograd import pytrees
from autograd.node import Node, stored
from autograd.replay.environment import Environment
from autograd.replay.given import Looked
from autograd.replay.operations import Var
from autograd.replay.plainness import Plainness
from autograd.replay.program import VIEWS
from autograd.replay.recorder import Recorder
from autograd.tensor import Tensor


class Output:
    """One leaf of what the function returns.

    ``kind`` is ``"node"`` for a Tensor that gradients can be taken through, ``"leaf"`` for one without a history,
    ``"array"``, ``"number"`` (one of NumPy's), ``"float"``, ``"argument"`` (as it was given), ``"copy"`` (of one) or
    ``"constant"``. Some are told apart only by the second call.
    """

    __slots__ = ("kind", "value", "var")

    def __init__(self, kind: str, value: Any, var: Var | None = None) -> None:
        self.kind, self.value, self.var = kind, value, var


def outputs_of(
    result: Any, recorder: Recorder, arguments: Sequence[Any], environment: Environment, plainness: Plainness
) -> list[Output]:
    """The leaves of what the function returned.

    Raises
    ------
    Looked
        If one of them cannot be given back by a replay.
    """
    return [_output(x, recorder, arguments, environment, plainness) for x in pytrees.leaves(result)]


def _output(
    x: Any, recorder: Recorder, arguments: Sequence[Any], environment: Environment, plainness: Plainness
) -> Output:
    for i, argument in enumerate(arguments):
        if x is argument:
            return Output("argument", i)
    if isinstance(x, Tensor):
        if x._time < recorder.started:
            return Output("constant", x)
        if not plainness.of(x):
            return Output("node", x)
        if _lies_in_another(x, recorder, arguments):
            raise Looked("a result that lies in the memory of an argument or a parameter; return a copy")
        return Output("array", x)
    if isinstance(x, Node):
        raise Looked("a result that is a Value")
    if isinstance(x, np.ndarray) and not environment.knows(x) or hasattr(x, "made"):
        raise Looked("an array among the results that was made outside the graph")
    return Output("constant", x)


def _lies_in_another(x: Any, recorder: Recorder, arguments: Sequence[Any]) -> bool:
    """Whether the function itself returns a view of what lives on: who writes to the one changes the other."""
    while True:
        if x in recorder.aliases:
            x = recorder.aliases[x]
        elif x._origin and x._origin[0].name in VIEWS and np.may_share_memory(stored(x), stored(x._origin[1])):
            x = x._origin[1]
        else:
            break
    lives_on = x._time < recorder.started or any(x is one for one in (*arguments, *recorder.current.values()))
    return lives_on and x not in recorder.gradient_nodes
