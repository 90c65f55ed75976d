"""Formulas of nodes and of their local derivatives: names, operations and their settings, written out."""

from __future__ import annotations

import re
from typing import Any, Mapping, Sequence

import numpy as np

from autograd.node import Node, plain
from autograd.rules.expressions import ATOM, LOWEST, Notation, Symbol, latex_name, number
from autograd.rules.rule import Rule

LONG = 24
"""Longer names are shortened where they stand inside formulas; on their own node they are written in full."""
MANY = 24
"""An operation of more inputs is written with the first and the last of them."""


class Name:
    """What a node is called, as it stands in formulas (`symbol`), behind a ∂ (`atom`), and in LaTeX."""

    __slots__ = ("full", "symbol", "atom", "latex")

    def __init__(self, full: str) -> None:
        short = " ".join(full.split()) or full
        if len(short) > LONG:
            short = short[: LONG - 1] + "…"
        self.full = full
        self.symbol = _symbol(short)
        self.atom = Notation("{0}", needs=(ATOM,)).write([self.symbol], "text")
        self.latex = self.symbol.latex()


def partials(node: Node, at: Sequence[int], called: Mapping[Node, Name]) -> Sequence[Any]:
    """The local derivatives with respect to the inputs numbered `at`, as symbols.

    Of an operation on whole arrays it is what the backward pass applies, by name: ``matmulᵀ``.
    """
    rule: Any = node.rule
    if type(rule).partial is Rule.partial:
        return [Symbol(f"{rule.name}ᵀ", rf"\mathrm{{{latex_name(rule.name)}}}^\top") for _ in at]
    inputs = _operands(node, called)
    # Python refuses to compute with some constants, such as the 0 of x/0: then they are symbols too.
    for operands in (inputs, [Symbol(number(x)) if isinstance(x, float) else x for x in inputs]):
        try:
            return rule.vjp(1, called[node].symbol, operands, at, node.static)  # type: ignore[no-any-return]
        except (ArithmeticError, ValueError, TypeError, AttributeError):
            continue
    # A rule that somebody wrote with functions that only know numbers.
    return [Symbol(f"{rule.name}′") for _ in at]


def partial_values(node: Node, at: Sequence[int]) -> Sequence[float | None]:
    """The same as numbers, where everything is one real number.

    They are computed in NumPy's numbers, which follow IEEE where Python's raise.
    """
    rule: Any = node.rule
    data = [plain(x) for x in node.inputs]
    if type(rule).partial is Rule.partial or any(np.ndim(x) or np.iscomplexobj(x) for x in [node._data, *data]):
        return [None] * len(at)
    with np.errstate(all="ignore"):
        try:
            found = rule.vjp(1.0, np.float64(node._data), [np.float64(x) for x in data], at, node.static)
        except (ArithmeticError, ValueError):
            return [None] * len(at)
    return [float(x) for x in found]


def formula(node: Node, called: Mapping[Node, Name], style: Any) -> str | None:
    """How `node` was computed: ``b·c``; ``None`` for a leaf."""
    rule = node.rule
    if rule is None:
        return None
    operands = _operands(node, called)
    if len(operands) > MANY:
        first, second, last = (write(x, style) for x in (*operands[:2], operands[-1]))
        return f"{rule.name}({first}, {second}, …, {last})"
    written = rule.notation.write(operands, style)
    return written if style != "text" else _with_settings(written, rule.name, node.static)


def _operands(node: Node, called: Mapping[Node, Name]) -> list[Any]:
    return [called[x].symbol if isinstance(x, Node) else operand(x) for x in node.inputs]


def _with_settings(written: str, name: str, static: Mapping[str, Any]) -> str:
    """``np.sum(x, axis=0)``, ``x[1:, 0]``: the settings that are not left at None or False."""
    if "index" in static and name == "getitem":
        index = static["index"] if isinstance(static["index"], tuple) else (static["index"],)
        return f"{written[len(name) + 1 : -1]}[{', '.join(map(_setting, index))}]"
    shown = [f"{key}={_setting(x)}" for key, x in static.items() if x is not None and x is not False]
    return f"{written[:-1]}, {', '.join(shown)})" if shown and written.endswith(")") else written


def _setting(x: Any) -> str:
    if isinstance(x, tuple):
        return _setting(x[0]) if len(x) == 1 else f"({', '.join(map(_setting, x))})"
    if isinstance(x, slice):
        parts = ["" if part is None else str(part) for part in (x.start, x.stop, x.step)]
        return ":".join(parts if parts[2] else parts[:2])
    if isinstance(x, np.ndarray):
        return str(operand(x))
    return brief(x) if isinstance(x, str) else "…" if x is Ellipsis else str(x)[:24]


def operand(x: Any) -> Any:
    """A plain number or array as it stands in a formula."""
    if np.ndim(x) == 0 and isinstance(x, (float, int, np.number, np.bool_)):
        return float(x)
    if isinstance(x, np.ndarray) and x.size == 1:
        return float(x.reshape(()))
    shape = getattr(x, "shape", None)
    return str(x) if shape is None else "array" + str(tuple(shape)).replace(",)", ")")


def _symbol(name: str) -> Symbol:
    """A name as a symbol. One that reads like a formula itself gets parentheses where they are needed."""
    symbol = Symbol(name)
    if any(c in " +-*/^·−=" for c in re.sub(r"\[.*?\]", "", name)):
        braced = {"{": "{{", "}": "}}"}
        text, latex = ("".join(braced.get(c, c) for c in written) for written in (name, latex_name(name)))
        symbol.notation = Notation(text, latex, precedence=LOWEST)
    return symbol


def write(formula: Any, style: Any) -> str | None:
    """An expression, name or number as a string."""
    return None if formula is None else Notation("{0}").write([formula], style)


def brief(x: Any) -> str:
    """`repr`, cut short."""
    text = repr(x)
    return text if len(text) <= 40 else text[:39] + "…"
