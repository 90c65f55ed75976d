"""Two recordings of one program as one picture: where they differ, each node says what it was before."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cached_property
from typing import Any, Callable, Mapping

from viz import formatting
from viz.datafile import Loaded
from viz.drawing import Drawing, draw
from viz.findings import Search
from viz.model import Graph, NodeInfo
from viz.outline import Outline
from viz.read import read
from viz.record import Recording

ROUNDING = 1e-9
"""Numbers that differ by less than this share of their size are taken to be the same."""


def diff(
    before: Any,
    after: Any,
    names: Mapping[str, Any] | None = None,
    *,
    format: str = formatting.DEFAULT,
    **options: Any,
) -> Drawing:
    """Draw two recordings of one program as one picture: the second, in which what differs says what it was.

    Where a value or a derivative differs by more than rounding (a share of 1e-9), the node says ``was 6`` below it, and
    has a thick frame: a blue one if its value differs, a dashed red one if only its derivative does. A line below says
    how many do. The rest is as :func:`viz.draw` draws the second.

    Parameters
    ----------
    before, after : Value, Tensor, sequence of them, PyTorch loss, or what :func:`viz.load` gives
        Two runs of one program: with other inputs, another version of it, on another machine.
    names : mapping, optional
        Names for nodes without a label: ``names=locals()``.
    format : str
        How numbers are written.
    **options
        As for :func:`viz.draw`. With ``colour`` the frames say that instead.

    Returns
    -------
    Drawing
        It can be saved as a picture, as a page and as data like any other; its text says the same.

    Raises
    ------
    ValueError
        If they are not of one program: another number of nodes, another operation, or made from other nodes.

    Notes
    -----
    Of an array of more than six numbers the figures that the picture shows are compared, not its numbers.

    Examples
    --------
    >>> from autograd import Value
    >>> def program(b):
    ...     a, b, c = Value(5, label="a"), Value(b, label="b"), Value(2, label="c")
    ...     J = 3 * (a + b * c)
    ...     J.label = "J"
    ...     J.backward()
    ...     return J
    >>> print(*diff(program(3), program(2.5)).text.splitlines()[:7], sep="\\n")
    Forward
      a  = 5
      b  = 2.5 (was 3)
      c  = 2
      v1 = b·c    = 5 (was 6)
      v2 = a + v1 = 10 (was 11)
      J  = 3·v2   = 30 (was 33)
    """
    return draw(_Compared(_read(before, names), _read(after, names), format), format=format, **options)


def _read(root: Any, names: Mapping[str, Any] | None) -> Recording | Loaded:
    return root if isinstance(root, Loaded) else read(root, names)


class _Compared(Loaded):
    """The second of two recordings, whose nodes know what they were in the first."""

    def __init__(self, before: Recording | Loaded, after: Recording | Loaded, format: str) -> None:
        _same_program(before.graph, after.graph)
        changed = (_compared(a, b, format) for a, b in zip(before.graph.nodes, after.graph.nodes))
        self._was = {node.id: (node.was, node.derivative_was) for node in changed}
        self._after = after
        values, derivatives = (sum(bool(was[k]) for was in self._was.values()) for k in range(2))
        frames = " (thick frames, dashed where only the derivative does)" if values + derivatives else ""
        told = (
            f"Compared with another recording: values differ at {values:,} of {len(self._was):,} nodes, derivatives at "
            f"{derivatives:,}{frames}."
        )
        graph = replace(after.graph, remark=" ".join(filter(None, [after.graph.remark, told])))
        super().__init__(self._told(graph), after.found if isinstance(after, Loaded) else Search(after).found)
        self.ids = after.ids

    def _told(self, graph: Graph) -> Graph:
        return replace(graph, nodes=[self._with_what_was(node) for node in graph.nodes])

    def _with_what_was(self, node: NodeInfo) -> NodeInfo:
        was, derivative_was = self._was.get(node.id, ("", ""))
        return replace(node, was=was, derivative_was=derivative_was)

    @cached_property
    def outline(self) -> Outline:
        """That of the second recording, whose nodes are read with what they were."""
        outline = self._after.outline
        return replace(outline, node=lambda i: self._with_what_was(outline.node(i)), whole=self.graph)


def _same_program(before: Graph, after: Graph) -> None:
    for one, other in zip(before.nodes, after.nodes):
        if one.rule != other.rule:
            first, second = (f"{node.name} is {node.rule or 'an input'}" for node in (one, other))
            raise ValueError(
                f"before and after are two programs: {first} in one where {second} in the other; diff compares two "
                "runs of one"
            )
    if len(before.nodes) != len(after.nodes):
        raise ValueError(
            f"before and after are two programs, of {len(before.nodes):,} and {len(after.nodes):,} nodes; diff "
            "compares two runs of one"
        )
    for edge, counterpart in zip(_edges(before), _edges(after)):
        if edge != counterpart:
            name = after.nodes[counterpart[0]].name
            raise ValueError(f"before and after are two programs: {name} is not made from the same nodes in both")


def _edges(graph: Graph) -> list[tuple[int, int, int]]:
    number = {node.id: i for i, node in enumerate(graph.nodes)}
    return [(number[edge.target], number[edge.source], edge.position) for edge in graph.edges]


def _compared(before: NodeInfo, after: NodeInfo, format: str) -> NodeInfo:
    def was(value: Callable[[NodeInfo], Any], stats: Callable[[NodeInfo], Any]) -> str:
        if _alike(value(before), value(after)) and _alike(stats(before), stats(after)):
            return ""
        figures = stats(before)
        if value(before) is None and figures is not None:
            return ", ".join(formatting.told(figures, format))
        return formatting.show(value(before), format)

    derivative = (
        was(lambda node: node.derivative, lambda node: node.derivative_stats)
        if before.has_derivative and after.has_derivative
        else ""
    )
    return replace(after, was=was(lambda node: node.value, lambda node: node.value_stats), derivative_was=derivative)


def _alike(one: Any, other: Any) -> bool:
    """Whether two numbers, lists of numbers or figures of arrays are the same but for rounding."""
    if isinstance(one, (int, float)) and isinstance(other, (int, float)):
        return one == other or (one != one and other != other) or math.isclose(one, other, rel_tol=ROUNDING)
    if isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)):
        return len(one) == len(other) and all(map(_alike, one, other))
    return bool(one == other)
