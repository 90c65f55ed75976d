"""A replayed call as one node of a graph: its derivative is the recorded program's backward half."""

from __future__ import annotations

from typing import Any, Mapping, Sequence

import numpy as np

from autograd import modes, pytrees
from autograd.errors import ChangedDataError
from autograd.node import Node
from autograd.rules.arrays import General
from autograd.rules.typeset import function
from autograd.tensor.constants import COPIED_BYTES, Fixed, changeable
from autograd.walks import pull_back


class Replay(General):
    """One replayed call; it is not in the table, since each call has its own."""

    def __init__(
        self, owner: Any, recording: Any, which: int, inputs: Sequence[Any], leaves: Any, args: Any, kwargs: Any
    ) -> None:
        self.name = self.sign = self.__name__ = getattr(owner, "__name__", "jit")
        self.notation = function(self.name)
        self.owner, self.recording, self.which = owner, recording, which
        self.generation, self.stood = recording.generation, recording.stood
        self.inputs = list(inputs)
        # As they are now: a caller may write into them before the backward pass. (After a step of training there is
        # none: the parameters have changed.)
        self.given = [x for x in leaves if isinstance(x, np.ndarray)] if not recording.changes else []
        self.large = [Fixed(x) for x in self.given if x.nbytes > COPIED_BYTES and changeable(x)]
        self.args, self.kwargs = pytrees.mapped(_as_it_is_now, [args, kwargs]) if self.given else (args, kwargs)
        self.copies = [x for x in pytrees.leaves([self.args, self.kwargs]) if isinstance(x, np.ndarray)]

    def compute(self, *inputs: Any, **static: Any) -> Any:
        """The output, computed again."""
        raise NotImplementedError

    def vjp(
        self, g: Any, y: Any, inputs: Sequence[Any], wanted: Sequence[int], static: Mapping[str, Any]
    ) -> Sequence[Any]:
        recorded = isinstance(g, Node) or any(isinstance(x, Node) for x in inputs)
        targets = [self.inputs[i] for i in wanted]
        if any(one.changed() for one in self.large):
            raise ChangedDataError(
                f"an array was changed after {self.name} had used it, so the gradient would be wrong; "
                "call it again after changing it, or give a copy"
            )
        lock = self.owner._lock
        if not recorded and self.recording.seed_var is not None and lock.acquire(blocking=False):
            try:
                if self.recording.generation == self.generation and self._as_given():
                    self.recording.generation += 1  # the backward half writes over what it has read
                    found = self.recording.vjp(g)
                    return [_own(found[i]) for i in wanted]
            finally:
                lock.release()
        if changed := self.recording.environment.changed():
            raise ChangedDataError(
                f"{changed} was changed after {self.name} had used it, so the gradient would be wrong; "
                "call it again after changing it"
            )
        now = self.recording.where_sources_stand()
        moved = [(array, array.copy()) for array, _ in self.recording.about_to_move()]
        self.recording.rewind(self.stood)  # to draw what was drawn
        try:
            with modes.enabled():
                result = self.owner.function(*self.args, **self.kwargs)
        finally:
            self.recording.rewind(now)
            for array, numbers in moved:
                array[...] = numbers
        output = pytrees.leaves(result)[self.which]
        pulled = pull_back({output: g}, targets, create_graph=recorded)
        # A Tensor that stands there twice has one cotangent, whole.
        return [pulled.get(x) if x not in targets[:i] else None for i, x in enumerate(targets)]

    def _as_given(self) -> bool:
        """Whether the arguments still hold what they were called with."""
        return all(x is y or x.tobytes() == y.tobytes() for x, y in zip(self.given, self.copies))


def _own(x: Any) -> Any:
    return x if x is None else x[()] if not x.ndim else x


def _as_it_is_now(x: Any) -> Any:
    return x.copy() if isinstance(x, np.ndarray) and x.nbytes <= COPIED_BYTES else x
