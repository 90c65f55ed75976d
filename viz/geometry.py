"""Where everything in a picture stands: plain numbers, in points, with y upward as Graphviz has it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Callable, NamedTuple

Point = tuple[float, float]


class Box(NamedTuple):
    """A rectangle by its middle."""

    x: float
    y: float
    width: float
    height: float

    @property
    def left(self) -> float:
        """Its left edge."""
        return self.x - self.width / 2

    @property
    def right(self) -> float:
        """Its right edge."""
        return self.x + self.width / 2

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return self.y - self.height / 2

    @property
    def top(self) -> float:
        """Its upper edge."""
        return self.y + self.height / 2


class Curve(NamedTuple):
    """A Bézier spline, and where its arrowhead ends: beside the first point or the last."""

    points: tuple[Point, ...]
    start: Point | None = None
    end: Point | None = None


@dataclass(frozen=True)
class Places:
    """A layout: frames of nodes, arrows, labels of arrows, frames of groups, all by id.

    Attributes
    ----------
    nodes, labels, groups : dict of Box
        Labels under the ids of their arrows. A group that is broken over rows has several frames.
    arrows : dict of Curve
        Two per edge: ``e1f`` forward and ``e1b`` backward. Empty where the drawing engine is to draw them.
    """

    nodes: dict[str, Box]
    arrows: dict[str, Curve] = field(default_factory=dict)
    labels: dict[str, Box] = field(default_factory=dict)
    groups: dict[str, list[Box]] = field(default_factory=dict)

    @property
    def bounds(self) -> Box:
        """The rectangle around everything."""
        boxes = [*self.nodes.values(), *self.labels.values(), *(box for boxes in self.groups.values() for box in boxes)]
        points = [p for curve in self.arrows.values() for p in curve.points]
        return around(boxes, points)

    def moved(
        self, of_node: Callable[[str], Callable[[Point], Point]], of_arrow: Callable[[str], Callable[[Point], Point]]
    ) -> Places:
        """With every node and every arrow (and its label) moved in its own way."""

        def box(b: Box, move: Callable[[Point], Point]) -> Box:
            x, y = move((b.x, b.y))
            return Box(x, y, b.width, b.height)

        def curve(c: Curve, move: Callable[[Point], Point]) -> Curve:
            return Curve(tuple(map(move, c.points)), c.start and move(c.start), c.end and move(c.end))

        return replace(
            self,
            nodes={id: box(b, of_node(id)) for id, b in self.nodes.items()},
            arrows={id: curve(c, of_arrow(id)) for id, c in self.arrows.items()},
            labels={id: box(b, of_arrow(id)) for id, b in self.labels.items()},
        )

    def turned(self) -> Places:
        """With x and y exchanged, so that what is done from left to right is done from top to bottom."""

        def box(b: Box) -> Box:
            return Box(-b.y, -b.x, b.height, b.width)

        def point(p: Point) -> Point:
            return -p[1], -p[0]

        return Places(
            {id: box(b) for id, b in self.nodes.items()},
            {
                id: Curve(tuple(map(point, c.points)), c.start and point(c.start), c.end and point(c.end))
                for id, c in self.arrows.items()
            },
            {id: box(b) for id, b in self.labels.items()},
            {id: [box(b) for b in boxes] for id, boxes in self.groups.items()},
        )


def around(boxes: list[Box], points: list[Point] = []) -> Box:  # noqa: B006
    """The rectangle around boxes and points."""
    left = min([b.left for b in boxes] + [p[0] for p in points])
    right = max([b.right for b in boxes] + [p[0] for p in points])
    bottom = min([b.bottom for b in boxes] + [p[1] for p in points])
    top = max([b.top for b in boxes] + [p[1] for p in points])
    return Box((left + right) / 2, (bottom + top) / 2, right - left, top - bottom)
