"""Places for a picture: by Graphviz, and in rows where it would be too wide to be read; of large graphs see `large`.

A picture is laid out once, with everything in it. Whatever part of it is then shown stands where it stood.
"""

from __future__ import annotations

import math
from itertools import product
from typing import Any, Iterator, Literal, Mapping, NamedTuple, Sequence

from viz import docks, formatting, large, svg
from viz.dot import BELOW_SIZE, EDGE_SIZE, NO_ROOMS, NODE_SIZE, PAD, PITCH, Line, is_large, source
from viz.geometry import Box, Curve, Places, Point
from viz.labels import bunched, cleared, meetings
from viz.model import Graph
from viz.render import RenderError, render
from viz.rows import broken
from viz.titles import titled, width
from viz.widths import measured
from viz.words import UNBROKEN, Lines, label_lines
from viz.wrapping import cut

Direction = Literal["LR", "TB"]

READABLE = 11.1 / NODE_SIZE
SLIDE = 12 * 72.0 / READABLE, 6.3 * 72.0 / READABLE
"""What fits a slide beside its title without any text getting smaller than 11 points there, in points."""
LINES = [
    Lines(label, frame, joined)
    for frame, joined in ((36, False), (36, True), (18, False), (14, False))
    for label in (19, 11, 26, 17)
]
"""Ways to break texts into lines, to choose from."""
SMALL = 40
"""Graphs of at most so many nodes are laid out in several ways, to choose from."""
MEETING = 0.03
"""An arrow that runs through a label or a node is as bad as texts smaller by this share."""
TITLE = 0.01
"""So is one that runs through the title of a frame."""
BUNCHED, HARDLY = 0.0001, 100.0
"""So is each point of the way that arrows run upon others, if it is not short."""
TRIED = 6
"""Of so many layouts that are good but for that, the best is taken."""
BROKEN = 0.04
"""So is a picture that is read in rows, or that does not fit a slide."""
NONE: frozenset[str] = frozenset()
LEAST = 16.0
"""Nodes that stand below each other are so far apart, in points: room for two arrowheads."""
NEAR = 3.5
"""Two arrows between the same nodes are at least twice as far apart."""
ROOM = 420.0
"""A picture is at least so wide, in points, for what is written below it."""
ROWS = 10
"""No picture is broken into more rows."""


class Layout(NamedTuple):
    """Where everything stands, which way data flows, and how texts are broken into lines."""

    places: Places
    direction: Direction
    lines: Lines = Lines()
    unbroken: frozenset[str] = frozenset()


def laid_out(
    graph: Graph,
    format: str = formatting.DEFAULT,
    direction: Direction | None = None,
    below: Sequence[Line] = (),
    seconds: float = 60,
) -> Layout:
    """The layout of a picture.

    Parameters
    ----------
    graph : Graph
    format : str
        How numbers are written.
    direction : {"LR", "TB"}, optional
        From left to right or from top to bottom; unless given, whichever is more readable on a slide.
    below : sequence of Line
        What will stand below.
    seconds : float
        How long it may take.
    """
    if is_large(graph):
        return Layout(titled(large.places(graph, format), _names(graph), moved=False), "LR")
    found: list[tuple[float, Layout]] = []
    tolerable = 0
    for flat, way, lines in _flat(graph, format, direction, seconds):
        for rows in range(1, ROWS):
            places, unbroken = (flat, NONE) if rows == 1 else _in_rows(flat, graph, rows, way, format)
            if places is None:
                break
            layout = Layout(places, way, lines, unbroken)
            across, down = _scales(places, below)
            # What is usual is preferred, if there is little between them.
            score = min(across, down, 1.0) * (1 if way == "LR" else 0.9) * (1 - 0.01 * rows)
            score -= BROKEN * (rows > 1 or min(across, down) < 1)
            if min(across, down) >= 1:
                layout, cost, upon = _cleared(layout, graph)
                if not cost and not upon and rows == 1:
                    return layout
                score -= cost + upon
                tolerable += not cost and rows == 1
            found.append((score, layout))
            if (down if way == "LR" else across) < min(1.0, across, down) + 1e-9:
                break  # More rows would only make it worse.
        if tolerable == TRIED:
            break
    best: tuple[float, Layout] | None = None
    for score, layout in sorted(found, key=lambda pair: -pair[0]):
        if best is not None and score <= best[0]:
            break  # It could only be worse.
        layout, cost, upon = _cleared(layout, graph)
        if best is None or score - cost - upon > best[0]:
            best = score - cost - upon, layout
    assert best is not None
    return best[1]


def _flat(
    graph: Graph, format: str, direction: Direction | None, seconds: float
) -> Iterator[tuple[Places, Direction, Lines]]:
    """Layouts in one row to choose from: with docks, if there is need of them, before those without."""
    # Of a larger graph a single layout takes seconds, and none would fit a slide.
    small = len(graph.nodes) <= SMALL and len(graph.edges) <= SMALL
    ways: tuple[Direction, ...] = (direction,) if direction else ("LR", "TB") if small else ("LR",)
    arrivals = docks.docking(graph)
    for way, lines in product(ways, LINES if small else LINES[:1]):
        usual = _by_graphviz(graph, format, way, lines, seconds)
        if arrivals:
            rooms = docks.rooms(graph, arrivals, usual.labels, way == "TB")
            roomy = _by_graphviz(graph, format, way, lines, seconds, rooms)
            tried = [docks.docked(roomy, usual, graph, arrivals, way == "TB", staggered) for staggered in (False, True)]
            for docked in tried[: 1 + (tried[0] != tried[1])]:
                yield docked, way, lines
        yield usual, way, lines


def _cleared(layout: Layout, graph: Graph) -> tuple[Layout, float, float]:
    """The layout with its labels where nothing runs through them, how bad it is that something still does, and that
    arrows run upon others."""
    places = titled(cleared(layout.places), _names(graph))
    ends = {f"{edge.id}{way}": (edge.source, edge.target) for edge in graph.edges for way in "fb"}
    met, titles = meetings(places, ends)
    upon = max(bunched(places, ends) - HARDLY, 0.0)
    return layout._replace(places=places), MEETING * met + TITLE * titles, BUNCHED * upon


def _names(graph: Graph) -> dict[str, str]:
    return {group.id: group.name for group in graph.groups}


def _scales(places: Places, below: Sequence[Line]) -> tuple[float, float]:
    """How much the picture grows or shrinks when it is fitted into a slide by its width, and by its height."""
    whole = room(places, below)[0]
    return SLIDE[0] / (whole.width + 2 * PAD), SLIDE[1] / (whole.height + 2 * PAD)


def room(places: Places, lines: Sequence[Line], least: int = 0) -> tuple[Box, Box | None, list[Line]]:
    """How large a picture is, and where in it the lines below stand, as they are broken: at least so many."""
    drawn = places.bounds
    width = max(drawn.width, ROOM)
    if not lines and not least:
        return Box(drawn.left + width / 2, drawn.y, width, drawn.height), None, []
    broken_lines = svg.wrapped_lines(lines, width, BELOW_SIZE, measured)
    broken_lines += [Line(" ")] * (least - len(broken_lines))
    height = math.ceil(len(broken_lines) * BELOW_SIZE * 1.25 + 4)
    box = Box(drawn.left + width / 2, drawn.bottom - 8 - height / 2, math.floor(width), height)
    whole = Box(box.x, (drawn.top + box.bottom) / 2, width, drawn.top - box.bottom)
    return whole, box, broken_lines


def _in_rows(
    flat: Places, graph: Graph, rows: int, way: Direction, format: str
) -> tuple[Places | None, frozenset[str]]:
    """The layout in rows, and the edges from row to row, whose labels have room for one long line."""
    around = {node.id: graph.around(node.group) for node in graph.nodes}
    if way == "TB":
        found = broken(flat.turned(), graph.edges, around, rows, {}, outside=True)
        return (found[0].turned() if found else None), NONE
    found = broken(
        flat,
        graph.edges,
        around,
        rows,
        _unbroken_sizes(graph, format),
        titles={id: width(cut(name)) for id, name in _names(graph).items()},
    )
    return (found[0], frozenset(found[1])) if found else (None, NONE)


def _unbroken_sizes(graph: Graph, format: str) -> dict[str, tuple[float, float]]:
    """Width and height of each edge's label in one line, if it is not very long."""
    texts = {edge.id: label_lines(edge, graph, format, UNBROKEN) for edge in graph.edges}
    widths = measured([(line, EDGE_SIZE, False) for lines in texts.values() for line in lines])
    return {
        id: (max(widths[line, EDGE_SIZE, False] for line in lines) + 10, len(lines) * PITCH + 4)
        for id, lines in texts.items()
    }


def _by_graphviz(
    graph: Graph,
    format: str,
    direction: str,
    lines: Lines,
    seconds: float,
    rooms: Mapping[str, docks.Room] = NO_ROOMS,
) -> Places:
    asked = source(graph, None, format, direction=direction, lines=lines, rooms=rooms)
    try:
        made = render(asked, "json", "dot", seconds)
    except RenderError:
        # Its search for curved ways can fail or crash, for no reason that shows; straight ones need none.
        made = render(asked.replace("digraph {", "digraph {\ngraph [splines=line]", 1), "json", "dot", seconds)
    import json

    layout = json.loads(made.decode(errors="replace"))
    nodes, groups = {}, {}
    for thing in layout.get("objects", ()):
        if "bb" in thing:
            left, bottom, right, top = map(float, thing["bb"].split(","))
            box = Box((left + right) / 2, (bottom + top) / 2, right - left, top - bottom)
            groups[thing["name"].removeprefix("cluster_")] = [box]
        elif "pos" in thing:
            x, y = map(float, thing["pos"].split(","))
            # Whole numbers: the frame is drawn in them. A little wider, since letters are wider than Graphviz has them.
            width, height = float(thing["width"]) * 72, math.ceil(float(thing["height"]) * 72 - 0.01)
            nodes[thing["name"]] = Box(x, y, math.ceil(width + max(1.0, width / 50 - 2)), height)
    arrows, labels = {}, {}
    for edge in layout.get("edges", ()):
        if "id" not in edge:  # one that only keeps nodes in order
            continue
        arrows[edge["id"]] = _curve(edge["pos"])
        if "lp" in edge:
            x, y = map(float, edge["lp"].split(","))
            labels[edge["id"]] = Box(x, y, *_size_of_label(edge))
    places = Places(nodes, _apart(arrows), labels, groups)
    # Graphviz keeps room above and below a label, which needs none where it stands beside its arrow.
    return places.tightened(LEAST) if direction == "TB" and not groups and not rooms else places


def _apart(arrows: dict[str, Curve]) -> dict[str, Curve]:
    """The two arrows of an edge beside each other, where they would run into one."""
    found = dict(arrows)
    for id, there in arrows.items():
        back = arrows.get(f"{id[:-1]}b")
        if not id.endswith("f") or back is None:
            continue
        (x1, y1), (x2, y2) = there.points[0], there.points[-1]
        length = math.dist((x1, y1), (x2, y2)) or 1.0
        # Both as good as straight, and on one line; how far each point is to its left.
        aside = [
            [((x2 - x1) * (y - y1) - (y2 - y1) * (x - x1)) / length for x, y in curve.points] for curve in (there, back)
        ]
        if max(map(abs, aside[0] + aside[1])) < 2 * NEAR:
            between = sum(aside[1]) / len(aside[1]) - sum(aside[0]) / len(aside[0])
            move = NEAR - abs(between) / 2
            shift = (y1 - y2) / length * move, (x2 - x1) / length * move
            # On the sides that they are on; else the forward arrow above the other or to its left, as everywhere.
            sign = (1 if between < 0 else -1) if abs(between) > 1 else 1 if shift[1] >= shift[0] else -1
            # Of those that run straight down the one with the label right beside it moves less: its head is wide.
            part = 0.55 if abs(shift[1]) < 0.3 * move else 1
            found[id] = there.by(sign * (2 - part) * shift[0], sign * (2 - part) * shift[1])
            found[f"{id[:-1]}b"] = back.by(-sign * part * shift[0], -sign * part * shift[1])
    return found


def _curve(pos: str) -> Curve:
    """Graphviz's ``e,67.1,30.7 66.8,30.7 …``; of several pieces the first."""
    ends: dict[str, Point] = {}
    points = []
    for word in pos.split(";")[0].split():
        parts = word.split(",")
        if len(parts) == 3:
            ends[parts[0]] = float(parts[1]), float(parts[2])
        else:
            points.append((float(parts[0]), float(parts[1])))
    return Curve(tuple(points), ends.get("s"), ends.get("e"))


def _size_of_label(edge: dict[str, Any]) -> tuple[float, float]:
    texts = [op for op in edge.get("_ldraw_", ()) if op["op"] == "T"]
    levels = {op["pt"][1] for op in texts}
    return max((op["width"] for op in texts), default=0.0) + 10, len(levels) * PITCH + 4


__all__ = ["BELOW_SIZE", "Direction", "Layout", "laid_out", "room"]
