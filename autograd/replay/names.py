"""What the variables of a program are called: as their author called them, as far as that is known."""

from __future__ import annotations

import builtins
import inspect
import keyword
import re
import sys
from contextlib import contextmanager
from itertools import count
from typing import Any, Iterator, Mapping, Sequence

from autograd.node import Node
from autograd.replay.operations import Op, Var

_TAKEN = {"np", "scipy", "seed", *keyword.kwlist, *dir(builtins)}

NOTED = 5_000
"""After so many calls before that of the function itself, it is given up how its author calls results."""

Wish = tuple[Var, str, "Var | None"]
"""A variable, what it would be called, and the variable whose name follows that."""


def wishes(recording: Any, recorder: Any, cotangents: Mapping[Any, Any], arguments: Sequence[str]) -> list[Wish]:
    """What the variables would be called, best first, while the graph is there to tell."""
    program = recording.program
    found: list[Wish] = []

    def wish(var: Any, name: str, of: Any = None) -> None:
        if type(var) is Var and (of is None or type(of) is Var):
            found.append((var, name, of))

    for var, name in zip(recording.arguments, arguments):
        wish(var, name)
    for var in program.given.values():
        kind, i = var.source.made
        wish(var, recording.given_names[i] if kind == "argument" else "drawn" if recorder.notes.sources else "whole")
    for leaf, var in program.leaves.items():
        wish(var, leaf.label or recorder.environment.names.get(id(leaf), "parameter"))
    for var, _, name in recording.settings:
        wish(var, name)
    for _, before, after in recording.moved:
        wish(before, before.source)
        wish(after, f"new_{before.source}")
    for var in program.constants:
        wish(var, "constant")
    by_node = {node: name for name, x in recorder.locals.items() for name, node in _nodes(name, x)}
    for var, node in program.node_of.items():
        if called := node.label or by_node.get(node):
            wish(var, called)
    for g, y in recorder.cotangent_of.items():
        above = program.vars.get(g)
        if isinstance(above, Var) and above.kind == "made":
            wish(above, "d_", program.vars.get(y))
    for gradients in (recorder.gradients, cotangents):
        for leaf, g in gradients.items():
            if g is not None and leaf in program.vars:
                wish(program.results[g], "d_", program.vars[leaf])
    for event in recorder.events:
        leaf = getattr(event, "leaf", None)
        if leaf in program.vars:
            wish(program.results[event.value], "new_", program.vars[leaf])
    return found


def give_names(found: Sequence[Wish], ops: Sequence[Op]) -> None:
    """Give every variable a name of its own, one that Python can read."""
    names = _Names()
    for var, name, of in found:
        if of is None and not var.name:
            var.name = names.free(name)
    for op in ops:
        if not op.out.name and not op.backward:
            op.out.name = names.free("v")
    for var, name, of in found:
        if of is not None and not var.name:
            var.name = names.free(f"{name}{of.name or 'v'}")
    for op in ops:
        if not op.out.name:
            op.out.name = names.free("t")


class _Names:
    def __init__(self) -> None:
        self.taken = set(_TAKEN)
        self.last: dict[str, int] = {}

    def free(self, wish: str) -> str:
        """`wish` as an identifier that is not taken yet; numbered, if need be."""
        stem = re.sub(r"\W+", "_", wish).strip("_") or "v"
        stem = f"_{stem}" if stem[0].isdigit() else stem
        name = stem
        if stem in ("v", "t", "constant", "parameter") or stem in self.taken:
            joint = "_" if stem[-1].isdigit() else ""
            while True:
                self.last[stem] = self.last.get(stem, 0) + 1
                name = f"{stem}{joint}{self.last[stem]}"
                if name not in self.taken:
                    break
        self.taken.add(name)
        return name


def _nodes(name: str, x: Any, depth: int = 0) -> Iterator[tuple[str, Any]]:
    if isinstance(x, Node):
        yield name, x
    elif isinstance(x, (list, tuple)) and depth < 2 and len(x) < 50:
        for i, part in enumerate(x):
            yield from _nodes(f"{name}_{i}", part, depth + 1)


def leaves_named(tree: Any, name: str) -> Iterator[tuple[str, Any]]:
    """The leaves of a structure with names such as ``layers_0_weight``."""
    if isinstance(tree, dict):
        for key, x in tree.items():
            yield from leaves_named(x, f"{name}_{key}" if name else str(key))
    elif isinstance(tree, (list, tuple)):
        for i, x in enumerate(tree):
            yield from leaves_named(x, f"{name}_{i}")
    else:
        yield name, tree


@contextmanager
def noting_locals(f: Any, found: dict[str, Any]) -> Iterator[None]:
    """Note the local variables that `f` has when it is done: the names that its author gave to results.

    Its frame is caught as it is entered and read afterwards, since to be told of every call would take as long as
    the calls.
    """
    code = getattr(inspect.unwrap(f), "__code__", None)
    if code is None or sys.getprofile() is not None:
        yield
        return

    calls = count()
    frames: list[Any] = []

    def note(frame: Any, event: str, _: Any) -> None:
        if frame.f_code is code:
            frames.append(frame)
        if frames or next(calls) > NOTED:
            sys.setprofile(None)

    sys.setprofile(note)
    try:
        yield
    finally:
        sys.setprofile(None)
        for frame in frames:
            found.update(frame.f_locals)
        frames.clear()
