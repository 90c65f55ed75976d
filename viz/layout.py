"""Places for the nodes of large graphs, in time proportional to their size.

Layers from left to right by the longest way from the inputs, as Graphviz would have them; an input stands
right before its first use. Within a layer, nodes follow the average place of their neighbours.
"""

from __future__ import annotations

from collections import defaultdict

from viz.model import Graph

ROWS = 40
"""A layer of more nodes is broken into several columns."""
ROW, GAP, CHARACTER = 58.0, 70.0, 7.0
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
    width = {node.id: CHARACTER * min(36, _characters(node.name, node.formula)) + 16 for node in graph.nodes}
    places: dict[str, tuple[float, float]] = {}
    x = 0.0
    for column in order:
        for start in range(0, len(column), ROWS):
            part = column[start : start + ROWS]
            widest = max(width[id] for id in part)
            middle = _mean([height[id] for id in part], 0.0) if len(column) <= ROWS else 0.0
            for i, id in enumerate(part):
                places[id] = (x + widest / 2, -ROW * (middle + i - (len(part) - 1) / 2))
            x += widest + GAP
    return places


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


def _characters(name: str, formula: str | None) -> int:
    return max(18, len(name) + (len(formula) + 3 if formula else 8))
