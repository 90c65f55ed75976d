"""Numbers as pictures show them."""

from __future__ import annotations

import math
from typing import Any, Sequence

from viz.stats import Stats

DEFAULT = ".4g"
MINUS = "−"


def check_format(spec: str) -> None:
    """Refuse a format that cannot write a number.

    Raises
    ------
    ValueError
        Naming the format.
    """
    try:
        format(1.5, spec)
    except (ValueError, TypeError):
        raise ValueError(f"{spec!r} is no format for numbers; use one such as '.4g', '.3f' or '.2e'") from None


def show(value: Any, spec: str = DEFAULT, shape: Sequence[int] = (), figures: Stats | None = None) -> str:
    """A number; an array by its values if it is small, else by its shape and what is in it.

    Examples
    --------
    >>> show(3e-6), show(-2.0), show([1.0, 0.5], shape=(2,)), show(None, shape=(64, 10)), show(294600.0)
    ('3e−06', '−2', '[1, 0.5]', '64×10 numbers', '294600')
    """
    if isinstance(value, complex):
        return format(value, spec).replace("-", MINUS)
    if isinstance(value, (int, float)):
        return _number(value, spec).replace("-", MINUS)
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(show(part, spec) for part in value) + "]"
    size = f"{'×'.join(map('{:,}'.format, shape))} numbers" if shape else "array"
    return size if figures is None else f"{size}: {', '.join(told(figures, spec))}"


def _number(value: float, spec: str) -> str:
    # A sum that cancels to −0 is a zero like any other.
    if not value:
        return format(0.0, spec)
    # Up to seven digits before the point are easier to read than a power of ten.
    if spec == DEFAULT and 1e4 <= abs(value) < 1e7:
        return format(value, ".0f")
    return format(value, spec)


def told(figures: Stats, spec: str = DEFAULT) -> list[str]:
    """What is in an array: from where to where, its mean, and what a reader should be warned of.

    Examples
    --------
    >>> told(Stats(8, -1.0, 0.25, 2.0, 0.5, 1, 2))
    ['−1 … 2', 'mean 0.25', '50% zeros', '⚠ 1 nan', '⚠ 2 inf']
    """
    parts = []
    if figures.low is not None and figures.mean is not None and figures.high is not None:
        alike = figures.low == figures.high
        parts.append(
            f"all {show(figures.low, spec)}" if alike else f"{show(figures.low, spec)} … {show(figures.high, spec)}"
        )
        if not alike:
            parts.append(f"mean {show(figures.mean, spec)}")
    if figures.zeros and not figures.low == figures.high == 0:
        parts.append(f"{max(1, round(100 * figures.zeros))}% zeros")
    parts += [f"⚠ {count} {what}" for count, what in ((figures.nan, "nan"), (figures.inf, "inf")) if count]
    return parts or ["empty"]


def latex(value: float, spec: str = DEFAULT) -> str:
    """The number in LaTeX's mathematics mode.

    Examples
    --------
    >>> latex(3e-6), latex(float("-inf"))
    ('3 \\\\cdot 10^{-6}', '-\\\\infty')
    """
    shown = show(value, spec).replace(MINUS, "-")
    if not math.isfinite(value):
        return shown.replace("inf", r"\infty").replace("nan", r"\mathrm{nan}")
    mantissa, e, exponent = shown.partition("e")
    return rf"{mantissa} \cdot 10^{{{int(exponent)}}}" if e else shown.replace("%", r"\%")


def latex_text(text: str) -> str:
    r"""Words inside LaTeX's mathematics mode.

    Examples
    --------
    >>> print(latex_text("8 numbers: −1 … 2, 50% zeros"))
    \text{8 numbers: $-$1 \dots{} 2, 50\% zeros}
    """
    return rf"\text{{{''.join(_LATEX_TEXT.get(c, c) for c in text)}}}"


_LATEX_TEXT = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "%": r"\%", "#": r"\#", "$": r"\$", "&": r"\&", "_": r"\_",
    "^": r"\textasciicircum{}", "~": r"\textasciitilde{}", MINUS: "$-$", "…": r"\dots{}", "⚠": "!", "×": r"$\times$",
    "ᵀ": r"$^\top$", "⊙": r"$\odot$", "·": r"$\cdot$", "∂": r"$\partial$",
}  # fmt: skip
