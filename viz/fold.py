"""Folding: a group of nodes drawn as one, where there is no room for all of them.

Neurons first, then layers and other scopes from the inside out, then inputs that go to the same place, then what the
program repeats. All of it is decided on the outline of a program; only what is drawn is read.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from dataclasses import replace
from functools import cached_property
from typing import Any, Iterable, Mapping, Sequence

import numpy as np

from viz import formatting
from viz.model import EdgeInfo, Edges, Graph, Group, NodeInfo
from viz.outline import Numbers, Outline
from viz.stats import plain_data, stats

ROOM, ARROWS = 24, 40
"""Graphs of more nodes are folded where they have groups, and folded further where arrows are more."""
ALIKE = 12
"""So many inputs and more are folded that the same operations use."""
NAMED = 2_000
"""Of so many their names tell them apart: w1, w2, … from x1, x2, …; reading more would take long."""
MOST = 150
"""Graphs of more nodes are searched for repetition."""
PERIOD = 600
"""The longest piece of a program whose repetition is looked for, in operations."""


def folded_to_fit(outline: Outline) -> Folded:
    """With as few groups folded as let it fit a screen, and repetitions too if it is still large."""
    found = Folded(outline)
    if len(outline) > ROOM:
        depths = {group.id: len(outline.around(group.id)) for group in outline.groups}
        for depth in range(max(depths.values(), default=0), 0, -1):
            found = Folded(outline).with_groups({id for id, d in depths.items() if d >= depth})
            if found.nodes <= ROOM and found.arrows <= ARROWS:
                break
    if found.nodes > ROOM:
        found = found.with_inputs_alike()
    while found.nodes > MOST:
        shorter = found.with_longest_repetition()
        if shorter is None or shorter.nodes > 0.98 * found.nodes:
            break
        found = shorter
    return found


def fold(graph: Graph, groups: Iterable[str]) -> Graph:
    """The graph with these groups drawn as single nodes.

    A folded group shows what it gives: the value and gradient of its one result, or the figures of several. An arrow
    into it carries the derivative of that result by what comes in, summed over all ways through the group; into one
    with several results, and out of it, what it adds to the gradient.
    """
    return Folded(Outline.of(graph)).with_groups(set(groups)).graph


class Folded:
    """What is drawn of a program.

    Attributes
    ----------
    outline : Outline
    block : array of int
        What stands for each node: its own number, or beyond those of all nodes that of a group.
    groups : list of Group
        The groups that are folded.
    """

    def __init__(self, outline: Outline, block: Numbers | None = None, groups: Sequence[Group] = ()) -> None:
        self.outline = outline
        self.block = np.arange(len(outline)) if block is None else block
        self.groups = list(groups)

    # --- what is folded -----------------------------------------------------------------------------------------

    def with_groups(self, wanted: set[str]) -> Folded:
        """With these groups folded, the outermost of them, where there is more than one node in them."""
        outline = self.outline
        outermost: dict[str | None, Group | None] = {None: None}
        known = {group.id: group for group in outline.groups}
        for group in outline.groups:
            outermost[group.id] = next((known[a] for a in reversed(outline.around(group.id)) if a in wanted), None)
        members: dict[str, list[int]] = defaultdict(list)
        for i, inside in enumerate(outline.groups_of):
            if (found := outermost[inside]) is not None:
                members[found.id].append(i)
        folded = self
        for id, nodes in members.items():
            if len(nodes) > 1:
                folded = folded._with(known[id], np.array(nodes))
        return folded

    def with_inputs_alike(self) -> Folded:
        """With inputs that are one number each folded where many go to the same operations, by their names."""
        outline = self.outline
        inputs = [i for i in outline.inputs if self.block[i] == i and outline.values[i] is not None]
        users: dict[int, set[int]] = {i: set() for i in inputs}
        source, target = self._ends
        from_inputs = np.flatnonzero(np.isin(source, inputs))
        for i, user in zip(source[from_inputs].tolist(), target[from_inputs].tolist()):
            users[i].add(user)
        together: dict[tuple[str | None, frozenset[int]], list[int]] = defaultdict(list)
        for i in inputs:
            together[outline.groups_of[i], frozenset(users[i])].append(i)
        folded = self
        for (around, _), alike in together.items():
            for members in _by_name(outline, alike) if len(alike) <= NAMED else [alike]:
                if len(members) >= ALIKE:
                    name = f"{outline.node(members[0]).name} … {outline.node(members[-1]).name}"
                    folded = folded._with(Group(f"i{len(folded.groups) + 1}", name, around), np.array(members))
        return folded

    def _with(self, group: Group, members: Numbers) -> Folded:
        block = self.block.copy()
        block[members] = len(self.outline) + len(self.groups)
        return Folded(self.outline, block, [*self.groups, group])

    def with_longest_repetition(self) -> Folded | None:
        """With its longest repetition folded: operations that follow each other again and again in one order."""
        outline = self.outline
        results = {*outline.results, *outline.roots}
        operations = [i for i in self._alone if outline.rules[i] and i not in results]
        run = _longest_run([outline.rules[i] for i in operations])
        if run is None:
            return None
        start, period, repeats = run
        inside = np.zeros(len(outline), dtype=bool)
        inside[operations[start : start + period * repeats]] = True
        # With the inputs that nothing else uses.
        uses = np.bincount(outline.sources, minlength=len(outline))
        used_inside = np.bincount(outline.sources[inside[outline.targets]], minlength=len(outline))
        own = np.array([i for i in outline.inputs if self.block[i] == i], dtype=np.int64)
        inside[own[(uses[own] > 0) & (uses[own] == used_inside[own])]] = True
        names = list(dict.fromkeys(outline.rules[i] for i in operations[start : start + period]))
        what = ", ".join(names[:4]) + (", …" if len(names) > 4 else "")
        return self._with(Group(f"r{len(self.groups) + 1}", f"{repeats} × ({what})", None), np.flatnonzero(inside))

    # --- how much it is -----------------------------------------------------------------------------------------

    @cached_property
    def _alone(self) -> list[int]:
        """The nodes that stand for themselves."""
        found: list[int] = np.flatnonzero(self.block == np.arange(len(self.block))).tolist()
        return found

    @property
    def nodes(self) -> int:
        """How many nodes are drawn."""
        return len(self._alone) + len(self.groups)

    @cached_property
    def _ends(self) -> tuple[Numbers, Numbers]:
        """What each edge of the program leads from and to, as it is drawn."""
        return self.block[self.outline.sources], self.block[self.outline.targets]

    @cached_property
    def outputs(self) -> dict[int, list[int]]:
        """What each folded group gives to the rest: used outside, or a result."""
        source, target = self._ends
        used = np.zeros(len(self.block), dtype=bool)
        used[self.outline.sources[source != target]] = True
        used[[*self.outline.roots, *self.outline.results]] = True
        found: dict[int, list[int]] = defaultdict(list)
        for i in np.flatnonzero(used & (self.block >= len(self.block))).tolist():
            found[int(self.block[i])].append(i)
        return found

    @cached_property
    def _lone(self) -> Numbers:
        """The edges that are drawn as they are: into single nodes, from such or from the one result of a group."""
        source, target = self._ends
        several = np.zeros(len(self.block) + len(self.groups), dtype=bool)
        several[[block for block, results in self.outputs.items() if len(results) > 1]] = True
        return np.flatnonzero((source != target) & (target < len(self.block)) & ~several[source])

    @cached_property
    def _joined(self) -> Numbers:
        """Of all edges between two nodes of the picture that are drawn as one, the first."""
        source, target = self._ends
        crossing = source != target
        crossing[self._lone] = False
        kept = np.flatnonzero(crossing)
        _, first = np.unique(source[kept] * (len(self.block) + len(self.groups)) + target[kept], return_index=True)
        result: Numbers = kept[np.sort(first)]
        return result

    @property
    def arrows(self) -> int:
        """How many edges are drawn."""
        return len(self._lone) + len(self._joined)

    # --- what is drawn ------------------------------------------------------------------------------------------

    @cached_property
    def graph(self) -> Graph:
        """What is drawn, as plain data."""
        outline, whole = self.outline, self.outline.whole
        if not self.groups:
            return replace(
                whole,
                nodes=[outline.node(i) for i in range(len(outline))],
                edges=[outline.edge(k) for k in range(len(outline.sources))],
            )
        drawn = {block: self._group(block, results) for block, results in self.outputs.items()}
        place = {block: results[-1] for block, results in self.outputs.items()}
        drawn |= {i: outline.node(i) for i in self._alone}
        folded = {group.id for group in self.groups}
        return replace(
            whole,
            nodes=[drawn[block] for block in sorted(drawn, key=lambda block: place.get(block, block))],
            edges=self._edges(drawn),
            roots=tuple(dict.fromkeys(drawn[int(self.block[root])].id for root in outline.roots)),
            groups=[group for group in outline.groups if folded.isdisjoint(outline.around(group.id))],
        )

    def _group(self, block: int, results: Sequence[int]) -> NodeInfo:
        """The node that stands for a group."""
        outline, members = self.outline, np.flatnonzero(self.block == block).tolist()
        group = self.groups[block - len(outline)]
        names = {g.id: g.name for g in outline.groups}
        inputs = [i for i in members if not outline.rules[i]]
        numbers, inside = sum(math.prod(outline.shapes[i]) for i in inputs), len(members) - len(inputs)
        word = "parameter" if group in outline.groups else "input"
        parts = [f"{numbers:,} {word}{'s' * (numbers > 1)}"] if numbers else []
        if inside or not numbers:
            parts.append(f"{inside:,} operation{'s' * (inside != 1)}")
        common: dict[str, Any] = {
            "id": group.id,
            "name": ", ".join([*(names[id] for id in reversed(outline.around(group.parent))), group.name]),
            "short": group.name,
            "kind": "group",
            "group": group.parent,
            "note": ", ".join(parts),
            "inner": len(members),
            "members": tuple(outline.ids[i] for i in members),
            "rule": None,
            "formula": None,
            "formula_latex": None,
            "remark": next((outline.node(i).remark for i in outline.remarked if self.block[i] == block), ""),
        }
        first = outline.node(results[0])
        if len(results) == 1:
            kind = "output" if first.kind == "output" else "group"
            return replace(first, **{**common, "kind": kind, "gives": first.name})
        value, derivative = (_array([of[i] for i in results]) for of in (outline.values, outline.derivatives))
        shapes = {outline.shapes[i] for i in results}
        known = derivative is not None or all(outline.node(i).has_derivative for i in results)
        shape = (len(results),) if shapes == {()} else shapes.pop() if len(shapes) == 1 else ()
        about = f"d{first.derivative_name.split('/')[0][1:]}/d({group.name})"
        return NodeInfo(
            latex="",
            shape=shape,
            value=plain_data(value),
            value_stats=stats(value),
            grad=None,
            grad_stats=None,
            derivative=plain_data(derivative),
            derivative_stats=stats(derivative),
            derivative_name="" if known and derivative is None else about,
            derivative_latex="",
            has_grad=False,
            has_derivative=derivative is not None,
            passed=first.passed,
            gives=f"{len(results):,} results",
            **common,
        )

    def _edges(self, drawn: Mapping[int, NodeInfo]) -> list[EdgeInfo]:
        """Arrows between what is drawn: one for each pair that a folded group takes part in."""
        source, target = self._ends
        n, lone = len(self.block), {*self._lone.tolist()}
        ways, shares = self._ways(), self._shares()
        edges: list[EdgeInfo] = []
        for k in sorted([*lone, *self._joined.tolist()]):
            edge, a, b = self.outline.edge(k), int(source[k]), int(target[k])
            if k in lone:
                edges.append(replace(edge, source=drawn[a].id))
                continue
            nothing: dict[str, Any] = {"formula": None, "formula_latex": None, "factor": None, "factor_latex": None}
            ends: dict[str, Any] = {"source": drawn[a].id, "target": drawn[b].id}
            if all(end < n or len(self.outputs[end]) == 1 for end in (a, b)):
                i = int(self.outline.sources[k])
                above, below = self.outline.node(self.outputs[b][0]), self.outline.node(i)
                latex = rf"\frac{{\partial {above.latex}}}{{\partial {below.latex}}}"
                of_result: dict[str, Any] = {
                    "name": _partial_name(above, below),
                    "latex": latex,
                    "value": ways.get((i, b), edge.value),
                }
                edges.append(replace(edge, **ends, **nothing, **of_result))
            else:
                of_several: dict[str, Any] = {
                    "position": -1, "name": _partial_name(drawn[b], drawn[a]), "latex": "", "value": None,
                    "contribution": _told(shares[a, b]),
                }  # fmt: skip
                edges.append(replace(edge, **ends, **nothing, **of_several))
        return edges

    def _shares(self) -> Mapping[tuple[int, int], Sequence[float | None]]:
        """What comes back along the arrows between two nodes of the picture, for each node that it comes back to."""
        source, target = self._ends
        crossing = source != target
        crossing[self._lone] = False
        outline = self.outline
        sums: dict[tuple[int, int], dict[int, float | None]] = defaultdict(dict)
        kept = np.flatnonzero(crossing)
        columns = (kept, source[kept], target[kept], outline.sources[kept], outline.targets[kept])
        for k, a, b, i, j in zip(*(column.tolist() for column in columns)):
            upstream, partial = outline.derivatives[j], outline.partials[k]
            share = None if upstream is None or partial is None else upstream * partial
            into = sums[a, b]
            into[i] = _sum(into.get(i, 0.0), share)
        return {pair: list(found.values()) for pair, found in sums.items()}

    def _ways(self) -> Mapping[tuple[int, int], float | None]:
        """d(result)/d(source) along all ways inside each folded group with one result."""
        outline = self.outline
        inside: dict[int, float | None] = {results[0]: 1.0 for results in self.outputs.values() if len(results) == 1}
        single = np.zeros(len(self.block) + len(self.groups), dtype=bool)
        single[self.block[list(inside)]] = True
        source, target = self._ends
        found: dict[tuple[int, int], float | None] = {}
        kept = np.flatnonzero(single[target])[::-1]
        columns = (kept, source[kept], target[kept], outline.sources[kept], outline.targets[kept])
        for k, a, b, i, j in zip(*(column.tolist() for column in columns)):
            if j not in inside:
                continue
            upstream, partial = inside[j], outline.partials[k]
            step = None if upstream is None or partial is None else upstream * partial
            if a == b:
                inside[i] = _sum(inside.get(i, 0.0), step)
            else:
                found[i, b] = _sum(found.get((i, b), 0.0), step)
        return found


def _by_name(outline: Outline, members: Sequence[int]) -> Iterable[list[int]]:
    """Those apart whose names differ by more than a number at the end."""
    found: dict[str, list[int]] = defaultdict(list)
    for i in members:
        found[re.sub(r"[\W\d_₀₁₂₃₄₅₆₇₈₉]+$", "", outline.node(i).name)].append(i)
    return found.values()


def _array(numbers: Sequence[float | None]) -> np.ndarray | None:
    return None if None in numbers else np.array(numbers, dtype=float)


def _told(shares: Sequence[float | None]) -> str | None:
    """Numbers that are added to gradients; of many their figures."""
    if None in shares:
        return None
    if len(shares) == 1:
        return formatting.show(shares[0])
    array = np.array(shares)
    return formatting.show(plain_data(array), shape=array.shape, figures=stats(array))


def _partial_name(above: NodeInfo, below: NodeInfo) -> str:
    return f"∂{above.derivative_name.rpartition('/d')[2]}/∂{below.derivative_name.rpartition('/d')[2]}"


def _sum(a: float | None, b: float | None) -> float | None:
    return None if a is None or b is None else a + b


def with_details(graph: Graph, drawn: Graph) -> Graph:
    """The graph with the formulas of what is drawn of it: a large one is recorded without."""
    if drawn is graph:
        return graph
    nodes = {node.id: node for node in drawn.nodes if not node.members}
    details: dict[int, EdgeInfo] = {}
    for edge in drawn.edges:
        brief = graph.edges[k := int(edge.id[1:]) - 1]
        if (brief.source, brief.target) == (edge.source, edge.target):
            details[k] = edge
    return replace(
        graph,
        nodes=[nodes.get(node.id, node) for node in graph.nodes],
        edges=graph.edges.with_details(details)
        if isinstance(graph.edges, Edges)
        else [details.get(k, edge) for k, edge in enumerate(graph.edges)],
    )


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
