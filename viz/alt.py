"""Pictures in words, for those who cannot see them: what is computed, and which derivatives are large."""

from __future__ import annotations

import math
from typing import Sequence

from viz import formatting
from viz.below import failed, not_finite
from viz.chain import Chain
from viz.model import NodeInfo
from viz.outline import Outline
from viz.words import gradient_lines

NAMED = 5
"""So many derivatives are named, the largest."""


def description(program: Outline, chains: Sequence[Chain], format: str = formatting.DEFAULT) -> str:
    """A few sentences: the program and its value, the largest derivatives, what is wrong, and the derivations.

    Examples
    --------
    >>> import viz
    >>> from autograd import Value
    >>> a, b = Value(2, label="a"), Value(3, label="b")
    >>> product = a * b
    >>> product.backward()
    >>> print(description(Outline.of(viz.record(product)), []))
    v1 = a·b = 6, computed from 2 inputs by 1 operation. Largest derivatives: dv1/da = 3, dv1/db = 2.
    """
    count = len(program.inputs)
    inner = len(program) - count
    results = [program.node(i) for i in program.roots]
    failure = program.whole.failed
    if failure is not None and not results[0].derivative_name:
        made = f"{_count(count, 'input')} and {_count(inner - 1, 'operation')}"
        return f"A program that failed after {made}. {failed(failure)}."
    values = ", ".join(value_of(node, format) for node in results)
    sentences = [
        f"{program.whole.title} = {values}, computed from {_count(count, 'input')} by {_count(inner, 'operation')}."
    ]
    sizes = {i: _size(program, i) for i in program.inputs}
    inputs = sorted((i for i, size in sizes.items() if size >= 0), key=lambda i: sizes[i], reverse=True)
    if inputs:
        largest = [program.node(i) for i in inputs[:NAMED]]
        named = ", ".join(f"{n.derivative_name} = {derivative_of(n, format)}" for n in largest)
        more = f", and {len(inputs) - NAMED:,} smaller ones" if len(inputs) > NAMED else ""
        sentences.append(f"Largest derivatives: {named}{more}.")
    if not results[0].passed:
        sentences.append("No backward pass has been run yet.")
    if failure is not None:
        sentences.append(f"The program failed: {failed(failure)}.")
    if (first := program.first_not_finite) is not None:
        sentences.append(f"Not finite: {not_finite(first, format)}.")
    return "\n".join([" ".join(sentences), *(chain.text for chain in chains)])


def of_node(node: NodeInfo, format: str) -> str:
    """What a tooltip says of a node."""
    value = value_of(node, format)
    head = (
        [node.name, node.formula, value]
        if node.formula
        else [node.name, node.gives, value]
        if node.gives
        else [node.name, value]
    )
    line = f"made at {node.line}" if node.line and not node.failure else ""
    said = [node.note, *gradient_lines(node, format), node.failure or node.remark, line]
    return "\n".join([" = ".join(head), *filter(None, said)])


def value_of(node: NodeInfo, format: str) -> str:
    """A node's value in words."""
    if node.kind == "failed":
        return " ".join(filter(None, [node.worked, f"at {node.line}"]))
    return formatting.show(node.value, format, node.shape, node.value_stats)


def derivative_of(node: NodeInfo, format: str) -> str:
    """A node's derivative in words."""
    return formatting.show(node.derivative, format, node.shape, node.derivative_stats)


def size(node: NodeInfo) -> float:
    """How large a node's derivative is: of an array, its largest number; what is not finite is larger than all."""
    if node.derivative_stats is not None:
        figures = node.derivative_stats
        return math.inf if not figures.finite else max(abs(figures.low or 0.0), abs(figures.high or 0.0))
    if not isinstance(node.derivative, (int, float)):
        return -1.0
    return math.inf if node.derivative != node.derivative else abs(node.derivative)


def _size(program: Outline, i: int) -> float:
    """How large the derivative of an input is, −1 if there is none."""
    derivative = program.derivatives[i]
    if derivative is None:
        node = program.node(i)
        return size(node) if node.has_derivative else -1.0
    return math.inf if derivative != derivative else abs(derivative)


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
