"""Folding: a group of nodes drawn as one, where there is no room for all of them.

Neurons first, then layers and other scopes from the inside out, then what the program repeats.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from typing import Any, Iterable, Mapping, Sequence

import numpy as np

from viz import formatting
from viz.model import EdgeInfo, Graph, Group, NodeInfo
from viz.stats import plain_data, stats

ROOM, ARROWS = 24, 40
"""Graphs of more nodes are folded where they have groups, and folded further where arrows are more."""
MOST = 150
"""Graphs of more nodes are searched for repetition."""
PERIOD = 600
"""The longest piece of a program whose repetition is looked for, in operations."""


def folded_to_fit(graph: Graph) -> Graph:
    """The graph with as few groups folded as let it fit a screen, and repetitions too if it is still large."""
    if len(graph.nodes) > ROOM:
        depths = {group.id: len(graph.around(group.id)) for group in graph.groups}
        for depth in range(max(depths.values(), default=0), 0, -1):
            groups = {id for id, d in depths.items() if d >= depth}
            if depth > 1 and _drawn(graph, groups) > ROOM:
                continue
            smaller = fold(graph, groups)
            if depth == 1 or len(smaller.edges) <= ARROWS:
                graph = smaller
                break
    while len(graph.nodes) > MOST:
        shorter = _without_longest_repetition(graph)
        if shorter is None or len(shorter.nodes) > 0.98 * len(graph.nodes):
            break
        graph = shorter
    return graph


def _drawn(graph: Graph, groups: set[str]) -> int:
    """How many nodes are drawn where these groups are folded."""
    outermost = {g.id: next((a for a in reversed(graph.around(g.id)) if a in groups), None) for g in graph.groups}
    members = Counter(outermost[node.group] for node in graph.nodes if node.group is not None)
    alone = len(graph.nodes) - members.total() + members.pop(None, 0)
    return alone + len(members)


def fold(graph: Graph, groups: Iterable[str]) -> Graph:
    """The graph with these groups drawn as single nodes.

    A folded group shows what it gives: the value and gradient of its one result, or the figures of several. An arrow
    into it carries the derivative of that result by what comes in, summed over all ways through the group; into one
    with several results, and out of it, what it adds to the gradient.
    """
    wanted = set(groups)
    stands_for: dict[str, str] = {}
    members: dict[str, list[NodeInfo]] = defaultdict(list)
    for node in graph.nodes:
        outermost = next((g for g in reversed(graph.around(node.group)) if g in wanted), None)
        if outermost is not None:
            members[outermost].append(node)
    for group, nodes in members.items():
        if len(nodes) > 1:
            stands_for.update((node.id, group) for node in nodes)
    if not stands_for:
        return graph
    names = {group.id: group for group in graph.groups}
    outputs = _outputs(graph, stands_for)
    folded: dict[str, NodeInfo] = {}
    nodes = []
    for node in graph.nodes:
        if (id := stands_for.get(node.id)) is None:
            nodes.append(node)
    for id, results in outputs.items():
        folded[id] = _one(names, id, members[id], results)
    order = {node.id: i for i, node in enumerate(graph.nodes)}
    last = {id: max(order[node.id] for node in results) for id, results in outputs.items()}
    nodes = sorted([*nodes, *folded.values()], key=lambda n: last.get(n.id, order.get(n.id, 0)))
    gone = {g for g in names if any(a in folded for a in graph.around(g))}
    return replace(
        graph,
        nodes=nodes,
        edges=_edges(graph, stands_for, members, outputs, folded),
        roots=tuple(dict.fromkeys(stands_for.get(root, root) for root in graph.roots)),
        groups=[group for group in graph.groups if group.id not in gone],
    )


def _outputs(graph: Graph, stands_for: dict[str, str]) -> dict[str, list[NodeInfo]]:
    """What each folded group gives to the rest: used outside, or a result."""
    used = set(graph.roots)
    for edge in graph.edges:
        if stands_for.get(edge.source) != stands_for.get(edge.target):
            used.add(edge.source)
    found: dict[str, list[NodeInfo]] = {group: [] for group in stands_for.values()}
    for node in graph.nodes:
        if node.id in stands_for and (node.id in used or node.kind == "output"):
            found[stands_for[node.id]].append(node)
    return {group: nodes for group, nodes in found.items() if nodes}


def _one(names: dict[str, Group], id: str, members: Sequence[NodeInfo], results: Sequence[NodeInfo]) -> NodeInfo:
    """The node that stands for a group."""
    group, path = names[id], [names[id].name]
    while group.parent is not None:
        group = names[group.parent]
        path.append(group.name)
    parameters = [node for node in members if node.kind == "input"]
    numbers = sum(int(np.prod(node.shape, dtype=int)) for node in parameters)
    inside = sum(node.inner for node in members if node.kind != "input")
    parts = [f"{numbers:,} parameter{'s' * (numbers > 1)}"] if numbers else []
    if inside or not numbers:
        parts.append(f"{inside:,} operation{'s' * (inside != 1)}")
    common: dict[str, Any] = {
        "id": id,
        "name": ", ".join(reversed(path)),
        "short": names[id].name,
        "kind": "group",
        "group": names[id].parent,
        "note": ", ".join(parts),
        "inner": sum(node.inner for node in members),
        "members": tuple(id for node in members for id in node.members or (node.id,)),
        "rule": None,
        "formula": None,
        "formula_latex": None,
        "remark": next((node.remark for node in members if node.remark), ""),
    }
    if len(results) == 1:
        kind = "output" if results[0].kind == "output" else "group"
        return replace(results[0], **{**common, "kind": kind, "gives": results[0].name})
    values, grads = ([_flat(getattr(node, what)) for node in results] for what in ("value", "derivative"))
    known = all(node.has_derivative for node in results)
    value, derivative = (np.array(x, float) if None not in x else None for x in (values, grads))
    shapes = {node.shape for node in results}
    shape = (len(results),) if shapes == {()} else shapes.pop() if len(shapes) == 1 else ()
    about = f"d{results[0].derivative_name.split('/')[0][1:]}/d({names[id].name})"
    return NodeInfo(
        latex="",
        shape=shape,
        value=plain_data(value),
        value_stats=stats(value),
        grad=None,
        grad_stats=None,
        derivative=plain_data(derivative),
        derivative_stats=stats(derivative) if known else None,
        derivative_name="" if known and derivative is None else about,
        derivative_latex="",
        has_grad=False,
        has_derivative=known and derivative is not None,
        passed=results[0].passed,
        gives=f"{len(results)} results",
        **common,
    )


def _flat(value: object) -> float | None:
    return value if isinstance(value, float) else None


def _edges(
    graph: Graph,
    stands_for: dict[str, str],
    members: dict[str, list[NodeInfo]],
    outputs: dict[str, list[NodeInfo]],
    folded: dict[str, NodeInfo],
) -> list[EdgeInfo]:
    """Arrows between what is drawn: one for each pair that a folded group takes part in."""
    through = _through(graph, stands_for, outputs)
    edges: list[EdgeInfo] = []
    drawn: set[tuple[str, str]] = set()
    node = {n.id: n for n in graph.nodes}
    ends = [(stands_for.get(e.source, e.source), stands_for.get(e.target, e.target)) for e in graph.edges]
    shares = _shares(graph, ends, node)
    for edge, (source, target) in zip(graph.edges, ends):
        if source == target or (target in members and target not in outputs and target not in node):
            continue
        if target not in folded and len(outputs.get(source, ())) <= 1:
            edges.append(replace(edge, source=source))
            continue
        if (source, target) in drawn:
            continue
        drawn.add((source, target))
        single = target not in outputs or len(outputs[target]) == 1
        if single and (source not in outputs or len(outputs[source]) == 1):
            above = node[outputs[target][0].id] if target in outputs else node[target]
            value = through.get((edge.source, target), edge.value)
            name = _partial_name(above, node[edge.source])
            latex = rf"\frac{{\partial {above.latex}}}{{\partial {node[edge.source].latex}}}"
            edges.append(
                replace(
                    edge, source=source, target=target, name=name, latex=latex, value=value,
                    formula=None, formula_latex=None, factor=None, factor_latex=None,
                )
            )  # fmt: skip
        else:
            name = _partial_name(folded.get(target) or node[target], folded.get(source) or node[source])
            told = _told(shares[source, target])
            edges.append(
                replace(
                    edge, source=source, target=target, position=-1, name=name, latex="", value=None, contribution=told,
                    formula=None, formula_latex=None, factor=None, factor_latex=None,
                )
            )  # fmt: skip
    return edges


def _shares(
    graph: Graph, ends: Sequence[tuple[str, str]], node: Mapping[str, NodeInfo]
) -> dict[tuple[str, str], dict[str, float | None]]:
    """What comes back along the arrows between two nodes of the picture, for each node that it comes back to."""
    found: dict[tuple[str, str], dict[str, float | None]] = defaultdict(dict)
    for edge, pair in zip(graph.edges, ends):
        upstream = _flat(node[edge.target].derivative)
        share = None if upstream is None or edge.value is None else upstream * edge.value
        found[pair][edge.source] = _sum(found[pair].get(edge.source, 0.0), share)
    return found


def _told(shares: Mapping[str, float | None]) -> str | None:
    """Numbers that are added to gradients; of many their figures."""
    numbers = [share for share in shares.values() if share is not None]
    if len(numbers) < len(shares):
        return None
    if len(numbers) == 1:
        return formatting.show(numbers[0])
    array = np.array(numbers)
    return formatting.show(plain_data(array), shape=array.shape, figures=stats(array))


def _partial_name(above: NodeInfo, below: NodeInfo) -> str:
    return f"∂{above.derivative_name.rpartition('/d')[2]}/∂{below.derivative_name.rpartition('/d')[2]}"


def _through(
    graph: Graph, stands_for: dict[str, str], outputs: dict[str, list[NodeInfo]]
) -> dict[tuple[str, str], float | None]:
    """d(result)/d(source) along all ways inside each folded group with one result."""
    found: dict[tuple[str, str], float | None] = {}
    into: dict[str, dict[str, float | None]] = {
        group: {results[0].id: 1.0} for group, results in outputs.items() if len(results) == 1
    }
    for edge in reversed(graph.edges):
        group = stands_for.get(edge.target)
        if group not in into or edge.target not in into[group]:
            continue
        upstream = into[group][edge.target]
        step = None if upstream is None or edge.value is None else upstream * edge.value
        if stands_for.get(edge.source) == group:
            into[group][edge.source] = _sum(into[group].get(edge.source, 0.0), step)
        else:
            found[edge.source, group] = _sum(found.get((edge.source, group), 0.0), step)
    return found


def _sum(a: float | None, b: float | None) -> float | None:
    return None if a is None or b is None else a + b


def with_details(graph: Graph, drawn: Graph) -> Graph:
    """The graph with the formulas of what is drawn of it: a large one is recorded without."""
    if drawn is graph:
        return graph
    nodes = {node.id: node for node in drawn.nodes if not node.members}
    edges = {edge.id: edge for edge in drawn.edges}
    return replace(
        graph,
        nodes=[nodes.get(node.id, node) for node in graph.nodes],
        edges=[
            edge if (other := edges.get(edge.id, edge)).source != edge.source or other.target != edge.target else other
            for edge in graph.edges
        ],
    )


# --- repetition ---------------------------------------------------------------------------------------------


def _without_longest_repetition(graph: Graph) -> Graph | None:
    """The graph with its longest repetition folded: operations that follow each other again and again in one order."""
    operations = [node for node in graph.nodes if node.rule is not None and node.kind == "operation"]
    run = _longest_run([node.rule or "" for node in operations])
    if run is None:
        return None
    start, period, repeats = run
    ids = {node.id for node in operations[start : start + period * repeats]}
    rules = [node.rule or "" for node in operations[start : start + period]]
    users: dict[str, set[bool]] = defaultdict(set)
    for edge in graph.edges:
        users[edge.source].add(edge.target in ids)
    ids |= {node.id for node in graph.inputs if users[node.id] == {True}}
    names = list(dict.fromkeys(rules))
    what = ", ".join(names[:4]) + (", …" if len(names) > 4 else "")
    group = Group(f"r{len(graph.groups) + 1}_{start}", f"{repeats} × ({what})", None)
    inside = [replace(node, group=group.id) if node.id in ids else node for node in graph.nodes]
    folded = fold(replace(graph, nodes=inside, groups=[*graph.groups, group]), {group.id})
    return folded if len(folded.nodes) < len(graph.nodes) else None


def _longest_run(words: Sequence[str]) -> tuple[int, int, int] | None:
    """Where a stretch of words is repeated most: its start, its period, and how often (at least three times)."""
    codes = np.unique(np.array(words), return_inverse=True)[1] if words else np.array([])
    n = len(codes)
    best: tuple[int, int, int] | None = None
    covered = 8
    for period in range(1, min(n // 3, PERIOD) + 1):
        same = np.concatenate([[False], codes[:-period] == codes[period:], [False]])
        edges = np.flatnonzero(same[1:] != same[:-1])
        lengths = edges[1::2] - edges[::2]
        if not len(lengths):
            continue
        longest = int(lengths.argmax())
        repeats = int(lengths[longest]) // period + 1
        if repeats >= 3 and repeats * period > covered * 1.1:
            covered = repeats * period
            best = int(edges[::2][longest]), period, repeats
    return best
