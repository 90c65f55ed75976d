"""Places for the nodes of large graphs, in time proportional to their size.

Layers from left to right by the longest way from the inputs, as Graphviz would have them; an input stands
right before its first use. Within a layer, nodes follow the average place of their neighbours.
"""

from __future__ import annotations

import math
from collections import defaultdict

from viz.model import Graph, NodeInfo

ROWS = 40
"""A layer of more nodes is broken into several columns."""
ROW, GAP = 58.0, 16.0
SWEEPS = 4


def positions(graph: Graph) -> dict[str, tuple[float, float]]:
    """The centre of each node, in points.

    Examples
    --------
    >>> from autograd import Value
    >>> from viz.model import record
    >>> places = positions(record(Value(2) * 3))
    >>> places["n1"][0] < places["n2"][0]
    True
    """
    layer = _layers(graph)
    neighbours: dict[str, list[str]] = defaultdict(list)
    for edge in graph.edges:
        neighbours[edge.source].append(edge.target)
        neighbours[edge.target].append(edge.source)
    columns: dict[int, list[str]] = defaultdict(list)
    for node in graph.nodes:
        columns[layer[node.id]].append(node.id)
    order = [columns[i] for i in sorted(columns)]
    height = {id: float(i) - len(column) / 2 for column in order for i, id in enumerate(column)}
    for sweep in range(SWEEPS):
        for column in order if sweep % 2 == 0 else reversed(order):
            wish = {id: _mean([height[x] for x in neighbours[id]], height[id]) for id in column}
            column.sort(key=lambda id: wish[id])
            middle = _mean(list(wish.values()), 0.0)
            for i, id in enumerate(column):
                height[id] = middle + i - (len(column) - 1) / 2
    return _place(graph, order, height)


def _place(graph: Graph, order: list[list[str]], height: dict[str, float]) -> dict[str, tuple[float, float]]:
    """Points from orders: columns as wide as their nodes need, and the shorter ones spread out."""
    size = {node.id: _size(node) for node in graph.nodes}
    tallest = max(min(len(column), ROWS) for column in order)
    places: dict[str, tuple[float, float]] = {}
    x = 0.0
    for column in order:
        for start in range(0, len(column), ROWS):
            part = column[start : start + ROWS]
            widest = max(size[id][0] for id in part)
            spread = min(3.0, math.sqrt(tallest / len(part)))
            middle = _mean([height[id] for id in part], 0.0) if len(column) <= ROWS else 0.0
            y = -ROW * middle + sum(size[id][1] + GAP for id in part) * spread / 2
            for id in part:
                step = (size[id][1] + GAP) * spread
                places[id] = (x + widest / 2, y - step / 2)
                y -= step
            x += widest + 4 * GAP
    return places


def _size(node: NodeInfo) -> tuple[float, float]:
    """Width and height of a node's frame, roughly."""
    characters = len(node.name) + (len(node.formula) + 3 if node.formula else 8)
    lines = 2 if node.kind == "input" else 2 + math.ceil(characters / 36)
    return 7.0 * max(18, min(38, characters)) + 16, 16.0 * lines + 6


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


def _mean(numbers: list[float], otherwise: float) -> float:
    return sum(numbers) / len(numbers) if numbers else otherwise

