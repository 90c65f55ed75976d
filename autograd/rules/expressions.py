"""Symbols: what a rule is evaluated on when its formula is to be read instead of computed.

A rule's derivative is plain Python over operators and other rules. Given :class:`Symbol` s in place of
numbers it builds an expression, and an expression prints itself as text, as LaTeX and as Python source::

    >>> from autograd.rules import tanh
    >>> from autograd.rules.expressions import Symbol
    >>> x, y = Symbol("x"), Symbol("y")
    >>> tanh.partials[0](y, x).text()
    '1 − y²'
"""

from __future__ import annotations

from typing import Any, Literal, Sequence

Style = Literal["text", "latex", "python"]

# How tightly an expression binds. An operand that binds less tightly than its place asks gets parentheses.
NEGATION, SUM, PRODUCT, POWER, ATOM = range(1, 6)
LOWEST = 0

_SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


class Constant(float):
    """A number with a name of its own, such as ln 2: it computes as a float and prints as its name."""

    names: dict[Style, str]

    def __new__(cls, value: float, text: str, latex: str) -> Constant:
        self = super().__new__(cls, value)
        self.names = {"text": text, "latex": latex, "python": repr(float(value))}
        return self


class Notation:
    """How an operation is written: a template and a precedence per style.

    Parameters
    ----------
    text, latex, python : str
        Templates with ``{0}``, ``{1}`` … for the operands; ``{*}`` stands for all operands, comma separated.
    precedence : int
        How tightly the written form binds (``SUM``, ``PRODUCT``, ``POWER``, ``ATOM`` …).
    needs : sequence of int
        The precedence that each operand must have to stand without parentheses; the last one repeats.
    latex_needs, latex_precedence
        The same for LaTeX, where they differ (a fraction bar groups by itself; eˣ is a power).

    Examples
    --------
    >>> Notation("{0} + {1}", precedence=SUM, needs=(NEGATION, SUM)).precedence
    2
    """

    def __init__(
        self,
        text: str,
        latex: str | None = None,
        python: str | None = None,
        precedence: int = ATOM,
        needs: Sequence[int] = (LOWEST,),
        latex_needs: Sequence[int] | None = None,
        latex_precedence: int | None = None,
    ) -> None:
        self.templates: dict[str, str] = {"text": text, "latex": latex or text, "python": python or text}
        self.precedence = precedence
        self.latex_precedence = latex_precedence or precedence
        self.needs = {"text": needs, "python": needs, "latex": latex_needs or needs}

    def write(self, operands: Sequence[Any], style: Style) -> str:
        """The operation applied to `operands` (symbols, names or numbers), as a string."""
        needs = self.needs[style]
        written = [
            _parenthesised(x, needs[min(i, len(needs) - 1)], style) for i, x in enumerate(operands)
        ]
        template = self.templates[style]
        if "{*}" in template:
            return template.replace("{*}", ", ".join(written))
        return template.format(*written)


def function(name: str, latex: str | None = None, python: str | None = None) -> Notation:
    """The notation ``name(x, …)``; `latex` is the command that replaces the name there."""
    command = latex or r"\operatorname{" + name.replace("_", r"\_") + "}"
    return Notation(name + "({*})", command + r"\left({*}\right)", (python or name) + "({*})")


class Symbol:
    """An expression: a name, a number, or a rule applied to expressions.

    Arithmetic on symbols gives symbols, with the trivial cases (times one, plus zero, numbers among
    themselves) worked out, so that a derivative reads as a person would write it.

    Parameters
    ----------
    name : str
        The variable's name.
    latex : str, optional
        Its name in LaTeX; by default `name` with its first digits as a subscript.

    Examples
    --------
    >>> x = Symbol("x")
    >>> (2 * x + 1).text(), (x / (1 + x)).latex()
    ('2·x + 1', '\\\\frac{x}{1 + x}')
    """

    __slots__ = ("notation", "args", "names")
    # Symbols lead every mixture: whatever meets one becomes part of the expression.
    _dispatch_order = 3

    def __init__(self, name: str, latex: str | None = None) -> None:
        self.notation: Notation | None = None
        self.args: tuple[Any, ...] = ()
        self.names: dict[Style, str] = {"text": name, "latex": latex or latex_name(name), "python": name}

    @staticmethod
    def _apply(rule: Any, inputs: Sequence[Any]) -> Any:
        simple = rule.simplify(*inputs) if rule.simplify else None
        return compound(rule.notation, inputs) if simple is None else simple

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        from autograd.rules.rule import rule_of_ufunc

        rule = rule_of_ufunc(ufunc)
        return NotImplemented if rule is None else rule(*inputs)

    def write(self, style: Style) -> str:
        if self.notation is None:
            return self.names[style]
        return self.notation.write(self.args, style)

    def text(self) -> str:
        """The expression as one line of Unicode text."""
        return self.write("text")

    def latex(self) -> str:
        """The expression in LaTeX's mathematics mode."""
        return self.write("latex")

    def python(self) -> str:
        """The expression as Python source."""
        return self.write("python")

    def precedence(self, style: Style) -> int:
        """How tightly it binds as it is written in that style."""
        if self.notation is None:
            return ATOM
        return self.notation.latex_precedence if style == "latex" else self.notation.precedence

    def __repr__(self) -> str:
        return f"Symbol({self.text()!r})"

    def __lt__(self, other: Any) -> Symbol:
        return compound(_comparison("<", "<"), (self, other))

    def __gt__(self, other: Any) -> Symbol:
        return compound(_comparison(">", ">"), (self, other))

    def __le__(self, other: Any) -> Symbol:
        return compound(_comparison("≤", "<=", r"\le"), (self, other))

    def __ge__(self, other: Any) -> Symbol:
        return compound(_comparison("≥", ">=", r"\ge"), (self, other))

    def __ne__(self, other: Any) -> Any:
        return compound(_comparison("≠", "!=", r"\ne"), (self, other))

    def __bool__(self) -> bool:
        raise TypeError("a formula cannot branch on a symbol; write the choice with autograd.where")

    __eq__ = object.__eq__
    __hash__ = object.__hash__


def _comparison(text: str, python: str, latex: str | None = None) -> Notation:
    return Notation(
        "{0} " + text + " {1}", "{0} " + (latex or text) + " {1}", "{0} " + python + " {1}", LOWEST, (SUM,)
    )


def compound(notation: Notation, args: Sequence[Any]) -> Symbol:
    """The formula that applies an operation, given by its notation, to `args`."""
    symbol = object.__new__(Symbol)
    symbol.notation, symbol.args, symbol.names = notation, tuple(args), {}
    return symbol


def number(x: Any, style: Style = "text") -> str:
    """A plain number as it is written in a formula: ``3``, ``0.5``, ``−2``."""
    if isinstance(x, Constant):
        return x.names[style]
    x = float(x)
    if style == "python":
        return f"float('{x}')" if x != x or x in (float("inf"), float("-inf")) else repr(x)
    shown = format(x, ".6g")
    if style == "latex":
        mantissa, e, exponent = shown.partition("e")
        shown = rf"{mantissa} \cdot 10^{{{int(exponent)}}}" if e else shown
        return shown.replace("inf", r"\infty")
    return shown.replace("-", "−").replace("inf", "∞")


def _write(x: Any, style: Style) -> str:
    if isinstance(x, Symbol):
        return x.write(style)
    return x if isinstance(x, str) else number(x, style)


def _parenthesised(x: Any, need: int, style: Style) -> str:
    if isinstance(x, Symbol):
        precedence = x.precedence(style)
    elif isinstance(x, str):
        precedence = ATOM
    else:
        precedence = NEGATION if float(x) < 0 else ATOM
    written = _write(x, style)
    if r"\cdot 10" in written and precedence == ATOM:
        precedence = PRODUCT  # a number in LaTeX's scientific notation
    if precedence >= need:
        return written
    return rf"\left({written}\right)" if style == "latex" else f"({written})"


def latex_name(name: str) -> str:
    """`name` for LaTeX: trailing digits become a subscript, special characters are escaped."""
    stem = name.rstrip("0123456789")
    digits = name[len(stem):]
    escaped = "".join("\\" + c if c in "_#$%&{}" else {"\\": r"\backslash ", "~": r"\sim ", "^": r"\hat{}"}.get(c, c)
                      for c in stem)
    if len(stem.strip("_")) > 1:
        escaped = rf"\mathrm{{{escaped}}}"
    return f"{escaped.rstrip('_').rstrip(chr(92))}_{{{digits}}}" if digits and stem else escaped + digits


def power_text(base: str, exponent: Any) -> str | None:
    """``x²`` where the exponent is a whole number, else ``None``."""
    if isinstance(exponent, (int, float)) and not isinstance(exponent, Constant) and float(exponent).is_integer():
        if abs(exponent) < 1000:
            return base + str(int(exponent)).translate(_SUPERSCRIPTS)
    return None


class PowerNotation(Notation):
    """Powers: the exponent is raised (x², x^{n}), so it needs parentheses in text only where it is no whole number."""

    def __init__(self) -> None:
        super().__init__(
            "{0}^{1}", "{0}^{{{1}}}", "power({0}, {1})", POWER, (ATOM, ATOM), (ATOM, LOWEST)
        )

    def write(self, operands: Sequence[Any], style: Style) -> str:
        if style == "text":
            raised = power_text(_parenthesised(operands[0], ATOM, style), operands[1])
            if raised:
                return raised
        return super().write(operands, style)

