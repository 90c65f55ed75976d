"""Where everything stands in the live page: the layout of the still picture, as JSON, with y downward from the top.

Boxes and arrows are numbered in the order of what is drawn: the nodes and edges of the graph, or what stands for many.
"""

from __future__ import annotations

from typing import Any, Callable, Iterable, Mapping, Sequence

from viz.dot import label_lines
from viz.geometry import Box, Curve, Point
from viz.layout import Layout
from viz.model import EdgeInfo, Graph, NodeInfo
from viz.page.columns import Columns, jsonable


class Places:
    """The picture of a graph, or of one that is drawn in its stead."""

    def __init__(self, columns: Columns, drawn: Graph) -> None:
        self.columns, self.graph, self.drawn = columns, columns.graph, drawn

    def data(self, layout: Layout) -> dict[str, Any]:
        """Plain data, ready for ``json.dumps``."""
        drawn, number = self.drawn, self.columns.number
        places = layout.places
        bounds = places.bounds
        left, top = bounds.left, bounds.top

        def flat(points: Iterable[tuple[float, float]]) -> list[float]:
            return [_short(n) for x, y in points for n in (x - left, top - y)]

        def box(b: Box) -> list[float]:
            return [*flat([(b.x, b.y)]), _short(b.width), _short(b.height)]

        def arrow(c: Curve) -> list[Any]:
            corners = _corners(c.points)
            ends = [flat([c.start]) if c.start else 0, flat([c.end]) if c.end else 0]
            return [flat(c.points), *ends] if corners is None else [flat(corners), *ends, 1]

        edges = {edge.id: i for i, edge in enumerate(self.graph.edges)}
        found: dict[str, Any] = {
            "width": _short(bounds.width),
            "height": _short(bounds.height),
            "direction": layout.direction,
            "oneLine": layout.lines.label,
            "unbroken": [i for i, edge in enumerate(drawn.edges) if edge.id in layout.unbroken],
            "boxes": [box(places.nodes[node.id]) for node in drawn.nodes],
            "arrows": _arrows(drawn, places.arrows, arrow),
            "labels": [box(places.labels[f"{e.id}b"]) if f"{e.id}b" in places.labels else 0 for e in drawn.edges],
            "frames": [
                [group.name + " (continued)" * (i > 0), *box(b)]
                for group in drawn.groups
                for i, b in enumerate(places.groups.get(group.id, []))
            ],
        }
        if drawn is not self.graph:
            order = {node.id: i for i, node in enumerate(drawn.nodes)}
            results = {node.name: number[node.id] for node in self.graph.nodes}
            found["stands"] = [
                number[node.id] if node.id in number else self._group(node, results) for node in drawn.nodes
            ]
            found["ways"] = [[order[edge.source], order[edge.target], self._way(edge, edges)] for edge in drawn.edges]
        if not self.columns.scalar:
            found["lines"] = [label_lines(edge, drawn, self.columns.format, layout.lines.label) for edge in drawn.edges]
        return found

    def _group(self, node: NodeInfo, results: Mapping[str, int]) -> dict[str, Any]:
        """A group that is drawn as one node: the node whose value and gradient it shows, or its lines."""
        result = results.get(node.gives) if node.kind in ("group", "output") else None
        return {"name": node.name, "short": node.short, "note": node.note, "gives": node.gives, "result": result,
                "told": self.columns.told(node), "nodes": [self.columns.number[id] for id in node.members]}  # fmt: skip

    def _way(self, edge: EdgeInfo, edges: Mapping[str, int]) -> Any:
        """The edge of the graph that an arrow is; of one that stands for more, its name and number."""
        i = edges.get(edge.id)
        if i is not None and self.graph.edges[i].name == edge.name:
            return i
        return {"name": edge.name, "value": jsonable(edge.value), "edge": i}


def _arrows(drawn: Graph, curves: Mapping[str, Curve], arrow: Callable[[Curve], list[Any]]) -> list[Any]:
    """The forward and the backward curve of each edge; nothing where they are to be straight."""
    return [[arrow(curves[f"{e.id}f"]), arrow(curves[f"{e.id}b"])] for e in drawn.edges] if curves else []


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
