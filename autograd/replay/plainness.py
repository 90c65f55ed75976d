"""Which results of a recorded program are plain numbers, and what a result was made from."""

from __future__ import annotations

from typing import Any, Mapping, Sequence

from autograd.node import KINDS
from autograd.replay.operations import Var
from autograd.replay.recorder import Recorder


class Plainness:
    """Which results are plain numbers outside a recording: those made of arrays, ``.data`` and ``.grad`` alone."""

    def __init__(self, recorder: Recorder, sources: Mapping[Any, Var], arguments: Sequence[Any]) -> None:
        self.recorder = recorder
        self.tensors = {x for x in sources if x._time < recorder.arguments_from}
        self.arrays = set(sources) - self.tensors
        self.known = {*recorder.aliases, *recorder.gradient_nodes, *self.arrays}

    def of(self, node: Any) -> bool:
        """Whether `node` was made of such alone."""
        stack, seen = [node], {node}
        while stack:
            x = stack.pop()
            if x in self.known:
                continue
            if x in self.tensors or x._time < self.recorder.started:
                return False
            for one in x._origin:
                if type(one) in KINDS and one not in seen:
                    seen.add(one)
                    stack.append(one)
        self.known |= seen
        return True

    def history(self, node: Any) -> list[Any]:
        """Everything that `node` was made from since the recording began, and the tensors that it started from."""
        found: dict[Any, None] = {node: None}
        stack = [node]
        while stack:
            x = stack.pop()
            if x._time < self.recorder.started or x in self.tensors:
                continue
            for one in x._origin:
                if type(one) in KINDS and one not in found:
                    found[one] = None
                    stack.append(one)
        return list(found)
