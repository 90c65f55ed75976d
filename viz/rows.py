"""Breaking a wide layout into rows, as a text is broken into lines, so that it stays readable on a slide or a page.

Every second row runs backward, so that the arrows from one row to the next are short.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from typing import Callable, Mapping, Sequence

from viz.geometry import Box, Curve, Places, Point, around
from viz.model import EdgeInfo

GUTTER, BESIDE, ARROW, ROUND = 24.0, 9.0, 8.0, 9.0
STEP, CHANNEL = 6.0, 60.0
"""A way around something is looked for in such steps, and so far beside a node."""
NO_TITLES: Mapping[str, float] = {}


def broken(
    places: Places,
    edges: Sequence[EdgeInfo],
    parents: Mapping[str, Sequence[str]],
    rows: int,
    sizes: Mapping[str, tuple[float, float]],
    outside: bool = False,
    titles: Mapping[str, float] = NO_TITLES,
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
    titles : mapping
        How wide the titles of groups are, which stand at the upper left of their frames.
    """
    columns = _columns(places)
    if rows > len(columns):
        return None
    row_of = {id: row for row, ids in enumerate(_cut(columns, places, edges, rows)) for id in ids}
    inside = [e for e in edges if row_of[e.source] == row_of[e.target]]
    across = [e for e in edges if row_of[e.source] != row_of[e.target]]
    labels = {f"{e.id}b": Box(0, 0, *sizes[e.id]) for e in across if e.id in sizes and f"{e.id}b" in places.labels}
    places = places._replace(labels={**places.labels, **labels})
    arrow_row = {f"{e.id}{way}": row_of[e.source] for e in inside for way in "fb"}

    def moved(beneath: Sequence[EdgeInfo]) -> Places:
        moves = _moves(places, row_of, inside, beneath, rows, _frames(places, row_of, parents, inside, outside))
        return Places(
            places.nodes,
            {id: c for id, c in places.arrows.items() if id in arrow_row},
            {id: b for id, b in places.labels.items() if id in arrow_row},
        ).moved(lambda id: moves[row_of[id]], lambda id: moves[arrow_row[id]])

    # Which arrows go straight down depends on what stands beside what alone; the labels of the others need no gutter.
    beneath = [e for e in across if _is_direct(e, moved(across).nodes, row_of)]
    kept = moved(beneath)
    beside = [e for e in across if e not in beneath]
    frames = _frames(kept, row_of, parents, inside, outside)
    below = {row: min(b.bottom for b in _of_row(row, kept.nodes, row_of, frames)) for row in range(rows)}
    titled = {id: _titles_over(id, row_of[id], parents, frames, titles) for id in row_of}
    down = _directly(kept.nodes, row_of, beneath, places.labels, below, outside, titled)
    crossing = _outside(kept.nodes, row_of, beside, places.labels, down, frames)
    groups: dict[str, list[Box]] = defaultdict(list)
    for (group, _), box in frames.items():
        groups[group].append(box)
    found = Places(kept.nodes, {**kept.arrows, **crossing.arrows}, {**kept.labels, **crossing.labels}, dict(groups))
    return found, [edge.id for edge in across]


def _titles_over(
    id: str,
    row: int,
    parents: Mapping[str, Sequence[str]],
    frames: Mapping[tuple[str, int], Box],
    titles: Mapping[str, float],
) -> tuple[float, float]:
    """From where to where the titles of the groups around a node reach."""
    boxes = [(frames[group, row].left, titles[group]) for group in parents[id] if group in titles]
    return min((left for left, _ in boxes), default=0.0), max((left + width for left, width in boxes), default=0.0)


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
    places: Places,
    row_of: Mapping[str, int],
    inside: Sequence[EdgeInfo],
    beneath: Sequence[EdgeInfo],
    rows: int,
    frames: Mapping[tuple[str, int], Box],
) -> list[Callable[[Point], Point]]:
    """How each row is moved: below the one before, every second one mirrored, with room for the labels beneath."""
    moves: list[Callable[[Point], Point]] = []
    turn, top = 0.0, 0.0
    widest = max(around([places.nodes[id] for id, r in row_of.items() if r == row]).width for row in range(rows))
    for row in range(rows):
        ids = [f"{e.id}{way}" for e in inside if row_of[e.source] == row for way in "fb"]
        framed = _of_row(row, places.nodes, row_of, frames)
        nodes = around([places.nodes[id] for id, r in row_of.items() if r == row])
        turn = min(turn, widest - nodes.width) if row % 2 == 0 else max(turn, nodes.width)
        box = around(
            framed + [places.labels[id] for id in ids if id in places.labels],
            [p for id in ids if id in places.arrows for p in places.arrows[id].points],
        )
        moves.append(_move(nodes, turn, top - box.top, backward=row % 2 == 1))
        heights = [
            places.labels[f"{e.id}b"].height for e in beneath if row_of[e.source] == row and f"{e.id}b" in places.labels
        ]
        turn = min(max(turn + (nodes.width if row % 2 == 0 else -nodes.width), 0.0), widest)
        below = max(GUTTER, sum(heights) + 2 * len(heights) + 3)
        top -= box.top - min(box.bottom - BESIDE, around(framed).bottom - below)
    return moves


def _of_row(
    row: int, nodes: Mapping[str, Box], row_of: Mapping[str, int], frames: Mapping[tuple[str, int], Box]
) -> list[Box]:
    """The nodes of a row, and the frames around them."""
    return [nodes[id] for id, r in row_of.items() if r == row] + [box for (_, r), box in frames.items() if r == row]


def _move(nodes: Box, turn: float, down: float, backward: bool) -> Callable[[Point], Point]:
    if backward:
        return lambda p: (turn - (p[0] - nodes.left), p[1] + down)
    return lambda p: (turn + (p[0] - nodes.left), p[1] + down)


def _is_direct(edge: EdgeInfo, nodes: Mapping[str, Box], row_of: Mapping[str, int]) -> bool:
    """Whether nothing stands between a node and another in the next row."""
    source, target, start = nodes[edge.source], nodes[edge.target], row_of[edge.source]
    here, there = ([nodes[id] for id, row in row_of.items() if row == r] for r in (start, start + 1))
    return (
        row_of[edge.target] == start + 1
        and not any(_over(source, box) and box.top < source.bottom for box in here)
        and not any(_over(target, box) and box.bottom > target.top for box in there)
    )


def _directly(
    nodes: Mapping[str, Box],
    row_of: Mapping[str, int],
    edges: Sequence[EdgeInfo],
    labels: Mapping[str, Box],
    bottoms: Mapping[int, float],
    outside: bool,
    titled: Mapping[str, tuple[float, float]],
) -> Places:
    """Arrows from row to row: out of a node below it, along the gutter, and into another from above."""
    arrows: dict[str, Curve] = {}
    found: dict[str, Box] = {}
    leaving = _slots(edges, lambda e: e.source, nodes)
    entering = _slots(edges, lambda e: e.target, nodes)
    arrows_at = Counter(id for e in edges for id in (e.source, e.target))
    outward = {id: max(0.0, nodes[id].width / 2 - 14 - 1.25 * BESIDE * (n - 1)) for id, n in arrows_at.items()}
    below = {row: bottom - 4 for row, bottom in bottoms.items()}
    for edge in edges:
        source, target, start = nodes[edge.source], nodes[edge.target], row_of[edge.source]
        label = labels.get(f"{edge.id}b")
        side = 1 if start % 2 == 0 else -1
        # The arrow near one corner of the node, the label below the rest of it.
        toward = -side if outside else side
        level = below[start] - (label.height / 2 if label else 4)
        leave = source.x + toward * outward[edge.source] + leaving[edge.id]
        first, last = titled[edge.target]
        lowest = max(box.left + 8 + BESIDE / 2 for box in (source, target))
        highest = min(box.right - 8 - BESIDE / 2 for box in (source, target))
        if arrows_at[edge.source] == arrows_at[edge.target] == 1 and lowest <= highest:
            leave = min(max(leave, lowest), highest)
        within = target.left + 8 + BESIDE / 2 <= leave <= target.right - 8 - BESIDE / 2
        down = within and not first < leave + BESIDE / 2 < last + BESIDE
        enter = leave if down else target.x + toward * outward[edge.target] + entering[edge.id]
        if not down and first < enter < last + BESIDE:  # Beside the titles, if there is room.
            enter = min(last + BESIDE + entering[edge.id], target.right - 14)
        for way, aside in (("f", -BESIDE / 2), ("b", BESIDE / 2)):
            middle, x, x2 = level - aside * side, leave + aside, enter + aside
            between = [(x, middle), (x2, middle)] if abs(x - x2) > 1 else []
            arrows[f"{edge.id}{way}"] = rounded(
                [(x, source.bottom), *between, (x2, target.top)], head_at_end=way == "f"
            )
        if label is not None:
            points = [p for way in "fb" for p in arrows[f"{edge.id}{way}"].points]
            near = [p[0] for p in points if abs(p[1] - level) < abs(source.y - target.y) / 2] or [p[0] for p in points]
            left = (side < 0) == outside
            x = min(near) - label.width / 2 - 3 if left else max(near) + label.width / 2 + 3
            found[f"{edge.id}b"] = Box(x, level, label.width, label.height)
            below[start] -= label.height + 2
    return Places({}, arrows, found)


def _outside(
    nodes: Mapping[str, Box],
    row_of: Mapping[str, int],
    edges: Sequence[EdgeInfo],
    labels: Mapping[str, Box],
    down: Places,
    frames: Mapping[tuple[str, int], Box],
) -> Places:
    """Arrows around what stands in their way, each in a lane of its own, their labels beyond all lanes; and `down`."""
    arrows, found = dict(down.arrows), dict(down.labels)
    sides = {edge.id: 1 if row_of[edge.source] % 2 == 0 else -1 for edge in edges}
    spans = {edge.id: (row_of[edge.source], row_of[edge.target]) for edge in edges}
    leaving = _slots(edges, lambda e: e.source, nodes, upright=True)
    entering = _slots(edges, lambda e: e.target, nodes, upright=True)
    lanes: dict[str, float] = {}
    for edge in edges:
        side, (start, end) = sides[edge.id], spans[edge.id]
        inside = [box for id, box in nodes.items() if start <= row_of[id] <= end]
        inside += [box for (_, row), box in frames.items() if start <= row <= end]
        inside += [box for box in down.labels.values() if nodes[edge.target].bottom < box.y < nodes[edge.source].top]
        inner = [lanes[id] for id in lanes if sides[id] == side and spans[id][0] <= end and start <= spans[id][1]]
        lane = max([max(side * box.x + box.width / 2 for box in inside) + 14, *(x + 2.2 * BESIDE for x in inner)])
        lanes[edge.id] = lane
        for way, aside in (("f", -BESIDE / 2), ("b", BESIDE / 2)):
            x = side * (lane + aside)
            out = _to_lane(edge.source, x, leaving[edge.id] - aside, False, nodes, row_of)
            into = _to_lane(edge.target, x, entering[edge.id] + aside, True, nodes, row_of)
            arrows[f"{edge.id}{way}"] = rounded([*out, *reversed(into)], head_at_end=way == "f")
    for edge in edges:
        label = labels.get(f"{edge.id}b")
        if label is None:
            continue
        side, (start, end) = sides[edge.id], spans[edge.id]
        beyond = max(lanes[id] for id in lanes if sides[id] == side and spans[id][0] <= end and start <= spans[id][1])
        middle = (
            min(nodes[id].bottom for id, row in row_of.items() if row == start)
            + max(nodes[id].top for id, row in row_of.items() if row == start + 1)
        ) / 2
        box = Box(side * (beyond + BESIDE / 2 + 3 + label.width / 2), middle, label.width, label.height)
        while any(
            abs(box.x - b.x) < (box.width + b.width) / 2 and abs(box.y - b.y) < (box.height + b.height) / 2
            for b in found.values()
        ):
            box = box._replace(y=box.y - 1)
        found[f"{edge.id}b"] = box
    return Places({}, arrows, found)


def _to_lane(
    id: str, x: float, aside: float, above: bool, nodes: Mapping[str, Box], row_of: Mapping[str, int]
) -> list[Point]:
    """The way from a node to a lane: from its side; if something stands there, through the gutter above or below it.

    To the gutter it goes where nothing stands: straight from the node, else beside it.
    """
    box = nodes[id]
    side = 1 if x > box.x else -1
    others = [nodes[other] for other, row in row_of.items() if row == row_of[id] and other != id]
    y = box.y + aside
    if not any(side * (b.x - box.x) > 0 and b.bottom - 4 < y < b.top + 4 for b in others):
        return [(box.x + side * box.width / 2, y), (x, y)]
    edge, sign = (box.top, 1) if above else (box.bottom, -1)
    gutter = sign * max(sign * edge, *(sign * (b.top if above else b.bottom) for b in others), -math.inf)
    level = gutter + sign * (8 + abs(aside))
    in_the_way = [b for b in others if sign * (b.y - box.y) > 0]
    within = box.width / 2 - 10 - abs(aside)
    for shift in sorted((k * STEP for k in range(-int(within / STEP), int(within / STEP) + 1)), key=abs):
        if _is_free(box.x + aside + shift, in_the_way):
            return [(box.x + aside + shift, edge), (box.x + aside + shift, level), (x, level)]
    for distance in range(12, int(CHANNEL), int(STEP)):
        for toward in (side, -side):
            end = box.x + toward * box.width / 2
            beside = end + toward * distance + aside
            beyond = [b for b in others if b.bottom - 4 < y < b.top + 4]
            if _is_free(beside, [*in_the_way, *beyond]):
                return [(end, y), (beside, y), (beside, level), (x, level)]
    return [(box.x + aside, edge), (box.x + aside, level), (x, level)]


def _is_free(x: float, boxes: Sequence[Box]) -> bool:
    """Whether nothing stands at x."""
    return not any(b.left - 6 < x < b.right + 6 for b in boxes)


def _over(a: Box, b: Box) -> bool:
    """Whether two boxes share a stretch of the horizontal."""
    return a is not b and a.left < b.right + 4 and b.left < a.right + 4


def _slots(
    across: Sequence[EdgeInfo], end: Callable[[EdgeInfo], str], nodes: Mapping[str, Box], upright: bool = False
) -> dict[str, float]:
    """Where along a node's edge each of its arrows starts or ends, so that they do not run into each other."""
    at: dict[str, list[EdgeInfo]] = defaultdict(list)
    for edge in across:
        at[end(edge)].append(edge)
    slots = {}
    for id, edges in at.items():
        length = nodes[id].height if upright else nodes[id].width
        step = min(2.5 * BESIDE, length * 0.8 / len(edges))
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
        points += straight(points[-1], a)
        points += [_toward(a, corner, reach * 0.55), _toward(b, corner, reach * 0.55), b]
    points += straight(points[-1], path[-1])
    return Curve(tuple(points), None if head_at_end else tip, tip if head_at_end else None)


def _toward(a: Point, b: Point, distance: float) -> Point:
    """The point that far from a on the way to b."""
    whole = math.dist(a, b) or 1.0
    return a[0] + (b[0] - a[0]) * distance / whole, a[1] + (b[1] - a[1]) * distance / whole


def straight(a: Point, b: Point) -> list[Point]:
    """The rest of a spline that goes straight on from a to b."""
    third = (b[0] - a[0]) / 3, (b[1] - a[1]) / 3
    return [(a[0] + third[0], a[1] + third[1]), (a[0] + 2 * third[0], a[1] + 2 * third[1]), b]


def _frames(
    places: Places,
    row_of: Mapping[str, int],
    parents: Mapping[str, Sequence[str]],
    inside: Sequence[EdgeInfo],
    turned: bool,
) -> dict[tuple[str, int], Box]:
    """The frame of each group in each row that it reaches, wider the more groups are inside; its title on top."""
    members: dict[tuple[str, int], list[Box]] = defaultdict(list)
    for id, groups in parents.items():
        for depth, group in enumerate(groups):
            members[group, row_of[id]].append(_framed(places.nodes[id], depth, turned))
    for edge in inside:
        label, around_source = places.labels.get(f"{edge.id}b"), list(parents[edge.source])
        for group in parents[edge.target] if label else ():
            if group in around_source:  # The title stands above the labels in the frame, too.
                box = _framed(label, around_source.index(group), turned)  # type: ignore[arg-type]
                members[group, row_of[edge.source]].append(box)
    return {key: around(boxes) for key, boxes in members.items()}


def _framed(box: Box, depth: int, turned: bool) -> Box:
    """What a frame needs around a node or a label in it, with the title on top."""
    margin = 16 + 14 * depth
    if turned:
        return Box(box.x - margin / 2, box.y, box.width + 2 * margin, box.height + margin)
    return Box(box.x, box.y + margin / 2, box.width + margin, box.height + 2 * margin)
