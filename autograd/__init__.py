"""Record what a program computes, differentiate it, and trust the result."""

from importlib import import_module
from typing import Any

from autograd.annotations import scope
from autograd.described import described
from autograd.errors import (
    AnomalyError,
    AutogradError,
    ChangedDataError,
    InPlaceError,
    LeavesGraphError,
    NoRuleError,
)
from autograd.functions.updates import at
from autograd.lines import source_lines
from autograd.many import dot, logsumexp, softmax, sum
from autograd.modes import detect_anomaly, no_grad
from autograd.rules import RULES, Composite, Elementwise, General, Linear, Rule, activations, elementwise, register
from autograd.rules.expressions import Symbol
from autograd.rules.table import ALIASES
from autograd.rules.typeset import Notation
from autograd.serialization import load, save
from autograd.tensor import Tensor
from autograd.transforms import (
    checkpoint,
    elementwise_grad,
    grad,
    hessian,
    hvp,
    jacobian,
    jvp,
    stop_gradient,
    value_and_grad,
    vjp,
)
from autograd.value import Value

__version__ = "0.1.0"

_PACKAGES = ("check", "distributed", "linalg", "nn", "optim", "replay", "scalarize", "special", "training")
# `abs` is left out of ``from autograd import *``, which would hide Python's own.
_FUNCTIONS = sorted(name for name, x in {**vars(elementwise), **vars(activations)}.items() if isinstance(x, Rule))


def __getattr__(name: str) -> Any:
    """Every rule of the table is a function of this package; the packages below load when they are first asked for."""
    if name in _PACKAGES:
        return import_module(f"autograd.{name}")
    if name == "jit":
        return import_module("autograd.replay").jit
    rule = RULES.get(ALIASES.get(name, name))
    if rule is None:
        raise AttributeError(f"module 'autograd' has no attribute {name!r}")
    return described(rule)


def __dir__() -> list[str]:
    return sorted({*globals(), *_PACKAGES, *RULES, "jit"})


__all__ = [
    "RULES",
    "AnomalyError",
    "AutogradError",
    "ChangedDataError",
    "Composite",
    "Elementwise",
    "General",
    "InPlaceError",
    "LeavesGraphError",
    "Linear",
    "NoRuleError",
    "Notation",
    "Rule",
    "Symbol",
    "Tensor",
    "Value",
    "at",
    "checkpoint",
    "detect_anomaly",
    "dot",
    "elementwise_grad",
    "grad",
    "hessian",
    "hvp",
    "jacobian",
    "jit",
    "jvp",
    "load",
    "logsumexp",
    "no_grad",
    "register",
    "save",
    "scope",
    "softmax",
    "source_lines",
    "stop_gradient",
    "sum",
    "value_and_grad",
    "vjp",
    *_FUNCTIONS,
]
