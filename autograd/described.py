"""What a rule says of itself as a function: its signature, and a docstring read from its name and its formulas."""

from __future__ import annotations

import inspect
import math
from itertools import product

from autograd.rules.expressions import Symbol
from autograd.rules.rule import Elementwise, Rule
from autograd.value import Value

PAGE = """\
{name}({call})

{doc}

Parameters
----------
{parameters}

Returns
-------
float, numpy.ndarray, Value or Tensor
    As the inputs are: recorded if one of them is a Value or a Tensor.
"""
INPUT = """\
{name} : float, array_like, Value or Tensor{optional}
    Of any shape; {how}."""
DERIVATIVES = """
Notes
-----
{derivatives}
"""
EXAMPLE = """
Examples
--------
>>> from autograd import Value, {name}
>>> {names} = {values}
>>> y = {name}({names})
>>> y.backward()
>>> y.data, {gradients}
{result}
"""


def described(rule: Rule) -> Rule:
    """`rule`, with a signature and a docstring that ``help`` shows."""
    if isinstance(rule, Elementwise) and "__signature__" not in vars(rule):
        names, first_default = names_of(rule), len(rule.partials) - len(rule.defaults)
        defaults = [inspect.Parameter.empty] * first_default + list(rule.defaults)
        kind = inspect.Parameter.POSITIONAL_ONLY
        parameters = [inspect.Parameter(name, kind, default=value) for name, value in zip(names, defaults)]
        signature = inspect.Signature(parameters)
        vars(rule)["__signature__"] = signature  # where `inspect` looks for it
        how = "elements are taken one by one" if len(names) == 1 else "inputs are broadcast against each other"
        inputs = [
            INPUT.format(name=name, how=how, optional="" if i < first_default else f", default {defaults[i]:g}")
            for i, name in enumerate(names)
        ]
        page = PAGE.format(
            name=rule.name,
            call=str(signature)[1:-1],
            doc=rule.doc or f"The rule {rule.name}.",
            parameters="\n".join(inputs),
        )
        rule.__doc__ = page + derivatives_of(rule, names) + example_of(rule, names)
    return rule


def names_of(rule: Elementwise) -> list[str]:
    """The inputs as the first partial that names them calls them, one letter each otherwise."""
    for partial in rule.partials:
        names = [p.name for p in inspect.signature(partial).parameters.values() if p.kind is p.POSITIONAL_OR_KEYWORD]
        if len(names) == len(rule.partials) + 1:
            return names[1:]
    return ["x"] if len(rule.partials) == 1 else [x.text() for x in rule.symbols]


def derivatives_of(rule: Elementwise, names: list[str]) -> str:
    """A line for each partial, as the engine reads it; nothing where they cannot be written."""
    if not rule.symbolic:
        return ""
    symbols = [Symbol(name) for name in names]
    partials = [rule.partial(i, Symbol("y"), symbols) for i in range(len(names))]
    written = [p.text() if isinstance(p, Symbol) else format(p, "g") for p in partials]
    lines = [f"∂y/∂{name} = {partial}" for name, partial in zip(names, written)]
    return DERIVATIVES.format(derivatives="\n\n".join(lines))


def example_of(rule: Elementwise, names: list[str]) -> str:
    """A value and its gradients at the first point tried where all of them are finite."""
    for numbers in product((0.5, 2.0), repeat=len(names)):
        if len(set(numbers)) < min(len(names), 2):
            continue
        inputs = [Value(number) for number in numbers]
        y = rule(*inputs)
        if not isinstance(y, Value) or not math.isfinite(y.data):
            continue
        y.backward()
        result = (y.data, *(x.grad for x in inputs))
        if all(map(math.isfinite, result)):
            values = ", ".join(f"Value({number})" for number in numbers)
            gradients = ", ".join(f"{name}.grad" for name in names)
            return EXAMPLE.format(
                name=rule.name, names=", ".join(names), values=values, gradients=gradients, result=result
            )
    return ""
