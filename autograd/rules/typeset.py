"""Typography: expressions and operations as Unicode text and as LaTeX, with parentheses where precedence asks.

Nothing that is written here is ever executed.
"""

from __future__ import annotations

from typing import Any, Literal, Sequence

from autograd.rules.latex import COMMANDS

Style = Literal["text", "latex"]

# How tightly an expression binds. An operand that binds less tightly than its place asks gets parentheses.
LOWEST, NEGATION, SUM, PRODUCT, POWER, ATOM = range(6)

_SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


class Constant(float):
    """A number with a name of its own, such as ln 2: it computes as a float and prints as its name."""

    names: dict[Style, str]

    def __new__(cls, value: float, text: str, latex: str) -> Constant:
        self = super().__new__(cls, value)
        self.names = {"text": text, "latex": latex}
        return self


class Notation:
    """How an operation is written: a template and a precedence per style.

    Parameters
    ----------
    text, latex : str
        Templates with ``{0}``, ``{1}`` … for the operands; ``{*}`` stands for all operands, comma separated.
    precedence : int
        How tightly the written form binds (``SUM``, ``PRODUCT``, ``POWER``, ``ATOM`` …).
    needs : sequence of int
        The precedence that each operand must have to stand without parentheses; the last one repeats.
    latex_needs, latex_precedence
        The same for LaTeX, where they differ (a fraction bar groups by itself; eˣ is a power).

    Examples
    --------
    >>> Notation("{0} ⊕ {1}", precedence=SUM, needs=(NEGATION, SUM)).write(["a", "b"], "text")
    'a ⊕ b'
    """

    def __init__(
        self,
        text: str,
        latex: str | None = None,
        *,
        precedence: int = ATOM,
        needs: Sequence[int] = (LOWEST,),
        latex_needs: Sequence[int] | None = None,
        latex_precedence: int | None = None,
    ) -> None:
        self.templates: dict[Style, str] = {"text": text, "latex": latex or text}
        self.precedence: dict[Style, int] = {"text": precedence, "latex": latex_precedence or precedence}
        self.needs: dict[Style, Sequence[int]] = {"text": needs, "latex": latex_needs or needs}

    def write(self, operands: Sequence[Any], style: Style) -> str:
        """The operation applied to `operands` (symbols, names or numbers), as a string."""
        needs = self.needs[style]
        written = [write(x, style, needs[min(i, len(needs) - 1)]) for i, x in enumerate(operands)]
        template = self.templates[style]
        if "{*}" in template:
            return template.replace("{*}", ", ".join(written))
        return template.format(*written)


def function(name: str, latex: str | None = None) -> Notation:
    """The notation ``name(x, …)``; `latex` is the command that replaces the name there, if that is not LaTeX's own."""
    command = latex or COMMANDS.get(name) or r"\operatorname{" + name.replace("_", r"\_") + "}"
    return Notation(name + "({*})", command + r"\left({*}\right)")


class PowerNotation(Notation):
    """Powers: the exponent is raised (x², x^{n}), so it needs parentheses in text only where it is no whole number."""

    def __init__(self) -> None:
        super().__init__("{0}^{1}", "{0}^{{{1}}}", precedence=POWER, needs=(ATOM, ATOM), latex_needs=(ATOM, LOWEST))

    def write(self, operands: Sequence[Any], style: Style) -> str:
        if style == "text":
            raised = power_text(write(operands[0], style, ATOM), operands[1])
            if raised:
                return raised
        return super().write(operands, style)


def power_text(base: str, exponent: Any) -> str | None:
    """``x²`` where the exponent is a whole number, else ``None``."""
    if isinstance(exponent, (int, float)) and not isinstance(exponent, Constant) and float(exponent).is_integer():
        if abs(exponent) < 1000:
            return base + str(int(exponent)).translate(_SUPERSCRIPTS)
    return None


def write(x: Any, style: Style, need: int = LOWEST) -> str:
    """A symbol, a name or a number as a string, in parentheses if it binds less tightly than `need`."""
    if isinstance(x, str):
        return x
    if isinstance(x, (int, float)):
        written, precedence = number(x, style), NEGATION if float(x) < 0 else ATOM
        if r"\cdot 10" in written and precedence == ATOM:
            precedence = PRODUCT  # a number in LaTeX's scientific notation
    elif x.rule is None:
        written, precedence = x.names[style], x.precedence
    else:
        notation = x.rule.notation_of(x.static)
        written, precedence = notation.write(x.args, style), notation.precedence[style]
    if precedence >= need:
        return written
    return rf"\left({written}\right)" if style == "latex" else f"({written})"


def number(x: Any, style: Style = "text") -> str:
    """A plain number as it is written in a formula: ``3``, ``0.5``, ``−2``."""
    if isinstance(x, Constant):
        return x.names[style]
    shown = format(float(x), ".6g")
    if style == "latex":
        mantissa, e, exponent = shown.partition("e")
        shown = rf"{mantissa} \cdot 10^{{{int(exponent)}}}" if e else shown
        return shown.replace("inf", r"\infty")
    return shown.replace("-", "−").replace("inf", "∞")
