"""Rules with any number of inputs: one node for a whole sum, a whole neuron, a whole softmax."""

from __future__ import annotations

import operator
from typing import Any, Sequence

from autograd.rules.elementwise import mul
from autograd.rules.rule import Formula, OfNumbers
from autograd.rules.table import fill
from autograd.rules.typeset import NEGATION, SUM, Notation, Style, write
from autograd.types import Settings


class Nary(OfNumbers):
    """A function of any number of numbers.

    Parameters
    ----------
    scalar : callable
        The function on a sequence of floats.
    partials_of : callable
        ``(y, inputs) -> sequence`` of ∂y/∂input, as a formula.
    formula : callable
        ``(inputs) -> y`` over operators and other rules: what it means on arrays and Tensors.
    """

    def __init__(
        self, name: str, scalar: Formula, partials_of: Formula, formula: Formula, **notation_sign_doc: Any
    ) -> None:
        super().__init__(name, lambda *inputs: formula(inputs), **notation_sign_doc)
        self.scalar = lambda *inputs: scalar(inputs)
        self.partials_of = partials_of

    def partial(self, i: int, y: Any, inputs: Sequence[Any]) -> Any:
        return self.partials_of(y, inputs)[i]

    def slopes(self, wanted: Sequence[int], y: Any, inputs: Sequence[Any], static: Settings) -> Sequence[Any]:
        partials = self.partials_of(y, inputs)
        return [partials[i] for i in wanted]


class WeightedSum(Nary):
    """The rule of `dot`, whose inputs are w₁ … wₙ, x₁ … xₙ, bias."""

    def pull(self, node: Any) -> None:
        """As for any rule of many inputs, without a list of partials: a network spends its time here."""
        g, y = node.grad, node._data
        if g == 0 and y - y == 0:
            return  # y is finite, so every input is, and all that g passes on is 0: half of a ReLU network
        _, *inputs, bias = node._origin
        n = len(inputs) // 2
        for w, x in zip(inputs[:n], inputs[n:]):
            if type(w) is float:
                if type(x) is not float:
                    x.grad += g * w
            elif type(x) is float:
                w.grad += g * x
            else:
                w.grad += g * x._data
                x.grad += g * w._data
        if type(bias) is not float:
            bias.grad += g


class SumNotation(Notation):
    """a + b + c …"""

    def __init__(self) -> None:
        super().__init__("", precedence=SUM)

    def write(self, operands: Sequence[Any], style: Style) -> str:
        return " + ".join([write(x, style, SUM if i else NEGATION) for i, x in enumerate(operands)]) or "0"


class DotNotation(SumNotation):
    """w1·x1 + w2·x2 + … + bias, from operands (w1 … wn, x1 … xn, bias)."""

    def write(self, operands: Sequence[Any], style: Style) -> str:
        ws, xs, bias = split_dot(operands)
        terms: list[Any] = [mul.notation.write(pair, style) for pair in zip(ws, xs)]
        bare = isinstance(bias, (int, float)) and bias == 0 and terms
        return super().write(terms if bare else [*terms, bias], style)


def split_dot(inputs: Sequence[Any]) -> tuple[Sequence[Any], Sequence[Any], Any]:
    """(weights, inputs, bias) of what `dot` was recorded with."""
    n = len(inputs) // 2
    return inputs[:n], inputs[n : 2 * n], inputs[-1]


def _dot(inputs: Sequence[Any]) -> Any:
    ws, xs, bias = split_dot(inputs)
    return sum(map(operator.mul, ws, xs), bias)


def _dot_partials(y: Any, inputs: Sequence[Any]) -> Sequence[Any]:
    ws, xs, _ = split_dot(inputs)
    return (*xs, *ws, 1)


# fmt: off
total = Nary("sum", sum, lambda y, xs: (1,) * len(xs), lambda xs: sum(xs[1:], xs[0]) if xs else 0.0,
             notation=SumNotation(), sign="Σ", doc="The sum of all inputs, as one node.")
weighted_sum = WeightedSum("dot", _dot, _dot_partials, _dot, notation=DotNotation(), sign="·",
                           doc="w₁x₁ + w₂x₂ + … + bias, as one node.")
# fmt: on

fill(total, weighted_sum)
