"""Constant arrays that a graph keeps: a change of one before the backward pass is noticed."""

from __future__ import annotations

from typing import Sequence

from autograd.errors import ChangedDataError
from autograd.node import Node

_last_noted = 0


def note_constants(node: Node) -> None:
    """Note that `node` keeps arrays of the caller's, which may be changed before a walk needs them."""
    global _last_noted
    _last_noted = node._time


def refuse_changed_constants(inner: Sequence[Node]) -> None:
    """Raise if an array that a node of `inner` (sorted, youngest first) keeps was changed since it was used."""
    if _last_noted < inner[-1]._time:
        return
    for node in inner:
        for constant in node._constants:
            if constant.changed():
                raise ChangedDataError(
                    f"an array of shape {constant.array.shape} was changed after {node.rule.name} had used it, so "
                    "the gradient would be wrong; run the forward pass again after changing it, or give a copy"
                )
