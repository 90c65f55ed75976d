"""The graph between nodes: their order, and changes of data noticed.

An input that is *younger* than its consumer has had its data replaced since it was used, which no
gradient may ignore.
"""

from __future__ import annotations

from threading import RLock
from typing import Any, Callable, Sequence

from autograd import core
from autograd.constants import refuse_changed_constants
from autograd.core import changes
from autograd.errors import ChangedDataError
from autograd.following import followers, looked
from autograd.node import KINDS, Node, by_time
from autograd.rules.arrays import General

settling = RLock()
"""Held while gradients are stored. (The walk over Values keeps its running sums in the nodes themselves.)"""

History = tuple[list[Node], list[Node]]
"""What nodes were made from, as :func:`ancestors` returns it: the recorded nodes, and the leaves."""


def touch(*nodes: Node) -> None:
    """Note that the data of `nodes` has just been changed."""
    for node in nodes:
        if followers:
            looked(node, "a write to its numbers")
        node._time = changes.change()  # type: ignore[misc]  # each class has its slots
        if node._origin:
            node._origin = (overwritten, *node._origin[1:])  # type: ignore[misc]  # likewise


def _refuse_overwritten(*args: Any, **static: Any) -> Any:
    raise ChangedDataError(
        "the data of a computed node was overwritten, so its gradient would be wrong; "
        "run the forward pass again, or make a new leaf of the new data"
    )


overwritten = General("overwritten", _refuse_overwritten, _refuse_overwritten)
"""Stands in for the rule of a computed node whose data was set by hand."""


def ancestors(*roots: Node) -> History:
    """All nodes that `roots` were made from, themselves included.

    Returns
    -------
    inner : list of Node
        The recorded ones, consumers before producers.
    leaves : list of Node
        The others, oldest first.

    Raises
    ------
    ChangedDataError
        If the data of a node, or a constant array, was changed after another node had been computed from it.
    """
    inner, leaves = _discovered(*roots) or _in_python(*roots)
    refuse_changes(inner)
    return inner, leaves


def _in_python(*roots: Node) -> History:
    seen = set(roots)
    found = list(seen)
    kinds = KINDS
    for node in found:  # which grows on the way
        for x in node._origin:
            # By kind, not by isinstance: this loop is a good part of a small program's backward pass.
            if type(x) in kinds and x not in seen:
                seen.add(x)
                found.append(x)
    inner = sorted([node for node in found if node._origin], key=by_time, reverse=True)
    return inner, sorted([node for node in found if not node._origin], key=by_time)


_discovered: Callable[..., History | None] = _in_python if core.compiled is None else core.compiled.discovered


def refuse_changes(inner: Sequence[Node]) -> None:
    """Raise if data was changed after a node of `inner` (sorted, youngest first) had used it."""
    if not inner:
        return
    oldest = inner[-1]._time
    if changes.last_change() >= oldest:
        for node in inner:
            for x in node._origin:
                if isinstance(x, Node) and x._time > node._time:
                    name = x.label or "an input"
                    raise ChangedDataError(
                        f"the data of {name} was changed after {node.rule.name} had used it, so the gradient "
                        "would be wrong; run the forward pass again after changing .data"
                    )
    refuse_changed_constants(inner)
