"""The second call of a recording: the function as it stands, beside its replay."""

from __future__ import annotations

import math
from functools import partial
from typing import Any, Callable, Sequence

import numpy as np

from autograd import pytrees
from autograd.node import Node, stored
from autograd.replay.recording import Recording
from autograd.replay.watched import alike, same_bits
from autograd.tensor import Tensor
from autograd.tensor.memory import numbers
from autograd.walks import pull_back

TOLERANCE = {np.dtype(np.float64): 1e-8, np.dtype(np.float32): 2e-4, np.dtype(np.float16): 5e-2}
"""By how much of the largest number the two may differ: sums in another order are rounded otherwise."""

ROUNDING = 100
"""Units of rounding of the largest of all gradients by which one may differ: that of a bias before a normalisation is
0, and what is computed for it is rounding alone."""


class Verification:
    """What a replay has computed, before it changes anything, and how that compares with an ordinary call.

    Parameters
    ----------
    recording : Recording
        Which has just computed.
    leaves : sequence
        The arguments.
    """

    def __init__(self, recording: Recording, leaves: Sequence[Any]) -> None:
        self.recording, self.leaves = recording, leaves
        arrays = recording.plan.arrays
        self.arguments = [x.copy() if isinstance(x, np.ndarray) else None for x in leaves]
        self.outputs = [None if x.var is None else arrays[x.var].copy() for x in recording.outputs]
        self.gradients = [(p, None if var is None else arrays[var].copy()) for p, var in recording.final_vars]
        self.times = [(x, x._time) for x in recording.environment.tensors]
        self.had = {p for p in recording.pulled if p.grad is not None and np.any(p.grad)}
        self.steps = [
            (optimizer, [(p, None if var is None else arrays[var].copy()) for p, var in gradients])
            for optimizer, gradients in recording.stepped
        ]
        self.moved = recording.about_to_move()
        self.written = recording.about_to_write()
        self.seed, self.pulled = None, []
        if recording.seed_var is not None:
            self.seed = np.ones(recording.seed_var.shape, recording.seed_var.dtype)
            self.pulled = [None if x is None else x.copy() for x in recording.vjp(self.seed)]
        self.wrong = ""

    def run(self, call: Callable[[], Any]) -> Any:
        """Make the call, and compare; `wrong` says what differs, if anything."""
        taken: list[Any] = []
        arrays = [leaf._data for leaf in self.recording.written_leaves]
        for optimizer, _ in self.steps:
            optimizer.step = partial(_noting, optimizer, taken)
        try:
            result = call()
        finally:
            for optimizer, _ in self.steps:
                del optimizer.step
        self.wrong = self._compared(result, taken) or self._shared(result)
        self.wrong = self.wrong or self.recording.learn_what_is_replaced(arrays)
        return result

    def _compared(self, result: Any, taken: Sequence[Any]) -> str:
        recording = self.recording
        found = pytrees.leaves(result)
        if len(found) != len(recording.outputs):
            return "another number of results"
        for output, x, expected in zip(recording.outputs, found, self.outputs):
            if output.kind == "argument":
                if _is_copy(x, self.leaves[output.value]):
                    output.kind = "copy"
                elif x is not self.leaves[output.value]:
                    return "a result"
            elif output.kind == "constant":
                if not alike(x, output.value):
                    return "a result that is no array"
            elif not close(_plain(x), expected):
                return "a result"
            else:
                output.kind = _kind(x)
        for argument, before in zip(self.leaves, self.arguments):
            if before is not None and not np.array_equal(argument, before, equal_nan=before.dtype.kind == "f"):
                return "it writes into an array that it is given"
        largest = _largest([g for _, g in self.gradients])
        for p, expected in self.gradients:
            if (p.grad is None) != (expected is None):
                return "a gradient"
            if expected is not None and not close(_plain(p.grad), expected, largest):
                return "a gradient"
        if len(taken) != len(self.steps):
            return "the steps of optimisers"
        for (optimizer, gradients), (who, its) in zip(self.steps, taken):
            largest = _largest([g for _, g in gradients])
            for p, expected in gradients:
                g = its.get(p)
                if optimizer is not who or (g is None) != (expected is None):
                    return "an optimiser's step"
                if expected is not None and not close(g, expected, largest):
                    return "a gradient"
        changing = {leaf for leaf, _ in self.written} | {p for _, gradients in self.steps for p, _ in gradients}
        if any(x._time != time for x, time in self.times if x not in changing):
            return "it writes to a parameter"
        largest = _largest([x for _, x in self.written])
        for leaf, expected in self.written:
            if not close(leaf._data, expected, largest):
                return "what is written to a parameter"
        if not all(close(array, expected) for array, expected in self.moved):
            return "what is written to a module's running statistics"
        if self.seed is not None and not self._derivatives_agree(found):
            return "a gradient"
        recording.cleared |= self.had
        return ""

    def _shared(self, result: Any) -> str:
        """Whether a parameter got an array that another one has too, or a result; after a replay each has its own."""
        written = [leaf._data for leaf in self.recording.written_leaves]
        others = [_plain(x) for x in pytrees.leaves(result) if isinstance(x, (np.ndarray, Tensor))]
        others += [_plain(p.grad) for p, _ in self.gradients if p.grad is not None]
        all_of_it = [*written, *others]
        if all([type(x) is np.ndarray and x.base is None for x in all_of_it]):  # each has memory of its own
            shared = len({id(x) for x in written} | {id(x) for x in others}) < len(written) + len({*map(id, others)})
        else:
            shared = any(
                np.may_share_memory(array, x) for i, array in enumerate(written) for x in [*written[:i], *others]
            )
        return "a parameter shares its memory with another one, or with a result" if shared else ""

    def _derivatives_agree(self, found: Sequence[Any]) -> bool:
        recording = self.recording
        y = found[recording.differentiated]
        inputs = recording.inputs_of(self.leaves)
        if not isinstance(y, Node):
            return not inputs
        pulled = pull_back({y: self.seed}, inputs)
        largest = _largest(self.pulled)
        for i, (x, expected) in enumerate(zip(inputs, self.pulled)):
            g = pulled.get(x)
            if x in inputs[:i]:
                continue
            if g is None:
                if expected is not None and np.any(expected):
                    return False
            elif not close(_plain(g), expected if expected is not None else np.zeros(np.shape(stored(x))), largest):
                return False
        return True


def _noting(optimizer: Any, taken: list[Any]) -> Any:
    """The optimiser's step, after the gradients have been noted."""
    parameters = [p for group in optimizer.param_groups for p in group["params"]]
    taken.append((optimizer, {p: None if p.grad is None else np.array(_plain(p.grad)) for p in parameters}))
    return type(optimizer).step(optimizer)


def _plain(x: Any) -> Any:
    return numbers(x) if isinstance(x, Tensor) else np.asarray(x)


def _kind(x: Any) -> str:
    if isinstance(x, Tensor):
        return "node" if x._origin else "leaf"
    return "float" if type(x) is float else "number" if isinstance(x, np.generic) else "array"


def _is_copy(x: Any, argument: Any) -> bool:
    """Whether the function itself copies what a variable gives back as it is: ``+x``, a number if x has no axes."""
    if type(argument) is not np.ndarray or type(x) is not (np.ndarray if argument.ndim else argument.dtype.type):
        return False
    return same_bits(x, argument) and not np.may_share_memory(x, argument)


def _largest(arrays: Sequence[Any]) -> float:
    """The largest finite number of all."""
    return max((_size(x) for x in arrays if x is not None), default=0.0)


def _size(x: Any) -> float:
    """The largest finite number of an array."""
    if not x.size:
        return 0.0
    x = x if x.dtype.kind == "f" else np.abs(x)
    largest = max(float(np.maximum.reduce(x, axis=None)), -float(np.minimum.reduce(x, axis=None)))
    return largest if math.isfinite(largest) else float(np.max(np.abs(x[np.isfinite(x)]), initial=0))


def close(found: Any, expected: Any, largest: float = 0.0) -> bool:
    """Whether two arrays have one shape and type, and the same numbers but for rounding, of `largest` too."""
    found, expected = np.asarray(found), np.asarray(expected)
    if found.shape != expected.shape or found.dtype != expected.dtype:
        return False
    if not found.size or same_bits(found, expected):
        return True
    tolerance = TOLERANCE.get(found.dtype, 1e-8)
    rounding = ROUNDING * float(np.finfo(found.dtype).eps) * largest if largest else 0.0
    allowed = max(tolerance * _size(expected), rounding)
    if found.dtype.kind == "f":
        with np.errstate(all="ignore"):
            apart = found - expected
            if max(float(np.maximum.reduce(apart, axis=None)), -float(np.minimum.reduce(apart, axis=None))) <= allowed:
                return True  # as no nan is
    return bool(np.allclose(found, expected, rtol=tolerance, atol=allowed, equal_nan=True))
