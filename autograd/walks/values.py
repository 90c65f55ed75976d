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
        if core.compiled is not None:
            return core.compiled.walk(root, seed)  # type: ignore[no-any-return]
        # A fresh object marks what has been visited, and is the zero that the sum starts from.
        zero = float("0")
        kind = type(root)
        earlier = [(root, root.grad)]
        stack = [root] if root._origin else []
        inner: list[Node] = []
        take, push, note, record = stack.pop, stack.append, earlier.append, inner.append
        try:
            root.grad = zero
            while stack:  # depth first: nearly in order, which sorts in no time
                node = take()
                record(node)
                for x in node._origin:
                    if type(x) is kind and x.grad is not zero:
                        note((x, x.grad))
                        x.grad = zero
                        if x._origin:
                            push(x)
            inner.sort(key=by_time, reverse=True)
            refuse_changes(inner)
            root.grad = seed
            for node in inner:
                node._origin[0].pull(node)
            for node, before in earlier:
                if before is not None and not node._origin:
                    node.grad += before
        except BaseException:
            for node, before in earlier:
                node.grad = before
            raise
