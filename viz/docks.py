"""Arrows that would bunch before a node: each gets a dock at it, its label there, in the order of where they come from.

Graphviz has labels in a column of their own, by where their arrows start, and lets the arrows cross between that column
and the nodes that they lead into, where there is hardly any room. Here they cross before the labels: a node is laid out
with room for the labels of its arrows, and from every start a curve leads to every dock.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from typing import Mapping, NamedTuple, Sequence

from viz.geometry import Box, Curve, Places, Point
from viz.model import EdgeInfo, Graph
from viz.rows import straight

MANY = 5
"""So many arrows from some nodes into some others bunch."""
ASIDE, APART, APPROACH = 1.0, 4.0, 12.0
"""From a label to its arrows, from the arrows of one label to those of the next, and from the labels to the node."""
FRAME, TITLE = 8.0, 20.0
"""The frame of a group is so far from what is in it, and its title so high."""
CHANNEL = 0.2
"""What is free for arrows to cross in, as a share of how far apart they get."""
INSET, HEAD, BESIDE = 5.0, 8.0, 5.0
BEHIND, BETWEEN = 30.0, 40.0
"""From a row of inputs to the one behind it, and between two of a row, where the arrows of that pass."""
RANK, RANKS = 12.0, (3, 4)
"""How much longer Graphviz makes an arrow for each rank that it spans, in points; and of how many there is need."""

Arrivals = Mapping[str, Sequence[EdgeInfo]]


class Room(NamedTuple):
    """What is kept free before a node, in points, and how many ranks its arrows span."""

    width: float
    height: float
    ranks: int


def docking(graph: Graph) -> Arrivals:
    """The nodes whose arrows get docks, each with the edges into it: those that come from the same nodes, and many."""
    into: dict[str, list[EdgeInfo]] = defaultdict(list)
    for edge in graph.edges:
        into[edge.target].append(edge)
    alike: dict[frozenset[str], list[str]] = defaultdict(list)
    for id, edges in into.items():
        alike[frozenset(edge.source for edge in edges)].append(id)
    several = [ids for starts, ids in alike.items() if len(starts) > 1]
    return {id: into[id] for ids in several if sum(len(into[id]) for id in ids) >= MANY for id in ids}


def rooms(graph: Graph, arrivals: Arrivals, labels: Mapping[str, Box], upright: bool) -> dict[str, Room]:
    """How much room before each node its docks need."""
    sizes = {id: _stack(edges, labels, upright) for id, edges in arrivals.items()}
    least, most = RANKS
    ranks = min(max(math.ceil(CHANNEL * sum(high for _, high in sizes.values()) / RANK), least), most)
    # The same before all, so that nodes of one rank stay below each other.
    free = max(wide for wide, _ in sizes.values()) + _approach(graph, arrivals, upright)
    highs = {id: high + 2 * INSET for id, (_, high) in sizes.items()}
    return {id: Room(high, free, ranks) if upright else Room(free, high, ranks) for id, high in highs.items()}


def _approach(graph: Graph, arrivals: Arrivals, upright: bool) -> float:
    """From labels to nodes, through the frames that begin there."""
    groups = {node.id: graph.around(node.group) for node in graph.nodes}
    entered = [len({*groups[e.target]} - {*groups[e.source]}) for edges in arrivals.values() for e in edges]
    return APPROACH + (FRAME + TITLE * upright) * max(entered)


def docked(
    roomy: Places, usual: Places, graph: Graph, arrivals: Arrivals, upright: bool, staggered: bool = False
) -> Places:
    """A layout with labels and arrows at their docks.

    Parameters
    ----------
    roomy : Places
        A layout in which nodes have room before them.
    usual : Places
        One with nodes and labels as large as they are.
    graph : Graph
    arrivals : mapping
        The nodes with docks.
    upright : bool
        Whether data flows from top to bottom.
    staggered : bool
        Whether every second of many inputs stands behind the others, so that all take less room.
    """
    far = _approach(graph, arrivals, upright)
    if upright:
        return _docked(roomy.turned(), usual.turned(), graph, arrivals, far, staggered).turned()
    return _docked(roomy, usual, graph, arrivals, far, staggered)


def _docked(roomy: Places, usual: Places, graph: Graph, arrivals: Arrivals, far: float, staggered: bool) -> Places:
    """From left to right."""
    nodes, levels = dict(roomy.nodes), {}
    columns: dict[int, list[Box]] = defaultdict(list)
    for id, edges in arrivals.items():
        wide, high = _stack(edges, usual.labels, False)
        size, box = usual.nodes[id], roomy.nodes[id]
        # As high as its docks, so that they lie before it.
        tall = math.ceil(max(size.height, high + 2 * INSET))
        nodes[id] = Box(box.right - size.width / 2, box.y, size.width, tall)
        columns[round(nodes[id].x)].append(Box(nodes[id].left, box.y, wide, high))
        top = box.y + high / 2
        for edge in sorted(edges, key=lambda edge: -roomy.nodes[edge.source].y):
            thick = _thickness(edge, usual.labels)
            levels[edge.id] = Box(0, top - thick / 2, 0, thick)
            top -= thick + APART
    frames = [box for boxes in roomy.groups.values() for box in boxes]
    nodes |= _spread(nodes, frames, graph, arrivals, levels, staggered)
    arrows, labels = dict(roomy.arrows), dict(roomy.labels)
    uses = Counter(edge.source for edges in arrivals.values() for edge in edges)
    for id, edges in arrivals.items():
        alike = columns[round(nodes[id].x)]
        wide = max(box.width for box in alike)
        end = min(box.x for box in alike) - far
        for edge in edges:
            level = levels[edge.id]
            if label := usual.labels.get(f"{edge.id}b"):
                labels[f"{edge.id}b"] = label._replace(x=end - wide / 2, y=level.y)
            source, stop, alone = nodes[edge.source], nodes[id].left, uses[edge.source] == 1
            arrows[f"{edge.id}f"] = _arrow(source, (end - wide, level.top), stop, True, alone)
            arrows[f"{edge.id}b"] = _arrow(source, (end - wide, level.bottom), stop, False, alone)
    return roomy._replace(nodes=nodes, arrows=arrows, labels=labels, groups=_frames(roomy, nodes, graph))


def _spread(
    nodes: Mapping[str, Box],
    frames: Sequence[Box],
    graph: Graph,
    arrivals: Arrivals,
    levels: Mapping[str, Box],
    staggered: bool,
) -> dict[str, Box]:
    """Inputs by the docks that they lead to: those whose arrows have docks alone, which go anywhere where they are in
    a column of their own."""
    bound = {edge.source for edge in graph.edges if edge.target not in arrivals}
    columns: dict[int, list[str]] = defaultdict(list)
    for node in graph.inputs:
        if node.id not in bound and node.group is None:
            columns[round(nodes[node.id].x)].append(node.id)
    found: dict[str, Box] = {}
    for ids in columns.values():
        ids.sort(key=lambda id: -nodes[id].y)
        right = max(nodes[id].right for id in ids)
        if any(box.left < right for box in (*frames, *(box for id, box in nodes.items() if id not in ids))):
            continue
        ends = [(id, edge) for id, edges in arrivals.items() for edge in edges if edge.source in ids]
        if staggered and len(ends) == len(ids) > 2:
            found |= _staggered(ids, {edge.source: levels[edge.id].y for _, edge in ends}, nodes)
            continue
        top, bottom = max(nodes[id].top for id, _ in ends), min(nodes[id].bottom for id, _ in ends)
        step = (top - bottom) / len(ids)
        if step > max(nodes[id].height for id in ids) + APART:
            found |= {id: nodes[id]._replace(y=top - (i + 0.5) * step) for i, id in enumerate(ids)}
    return found


def _staggered(ids: Sequence[str], level: Mapping[str, float], nodes: Mapping[str, Box]) -> dict[str, Box]:
    """Every second node behind the others, each before its dock, if there is room for that."""
    back = max(nodes[id].width for id in ids) + BEHIND
    placed = {id: nodes[id]._replace(x=nodes[id].x - back * (i % 2), y=level[id]) for i, id in enumerate(ids)}
    for before, box in zip(ids, map(placed.__getitem__, ids[2:])):
        if placed[before].bottom - box.top < BETWEEN:
            return {}
    return placed


def _stack(edges: Sequence[EdgeInfo], labels: Mapping[str, Box], upright: bool) -> tuple[float, float]:
    """How wide and high labels are, one above the other; or beside each other, with the two exchanged."""
    boxes = [labels[f"{edge.id}b"] for edge in edges if f"{edge.id}b" in labels]
    wide = max([box.height if upright else box.width for box in boxes], default=0.0)
    if upright:
        labels = {id: Box(0, 0, box.height, box.width) for id, box in labels.items()}
    return wide, sum(_thickness(edge, labels) + APART for edge in edges) - APART


def _thickness(edge: EdgeInfo, labels: Mapping[str, Box]) -> float:
    """From the arrow above a label to the one below it."""
    label = labels.get(f"{edge.id}b")
    return (label.height if label else 2 * APART) + 2 * ASIDE


def _arrow(source: Box, dock: Point, end: float, head_at_end: bool, alone: bool) -> Curve:
    """From a node to a dock, in a curve, and from there straight on along the label.

    The only arrows of a node leave it at its side, for others may stand above and below it; of many they leave it as
    if they began in its middle.
    """
    start = source.right if alone else source.x, source.y + (BESIDE if head_at_end else -BESIDE)
    right, up = dock[0] - start[0], dock[1] - start[1]
    first = (start[0] + 0.5 * right, start[1]) if alone else (start[0] + 0.45 * right, start[1] + 0.25 * up)
    swing = [start, first, (dock[0] - 0.4 * right, dock[1]), dock]
    swing = swing if alone else _after(swing, _leaving(swing, source))
    if head_at_end:
        return Curve((*swing, *straight(dock, (end - HEAD, dock[1]))), end=(end, dock[1]))
    tip = swing[0]
    swing = _after(swing, min(0.9, HEAD / max(math.dist(tip, dock), 1.0)))
    return Curve((*swing, *straight(dock, (end, dock[1]))), start=tip)


def _leaving(curve: Sequence[Point], box: Box) -> float:
    """Where on a Bézier curve from inside a box it comes out."""
    low, high = 0.0, 1.0
    for _ in range(20):
        t = (low + high) / 2
        x, y = _after(curve, t)[0]
        low, high = (t, high) if abs(x - box.x) < box.width / 2 and abs(y - box.y) < box.height / 2 else (low, t)
    return high


def _after(curve: Sequence[Point], t: float) -> list[Point]:
    """The rest of a Bézier curve, by de Casteljau's construction."""
    points, rest = list(curve), [curve[-1]]
    while len(points) > 1:
        points = [(a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t) for a, b in zip(points, points[1:])]
        rest.insert(0, points[-1])
    return rest


def _frames(roomy: Places, nodes: Mapping[str, Box], graph: Graph) -> dict[str, list[Box]]:
    """The frames of groups, without the docks before their first nodes."""
    members: dict[str, list[str]] = defaultdict(list)
    for node in graph.nodes:
        for group in graph.around(node.group):
            members[group].append(node.id)
    found = {}
    for group, (box, *_) in roomy.groups.items():
        free = min(nodes[id].left for id in members[group]) - min(roomy.nodes[id].left for id in members[group])
        found[group] = [Box(box.x + free / 2, box.y, box.width - free, box.height)]
    return found
