"""What the page can open: the groups of a graph as a tree, in which no level has more parts than can be looked at.

To the scopes of the program come the repetitions that the still picture folds, and parts: neighbours in the order of
the program, where a group (or the whole) would otherwise have too many children.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import groupby

import numpy as np

from viz.model import Graph, NodeInfo

CHILDREN = 40
"""A level of more nodes and groups is divided."""
_REPEATED = re.compile(r"(\d+) × ")


@dataclass(eq=False)
class Part:
    """A group as the page has it, with its nodes (by their numbers) and the groups in it, in order of the program."""

    name: str
    parent: Part | None
    children: list[Part | int] = field(default_factory=list)
    open: bool = True

    @property
    def first(self) -> int:
        """The number of its first node."""
        child = self.children[0]
        return child if isinstance(child, int) else child.first


class Parts:
    """The groups of a graph, outer ones first.

    Parameters
    ----------
    graph : Graph
    drawn : Graph
        What the still picture shows of it: its folded groups are closed here too.
    divided : bool
        Whether neighbours stand together where there are many.
    """

    def __init__(self, graph: Graph, drawn: Graph, divided: bool = False) -> None:
        self.nodes = graph.nodes
        self.top = Part("", None)
        self.scopes: dict[str, Part] = {}
        for group in graph.groups:
            self.scopes[group.id] = Part(group.name, self.scopes[group.parent] if group.parent else self.top)
        for number, node in enumerate(graph.nodes):
            (self.scopes[node.group] if node.group else self.top).children.append(number)
        for part in [*self.scopes.values()][::-1]:
            if part.children and part.parent is not None:
                _ordered(part)
                part.parent.children.append(part)
        _ordered(self.top)
        self.graph, self.divided = graph, divided
        for node in drawn.nodes:
            if node.members:
                self._close(node)
        if divided:
            self._divide(self.top)
        self.all = self._below(self.top)
        self.number = {id(part): i for i, part in enumerate(self.all)}

    def _close(self, folded: NodeInfo) -> None:
        """Close what the still picture has folded: a scope; or a repetition, or inputs alike, a group from now on."""
        part = self.scopes.get(folded.id)
        if part is None:
            parent = self.scopes[folded.group] if folded.group else self.top
            members = set(folded.members)
            inside = [child for child in parent.children if self.nodes[_first(child)].id in members]
            taken = set(inside)
            part = self._made(folded.short, parent, inside)
            parent.children = [child for child in parent.children if child not in taken]
            parent.children.append(part)
            _ordered(parent)
            if (repeated := _REPEATED.match(folded.name)) and self.divided:
                self._repeat(part, int(repeated[1]))
        for each in [part, *self._below(part)]:
            each.open = False

    def _made(self, name: str, parent: Part, children: list[Part | int]) -> Part:
        """A closed part around some of the children of another."""
        part = Part(name, parent, children, open=False)
        for child in children:
            if isinstance(child, Part):
                child.parent = part
        return part

    def _repeat(self, part: Part, repeats: int) -> None:
        """Divide a repetition into its rounds, each with the inputs that it alone uses."""
        if any(isinstance(child, Part) for child in part.children):
            return
        operations = [child for child in part.children if not self._is_input(child)]
        period = len(operations) // repeats
        if period < 2 or period * repeats != len(operations):
            return
        rounds: list[list[Part | int]] = [operations[k : k + period] for k in range(0, len(operations), period)]
        round_of = {child: k for k, children in enumerate(rounds) for child in children}
        used_in: dict[Part | int, set[int]] = {child: set() for child in part.children if child not in round_of}
        for source, target in zip(*self.graph.ends):
            if source in used_in:
                used_in[source].add(round_of.get(target, -1))
        rest: list[Part | int] = []
        for child in part.children:
            if isinstance(child, int) and self._is_input(child):
                users = used_in[child]
                (rounds[users.pop()] if len(users) == 1 and -1 not in users else rest).append(child)
        part.children = rest
        for k, children in enumerate(rounds, 1):
            made = self._made(f"{k} of {repeats}", part, children)
            part.children.append(made)
            _ordered(made)
        _ordered(part)

    def _divide(self, part: Part) -> None:
        """Put neighbours into parts where there are too many of them; inputs and operations apart if that helps."""
        if len(part.children) > CHILDREN:
            runs = [list(run) for _, run in groupby(part.children, self._is_input)]
            most = CHILDREN // 2 // len(runs)
            part.children = (
                self._pieces(part, part.children, CHILDREN // 2)
                if most < 2
                else [piece for run in runs for piece in self._pieces(part, run, most)]
            )
        for child in part.children:
            if isinstance(child, Part):
                self._divide(child)

    def _pieces(self, part: Part, children: list[Part | int], most: int) -> list[Part | int]:
        """A stretch of the children of a part as pieces of about the same size; a short one as it is."""
        if len(children) <= most:
            return children
        size = -(-len(children) // min(most, -(-len(children) // CHILDREN)))
        pieces = [children[k : k + size] for k in range(0, len(children), size)]
        return [self._made(f"{self._name(p[0])} … {self._name(p[-1])}", part, p) for p in pieces]

    def _is_input(self, child: Part | int) -> bool:
        return isinstance(child, int) and self.nodes[child].kind == "input"

    def _name(self, child: Part | int) -> str:
        if isinstance(child, Part):
            return child.name
        return self.nodes[child].short if self.nodes[child].group else self.nodes[child].name

    def _below(self, part: Part) -> list[Part]:
        found, stack = [], [part]
        while stack:
            inside = [child for child in stack.pop(0).children if isinstance(child, Part)]
            found += inside
            stack += inside
        return found

    def rows(self) -> list[list[str | int]]:
        """Of each group its name, the number of the group around it, and how much is in it."""
        counts = {id(part): np.zeros(2, dtype=int) for part in [self.top, *self.all]}
        for part in [*self.all[::-1], self.top]:
            mine = counts[id(part)]
            for child in part.children:
                if isinstance(child, Part):
                    mine += counts[id(child)]
                elif self._is_input(child):
                    mine[0] += int(np.prod(self.nodes[child].shape, dtype=int))
                else:
                    mine[1] += 1
        return [[part.name, self.number.get(id(part.parent), -1), *counts[id(part)].tolist()] for part in self.all]

    def column(self) -> list[int]:
        """The number of the group around each node, −1 for none."""
        found = [-1] * len(self.nodes)
        for i, part in enumerate(self.all):
            for child in part.children:
                if isinstance(child, int):
                    found[child] = i
        return found

    def number_of(self, group: str) -> int:
        """The number of a group of the graph."""
        return self.number[id(self.scopes[group])]

    @property
    def open(self) -> list[int]:
        """The numbers of the groups that are open at the beginning."""
        return [i for i, part in enumerate(self.all) if part.open]


def _first(child: Part | int) -> int:
    return child if isinstance(child, int) else child.first


def _ordered(part: Part) -> None:
    part.children.sort(key=_first)
