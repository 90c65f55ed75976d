"""Programs of single numbers, run by whichever core this process has: every number of theirs, bit by bit.

Run as a script, it answers requests: pickled programs come in by standard input, what they gave goes out.
"""

from __future__ import annotations

import math
import pickle
import sys
from struct import pack
from typing import Any, NamedTuple

import autograd
from autograd import RULES, Composite, Elementwise, Value, core, exp, jvp, sigmoid, sqrt, square, where

Operand = float | tuple[int]
"""A number, or the place of an earlier result."""


class Program(NamedTuple):
    """Leaves, instructions (how to apply what, to which operands), and seeds of backward passes from the end."""

    leaves: tuple[float, ...]
    steps: tuple[tuple[str, str, tuple[Operand, ...]], ...]
    seeds: tuple[float, ...]
    create_graph: bool = False


def _branching(y: Any, x: Any) -> Any:
    return 2 * x if x > 0 else -3.0 * square(x)  # no expression: a symbol has no truth value


OWN = {
    rule.name: rule
    for rule in (
        Elementwise("branching", lambda x: x * x if x > 0 else -(x**3), lambda x: x, _branching),
        Elementwise("gamma", math.gamma, lambda x: x * math.inf, lambda y, x: y * OWN["gamma"](x + 1) / sqrt(x)),
        Elementwise("raises", lambda x: math.log(x - 1), lambda x: x - 1, lambda y, x: 1 / (x - 1) + exp(exp(x))),
        Elementwise(
            "three",
            lambda a, b, c: a * b - c,
            lambda a, b, c: a * b - c,
            lambda y, a, b, c: b,
            lambda y, a, b, c: a * OWN["gamma"](c),
            lambda y, a, b, c: -1,
        ),
        Composite("nested", lambda x, a=0.5: where(x > a, sigmoid(sigmoid(x) * x) / a, square(x) + square(x) * a)),
    )
}
"""Rules as users write them: read in part, or not at all."""


def run(program: Program) -> Any:
    """Every number that the program makes, as bytes; what it raises, in words."""
    values: list[Any] = [Value(x) for x in program.leaves]
    try:
        for way, name, operands in program.steps:
            values.append(_applied(way, name, [values[x[0]] if isinstance(x, tuple) else x for x in operands]))
        made = [_bits(x.data) for x in values]
        root = values[-1]
        for seed in program.seeds:
            root.backward(seed)
        gradients = [_bits(x.grad) for x in values]
        if program.create_graph:
            for x in values:
                x.grad = None
            root.backward(create_graph=True)
            slope = values[0].grad
            if isinstance(slope, Value):
                slope.backward()
            gradients += [_bits(x.grad) for x in values]
        return made, gradients
    except Exception as error:
        return type(error).__name__, str(error)


def _applied(way: str, name: str, operands: list[Any]) -> Any:
    rule = OWN.get(name) or RULES[name]
    if way == "method" and type(operands[0]) is Value and hasattr(Value, name):
        return getattr(operands[0], name)(*operands[1:])
    if way == "operator" and name in _OPERATORS:
        return _OPERATORS[name](*operands)
    if name == "dot" and way == "function":
        n = len(operands) // 2
        return autograd.dot(operands[:n], operands[n : 2 * n], operands[-1])
    return rule(*operands)


_OPERATORS: dict[str, Any] = {
    "add": lambda a, b: a + b, "sub": lambda a, b: a - b, "mul": lambda a, b: a * b, "div": lambda a, b: a / b,
    "power": lambda a, b: a**b, "neg": lambda a: -a, "abs": abs,
}  # fmt: skip


def _bits(number: Any) -> bytes | None:
    number = number.data if isinstance(number, Value) else number  # (a nan has a sign that means nothing)
    return None if number is None else pack("d", math.nan if number != number else number)


def tangents(x: float) -> bytes:
    """A derivative forward, through the same nodes."""
    return pack("d", jvp(lambda v: (v.tanh() * v).exp(), (x,), (1.0,))[1])


if __name__ == "__main__":
    assert core.name == "pure"
    while True:
        try:
            request = pickle.load(sys.stdin.buffer)
        except EOFError:
            break
        sys.stdout.buffer.write(pickle.dumps(run(Program(*request))))
        sys.stdout.buffer.flush()
