"""The walk forward: tangents through recorded nodes, producers before consumers."""

from __future__ import annotations

from typing import Any, Mapping, Sequence

import numpy as np

from autograd.functions.broadcasting import fit
from autograd.functions.register import REFUSALS, blame_other_arrays
from autograd.node import Node, plain, stored
from autograd.rules.arrays import General
from autograd.types import Tangent
from autograd.walks.arrays import pull_back


def push_forward(
    inner: Sequence[Node], tangents: Mapping[Node, Tangent], create_graph: bool = False
) -> dict[Node, Tangent]:
    """The forward pass of tangents through recorded nodes (`inner` as from :func:`ancestors`).

    Returns
    -------
    dict
        The tangents of the given nodes and of all inner ones that depend on them.
    """
    known = dict(tangents)
    with np.errstate(all="ignore"):
        for node in reversed(inner):
            if node in known:
                continue
            rule, *inputs = node._origin
            moving = {i: known[x] for i, x in enumerate(inputs) if isinstance(x, Node) and x in known}
            if not moving:
                continue
            y = node if create_graph else node._data
            if not create_graph:
                inputs = [stored(x) for x in inputs]
            try:
                if isinstance(rule, General):
                    tangent = _push_by_pulling(rule, moving, y, inputs, node)
                else:
                    tangent = rule.jvp(moving, y, inputs, node._static)
            except REFUSALS as error:
                blame_other_arrays(f"the derivative of {rule.name}", inputs, error)
                raise
            known[node] = node._fit(tangent)
    return known


def _push_by_pulling(rule: General, moving: Mapping[int, Tangent], y: Any, inputs: Sequence[Any], node: Any) -> Tangent:
    """The tangent of an operation that is known by its vjp alone.

    The vjp u ↦ Jᵀu is linear. Recorded on a u of zeros, its own vjp at the tangents v is J·v (Townsend 2017,
    "A new trick for calculating Jacobian vector products").
    """
    u = node._leaf(np.zeros_like(plain(y)))
    total: Any = None
    keep = isinstance(y, Node) or any(isinstance(v, Node) for v in moving.values())
    for image, v in zip(rule.vjp(u, y, inputs, tuple(moving), node._static), moving.values()):
        if isinstance(image, Node):
            if not isinstance(plain(image), float):  # the sum over what was broadcast is part of Jᵀ
                image = fit(image, np.shape(plain(v)), np.result_type(plain(v)))
            term = pull_back({image: v}, [u], create_graph=keep).get(u)
            if term is not None:
                total = term if total is None else total + term
    return total if total is not None else np.zeros_like(plain(y))
