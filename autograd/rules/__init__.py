"""The language of rules: what an operation is, and the table of those that numbers and arrays share.

Every rule of the table is a function of this package under its name: ``autograd.rules.tanh``.
"""

from typing import Any

from autograd.rules import activations, elementwise, extremes, log_sum_exp, nary, norm_root  # noqa: F401  (their rules are the table)
from autograd.rules.arrays import General, Linear
from autograd.rules.rule import Composite, Elementwise, Rule
from autograd.rules.table import ALIASES, RULES, register

__all__ = ["RULES", "Composite", "Elementwise", "General", "Linear", "Rule", "register"]


def __getattr__(name: str) -> Any:
    rule = RULES.get(ALIASES.get(name, name))
    if rule is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return rule
