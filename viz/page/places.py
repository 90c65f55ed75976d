"""Where everything stands in the live page at first: the layout of the still picture, as JSON, with y downward."""

from __future__ import annotations

from typing import Any, Iterable, Sequence

from viz.geometry import Box, Curve, Point
from viz.layout import Layout
from viz.page.columns import Columns


def places(columns: Columns, layout: Layout) -> dict[str, Any]:
    """The layout of a graph that is drawn whole, ready for ``json.dumps``: nodes and edges in their order."""
    graph, found = columns.graph, layout.places
    left, top = found.bounds.left, found.bounds.top

    def flat(points: Iterable[tuple[float, float]]) -> list[float]:
        return [_short(n) for x, y in points for n in (x - left, top - y)]

    def box(b: Box) -> list[float]:
        return [*flat([(b.x, b.y)]), _short(b.width), _short(b.height)]

    def arrow(c: Curve) -> list[Any]:
        corners = _corners(c.points)
        ends = [flat([c.start]) if c.start else 0, flat([c.end]) if c.end else 0]
        return [flat(c.points), *ends] if corners is None else [flat(corners), *ends, 1]

    return {
        "width": _short(found.bounds.width),
        "height": _short(found.bounds.height),
        "lines": list(layout.lines),
        "unbroken": [i for i, edge in enumerate(graph.edges) if edge.id in layout.unbroken],
        "boxes": [box(found.nodes[node.id]) for node in graph.nodes],
        "arrows": [[arrow(found.arrows[f"{e.id}f"]), arrow(found.arrows[f"{e.id}b"])] for e in graph.edges],
        "labels": [box(found.labels[f"{e.id}b"]) if f"{e.id}b" in found.labels else 0 for e in graph.edges],
        "frames": [
            [columns.parts.number_of(group.id), int(i > 0), *box(b)]
            for group in graph.groups
            for i, b in enumerate(found.groups.get(group.id, []))
        ],
    }


def _corners(points: Sequence[Point]) -> list[Point] | None:
    """The corners of a Bézier spline that is made of straight lines alone, ``None`` of a curved one."""
    anchors = points[::3]
    controls = zip(anchors, points[1::3], points[2::3], anchors[1:])
    if any(one not in (a, b) or other not in (a, b) for a, one, other, b in controls):
        return None
    found: list[Point] = []
    for p in anchors:
        if len(found) > 1 and _in_line(found[-2], found[-1], p):
            found.pop()
        if not found or p != found[-1]:
            found.append(p)
    return found if len(found) > 1 else None


def _in_line(a: Point, b: Point, c: Point) -> bool:
    return abs((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])) < 1e-6


def _short(x: float) -> float:
    """A length in points, as exact as a screen shows it."""
    rounded = round(x, 1)
    return int(rounded) if rounded == int(rounded) else rounded
