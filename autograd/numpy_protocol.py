"""What NumPy's functions do with a Value: a ufunc of the table is applied, everything else is refused."""

from __future__ import annotations

import operator
from typing import Any, Callable, Mapping, NoReturn, Sequence

import numpy as np

from autograd.errors import LeavesGraphError, NoRuleError
from autograd.functions.register import implementation_of
from autograd.node import Node
from autograd.rules.rule import OfNumbers
from autograd.rules.table import rule_of_ufunc

# NumPy's numbers on the left of a comparison ask it of the Value by these.
_COMPARISONS: dict[np.ufunc, Callable[[Any, Any], bool]] = {
    np.less: operator.lt, np.less_equal: operator.le, np.greater: operator.gt, np.greater_equal: operator.ge,
    np.equal: operator.eq, np.not_equal: operator.ne,
}  # fmt: skip

_OPERATORS = {np.add, np.subtract, np.multiply, np.true_divide, np.power, np.negative, np.absolute}
"""Of objects these are Python's operators, which are a Value's own."""


def apply_ufunc(ufunc: np.ufunc, method: str, inputs: Sequence[Any], options: Mapping[str, Any]) -> Any:
    """Apply a ufunc to Values and numbers; with an array among them, element by element to an array of Values."""
    rule = rule_of_ufunc(ufunc)
    if rule is None and implementation_of(ufunc) is not None:  # which may have been loaded just now
        rule = rule_of_ufunc(ufunc)
    if any(isinstance(x, np.ndarray) and x.ndim for x in inputs):
        # By the rule, since NumPy's own maximum of objects knows neither ties nor nan.
        by_rule = isinstance(rule, OfNumbers) and method == "__call__" and not options and ufunc not in _OPERATORS
        of_objects = np.frompyfunc(rule, ufunc.nin, 1) if by_rule else ufunc
        return getattr(of_objects, method)(*map(_objects, inputs), **options)
    if ufunc in _COMPARISONS and method == "__call__" and not options:
        return _COMPARISONS[ufunc](*map(_unboxed, inputs))
    if rule is None or method != "__call__":
        refuse(ufunc)
    if options:
        raise NoRuleError(f"np.{ufunc.__name__} of a Value takes no {'= and no '.join(options)}=")
    return rule(*[x.item() if isinstance(x, np.ndarray) else x for x in inputs])


def _unboxed(x: Any) -> Any:
    """A number of NumPy's as one of Python's. (A long double's ``item()`` is itself.)"""
    if not isinstance(x, (np.generic, np.ndarray)):
        return x
    return float(x) if x.dtype.kind == "f" else x.item()


def _objects(x: Any) -> Any:
    if isinstance(x, Node):
        boxed = np.empty((), dtype=object)
        boxed[()] = x
        return boxed
    return np.asarray(x, dtype=object)


def refuse(function: Any) -> NoReturn:
    """Raise, since `function` has no rule for a single Value."""
    raise NoRuleError(
        f"np.{function.__name__} has no rule for a Value; use a Tensor, or leave the graph explicitly with .data"
    )


def _no_mask(node: Node) -> Any:
    """What NumPy's masked arrays ask for as ``_mask``, which would take ``_data`` next."""
    raise LeavesGraphError(
        "NumPy's masked arrays turn a node into plain numbers, and its gradient would be lost; "
        "use np.where(mask, x, t), or the nan functions"
    )


no_mask = property(_no_mask)
