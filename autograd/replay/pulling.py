"""The backward pass as rules: how cotangents become nodes of the recorded graph.

A cotangent of an elementwise rule is one node, whose formula is the rule's tree. Another rule's vjp is called as it
stands, on Tensors; where it decides by numbers, it becomes an operation of its own.
"""

from __future__ import annotations

import inspect
from functools import cache
from typing import Any, Mapping, Sequence

import numpy as np

from autograd.functions.indexing import getitem, scatter
from autograd.nn.functional.losses.many_classes import pick, place
from autograd.node import Node, plain, tick
from autograd.replay.given import Looked
from autograd.rules import code
from autograd.rules.arrays import General
from autograd.rules.expressions import Symbol, evaluate, parts
from autograd.rules.rule import Composite, Elementwise, Rule
from autograd.rules.signatures import takes_settings
from autograd.rules.typeset import function
from autograd.tensor import Tensor
from autograd.tensor.memory import numbers
from autograd.tensor.operands import leaf_of
from autograd.tensor.recording import record
from autograd.value import Value


class Pull:
    """A rule's vjp while its program is recorded."""

    __slots__ = ("recorder", "rule")

    def __init__(self, recorder: Any, rule: Rule) -> None:
        self.recorder, self.rule = recorder, rule

    def __call__(self, g: Any, y: Any, inputs: Any, wanted: Any, static: Any) -> Any:
        rule, recorder = self.rule, self.recorder
        recorder.backward_from = min(recorder.backward_from, tick())
        if isinstance(g, Node):
            recorder.cotangent_of[g] = y
        arrays = type(y) is Tensor and y._data.dtype.kind == "f" and g.dtype.kind == "f"
        if (arrays and not static or type(y) is Value) and isinstance(rule, Elementwise) and plain_partials(rule):
            return [cotangent(rule, i, g, y, inputs) for i in wanted]
        given = self.recorder.takes_given(inputs, static)
        if given and not isinstance(g, Node):
            g = leaf_of(np.array(g))  # what is made of a constant and an argument is no constant
        try:
            if not given or rule in _PASSING_ON:
                return rule.vjp(g, y, inputs, wanted, static)
        except Looked:
            pass
        if not arrays:
            raise Looked(f"the derivative of {rule.name}")
        found = rule.vjp(plain_of(g), numbers(y), [plain_of(x) for x in inputs], wanted, static)
        return [
            None if array is None else record(pulled(rule, i), (g, y, *inputs), np.asarray(array), static)
            for i, array in zip(wanted, found)
        ]


@cache
def plain_partials(rule: Elementwise) -> bool:
    """Whether a rule has partials as trees, of nothing but output and inputs."""
    return rule.cotangents is not None and not any(map(takes_settings, rule.partials))


def plain_of(x: Any) -> Any:
    """The numbers of a node, looked at by the engine itself."""
    return numbers(x) if type(x) is Tensor else plain(x)


_PASSING_ON = {getitem, scatter, pick, place}
"""Rules whose vjp hands their index on as it is."""

_COTANGENTS: dict[Any, Any] = {}


def cotangent(rule: Elementwise, i: int, g: Any, y: Any, inputs: Sequence[Any]) -> Any:
    """g·∂y/∂(i-th input), as one node; numbers among the inputs simplify its formula."""
    numbered = [type(x) in (float, int) for x in inputs]
    key: Any = (rule, i, *[repr(x) if number else None for x, number in zip(inputs, numbered)])
    if key not in _COTANGENTS:
        fixed = [x if number else None for x, number in zip(inputs, numbered)]
        _COTANGENTS[key] = _cotangent_rule(rule, i, fixed)
    made, used = _COTANGENTS[key]
    if made is None:
        return g if used == 1 else y._leaf(np.zeros_like(y._data))
    operands = tuple([g if x is code.COTANGENT else y if x is code.OUTPUT else inputs[_AT[x]] for x in used])
    if type(y) is Value:
        return made(*operands)
    data = made.compute(*[numbers(x) if type(x) is Tensor else x for x in operands])
    return record(made, operands, np.asarray(data))


_AT = {x: i for i, x in enumerate(code.INPUTS)}


def _cotangent_rule(rule: Elementwise, i: int, fixed: Sequence[Any]) -> tuple[Any, Any]:
    """The rule that computes a cotangent, and the symbols that it takes; no rule where that is g itself, or 0."""
    inputs = [x if number is None else number for x, number in zip(code.INPUTS, fixed)]
    try:
        tree = rule.cotangent(i, code.COTANGENT, code.OUTPUT, *inputs)
    except (TypeError, ValueError, AttributeError):
        tree = rule.cotangents[i]  # type: ignore[index]  # a rule that is compiled has them
    if tree is code.COTANGENT:
        return None, 1
    if not isinstance(tree, Symbol):
        return None, 0
    used = [x for x in parts(tree) if x.rule is None]

    def formula(*values: Any) -> Any:
        return evaluate(tree, dict(zip(used, values)))

    parameters = [inspect.Parameter(x.text(), inspect.Parameter.POSITIONAL_ONLY) for x in used]
    formula.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # where `inspect` looks for it
    made = Composite(f"d_{rule.name}", formula)
    made.tree = lambda *values: evaluate(tree, dict(zip(used, values)))  # type: ignore[method-assign]  # as it stands
    return made, used


_PULLED: dict[Any, General] = {}


def pulled(rule: Rule, i: int) -> General:
    """The operation that a rule's vjp is for its i-th input: of (g, y, inputs)."""
    if (rule, i) not in _PULLED:
        _PULLED[rule, i] = Pulled(rule, i)
    return _PULLED[rule, i]


class Pulled(General):
    """A vjp that looks at numbers, as it stands."""

    def __init__(self, rule: Rule, i: int) -> None:
        self.name = self.sign = self.__name__ = f"vjp_{rule.name}"
        self.notation = function(self.name)
        self.rule, self.i = rule, i

    def compute(self, g: Any, y: Any, *inputs: Any, **static: Any) -> Any:
        """The cotangent of the i-th input."""
        (found,) = self.rule.vjp(g, y, inputs, (self.i,), static)
        return found

    def vjp(self, g: Any, y: Any, inputs: Any, wanted: Any, static: Mapping[str, Any]) -> Sequence[Any]:
        """A second derivative through a vjp that looks at numbers is not recorded."""
        raise Looked(f"a second derivative of {self.rule.name}")
