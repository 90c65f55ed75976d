"""How a recording is made: from the graph of one run to a program, and to memory for it.

The program is made while the graph is there, its memory (see :mod:`autograd.replay.plan`) when it is first needed: at
the second call. Of what is called once there is none.
"""

from __future__ import annotations

import gc
from collections import Counter
from contextlib import contextmanager
from functools import cached_property
from typing import Any, Iterator, Mapping, Sequence

import numpy as np

from autograd import pytrees
from autograd.following import following
from autograd.replay.environment import Environment
from autograd.replay.given import Given, Looked, Replayed
from autograd.replay.moving import Moving
from autograd.replay.names import wishes
from autograd.replay.operations import Var
from autograd.replay.placing import handed_out, late_ones, separate_results
from autograd.replay.plainness import Plainness
from autograd.replay.plan import Plan
from autograd.replay.program import Program
from autograd.replay.recorder import Recorder, Stepped, Written
from autograd.replay.results import outputs_of
from autograd.tensor import Tensor
from autograd.tensor.memory import numbers as numbers_of
from autograd.tensor.operands import leaf_of
from autograd.walks import pull_back


class Recorded:
    """A program of one signature: what it reads, what it computes, and what it hands out and changes.

    Parameters
    ----------
    recorder : Recorder
        That followed the function, which has returned.
    arguments : sequence
        What the function was given in place of its arguments of numbers and arrays.
    result
        What it returned.
    environment : Environment
    names : sequence of str
        Of the arguments.
    """

    def __init__(
        self, recorder: Recorder, arguments: Sequence[Any], result: Any, environment: Environment, names: Sequence[str]
    ) -> None:
        self.environment = environment
        self.form = pytrees.mapped(lambda x: None, result)
        self.single = not isinstance(result, (list, tuple, dict))
        self.changes = bool(recorder.events)
        self.pulled = recorder.pulled
        self.unvaried = {i: x.array for i, x in enumerate(arguments) if isinstance(x, Given)}
        self.given_names = [name for x, name in zip(arguments, names) if isinstance(x, Given)]
        if len({type(event) for event in recorder.events}) > 1:
            raise Looked("writes to parameters beside an optimiser's steps")
        moving = [x for x in recorder.moving if x.moved]
        sources = self._sources(recorder, arguments, moving)
        plainness = Plainness(recorder, sources, arguments)
        self.outputs = outputs_of(result, recorder, arguments, environment, plainness)
        finals = {x: recorder.gradients[x] for x in recorder.known if x in recorder.gradients}
        wanted = [x.value for x in self.outputs if x.kind in ("node", "array")]
        wanted += [g for g in finals.values() if g is not None]
        for event in recorder.events:
            wanted += [event.value] if isinstance(event, Written) else [g for _, g in event.gradients if g is not None]
        wanted += [x.now for x in moving if isinstance(x.now, Tensor)]
        nodes = [x for x in self.outputs if x.kind == "node"]
        self.differentiated = self.outputs.index(nodes[0]) if nodes else -1
        self.seed_var: Var | None = None
        cotangents: dict[Any, Any] = {}
        if len(nodes) == 1 and not recorder.pulled and not recorder.events:
            seed, cotangents = _backward(nodes[0].value, recorder, plainness)
            sources[seed] = self.seed_var = Var(seed.shape, seed.dtype, "argument", "seed")
            wanted += cotangents.values()
        self.program = Program(
            wanted,
            sources,
            recorder.aliases,
            recorder.started,
            recorder.given_of,
            recorder.changed_at,
            recorder.backward_from,
        )
        var_of = self.program.results
        for x in self.outputs:
            if x.kind in ("node", "array"):
                x.var, x.value = var_of[x.value], None
        self._note_changes(recorder, var_of, moving, plainness, sources)
        self.final_vars = [(p, g if g is None else var_of[g]) for p, g in finals.items()]
        self.pulled_vars = {x: var_of[g] for x, g in cotangents.items()}
        self.notes = Replayed(recorder.notes)
        self.given = [(var, self.notes.place(var.source).number) for var in self.program.given.values()]
        self.wishes = wishes(self, recorder, cotangents, names)
        self._note_parameters(recorder, arguments, plainness)
        self._place(arguments)
        self.program.forget()

    def _sources(self, recorder: Recorder, arguments: Sequence[Any], moving: Sequence[Moving]) -> dict[Any, Var]:
        """The variables of what the program is given: arguments, settings of optimisers, what modules write to."""
        sources: dict[Any, Var] = {}
        self.settings = []
        self.fixed_settings = recorder.fixed_settings
        for node, (group, name) in recorder.settings.items():
            sources[node] = Var((), node.dtype, "setting", name)
            self.settings.append((sources[node], group, name))
        for one in moving:
            if isinstance(one.before, Tensor):
                sources[one.before] = Var(one.shape, one.dtype, "state", one.name)
        self.arguments: list[Var | None] = []
        for i, x in enumerate(arguments):
            if isinstance(x, Tensor):
                var = sources.get(x) or Var(x.shape, x.dtype, "argument", i)
                sources[x] = var
                self.arguments.append(var)
            else:
                self.arguments.append(None)
        self.places = [(i, var) for i, var in enumerate(self.arguments) if var is not None]
        self.first = {var: numbers_of(arguments[i]) for i, var in self.places}
        return sources

    def _note_changes(
        self,
        recorder: Recorder,
        var_of: Mapping[Any, Var],
        moving: Sequence[Moving],
        plainness: Plainness,
        sources: Mapping[Any, Var],
    ) -> None:
        """What is written to parameters and to what modules keep, and the steps of optimisers."""
        writes = [event for event in recorder.events if isinstance(event, Written)]
        self.written = _last_writes(writes, var_of)
        self.written_leaves = list(dict.fromkeys(leaf for leaf, _, _ in self.written))
        counts = Counter([event.leaf for event in writes])
        self.often_written = {leaf for leaf, count in counts.items() if count > 1}
        if not all(plainness.of(x.now) for x in moving if isinstance(x.now, Tensor)):
            raise Looked("an array that a module writes to is given what gradients can be taken through")
        self.moved = [(x.array, sources[x.before], var_of[x.now]) for x in moving if isinstance(x.now, Tensor)]
        self.counted = [(x.array, x.now) for x in moving if not isinstance(x.now, Tensor)]
        self.moving = {id(x.array) for x in moving}
        self.stepped = [
            (event.optimizer, [(p, g if g is None else var_of[g]) for p, g in event.gradients])
            for event in recorder.events
            if isinstance(event, Stepped)
        ]

    def _note_parameters(self, recorder: Recorder, arguments: Sequence[Any], plainness: Plainness) -> None:
        """The Tensors that the program reads beside its arguments, and those whose gradients it asks for or sets."""
        order = {x: i for i, x in enumerate(recorder.known)}
        self.leaves = sorted(self.program.leaves.items(), key=lambda item: order.get(item[0], len(order)))
        self.leaf_set = set(self.program.leaves)
        self.parameters = [leaf for leaf, _ in self.leaves]
        if not all(map(self.environment.knows, self.leaf_set)):
            raise Looked("a Tensor that the function reaches in a way that cannot be watched")
        self.tensor_places = [i for i, x in enumerate(arguments) if isinstance(x, Tensor) and x in plainness.tensors]
        for i in self.tensor_places:
            if self.environment.knows(arguments[i]):
                raise Looked("an argument that is one of the parameters that the function sees")
        final = dict.fromkeys(leaf for leaf, _ in self.final_vars)
        self.graded = list(dict.fromkeys([*self.parameters, *final]))
        # Setting what is None to None leaves no trace, so whether the function does that is unknown.
        sets = not self.environment.mentioned.isdisjoint({"grad", "zero_grad"})
        self.ungraded = [x for x, g in recorder.before if g is None and x not in final] if sets else []
        self.graded_arguments = [(i, x) for i, x in enumerate(arguments) if any(x is leaf for leaf in final)]

    def _place(self, arguments: Sequence[Any]) -> None:
        """Decide what is written into the arrays of parameters, and what comes last."""
        self.ops = separate_results(self)
        self.escaping = list(dict.fromkeys(handed_out(self)))
        leaf_var = self.program.leaves
        self.into: dict[Var, Var] = {}
        read = {var for op in self.ops for var in op.reads}  # as an average of parameters reads their new numbers
        for leaf, var, in_place in self.written:
            alone = var.op is not None and var.op.kind == "ufunc" and var not in self.escaping and var not in read
            if in_place and alone and leaf in leaf_var and var not in self.into:
                self.into[var] = leaf_var[leaf]
        self.tail = late_ones(self, self.ops, self.into)
        self.stored = [one for one in self.written if self.into.get(one[1], self) is not leaf_var.get(one[0])]
        finals = {var for _, var in self.final_vars}
        # Numbers without axes are handed out as NumPy's numbers, and cotangents are renewed when they are computed.
        numbers = {x.var for x in self.outputs if x.var is not None and not x.var.shape} | {*self.pulled_vars.values()}
        self.handed_back = [var for var in self.escaping if var not in finals and var not in numbers]
        inputs = self.inputs_of(arguments)
        # A Tensor that stands there twice has one cotangent, whole.
        self.pulled_places = [
            None if any(x is earlier for earlier in inputs[:i]) else self.pulled_vars.get(x)
            for i, x in enumerate(inputs)
        ]

    def inputs_of(self, arguments: Sequence[Any]) -> list[Any]:
        """The Tensors that a call's result is made from: those among its arguments, and the parameters."""
        return [*[arguments[i] for i in self.tensor_places], *[leaf for leaf, _ in self.leaves]]

    @cached_property
    def plan(self) -> Plan:
        """The program in memory, which is made when it is first asked for."""
        with uncollected():
            return self._in_memory()

    def _in_memory(self) -> Plan:
        bound: dict[Var, Any] = self.first
        for leaf, var in self.leaves:
            array = array_of(leaf)
            same = array.shape == var.shape and array.dtype == var.dtype
            bound[var] = array if same else np.empty(var.shape, var.dtype)  # until that is noticed
        for var in self.program.constants:
            bound[var] = var.source
        for var in self.program.given.values():
            bound[var] = var.source.array.copy()
        for var, group, name in self.settings:
            bound[var] = np.array(group[name], var.dtype)
        for array, var, _ in self.moved:
            bound[var] = array
        if self.seed_var is not None:
            bound[self.seed_var] = np.zeros(self.seed_var.shape, self.seed_var.dtype)
        kept = [*[var for _, var, _ in self.stored], *[var for _, _, var in self.moved]]
        self.first = {}
        self.bound = [bound[var] for _, var in self.leaves]
        return Plan(self.ops, bound, self.escaping, self.into, self.tail, kept)


@contextmanager
def uncollected() -> Iterator[None]:
    """Without the garbage collector: a recording makes many objects and drops few."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def _backward(y: Any, recorder: Recorder, plainness: Plainness) -> tuple[Any, dict[Any, Any]]:
    """A seed that is given later, and the cotangents of everything that `y` depends on."""
    seed = leaf_of(np.zeros(y.shape, y.dtype))
    targets = [x for x in plainness.history(y) if x not in plainness.arrays and x._time < recorder.started]
    with following(recorder):
        return seed, pull_back({y: seed}, targets, create_graph=True)


def _last_writes(events: Sequence[Written], var_of: Mapping[Any, Var]) -> list[tuple[Any, Var, bool]]:
    """For each parameter what it holds in the end, and whether that is written into the array that it had."""
    found: dict[Any, tuple[Any, Var, bool]] = {}
    for event in events:
        in_place = event.in_place and (event.leaf not in found or found[event.leaf][2])
        found[event.leaf] = (event.leaf, var_of[event.value], in_place)
    return list(found.values())


def array_of(leaf: Any) -> Any:
    """The numbers of a parameter as an array that can be bound; of a number without axes, its own."""
    data = numbers_of(leaf) if isinstance(leaf, Tensor) else np.float64(leaf._data)
    if isinstance(data, np.ndarray):
        return data
    if isinstance(leaf, Tensor) and not leaf._origin:
        leaf._data = np.asarray(data)
        return leaf._data
    return np.asarray(data)
