"""Numbers as pictures show them."""

from __future__ import annotations

import math
from typing import Any, Sequence

DEFAULT = ".4g"


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


def show(value: Any, spec: str = DEFAULT, shape: Sequence[int] = ()) -> str:
    """A number, or an array by its shape and, if small, its values.

    Examples
    --------
    >>> show(3e-6), show(2.0), show([1.0, 0.5], shape=(2,)), show(None, shape=(64, 10))
    ('3e-06', '2', '[1, 0.5]', '64×10')
    """
    if isinstance(value, complex):
        return format(value, spec)
    if isinstance(value, (int, float)):
        # A sum that cancels to −0 is a zero like any other.
        return format(value if value else 0.0, spec)
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(show(part, spec) for part in value) + "]"
    return "×".join(map(str, shape)) if shape else "array"


def latex(value: float, spec: str = DEFAULT) -> str:
    """The number in LaTeX's mathematics mode.

    Examples
    --------
    >>> latex(3e-6), latex(float("-inf"))
    ('3 \\\\cdot 10^{-6}', '-\\\\infty')
    """
    shown = show(value, spec)
    if not math.isfinite(value):
        return shown.replace("inf", r"\infty").replace("nan", r"\mathrm{nan}")
    mantissa, e, exponent = shown.partition("e")
    return rf"{mantissa} \cdot 10^{{{int(exponent)}}}" if e else shown.replace("%", r"\%")
