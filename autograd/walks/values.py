"""The walk backward over a graph of Values."""

from __future__ import annotations

from autograd import core
from autograd.graph import refuse_changes, settling
from autograd.node import Node, by_time


def walk_values(root: Node, seed: float = 1.0) -> None:
    """The backward pass for a graph of Values: sums run in the nodes' ``grad``, and every rule has its compiled pull.

    Leaves add to their ``grad``; inner nodes get the gradient of this call. If anything goes wrong, every ``grad`` is
    what it was before.
    """
    with settling:
        _walk(root, seed)


def _in_python(root: Node, seed: float) -> None:
    # A fresh object marks what has been visited, and is the zero that the sum starts from.
    zero, kind = float("0"), type(root)
    found, earlier = [root], [root.grad]  # two lists of what the garbage collector does not look at
    leaves = [] if root._origin or root.grad is None else [(root, root.grad)]
    stack = [root] if root._origin else []
    inner: list[Node] = []
    take, push, record, note, keep = stack.pop, stack.append, inner.append, found.append, earlier.append
    try:
        root.grad = zero
        while stack:  # depth first: nearly in order, which sorts in no time
            node = take()
            record(node)
            for x in node._origin:
                if type(x) is kind and (before := x.grad) is not zero:
                    note(x)
                    keep(before)
                    x.grad = zero
                    if x._origin:
                        push(x)
                    elif before is not None:
                        leaves.append((x, before))
        inner.sort(key=by_time, reverse=True)
        refuse_changes(inner)
        root.grad = seed
        for node in inner:
            node._origin[0].pull(node)
        for node, before in leaves:
            node.grad += before
    except BaseException:
        for node, before in zip(found, earlier):
            node.grad = before
        raise


_walk = _in_python if core.compiled is None else core.compiled.walk
