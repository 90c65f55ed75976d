"""One recorded program, ready to be replayed: what it reads, what it computes, and what it hands out and changes."""

from __future__ import annotations

import operator
from sys import getrefcount
from typing import Any, Mapping, Sequence

import numpy as np

from autograd import pytrees
from autograd.following import following
from autograd.graph import touch
from autograd.node import Node, stored
from autograd.replay.environment import Environment
from autograd.replay.given import Given, Looked, Replayed
from autograd.replay.names import wishes
from autograd.replay.plainness import Plainness
from autograd.replay.plan import COUNTS, Plan, Unbindable
from autograd.replay.program import VIEWS, Op, Program, Var, vars_of
from autograd.replay.recorder import Recorder, Stepped, Written
from autograd.tensor import Tensor
from autograd.tensor.memory import numbers as numbers_of
from autograd.tensor.operands import leaf_of
from autograd.walks import pull_back

_DATA, _GRAD = operator.attrgetter("_data"), operator.attrgetter("grad")


class Stale(Exception):
    """The recording does not hold for this call; the message says why."""


class Output:
    """One leaf of what the function returns.

    ``kind`` is ``"node"`` for a Tensor that gradients can be taken through, ``"leaf"`` for one without a history,
    ``"array"``, ``"float"``, ``"argument"`` (as it was given) or ``"constant"``.
    """

    __slots__ = ("kind", "value", "var")

    def __init__(self, kind: str, value: Any, var: Var | None = None) -> None:
        self.kind, self.value, self.var = kind, value, var


class Recording:
    """A program of one signature.

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
        self.verified: set[tuple[bool, ...]] = set()
        self.unvaried = {i: x.array for i, x in enumerate(arguments) if isinstance(x, Given)}
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
        self.single = not isinstance(result, (list, tuple, dict))
        self.events = recorder.events
        self.gradients = recorder.gradients
        if len({type(event) for event in self.events}) > 1:
            raise Looked("writes to parameters beside an optimiser's steps")
        sources = {}
        self.given_names = [name for x, name in zip(arguments, names) if isinstance(x, Given)]
        self.settings = []
        self.fixed_settings = recorder.fixed_settings
        for node, (group, name) in recorder.settings.items():
            sources[node] = Var((), node.dtype, "setting", name)
            self.settings.append((sources[node], group, name))
        moving = [x for x in recorder.moving if x.moved]
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
        self.plainness = Plainness(recorder, sources, arguments)
        outputs = [self._output(x, recorder, arguments) for x in pytrees.leaves(result)]
        wanted = [x.value for x in outputs if x.kind in ("node", "array")]
        self.finals = {x: self.gradients[x] for x in recorder.known if x in self.gradients}
        wanted += [g for g in self.finals.values() if g is not None]
        for event in self.events:
            wanted += [event.value] if isinstance(event, Written) else [g for _, g in event.gradients if g is not None]
        wanted += [x.now for x in moving if isinstance(x.now, Tensor)]
        nodes = [x for x in outputs if x.kind == "node"]
        self.differentiated = outputs.index(nodes[0]) if nodes else -1
        forward = list(wanted)
        self.seed: Any = None
        self.cotangents: dict[Any, Any] = {}
        if len(nodes) == 1 and not recorder.pulled and not self.events:
            wanted += self._backward(nodes[0].value, recorder)
        if self.seed is not None:
            sources[self.seed] = Var(self.seed.shape, self.seed.dtype, "argument", "seed")
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
        self.seed_var = sources.get(self.seed)
        for x in outputs:
            if x.kind in ("node", "array"):
                x.var = var_of[x.value]
        self.outputs = outputs
        writes = [event for event in self.events if isinstance(event, Written)]
        self.written = _last_writes(writes, var_of)
        self.often_written = {event.leaf for event in writes if sum(event.leaf is x.leaf for x in writes) > 1}
        if not all(self.plainness.of(x.now) for x in moving if isinstance(x.now, Tensor)):
            raise Looked("an array that a module writes to is given what gradients can be taken through")
        self.moved = [(x.array, sources[x.before], var_of[x.now]) for x in moving if isinstance(x.now, Tensor)]
        self.counted = [(x.array, x.now) for x in moving if not isinstance(x.now, Tensor)]
        self.moving = {id(x.array) for x in moving}
        self.wishes = wishes(self, recorder, names)
        self.changes = bool(self.events)
        self.written_leaves = list(dict.fromkeys(leaf for leaf, _, _ in self.written))
        self.stepped = [
            (event.optimizer, [(p, g if g is None else var_of[g]) for p, g in event.gradients])
            for event in self.events
            if isinstance(event, Stepped)
        ]
        self.final_vars = [(p, g if g is None else var_of[g]) for p, g in self.finals.items()]
        self.pulled_vars = {x: var_of[g] for x, g in self.cotangents.items()}
        self.notes = Replayed(recorder.notes)
        self.given = [(var, self.notes.place(var.source).number) for var in self.program.given.values()]
        self._make_plan({var_of[node] for node in forward}, arguments, recorder.known)
        self.pulled = recorder.pulled
        final = dict.fromkeys(leaf for leaf, _ in self.final_vars)
        self.graded = list(dict.fromkeys([*self.parameters, *final]))  # whose gradients are asked for or set
        # Setting what is None to None leaves no trace, so whether the function does that is unknown.
        sets = not environment.mentioned.isdisjoint({"grad", "zero_grad"})
        self.ungraded = [x for x, g in recorder.before if g is None and x not in final] if sets else []
        self.graded_arguments = [(i, x) for i, x in enumerate(arguments) if any(x is leaf for leaf in final)]
        self._forget()

    # --- what was recorded -----------------------------------------------------------------------------

    def _output(self, x: Any, recorder: Recorder, arguments: Sequence[Any]) -> Output:
        for i, argument in enumerate(arguments):
            if x is argument and not isinstance(x, Tensor):
                return Output("argument", i)
        if isinstance(x, Tensor):
            for i, argument in enumerate(arguments):
                if x is argument:
                    return Output("argument", i)
            if x._time < recorder.started:
                return Output("constant", x)
            if not self.plainness.of(x):
                return Output("node", x)
            if self._lies_in_another(x, recorder, arguments):
                raise Looked("a result that lies in the memory of an argument or a parameter; return a copy")
            return Output("array", x)
        if isinstance(x, Node):
            raise Looked("a result that is a Value")
        if isinstance(x, np.ndarray) and not self.environment.knows(x) or hasattr(x, "made"):
            raise Looked("an array among the results that was made outside the graph")
        return Output("constant", x)

    def _lies_in_another(self, x: Any, recorder: Recorder, arguments: Sequence[Any]) -> bool:
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

    def _backward(self, y: Any, recorder: Recorder) -> list[Any]:
        """The cotangents of everything that `y` depends on, for a seed that is given later."""
        self.seed = leaf_of(np.zeros(y.shape, y.dtype))
        history = self.plainness.history(y)
        plain = self.plainness.arrays
        targets = [x for x in history if x not in plain and x._time < recorder.started]
        with following(recorder):
            self.cotangents = pull_back({y: self.seed}, targets, create_graph=True)
        return list(self.cotangents.values())

    def _make_plan(self, forward: set[Any], arguments: Sequence[Any], known: Sequence[Any]) -> None:
        bound: dict[Var, Any] = {}
        order = {x: i for i, x in enumerate(known)}
        self.leaves = sorted(self.program.leaves.items(), key=lambda item: order.get(item[0], len(order)))
        self.leaf_set = set(self.program.leaves)
        self.parameters = [leaf for leaf, _ in self.leaves]
        if not all(map(self.environment.knows, self.leaf_set)):
            raise Looked("a Tensor that the function reaches in a way that cannot be watched")
        tensors = self.plainness.tensors
        self.tensor_places = [i for i, x in enumerate(arguments) if isinstance(x, Tensor) and x in tensors]
        for i in self.tensor_places:
            if self.environment.knows(arguments[i]):
                raise Looked("an argument that is one of the parameters that the function sees")
        for x, var in zip(arguments, self.arguments):
            if var is not None:
                bound[var] = numbers_of(x)
        for leaf, var in self.leaves:
            bound[var] = _array_of(leaf)
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
        into: dict[Var, Var] = {}
        leaf_var = self.program.leaves
        ops = self._separate_results(forward)
        read = {x for op in ops for x in vars_of(op)}  # as an average of parameters reads their new numbers
        for leaf, var, in_place in self.written:
            alone = var.op is not None and var.op.kind == "ufunc" and var not in self._handed_out() and var not in read
            if in_place and alone and leaf in leaf_var and var not in into:
                into[var] = leaf_var[leaf]
        tail = self._late(ops, forward, into)
        self.into, self.late = into, {op.out for op in tail}
        self.stored = [
            (leaf, var, in_place)
            for leaf, var, in_place in self.written
            if var not in into or into[var] is not leaf_var[leaf]
        ]
        kept = [*[var for _, var, _ in self.stored], *[var for _, _, var in self.moved]]
        self.plan = Plan(ops, bound, self._handed_out(), into, tail, kept)
        self.bound = [self.plan.arrays[var] for _, var in self.leaves]
        finals = {var for _, var in self.final_vars}
        # Numbers without axes are handed out as NumPy's numbers, and cotangents are renewed when they are computed.
        numbers = {x.var for x in self.outputs if x.var is not None and not x.var.shape} | set(
            self.pulled_vars.values()
        )
        self.handed_back = [var for var in self.plan.escaping if var not in finals and var not in numbers]
        inputs = self.inputs_of(arguments)
        # A Tensor that stands there twice has one cotangent, whole.
        self.pulled_places = [
            None if any(x is earlier for earlier in inputs[:i]) else self.pulled_vars.get(x)
            for i, x in enumerate(inputs)
        ]

    def _handed_out(self) -> list[Var]:
        found = [x.var for x in self.outputs if x.var is not None]
        found += [var for _, var in self.final_vars if var is not None]
        found += [var for _, gradients in self.stepped for _, var in gradients if var is not None]
        found += list(self.pulled_vars.values())
        return found

    def _separate_results(self, forward: set[Any]) -> list[Op]:
        """The operations; what is handed out more than once, or is no result of one, gets a copy of its own."""
        ops = list(self.program.ops)
        taken: set[Var] = set()
        given_to: dict[tuple[Any, Var], Var] = {}

        def own(var: Var, whose: Any = None) -> Var:
            if (whose, var) in given_to:
                return given_to[whose, var]
            if var.kind == "made" and var not in taken:
                taken.add(var)
                given_to[whose, var] = var
                return var
            copy = Var(var.shape, var.dtype, "made")
            ops.append(Op("call", "copy", np.array, [var], {}, copy))
            taken.add(copy)
            if var in forward:
                forward.add(copy)
            given_to[whose, var] = copy
            return copy

        for x in self.outputs:
            if x.var is not None:
                x.var = own(x.var)
        self.final_vars = [(p, var if var is None else own(var, p)) for p, var in self.final_vars]
        self.stepped = [
            (optimizer, [(p, var if var is None else own(var, p)) for p, var in gradients])
            for optimizer, gradients in self.stepped
        ]
        self.pulled_vars = {x: own(var, x) for x, var in self.pulled_vars.items()}
        self.written = [
            (leaf, var if var.kind == "made" else own(var), in_place) for leaf, var, in_place in self.written
        ]
        return ops

    def _late(self, ops: Sequence[Op], forward: set[Any], into: Mapping[Var, Var]) -> set[Op]:
        """What comes after the rest: what only the backward pass needs, or only the writes to parameters."""
        if self.seed_var is not None:
            early: set[Any] = {x.var for x in self.outputs if x.var is not None} | {var for _, _, var in self.moved}
            for op in reversed(ops):
                if op.out in early:
                    early.update(vars_of(op))
            return {op for op in ops if op.out not in early}
        late = {op for op in ops if op.out in into}
        kept = set(self._handed_out()) | {var for _, var, _ in self.written if var not in into}
        kept.update(var for _, _, var in self.moved)
        readers: dict[Var, list[Op]] = {}
        for op in ops:
            for var in vars_of(op):
                readers.setdefault(var, []).append(op)
        for op in reversed(ops):
            if op.kind == "ufunc" and op.out not in kept and op.out in readers:
                if all(reader in late for reader in readers[op.out]):
                    late.add(op)
        return late

    def _forget(self) -> None:
        """Let go of the graph, and of everything that only the making needed."""
        for x in self.outputs:
            if x.kind in ("node", "array"):
                x.value = None
        self.program.forget()
        self.events, self.gradients, self.finals, self.cotangents = [], {}, {}, {}
        self.seed = self.plainness = None  # type: ignore[assignment]  # not asked for any more

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
                array = _array_of(leaf)
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
            for p, var in gradients:
                p.grad = None if var is None else arrays[var]
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

    def inputs_of(self, arguments: Sequence[Any]) -> list[Any]:
        """The Tensors that a call's result is made from: those among its arguments, and the parameters."""
        return [*[arguments[i] for i in self.tensor_places], *[leaf for leaf, _ in self.leaves]]

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


def _last_writes(events: Sequence[Written], var_of: Mapping[Any, Var]) -> list[tuple[Any, Var, bool]]:
    """For each parameter what it holds in the end, and whether that is written into the array that it had."""
    found: dict[Any, tuple[Any, Var, bool]] = {}
    for event in events:
        in_place = event.in_place and (event.leaf not in found or found[event.leaf][2])
        found[event.leaf] = (event.leaf, var_of[event.value], in_place)
    return list(found.values())


def _owner(x: Any) -> Any:
    """The array that an argument's memory belongs to."""
    x = x._data if type(x) is Tensor else x
    while isinstance(x, np.ndarray) and x.base is not None:
        x = x.base
    return x


def _as_array(x: Any) -> Any:
    return x if isinstance(x, np.ndarray) else np.asarray(x, dtype=np.float64 if type(x) is float else None)


def _array_of(leaf: Any) -> Any:
    """The numbers of a parameter as an array that can be bound; of a number without axes, its own."""
    data = numbers_of(leaf) if isinstance(leaf, Tensor) else np.float64(leaf._data)
    if isinstance(data, np.ndarray):
        return data
    if isinstance(leaf, Tensor) and not leaf._origin:
        leaf._data = np.asarray(data)
        return leaf._data
    return np.asarray(data)
