"""A program that failed, drawn as far as it came: the operation that failed stands where its result would have.

Nothing is noted while a program runs. What failed, and on what, is read from the frames of the error's traceback, which
Python keeps for as long as somebody holds the error.
"""

from __future__ import annotations

import ast
import linecache
import sys
from dataclasses import replace
from inspect import CO_OPTIMIZED
from itertools import islice
from types import FrameType, MappingProxyType, TracebackType
from typing import Any, Iterator, Mapping, NamedTuple, Sequence

import numpy as np

from autograd.errors import ChangedDataError
from autograd.lines import in_program, place
from autograd.node import KINDS, Node, plain
from autograd.rules.expressions import Symbol
from autograd.rules.rule import Rule
from autograd.rules.typeset import Notation
from viz.formulas import brief
from viz.model import EdgeInfo, NodeInfo
from viz.record import Recording, reached
from viz.standin import StandIn, named_rule

UNNAMED = "?"
"""What a result is called that there is not."""
SHORT = 110
"""Longer reasons are cut where they stand in the node; below the picture they stand in full."""
RESULTS = 8
"""So many results are drawn, the latest, where it is not known which of them the program failed on."""


class Failure(NamedTuple):
    """What a traceback says.

    Attributes
    ----------
    reason : str
        The error with its message.
    line : str
        ``"train.py:12"``, the innermost line of the program outside the engine.
    results : list of Node
        What is drawn: the node that was to be made, or the results that a backward pass started from.
    node : Node, optional
        The node that failed: of a backward pass, the one whose derivative did.
    backward : bool
        Whether it failed in a backward pass whose derivatives can be told.
    names : dict
        The variables of the program at that line.
    """

    reason: str
    line: str
    results: list[Node]
    node: Node | None
    backward: bool = False
    names: Mapping[str, Any] = MappingProxyType({})


class Attempt(Recording):
    """The graph of a program that failed."""

    def __init__(self, error: BaseException, names: Mapping[str, Any] | None = None, of_root: Any = None) -> None:
        self.failure = failure_of(error)
        super().__init__(self.failure.results, {**self.failure.names, **(names or {})}, of_root)

    def left_out(self) -> list[str]:
        return []  # it might have come to them

    def _everything(self) -> list[Node]:
        return reached(self.results)

    def _slopes(self) -> None:
        return None  # not all that is there has rules that can be asked

    def _derivatives(self) -> Mapping[Node, Any]:
        return super()._derivatives() if self.failure.backward else {}

    def _node(self, node: Node) -> NodeInfo:
        found = super()._node(node)
        if self.failure.backward:  # which has begun
            found = replace(found, passed=True)
        else:
            found = replace(found, derivative_name="", derivative_latex="")
        if node is not self.failure.node:
            return found
        told = self.failure.reason
        short = told if len(told) <= SHORT else told[: SHORT - 1] + "…"
        found = replace(found, remark=short, failure=told, line=found.line or self.failure.line)
        return replace(found, kind="failed", worked=_with_shapes(node)) if isinstance(node, StandIn) else found

    def _edges_into(self, node: Node, before: int) -> list[EdgeInfo]:
        if self.failure.backward:
            return super()._edges_into(node, before)
        at = [i for i, x in enumerate(node.inputs) if isinstance(x, Node) and x in self.ids]
        return self._brief_edges(node, at, before)


def failure_of(error: BaseException) -> Failure:
    """What failed, on what, and where in the program.

    Raises
    ------
    ValueError
        If the error was never raised, or nothing was recorded in what it came through.
    """
    frames = list(_frames(error.__traceback__))
    if error.__cause__ is not None and all(in_program(frame.f_code.co_filename) for frame, _ in frames):
        return failure_of(error.__cause__)  # the program has put it into words of its own
    if not frames:
        raise ValueError(f"{brief(error)} was never raised, so it does not know of any program; give the error itself")
    last = max((i for i, (frame, _) in enumerate(frames) if in_program(frame.f_code.co_filename)), default=-1)
    engine = [frame for frame, _ in frames[last + 1 :]]
    # Without a frame of the program (a function of ours, called by the shell), the first one stands for it.
    at, line = frames[max(last, 0)]
    told = " ".join(str(error).split()).removesuffix(f" at {at.f_code.co_filename}:{line}")
    reason = f"{type(error).__name__}: {told}".removesuffix(": ")
    where = place(at.f_code.co_filename, line)
    names: dict[str, Any] = {}
    for frame, _ in reversed(frames[: last + 1]):
        names = {**_variables(frame, error), **names}
    started = _backward(engine)
    if started:
        node = next((x for frame in reversed(engine) if isinstance(x := frame.f_locals.get("node"), Node)), None)
        stale = isinstance(error, ChangedDataError)  # the derivatives would be wrong
        return Failure(reason, where, started, started[0] if node is None else node, not stale, names)
    tried = _tried(engine) or _read(at, line, error)
    if tried is None:
        results = _results(frames[: last + 1], error)
        if not results:
            raise ValueError(f"nothing was recorded before {reason}, so there is nothing to draw")
        tried = _step(_source(at, line) or "…", results)
    tried.label = UNNAMED
    if tried.rule.name == "matmul" and isinstance(error, ValueError):
        reason = f"{type(error).__name__}: {_mismatch(tried)}"
    return Failure(reason, where, [tried], tried, names=names)


def _frames(trace: TracebackType | None) -> Iterator[tuple[FrameType, int]]:
    while trace is not None:
        yield trace.tb_frame, trace.tb_lineno
        trace = trace.tb_next


def _variables(frame: FrameType, error: BaseException) -> dict[str, Any]:
    """The variables of a piece of the program but for the error itself.

    Up to Python 3.12 a frame keeps the dictionary that it was asked for, and with it an error that refers to the frame:
    a cycle, which only the garbage collector would end.
    """
    kept = frame.f_locals
    found = {name: x for name, x in kept.items() if x is not error}
    if sys.version_info < (3, 13) and frame.f_code.co_flags & CO_OPTIMIZED:
        for name in kept.keys() - found.keys():
            del kept[name]
    return found


def _backward(engine: Sequence[FrameType]) -> list[Node]:
    """The results that a backward pass started from, if there was one."""
    for frame in engine:
        seeds = frame.f_locals.get("seeds")
        if isinstance(seeds, dict) and seeds and all(isinstance(x, Node) for x in seeds):
            return list(seeds)
        root = frame.f_locals.get({"backward": "self", "walk_values": "root"}.get(frame.f_code.co_name, ""))
        if isinstance(root, Node):
            return [root]
    return []


# --- the operation ------------------------------------------------------------------------------------------


def _tried(engine: Sequence[FrameType]) -> StandIn | None:
    """The node that was to be made, from what the engine's functions were called with."""
    modules = [i for i, frame in enumerate(engine) if _is_module(frame.f_locals.get("self"))]
    if modules:  # a layer is a program itself: what it called has failed, or else the layer has
        engine = engine[modules[-1] + 1 :] or engine[modules[-1] :]
    for frame in reversed(engine):
        if (tried := _by_rule(frame)) is not None:
            return tried
    return next(filter(None, map(_by_call, engine)), None)


def _is_module(x: Any) -> bool:
    """Whether it is a layer or a network; told by a method of theirs, since networks are not loaded for pictures."""
    return callable(getattr(type(x), "named_parameters", None))


def _by_rule(frame: FrameType) -> StandIn | None:
    """From a function that applies a rule to its operands."""
    found = frame.f_locals
    rule = found.get("rule", found.get("self"))
    if not isinstance(rule, Rule):
        return None
    inputs = next((found[name] for name in ("kept", "inputs") if name in found), None)
    if inputs is None:
        inputs = [found[name] for name in ("a", "b") if name in found]
    if not any(type(x) in KINDS for x in inputs):
        return None
    static = found.get("static")
    return StandIn(None, rule, tuple(inputs), static=static if isinstance(static, dict) else None)


def _by_call(frame: FrameType) -> StandIn | None:
    """From the arguments of any function of the engine."""
    found, code = frame.f_locals, frame.f_code
    names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount + bool(code.co_flags & 4)]
    name, arguments = code.co_name, [found[name] for name in names if name in found]
    if "function" in names:  # NumPy's protocols
        name, arguments = f"np.{found['function'].__name__}", [found["args"], *dict(found.get("kwargs") or {}).values()]
    elif "ufunc" in names:
        name, arguments = f"np.{found['ufunc'].__name__}", [found["inputs"]]
    elif _is_module(module := found.get("self")):
        name, arguments = type(module).__name__, arguments[1:]
    elif name not in _NOTATIONS:  # settings come last, and most of them are at their defaults
        while arguments and not isinstance(arguments[-1], (Node, np.ndarray, list, tuple)):
            arguments.pop()
    inputs = [x for argument in arguments for x in (argument if isinstance(argument, (tuple, list)) else [argument])]
    if not any(type(x) in KINDS for x in inputs):
        return None
    notation = _NOTATIONS.get(name)
    shown = [x if isinstance(x, (Node, float, int, np.ndarray)) else _setting(x) for x in inputs]
    return StandIn(None, named_rule(name.strip("_"), notation), shown)


_NOTATIONS = {
    "__setitem__": Notation("{0}[{1}] = {2}"),
    "__getitem__": Notation("{0}[{1}]"),
}


def _setting(x: Any) -> str:
    if isinstance(x, slice):
        return ":".join("" if part is None else str(part) for part in (x.start, x.stop))
    return brief(x)


# --- the program --------------------------------------------------------------------------------------------


def _read(frame: FrameType, line: int, error: BaseException) -> StandIn | None:
    """What stands in the line of the program, applied to the Values and Tensors that it names."""
    written = _source(frame, line)
    try:
        tree = ast.parse(written)
    except SyntaxError:
        return None
    value = getattr(tree.body[0], "value", None) if tree.body else None
    if not isinstance(value, ast.expr):
        return None
    variables = {**frame.f_globals, **_variables(frame, error)}
    inputs = []
    for part in ast.walk(value):
        if isinstance(part, ast.Name) and isinstance(variables.get(part.id), Node):
            inputs.append(variables[part.id])
    return _step(ast.unparse(value), list(dict.fromkeys(inputs))) if inputs else None


def _step(written: str, inputs: Sequence[Node]) -> StandIn:
    """A step of the program, as it is written there."""
    written = written.replace("{", "{{").replace("}", "}}")
    return StandIn(None, named_rule(written, Notation(written)), inputs)


def _source(frame: FrameType, line: int) -> str:
    return linecache.getline(frame.f_code.co_filename, line, frame.f_globals).strip()


def _results(frames: Sequence[tuple[FrameType, int]], error: BaseException) -> list[Node]:
    """The latest results of the innermost part of the program that has any, those used by others left out."""
    for frame, _ in reversed(frames):
        nodes = {x for x in _variables(frame, error).values() if type(x) in KINDS and x.rule is not None}
        used = {x for node in nodes for x in node.inputs if isinstance(x, Node)}
        latest = sorted(nodes - used, key=lambda node: node._time, reverse=True)
        if latest:
            return list(islice(latest, RESULTS))
    return []


def _mismatch(product: Node) -> str:
    """Why two matrices cannot be multiplied, in plainer words than NumPy's."""
    first, second = (np.shape(plain(x)) for x in product.inputs)
    if not first or not second:
        return "@ takes no numbers, only arrays with axes; use *"
    rows = second[-2] if len(second) > 1 else second[0]
    if first[-1] != rows:
        return f"in {first} @ {second} the inner sizes differ, {first[-1]} and {rows}"
    return f"in {first} @ {second} the leading axes do not fit"


def _with_shapes(node: Node) -> str:
    """The formula with numbers and shapes put in: ``(4, 3) @ (4, 2)``; nothing where there is nothing to put in."""
    written = []
    for x in map(plain, node.inputs):
        shape = getattr(x, "shape", ())
        shown = str(tuple(shape)) if shape else format(float(x), ".4g") if isinstance(x, (float, int)) else str(x)
        written.append(Symbol(shown, shown))
    text = str(node.rule.notation.write(written, "text"))
    return "" if text == node.rule.notation.write(["…"] * len(written), "text") else text
