"""Expressions: what a rule's formula gives where it is to be read instead of computed.

A formula is plain Python over operators and other rules. Given a :class:`Symbol` in place of a number it
builds a tree, which keeps the rules and their arguments. Readers of a tree are elsewhere: typography in
:mod:`autograd.rules.typeset`, code in :mod:`autograd.rules.code`.

    >>> from autograd import tanh
    >>> x, y = Symbol("x"), Symbol("y")
    >>> slope = tanh.partials[0](y, x)
    >>> slope.rule, slope.text()
    (<rule sub>, '1 − y²')
"""

from __future__ import annotations

import operator
from typing import Any, Callable, Mapping, Sequence

from autograd.node import plain
from autograd.rules import typeset
from autograd.rules.latex import latex_name
from autograd.rules.table import RULES, rule_of_ufunc
from autograd.rules.typeset import ATOM, LOWEST, SUM, Notation, Style
from autograd.types import Settings

_NOTHING: Settings = {}


def _operator(name: str) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """The method of Symbol that applies the rule of that name, and the one for a symbol on the right."""
    return lambda *operands: RULES[name](*operands), lambda right, left: RULES[name](left, right)


def _comparison(sign: str) -> Callable[[Any, Any], Any]:
    return lambda a, b: RELATIONS[sign](a, b)


class Symbol:
    """An expression: a name, or a rule applied to expressions and numbers.

    Arithmetic on symbols gives symbols, with the trivial cases (times one, plus zero, numbers among
    themselves) worked out, so that a derivative reads as a person would write it.

    Parameters
    ----------
    name : str
        The variable's name.
    latex : str, optional
        Its name in LaTeX; by default `name` with its last digits as a subscript.
    precedence : int, optional
        How tightly the name binds, for one that reads like a formula itself.

    Attributes
    ----------
    rule, args, static
        What was applied to what, with which settings; ``None`` and nothing for a name.

    Examples
    --------
    >>> x = Symbol("x")
    >>> (2 * x + 1).text(), (x / (1 + x)).latex()
    ('2·x + 1', '\\\\frac{x}{1 + x}')
    """

    __slots__ = ("rule", "args", "static", "names", "precedence")
    # Symbols lead every mixture: whatever meets one becomes part of the expression.
    _dispatch_order = 3

    def __init__(self, name: str, latex: str | None = None, precedence: int = ATOM) -> None:
        self.rule: Any = None
        self.args: tuple[Any, ...] = ()
        self.static = _NOTHING
        self.names: dict[Style, str] = {"text": name, "latex": latex or latex_name(name)}
        self.precedence = precedence

    @staticmethod
    def _apply(rule: Any, inputs: Sequence[Any], **static: Any) -> Any:
        inputs = [_as_number(x) if i not in rule.own_dtype else x for i, x in enumerate(inputs)]
        simple = rule.simplify(*inputs) if rule.simplify and not static else None
        return compound(rule, inputs, static) if simple is None else simple

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        rule = rule_of_ufunc(ufunc)
        return NotImplemented if rule is None or method != "__call__" or options else rule(*inputs)

    def text(self) -> str:
        """The expression as one line of Unicode text."""
        return typeset.write(self, "text")

    def latex(self) -> str:
        """The expression in LaTeX's mathematics mode."""
        return typeset.write(self, "latex")

    def __repr__(self) -> str:
        return f"Symbol({self.text()!r})"

    __add__, __radd__ = _operator("add")
    __sub__, __rsub__ = _operator("sub")
    __mul__, __rmul__ = _operator("mul")
    __truediv__, __rtruediv__ = _operator("div")
    __pow__, __rpow__ = _operator("power")
    __neg__ = _operator("neg")[0]
    __abs__ = _operator("abs")[0]
    __lt__ = _comparison("<")
    __gt__ = _comparison(">")
    __le__ = _comparison("≤")
    __ge__ = _comparison("≥")
    __eq__ = _comparison("=")
    __ne__ = _comparison("≠")
    __hash__ = object.__hash__  # by identity: the parts of a tree are told apart as objects

    def __bool__(self) -> bool:
        raise TypeError("a formula cannot branch on a symbol; write the choice with autograd.where")


class Relation:
    """A comparison inside a formula: it looks at data, and has no derivative."""

    simplify = write_choice = None

    def __init__(self, scalar: Callable[[Any, Any], Any], text: str, latex: str | None = None) -> None:
        self.name = scalar.__name__
        self.scalar = self.compute = scalar
        signs = [f"{{0}} {sign} {{1}}" for sign in (text, latex or text)]
        self.notation = Notation(*signs, precedence=LOWEST, needs=(SUM,))

    def notation_of(self, static: Settings) -> Notation:
        return self.notation

    def __call__(self, a: Any, b: Any) -> Any:
        symbolic = isinstance(a, Symbol) or isinstance(b, Symbol)
        return compound(self, (a, b)) if symbolic else self.scalar(plain(a), plain(b))

    def __repr__(self) -> str:
        return f"<relation {self.name}>"


RELATIONS = {
    "<": Relation(operator.lt, "<"), ">": Relation(operator.gt, ">"), "≤": Relation(operator.le, "≤", r"\le"),
    "≥": Relation(operator.ge, "≥", r"\ge"), "=": Relation(operator.eq, "="), "≠": Relation(operator.ne, "≠", r"\ne"),
}  # fmt: skip


def compound(rule: Any, args: Sequence[Any], static: Settings = _NOTHING) -> Symbol:
    """The expression that applies a rule or relation to `args`."""
    symbol = object.__new__(Symbol)
    symbol.rule, symbol.args, symbol.static = rule, tuple(args), static
    return symbol


def _as_number(x: Any) -> Any:
    """A comparison that is reckoned with as the number 1 or 0: arrays of truth values add and multiply otherwise."""
    return compound(RULES["truth"], (x,)) if isinstance(x, Symbol) and isinstance(x.rule, Relation) else x


def evaluate(x: Any, values: Mapping[Symbol, Any]) -> Any:
    """The expression `x` with something else in place of its names: numbers, arrays, nodes or expressions.

    Examples
    --------
    >>> x = Symbol("x")
    >>> evaluate(2 * x + 1, {x: 3.0})
    7.0
    """
    return _value(x, dict(values))


def _value(x: Any, known: dict[Symbol, Any]) -> Any:
    if not isinstance(x, Symbol):
        return x
    if x not in known:
        known[x] = x.rule(*[_value(argument, known) for argument in x.args], **x.static)
    return known[x]


def derivative(x: Any, variable: Symbol) -> Any:
    """∂x/∂variable as an expression, by the chain rule over the partials of the rules in `x`.

    Examples
    --------
    >>> x = Symbol("x")
    >>> derivative(x * x + 3 * x, x).text()
    '2·x + 3'
    """
    return _slope(x, {variable: 1})


def _slope(x: Any, known: dict[Symbol, Any]) -> Any:
    """The derivative of `x`, given those of some expressions; a name that is not among them is a constant."""
    if not isinstance(x, Symbol):
        return 0
    if x not in known:
        total: Any = 0
        for i, argument in enumerate(() if isinstance(x.rule, Relation) else x.args):
            inner = _slope(argument, known)
            if isinstance(inner, Symbol) or inner != 0:
                total = total + x.rule.partials[i](x, *x.args, **x.static) * inner
        known[x] = total
    return known[x]


def parts(x: Any, found: dict[Symbol, int] | None = None) -> dict[Symbol, int]:
    """Every symbol in the expression `x`, arguments before what is made of them, and how often each stands there."""
    found = {} if found is None else found
    if isinstance(x, Symbol):
        if x not in found:
            for argument in x.args:
                parts(argument, found)
        found[x] = found.get(x, 0) + 1
    return found
