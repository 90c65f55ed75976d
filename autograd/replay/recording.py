"""One recorded program at work: what happens at each call."""

from __future__ import annotations

import operator
from sys import getrefcount
from typing import Any, Sequence

import numpy as np

from autograd.graph import touch
from autograd.replay.making import Recorded, array_of
from autograd.replay.operations import Var
from autograd.replay.plan import COUNTS, Unbindable
from autograd.tensor import Tensor
from autograd.tensor.memory import numbers as numbers_of

_DATA, _GRAD = operator.attrgetter("_data"), operator.attrgetter("grad")


class Stale(Exception):
    """The recording does not hold for this call; the message says why."""


class Recording(Recorded):
    """A program of one signature, and what its calls have left: gradients, arrays of its own, random sources."""

    def __init__(self, *recorded: Any) -> None:
        super().__init__(*recorded)
        self.verified: set[tuple[bool, ...]] = set()
        self.generation = 0
        self.cleared: set[Any] = set()
        self.stood: list[Any] = []  # the sources of random numbers, before the latest replay drew from them
        self.as_left = False  # whether the gradients of parameters are those that the last replay left there
        self.left: list[Any] = []
        self.missing: tuple[bool, ...] = ()
        self.handed_over: list[Any] = []
        self.references: list[int] = []
        self.replaced: list[tuple[Any, Var]] = []
        self.alone: dict[Any, tuple[int, int]] = {}  # the arrays that the recording has made, and nobody else holds

    # --- a call ----------------------------------------------------------------------------------------

    def prepare(self, arguments: Sequence[Any]) -> None:
        """Bind these arguments, and the parameters as they are now.

        Raises
        ------
        Stale
            If the recording does not hold for them.
        """
        plan = self.plan
        arrays = plan.arrays
        self.generation += 1  # what an earlier call has left in memory is written over, even if this one stops here
        if self.moving and any(id(_owner(x)) in self.moving for x in arguments):
            raise Stale("an argument is an array that a module writes to")
        for i in self.tensor_places:
            if arguments[i] in self.leaf_set:
                raise Stale("an argument is one of the parameters that the function sees")
        if self.ungraded and any([x.grad is not None for x in self.ungraded]):
            raise Stale("a gradient that was None when the program was recorded, which may set it to None")
        for i, x in self.graded_arguments:
            if arguments[i] is not x:
                raise Stale("another Tensor is the argument that the function gives a gradient")
        try:
            for i, var in self.places:
                x = arguments[i]
                array = x._data if type(x) is Tensor else x
                if array is not arrays[var]:
                    plan.bind(var, numbers_of(x) if type(x) is Tensor else _as_array(array))
            if not all(map(operator.is_, map(_DATA, self.parameters), self.bound)):
                self._bind_parameters()
        except Unbindable:
            raise Stale("an array lies in memory in another way than when it was recorded") from None
        for var, group, name in self.settings:
            arrays[var][()] = group[name]
        for group, name, value in self.fixed_settings:
            if group[name] != value:
                raise Stale(f"an optimiser's {name} was {value} when the program was recorded")
        if self.notes.steps or self.given or self.notes.conditions:
            self.stood = self.where_sources_stand()
            values = self.notes.run([x for x in arguments if type(x) is np.ndarray and x.dtype.kind in "biu"])
            if values is None:
                self.rewind(self.stood)
                raise Stale("the recording holds for other whole numbers among the arguments")
            for var, number in self.given:
                np.copyto(arrays[var], values[number])

    def where_sources_stand(self) -> list[Any]:
        """The state of each source of random numbers that the program draws from."""
        return [source.bit_generator.state for source in self.notes.sources]

    def rewind(self, stood: Sequence[Any]) -> None:
        """Put the sources of random numbers back to where they stood."""
        for source, state in zip(self.notes.sources, stood):
            source.bit_generator.state = state

    def _bind_parameters(self) -> None:
        arrays = self.plan.arrays
        for leaf, var in self.leaves:
            if leaf._data is not arrays[var]:
                array = array_of(leaf)
                if leaf in self.written_leaves and not (array.flags.writeable and array.base is None):
                    raise Stale("a parameter whose numbers are another's too")
                if array.shape != var.shape or array.dtype != var.dtype:
                    raise Stale("a parameter has another shape or type than when it was recorded")
                if array is not arrays[var]:
                    self.plan.bind(var, array)
        self.bound = [arrays[var] for _, var in self.leaves]

    def which_gradients(self) -> tuple[bool, ...]:
        """Which parameters have no gradient yet: a function may ask for that."""
        self.as_left = bool(self.left) and all(map(operator.is_, map(_GRAD, self.graded), self.left))
        return self.missing if self.as_left else self._missing()

    def _missing(self) -> tuple[bool, ...]:
        return tuple([leaf.grad is None for leaf in self.graded])

    def varied(self, arguments: Sequence[Any]) -> list[int]:
        """The arguments of whole numbers that differ for the first time from those that the program was recorded with.

        As long as all calls have the same ones, no comparison can tell whether some became a part of the program.
        """
        return [i for i, x in self.unvaried.items() if arguments[i].tobytes() != x.tobytes()]

    def blocked(self) -> str:
        """Why this call cannot be replayed, empty if it can."""
        for leaf in self.pulled - self.cleared:
            if leaf.grad is not None:
                return "a gradient of an earlier call to add to"
        return ""

    def compute(self) -> None:
        """Run the program, up to what it changes."""
        plan = self.plan
        if not (self.as_left and list(map(getrefcount, self.handed_over)) == self.references):
            self._renew_gradients()
        for var in self.handed_back:
            plan.renew(var)
        plan.run(plan.main)

    def _renew_gradients(self) -> None:
        """Gradients that somebody still holds, beside the parameters, stay as they are: others are computed."""
        self.as_left, self.left, self.handed_over = False, [], []
        for leaf, var in self.final_vars:
            if var is not None:
                self.plan.renew(var, leaf.grad is self.plan.arrays[var])

    def _hand_over_gradients(self) -> None:
        """Give parameters their gradients, and remember that nobody else has these."""
        self._give_gradients()
        if COUNTS:
            self.left, self.missing = list(map(_GRAD, self.graded)), self._missing()
            self.handed_over = [leaf.grad for leaf, var in self.final_vars if var is not None]
            self.references = list(map(getrefcount, self.handed_over))

    def _give_gradients(self) -> None:
        for leaf, var in self.final_vars:
            leaf.grad = None if var is None else self.plan.arrays[var]

    def change(self) -> None:
        """Make the changes: what modules write to, parameters, gradients, optimisers."""
        arrays = self.plan.arrays
        for array, _, var in self.moved:
            array[...] = arrays[var]
        for array, count in self.counted:
            array += count
        if self.seed_var is None:
            if self.replaced:
                self._replace()
            self.plan.run(self.plan.last)
        for leaf, var, in_place in self.stored:
            if in_place:
                leaf._data[...] = arrays[var]
            else:
                leaf._data = arrays[var].copy()
                leaf._view = None
        touch(*self.written_leaves)
        if not self.as_left or self.stepped:
            self._hand_over_gradients()  # before the steps: an optimiser that keeps a gradient is somebody else
        for optimizer, gradients in self.stepped:
            for p, g in gradients:
                p.grad = None if g is None else arrays[g]
            optimizer.step()
        if self.stepped:
            self._give_gradients()

    def learn_what_is_replaced(self, before: Sequence[Any]) -> str:
        """After an ordinary call: which parameters have got an array of their own instead of new numbers in theirs.

        Returns what cannot be replayed about that, empty for nothing: an array may have been written to before another
        one took its place.
        """
        kept = {leaf for leaf, array in zip(self.written_leaves, before) if leaf._data is array}
        if self.often_written - kept:
            return "a parameter that is written to more than once gets another array"
        self.stored = [(leaf, var, leaf in kept) for leaf, var, _ in self.stored]
        into = set(self.into.values())
        self.replaced = [(leaf, var) for leaf, var in self.leaves if var in into and leaf not in kept]
        return ""

    def _replace(self) -> None:
        """New arrays for parameters that the function replaces; not where nobody else has seen the present one."""
        for leaf, var in self.replaced:
            if not COUNTS or self.alone.get(leaf) != (id(leaf._data), getrefcount(leaf._data)):
                leaf._data, leaf._view = leaf._data.copy(order="K"), None
                self.plan.bind(var, leaf._data)
                self.bound = [self.plan.arrays[var] for _, var in self.leaves]
                self.alone[leaf] = (id(leaf._data), getrefcount(leaf._data))

    def vjp(self, g: Any) -> list[Any]:
        """The cotangents of all inputs for that of the output, once after each replay."""
        plan = self.plan
        for var in self.pulled_places:
            if var is not None:
                plan.renew(var)
        np.copyto(plan.arrays[self.seed_var], g)  # type: ignore[index]  # what has a vjp has a seed
        plan.run(plan.last)
        return [None if var is None else plan.arrays[var] for var in self.pulled_places]

    def about_to_move(self) -> list[tuple[Any, Any]]:
        """The arrays that modules write to, with what :meth:`change` is going to write to them."""
        arrays = self.plan.arrays
        return [
            *[(array, arrays[var].copy()) for array, _, var in self.moved],
            *[(array, array + count) for array, count in self.counted],
        ]

    def about_to_write(self) -> list[tuple[Any, Any]]:
        """What :meth:`change` is going to write to parameters."""
        arrays = self.plan.arrays
        if self.seed_var is not None:
            return []
        before = [(arrays[var], arrays[var].copy()) for var in self.into.values()]
        try:
            self.plan.run(self.plan.last)
            return [(leaf, arrays[var].copy()) for leaf, var, _ in self.written]
        finally:
            for array, numbers in before:
                array[...] = numbers


def _owner(x: Any) -> Any:
    """The array that an argument's memory belongs to."""
    x = x._data if type(x) is Tensor else x
    while isinstance(x, np.ndarray) and x.base is not None:
        x = x.base
    return x


def _as_array(x: Any) -> Any:
    return x if isinstance(x, np.ndarray) else np.asarray(x, dtype=np.float64 if type(x) is float else None)
