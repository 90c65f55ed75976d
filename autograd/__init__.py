"""Record what a program computes, differentiate it, and trust the result."""

from importlib import import_module
from typing import Any

from autograd.annotations import scope
from autograd.errors import (
    AnomalyError,
    AutogradError,
    ChangedDataError,
    InPlaceError,
    LeavesGraphError,
    NoRuleError,
)
from autograd.modes import detect_anomaly, no_grad
from autograd.rules import *  # noqa: F403  (the table's functions, under the names listed in rules.__all__)
from autograd.rules import __all__ as _rules
from autograd.rules.expressions import Notation, Symbol
from autograd.rules.rule import BUILT_IN, RULES
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
from autograd.value import Value, dot, logsumexp, softmax, sum

BUILT_IN.update(RULES)


def __getattr__(name: str) -> Any:
    """The packages below this one are loaded when they are first asked for."""
    if name == "abs":  # left out of ``from autograd import *``, which would hide Python's own
        return RULES["abs"]
    if name in ("check", "linalg", "nn", "optim", "replay", "special", "training"):
        return import_module(f"autograd.{name}")
    raise AttributeError(f"module 'autograd' has no attribute {name!r}")


__version__ = "0.1.0"

__all__ = [
    "AnomalyError",
    "AutogradError",
    "ChangedDataError",
    "InPlaceError",
    "LeavesGraphError",
    "NoRuleError",
    "Notation",
    "Symbol",
    "Tensor",
    "Value",
    "checkpoint",
    "detect_anomaly",
    "dot",
    "elementwise_grad",
    "grad",
    "hessian",
    "hvp",
    "jacobian",
    "jvp",
    "load",
    "logsumexp",
    "no_grad",
    "save",
    "scope",
    "softmax",
    "stop_gradient",
    "sum",
    "value_and_grad",
    "vjp",
    *_rules,
]
