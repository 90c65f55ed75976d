"""The titles of frames around groups: cut where they are long, and standing where no arrow runs through them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Iterator, Mapping

import numpy as np

from viz.dot import EDGE_SIZE
from viz.geometry import Box, Places, Title
from viz.labels import along
from viz.widths import measured
from viz.wrapping import cut

if TYPE_CHECKING:  # which takes longer to import than this module
    import numpy.typing as npt

HEIGHT = 20.0
"""Titles stand so far below the tops of their frames."""
SIDE = 7.0
"""What is free beside them."""
STEP, CLEAR = 4.0, 3.0
"""Places are looked for in such steps; arrows pass at such a distance."""


def width(title: str) -> float:
    """How wide a title is, with what is free beside it."""
    return measured([(title, EDGE_SIZE, False)])[title, EDGE_SIZE, False] + 2 * SIDE if title else 0.0


def titled(places: Places, names: Mapping[str, str], moved: bool = True) -> Places:
    """With a title on each frame.

    At the upper left; where something runs through it there, along the frame's upper edge. If it is free nowhere, the
    frame is made wider for it, as far as there is room in the picture.

    Parameters
    ----------
    places : Places
    names : mapping
        Those of the groups.
    moved : bool
        Whether to look for other places than the upper left.
    """
    points = np.concatenate([*map(along, places.arrows.values() if moved else ()), np.empty((0, 2))])
    titles: dict[str, list[Title]] = {}
    for id, boxes in places.groups.items():
        titles[id] = []
        for i, box in enumerate(boxes):
            text = _fitting(cut(names[id]), box.width, continued=i > 0)
            wide = width(text)
            usual = Box(box.left + wide / 2, box.top - HEIGHT / 2, wide, HEIGHT), box
            free = (way for way in _ways(box, wide) if not _met(way[0], points, places) and _fits(box, way[1], places))
            stands, frame = next(free, usual)
            titles[id].append(Title(text, stands))
            places = places._replace(groups={**places.groups, id: [*places.groups[id][:i], frame, *boxes[i + 1 :]]})
    return places._replace(titles=titles)


def _fitting(title: str, room: float, continued: bool) -> str:
    """As much of a title as a frame has room for."""
    for end in (" (continued)", " …") if continued and title else ("",):
        if width(title + end) <= room:
            return title + end
    while len(title) > 1 and width(title) > room:
        title = title.removesuffix("…")[:-1] + "…"
    return title


def _ways(box: Box, wide: float) -> Iterator[tuple[Box, Box]]:
    """Places for a title, the usual one first, and the frame that it takes."""
    room = max(box.width - wide, 0.0)
    for x in (*np.arange(0, room, STEP).tolist(), room):
        yield Box(box.left + x + wide / 2, box.top - HEIGHT / 2, wide, HEIGHT), box
    for more in np.arange(STEP, wide, STEP).tolist():
        for side in (1, -1):
            frame = Box(box.x + side * more / 2, box.y, box.width + more, box.height)
            end = frame.right if side > 0 else frame.left
            yield Box(end - side * wide / 2, box.top - HEIGHT / 2, wide, HEIGHT), frame


def _met(title: Box, points: npt.NDArray[np.float64], places: Places) -> bool:
    """Whether an arrow runs through a title, or a label stands on it."""
    wide, high = title.width / 2 - SIDE + CLEAR, title.height / 2 - CLEAR
    if ((np.abs(points[:, 0] - title.x) < wide) & (np.abs(points[:, 1] - title.y) < high)).any():
        return True
    return any(_meet(title, label, -SIDE) for label in places.labels.values())


def _fits(box: Box, frame: Box, places: Places) -> bool:
    """Whether there is room for what is added to a frame."""
    if frame == box:
        return True
    side = 1 if frame.x > box.x else -1
    more = frame.width - box.width
    strip = Box((box.right if side > 0 else box.left) + side * more / 2, box.y, more, box.height)
    bounds = places.bounds
    if strip.left < bounds.left or strip.right > bounds.right:
        return False
    if any(_meet(strip, other, CLEAR) for other in (*places.nodes.values(), *places.labels.values())):
        return False
    others = [other for boxes in places.groups.values() for other in boxes if other != box]
    return all(_inside(strip, other) or not _meet(strip, other, CLEAR) for other in others)


def _meet(a: Box, b: Box, apart: float) -> bool:
    return abs(a.x - b.x) < (a.width + b.width) / 2 + apart and abs(a.y - b.y) < (a.height + b.height) / 2 + min(
        apart, 0
    )


def _inside(strip: Box, around: Box) -> bool:
    return (
        around.left + CLEAR < strip.left
        and strip.right < around.right - CLEAR
        and around.bottom < strip.bottom
        and strip.top < around.top
    )
