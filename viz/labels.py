"""Labels of arrows that stand clear of arrows, nodes, and each other."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Mapping, cast

import numpy as np

from viz.geometry import Box, Curve, Places

MARGIN, PADDING = 10.0, 4.0
"""So much wider and higher than its text a label is: what may be touched."""
TITLE = 20.0
"""The titles of groups stand so far below the tops of their frames."""
CORNER = 4.0
"""The frames of nodes are round."""
STEP, REACH_X, REACH_Y = 3.0, 99.0, 30.0
"""A label is moved by at most so much, in such steps, in points: else nobody knows which arrow it belongs to."""
UPON, COMING = 3.0, 25.0
"""Arrows run upon each other that are so near, unless they are as near as that to a node of theirs."""
LENGTH = 2.0
"""From one point of `along` to the next, about."""

if TYPE_CHECKING:  # which takes longer to import than this module
    import numpy.typing as npt

    Points = npt.NDArray[np.float64]


def cleared(places: Places) -> Places:
    """With each label that something runs through moved to the nearest place where nothing does, if there is one.

    No picture gets larger by it.
    """
    points = np.concatenate([along(curve) for curve in places.arrows.values()] or [np.empty((0, 2))])
    titles = [Box(b.x, b.top - TITLE / 2, b.width, TITLE) for boxes in places.groups.values() for b in boxes]
    nodes = [*places.nodes.values(), *titles]
    found, bounds = dict(places.labels), places.bounds
    for id, box in places.labels.items():
        others = [*nodes, *(b for other, b in found.items() if other != id)]
        for right, up in _shifts():
            moved = box._replace(x=box.x + right, y=box.y + up)
            if (right or up) and not _within(moved, bounds):
                continue
            if not _met(moved, points, others):
                found[id] = moved
                break
    return places._replace(labels=found)


def meetings(places: Places, ends: Mapping[str, tuple[str, str]]) -> tuple[int, int]:
    """How often an arrow runs through a label or a node at neither of its ends, or a label stands on a node; and how
    often an arrow runs through the title of a frame.

    Parameters
    ----------
    places : Places
    ends : mapping
        The nodes at the ends of each arrow.
    """
    curves = {id: along(curve) for id, curve in places.arrows.items()}
    points = np.concatenate([*curves.values(), np.empty((0, 2))])
    arrow = np.repeat(np.arange(len(curves)), [len(part) for part in curves.values()])
    number = {id: i for i, id in enumerate(curves)}

    def through(boxes: Mapping[str, Box], wide: float, high: float) -> int:
        count = 0
        for id, box in boxes.items():
            own = [number[a] for a, pair in ends.items() if id in pair and a in number]
            inside = (np.abs(points[:, 0] - box.x) < box.width / 2 - wide) & (
                np.abs(points[:, 1] - box.y) < box.height / 2 - high
            )
            count += len(set(arrow[inside].tolist()) - set(own))
        return count

    count = through(places.labels, MARGIN / 2 - 1, PADDING / 2) + through(places.nodes, CORNER, CORNER)
    for label in places.labels.values():
        for box in places.nodes.values():
            count += (
                abs(label.x - box.x) < (label.width + box.width) / 2 - 6
                and abs(label.y - box.y) < (label.height + box.height) / 2 - 6
            )
    titles = {f"{id}_{i}": title.box for id, titles in places.titles.items() for i, title in enumerate(titles)}
    return count, through(titles, MARGIN, PADDING)


def bunched(places: Places, ends: Mapping[str, tuple[str, str]]) -> float:
    """How long arrows run upon others, in points, but where they come to a node."""
    found = []
    for number, (id, curve) in enumerate(places.arrows.items()):
        points = along(curve)
        ways = np.diff(points, axis=0, append=points[-1:])
        angle = np.arctan2(ways[:, 1], ways[:, 0]) % np.pi
        away = np.full(len(points), True)
        for box in (places.nodes[end] for end in ends[id]):
            aside = np.abs(points - (box.x, box.y)) - (box.width / 2, box.height / 2)
            away &= (aside > COMING).any(axis=1)
        found.append(np.column_stack([points, angle, np.full(len(points), number)])[away])
    all_of = np.concatenate([*found, np.empty((0, 4))])
    # Points that share a square of a grid, and a direction: of four grids, so that no two are parted in each.
    upon = np.full(len(all_of), False)
    for shift in (0.0, 0.5):
        cells = np.floor(all_of[:, :3] / (UPON, UPON, np.pi / 8) + shift).astype(int)
        cells[:, 2] %= 8
        _, cell = np.unique(cells, axis=0, return_inverse=True)
        cell = cell.reshape(-1)
        first = np.full(len(all_of) + 1, -1)
        first[cell] = all_of[:, 3]
        several = np.full(len(all_of) + 1, False)
        several[cell[first[cell] != all_of[:, 3]]] = True
        upon |= several[cell]
    return float(upon.sum() * LENGTH)


def along(curve: Curve) -> Points:
    """Points on a spline, arrowheads included, near enough to each other that no letter stands between two."""
    corners = np.array(curve.points)
    pieces = np.stack([corners[i : i + len(corners) - 3 : 3] for i in range(4)], axis=1)
    found = np.einsum("tk,pkx->ptx", _powers(), pieces).reshape(-1, 2)
    ends = np.array([[p, q] for p, q in ((curve.points[0], curve.start), (curve.points[-1], curve.end)) if q])
    lines = np.concatenate([np.stack([found[:-1], found[1:]], axis=1), ends.reshape(-1, 2, 2)])
    count = np.maximum(1, np.ceil(np.abs(lines[:, 1] - lines[:, 0]).max(1, initial=0) / STEP)).astype(int)
    which = np.repeat(np.arange(len(lines)), count)
    part = (np.arange(len(which)) - np.repeat(np.cumsum(count) - count, count)) / count[which]
    starts, ways = lines[which, 0], lines[which, 1] - lines[which, 0]
    return np.asarray(starts + part[:, None] * ways)


@cache
def _powers() -> Points:
    """Bernstein's polynomials at points along a spline."""
    t = np.linspace(0, 1, 13)
    return np.stack([(1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t**2, t**3], axis=1)


@cache
def _shifts() -> list[list[float]]:
    """By how much a label may be moved, the least first."""
    ways = np.meshgrid(np.arange(-REACH_X, REACH_X + 1, STEP), np.arange(-REACH_Y, REACH_Y + 1, STEP), indexing="ij")
    shifts = np.stack(ways, axis=-1).reshape(-1, 2)
    nearest = np.argsort(np.sum(shifts**2, axis=1), kind="stable")
    return cast("list[list[float]]", shifts[nearest].tolist())


def _met(box: Box, points: Points, others: list[Box]) -> bool:
    """Whether an arrow runs through the text of a label, or something stands there."""
    width, height = (box.width - MARGIN) / 2 + 1, (box.height - PADDING) / 2
    if ((np.abs(points[:, 0] - box.x) < width) & (np.abs(points[:, 1] - box.y) < height)).any():
        return True
    return any(
        abs(b.x - box.x) < b.width / 2 + width - 2 and abs(b.y - box.y) < b.height / 2 + height - 3 for b in others
    )


def _within(box: Box, bounds: Box) -> bool:
    return (
        box.left + MARGIN / 2 >= bounds.left
        and box.right - MARGIN / 2 <= bounds.right
        and box.bottom >= bounds.bottom
        and box.top <= bounds.top
    )
