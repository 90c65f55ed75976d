"""Which part of a program each node belongs to: the scopes it was recorded in, and the parts of networks."""

from __future__ import annotations

from collections import defaultdict
from typing import Mapping, Sequence

from autograd.annotations import Scope, place_of, scopes_of
from autograd.node import Node
from viz.model import Group


def scopes_in(nodes: Sequence[Node]) -> dict[Node, Scope]:
    """The scope of each node: where it was recorded, else the part of a network whose parameters it is made with."""
    found: dict[Node, Scope] = dict(scopes_of(nodes))
    consumers: dict[Node, list[Node]] = defaultdict(list)
    for node in nodes:
        for x in node.inputs:
            if isinstance(x, Node):
                consumers[x].append(node)
    for node in nodes:
        if node in found:
            continue
        if node.rule is None:
            place = place_of(node)
            if place is not None:
                found[node] = place.scope
            continue
        inputs = [x for x in node.inputs if isinstance(x, Node)]
        owners = {found[x] for x in inputs if x.rule is None and x in found}
        if len(owners) == 1:
            found[node] = owners.pop()
        elif _is_activation(node) and inputs[0] in found and inputs[0].rule and len(consumers[inputs[0]]) == 1:
            # The activation, which has no parameters: it follows its neuron's sum, and nothing else does.
            if any(
                p.rule is None and found.get(p) is found[inputs[0]] for p in inputs[0].inputs if isinstance(p, Node)
            ):
                found[node] = found[inputs[0]]
    for node in nodes:
        # An input that only one part uses stands inside it.
        if node.rule is None and node not in found and not node.label:
            users = {found.get(user) for user in consumers[node]}
            if len(users) == 1 and (user := users.pop()) is not None:
                found[node] = user
    return found


def _is_activation(node: Node) -> bool:
    """A function of one result, but for settings such as a slope."""
    return len(node.inputs) - len(node.rule.defaults) == 1 and isinstance(node.inputs[0], Node)


def groups_of(nodes: Sequence[Node], scopes: Mapping[Node, Scope]) -> tuple[list[Group], dict[Node, str]]:
    """The scopes as plain data, outer ones first, in order of their nodes; of several of one name, numbered."""
    ids: dict[Scope, str] = {}
    groups: list[Group] = []
    alike: dict[tuple[str | None, str], int] = defaultdict(int)
    group_of = {}
    for node in nodes:
        if node not in scopes:
            continue
        for scope in scopes[node].path:
            if scope not in ids:
                parent = ids[scope.parent] if scope.parent else None
                alike[parent, scope.name] += 1
                number = alike[parent, scope.name]
                ids[scope] = f"g{len(ids) + 1}"
                groups.append(Group(ids[scope], scope.name if number == 1 else f"{scope.name} ({number})", parent))
        group_of[node] = ids[scopes[node]]
    return groups, group_of
