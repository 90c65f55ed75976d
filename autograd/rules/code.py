"""Code: the reader that turns expressions into Python functions, so that speed needs no second formula.

A tree becomes a Python expression (through `ast`) in which every rule is a name bound to that rule's own function:
the one on floats for Values, the one on arrays for Tensors. From these expressions three functions are made of each
rule, all at its first use: a method of Value, which computes and records; a pull for Values, which adds to
the inputs' gradients; and a pull for arrays. Their source can be looked at: ``inspect.getsource(rule.pull)``.
"""

from __future__ import annotations

import ast
import keyword
import linecache
import math
import operator
import re
from itertools import count
from typing import Any, Callable, Mapping, Sequence

import numpy as np

from autograd import modes
from autograd.lines import follow
from autograd.node import LAYOUT, tick
from autograd.rules.expressions import Symbol, parts
from autograd.rules.of_arrays import IN_FORMULAS

INPUTS = tuple(map(Symbol, "abcdefgh"))
OUTPUT, COTANGENT = Symbol("y"), Symbol("g")

# These functions are Python's operators, also on arrays.
OPERATORS: dict[Any, Any] = {
    operator.add: ast.Add, operator.sub: ast.Sub, operator.mul: ast.Mult, operator.truediv: ast.Div,
    np.add: ast.Add, np.subtract: ast.Sub, np.multiply: ast.Mult, np.true_divide: ast.Div,
    operator.neg: ast.USub, np.negative: ast.USub,
    operator.lt: ast.Lt, operator.gt: ast.Gt, operator.le: ast.LtE, operator.ge: ast.GtE,
    operator.eq: ast.Eq, operator.ne: ast.NotEq,
}  # fmt: skip


class Writer:
    """Writes expressions as Python, and remembers what the names in it stand for.

    What an expression contains twice is computed once, into a variable.

    Parameters
    ----------
    arrays : bool
        Whether the rules are to be bound to their functions on arrays, instead of those on floats.
    variables : mapping
        The Python names of the symbols.
    """

    may_divide_numbers = True  # of Python's own, which raise where arrays give inf and nan

    def __init__(self, arrays: bool, variables: Mapping[Symbol, str]) -> None:
        self.arrays = arrays
        self.variables = dict(variables)
        self.functions: dict[str, Any] = {"inf": math.inf, "nan": math.nan}
        self.may_raise = False
        self._names: dict[int, str] = {}
        self.fresh = count(1)

    def lines(self, x: Any) -> tuple[list[str], str]:
        """The assignments that come first, and the expression `x` itself."""
        assignments = []
        for shared, uses in parts(x, dict.fromkeys(self.variables, 0)).items():
            if uses > 1 and shared not in self.variables:
                written = ast.unparse(self.expression(shared))
                name = f"t{next(self.fresh)}"
                assignments.append(f"{name} = {written}")
                self.variables[shared] = name
        return assignments, ast.unparse(self.expression(x))

    def expression(self, x: Any) -> ast.expr:
        """One expression, a number or a symbol."""
        if not isinstance(x, Symbol):
            return ast.parse(repr(float(x)), mode="eval").body
        if x in self.variables:
            return ast.Name(self.variables[x])
        if x.rule is None:
            raise ValueError(f"{x.text()} is no variable of this formula")
        if x.rule.write_choice is not None:
            return x.rule.write_choice(self, x)  # type: ignore[no-any-return]  # an expression
        function = x.rule.compute if self.arrays else x.rule.scalar
        args = [self.expression(argument) for argument in x.args]
        kind = None if x.static else OPERATORS.get(function)
        self.may_raise |= kind in (None, ast.Div)
        if self.arrays and self.may_divide_numbers and function in IN_FORMULAS:
            function, kind = IN_FORMULAS[function], None
        if kind is None:
            settings = [ast.keyword(name, ast.Constant(value)) for name, value in x.static.items()]
            return ast.Call(self.name(function, x.rule.name), args, settings)
        if issubclass(kind, ast.unaryop):
            return ast.UnaryOp(kind(), *args)
        if issubclass(kind, ast.cmpop):
            return ast.Compare(args[0], [kind()], args[1:])
        return ast.BinOp(args[0], kind(), args[1])

    def name(self, function: Any, wish: str) -> ast.Name:
        """The name that `function` is bound to: one of its own."""
        if id(function) not in self._names:
            name = stem = re.sub(r"\W", "_", wish, flags=re.ASCII)
            taken = {*self.functions, *self.variables.values(), *_RESERVED}
            if not name.isidentifier() or keyword.iskeyword(name) or name in taken or re.fullmatch(r"t\d+", name):
                name = f"rule_{stem}_{next(self.fresh)}"
            self._names[id(function)] = name
            self.functions[name] = function
        return ast.Name(self._names[id(function)])


def source(x: Any) -> str:
    """The expression as Python source, every rule and every variable under its name.

    Examples
    --------
    >>> from autograd import tanh
    >>> source(1 + 2 * tanh(Symbol("x")))
    '1.0 + 2.0 * tanh(x)'
    """
    names = {part: part.text() for part in parts(x) if part.rule is None}
    return ast.unparse(Writer(False, names).expression(x))


def compiled(name: str, source: str, surroundings: Mapping[str, Any], doc: str | None = None) -> Callable[..., Any]:
    """The function ``function`` that `source` defines, called `name`, with its source to be looked at."""
    file = f"<rule {name} {next(_sources)}>"
    namespace = dict(surroundings)
    exec(compile(source, file, "exec"), namespace)
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    made: Callable[..., Any] = namespace["function"]
    follow(made)
    made.__name__, made.__qualname__, made.__doc__ = name, name, doc
    return made


_sources = count(1)


def function_of(name: str, tree: Any, inputs: Sequence[Symbol], arrays: bool) -> Callable[..., Any]:
    """The function of `inputs` that the expression `tree` computes, on floats or on arrays."""
    names = [x.names["text"] for x in inputs]
    writer = Writer(arrays, dict(zip(inputs, names)))
    first, result = writer.lines(tree)
    return compiled(name, function(", ".join(names), [*first, f"return {result}"]), writer.functions)


# --- what a rule is asked by the walks -----------------------------------------------------------------------


def pull(rule: Any, cotangents: Sequence[Any]) -> Callable[[Any], None]:
    """The function that adds the gradient of a node of Values, by each cotangent's expression, to its inputs'."""
    names = [x.names["text"] for x in INPUTS[: len(cotangents)]]
    writer = Writer(False, {**dict(zip(INPUTS, names)), OUTPUT: "y", COTANGENT: "g"})
    unary = len(names) == 1  # whose input is a node: of numbers alone nothing is recorded
    load, given, compute, add = [], [], [], []
    for name, tree, used in zip(names, cotangents, rule.uses_inputs):
        node = f"{name}_" if used else name
        asked = "" if unary else f"if type({node}) is not float: "  # no partial with respect to a constant
        if used:
            load.append(f"{name} = {node}._data" + ("" if unary else f" if type({node}) is not float else {node}"))
        if isinstance(tree, Symbol):  # else it is a derivative of 0, which adds nothing
            given.append((name, node, asked, *writer.lines(tree)))
    for name, node, asked, first, gradient in given:
        if writer.may_raise and gradient != "g":  # then nothing is added before everything is computed
            compute.append(asked + "; ".join([*first, f"d{name} = {gradient}"]))
            first, gradient = [], f"d{name}"
        add.append(asked + "; ".join([*first, f"{node}.grad += {gradient}"]))
    output = ["y = node._data"] if rule.uses_output else []
    unpacked = ", ".join(f"{name}_" if used else name for name, used in zip(names, rule.uses_inputs))
    compute = _tried(compute, "return pull_carefully(rule, node)")
    lines = [f"_, {unpacked} = node._origin", *load, *output, "g = node.grad", *compute, *add]
    around = {"rule": rule, "pull_carefully": pull_carefully}
    return compiled(rule.name, function("node", lines), {**writer.functions, **around}, rule.doc)


def method(rule: Any, surroundings: Mapping[str, Any], reflected: bool = False) -> Callable[..., Any]:
    """A method of Value that applies `rule` to the Value, and another one or a number, and records that.

    `surroundings` has what Value knows: ``kind`` (the class), ``new`` (which makes an empty one), ``constant`` (a
    number as a float, or None) and ``record_with_care``.
    """
    names = ["a"] if len(rule.partials) == 1 else ["b", "a"] if reflected else ["a", "b"]
    operands = ["self"] if len(names) == 1 else ["other", "self"] if reflected else ["self", "other"]
    writer = Writer(False, dict(zip(INPUTS, "ab")))
    first, forward = writer.lines(rule.tree(*INPUTS[: len(names)]))
    load = [f"{names[0]} = self._data"]
    if len(names) == 2:
        number = [f"other = {names[1]} = constant(other)", f"if {names[1]} is None: return NotImplemented"]
        if not reflected:
            number = ["if type(other) is kind:", f"    {names[1]} = other._data", "else:", *_indented(number)]
        load += number
    compute = _tried([*first, f"data = {forward}"], f"data = rule.on_floats({', '.join(sorted(names))})")
    lines = [*load, *compute, f"origin = (rule, {', '.join(operands)})", *_RECORD]
    source = function(", ".join(sorted(operands, reverse=True)), lines)
    around = {**_AROUND_RECORD, "rule": rule, **surroundings}
    return compiled(rule.name, source, {**writer.functions, **around}, rule.doc)


def recorder(surroundings: Mapping[str, Any]) -> Callable[[Any, tuple[Any, ...]], Any]:
    """The function that records the Value of some data, given what it was made by: ``(data, (rule, *inputs))``."""
    return compiled("recorded", function("data, origin", _RECORD), {**_AROUND_RECORD, **surroundings})


_RECORD = ["if active and modes.on(): return record_with_care(origin[0], origin[1:], data)", *LAYOUT, "return node"]
_AROUND_RECORD = {"active": modes.active, "modes": modes, "tick": tick}


def function(parameters: str, lines: Sequence[str]) -> str:
    """The source of a function."""
    return "\n".join([f"def function({parameters}):", *_indented(lines), ""])


def _indented(lines: Sequence[str]) -> list[str]:
    return [f"    {line}" for line in lines]


def _tried(lines: list[str], otherwise: str) -> list[str]:
    """`lines`, with what is done instead where Python's floats raise, as they do for 1/0 and exp(1000)."""
    return lines and ["try:", *_indented(lines), "except (ArithmeticError, ValueError):", f"    {otherwise}"]


def pull_carefully(rule: Any, node: Any) -> None:
    """What the compiled pull does, on NumPy's floats: inf and nan where Python's floats raise."""
    inputs = node._origin[1:]
    wanted = [i for i, x in enumerate(inputs) if type(x) is not float]
    with np.errstate(all="ignore"):
        numbers = [np.float64(x if type(x) is float else x._data) for x in inputs]
        found = rule.vjp(node.grad, np.float64(node._data), numbers, wanted, {})
    for i, cotangent in zip(wanted, found):
        inputs[i].grad += float(cotangent)


_RESERVED = {
    *"node y g self other constant out function float type kind new tick data origin rule active modes".split(),
    *"cotangents cotangent give pull_carefully record_with_care".split(),
    *[form.format(x) for x in "abcdefgh" for form in ("{}", "{}_", "d{}")],
}
