"""Where everything in a picture stands: plain numbers, in points, with y upward as Graphviz has it."""

from __future__ import annotations

from types import MappingProxyType
from typing import Callable, Mapping, NamedTuple, Sequence

import numpy as np

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

    def by(self, right: float, up: float) -> Curve:
        """The same, moved."""
        return self.through(lambda p: (p[0] + right, p[1] + up))

    def through(self, move: Callable[[Point], Point]) -> Curve:
        """The same with each point moved."""
        return Curve(tuple(map(move, self.points)), self.start and move(self.start), self.end and move(self.end))


class Title(NamedTuple):
    """The title of a frame, and where it stands."""

    text: str
    box: Box


class Places(NamedTuple):
    """A layout: frames of nodes, arrows, labels of arrows, frames of groups, all by id.

    Attributes
    ----------
    nodes, labels, groups : dict of Box
        Labels under the ids of their arrows. A group that is broken over rows has several frames.
    arrows : dict of Curve
        Two per edge: ``e1f`` forward and ``e1b`` backward. Empty where the drawing engine is to draw them.
    titles : dict of list of Title
        One for each frame of a group.
    """

    nodes: dict[str, Box]
    arrows: Mapping[str, Curve] = MappingProxyType({})
    labels: Mapping[str, Box] = MappingProxyType({})
    groups: Mapping[str, list[Box]] = MappingProxyType({})
    titles: Mapping[str, list[Title]] = MappingProxyType({})

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

        return self._replace(
            nodes={id: box(b, of_node(id)) for id, b in self.nodes.items()},
            arrows={id: c.through(of_arrow(id)) for id, c in self.arrows.items()},
            labels={id: box(b, of_arrow(id)) for id, b in self.labels.items()},
        )

    def tightened(self, least: float) -> Places:
        """From top to bottom, nodes that stand below each other as close as the labels between them allow.

        Parameters
        ----------
        least : float
            What is left between two nodes where there is no label.
        """
        spans = sorted((box.bottom, box.top) for box in self.nodes.values())
        below = above = spans[0][0]
        old, new = [below], [below]
        for bottom, top in spans:
            if bottom > above:
                inside = [b.height for b in self.labels.values() if above < b.y < bottom]
                gap = min(bottom - above, max([least, *(height - 3 for height in inside)]))
                old += [above, bottom]
                new += [new[-1] + above - below, new[-1] + above - below + gap]
                below = bottom
            above = max(above, top)
        old.append(above)
        new.append(new[-1] + above - below)

        def move(p: Point) -> Point:
            return p[0], p[1] + float(np.interp(p[1], old, np.subtract(new, old)))

        return self.moved(lambda id: move, lambda id: move)

    def turned(self) -> Places:
        """With x and y exchanged, so that what is done from left to right is done from top to bottom."""

        def box(b: Box) -> Box:
            return Box(-b.y, -b.x, b.height, b.width)

        def point(p: Point) -> Point:
            return -p[1], -p[0]

        return Places(
            {id: box(b) for id, b in self.nodes.items()},
            {id: c.through(point) for id, c in self.arrows.items()},
            {id: box(b) for id, b in self.labels.items()},
            {id: [box(b) for b in boxes] for id, boxes in self.groups.items()},
        )


def around(boxes: Sequence[Box], points: Sequence[Point] = ()) -> Box:
    """The rectangle around boxes and points."""
    left = min([b.left for b in boxes] + [p[0] for p in points])
    right = max([b.right for b in boxes] + [p[0] for p in points])
    bottom = min([b.bottom for b in boxes] + [p[1] for p in points])
    top = max([b.top for b in boxes] + [p[1] for p in points])
    return Box((left + right) / 2, (bottom + top) / 2, right - left, top - bottom)
