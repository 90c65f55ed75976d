"""A program in outline: columns of numbers, which is all that folding asks for, and its nodes read one by one.

A large program is folded before it is read: of a hundred thousand nodes a picture shows twenty, and only these are
written out with names, formulas and figures.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Callable, Sequence, TypeAlias

import numpy as np

from viz.model import EdgeInfo, Graph, Group, NodeInfo

if TYPE_CHECKING:  # which takes longer to import than this module
    import numpy.typing as npt

Numbers: TypeAlias = "npt.NDArray[np.int64]"


@dataclass(frozen=True, eq=False, repr=False)
class Outline:
    """The nodes by number, oldest first, and their edges, by target.

    Attributes
    ----------
    ids, rules, groups_of : sequence
        Of each node: its id, the name of its rule (``""`` of inputs), the id of the group around it.
    shapes : sequence of tuple
    finite : sequence of bool
        Whether all numbers of each node are.
    values, derivatives : sequence of float or None
        Of each node that is one number; of others ``None``.
    sources, targets : array of int
        The ends of each edge.
    partials : sequence of float or None
        The local derivatives on the edges.
    roots, results : sequence of int
    groups : list of Group
    remarked : sequence of int
        The nodes that a reader should be warned of.
    node, edge : callable
        All that is told of the node, or edge, of this number.
    whole : Graph
        What is said of all of it; without nodes and edges where these are not read yet.
    """

    ids: Sequence[str]
    rules: Sequence[str]
    groups_of: Sequence[str | None]
    shapes: Sequence[tuple[int, ...]]
    finite: Sequence[bool]
    values: Sequence[float | None]
    derivatives: Sequence[float | None]
    sources: Numbers
    targets: Numbers
    partials: Sequence[float | None]
    roots: Sequence[int]
    results: Sequence[int]
    groups: list[Group]
    remarked: Sequence[int]
    node: Callable[[int], NodeInfo]
    edge: Callable[[int], EdgeInfo]
    whole: Graph

    @classmethod
    def of(cls, graph: Graph) -> Outline:
        """That of a graph that has been read."""
        number = {node.id: i for i, node in enumerate(graph.nodes)}
        sources, targets = graph.ends
        return cls(
            ids=[node.id for node in graph.nodes],
            rules=["" if node.kind == "input" else node.rule or node.kind for node in graph.nodes],
            groups_of=[node.group for node in graph.nodes],
            shapes=[node.shape for node in graph.nodes],
            finite=[node.finite for node in graph.nodes],
            values=[one_number(node.value) for node in graph.nodes],
            derivatives=[one_number(node.derivative) for node in graph.nodes],
            sources=np.array(sources, dtype=np.int64),
            targets=np.array(targets, dtype=np.int64),
            partials=graph.partials,
            roots=[number[id] for id in graph.roots],
            results=[number[node.id] for node in graph.nodes if node.kind == "output"],
            groups=graph.groups,
            remarked=[i for i, node in enumerate(graph.nodes) if node.remark],
            node=graph.nodes.__getitem__,
            edge=graph.edges.__getitem__,
            whole=graph,
        )

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def inputs(self) -> list[int]:
        """The nodes that nothing was recorded for, the results excepted."""
        results = {*self.results, *self.roots}
        return [i for i, rule in enumerate(self.rules) if not rule and i not in results]

    @cached_property
    def first_not_finite(self) -> NodeInfo | None:
        """The oldest node that is not finite, though all that it was made from is."""
        bad = ~np.array(self.finite)
        made_of_bad = np.zeros(len(self), dtype=bool)
        made_of_bad[self.targets[bad[self.sources]]] = True
        found = np.flatnonzero(bad & ~made_of_bad)
        return self.node(int(found[0])) if len(found) else None

    def around(self, group: str | None) -> list[str]:
        """The ids of a group and of those around it, the innermost first."""
        found = []
        while group is not None:
            found.append(group)
            group = self._parents[group]
        return found

    @cached_property
    def _parents(self) -> dict[str, str | None]:
        return {group.id: group.parent for group in self.groups}


def one_number(value: object) -> float | None:
    """A real number as a float, ``None`` of anything else."""
    if isinstance(value, float):  # of a large program, nearly all
        return float(value)
    alone = isinstance(value, (np.ndarray, np.generic)) and value.ndim == 0 and value.dtype.kind in "fiub"
    return float(value) if alone else None  # type: ignore[arg-type]
