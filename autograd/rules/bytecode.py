"""Bytecode: the reader that turns expressions into programs of the compiled core's stack machine.

A tree becomes postfix code: arguments first, then what is applied to them. tanh's cotangent g·(1 − y²) is

    g 1 y square sub mul

one byte each. A rule has an instruction if it computes with one of the functions below; any other function of
numbers is called. What is computed, and in which order, is as in the Python that :mod:`autograd.rules.code` writes:
what stands twice is computed first, and of a choice only the branch that is taken.
"""

from __future__ import annotations

import math
import operator
from struct import pack
from typing import Any, Callable, Mapping, NamedTuple, Sequence

from autograd.rules import elementwise, scalars
from autograd.rules.code import COTANGENT, INPUTS, OUTPUT
from autograd.rules.elementwise import Choice
from autograd.rules.expressions import Symbol, parts
from autograd.rules.nary import total, weighted_sum
from autograd.rules.rule import Composite, Elementwise, OfNumbers

INSTRUCTION_OF: dict[Callable[..., Any], str] = {
    operator.add: "add", operator.sub: "sub", operator.mul: "mul", operator.truediv: "div", operator.neg: "neg",
    operator.abs: "abs", operator.lt: "lt", operator.gt: "gt", operator.le: "le", operator.ge: "ge",
    operator.eq: "eq", operator.ne: "ne", scalars.larger: "larger", scalars.smaller: "smaller", scalars.sign: "sign",
    scalars.cbrt: "cbrt", elementwise.square.scalar: "square", elementwise.reciprocal.scalar: "reciprocal",
    elementwise.share.scalar: "share", elementwise.step.scalar: "step",
    **{
        getattr(math, name): name for name in (
            "sqrt exp expm1 log log1p log2 log10 sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh erf erfc "
            "pow atan2"
        ).split()
    },
}  # fmt: skip
"""What the functions on floats are called in bytecode. (`math.hypot` has a way of its own to round, and is called.)"""


class Machine(NamedTuple):
    """What there is to know of the stack machine."""

    codes: Mapping[str, int]
    constant: int
    """The code that pushes the first constant; those of the others follow."""
    variable: int
    """Likewise for variables."""
    frame: int
    """So many variables there are."""
    stack: int
    """So many numbers the stack holds."""

    @classmethod
    def of(cls, core: Any) -> Machine:
        """That of the compiled core."""
        codes = {name: code for code, name in enumerate(core.INSTRUCTIONS)}
        return cls(codes, core.CONSTANT, core.VARIABLE, core.FRAME, core.STACK)


class Unreadable(ValueError):
    """An expression has no bytecode."""


class Reader:
    """Reads the expressions of one rule, which share their constants and functions.

    Parameters
    ----------
    machine : Machine
    """

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.constants: dict[bytes, float] = {}
        self.functions: list[Callable[..., Any]] = []

    def read(self, x: Any) -> bytes:
        """The bytecode of an expression over the inputs, the output and its cotangent.

        Raises
        ------
        Unreadable
            If it has none.
        """
        self.variables = {symbol: i for i, symbol in enumerate((*INPUTS, OUTPUT, COTANGENT))}
        self.used = len(self.variables)
        return bytes([*self._whole(x, 0), self.machine.codes["end"]])

    def _whole(self, x: Any, depth: int) -> list[int]:
        """The code for `x` from what its variables hold: what stands twice in it comes first."""
        code: list[int] = []
        for shared, uses in parts(x).items():
            if uses > 1 and shared.rule is not None:
                code += [*self._expression(shared, depth), *self._store(shared)]
        return [*code, *self._expression(x, depth)]

    def _store(self, x: Symbol) -> list[int]:
        """Take the last number from the stack, and know it as `x` from now on."""
        if self.used >= self.machine.frame:
            raise Unreadable("the expression shares too many parts")
        self.variables[x] = self.used
        self.used += 1
        return [self.machine.codes["store"], self.variables[x]]

    def _expression(self, x: Any, depth: int) -> list[int]:
        """The code that leaves `x` on a stack of `depth` numbers."""
        codes = self.machine.codes
        if depth >= self.machine.stack:
            raise Unreadable("the expression is too deep")
        if not isinstance(x, Symbol):
            return [self.machine.constant + self._constant(float(x))]
        if x in self.variables:
            return [self.machine.variable + self.variables[x]]
        if isinstance(x.rule, Choice):
            condition, a, b = [self._expression(argument, depth) for argument in x.args]
            skip = [codes["jump"], _byte(len(b))]
            return [*condition, codes["jump_unless"], _byte(len(a) + len(skip)), *a, *skip, *b]
        if isinstance(x.rule, Composite) and usual(x.rule):
            return self._in_place(x, depth)
        scalar = getattr(x.rule, "scalar", None)
        if scalar is None or x.static:
            raise Unreadable(f"{x.rule} is no function of numbers")
        arguments = [byte for i, argument in enumerate(x.args) for byte in self._expression(argument, depth + i)]
        if scalar is float:
            return arguments
        name = INSTRUCTION_OF.get(scalar)
        if name is None:
            return [*arguments, codes["call"], self._function(scalar), len(x.args)]
        return [*arguments, codes[name]]

    def _in_place(self, x: Symbol, depth: int) -> list[int]:
        """The code for a rule whose value is a formula over other rules: that formula."""
        code: list[int] = []
        around, inside = self.variables, {}
        for symbol, argument in zip(INPUTS, x.args):
            if isinstance(argument, Symbol) and argument in around:
                inside[symbol] = around[argument]
            else:
                self.variables = around
                code += self._expression(argument, depth)
                self.variables = inside
                code += self._store(symbol)
        self.variables = inside
        code += self._whole(x.rule.tree(*INPUTS[: len(x.args)]), depth)
        self.variables = around
        return code

    def _constant(self, number: float) -> int:
        """The place of a number among the constants. (0 and −0 are two.)"""
        self.constants.setdefault(pack("d", number), number)
        if len(self.constants) > self.machine.variable - self.machine.constant:
            raise Unreadable("the rule has too many constants")
        return list(self.constants).index(pack("d", number))

    def _function(self, function: Callable[..., Any]) -> int:
        if function not in self.functions:
            self.functions.append(function)
        return _byte(self.functions.index(function))


def _byte(number: int) -> int:
    if number > 255:
        raise Unreadable("the expression is too long")
    return number


class Bytecode(NamedTuple):
    """What the compiled core runs for a rule, ``None`` where that has to be done by Python."""

    forward: bytes | str | None
    """What it computes; or the name of a sum, which the core has of its own, and its derivative too."""
    cotangents: tuple[bytes | None, ...] | None
    """The cotangent of each input, ``None`` for 0."""
    constants: tuple[float, ...] = ()
    functions: tuple[Callable[..., Any], ...] = ()


IN_PYTHON = Bytecode(None, None)


def bytecode(rule: OfNumbers, machine: Machine) -> Bytecode:
    """The bytecode of a rule.

    Examples
    --------
    >>> from autograd import tanh
    >>> names = ("end", "store", "mul", "sub", "square", "tanh")
    >>> machine = Machine({name: code for code, name in enumerate(names)}, 64, 128, 32, 32)
    >>> list(bytecode(tanh, machine).forward)                   # a, tanh
    [128, 5, 0]
    >>> list(bytecode(tanh, machine).cotangents[0])             # g, 1, y, square, −, ·
    [137, 64, 136, 4, 3, 2, 0]
    """
    if rule is total or rule is weighted_sum:
        return Bytecode("sum" if rule is total else "dot", None)
    if not isinstance(rule, Elementwise) or not usual(rule) or len(rule.partials) > len(INPUTS):
        return IN_PYTHON
    reader = Reader(machine)
    forward = _read(reader, [rule.tree(*INPUTS[: len(rule.partials)])])
    cotangents = None if rule.cotangents is None else _read(reader, rule.cotangents)
    if cotangents is None:
        return IN_PYTHON
    return Bytecode(
        forward[0] if forward else None, cotangents, tuple(reader.constants.values()), tuple(reader.functions)
    )


def usual(rule: Elementwise) -> bool:
    """Whether the rule computes and differentiates as its trees say. (A class of one's own may do otherwise.)"""
    kind = type(rule)
    return all(
        getattr(kind, name) is getattr(Elementwise, name)
        for name in ("on_floats", "pull", "vjp", "slopes", "cotangents")
    )


def _read(reader: Reader, trees: Sequence[Any]) -> tuple[bytes | None, ...] | None:
    try:
        return tuple(reader.read(tree) if isinstance(tree, Symbol) else None for tree in trees)
    except (Unreadable, RecursionError):
        return None
