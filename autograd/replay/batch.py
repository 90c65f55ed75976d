"""Programs of single Values at many data points: recorded at one point, computed by NumPy over all of them."""

from __future__ import annotations

from threading import RLock
from typing import Any, Callable, Mapping, Sequence

import numpy as np

from autograd.following import following
from autograd.graph import ancestors
from autograd.node import Node, tick
from autograd.replay.environment import Environment, Unwatchable
from autograd.replay.given import Looked
from autograd.replay.operations import Op, Var, vars_of
from autograd.replay.plan import Plan
from autograd.replay.program import Program
from autograd.replay.recorder import Recorder
from autograd.rules import elementwise as table
from autograd.rules.arrays import General
from autograd.rules.typeset import function
from autograd.tensor import Tensor
from autograd.tensor.recording import record
from autograd.value import Value
from autograd.walks import pull_back

CHECKED = 4
"""At so many points, the first results of a recording are compared with the function itself."""


class Batches:
    """The recordings of one function of Values, by the form of its columns."""

    def __init__(self, f: Callable[..., Any], because: Callable[[str], None]) -> None:
        self.function, self.because = f, because
        self.recordings: dict[Any, _Batch] = {}
        self.by_points = False

    def __call__(self, columns: Sequence[Any]) -> Any:
        arrays = [np.asarray(x, dtype=float) for x in columns]
        lengths = {len(x) if x.ndim else -1 for x in arrays}
        if len(lengths) != 1 or lengths <= {-1, 0}:
            shapes = ", ".join(str(x.shape) for x in arrays)
            raise ValueError(
                f"batch: the columns need one length along their first axis, at least 1; got shapes {shapes}"
            )
        if self.by_points:
            return _each(self.function, arrays)
        key = tuple(x.shape for x in arrays)
        made = self.recordings.get(key)
        if made is None or not made.environment.same():
            try:
                made = self.recordings[key] = _Batch(self.function, arrays)
            except (Looked, Unwatchable) as reason:
                self.by_points = True
                self.because(f"{reason}; batch computes point by point")
                return _each(self.function, arrays)
            if not made.agrees(arrays):
                self.by_points = True
                self.because("the recording differed from the function itself; batch computes point by point")
                return _each(self.function, arrays)
        return made.result(arrays)


def _lists(x: Any) -> Any:
    """An array as nested lists of Values, a number as a Value."""
    return [_lists(part) for part in x] if x.ndim else Value(float(x))


def _numbers(tree: Any) -> list[Value]:
    return [tree] if isinstance(tree, Value) else [one for part in tree for one in _numbers(part)]


def _called(f: Callable[..., Any], arguments: Sequence[Any]) -> Any:
    y = f(*arguments)
    if not isinstance(y, Value):
        raise TypeError(f"batch needs a function that returns one Value, not {type(y).__name__}")
    return y


def _each(f: Callable[..., Any], arrays: Sequence[Any]) -> Any:
    """The function at one point after the other."""
    return np.stack([_called(f, [_lists(x[i]) for x in arrays]) + Tensor(0.0) for i in range(len(arrays[0]))])


class _Batch:
    """One recording, for one number of points."""

    def __init__(self, f: Callable[..., Any], arrays: Sequence[Any]) -> None:
        self.function = f
        self.count = len(arrays[0])
        self.environment = Environment(f)
        recorder = Recorder(self.environment, [], tick())
        arguments = [_lists(x[0]) for x in arrays]
        given = _numbers(arguments)
        recorder.started = tick()
        try:
            with following(recorder):
                y = _called(f, arguments)
                seed = Value(1.0)
                inner, started_from = ancestors(y)
                if any(x._time < recorder.started for x in inner):
                    raise Looked("it uses a Value that was computed before the call")
                leaves = [x for x in started_from if x._time < recorder.started and x not in set(given)]
                found = pull_back({y: seed}, leaves, create_graph=True)
        except BaseException:
            recorder.undo()
            raise
        drew = self.environment.drew() or recorder.notes.sources
        if recorder.events or self.environment.changed() or drew or recorder.pulled:
            raise Looked("it changes variables, or draws random numbers")
        for x in leaves:
            if not self.environment.knows(x):
                raise Looked("it uses a Value that it reaches in a way that cannot be watched")
        numbers = np.dtype(float)
        sources: dict[Any, Var] = {x: Var((self.count,), numbers, "argument", i) for i, x in enumerate(given)}
        self.columns = list(sources.values())
        self.seed = sources[seed] = Var((self.count,), numbers, "argument", "seed")
        program = Program([y, *found.values()], sources, {}, recorder.started, {}, batched=True)
        ops = list(program.ops)
        self.leaves = [x for x in leaves if x in found]
        self.leaf_vars = [(x, program.leaves[x]) for x in program.leaves]
        output = self._whole(program.results[y], ops)
        early: set[Any] = {output}
        for op in reversed(ops):
            if op.out in early:
                early.update(vars_of(op))
        self.gradients = [self._summed(program.results[found[x]], ops) for x in self.leaves]
        late = {op for op in ops if op.out not in early}
        bound: dict[Var, Any] = {var: np.zeros(self.count) for var in sources.values()}
        bound |= {var: np.array(x._data) for x, var in self.leaf_vars} | {var: var.source for var in program.constants}
        program.forget()
        self.output = output
        self.plan = Plan(ops, bound, [output, *self.gradients], {}, late)
        self.generation = 0
        self.lock = RLock()

    def _whole(self, var: Any, ops: list[Op]) -> Var:
        """A result for every point, also where it is the same for all."""
        out = Var((self.count,), np.dtype(float), "made")
        ops.append(Op("call", "copy", lambda x: np.broadcast_to(x, (self.count,)), [var], {}, out))
        return out

    def _summed(self, var: Any, ops: list[Op]) -> Var:
        """The sum of a cotangent over the points; of a product, as an inner product."""
        out = Var((), np.dtype(float), "made")
        product = var.op if isinstance(var, Var) and var.op is not None and var.op.rule is table.mul else None
        if product is not None and all(isinstance(x, Var) and x.shape == (self.count,) for x in product.inputs):
            ops.append(Op("call", "dot", np.dot, product.inputs, {}, out))
        elif isinstance(var, Var) and var.shape:
            ops.append(Op("call", "sum", np.add.reduce, [var], {}, out))
        else:
            ops.append(Op("call", "sum", lambda x: x * self.count, [var], {}, out))
        return out

    # --- a call ----------------------------------------------------------------------------------------

    def compute(self, arrays: Sequence[Any]) -> Any:
        """The results at all points."""
        plan = self.plan
        columns = [x.reshape(self.count, -1).T for x in arrays]
        for var, column in zip(self.columns, [row for rows in columns for row in rows]):
            plan.arrays[var][...] = column
        for x, var in self.leaf_vars:
            plan.arrays[var][()] = x._data
        self.generation += 1
        with np.errstate(all="ignore"):
            for function, args in plan.main:
                function(*args)
        return plan.arrays[self.output].copy()

    def vjp(self, g: Any) -> list[float]:
        """The cotangents of the Values, for those of the results of the last computation."""
        plan = self.plan
        plan.arrays[self.seed][...] = g
        self.generation += 1
        with np.errstate(all="ignore"):
            for function, args in plan.last:
                function(*args)
        return [float(plan.arrays[var]) for var in self.gradients]

    def result(self, arrays: Sequence[Any]) -> Any:
        """The results as a Tensor that gradients can be taken through."""
        with self.lock:
            data = self.compute(arrays)
            return record(_BatchCall(self, arrays), tuple(self.leaves), data)

    def agrees(self, arrays: Sequence[Any]) -> bool:
        """Whether results and gradients at some points are those of the function itself."""
        data = self.compute(arrays)
        g = np.zeros(self.count)
        at = np.unique(np.linspace(0, self.count - 1, CHECKED).astype(int))
        g[at] = 1.0
        found = self.vjp(g)
        expected = dict.fromkeys(self.leaves, 0.0)
        for i in at:
            y = self.function(*[_lists(x[i]) for x in arrays])
            if not np.isclose(y._data, data[i], rtol=1e-9, atol=1e-12, equal_nan=True):
                return False
            for x, slope in pull_back({y: 1.0}, self.leaves).items():
                expected[x] += float(slope)
        size = max(map(abs, expected.values()), default=0.0)
        return bool(np.allclose(found, list(expected.values()), rtol=1e-9, atol=1e-12 * (1 + size), equal_nan=True))


class _BatchCall(General):
    """One call at many points, as a node: its inputs are the Values that the function sees."""

    def __init__(self, batch: _Batch, arrays: Sequence[Any]) -> None:
        self.name = self.sign = self.__name__ = getattr(batch.function, "__name__", "batch")
        self.notation = function(self.name)
        self.batch, self.generation = batch, batch.generation
        self.arrays = [x.copy() for x in arrays]

    def compute(self, *inputs: Any, **static: Any) -> Any:
        """The results, computed again."""
        return self.batch.compute(self.arrays)

    def vjp(self, g: Any, y: Any, inputs: Sequence[Any], wanted: Sequence[int], static: Mapping[str, Any]) -> Any:
        if isinstance(g, Node) or any(isinstance(x, Node) for x in inputs):
            targets = [self.batch.leaves[i] for i in wanted]
            pulled = pull_back({_each(self.batch.function, self.arrays): g}, targets, create_graph=True)
            return [pulled.get(x) for x in targets]
        with self.batch.lock:
            if self.batch.generation != self.generation:
                self.batch.compute(self.arrays)
            found = self.batch.vjp(g)
        self.generation = -1  # the backward half writes over what it has read
        return [found[i] for i in wanted]
