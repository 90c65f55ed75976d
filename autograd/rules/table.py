"""The table: every rule by its name, and by the NumPy function that it computes with."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.node import KINDS

RULES: dict[str, Any] = {}
"""Every registered rule by name."""

BUILT_IN: set[str] = set()
"""The names of the rules that come with the package; a rule of one's own may be registered again."""

BY_UFUNC: dict[np.ufunc, Any] = {}
"""The rule that stands for a ufunc."""

ALIASES = {
    "absolute": "abs", "arcsin": "asin", "arccos": "acos", "arctan": "atan", "arcsinh": "asinh", "arccosh": "acosh",
    "arctanh": "atanh", "arctan2": "atan2",
}  # fmt: skip
"""NumPy's names for rules that have another one."""


def register(*rules: Any) -> None:
    """Put rules of one's own into the table.

    A rule works without that. In the table, it is a function ``autograd.name``, a method of Values and
    Tensors, a word of the language in which programs are drawn, and it can be pickled.

    Parameters
    ----------
    *rules : Rule
        Rules of one's own.

    Raises
    ------
    ValueError
        If a rule of that name comes with the package.

    Examples
    --------
    >>> from autograd import Elementwise, Value, square
    >>> cube = Elementwise("cube", lambda x: x**3, lambda x: x**3, lambda y, x: 3 * square(x))
    >>> register(cube)
    >>> Value(2.0).cube().data
    8.0
    """
    for rule in rules:
        if rule.name in BUILT_IN:
            raise ValueError(f"a rule named {rule.name!r} exists already; choose another name")
        _add(rule)
        for kind in KINDS:
            kind._learn(rule)


def fill(*rules: Any) -> None:
    """Put rules that come with the package into the table."""
    for rule in rules:
        BUILT_IN.add(rule.name)
        _add(rule)


def _add(rule: Any) -> None:
    RULES[rule.name] = rule
    compute = vars(rule).get("compute")  # not there yet where a formula is to be compiled
    if isinstance(compute, np.ufunc):
        BY_UFUNC.setdefault(compute, rule)


def rule_named(name: str) -> Any:
    """The rule of that name."""
    return RULES[name]


def rule_of_ufunc(ufunc: Any) -> Any:
    """The rule that computes with `ufunc`, if there is one."""
    return BY_UFUNC.get(ufunc)
