"""Places for a graph that Graphviz would need minutes for: columns of nodes, and arrows that pass between them."""

from __future__ import annotations

import math
from bisect import bisect
from collections import defaultdict
from typing import NamedTuple

from viz import formatting
from viz.dot import NODE_SIZE, PITCH
from viz.geometry import Box, Curve, Places, Point
from viz.model import Graph, NodeInfo
from viz.widths import measured
from viz.words import gradient_lines, title_lines, value_lines

COLUMN = 40
"""A layer of more nodes is broken into several columns."""
GAP, CHANNEL = 16.0, 64.0
"""What is free between two nodes of a column, and between two columns."""
SWEEPS = 4
FAR = 60
"""An arrow over more columns passes above all of them."""
HEAD = 8.0


class Column(NamedTuple):
    """A column: its sides, and its nodes' frames from bottom to top."""

    left: float
    right: float
    frames: list[Box]


def places(graph: Graph, format: str = formatting.DEFAULT) -> Places:
    """A place for everything in a large graph, in time proportional to its size.

    Layers from left to right by the longest way from the inputs, as Graphviz would have them; an input stands
    right before its first use. Within a layer, nodes follow the average place of their neighbours. An arrow passes a
    column between two of its nodes, so that none runs through a frame.

    Examples
    --------
    >>> import viz
    >>> from autograd import Value
    >>> found = places(viz.record(Value(2) * 3))
    >>> found.nodes["n1"].right < found.nodes["n2"].left
    True
    """
    order, height = _ordered(graph)
    frames = _placed(_sizes(graph, format), order, height)
    return Places(frames, _arrows(graph, frames))


# --- nodes --------------------------------------------------------------------------------------------------


def _ordered(graph: Graph) -> tuple[list[list[str]], dict[str, float]]:
    """The layers, each with its nodes in order, and how high each node stands."""
    layer = _layers(graph)
    neighbours: dict[str, list[str]] = defaultdict(list)
    for edge in graph.edges:
        neighbours[edge.source].append(edge.target)
        neighbours[edge.target].append(edge.source)
    layers: dict[int, list[str]] = defaultdict(list)
    for node in graph.nodes:
        layers[layer[node.id]].append(node.id)
    order = [layers[i] for i in sorted(layers)]
    height = {id: float(i) - len(nodes) / 2 for nodes in order for i, id in enumerate(nodes)}
    for sweep in range(SWEEPS):
        for nodes in order if sweep % 2 == 0 else reversed(order):
            wish = {id: _mean([height[x] for x in neighbours[id]], height[id]) for id in nodes}
            nodes.sort(key=lambda id: wish[id])
            middle = _mean(list(wish.values()), 0.0)
            for i, id in enumerate(nodes):
                height[id] = middle + i - (len(nodes) - 1) / 2
    return order, height


def _placed(size: dict[str, tuple[float, float]], order: list[list[str]], height: dict[str, float]) -> dict[str, Box]:
    """Points from orders: columns as wide as their nodes need, and the shorter ones spread out."""
    tallest = max(min(len(nodes), COLUMN) for nodes in order)
    row = max(h for _, h in size.values()) + GAP
    found: dict[str, Box] = {}
    x = 0.0
    for nodes in order:
        for start in range(0, len(nodes), COLUMN):
            part = nodes[start : start + COLUMN]
            widest = max(size[id][0] for id in part)
            spread = min(3.0, math.sqrt(tallest / len(part)))
            middle = _mean([height[id] for id in part], 0.0) if len(nodes) <= COLUMN else 0.0
            y = -row * middle + sum(size[id][1] + GAP for id in part) * spread / 2
            for id in part:
                step = (size[id][1] + GAP) * spread
                found[id] = Box(x + widest / 2, y - step / 2, *size[id])
                y -= step
            x += widest + CHANNEL
    return found


def _sizes(graph: Graph, format: str) -> dict[str, tuple[float, float]]:
    """Width and height of the nodes' frames."""
    rows = {node.id: _rows(node, format) for node in graph.nodes}
    width = measured([(row, NODE_SIZE, False) for node in rows.values() for row in node])
    return {
        id: (math.ceil(max(width[row, NODE_SIZE, False] for row in node) + 16), PITCH * len(node) + 6)
        for id, node in rows.items()
    }


def _rows(node: NodeInfo, format: str) -> list[str]:
    """The lines of a frame."""
    title, values = title_lines(node), value_lines(node, format)
    if node.kind == "input" and len(title) == len(values) == 1:
        title, values = [f"{title[0]} = {values[0]}"], []
    if node.gives and len(values) == 1:
        values = [f"{node.gives} = {values[0]}"]
    extra = [node.note] if node.note else []
    remark = [f"⚠ {node.remark}"] if node.remark else []
    return [*title, *extra, *values, *gradient_lines(node, format), *remark]


def _layers(graph: Graph) -> dict[str, int]:
    depth = {node.id: 0 for node in graph.nodes}
    for edge in graph.edges:
        depth[edge.target] = max(depth[edge.target], depth[edge.source] + 1)
    first_use: dict[str, int] = {}
    for edge in graph.edges:
        first_use[edge.source] = min(first_use.get(edge.source, len(graph.nodes)), depth[edge.target])
    for node in graph.inputs:
        depth[node.id] = first_use.get(node.id, 1) - 1
    return depth


# --- arrows -------------------------------------------------------------------------------------------------


def _arrows(graph: Graph, frames: dict[str, Box]) -> dict[str, Curve]:
    columns, of = _columns(frames)
    top = max(box.top for box in frames.values())
    arrows = {}
    for i, edge in enumerate(graph.edges):
        source, target = frames[edge.source], frames[edge.target]
        way = _way(source, target, columns, of[edge.source], of[edge.target], top + GAP + 3 * (i % 20), i % 5 - 2)
        for sign, aside in (("f", 1.5), ("b", -1.5)):
            points = [(x, y + aside) for x, y in way]
            arrows[f"{edge.id}{sign}"] = _line(points, head_at_end=sign == "f")
    return arrows


def _columns(frames: dict[str, Box]) -> tuple[list[Column], dict[str, int]]:
    """The columns from left to right, and which of them each node stands in."""
    columns: list[Column] = []
    of: dict[str, int] = {}
    for id, box in sorted(frames.items(), key=lambda item: item[1].x):
        if not columns or box.left > columns[-1].right:
            columns.append(Column(box.left, box.right, []))
        last = columns[-1]
        columns[-1] = Column(min(last.left, box.left), max(last.right, box.right), last.frames)
        last.frames.append(box)
        of[id] = len(columns) - 1
    for column in columns:
        column.frames.sort(key=lambda box: box.y)
    return columns, of


def _way(
    source: Box, target: Box, columns: list[Column], start: int, stop: int, above: float, lane: float
) -> list[Point]:
    """Corners of an arrow: through each column in between where a gap is nearest to the straight line."""
    first, last = (source.right, source.y), (target.left, target.y)
    out, into = (columns[start].right + GAP / 2, source.y), (columns[stop].left - GAP / 2, target.y)
    if stop - start > FAR:
        return [first, out, (out[0] + GAP, above), (into[0] - GAP, above), into, last]
    points = [first, out] if out[0] > first[0] else [first]
    slope = (last[1] - first[1]) / (last[0] - first[0])
    for column in columns[start + 1 : stop]:
        y = _free(column.frames, points[-1][1] + slope * ((column.left + column.right) / 2 - points[-1][0])) + lane
        points += [(column.left - GAP / 2, y), (column.right + GAP / 2, y)]
    return [*points, into, last] if into[0] < last[0] else [*points, last]


def _free(frames: list[Box], y: float) -> float:
    """The height nearest to y at which nothing stands in a column."""
    i = bisect(frames, y, key=lambda box: box.y)
    near = frames[max(0, i - 1) : i + 1]
    # Half of the gap, where two nodes are as near as they can be.
    if all(y > box.top + GAP / 2 or y < box.bottom - GAP / 2 for box in near):
        return y
    gaps = [frames[0].bottom - GAP / 2, frames[-1].top + GAP / 2]
    for j in range(max(1, i - 1), min(len(frames), i + 2)):
        gaps.append((frames[j - 1].top + frames[j].bottom) / 2)
    return min(gaps, key=lambda gap: abs(gap - y))


def _line(corners: list[Point], head_at_end: bool) -> Curve:
    """Straight lines from corner to corner, with room for an arrowhead at one end."""
    path = list(corners)
    tip, (x, y) = (path[-1], path[-2]) if head_at_end else (path[0], path[1])
    length = math.dist(tip, (x, y)) or 1.0
    cut = min(HEAD, length / 2) / length
    path[-1 if head_at_end else 0] = tip[0] + (x - tip[0]) * cut, tip[1] + (y - tip[1]) * cut
    points = path[:1]
    for a, b in zip(path, path[1:]):
        points += [a, b, b]
    return Curve(tuple(points), None if head_at_end else tip, tip if head_at_end else None)


def _mean(numbers: list[float], otherwise: float) -> float:
    return sum(numbers) / len(numbers) if numbers else otherwise
