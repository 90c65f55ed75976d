"""Breaking a wide layout into rows, as a text is broken into lines, so that it stays readable on a slide or a page.

Every second row runs backward, so that the arrows from one row to the next are short.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import replace
from typing import Callable, Mapping, Sequence

from viz.geometry import Box, Curve, Places, Point, around
from viz.model import EdgeInfo

GUTTER, BESIDE, ARROW, ROUND = 24.0, 9.0, 8.0, 9.0


def broken(
    places: Places,
    edges: Sequence[EdgeInfo],
    parents: Mapping[str, Sequence[str]],
    rows: int,
    sizes: Mapping[str, tuple[float, float]],
    outside: bool = False,
) -> tuple[Places, list[str]] | None:
    """The layout in that many rows, and the edges from row to row; ``None`` if it has not so many columns.

    Parameters
    ----------
    places : Places
        A layout from left to right.
    edges : sequence of EdgeInfo
    parents : mapping
        The groups around each node, by its id.
    rows : int
    sizes : mapping
        Width and height of an edge's label where it stands between two rows, if they are others there.
    outside : bool
        Whether labels between rows stand outside of their arrows: where they are short, for there is nothing else.
    """
    columns = _columns(places)
    if rows > len(columns):
        return None
    row_of = {id: row for row, ids in enumerate(_cut(columns, places, edges, rows)) for id in ids}
    inside = [e for e in edges if row_of[e.source] == row_of[e.target]]
    across = [e for e in edges if row_of[e.source] != row_of[e.target]]
    labels = {f"{e.id}b": Box(0, 0, *sizes[e.id]) for e in across if e.id in sizes and f"{e.id}b" in places.labels}
    places = replace(places, labels=places.labels | labels)
    moves = _moves(places, row_of, inside, across, rows)
    arrow_row = {f"{e.id}{way}": row_of[e.source] for e in inside for way in "fb"}
    kept = Places(
        places.nodes,
        {id: c for id, c in places.arrows.items() if id in arrow_row},
        {id: b for id, b in places.labels.items() if id in arrow_row},
    ).moved(lambda id: moves[row_of[id]], lambda id: moves[arrow_row[id]])
    crossing = _routed(kept.nodes, row_of, across, places.labels, outside)
    groups = _frames(kept.nodes, row_of, parents)
    found = Places(kept.nodes, kept.arrows | crossing.arrows, kept.labels | crossing.labels, groups)
    return found, [edge.id for edge in across]


def _columns(places: Places) -> list[list[str]]:
    """The nodes from left to right, those that overlap in one column."""
    columns: list[list[str]] = []
    end = float("-inf")
    for id, box in sorted(places.nodes.items(), key=lambda item: item[1].left):
        if box.left >= end:
            columns.append([])
        columns[-1].append(id)
        end = max(end, box.right)
    return columns


def _cut(columns: list[list[str]], places: Places, edges: Sequence[EdgeInfo], rows: int) -> list[list[str]]:
    """Columns into rows: the widest row as narrow as it can be, then as few arrows across as may be."""
    n = len(columns)
    left = [min(places.nodes[id].left for id in column) for column in columns]
    right = [max(places.nodes[id].right for id in column) for column in columns]
    at = {id: i for i, column in enumerate(columns) for id in column}
    crossed = [0.0] * (n + 1)
    for edge in edges:
        a, b = sorted((at[edge.source], at[edge.target]))
        label = places.labels.get(f"{edge.id}b")
        for i in range(a + 1, b + 1):
            # The room between two rows has to hold the labels of what leads across.
            crossed[i] += 1 + (label.height / 100 if label else 0.0)

    def best(limit: float) -> list[int] | None:
        """The cheapest cuts into rows no wider than `limit`."""
        cost: list[dict[int, tuple[float, list[int]]]] = [{0: (0.0, [])}]
        for _ in range(rows):
            reached: dict[int, tuple[float, list[int]]] = {}
            for start, (price, cuts) in cost[-1].items():
                for stop in range(start + 1, n + 1):
                    if right[stop - 1] - left[start] > limit:
                        break
                    found = price + (crossed[stop] if stop < n else 0), [*cuts, stop]
                    if stop not in reached or found[0] < reached[stop][0]:
                        reached[stop] = found
            cost.append(reached)
        return cost[-1][n][1] if n in cost[-1] else None

    widths = sorted({right[j] - left[i] for i in range(n) for j in range(i, n)})
    low, high = 0, len(widths) - 1
    while low < high:
        middle = (low + high) // 2
        if best(widths[middle]) is None:
            low = middle + 1
        else:
            high = middle
    narrow, wider = (best(widths[low] * slack) or [n] for slack in (1.0, 1.08))
    price = [sum(crossed[stop] for stop in cuts[:-1]) for cuts in (narrow, wider)]
    cuts = wider if price[1] < price[0] else narrow
    return [[id for column in columns[a:b] for id in column] for a, b in zip([0, *cuts], cuts)]


def _moves(
    places: Places, row_of: Mapping[str, int], inside: Sequence[EdgeInfo], across: Sequence[EdgeInfo], rows: int
) -> list[Callable[[Point], Point]]:
    """How each row is moved: below the one before, every second one mirrored."""
    moves: list[Callable[[Point], Point]] = []
    turn, top = 0.0, 0.0
    widest = max(around([places.nodes[id] for id, r in row_of.items() if r == row]).width for row in range(rows))
    for row in range(rows):
        ids = [f"{e.id}{way}" for e in inside if row_of[e.source] == row for way in "fb"]
        boxes = [places.nodes[id] for id, r in row_of.items() if r == row]
        nodes = around(boxes)
        turn = min(turn, widest - nodes.width) if row % 2 == 0 else max(turn, nodes.width)
        box = around(
            boxes + [places.labels[id] for id in ids if id in places.labels],
            [p for id in ids if id in places.arrows for p in places.arrows[id].points],
        )
        moves.append(_move(nodes, turn, top - box.top, backward=row % 2 == 1))
        heights = [
            places.labels[f"{e.id}b"].height for e in across if row_of[e.source] == row and f"{e.id}b" in places.labels
        ]
        turn = min(max(turn + (nodes.width if row % 2 == 0 else -nodes.width), 0.0), widest)
        below = max(GUTTER, sum(heights) + 2 * len(heights) + 4)
        top -= box.top - min(box.bottom - BESIDE, nodes.bottom - below)
    return moves


def _move(nodes: Box, turn: float, down: float, backward: bool) -> Callable[[Point], Point]:
    if backward:
        return lambda p: (turn - (p[0] - nodes.left), p[1] + down)
    return lambda p: (turn + (p[0] - nodes.left), p[1] + down)


def _routed(
    nodes: Mapping[str, Box],
    row_of: Mapping[str, int],
    across: Sequence[EdgeInfo],
    labels: Mapping[str, Box],
    outside: bool,
) -> Places:
    """Arrows from row to row: out of a node below it or at its side, along the gutter, and into another."""
    arrows: dict[str, Curve] = {}
    found: dict[str, Box] = {}
    leaving = _slots(across, lambda e: e.source, nodes)
    entering = _slots(across, lambda e: e.target, nodes)
    arrows_at = Counter(id for e in across for id in (e.source, e.target))
    outward = {id: max(0.0, nodes[id].width / 2 - 14 - 1.25 * BESIDE * (n - 1)) for id, n in arrows_at.items()}
    rows = defaultdict(list)
    for id, row in row_of.items():
        rows[row].append(nodes[id])
    below = {row: min(box.bottom for box in boxes) - 4 for row, boxes in rows.items()}
    beyond: dict[tuple[int, int], float] = defaultdict(float)
    for edge in across:
        source, target = nodes[edge.source], nodes[edge.target]
        start, end = row_of[edge.source], row_of[edge.target]
        label = labels.get(f"{edge.id}b")
        free = not any(_over(source, box) and box.top < source.bottom for box in rows[start])
        free = free and not any(_over(target, box) and box.bottom > target.top for box in rows[end])
        side = 1 if start % 2 == 0 else -1
        turn = max(side * box.x + box.width / 2 for box in (source, target))
        # The arrow near one corner of the node, the label below the rest of it.
        toward = -1 if outside else 1
        level = below[start] - (label.height / 2 if label else 4)
        for way, aside in (("f", -BESIDE / 2), ("b", BESIDE / 2)):
            middle = level - aside * side
            if free:
                x = source.x + toward * side * outward[edge.source] + leaving[edge.id] + aside
                way_out = [(x, source.bottom)]
            else:
                x = side * (turn + 14 + beyond[start, end] + aside)
                y = source.y - aside
                way_out = [(source.x + side * source.width / 2, y), (x, y)]
            if free:
                straight = target.left + 8 <= x <= target.right - 8
                x2 = x if straight else target.x + toward * side * outward[edge.target] + entering[edge.id] + aside
                way_in = [(x2, target.top)]
            else:
                x2 = side * (turn + 14 + beyond[start, end] + aside)
                y = target.y + aside
                way_in = [(x2, y), (target.x + side * target.width / 2, y)]
            between = [(x, middle), (x2, middle)] if abs(x - x2) > 1 else []
            arrows[f"{edge.id}{way}"] = rounded([*way_out, *between, *way_in], head_at_end=way == "f")
        if not free:
            beyond[start, end] += 2.2 * BESIDE
        if label is not None:
            points = [p for way in "fb" for p in arrows[f"{edge.id}{way}"].points]
            near = [p[0] for p in points if abs(p[1] - level) < abs(source.y - target.y) / 2] or [p[0] for p in points]
            left = free and (side < 0) == outside
            x = min(near) - label.width / 2 - 3 if left else max(near) + label.width / 2 + 3
            found[f"{edge.id}b"] = Box(x, level, label.width, label.height)
            below[start] -= label.height + 2
    return Places({}, arrows, found)


def _over(a: Box, b: Box) -> bool:
    """Whether two boxes share a stretch of the horizontal."""
    return a is not b and a.left < b.right + 4 and b.left < a.right + 4


def _slots(across: Sequence[EdgeInfo], end: Callable[[EdgeInfo], str], nodes: Mapping[str, Box]) -> dict[str, float]:
    """Where along a node's edge each of its arrows starts or ends, so that they do not run into each other."""
    at: dict[str, list[EdgeInfo]] = defaultdict(list)
    for edge in across:
        at[end(edge)].append(edge)
    slots = {}
    for id, edges in at.items():
        step = min(2.5 * BESIDE, nodes[id].width * 0.8 / len(edges))
        for i, edge in enumerate(edges):
            slots[edge.id] = (i - (len(edges) - 1) / 2) * step
    return slots


def rounded(corners: Sequence[Point], head_at_end: bool) -> Curve:
    """Straight lines from corner to corner as one spline, rounded, with room for an arrowhead at one end."""
    path = list(corners)
    tip = path[-1] if head_at_end else path[0]
    if head_at_end:
        path[-1] = _toward(path[-1], path[-2], ARROW)
    else:
        path[0] = _toward(path[0], path[1], ARROW)
    points = [path[0]]
    for before, corner, after in zip(path, path[1:], path[2:]):
        reach = min(ROUND, math.dist(before, corner) / 2, math.dist(corner, after) / 2)
        a, b = _toward(corner, before, reach), _toward(corner, after, reach)
        points += _straight(points[-1], a)
        points += [_toward(a, corner, reach * 0.55), _toward(b, corner, reach * 0.55), b]
    points += _straight(points[-1], path[-1])
    return Curve(tuple(points), None if head_at_end else tip, tip if head_at_end else None)


def _toward(a: Point, b: Point, distance: float) -> Point:
    """The point that far from a on the way to b."""
    whole = math.dist(a, b) or 1.0
    return a[0] + (b[0] - a[0]) * distance / whole, a[1] + (b[1] - a[1]) * distance / whole


def _straight(a: Point, b: Point) -> list[Point]:
    third = (b[0] - a[0]) / 3, (b[1] - a[1]) / 3
    return [(a[0] + third[0], a[1] + third[1]), (a[0] + 2 * third[0], a[1] + 2 * third[1]), b]


def _frames(
    nodes: Mapping[str, Box], row_of: Mapping[str, int], parents: Mapping[str, Sequence[str]]
) -> dict[str, list[Box]]:
    """The frame of each group in each row that it reaches, wider the more groups are inside."""
    members: dict[tuple[str, int], list[Box]] = defaultdict(list)
    for id, groups in parents.items():
        for depth, group in enumerate(groups):
            box = nodes[id]
            members[group, row_of[id]].append(
                Box(box.x, box.y + 8 + 7 * depth, box.width + 16 + 14 * depth, box.height + 32 + 28 * depth)
            )
    frames: dict[str, list[Box]] = defaultdict(list)
    for (group, _), boxes in members.items():
        frames[group].append(around(boxes))
    return dict(frames)
