"""The walk backward over a graph of Values."""

from __future__ import annotations

from operator import attrgetter

from autograd import core
from autograd.graph import refuse_changes, settling
from autograd.node import Node, by_time

_origin_of = attrgetter("_origin")  # and not a comprehension, whose inside a `try` does not cover on every Python


def walk_values(root: Node, seed: float = 1.0) -> None:
    """The backward pass for a graph of Values: sums run in the nodes' ``grad``, and every rule has its compiled pull.

    Leaves add to their ``grad``; inner nodes get the gradient of this call. If anything goes wrong, every ``grad`` is
    what it was before.
    """
    with settling:
        if core.compiled is not None:
            core.compiled.walk(root, seed)
            return
        # A fresh object marks what has been visited, and is the zero that the sum starts from.
        zero = float("0")
        kind = type(root)
        nodes, earlier = [root], [root.grad]
        try:
            root.grad = zero
            for node in nodes:  # which grows as it goes
                for x in node._origin:
                    if type(x) is kind and x.grad is not zero:
                        earlier.append(x.grad)
                        nodes.append(x)
                        x.grad = zero
            inner = sorted(filter(_origin_of, nodes), key=by_time, reverse=True)
            refuse_changes(inner)
            root.grad = seed
            for node in inner:
                node._origin[0].pull(node)
            for node, before in zip(nodes, earlier):
                if before is not None and not node._origin:
                    node.grad += before
        except BaseException:
            for node, before in zip(nodes, earlier):
                node.grad = before
            raise
