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
    again, earlier = [root], [root.grad]  # what has a gradient already; two lists that no garbage collector looks at
    found, leaves = ([root], []) if root._origin else ([], [(root, root.grad)])
    stack = found.copy()
    take, push, note, keep = stack.pop, stack.append, found.append, earlier.append
    try:
        root.grad = zero
        while stack:  # depth first: nearly in order, which sorts in no time
            for x in take()._origin:
                if type(x) is kind and (before := x.grad) is not zero:
                    if not x._origin:
                        leaves.append((x, before))
                    else:
                        if before is not None:
                            again.append(x)
                            keep(before)
                        note(x)
                        push(x)
                    x.grad = zero
        inner = sorted(found, key=by_time, reverse=True)
        refuse_changes(inner)
        root.grad = seed
        for node in inner:
            node._origin[0].pull(node)
        for node, before in leaves:
            if before is not None:
                node.grad += before
    except BaseException:
        for node in found:
            node.grad = None
        for node, before in (*leaves, *zip(again, earlier)):
            node.grad = before
        raise


_walk = _in_python if core.compiled is None else core.compiled.walk
