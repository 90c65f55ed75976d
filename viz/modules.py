"""Which module an operation belongs to, where only the modules of parameters are known: a guess by the graph alone.

An operation on a module's parameters is inside it. So are changes of shape right beside it, the sum with what the
module was given (a residual connection) and an activation right after that, and what stands between two of its parts.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import product
from typing import Iterable, Sequence

from autograd.annotations import Scope, place_of
from autograd.node import Node
from autograd.rules.rule import Elementwise

OF_SHAPE = {
    "reshape", "transpose", "broadcast_to", "clone", "unsqueeze", "squeeze", "select", "slice", "split", "unbind",
    "contiguous",
}  # fmt: skip


def scopes_by_names(nodes: Sequence[Node]) -> dict[Node, Scope]:
    """The scope of each node, from those of the parameters, whose places were noted.

    Each call of a module is a scope of its own: its operations follow each other.

    Parameters
    ----------
    nodes : sequence of Node
        In the order in which they were recorded.
    """
    return _calls(nodes, _Guess(nodes).found)


class _Guess:
    def __init__(self, nodes: Sequence[Node]) -> None:
        self.found: dict[Node, Scope] = {}
        self.users: dict[Node, list[Node]] = defaultdict(list)
        for node in nodes:
            for x in _made_from(node):
                self.users[x].append(node)
        operations = [node for node in nodes if node.rule is not None]
        for node in nodes:
            self._by_parameters(node)
        for node in operations:
            self._after_its_module(node)
        for node in reversed(operations):
            self._before_its_module(node)
        residual: set[Node] = set()
        for node in operations:
            self._residual(node, residual)
        self._between(operations)

    def _by_parameters(self, node: Node) -> None:
        owners = {home.scope for x in _made_from(node) if (home := place_of(x))}
        if (home := place_of(node)) is not None:
            self.found[node] = home.scope
        elif len(owners) == 1:
            self.found[node] = owners.pop()

    def _after_its_module(self, node: Node) -> None:
        inputs = _made_from(node)
        if _is_of_shape(node) and node not in self.found and len(inputs) == 1 and inputs[0].rule is not None:
            if inputs[0] in self.found and len(self.users[inputs[0]]) == 1:
                self.found[node] = self.found[inputs[0]]

    def _before_its_module(self, node: Node) -> None:
        if _is_of_shape(node) and node not in self.found and self.users[node]:
            common = _common(self.found.get(user) for user in self.users[node])
            if common is not None:
                self.found[node] = common

    def _residual(self, node: Node, residual: set[Node]) -> None:
        if node in self.found or not isinstance(node.rule, Elementwise):
            return
        inputs = [x for x in _made_from(node) if x.rule is not None]
        if len(inputs) == 1 and inputs[0] in residual and len(self.users[inputs[0]]) == 1:
            self.found[node] = self.found[inputs[0]]
        if len(inputs) < 2:
            return
        around = {scope for x in inputs if x in self.found for scope in self.found[x].path}
        for scope in sorted(around, key=lambda scope: -len(scope.path)):
            if all(self._touches(x, scope) for x in inputs):
                self.found[node] = scope
                residual.add(node)
                return

    def _touches(self, x: Node, scope: Scope) -> bool:
        """Whether `x` was made in `scope`, or is used there."""
        return any(one in self.found and scope in self.found[one].path for one in (x, *self.users[x]))

    def _between(self, operations: Sequence[Node]) -> None:
        before: dict[Node, set[Scope]] = {}
        for node in operations:
            known = {scope for x in _made_from(node) for scope in before.get(x, ())}
            before[node] = {self.found[node]} if node in self.found else known
        after: dict[Node, set[Scope]] = defaultdict(set)
        for node in reversed(operations):
            scopes = {self.found[node]} if node in self.found else after[node]
            for x in _made_from(node):
                after[x] |= scopes
        for node in operations:
            around = [scope for pair in product(before[node], after[node]) if (scope := _common(pair)) is not None]
            if node not in self.found and around:
                self.found[node] = max(around, key=lambda scope: (len(scope.path), scope.name))


def _made_from(node: Node) -> list[Node]:
    return list(dict.fromkeys(x for x in node.inputs if isinstance(x, Node)))


def _is_of_shape(node: Node) -> bool:
    return node.rule.name.partition("[")[0] in OF_SHAPE


def _common(scopes: Iterable[Scope | None]) -> Scope | None:
    """The innermost scope that all of these are in."""
    paths = [scope.path if scope else () for scope in scopes]
    shared = [level[0] for level in zip(*paths) if all(scope is level[0] for scope in level)]
    return shared[-1] if shared else None


def _calls(nodes: Sequence[Node], found: dict[Node, Scope]) -> dict[Node, Scope]:
    """A scope for each call of a module instead of one for the module."""
    calls: dict[Node, Scope] = {}
    running: list[tuple[Scope, Scope]] = []  # modules that are being called, each with the scope of its call
    first: dict[Scope, Scope] = {}
    for node in nodes:
        if node not in found or node.rule is None:
            continue
        path = found[node].path
        depth = 0
        while depth < min(len(path), len(running)) and running[depth][0] is path[depth]:
            depth += 1
        del running[depth:]
        for module in path[depth:]:
            call = Scope(module.name, running[-1][1] if running else None)
            first.setdefault(module, call)
            running.append((module, call))
        calls[node] = running[-1][1]
    for node in nodes:
        if node.rule is None and node in found:
            calls[node] = first.get(found[node], found[node])
    return calls
