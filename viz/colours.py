"""Frames that say something: how large a gradient or a value is, or what kind of operation stands there.

Sizes are told by lightness and width together, kinds by colour, width and dashes, so that nothing is lost in grey or to
the colour-blind. Grounds and texts stay as they are, and with them their contrast.
"""

from __future__ import annotations

import math
from typing import Literal, Mapping, get_args

from autograd.rules import RULES
from autograd.rules.rule import Elementwise
from viz import formatting
from viz.alt import size
from viz.dot import Line
from viz.model import Graph, NodeInfo
from viz.style import BLUE, GREY, WARNING
from viz.views import Mark

Colour = Literal["gradient", "value", "kind"]
COLOURS = get_args(Colour)

STEPS = 4
"""So many steps there are at most between the smallest and the largest."""
WIDTHS = (1, 2, 3, 4)
SHADES: Mapping[str, tuple[str, ...]] = {
    "gradient": ("#DE9583", "#D05A40", "#AC2A12", "#5A1408"),
    "value": ("#86AFCB", "#4A8AB5", "#0A639B", "#062F4C"),
}
"""From small to large, each darker than the one before."""
KINDS: Mapping[str, Mark] = {
    "input": Mark(GREY, 1),
    "sum or product": Mark(BLUE, 2),
    "function of each number": Mark("#7B3294", 2, "DASHED"),
    "linear map": Mark("#1B7837", 3),
    "change of shape": Mark("#8C6D1F", 2, "DOTTED"),
    "reduction": Mark("#3B3B3B", 3, "DASHED"),
    "other operation": Mark("#A6405A", 3, "DOTTED"),
}
_OF_RULES = {
    "sum or product": "add sub mul div neg power",
    "linear map": "matmul linear weighted_sum conv conv1d conv2d einsum dot inner outer tensordot",
    "change of shape": "reshape transpose broadcast_to getitem concatenate stack split clone unsqueeze squeeze select",
    "reduction": "total np.sum np.mean np.max np.min np.prod sum mean max min logsumexp",
}
_KIND_OF = {rule: kind for kind, rules in _OF_RULES.items() for rule in rules.split()}


def marked(graph: Graph, by: Colour) -> dict[str, Mark]:
    """The frames of a picture's nodes, by their ids."""
    if by == "kind":
        return {node.id: KINDS[_kind(node)] for node in graph.nodes if node.kind not in ("failed", "group")}
    scale = _Scale(graph, by)
    return {node.id: mark for node in graph.nodes if (mark := scale.mark(node)) is not None}


def legend(graph: Graph, by: Colour, format: str = formatting.DEFAULT) -> list[Line]:
    """The lines below a picture that explain its frames.

    Examples
    --------
    >>> import viz
    >>> from autograd import Value
    >>> x = Value(1e-3, label="x")
    >>> for line in legend(viz.record(x * x), "value"):
    ...     print(line.text)
    Frames are thicker and darker the larger the value is: 1e−06 … 1e−05 … 0.0001 … 0.001
    """
    if by == "kind":
        there = {_kind(node) for node in graph.nodes if node.kind not in ("failed", "group")}
        lines = [Line("Frames tell the kind of operation:", GREY)]
        for kind, mark in KINDS.items():
            if kind in there:
                lines.append(Line(f"{_WIDTH_NAMES[mark.width - 1]}{_DASH_NAMES[mark.dashes]}: {kind}", mark.colour))
        return lines
    scale = _Scale(graph, by)
    ends = [formatting.show(10.0**power, format) for power in scale.ends]
    text = f"Frames are thicker and darker the larger the {by} is: {' … '.join(ends)}"
    sizes = {scale.size(node) for node in graph.nodes}
    if sizes == {-1.0}:
        return [Line(f"Frames would tell the size of the {by}, but there is none yet.", GREY)]
    others = ["dotted: exactly 0"] * (0.0 in sizes) + ["brown, dashed: not finite"] * (math.inf in sizes)
    return [Line("; ".join([text, *others]), GREY)]


def differing(graph: Graph, drawn: Graph) -> dict[str, Mark]:
    """In a comparison, the frames of nodes that are not what they were; of groups, of what is in them."""
    found = {node.id: _VALUE if node.was else _DERIVATIVE for node in graph.nodes if node.was or node.derivative_was}
    for node in drawn.nodes:
        inside = [found[id] for id in node.members if id in found]
        if inside:
            found[node.id] = _VALUE if _VALUE in inside else _DERIVATIVE
    return found


_VALUE, _DERIVATIVE = Mark(SHADES["value"][2], 3), Mark(SHADES["gradient"][2], 3, "DASHED")
_WIDTH_NAMES = ("thin", "thicker", "thick", "thickest")
_DASH_NAMES = {"": "", "DASHED": ", dashed", "DOTTED": ", dotted"}


class _Scale:
    """Sizes in at most four steps of whole powers of ten."""

    def __init__(self, graph: Graph, by: Colour) -> None:
        self.by = by
        sizes = [math.log10(s) for node in graph.nodes if 0 < (s := self.size(node)) < math.inf]
        self.low = math.floor(min(sizes, default=0.0) + 1e-9)
        self.high = max(math.ceil(max(sizes, default=0.0) - 1e-9), self.low + 1)
        steps = min(STEPS, self.high - self.low)
        self.ends = [round(self.low + i * (self.high - self.low) / steps) for i in range(steps + 1)]

    def size(self, node: NodeInfo) -> float:
        """The largest number of a node's gradient or value, as :func:`largest` tells it."""
        return largest(node, self.by)

    def mark(self, node: NodeInfo) -> Mark | None:
        """The frame of a node; the usual one where nothing is known of it."""
        size = self.size(node)
        if size < 0:
            return None
        if size == 0:
            return Mark(GREY, 1, "DOTTED")
        if math.isinf(size):
            return Mark(WARNING, WIDTHS[-1], "DASHED")
        step = sum(math.log10(size) > end + 1e-9 for end in self.ends[1:-1])
        return Mark(SHADES[self.by][step], WIDTHS[step])


def largest(node: NodeInfo, by: Colour) -> float:
    """The largest number of a node's gradient or value; infinite if there is a nan, −1 if nothing is known."""
    if by == "gradient":
        return size(node) if node.passed else -1.0
    if node.value_stats is not None:
        if not node.value_stats.finite:
            return math.inf
        return max(abs(node.value_stats.low or 0.0), abs(node.value_stats.high or 0.0))
    if not isinstance(node.value, (int, float)):
        return -1.0
    return math.inf if node.value != node.value else abs(node.value)


def _kind(node: NodeInfo) -> str:
    return "input" if node.rule is None else kind_of(node.rule)


def kind_of(rule: str) -> str:
    """What kind of operation a rule is, of :data:`KINDS`."""
    known = _KIND_OF.get(rule.partition("[")[0])
    return known or ("function of each number" if isinstance(RULES.get(rule), Elementwise) else "other operation")
