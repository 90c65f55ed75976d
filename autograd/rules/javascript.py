"""JavaScript: the reader that turns rules into functions of the live page, which computes what Python computes.

As in :mod:`autograd.rules.code`, a tree becomes an expression in which every rule is a function: an operator, one of
JavaScript's ``Math``, or one that stands in ``numerics.js`` because ``Math`` lacks it or differs. A rule whose
function is none of these says itself what it computes (``javascript=``); a composite one is a tree anyway.
"""

from __future__ import annotations

import math
import operator
import re
from typing import Any, Mapping, Sequence

from autograd.rules import scalars
from autograd.rules.code import COTANGENT, INPUTS, OUTPUT
from autograd.rules.expressions import Relation, Symbol, parts
from autograd.rules.extremes import largest, smallest
from autograd.rules.log_sum_exp import log_sum_exp
from autograd.rules.nary import total, weighted_sum
from autograd.rules.rule import Composite, Elementwise

_OPERATORS: dict[Any, str] = {
    operator.add: "+", operator.sub: "-", operator.mul: "*", operator.truediv: "/",
    operator.lt: "<", operator.gt: ">", operator.le: "<=", operator.ge: ">=", operator.eq: "===", operator.ne: "!==",
}  # fmt: skip
_FUNCTIONS: dict[Any, str] = {
    operator.abs: "Math.abs", float: "Number", scalars.cbrt: "Math.cbrt",
    **{getattr(math, name): f"Math.{name}" for name in (
        "acos", "acosh", "asin", "asinh", "atan", "atan2", "atanh", "cos", "cosh", "exp", "expm1", "hypot",
        "log", "log10", "log1p", "log2", "sin", "sinh", "sqrt", "tan", "tanh")},
    math.erf: "erf", math.erfc: "erfc", math.pow: "power",
    scalars.larger: "larger", scalars.smaller: "smaller", scalars.sign: "sign",
}  # fmt: skip
_NARY = {
    total: ("sum", "ones"), weighted_sum: ("dot", "dotSlopes"), log_sum_exp: ("logsumexp", "shares"),
    largest: ("largest", "winners"), smallest: ("smallest", "winners"),
}  # fmt: skip
_KINKS = {"abs": "{0} === 0", "sign": "{0} === 0", "step": "{0} === 0", **dict.fromkeys(
    ("maximum", "minimum", "share"), "{0} === {1}")}  # fmt: skip
"""Where functions of the table that are no formulas have a kink or a jump."""

NUMERICS = {
    name
    for name in [*_FUNCTIONS.values(), *(x for pair in _NARY.values() for x in pair)]
    if not re.match("[A-Z]", name)
}
"""What the page has to bring along: functions that stand in ``numerics.js``."""


class NotWritable(ValueError):
    """A rule that JavaScript cannot compute; the message says why, and what would help."""


class Script:
    """The functions of some rules in JavaScript, with all that they call.

    Examples
    --------
    >>> from autograd import silu
    >>> script = Script()
    >>> script.add(silu)
    '{arity: 1, f: silu, d: [(g, y, a) => { const t1 = sigmoid(a); return (g * (t1 + (a * (t1 * (1 - t1))))); }]}'
    >>> print(script.source)
    const sigmoid = (a) => { const t1 = Math.exp((-Math.abs(a))); return (((a >= 0) ? 1 : t1) / (1 + t1)); };
    const silu = (a) => (a * sigmoid(a));
    """

    def __init__(self) -> None:
        self._functions: dict[str, str] = {}
        self._names: dict[Any, str] = {}

    @property
    def source(self) -> str:
        """The functions, what is called before what calls it."""
        return "\n".join(self._functions.values())

    def add(self, rule: Any) -> str:
        """What the page knows of a rule: how to compute it (f), its cotangents (d), and where it may have kinks.

        Raises
        ------
        NotWritable
            If it has no formula that JavaScript could compute.
        """
        if rule in _NARY:
            value, slopes = _NARY[rule]
            return f"{{arity: -1, f: {value}, d: {slopes}}}"
        if not isinstance(rule, Elementwise):
            raise NotWritable(f"{rule.name} works on whole arrays")
        if rule.arrays_only:
            raise NotWritable(f"{rule.name} is for arrays")
        if rule.cotangents is None:
            raise NotWritable(f"the derivative of {rule.name} is no formula over autograd's functions")
        inputs = INPUTS[: len(rule.partials)]
        names = ", ".join(x.names["text"] for x in inputs)
        cotangents = ", ".join(self._function(tree, f"g, y, {names}") for tree in rule.cotangents)
        kinks = self._kinks(rule, inputs)
        kinked = f", kink: (y, {names}) => {kinks}" if kinks else ""
        return f"{{arity: {len(inputs)}, f: {self._name(rule)}, d: [{cotangents}]{kinked}}}"

    def _name(self, rule: Any) -> str:
        """The function that a rule is called by: one that JavaScript has, or one that is defined here."""
        if rule.scalar in _FUNCTIONS:
            return _FUNCTIONS[rule.scalar]
        if rule not in self._names:
            inputs = INPUTS[: len(rule.partials)]
            names = ", ".join(x.names["text"] for x in inputs)
            if rule.javascript is not None:
                written = f"({names}) => ({_safe(rule)})"
            elif isinstance(rule, Composite) or rule.scalar in _OPERATORS or rule.scalar is operator.neg:
                written = self._function(rule.tree(*inputs), names)
            elif rule.write_choice is not None:
                written = self._function(rule.tree(*inputs), names)
            else:
                raise NotWritable(
                    f"{rule.name} has no JavaScript; give its rule javascript=, an expression in {names}, "
                    "or make it a Composite"
                )
            stem = re.sub(r"\W", "_", rule.name, flags=re.ASCII)
            taken = {*_RESERVED, *self._names.values()}
            name = stem if re.fullmatch(r"[a-z]\w+", stem, re.ASCII) and stem not in taken else f"rule_{stem}"
            while name in taken:
                name += "_"
            self._names[rule] = name
            self._functions[name] = f"const {name} = {written};"
        return self._names[rule]

    def _function(self, tree: Any, names: str) -> str:
        """The expression `tree` as a function of `names`, what it contains twice computed once."""
        variables = {x: x.names["text"] for x in (*INPUTS, OUTPUT, COTANGENT)}
        first: list[str] = []
        for shared, uses in parts(tree).items():
            if uses > 1 and shared.rule is not None:
                written = self._expression(shared, variables)
                variables[shared] = f"t{len(first) + 1}"
                first.append(f"const {variables[shared]} = {written};")
        result = self._expression(tree, variables)
        return f"({names}) => {{ {' '.join(first)} return {result}; }}" if first else f"({names}) => {result}"

    def _expression(self, x: Any, variables: Mapping[Symbol, str]) -> str:
        if not isinstance(x, Symbol):
            return _number(float(x))
        if x in variables:
            return variables[x]
        args = [self._expression(argument, variables) for argument in x.args]
        if x.rule is None or x.static:
            raise NotWritable(f"{x.text()} has no JavaScript")
        if x.rule.write_choice is not None:
            # Python takes nan for true; so does a comparison with 0.
            condition = args[0] if _is_relation(x.args[0]) else f"({args[0]} !== 0)"
            return f"({condition} ? {args[1]} : {args[2]})"
        if x.rule.scalar in _OPERATORS:
            return f"({args[0]} {_OPERATORS[x.rule.scalar]} {args[1]})"
        if x.rule.scalar is operator.neg:
            return f"(-{args[0]})"
        return f"{self._name(x.rule)}({', '.join(args)})"

    def _kinks(self, rule: Elementwise, inputs: Sequence[Symbol]) -> str:
        """Where the rule may have a kink: where one of the choices in its formulas is undecided."""
        variables = {x: x.names["text"] for x in (*INPUTS, OUTPUT, COTANGENT)}
        trees = [rule.tree(*inputs), *(partial for i in range(len(inputs)) for partial in self._partials(rule, i))]
        found: dict[str, None] = {}
        for part in (part for tree in trees for part in parts(tree) if part.rule is not None):
            args = [self._expression(argument, variables) for argument in part.args]
            if isinstance(part.rule, Relation):
                found[f"{args[0]} === {args[1]}"] = None
            elif part.rule.name in _KINKS and hasattr(part.rule, "javascript"):
                found[_KINKS[part.rule.name].format(*args)] = None
        return " || ".join(found)

    @staticmethod
    def _partials(rule: Elementwise, i: int) -> list[Any]:
        return [rule.partials[i](OUTPUT, *INPUTS[: len(rule.partials)])]


def _is_relation(x: Any) -> bool:
    return isinstance(x, Symbol) and isinstance(x.rule, Relation)


def _number(x: float) -> str:
    if not math.isfinite(x):
        return "NaN" if x != x else "Infinity" if x > 0 else "(-Infinity)"
    written = repr(x).removesuffix(".0")
    return f"({written})" if written.startswith("-") else written


def _safe(rule: Elementwise) -> str:
    """What a rule says it computes, if it can stand in a script of a page."""
    written = str(rule.javascript)
    if re.search(r"</|<!--|[\r\n;{}]|//|/\*", written):
        raise NotWritable(f"{rule.name}: javascript= must be one expression in one line, not {written!r}")
    return written


_RESERVED = {
    *_FUNCTIONS.values(), *(name for pair in _NARY.values() for name in pair), "rules",
    "abstract", "await", "break", "case", "catch", "class", "const", "continue", "debugger", "default", "delete", "do",
    "else", "enum", "eval", "export", "extends", "false", "finally", "for", "function", "if", "implements", "import",
    "in", "instanceof", "interface", "let", "new", "null", "package", "private", "protected", "public", "return",
    "static", "super", "switch", "this", "throw", "true", "try", "typeof", "undefined", "var", "void", "while", "with",
    "yield", "arguments",
}  # fmt: skip
