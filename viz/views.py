"""What of a picture is shown: one pass or both, one chain boldly, one step of many; at the places of the whole."""

from __future__ import annotations

from types import MappingProxyType
from typing import Literal, Mapping, NamedTuple

from viz.model import Graph

Show = Literal["both", "forward", "backward"]


class Mark(NamedTuple):
    """How a frame is drawn that says something: its colour, its width in points, and its dashes."""

    colour: str
    width: int
    dashes: Literal["", "DASHED", "DOTTED"] = ""


class View(NamedTuple):
    """Which values, gradients and arrows are shown, by the ids of nodes and edges.

    Attributes
    ----------
    values, gradients, forward, backward : frozenset of str
    bold : frozenset of str, optional
        What is drawn boldly, the rest faded.
    lit : frozenset of str
        What is drawn boldly while the rest stays as it is: the step that is being told.
    sums : mapping
        Instead of a node's gradient: the sum so far, while a backward pass is being told.
    marks : mapping
        The frames that say something, by the ids of their nodes.
    """

    values: frozenset[str]
    gradients: frozenset[str]
    forward: frozenset[str]
    backward: frozenset[str]
    bold: frozenset[str] | None = None
    lit: frozenset[str] = frozenset()
    sums: Mapping[str, str] = MappingProxyType({})
    marks: Mapping[str, Mark] = MappingProxyType({})

    def faded(self, id: str) -> bool:
        """Whether something else is meant."""
        return self.bold is not None and id not in self.bold

    def strong(self, id: str) -> bool:
        """Whether this is meant above all."""
        return id in self.lit or (self.bold is not None and id in self.bold)


def view(graph: Graph, show: Show = "both", bold: set[str] | None = None) -> View:
    """Everything of one pass, or of both."""
    nodes, edges = frozenset(n.id for n in graph.nodes), frozenset(e.id for e in graph.edges)
    nothing: frozenset[str] = frozenset()
    forward, backward = show != "backward", show != "forward"
    return View(
        values=nodes if forward else nothing,
        gradients=nodes if backward else nothing,
        forward=edges if forward else nothing,
        backward=edges if backward else nothing,
        bold=None if bold is None else frozenset(bold),
    )
