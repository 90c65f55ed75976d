"""The picture as Graphviz source: values and forward arrows in blue, gradients and backward arrows in red.

The same source serves twice: without places, for Graphviz to lay it out; with places, to draw it, or a part of it,
where everything stood. Every text goes through :func:`escape`, so a label shows as it was written, whatever is in it.
"""

from __future__ import annotations

from typing import Collection, Iterable, NamedTuple, Sequence

from viz import formatting
from viz.geometry import Box, Curve, Places
from viz.model import NOT_YET, EdgeInfo, Graph, NodeInfo
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
)  # fmt: skip
from viz.views import View, view

FONT_NAME = f'fontname="{FONT}"'
NODE_SIZE, EDGE_SIZE, BELOW_SIZE = 12, 12, 12
LABELLED = 150
"""Graphs of more edges have no labels on them, and are laid out by :mod:`viz.layout`: Graphviz takes too long."""
PAD = 7.0
ONE_LINE = 19
"""Longer labels of arrows are broken at their equals signs, unless a layout is better with longer ones."""

UNBROKEN = 60
ROOMY = 8


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
    one_line: int = ONE_LINE,
    unbroken: Collection[str] = (),
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
    one_line : int
        Labels of arrows with more characters are broken at their equals signs,
    unbroken : collection of str
        but for these arrows', which have room to the side.
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
    apart = 0.25 if direction == "TB" else 0.15 if len(graph.edges) <= ROOMY else 0.06
    lines = [
        "digraph {",
        f'graph [rankdir={direction} bgcolor="white" nodesep={apart} ranksep=0.17 '
        f"pad={PAD / 72:.3f} {FONT_NAME} fontsize={BELOW_SIZE}",
        "       outputorder=edgesfirst splines=line" if large else "",
        f"       labelloc=b labeljust=l{_label_below(below) if places is None else ''}]",
        f"node [shape=plain {FONT_NAME} fontsize={NODE_SIZE}]",
        f"edge [{FONT_NAME} fontsize={EDGE_SIZE} arrowsize=0.8]",
    ]
    if room is not None:
        for name, x, y in (("corner1", room.left, room.bottom), ("corner2", room.right, room.top)):
            lines.append(f'{name} [shape=point style=invis width=0 height=0 label="" pos="{x:.2f},{y:.2f}"]')
    if places is None:
        lines += _grouped(graph, shown, format)
    else:
        lines += _frames(graph, places, shown)
        lines += [_node(node, graph, shown, format, places.nodes[node.id]) for node in graph.nodes]
    if shown.forward:
        lines.append(f'edge [color="{BLUE}" class=forward]')
    lines += [_forward(edge, shown, places) for edge in graph.edges]
    if shown.backward:
        lines.append(f'edge [color="{RED}" fontcolor="{RED}" style=dashed class=backward dir=back]')
    labels = {}
    for edge in () if large else filter(tells, graph.edges):
        longest = UNBROKEN if edge.id in unbroken else one_line
        labels[edge.id] = _edge_label(label_lines(edge, graph, format, longest))
    lines += [_backward(edge, shown, labels.get(edge.id), places) for edge in graph.edges]
    if below_box is not None and below:
        lines.append(_node_below(below, below_box))
    return "\n".join(filter(None, [*lines, "}"])) + "\n"


# --- nodes --------------------------------------------------------------------------------------------------


def _grouped(graph: Graph, shown: View, format: str) -> list[str]:
    """The nodes, those of a group in a cluster."""
    inside: dict[str | None, list[NodeInfo]] = {}
    for node in graph.nodes:
        inside.setdefault(node.group, []).append(node)

    def lines(group: str | None) -> Iterable[str]:
        for part in graph.groups:
            if part.parent == group:
                yield f"subgraph cluster_{part.id} {{"
                yield f"graph [label=<{escape(part.name)}> labelloc=t labeljust=l margin=8 style=rounded"
                yield f'       color="{FRAME}" fontsize={EDGE_SIZE} fontcolor="{GREY}" class=group id={part.id}]'
                yield from lines(part.id)
                yield "}"
        for node in inside.get(group, []):
            yield _node(node, graph, shown, format, None)
        # Parts of one layer stand in order, and so do the weights of a neuron.
        folded = [node.id for node in inside.get(group, []) if node.gives]
        weights = [node.id for node in inside.get(group, []) if node.kind == "input" and node.short != node.name]
        for ids in (folded, weights):
            if len(ids) > 1 and group is not None:
                yield f"{{rank=same; edge [style=invis]; {' -> '.join(ids)}}}"

    return list(lines(None))


def _frames(graph: Graph, places: Places, shown: View) -> list[str]:
    """The frames of groups, drawn first, so that they lie below everything."""
    lines = []
    for group in graph.groups:
        for i, box in enumerate(places.groups.get(group.id, [])):
            name = f"{group.id}_{i}" if i else group.id
            words = escape(group.name) + " (continued)" * (i > 0)
            title = f'<FONT POINT-SIZE="{EDGE_SIZE}" COLOR="{GREY}">{words}</FONT>'
            cell = f'<TR><TD WIDTH="4"></TD><TD ALIGN="LEFT" VALIGN="TOP">{title}</TD></TR>'
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


def _node(node: NodeInfo, graph: Graph, shown: View, format: str, box: Box | None) -> str:
    """One node: its name and formula, its value in blue, its gradient in red, and remarks."""
    faded = shown.faded(node.id)
    black, blue, red, brown = (FADED,) * 4 if faded else (BLACK, BLUE, RED, WARNING)
    title, values = [escape(line) or " " for line in wrapped(_title(node))], value_lines(node, format)
    bold = f"<B>{title[0]}</B>" if not node.formula else _bold_name(node, title)
    rest = title[1:]
    rows = [_cell(bold, black), *(_cell(line, black) for line in rest)]
    visible = node.id in shown.values
    if node.kind == "input" and len(values) == 1 and not rest and len(title[0]) + len(values[0]) < 34:
        value = f' = <FONT COLOR="{blue}">{escape(values[0])}</FONT>' if visible else ""
        rows = [_cell(f"<B>{title[0]}</B>{value}", black)]
    else:
        if node.note:
            rows.append(_cell(f'<FONT POINT-SIZE="{EDGE_SIZE}">{escape(node.note)}</FONT>', FADED if faded else GREY))
            values[0] = f"{node.gives} = {values[0]}" if len(values) == 1 else values[0]
        rows += [_cell(escape(line) if visible else " ", brown if "⚠" in line else blue) for line in values]
    lit = node.id in shown.gradients
    for line in gradient_lines(node, format):
        text = shown.sums.get(node.id, line) if line.startswith(node.derivative_name) else line
        rows.append(_cell("<BR/>".join(map(escape, wrapped(text))) if lit else " ", brown if "⚠" in line else red))
    if node.remark:
        rows.append(_cell("<BR/>".join(map(escape, wrapped(f"⚠ {node.remark}"))) if visible else " ", brown))
    frame = PALE if faded else BLUE if node.kind != "input" else GREY
    if (node.failure or not node.finite) and visible and not faded:
        frame = WARNING
    ground = WHITE if faded else INPUT_GROUND if node.kind == "input" else RESULT_GROUND
    border = 2 if node.kind in ("output", "failed") or shown.strong(node.id) else 1
    dashes = ""
    if not faded and (mark := shown.marks.get(node.id)):
        frame, border, dashes = mark.colour, mark.width, mark.dashes
        if box is not None:  # thick frames grow outward, off their texts
            more = 2 * (border - 1)
            box = Box(box.x, box.y, box.width + more, box.height + more)
    # Room at the sides, where frames would touch their texts.
    side = f'<TD ROWSPAN="{len(rows)}" WIDTH="2"></TD>'
    # And above, for fonts whose letters reach higher.
    rows[0] = rows[0].replace("<TR><TD>", f'<TR>{side}<TD CELLPADDING="2">', 1).replace("</TR>", f"{side}</TR>")
    table = _table("".join(rows), box, border, frame, ground, dashes)
    at = "" if box is None else f'pos="{box.x:.2f},{box.y:.2f}" '
    return f"{node.id} [id={node.id} {at}label=<{table}>]"


def _title(node: NodeInfo) -> str:
    name = node.short if node.group else node.name
    return f"{name} = {node.formula}" if node.formula else name


def _bold_name(node: NodeInfo, title: list[str]) -> str:
    name = escape(node.short if node.group else node.name)
    return f"<B>{name}</B>{title[0][len(name) :]}" if title[0].startswith(f"{name} =") else title[0]


def value_lines(node: NodeInfo, format: str) -> list[str]:
    """What stands in blue: a number, or what is in an array; of what failed, what it was applied to."""
    if node.kind == "failed":
        return [node.worked or " "]
    return _lines(node, node.value, node.value_stats, format)


def _lines(node: NodeInfo, value: object, figures: object, format: str) -> list[str]:
    if value is not None or figures is None:
        shown = formatting.show(value, format, node.shape)
        return [f"⚠ {shown}" if "nan" in shown or "inf" in shown else shown]
    size = formatting.show(None, format, node.shape)
    told = formatting.told(figures, format)  # type: ignore[arg-type]
    plain = [part for part in told if "⚠" not in part]
    warned = [part.removeprefix("⚠ ") for part in told if "⚠" in part]
    return [size, ", ".join(plain), *([f"⚠ {', '.join(warned)}"] if warned else [])]


def gradient_lines(node: NodeInfo, format: str) -> list[str]:
    """``dJ/da = 3``, or that there is none yet; and what ``.grad`` holds, where that is something else."""
    if not node.derivative_name:
        return []
    if not node.passed:
        return [NOT_YET]
    if not node.has_derivative:
        if not node.has_grad:
            return [NOT_YET]
        return _told(".grad", node, node.grad, node.grad_stats, format)
    lines = _told(node.derivative_name, node, node.derivative, node.derivative_stats, format)
    if node.accumulated:
        lines += _told(".grad", node, node.grad, node.grad_stats, format)
        lines.append(f"({node.passes})")
    return lines


def _told(name: str, node: NodeInfo, value: object, figures: object, format: str) -> list[str]:
    first, *rest = _lines(node, value, figures, format)
    if rest:
        span, _, others = rest[0].partition(", ")
        long = len(rest[0]) > 22 and others
        return [f"{name}: {span}", others, *rest[1:]] if long else [f"{name}: {rest[0]}", *rest[1:]]
    return [f"{name} = {first}"]


def _cell(html: str, colour: str) -> str:
    return f'<TR><TD><FONT COLOR="{colour}">{html}</FONT></TD></TR>'


# --- arrows -------------------------------------------------------------------------------------------------


def local(edge: EdgeInfo, format: str) -> list[str]:
    """A local derivative in its parts: ``∂u/∂b``, ``c``, ``2``, what is known of them and tells something."""
    parts = [edge.name]
    shown = None if edge.value is None else formatting.show(edge.value, format)
    if edge.formula is not None and (shown is None or not _is_number(edge.formula)):
        parts.append(edge.formula)
    return parts if shown is None else [*parts, shown]


def _is_number(formula: str) -> bool:
    try:
        float(formula.replace("−", "-").replace("∞", "inf").strip("()"))
    except ValueError:
        return False
    return True


def _forward(edge: EdgeInfo, shown: View, places: Places | None) -> str:
    if edge.id not in shown.forward:
        return ""
    style = f' color="{PALE_BLUE}"' if shown.faded(edge.id) else " penwidth=2" if shown.strong(edge.id) else ""
    return f"{edge.source} -> {edge.target} [id={edge.id}f{style}{_at(f'{edge.id}f', places)}]"


def _backward(edge: EdgeInfo, shown: View, label: str | None, places: Places | None) -> str:
    faded = shown.faded(edge.id)
    style = f' color="{PALE_RED}" fontcolor="{FADED}"' if faded else " penwidth=2.5" if shown.strong(edge.id) else ""
    if edge.id not in shown.backward:
        return ""
    written = f" label=<{label}>" if label else ""
    return f"{edge.source} -> {edge.target} [id={edge.id}b{style}{written}{_at(f'{edge.id}b', places)}]"


def tells(edge: EdgeInfo) -> bool:
    """Whether more than its name is known of a local derivative."""
    return bool(edge.formula or edge.contribution or edge.remark) or edge.value is not None


def label_lines(edge: EdgeInfo, graph: Graph, format: str, one_line: int) -> list[str]:
    """What stands on an arrow: the local derivative; between arrays, what it adds to the gradient."""
    if edge.contribution is not None:
        name = graph.node(edge.source).derivative_name
        uses = sum(e.source == edge.source for e in graph.edges)
        parts = [name, ("… + " if uses > 1 else "") + edge.contribution]
    else:
        parts = local(edge, format)
    joined = " = ".join(parts)
    lines = [joined] if len(joined) <= one_line else [parts[0], *(f"= {part}" for part in parts[1:])]
    broken = [line for part in lines for line in wrapped(part, max(26, one_line))]
    return [*broken, f"⚠ {edge.remark}"] if edge.remark else broken


def _edge_label(lines: Sequence[str]) -> str:
    shown = [f'<FONT COLOR="{WARNING}">{escape(line)}</FONT>' if "⚠" in line else escape(line) or " " for line in lines]
    # A table, for the margin that keeps the line off its label.
    cells = "<BR/>".join(shown)
    return f'<TABLE BORDER="0" CELLSPACING="0" CELLPADDING="1"><TR><TD>{cells}</TD></TR></TABLE>'


def _at(id: str, places: Places | None) -> str:
    if places is None or id not in places.arrows:
        return ""
    label = places.labels.get(id)
    return f' pos="{_spline(places.arrows[id])}"' + (f' lp="{label.x:.2f},{label.y:.2f}"' if label else "")


def _spline(curve: Curve) -> str:
    ends = [f"{mark},{p[0]:.2f},{p[1]:.2f}" for mark, p in (("s", curve.start), ("e", curve.end)) if p]
    return " ".join([*ends, *(f"{x:.2f},{y:.2f}" for x, y in curve.points)])


# --- texts --------------------------------------------------------------------------------------------------


def wrapped(text: str, width: int = 36) -> list[str]:
    """Broken into lines where it is long, at a space if there is one."""
    lines = []
    for line in text.split("\n"):
        while len(line) > width:
            cut = line.rfind(" ", width // 2, width) + 1 or width
            lines.append(line[:cut])
            line = line[cut:]
        lines.append(line)
    return lines


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
