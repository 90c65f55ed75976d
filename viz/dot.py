"""The picture as Graphviz source: values and forward arrows in blue, gradients and backward arrows in red.

The same source serves twice: without places, for Graphviz to lay it out; with places, to draw it, or a part of it,
where everything stood. Every text goes through :func:`escape`, so a label shows as it was written, whatever is in it.
"""

from __future__ import annotations

from typing import Collection, Iterable, Mapping, NamedTuple, Sequence

from viz import formatting
from viz.docks import Room
from viz.geometry import Box, Curve, Places
from viz.model import EdgeInfo, Graph, NodeInfo
from viz.style import (
    BLACK,
    BLUE,
    FADED,
    FONT,
    FRAME,
    GREY,
    INPUT_GROUND,
    PALE,
    PALE_BLUE,
    PALE_RED,
    RED,
    RESULT_GROUND,
    WARNING,
    WHITE,
)
from viz.views import View, view
from viz.words import TITLE, UNBROKEN, USUAL, Lines, gradient_lines, label_lines, tells, title_lines, value_lines
from viz.wrapping import cut, lined, wrapped

FONT_NAME = f'fontname="{FONT}"'
NODE_SIZE, EDGE_SIZE, BELOW_SIZE = 12, 12, 12
PITCH = 14
"""From line to line, in every font alike: see `_spaced`."""
LABELLED = 150
"""Graphs of more edges have no labels on them, and are laid out by :mod:`viz.large`: Graphviz takes too long."""
PAD = 5.0
JOINED = 34
ROOMY = 8
NO_ROOMS: Mapping[str, Room] = {}


class Line(NamedTuple):
    """A line below the picture."""

    text: str
    colour: str = RED


def escape(text: str) -> str:
    """`text` for a Graphviz label in HTML style; control characters become visible.

    Examples
    --------
    >>> print(escape('<a & "b">'))
    &lt;a &amp; &quot;b&quot;&gt;
    """
    return "".join(map(_escaped, text))


def _escaped(c: str) -> str:
    code = ord(c)
    if c in _ENTITIES:
        return _ENTITIES[c]
    if code < 32:
        return chr(0x2400 + code)
    if 0x7F <= code < 0xA0 or 0xD800 <= code < 0xE000 or code & 0xFFFE == 0xFFFE:
        return "\N{REPLACEMENT CHARACTER}"
    return c


# A backslash would start one of Graphviz's own escapes, such as \N for the node's name.
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\\": "\\\\", "\n": "<BR/>", "\t": " "}


def is_large(graph: Graph) -> bool:
    """Whether the graph is drawn without labels on its edges."""
    return len(graph.edges) > LABELLED


def source(
    graph: Graph,
    shown: View | None = None,
    format: str = formatting.DEFAULT,
    *,
    direction: str = "LR",
    lines: Lines = USUAL,
    unbroken: Collection[str] = (),
    rooms: Mapping[str, Room] = NO_ROOMS,
    places: Places | None = None,
    below: Sequence[Line] = (),
    room: Box | None = None,
    below_box: Box | None = None,
) -> str:
    """The Graphviz source of a picture.

    Parameters
    ----------
    graph : Graph
    shown : View, optional
        Which arrows and numbers; all of them unless given.
    format : str
        How numbers are written.
    direction : {"LR", "TB"}
        From left to right, or from top to bottom.
    lines : Lines
        How texts are broken,
    unbroken : collection of str
        but for the labels of these arrows, which have room to the side.
    rooms : mapping
        What Graphviz is to keep free before nodes, whose arrows are drawn into it (`viz.docks`).
    places : Places, optional
        Where everything stands; for Graphviz to find unless given.
    below : sequence of Line
        What is written below, in `below_box` where places are given.
    room : Box, optional
        How large the picture is.
    """
    shown = shown or view(graph)
    large = is_large(graph)
    # Small pictures have room to keep the two arrows between two nodes apart; many inputs below each other have not.
    apart = 0.25 if direction == "TB" else 0.15 if len(graph.edges) <= ROOMY else 0.03
    # Few rounds of untangling keep the parts of a layer in the order that they are written in.
    ordered = " mclimit=0.01" if any(node.gives and node.group for node in graph.nodes) or _weights(graph) else ""
    written = [
        "digraph {",
        f'graph [rankdir={direction}{ordered} bgcolor="white" nodesep={apart} ranksep=0.17 '
        f"pad={PAD / 72:.3f} {FONT_NAME} fontsize={BELOW_SIZE}",
        "       outputorder=edgesfirst",
        f"       labelloc=b labeljust=l{_label_below(below) if places is None else ''}]",
        f"node [shape=plain {FONT_NAME} fontsize={NODE_SIZE}]",
        f"edge [{FONT_NAME} fontsize={EDGE_SIZE} arrowsize=0.8]",
    ]
    if room is not None:
        for name, x, y in (("corner1", room.left, room.bottom), ("corner2", room.right, room.top)):
            written.append(f'{name} [shape=point style=invis width=0 height=0 label="" pos="{x:.2f},{y:.2f}"]')
    if places is None:
        written += _grouped(graph, shown, format, lines, direction, rooms)
    else:
        written += _frames(places)
        written += [_node(node, shown, format, lines, places.nodes[node.id]) for node in graph.nodes]
    if shown.forward:
        written.append(f'edge [color="{BLUE}" class=forward]')
    written += [_forward(edge, shown, places, rooms) for edge in graph.edges]
    if shown.backward:
        written.append(f'edge [color="{RED}" fontcolor="{RED}" style=dashed class=backward dir=back]')
    labels = {}
    for edge in () if large else filter(tells, graph.edges):
        longest = UNBROKEN if edge.id in unbroken else lines.label
        labels[edge.id] = _edge_label(label_lines(edge, graph, format, longest))
    written += [_backward(edge, shown, labels.get(edge.id), places) for edge in graph.edges if edge.target not in rooms]
    if below_box is not None and below:
        written.append(_node_below(below, below_box))
    return "\n".join(filter(None, [*written, "}"])) + "\n"


# --- nodes --------------------------------------------------------------------------------------------------


def _grouped(
    graph: Graph, shown: View, format: str, lines: Lines, direction: str, rooms: Mapping[str, Room]
) -> list[str]:
    """The nodes, those of a group in a cluster."""
    inside: dict[str | None, list[NodeInfo]] = {}
    for node in graph.nodes:
        inside.setdefault(node.group, []).append(node)
    weights = _weights(graph)

    def inside_of(group: str | None) -> Iterable[str]:
        for part in graph.groups:
            if part.parent == group:
                yield f"subgraph cluster_{part.id} {{"
                title = escape(cut(part.name)) or " "
                yield f"graph [label=<{title}> labelloc=t labeljust=l margin=8 style=rounded"
                yield f'       color="{FRAME}" fontsize={EDGE_SIZE} fontcolor="{GREY}" class=group id={part.id}]'
                yield from inside_of(part.id)
                yield "}"
        for node in inside.get(group, []):
            yield _node(node, shown, format, lines, None, rooms.get(node.id), direction)
        # Parts of one layer stand in order, and so do the weights of a neuron.
        folded = [node.id for node in inside.get(group, []) if node.gives]
        for ids in (folded, *weights.get(group, ())):
            if len(ids) > 1 and group is not None:
                # Graphviz has the first of them at the left, and at the bottom.
                ids = ids if direction == "TB" else ids[::-1]
                yield f"{{rank=same; edge [style=invis]; {' -> '.join(ids)}}}"

    return list(inside_of(None))


def _weights(graph: Graph) -> dict[str | None, list[list[str]]]:
    """The inputs of each group, those together that nothing but one and the same node uses."""
    users: dict[str, set[str]] = {node.id: set() for node in graph.nodes}
    for edge in graph.edges:
        users[edge.source].add(edge.target)
    found: dict[tuple[str, str], list[str]] = {}
    for node in graph.nodes:
        if node.kind == "input" and node.group and len(users[node.id]) == 1:
            found.setdefault((node.group, users[node.id].pop()), []).append(node.id)
    alike: dict[str | None, list[list[str]]] = {}
    for (group, *_), ids in found.items():
        if len(ids) > 1:
            alike.setdefault(group, []).append(ids)
    return alike


def _frames(places: Places) -> list[str]:
    """The frames of groups, drawn first, so that they lie below everything."""
    lines = []
    for id, titles in places.titles.items():
        for i, (box, title) in enumerate(zip(places.groups[id], titles)):
            name = f"{id}_{i}" if i else id
            words = f'<FONT POINT-SIZE="{EDGE_SIZE}" COLOR="{GREY}">{escape(title.text)}</FONT>'
            # On a ground of its own, since arrows into the group may pass below it.
            words = (
                f'<TABLE BORDER="0" CELLPADDING="0" CELLSPACING="0" BGCOLOR="{WHITE}"><TR><TD>{words}</TD></TR></TABLE>'
            )
            aside = max(title.box.left - box.left, 0) + 2
            cell = f'<TR><TD WIDTH="{aside:.0f}"></TD><TD ALIGN="LEFT" VALIGN="TOP" CELLPADDING="4">{words}</TD></TR>'
            table = _table(cell, box, 1, FRAME, None)
            lines.append(f'{name} [id={name} class=group pos="{box.x:.2f},{box.y:.2f}" label=<{table}>]')
    return lines


def _table(rows: str, box: Box | None, border: int, colour: str, ground: str | None, dashes: str = "") -> str:
    size = "" if box is None else f' FIXEDSIZE="TRUE" WIDTH="{box.width:.0f}" HEIGHT="{box.height:.0f}"'
    fill = f' BGCOLOR="{ground}"' if ground else ""
    return (
        f'<TABLE BORDER="{border}" CELLBORDER="0" CELLSPACING="0" CELLPADDING="1" '
        f'STYLE="{",".join(filter(None, ["ROUNDED", dashes]))}" '
        f'COLOR="{colour}"{fill}{size}>{rows}</TABLE>'
    )


def _node(
    node: NodeInfo,
    shown: View,
    format: str,
    lines: Lines,
    box: Box | None,
    room: Room | None = None,
    direction: str = "LR",
) -> str:
    """One node: its name and formula, its value in blue, its gradient in red, and remarks."""
    faded = shown.faded(node.id)
    visible, lit = node.id in shown.values, node.id in shown.gradients
    black, grey, blue, red, brown = (FADED,) * 5 if faded else (BLACK, GREY, BLUE, RED, WARNING)
    title, values = title_lines(node, lines), value_lines(node, format)
    rows = [(_bold_name(node, title[0]), black), *((escape(line) or " ", black) for line in title[1:])]
    if len(title) == len(values) == 1 and not node.note and _joined(node, title[0], values[0], lines):
        value = f' = <FONT COLOR="{blue}">{escape(values[0])}</FONT>' if visible else ""
        rows = [(rows[0][0] + value, black)]
    else:
        rows += [(escape(part), grey) for part in lined(node.note, ", ", lines.frame) if part]
        if node.gives and len(values) == 1:
            values = [f"{node.gives} = {values[0]}"]
        for line in values:
            colour = brown if "⚠" in line else blue
            rows += [(escape(part) if visible else " ", colour) for part in lined(line, " = ", lines.frame)]
    for line in gradient_lines(node, format):
        parts = lined(line, " = ", lines.frame)
        if node.id in shown.sums and line.startswith(node.derivative_name):
            # In as many lines as the result will take.
            parts = lined(shown.sums[node.id], " = ", lines.frame if len(parts) > 1 else UNBROKEN)
        rows += [(escape(part) if lit else " ", brown if "⚠" in line else red) for part in parts]
    remark = wrapped(f"⚠ {node.remark}", lines.frame) if node.remark else []
    rows += [(escape(part) if visible else " ", brown) for part in remark]
    frame = PALE if faded else BLUE if node.kind != "input" else GREY
    if (node.failure or not node.finite) and visible and not faded:
        frame = WARNING
    ground = WHITE if faded else INPUT_GROUND if node.kind == "input" else RESULT_GROUND
    border, dashes = 2 if node.kind in ("output", "failed") else 1, ""
    if not faded and (mark := shown.marks.get(node.id)):
        frame, border, dashes = mark.colour, mark.width, mark.dashes
        if box is not None:  # thick frames grow outward, off their texts
            more = 2 * (border - 1)
            box = Box(box.x, box.y, box.width + more, box.height + more)
    # As large as the frame: where less is shown than there is room for, Graphviz would begin at the upper left.
    less = 2 * border + 2
    size = "" if box is None else f' WIDTH="{box.width - less:.0f}" HEIGHT="{box.height - less:.0f}"'
    table = _table(f"<TR><TD{size}>{_spaced(rows)}</TD></TR>", box, border, frame, ground, dashes)
    if room is not None:
        table = _with_room(table, room, direction)
    at = "" if box is None else f'pos="{box.x:.2f},{box.y:.2f}" '
    return f"{node.id} [id={node.id} {at}label=<{table}>]"


def _with_room(table: str, room: Room, direction: str) -> str:
    """A node with something free before it."""
    free = f'<TD FIXEDSIZE="TRUE" WIDTH="{room.width:.0f}" HEIGHT="{room.height:.0f}"></TD>'
    between = "" if direction == "LR" else "</TR><TR>"
    return f'<TABLE BORDER="0" CELLSPACING="0" CELLPADDING="0"><TR>{free}{between}<TD>{table}</TD></TR></TABLE>'


def _joined(node: NodeInfo, title: str, value: str, lines: Lines) -> bool:
    """Whether the value stands beside the name: always that of an input, others where a layout asks for it."""
    return len(title) + len(value) < (JOINED if node.kind == "input" else lines.joined * TITLE)


def _spaced(lines: Iterable[tuple[str, str]]) -> str:
    """Lines of a text, each with a colour or the usual one, at one distance in every font.

    Lines of one size are as far apart as the font is high, which differs by a third from font to font; lines of several
    sizes as the largest of them. So a blank of a larger size stands at both ends, where room is needed anyway.
    """
    blank = f'<FONT POINT-SIZE="{PITCH}"> </FONT>'
    shown = (f'<FONT COLOR="{colour}">{html}</FONT>' if colour else html for html, colour in lines)
    return "<BR/>".join(f"{blank}{line}{blank}" for line in shown)


def _bold_name(node: NodeInfo, title: str) -> str:
    """The first line of a title, the name in it bold."""
    name = node.short if node.group else node.name
    if not node.formula or not title.startswith(f"{name} ="):
        return escape(title) or " " if node.formula else f"<B>{escape(title) or ' '}</B>"
    return f"<B>{escape(name)}</B>{escape(title[len(name) :])}"


# --- arrows -------------------------------------------------------------------------------------------------


def _forward(edge: EdgeInfo, shown: View, places: Places | None, rooms: Mapping[str, Room]) -> str:
    if edge.id not in shown.forward:
        return ""
    if edge.target in rooms:
        return f"{edge.source} -> {edge.target} [id={edge.id}f minlen={rooms[edge.target].ranks}]"
    style = f' color="{PALE_BLUE}"' if shown.faded(edge.id) else " penwidth=2" if shown.strong(edge.id) else ""
    return f"{edge.source} -> {edge.target} [id={edge.id}f{style}{_at(f'{edge.id}f', places)}]"


def _backward(edge: EdgeInfo, shown: View, label: str | None, places: Places | None) -> str:
    faded = shown.faded(edge.id)
    style = f' color="{PALE_RED}" fontcolor="{FADED}"' if faded else " penwidth=2.5" if shown.strong(edge.id) else ""
    if edge.id not in shown.backward:
        return ""
    written = f" label=<{label}>" if label else ""
    return f"{edge.source} -> {edge.target} [id={edge.id}b{style}{written}{_at(f'{edge.id}b', places)}]"


def _edge_label(lines: Sequence[str]) -> str:
    cell = _spaced((escape(line) or " ", WARNING if "⚠" in line else "") for line in lines)
    # A table, for the margin that keeps the line off its label.
    return f'<TABLE BORDER="0" CELLSPACING="0" CELLPADDING="1"><TR><TD>{cell}</TD></TR></TABLE>'


def _at(id: str, places: Places | None) -> str:
    if places is None or id not in places.arrows:
        return ""
    label = places.labels.get(id)
    return f' pos="{_spline(places.arrows[id])}"' + (f' lp="{label.x:.2f},{label.y:.2f}"' if label else "")


def _spline(curve: Curve) -> str:
    ends = [f"{mark},{p[0]:.2f},{p[1]:.2f}" for mark, p in (("s", curve.start), ("e", curve.end)) if p]
    return " ".join([*ends, *(f"{x:.2f},{y:.2f}" for x, y in curve.points)])


# --- texts --------------------------------------------------------------------------------------------------


def _label_below(lines: Sequence[Line]) -> str:
    rows = [f'<FONT COLOR="{line.colour}">{escape(line.text)}</FONT><BR ALIGN="LEFT"/>' for line in lines]
    return f" label=<{''.join(rows)}>" if rows else ""


def _node_below(lines: Sequence[Line], box: Box) -> str:
    size = f'FIXEDSIZE="TRUE" WIDTH="{box.width:.0f}" HEIGHT="{box.height:.0f}"'
    rows = "".join(
        f'<TR><TD ALIGN="LEFT"><FONT POINT-SIZE="{BELOW_SIZE}" COLOR="{line.colour}">{escape(line.text)}</FONT>'
        "</TD></TR>"
        for line in lines
    )
    table = f'<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="0" {size}>{rows}</TABLE>'
    return f'below [id=below class=below pos="{box.x:.2f},{box.y:.2f}" label=<{table}>]'
