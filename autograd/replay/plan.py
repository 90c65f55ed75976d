"""Memory for a program: which operation writes where, and the bound calls that are made at each replay.

Every array of a program lies in a buffer that is there before the first replay. A buffer is handed on as soon as nobody
reads it any more, and an elementwise operation writes over an operand that it is the last one to read. So a replay is a
list of calls with their arguments, and allocates nothing but what it hands out.
"""

from __future__ import annotations

import math
import sys
from collections import defaultdict
from contextvars import Context
from sys import getrefcount
from typing import Any, Iterable, Mapping, Sequence

import numpy as np

from autograd.functions.indexing import scatter
from autograd.nn.functional.losses.many_classes import place
from autograd.replay.blocks import steps_of, with_blocks
from autograd.replay.kernels import KERNELS, Call, Step, add_in_rows, in_lines, is_part, of_call, of_ufunc, part_of
from autograd.replay.operations import Op, Var, uses_of, vars_of
from autograd.rules import elementwise as table

COUNTS = sys.implementation.name == "cpython" and getattr(sys, "_is_gil_enabled", lambda: True)()
"""Whether the number of references tells if somebody else holds an array."""


class Unbindable(Exception):
    """Another array cannot take the place of the one that the plan was made with."""


class Plan:
    """A program in memory.

    Parameters
    ----------
    ops : sequence of Op
        In order.
    bound : mapping
        The arrays of arguments, parameters and constants.
    escaping : iterable of Var
        What is handed out: each in an array of its own.
    into : mapping
        Results that are written over the array of another variable, at the end: parameters.
    tail : set of Op
        The operations that come after everything else.
    kept : iterable of Var
        What is read after the replay: nothing is written over it.
    """

    def __init__(
        self,
        ops: Sequence[Op],
        bound: Mapping[Var, Any],
        escaping: Iterable[Var],
        into: Mapping[Var, Var],
        tail: set[Op],
        kept: Iterable[Var] = (),
    ) -> None:
        self.arrays: dict[Var, Any] = dict(bound)
        self.into = dict(into)
        self.escaping = list(dict.fromkeys(escaping))
        late = {op.out for op in tail}
        in_order = [*[op for op in ops if op.out not in late], *[op for op in ops if op.out in late]]
        self._kept = {*self.escaping, *into, *kept}
        self.ops = with_blocks(with_parts(in_order, self._kept), self._kept, late)
        self.roots: dict[Var, Var] = {}
        self.owned: dict[Var, Any] = {}  # the memory of each root that has a buffer
        self.bytes = 0
        self._allocate()
        self.users: dict[Var, list[Op]] = defaultdict(list)
        for op in self.ops:
            for var in op.reads:
                self.users[var].append(op)
            self.users[op.out].append(op)
            if op.out in self.into:
                self.users[self.into[op.out]].append(op)
        steps: list[Step] = []
        self.places: dict[Op, slice] = {}
        self.tail_start = 0  # from here on the late ones
        for op in self.ops:
            start = len(steps)
            steps += self._steps(op)
            self.places[op] = slice(start, len(steps))
            if op.out not in late:
                self.tail_start = len(steps)
        self.main: list[Step] = steps[: self.tail_start]
        self.last: list[Step] = steps[self.tail_start :]
        del steps  # which would hold arrays that others have taken the place of
        self._silence = None if any(type(f) is Call for f, _ in (*self.main, *self.last)) else _silence()
        arrays = self.arrays
        self.baseline = {}
        for var in self.escaping:
            self.baseline[var] = getrefcount(arrays[var])

    # --- memory ----------------------------------------------------------------------------------------

    def _allocate(self) -> None:
        last = self._last_uses()
        free: dict[int, list[Any]] = {}
        dying: dict[int, list[Var]] = {}
        for root, i in last.items():
            dying.setdefault(i, []).append(root)
        for i, op in enumerate(self.ops):
            out = op.out
            if op.kind == "view" and self._view(op):
                pass
            elif out in self.into:
                self.arrays[out] = self.arrays[self.into[out]]
                self.roots[out] = self.into[out]
            elif out in self._kept:
                self.arrays[out] = np.empty(out.shape, out.dtype)
                self.bytes += self.arrays[out].nbytes
            elif (taken := self._over(op, i, last)) is not None:
                root = self.root(taken)
                self.arrays[out] = self.arrays[taken]
                self.owned[out] = self.owned.pop(root)
            else:
                nbytes = math.prod(out.shape) * out.dtype.itemsize
                self.owned[out] = self._buffer(nbytes, free)
                self.arrays[out] = np.ndarray(out.shape, out.dtype, self.owned[out])
            for root in dying.get(i, ()):
                if root in self.owned:
                    buffer = self.owned.pop(root)
                    free.setdefault(buffer.nbytes, []).append(buffer)

    def _buffer(self, nbytes: int, free: dict[int, list[Any]]) -> Any:
        fitting = [n for n in free if free[n] and nbytes <= n <= 4 * nbytes + 64]
        if fitting:
            return free[min(fitting)].pop()
        self.bytes += nbytes
        return in_lines(max(nbytes, 1))

    def _last_uses(self) -> dict[Var, int]:
        """For each root the number of the last operation that reads it or a view of it."""
        last: dict[Var, int] = {}
        top: dict[Var, Var] = {}
        for i, op in enumerate(self.ops):
            read = vars_of(op)
            for var in read:
                last[top.get(var, var)] = i
            if op.kind == "view":
                top[op.out] = top.get(op.inputs[0], op.inputs[0])
                last[top[op.out]] = i
            else:
                last.setdefault(op.out, i)
        return last

    def root(self, var: Var) -> Var:
        """The variable whose memory `var` lies in."""
        while var in self.roots:
            var = self.roots[var]
        return var

    def _view(self, op: Op) -> bool:
        """Make the result a view of the input's memory, if it is one."""
        (source,) = [x for x in op.inputs if isinstance(x, Var)][:1]
        array = self.arrays[source]
        result = op.function(*[self._array(x) for x in op.inputs], **self._settings(op))
        if op.out in self._kept or not isinstance(result, np.ndarray):
            return False
        if result.size and not np.may_share_memory(result, array):
            return False
        self.arrays[op.out] = result
        self.roots[op.out] = source
        return True

    def _over(self, op: Op, i: int, last: Mapping[Var, int]) -> Var | None:
        """The operand that the result may be written over."""
        if op.kind in ("ufunc", "blocks"):
            candidates = op.inputs
        elif op.kind == "part":
            candidates = op.inputs[:1]
        else:
            return None
        for x in candidates:
            if not isinstance(x, Var) or x.kind != "made" or x.shape != op.out.shape or x.dtype != op.out.dtype:
                continue
            root = self.root(x)
            if last.get(root) == i and root in self.owned and self.arrays[x] is self.arrays[root]:
                return x
        return None

    # --- calls -----------------------------------------------------------------------------------------

    def _array(self, x: Any) -> Any:
        return self.arrays[x] if isinstance(x, Var) else x

    def _settings(self, op: Op) -> dict[str, Any]:
        return {name: self._setting(x) for name, x in op.static.items()}

    def _setting(self, x: Any) -> Any:
        return tuple(map(self._setting, x)) if type(x) is tuple else self._array(x)

    def _steps(self, op: Op) -> list[Step]:
        if op.kind == "view" and op.out in self.roots and op.out not in self.into:
            return []
        inputs, out = [self._array(x) for x in op.inputs], self.arrays[op.out]
        if op.kind == "blocks":
            return steps_of(op, self.arrays, out)
        if op.kind == "ufunc":
            return of_ufunc(op.function, inputs, out)
        if op.kind == "part":
            whole, part = inputs
            first: list[Step] = [] if whole is out else [(np.copyto, (out, whole))]
            if op.rule is place:
                return [*first, *add_in_rows(part, self._array(op.static["at"]), out)]
            view = part_of(out, op.static["index"])
            return [*first, (np.add, (view, part, view))]
        static = self._settings(op)
        kernel = KERNELS.get(op.rule)
        steps = kernel(inputs, static, out) if kernel is not None else None
        return of_call(op.function, inputs, static, out) if steps is None else steps

    def bind(self, var: Var, array: Any) -> None:
        """Put another array in the place of a variable.

        Raises
        ------
        Unbindable
            If what was a view of the former one would be a copy.
        """
        self.arrays[var] = array
        moved = {var}
        for op in self.ops:
            if op.kind == "view" and op.inputs[0] in moved and op.out in self.roots:
                if not self._view(op):
                    raise Unbindable
                moved.add(op.out)
            elif op.out in self.into and self.into[op.out] in moved:
                self.arrays[op.out] = self.arrays[self.into[op.out]]
        for op in dict.fromkeys(op for one in moved for op in self.users.get(one, ())):
            place = self.places[op]
            if place.start < place.stop:
                steps = self._steps(op)
                if place.start < self.tail_start:
                    self.main[place] = steps
                else:
                    self.last[place.start - self.tail_start : place.stop - self.tail_start] = steps

    # --- replay ----------------------------------------------------------------------------------------

    def run(self, steps: Sequence[Step]) -> None:
        """Make the calls; nobody is warned of an inf or a nan in them."""
        if self._silence is not None:
            self._silence.run(_make, steps)
        else:
            with np.errstate(all="ignore"):
                _make(steps)

    def renew(self, var: Var, allowed: int = 0) -> Any:
        """The array to hand out; another one than at the last replay, if somebody still holds that."""
        arrays = self.arrays
        if not COUNTS or getrefcount(arrays[var]) > self.baseline[var] + allowed:
            self.bind(var, np.empty(var.shape, var.dtype))
            self.baseline[var] = getrefcount(arrays[var])
        return arrays[var]


def _make(steps: Sequence[Step]) -> None:
    for function, args in steps:
        function(*args)


def _silence() -> Context:
    """A context without NumPy's warnings: it is entered in a tenth of the time that `numpy.errstate` takes.

    What runs inside sees no variables of the caller's context, so it is for NumPy's own functions alone.
    """
    context = Context()
    context.run(np.seterr, all="ignore")
    return context


def with_parts(ops: Sequence[Op], kept: set[Var]) -> list[Op]:
    """``whole + (zeros with part at an index)`` as one operation: the part is added where it belongs."""
    if not any([op.rule is place or op.rule is scatter for op in ops]):
        return list(ops)
    uses = uses_of(ops)
    joined, left_out = [], set()
    for op in ops:
        if op.kind == "ufunc" and op.rule is table.add and len(op.inputs) == 2:
            for whole, one in (op.inputs, op.inputs[::-1]):
                made = one.op if isinstance(one, Var) else None
                if (
                    made is not None
                    and made.kind == "call"
                    and (made.rule is place or made.rule is scatter and is_part(made.static["index"]))
                    and uses[one] == 1
                    and one not in kept
                    and isinstance(whole, Var)
                    and whole.shape == one.shape == op.out.shape
                    and one.dtype == op.out.dtype == whole.dtype == made.inputs[0].dtype
                ):
                    left_out.add(made)
                    backward = op.backward
                    op = Op("part", made.rule, None, [whole, made.inputs[0]], made.static, op.out)
                    op.backward = backward
                    break
        joined.append(op)
    return [op for op in joined if op not in left_out]
