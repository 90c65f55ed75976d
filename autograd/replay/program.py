"""A recorded graph as a list of operations on arrays: every rule taken apart into calls of NumPy, as far as it can be.

Nothing is known here of derivatives. The backward pass was recorded as a graph of rules like the forward pass, and both
are lowered alike: an elementwise rule by the tree of what it computes, another one as a call of its own.
"""

from __future__ import annotations

import math
import operator
from functools import cache, partial
from typing import Any, Iterable, Mapping, Sequence

import numpy as np

from autograd.functions.broadcasting import broadcast
from autograd.functions.products import matmul
from autograd.functions.shapes import transpose
from autograd.node import KINDS, Node, by_time, stored
from autograd.replay.given import Given, Looked
from autograd.replay.operations import Op, Var
from autograd.rules import elementwise as table
from autograd.rules.elementwise import Choice
from autograd.rules.expressions import Relation, Symbol
from autograd.rules.nary import total, weighted_sum
from autograd.rules.rule import Elementwise

NOTHING: Mapping[str, Any] = {}

VIEWS = {"reshape", "transpose", "getitem", "broadcast_to", "real"}
"""Rules whose result may be a view of their input."""

_OF_OPERATOR: dict[Any, np.ufunc] = {
    operator.lt: np.less, operator.gt: np.greater, operator.le: np.less_equal, operator.ge: np.greater_equal,
    operator.eq: np.equal, operator.ne: np.not_equal,
}  # fmt: skip


_DTYPES: dict[Any, Any] = {}
"""By function and types of operands: the result's type, which was tried out once."""


class Program:
    """What a graph computes, as operations in order.

    Parameters
    ----------
    wanted : nodes
        What is to be computed.
    sources : mapping
        The variables of nodes that are given: arguments.
    aliases : mapping
        Nodes that have the numbers of another one.
    started : int
        Nodes older than that are parameters, as they are when the program is run.
    given_of : mapping
        By ``id``: constants that are arguments, or made of such.
    batched : bool
        The nodes are Values, and some of the sources stand for many numbers at once.
    changed_at : mapping
        When parameters were given new numbers.
    backward_from : float
        When the first backward pass began.

    Raises
    ------
    Looked
        If a parameter is used after that.
    """

    def __init__(
        self,
        wanted: Iterable[Node],
        sources: Mapping[Any, Var],
        aliases: Mapping[Any, Any],
        started: float,
        given_of: Mapping[int, tuple[Any, Given]],
        changed_at: Mapping[Any, int] = NOTHING,
        backward_from: float = math.inf,
        batched: bool = False,
    ) -> None:
        self.ops: list[Op] = []
        self.vars: dict[Any, Var] = dict(sources)
        self.leaves: dict[Any, Var] = {}
        self.constants: list[Var] = []
        self.given: dict[int, Var] = {}
        self._aliases, self._started, self._given_of = aliases, started, given_of
        self._batched = batched
        self._changed_at = changed_at
        self.node_of: dict[Var, Any] = {}
        for node in self._ordered(wanted):
            before = len(self.ops)
            self._lower(node)
            for op in self.ops[before:]:
                op.backward = node._time > backward_from
        self.results = {node: self._of(node) for node in wanted}
        self.ops = _needed(self.ops, set(self.results.values()))

    def forget(self) -> None:
        """Let go of the graph's nodes, and of their numbers."""
        self.vars, self.results, self.node_of = {}, {}, {}
        self._aliases = self._given_of = self._changed_at = NOTHING  # type: ignore[assignment]  # of whatever keys

    # --- the graph -------------------------------------------------------------------------------------

    def _root(self, node: Any) -> Any:
        while node in self._aliases:
            node = self._aliases[node]
        return node

    def _ordered(self, wanted: Iterable[Node]) -> list[Any]:
        """The nodes that have to be computed, oldest first."""
        given, aliases, changed_at, started = self.vars, self._aliases, self._changed_at, self._started
        found: list[Any] = []
        stack = [self._root(node) for node in wanted]
        seen = set(stack)
        while stack:
            node = stack.pop()
            if node in given or node._time < started or not node._origin:
                continue
            found.append(node)
            for x in node._origin:
                if type(x) in KINDS:
                    if changed_at and x in changed_at and changed_at[x] < node._time:
                        raise Looked("parameters are used again after they were changed")
                    while x in aliases:
                        x = aliases[x]
                    if x not in seen:
                        seen.add(x)
                        stack.append(x)
        found.sort(key=by_time)
        return found

    def _of(self, x: Any) -> Any:
        """The variable of a node or array, a number as it is."""
        if isinstance(x, Node):
            x = self._root(x)
            if x in self.vars:
                return self.vars[x]
            if x._time < self._started:
                data = stored(x)
                var = self.leaves[x] = self.vars[x] = Var(
                    np.shape(data), np.asarray(data).dtype if type(data) is float else data.dtype, "leaf", x
                )
                return var
            var = self.vars[x] = self._constant(np.array(stored(x)))
            return var
        if isinstance(x, (np.ndarray, np.generic)):
            found = self._given_of.get(id(x))
            if found is not None and found[0] is x:
                if id(x) not in self.given:
                    self.given[id(x)] = Var(x.shape, x.dtype, "given", found[1])
                return self.given[id(x)]
            return self._constant(np.asarray(x))
        return x

    def _constant(self, array: Any) -> Var:
        var = Var(array.shape, array.dtype, "constant", array)
        self.constants.append(var)
        return var

    # --- rules -----------------------------------------------------------------------------------------

    def _lower(self, node: Any) -> None:
        rule, *inputs = node._origin
        data = node._data
        shape, dtype = (np.shape(data), _FLOAT) if type(data) is float else (data.shape, data.dtype)
        static = getattr(node, "_static", None) or NOTHING
        known = self.vars
        operands = [known[x] if type(x) in KINDS and x in known else self._of(x) for x in inputs]
        out = None
        if not static and dtype.kind == "f" and isinstance(rule, Elementwise):
            compute = rule.compute
            if type(compute) is np.ufunc and rule not in _SIMPLER:
                out = self._ufunc(compute, rule, operands)
            else:
                out = self._elementwise(rule, operands)
        elif rule is total or rule is weighted_sum:
            out = self._nary(rule, operands)
        if self._batched:
            out = self._applied(rule, operands, static) if out is None else out
        elif type(out) is not Var or out.shape != shape or out.dtype != dtype:
            out = self._call(rule, operands, static, shape, dtype)
        known[node] = out
        self.node_of.setdefault(out, node)

    def _call(self, rule: Any, operands: Sequence[Any], static: Any, shape: Any, dtype: Any) -> Var:
        out = Var(shape, dtype, "made")
        settings = {name: self._setting(x) for name, x in static.items()}
        kind = "view" if rule.name in VIEWS else "call"
        if rule.name == "linear":
            return self._linear(rule, operands, shape, dtype)
        self.ops.append(Op(kind, rule, rule.compute, operands, settings, out))
        return out

    def _linear(self, rule: Any, operands: Sequence[Any], shape: Any, dtype: Any) -> Var:
        x, weight, *bias = operands
        turned = Var(weight.shape[::-1], weight.dtype, "made")
        self.ops.append(Op("view", transpose, transpose.compute, [weight], {"axes": None}, turned))
        out = Var(shape, dtype, "made")
        self.ops.append(Op("call", matmul, matmul.compute, [x, turned], NOTHING, out))
        return self._ufunc(np.add, table.add, [out, *bias]) if bias else out

    def _setting(self, x: Any) -> Any:
        """A setting of a rule; arguments of whole numbers in it become variables."""
        if isinstance(x, np.ndarray) and id(x) in self._given_of:
            return self._of(x)
        return tuple(map(self._setting, x)) if type(x) is tuple else x

    def _nary(self, rule: Any, operands: Sequence[Any]) -> Any:
        return rule.compute(*[_Traced(self, x) if isinstance(x, Var) else x for x in operands]).var

    def _elementwise(self, rule: Any, operands: Sequence[Any]) -> Any:
        """The rule by its own ufunc, or by the tree of what it computes."""
        if rule in _SIMPLER and (simpler := self._simpler(rule, operands)) is not None:
            return simpler
        if type(rule.compute) is np.ufunc:
            return self._ufunc(rule.compute, rule, operands)
        if type(rule).tree is Elementwise.tree and "tree" not in vars(rule) or rule is table.sigmoid:
            return None
        symbols, tree = _tree_of(rule, len(operands))
        return self._tree(tree, dict(zip(symbols, operands)))

    def _simpler(self, rule: Any, operands: Sequence[Any]) -> Any:
        """What some rules are for some operands, to the last bit."""
        if rule is table.identity:
            return operands[0]
        if rule is table.power and type(operands[1]) in (int, float) and operands[1] == 2:
            return self._ufunc(np.square, table.square, operands[:1])
        if rule is table.mul:
            return _times_one(operands)
        if rule is table.neg and (found := _number_times(operands[0])) is not None:
            number, x = found  # −(c·x) is (−c)·x
            minus = -number if type(number) is float else self._constant(-number)
            return self._ufunc(np.multiply, table.mul, [minus, x])
        return None

    def _tree(self, x: Any, known: dict[Any, Any]) -> Any:
        """An expression's operations."""
        if not isinstance(x, Symbol):
            return x
        if x not in known:
            args = [self._tree(one, known) for one in x.args]
            if isinstance(x.rule, Relation):
                known[x] = self._ufunc(_OF_OPERATOR[x.rule.scalar], x.rule, args)
            elif isinstance(x.rule, Choice) and args[1] is args[2]:
                known[x] = args[1]
            elif isinstance(x.rule, Choice) or x.static:
                known[x] = self._applied(x.rule, args, x.static)
            else:
                made = self._elementwise(x.rule, args)
                known[x] = self._applied(x.rule, args, NOTHING) if made is None else made
        return known[x]

    def _applied(self, rule: Any, args: Sequence[Any], static: Any) -> Var:
        """A call of an elementwise rule's function."""
        shape = np.broadcast_shapes(*[x.shape for x in args if type(x) is Var])
        key: Any = None
        if not static:
            key = (rule, *[(x.dtype, len(x.shape)) if type(x) is Var else type(x) for x in args])
        out = Var(shape, _dtype_of(key, partial(rule.compute, **static), args, least=1), "made")
        self.ops.append(Op("call", rule, rule.compute, args, static, out))
        return out

    def _ufunc(self, ufunc: np.ufunc, rule: Any, operands: Sequence[Any]) -> Var:
        shape: Any = None
        computed = False
        for x in operands:
            if type(x) is Var:
                computed = computed or x.kind != "constant"
                if x.shape != shape:
                    shape = x.shape if shape is None else np.broadcast_shapes(shape, x.shape)
        if not computed:
            numbers = [x.source if type(x) is Var else x for x in operands]
            with np.errstate(all="ignore"):
                return self._constant(np.asarray(ufunc(*numbers)))
        if len(operands) == 2:
            operands = _numbers_instead(operands, shape)
        key = (ufunc, *[(x.dtype, bool(x.shape)) if type(x) is Var else type(x) for x in operands])
        out = Var(shape, _DTYPES[key] if key in _DTYPES else _dtype_of(key, ufunc, operands), "made")
        self.ops.append(Op("ufunc", rule, ufunc, operands, NOTHING, out))
        return out


_FLOAT = np.dtype(float)

_SIMPLER = {table.identity, table.power, table.mul, table.neg}


def _dtype_of(key: Any, function: Any, operands: Sequence[Any], least: int = 0) -> Any:
    """The type of what a function gives, which is tried out on single numbers, once for each key."""
    if key in _DTYPES:
        return _DTYPES[key]
    tried = [np.ones((1,) * max(len(x.shape), least), x.dtype) if type(x) is Var else x for x in operands]
    with np.errstate(all="ignore"):
        dtype = np.asarray(function(*tried)).dtype
    if key is not None:
        _DTYPES[key] = dtype
    return dtype


class _Traced:
    """Stands for a variable while a rule of many inputs computes: sums and products by its operators."""

    def __init__(self, program: Program, var: Any) -> None:
        self.program, self.var = program, var

    def _with(self, rule: Any, left: Any, right: Any) -> Any:
        return _Traced(self.program, self.program._ufunc(rule.compute, rule, [left, right]))

    def __add__(self, other: Any) -> Any:
        return self._with(table.add, self.var, getattr(other, "var", other))

    def __radd__(self, other: Any) -> Any:
        return self._with(table.add, other, self.var)

    def __mul__(self, other: Any) -> Any:
        return self._with(table.mul, self.var, getattr(other, "var", other))

    def __rmul__(self, other: Any) -> Any:
        return self._with(table.mul, other, self.var)


@cache
def _tree_of(rule: Any, count: int) -> tuple[Sequence[Symbol], Any]:
    """What a rule computes, as an expression of these symbols."""
    symbols = [Symbol(f"x{i}") for i in range(count)]
    return symbols, rule.tree(*symbols)


def _times_one(operands: Sequence[Any]) -> Var | None:
    """The other factor, where one is a constant array of ones that does not change its shape or type."""
    for one, other in (operands, operands[::-1]):
        if isinstance(one, Var) and isinstance(other, Var) and one.kind == "constant" and one.dtype == other.dtype:
            if np.broadcast_shapes(one.shape, other.shape) == other.shape and np.all(one.source == 1):
                return other
    return None


def _number_times(x: Any) -> tuple[Any, Var] | None:
    """The number and the other factor, where `x` is made by multiplying with a constant number."""
    op = x.op if isinstance(x, Var) else None
    if op is None or op.kind != "ufunc" or op.function is not np.multiply:
        return None
    for one, other in (op.inputs, op.inputs[::-1]):
        constant = isinstance(one, Var) and one.kind == "constant" and not one.shape and one.dtype == x.dtype
        if (constant or type(one) is float) and isinstance(other, Var) and other.shape == x.shape:
            return one.source if isinstance(one, Var) else one, other
    return None


def _numbers_instead(operands: Sequence[Any], shape: Any) -> Sequence[Any]:
    """A number that was repeated as the number itself, where another operand gives the result its shape."""
    for i, x in enumerate(operands):
        op, other = x.op if type(x) is Var else None, operands[1 - i]
        if op is not None and op.rule is broadcast and op.inputs[0].shape == ():
            if type(other) is Var and other.shape == shape:
                return (op.inputs[0], other) if i == 0 else (other, op.inputs[0])
    return operands


def _needed(ops: Sequence[Op], wanted: set[Any]) -> list[Op]:
    """The operations that lead to what is wanted."""
    kept = []
    needed = set(wanted)
    for op in reversed(ops):
        if op.out in needed:
            kept.append(op)
            needed.update(op.reads)
    kept.reverse()
    return kept
