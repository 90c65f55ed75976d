"""Formulas of nodes and of their local derivatives: names, operations and their settings, written out."""

from __future__ import annotations

import math
import re
from functools import cached_property
from typing import Any, Mapping, Sequence

import numpy as np

from autograd.node import Node, plain
from autograd.rules import typeset
from autograd.rules.arrays import OfArrays
from autograd.rules.expressions import Symbol, compound
from autograd.rules.latex import latex_name
from autograd.rules.rule import Elementwise, Rule
from autograd.rules.typeset import ATOM, LOWEST, NEGATION, POWER, PRODUCT, SUM, Constant, number
from viz import formatting
from viz.names import latex_of
from viz.stats import Unknown

LONG = 24
"""Longer names are shortened where they stand inside formulas; on their own node they are written in full."""
MANY = 24
"""An operation of more inputs is written with the first and the last of them."""


class Name:
    """What a node is called; each way of writing it is made when it is asked for."""

    def __init__(self, full: str) -> None:
        self.full = full

    @cached_property
    def symbol(self) -> Symbol:
        """As it stands in formulas, shortened if it is long."""
        short = " ".join(self.full.split()) or self.full
        return _symbol(short if len(short) <= LONG else short[: LONG - 1] + "…")

    @cached_property
    def atom(self) -> str:
        """As it stands behind a ∂: in brackets, if it reads like a formula."""
        plain = len(self.full) <= LONG and self.full.replace("⁽", "").replace("⁾", "").isalnum()
        return self.full if plain else typeset.write(self.symbol, "text", POWER)

    @cached_property
    def latex(self) -> str:
        """In LaTeX."""
        return self.symbol.latex()

    @cached_property
    def latex_atom(self) -> str:
        """In LaTeX, behind a ∂."""
        return typeset.write(self.symbol, "latex", POWER)


def partials(node: Node, at: Sequence[int], called: Mapping[Node, Name]) -> Sequence[Any]:
    """The local derivatives with respect to the inputs numbered `at`, as symbols.

    An operation on whole arrays has none but a matrix product's, which is the other matrix; it has a `contribution`.
    """
    rule: Any = node.rule
    if type(rule).partial is Rule.partial:
        return [_other_matrix(node, i, called) if rule.name == "matmul" else None for i in at]
    inputs = [Symbol(x) if isinstance(x, str) else x for x in _operands(node, called)]  # arrays, by their shapes
    # Python refuses to compute with some constants, such as the 0 of x/0: then they are symbols too.
    for operands in (inputs, [Symbol(number(x)) if isinstance(x, float) else x for x in inputs]):
        try:
            found = rule.vjp(1, called[node].symbol, operands, at, node.static)
            return [_shortened(x) for x in found]
        except (ArithmeticError, ValueError, TypeError, AttributeError):
            continue
    # A rule that somebody wrote with functions that only know numbers.
    return [Symbol(f"{rule.name}′") for _ in at]


def _other_matrix(node: Node, i: int, called: Mapping[Node, Name]) -> Symbol:
    """``xᵀ`` in v = x @ W."""
    other = _operands(node, called)[1 - i]
    text, latex = (typeset.write(other, style, ATOM) for style in ("text", "latex"))
    return Symbol(f"{text}ᵀ", rf"{latex}^\top")


def contribution(node: Node, i: int, called: Mapping[Node, Name], upstream: str, partial: Any) -> str:
    """What the gradient of `node`, called `upstream`, adds to that of its i-th input, which is an array.

    ``xᵀ · dL/dv`` for v = x @ W, ``dL/dh ⊙ [v > 0]`` for h = max(v, 0).
    """
    rule: Any = node.rule
    x, y = np.shape(plain(node.inputs[i])), np.shape(plain(node))
    if isinstance(rule, Elementwise):
        factor = typeset.write(partial, "text", PRODUCT)
        written = {"1": upstream, "−1": f"−{upstream}", "(−1)": f"−{upstream}"}.get(factor, f"{upstream} ⊙ {factor}")
        return written + _summed(x, y)
    words = {
        "g": upstream,
        "y": called[node].atom,
        "shape": "×".join(map(str, x)) or "a number",
        "share": str(math.prod(x) // max(1, math.prod(y))),
        "summed": _summed(x, y),
    }
    names = [typeset.write(operand, "text", ATOM) for operand in _operands(node, called)]
    said = rule.local_formula(i, names, words, node.static) if isinstance(rule, OfArrays) else ""
    return said or f"{rule.name}ᵀ applied to {upstream}"


def _summed(shape: tuple[int, ...], result: tuple[int, ...]) -> str:
    """How broadcasting from `shape` to `result` is undone."""
    if shape == result or len(shape) > len(result):
        return ""
    lead = len(result) - len(shape)
    axes = [*range(lead), *(lead + i for i, n in enumerate(shape) if n == 1 and result[lead + i] != 1)]
    return f", summed over {'axis' if len(axes) == 1 else 'axes'} {', '.join(map(str, axes))}" if axes else ""


def partial_values(node: Node, at: Sequence[int]) -> Sequence[float | None]:
    """The same as numbers, where everything is one real number."""
    rule: Any = node.rule
    data = [plain(x) for x in node.inputs]
    if type(rule).partial is Rule.partial:
        return [None] * len(at)
    if not {type(node._data), *map(type, data)} <= {float}:
        if not all(map(is_one_number, [node._data, *data])):
            return [None] * len(at)
        data = [float(x) for x in data]
    try:
        return [float(x) for x in pulled(node, 1.0, data, at)]
    except (ArithmeticError, ValueError):
        return [None] * len(at)


def slopes_of_numbers(node: Node, at: Sequence[int], data: list[Any]) -> Sequence[float | None]:
    """As :func:`partial_values`, faster where inputs and output are floats and nothing is undefined there.

    It is for loops over a large program, which hold NumPy's warnings back for all of them at once.
    """
    rule: Any = node.rule
    if type(rule).partial is not Rule.partial and {type(node._data), *map(type, data)} == {float}:
        try:
            found = rule.vjp(1.0, node._data, data, at, node.static)
            if complex not in map(type, found):
                return [float(x) for x in found]
        except (ArithmeticError, ValueError):
            pass
    return partial_values(node, at)


def pulled(node: Node, g: Any, data: list[Any], at: Sequence[int]) -> Sequence[Any]:
    """What the rule of a node makes of its cotangent.

    NumPy's numbers follow IEEE where Python's raise, or turn complex.
    """
    rule: Rule = node.rule
    y = node._data
    with np.errstate(all="ignore"):
        if type(y) is not float or not {*map(type, data)} <= {float}:
            return rule.vjp(g, y, data, at, node.static)
        try:
            found = rule.vjp(g, y, data, at, node.static)
            if complex not in map(type, found):
                return found
        except (ArithmeticError, ValueError):
            pass
        return rule.vjp(np.float64(g), np.float64(y), [np.float64(x) for x in data], at, node.static)


def is_one_number(x: Any) -> bool:
    """Whether it is a real number, and known."""
    return not (np.ndim(x) or np.iscomplexobj(x) or isinstance(x, (str, Unknown)))


def formula(node: Node, called: Mapping[Node, Name], style: Any) -> str | None:
    """How `node` was computed: ``b·c``; ``None`` for a leaf."""
    rule = node.rule
    if rule is None:
        return None
    return _written(node, _operands(node, called), style)


def worked(node: Node) -> str | None:
    """The formula with the numbers put in, of an operation on few numbers: ``3·2``."""
    numbers = [plain(x) for x in node.inputs]
    if node.rule is None or len(numbers) > MANY or not all(map(is_one_number, numbers)):
        return None
    shown = [formatting.show(float(x)) for x in numbers]
    return _written(node, [Symbol(x, x, NEGATION if x.startswith("−") else ATOM) for x in shown], "text")


def _written(node: Node, operands: list[Any], style: Any) -> str:
    rule: Any = node.rule
    if len(operands) > MANY:
        first, second, last = (write(x, style) for x in (*operands[:2], operands[-1]))
        dots, name = ("…", rule.name) if style == "text" else (r"\dots", rf"\operatorname{{{latex_name(rule.name)}}}")
        return f"{name}({first}, {second}, {dots}, {last})"
    written: str = rule.notation.write(operands, style)
    return written if style != "text" else _with_settings(written, rule.name, node.static)


def title(root: Node, called: Mapping[Node, Name], longest: int = 72) -> str:
    """The program in one line, ``J = 3·(a + b·c)``: results are put in for their names while that stays short."""
    shown = called[root].full
    for depth in range(12):
        budget = [200]
        expression = _expanded(root, called, depth, budget)
        text = f"{called[root].full} = {expression}"
        if expression is None or budget[0] < 0 or (depth and len(text) > longest) or text == shown:
            break
        shown = text
    return shown


def _expanded(node: Node, called: Mapping[Node, Name], depth: int, budget: list[int]) -> Any:
    """How `node` was computed, as text, with the results down to `depth` put in."""
    if node.rule is None:
        return None
    budget[0] -= 1
    operands = _operands(node, called)
    if depth and len(operands) <= MANY and budget[0] >= 0:
        operands = [_inside(x, y, called, depth - 1, budget) for x, y in zip(node.inputs, operands)]
    return _written(node, operands, "text")


def _inside(x: Any, name: Any, called: Mapping[Node, Name], depth: int, budget: list[int]) -> Any:
    if not isinstance(x, Node) or x not in called or x.rule is None or budget[0] < 0:
        return name
    text = _expanded(x, called, depth, budget)
    return Symbol(text, text, _binding(x))


def _binding(node: Node) -> int:
    """How tightly the formula of a node binds."""
    notation = node.rule.notation
    simple = len(node.inputs) <= MANY and not node.static
    return notation.precedence["text"] if simple else ATOM


def _operands(node: Node, called: Mapping[Node, Name]) -> list[Any]:
    """Names of nodes; numbers of constants, and of nodes that stand for constants."""
    return [called[x].symbol if isinstance(x, Node) and x in called else operand(plain(x)) for x in node.inputs]


def factor(partial: Any, style: Any) -> str | None:
    """A local derivative as it stands first in a product: in brackets, if it is a sum."""
    if partial is None:
        return None
    bare = typeset.write(partial, style)
    negative = typeset.write(partial, style, NEGATION) == bare != typeset.write(partial, style, SUM)
    return bare if negative else typeset.write(partial, style, PRODUCT)


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
        return _constant(float(x))
    if isinstance(x, np.ndarray) and x.size == 1:
        return _constant(float(x.reshape(())))
    shape = getattr(x, "shape", None)
    return str(x) if shape is None else "array" + str(tuple(shape)).replace(",)", ")")


def _constant(x: float) -> float:
    """A number that is written with as many digits as values are."""
    shown = formatting.show(x)
    return x if shown == number(x) or not math.isfinite(x) else Constant(x, shown, formatting.latex(x))


def _shortened(x: Any) -> Any:
    """An expression whose numbers are written with as many digits as values are."""
    if type(x) in (int, float):
        return _constant(float(x))
    if isinstance(x, Symbol) and x.rule is not None:
        return compound(x.rule, [_shortened(argument) for argument in x.args], x.static)
    return x


def _symbol(name: str) -> Symbol:
    """A name as a symbol. One that reads like a formula itself gets parentheses where they are needed."""
    if any(c in " +-*/^·−=@×÷⊙⊕⊗∘" for c in re.sub(r"\[.*?\]", "", name)):
        return Symbol(name, latex_of(name), LOWEST)
    # A raised index is no power, but looks like one: (a⁽¹⁾)².
    return Symbol(name, latex_of(name), POWER if name.endswith("⁾") else ATOM)


def write(formula: Any, style: Any) -> str | None:
    """An expression, name or number as a string."""
    return None if formula is None else typeset.write(formula, style)


def brief(x: Any) -> str:
    """`repr`, cut short."""
    text = repr(x)
    return text if len(text) <= 40 else text[:39] + "…"
