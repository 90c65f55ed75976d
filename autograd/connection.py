"""What the compiled core of Value is lent of Python."""

from __future__ import annotations

from functools import partial
from types import MethodType
from typing import Any, Callable

from autograd import core, modes
from autograd.graph import refuse_changes
from autograd.rules.bytecode import Machine, bytecode
from autograd.rules.elementwise import absolute, add, div, mul, neg, power, sub
from autograd.rules.nary import weighted_sum
from autograd.rules.rule import OfNumbers
from autograd.rules.table import BUILT_IN, RULES


def connect(constant: Callable[[Any], float | None], record_with_care: Callable[..., Any]) -> None:
    """Lend the compiled core what it needs, and tell it which rules the operators are."""
    core.compiled.connect(
        {
            "active_modes": modes.active,
            "constant": constant,
            "record_with_care": record_with_care,
            "read": partial(bytecode, machine=Machine.of(core.compiled)),
            "rules_of_numbers": OfNumbers,
            "refuse_changes": refuse_changes,
            "bind_method": MethodType,
            "is_built_in": lambda rule: rule.name in BUILT_IN and RULES[rule.name] is rule,
            **{rule.name: rule for rule in (add, sub, mul, div, power, neg, absolute, weighted_sum)},
        }
    )
