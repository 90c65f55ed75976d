"""Which results of a recorded program are plain numbers, and what a result was made from."""

from __future__ import annotations

from typing import Any, Mapping, Sequence

from autograd.node import Node
from autograd.replay.operations import Var
from autograd.replay.recorder import Recorder


class Plainness:
    """Which results are plain numbers outside a recording: those made of arrays, ``.data`` and ``.grad`` alone."""

    def __init__(self, recorder: Recorder, sources: Mapping[Any, Var], arguments: Sequence[Any]) -> None:
        self.recorder = recorder
        self.tensors = {x for x in sources if x._time < recorder.arguments_from}
        self.arrays = set(sources) - self.tensors
        self.known: dict[Any, bool] = {}

    def of(self, node: Any) -> bool:
        stack = [node]
        while stack:
            x = stack[-1]
            if x in self.known:
                stack.pop()
                continue
            if x in self.recorder.aliases or x in self.recorder.gradient_nodes or x in self.arrays:
                self.known[x] = True
            elif x in self.tensors or x._time < self.recorder.started:
                self.known[x] = False
            else:
                inputs = [one for one in x._origin if isinstance(one, Node)]
                pending = [one for one in inputs if one not in self.known]
                if pending:
                    stack += pending
                    continue
                self.known[x] = all(self.known[one] for one in inputs)
        return self.known[node]

    def history(self, node: Any) -> list[Any]:
        """Everything that `node` was made from since the recording began, and the tensors that it started from."""
        found: dict[Any, None] = {node: None}
        stack = [node]
        while stack:
            x = stack.pop()
            if x._time < self.recorder.started or x in self.tensors:
                continue
            for one in x._origin:
                if isinstance(one, Node) and one not in found:
                    found[one] = None
                    stack.append(one)
        return list(found)
