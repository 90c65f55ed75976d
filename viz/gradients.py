"""Derivatives for pictures, computed from a graph without reading or writing any ``.grad``."""

from __future__ import annotations

import math
from typing import Any, Mapping, NamedTuple, Sequence

import numpy as np

from autograd.errors import AutogradError
from autograd.node import KINDS, Node, plain
from viz.formulas import pulled, slopes_of_numbers


def gradients(roots: Sequence[Node], nodes: Sequence[Node]) -> Mapping[Node, Any]:
    """d(roots)/d(node) as far as it can be computed, by pulling back from node to node."""
    if any(np.size(root._data) != 1 for root in roots):
        return {}
    seeds: dict[Node, Any] = {root: 1.0 if type(root._data) is float else np.ones_like(root._data) for root in roots}
    try:
        return _pulled(seeds, nodes)
    except (AutogradError, TypeError, ValueError, ArithmeticError):
        return {}


def _pulled(seeds: Mapping[Node, Any], nodes: Sequence[Node]) -> Mapping[Node, Any]:
    """The cotangent of every node: those of inner ones are asked for by pulling back to all of them at once."""
    found: dict[Node, Any] = dict(seeds)
    for node in reversed(nodes):
        g = found.get(node)
        if g is None or node.rule is None:
            continue
        at = [i for i, x in enumerate(node.inputs) if isinstance(x, Node)]
        data = [plain(x) for x in node.inputs]
        for i, cotangent in zip(at, pulled(node, g, data, at)):
            if cotangent is not None:
                x = node.inputs[i]
                cotangent = x._fit(cotangent)
                earlier = found.get(x)
                found[x] = cotangent if earlier is None else earlier + cotangent
    return {node: found.get(node, np.zeros_like(node._data)) for node in nodes}


class Slopes(NamedTuple):
    """The edges of a program as columns, by target: their ends, which input it is, and ∂target/∂source if a number.

    `first` has for each node the first edge into it.
    """

    first: list[int]
    sources: list[int]
    targets: list[int]
    positions: list[int]
    partials: list[float | None]


def slopes(nodes: Sequence[Node]) -> Slopes:
    """All local derivatives."""
    number = {node: i for i, node in enumerate(nodes)}
    found = Slopes([], [], [], [], [])
    kinds = KINDS
    with np.errstate(all="ignore"):
        for j, node in enumerate(nodes):
            found.first.append(len(found.sources))
            if node.rule is None:
                continue
            inputs = node.inputs
            at = [i for i, x in enumerate(inputs) if type(x) in kinds and x in number]
            data = [x._data if type(x) in kinds else x for x in inputs]
            found.sources.extend([number[inputs[i]] for i in at])
            found.targets.extend([j] * len(at))
            found.positions.extend(at)
            found.partials.extend(slopes_of_numbers(node, at, data))
    return found


def adjoints_by(slopes: Slopes, roots: Sequence[Node], nodes: Sequence[Node]) -> Mapping[Node, float] | None:
    """d(roots)/d(node) of numbers, from local derivatives.

    ``None`` where these are not known, or where infinities meet, which only the rules can tell apart.
    """
    if None in slopes.partials or not all(type(node._data) is float for node in nodes):
        return None
    adjoint: list[float | None] = [None] * len(nodes)
    number = {node: i for i, node in enumerate(nodes)}
    for root in roots:
        adjoint[number[root]] = 1.0
    for source, target, partial in zip(*(reversed(c) for c in (slopes.sources, slopes.targets, slopes.partials))):
        g = adjoint[target]
        if g is not None:
            earlier = adjoint[source]
            adjoint[source] = g * partial if earlier is None else earlier + g * partial
    found = [0.0 if g is None else g for g in adjoint]
    return dict(zip(nodes, found)) if all(map(math.isfinite, found)) else None
