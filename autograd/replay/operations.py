"""What a program is made of: variables, which are arrays, and operations."""

from __future__ import annotations

from collections import Counter
from typing import Any, Iterable, Sequence


class Var:
    """An array of the program: an argument, a parameter, a constant, or the result of an operation."""

    __slots__ = ("shape", "dtype", "kind", "source", "op", "name")

    def __init__(self, shape: Any, dtype: Any, kind: str, source: Any = None, op: Any = None) -> None:
        self.shape, self.dtype, self.kind, self.source, self.op = shape, dtype, kind, source, op
        self.name = ""

    def __repr__(self) -> str:
        return f"<{self.kind} {self.name or id(self)} {self.dtype}{list(self.shape)}>"


class Op:
    """One operation: a function of arrays and numbers.

    Attributes
    ----------
    kind : str
        ``"ufunc"``: writes into any memory of the right shape. ``"view"``: costs nothing, once its input lies where it
        lies. ``"call"``: anything else.
    """

    __slots__ = ("kind", "rule", "function", "inputs", "static", "out", "backward", "reads", "parts")
    backward: bool
    """Whether it belongs to a backward pass."""
    reads: list[Var]
    """The variables among its inputs and settings."""
    parts: tuple[Op, ...]
    """What it is joined of, if it is a chain."""

    def __init__(self, kind: str, rule: Any, function: Any, inputs: Sequence[Any], static: Any, out: Var) -> None:
        self.kind, self.rule, self.function = kind, rule, function
        self.inputs, self.static, self.out = tuple(inputs), static, out
        self.backward = False
        self.parts: tuple[Op, ...] = ()
        self.reads = [x for x in self.inputs if type(x) is Var]
        for x in static.values():
            if type(x) is Var or type(x) is tuple:
                self.reads += _inside(x)
        out.op = self

    def __repr__(self) -> str:
        return f"{self.out} = {getattr(self.rule, 'name', self.rule)}{self.inputs}"


def vars_of(op: Op) -> list[Var]:
    """The variables that an operation reads."""
    return op.reads


def uses_of(ops: Iterable[Op]) -> Counter[Var]:
    """How often each variable is read."""
    return Counter([var for op in ops for var in op.reads])


def _inside(x: Any) -> list[Var]:
    if isinstance(x, Var):
        return [x]
    return [one for part in x for one in _inside(part)] if type(x) is tuple else []
