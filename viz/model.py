"""A recorded graph as plain data: what every drawing is made from.

There is nothing of the engine in it: nodes and edges are numbered in order of creation, so the same program gives the
same model, and :meth:`Graph.to_dict` gives it as lists, dicts, strings and numbers only. It is made once for a
picture, by :func:`viz.record`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields, is_dataclass
from functools import cached_property
from typing import Any, Callable, Iterator, Mapping, Sequence, overload

from viz.stats import Stats, is_finite

NOT_YET = "no gradient yet"


@dataclass(frozen=True)
class NodeInfo:
    """One node: an input, the result of an operation, or a group that is drawn as one node.

    `value`, `grad` and `derivative` are a number, a nested list (small arrays) or ``None`` (large ones, and what there
    is not); `shape` tells them apart, and the `…_stats` say what is in an array. `derivative` is d(root)/d(node),
    computed for the picture; `grad` is what ``.grad`` holds, which may be something else, such as a sum over several
    backward passes; `passed` says whether there was a pass at all. `worked` is the formula with numbers put in.
    `short` is the name inside the frame of a network's part, `group` the id of the group around the node, `remark` a
    warning, `line` the line of the program that made it, if that was noted, and `failure` the error that stopped the
    program here. A group that is drawn as one node stands for `inner` nodes (`members` has the ids of all that it
    hides), says in `note` what is in it, and in `gives` what its value and gradient are those of. `operands` is what a
    rule of the table was applied to: ids of nodes, plain numbers, ``None`` for an array. `was` and `derivative_was` say
    what value and derivative were in the recording that this one is compared with, where they differ.

    A program that failed in its forward pass has a node of kind "failed" without a value, and no node has a
    `derivative_name`: there is nothing to differentiate.
    """

    id: str
    name: str
    latex: str
    short: str
    kind: str
    rule: str | None
    formula: str | None
    formula_latex: str | None
    shape: tuple[int, ...]
    value: Any
    value_stats: Stats | None
    grad: Any
    grad_stats: Stats | None
    derivative: Any
    derivative_stats: Stats | None
    derivative_name: str
    derivative_latex: str
    has_grad: bool
    has_derivative: bool
    passed: bool
    worked: str | None = None
    group: str | None = None
    remark: str = ""
    note: str = ""
    gives: str = ""
    inner: int = 1
    members: tuple[str, ...] = ()
    operands: tuple[str | float | None, ...] | None = None
    line: str | None = None
    failure: str = ""
    was: str = ""
    derivative_was: str = ""

    @property
    def finite(self) -> bool:
        """Whether all of the value is finite."""
        return is_finite(self.value, self.value_stats)

    @property
    def accumulated(self) -> bool:
        """Whether ``.grad`` holds something else than the derivative of the root."""
        if not self.has_grad or not self.has_derivative:
            return False
        return not (same(self.grad, self.derivative) and same(self.grad_stats, self.derivative_stats))

    @property
    def passes(self) -> str:
        """What an accumulated ``.grad`` is: the sum of several passes, or something else."""
        grad, derivative = _largest(self.grad, self.grad_stats), _largest(self.derivative, self.derivative_stats)
        times = grad / derivative if derivative else 0.0
        if times > 1.5 and math.isclose(times, round(times), rel_tol=1e-6):
            return f"accumulated over {round(times)} passes"
        return "accumulated, or of another pass"


@dataclass(frozen=True)
class EdgeInfo:
    """One use of a node: `source` is the input numbered `position` of `target` (−1 where one arrow stands for several).

    `name` is the local derivative ∂target/∂source, `formula` how it is computed, `factor` the same as it stands in a
    product, `value` its number. Between arrays that is ``None``, and `contribution` says what the gradient of `target`
    adds to that of `source`: ``xᵀ · dL/dv``. `remark` says what a reader should know, such as "outside the domain".
    """

    id: str
    source: str
    target: str
    position: int
    name: str
    latex: str
    formula: str | None
    formula_latex: str | None
    factor: str | None
    factor_latex: str | None
    value: float | None
    contribution: str | None = None
    remark: str = ""


class Edges(Sequence[EdgeInfo]):
    """The edges of a large program by number, each made when it is asked for: most say little, and there are many.

    Attributes
    ----------
    ends : pair of sequences of int
        The numbers of the nodes that they lead from and to.
    partials : sequence of float or None
        The local derivatives.
    details : mapping
        Those of which more is told, by their numbers.
    """

    def __init__(
        self,
        ends: tuple[Sequence[int], Sequence[int]],
        partials: Sequence[float | None],
        make: Callable[[int], EdgeInfo],
        details: Mapping[int, EdgeInfo] | None = None,
    ) -> None:
        self.ends, self.partials = ends, partials
        self.details = details or {}
        self._make = make

    def with_details(self, details: Mapping[int, EdgeInfo]) -> Edges:
        """The same, with more told of some."""
        return Edges(self.ends, self.partials, self._make, {**self.details, **details})

    def __len__(self) -> int:
        return len(self.partials)

    @overload
    def __getitem__(self, k: int) -> EdgeInfo: ...
    @overload
    def __getitem__(self, k: slice) -> list[EdgeInfo]: ...
    def __getitem__(self, k: int | slice) -> EdgeInfo | list[EdgeInfo]:
        if isinstance(k, slice):
            return [self[i] for i in range(len(self))[k]]
        i = range(len(self))[k]
        return self.details.get(i) or self._make(i)

    def __iter__(self) -> Iterator[EdgeInfo]:
        return map(self.__getitem__, range(len(self)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, (list, Edges)) and len(self) == len(other) and all(map(EdgeInfo.__eq__, self, other))

    __hash__ = None  # type: ignore[assignment]


@dataclass(frozen=True)
class Group:
    """A part of the program with a name: a scope, a layer, a neuron, a repetition. `parent` is the group around it."""

    id: str
    name: str
    parent: str | None


@dataclass(frozen=True)
class Graph:
    """A recorded program, oldest node first.

    Attributes
    ----------
    nodes : list of NodeInfo
    edges : sequence of EdgeInfo
        By target, then by position; an input that is used twice has two edges.
    roots : tuple of str
        The ids of the results. Derivatives are those of their sum.
    groups : list of Group
        Outer ones before inner ones.
    title : str
        The program: ``J = 3·(a + b·c)``.
    differentiated : str
        What the derivatives are of: ``J``, or ``(y₁ + y₂)``.
    remark : str
        What a reader should know of all of it.

    Examples
    --------
    >>> import viz
    >>> from autograd import Value
    >>> a, b = Value(2, label="a"), Value(3, label="b")
    >>> graph = viz.record(a * b + a)
    >>> graph.title, [node.name for node in graph.nodes], len(graph.edges)
    ('v2 = a·b + a', ['a', 'b', 'v1', 'v2'], 4)
    """

    nodes: list[NodeInfo]
    edges: Sequence[EdgeInfo]
    roots: tuple[str, ...]
    groups: list[Group]
    title: str
    differentiated: str
    differentiated_latex: str
    remark: str = ""

    @property
    def root(self) -> str:
        """The id of the result; of several, the first."""
        return self.roots[0]

    @cached_property
    def _by_id(self) -> dict[str, NodeInfo]:
        return {node.id: node for node in self.nodes}

    def node(self, id: str) -> NodeInfo:
        """The node with this id."""
        return self._by_id[id]

    @property
    def inputs(self) -> list[NodeInfo]:
        """The nodes that nothing was recorded for, the root excepted."""
        return [node for node in self.nodes if node.kind == "input"]

    @property
    def names(self) -> dict[str, str]:
        """The id of each name."""
        return {node.name: node.id for node in self.nodes}

    @property
    def kinds(self) -> dict[str, list[str]]:
        """Node ids by what they are: inputs, operations, groups, outputs, and the operation that failed."""
        found: dict[str, list[str]] = {"input": [], "operation": [], "group": [], "output": []}
        for node in self.nodes:
            found.setdefault(node.kind, []).append(node.id)
        return found

    @cached_property
    def ends(self) -> tuple[Sequence[int], Sequence[int]]:
        """The numbers of the nodes that each edge leads from and to."""
        if isinstance(self.edges, Edges):
            return self.edges.ends
        number = {node.id: i for i, node in enumerate(self.nodes)}
        return [number[edge.source] for edge in self.edges], [number[edge.target] for edge in self.edges]

    @cached_property
    def partials(self) -> Sequence[float | None]:
        """The local derivative on each edge, where that is a number."""
        return self.edges.partials if isinstance(self.edges, Edges) else [edge.value for edge in self.edges]

    @cached_property
    def scalar(self) -> bool:
        """Whether every local derivative is one number."""
        return None not in self.partials

    @property
    def differentiated_yet(self) -> bool:
        """Whether a backward pass has left a gradient anywhere."""
        return any(node.passed for node in self.nodes)

    @cached_property
    def failed(self) -> NodeInfo | None:
        """The operation at which the program stopped, in a picture of an error."""
        return next((node for node in self.nodes if node.failure), None)

    @property
    def differentiable(self) -> bool:
        """Whether there is a result whose derivatives can be told."""
        return bool(self.node(self.root).derivative_name)

    @cached_property
    def first_not_finite(self) -> NodeInfo | None:
        """The oldest node that is not finite, though all that it was made from is."""
        bad = {i for i, node in enumerate(self.nodes) if not node.finite}
        made_of_bad = {target for source, target in zip(*self.ends) if source in bad} if bad else set()
        first = min(bad - made_of_bad, default=None)
        return None if first is None else self.nodes[first]

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

    def to_dict(self) -> dict[str, Any]:
        """Everything as lists, dicts, strings and numbers, ready for ``json.dumps``.

        Examples
        --------
        >>> import viz
        >>> from autograd import Value
        >>> graph = viz.record(Value(3, label="a") * 2)
        >>> graph.to_dict()["edges"][0]["name"]
        '∂v1/∂a'
        """
        return {
            "title": self.title,
            "root": self.root,
            "roots": list(self.roots),
            "names": self.names,
            "kinds": self.kinds,
            "groups": [_json(group) for group in self.groups],
            "nodes": [_json(node) for node in self.nodes],
            "edges": [_json(edge) for edge in self.edges],
        }


def adjoints(graph: Graph) -> dict[str, float]:
    """d(root)/d(node) of every node that the roots depend on, from the local derivatives on the edges."""
    found = {i: 1.0 for i, node in enumerate(graph.nodes) if node.id in graph.roots}
    order = sorted(zip(*graph.ends, graph.partials), key=lambda edge: edge[1], reverse=True)
    for source, target, partial in order:
        if target in found and partial is not None:
            found[source] = found.get(source, 0.0) + found[target] * partial
    return {graph.nodes[i].id: adjoint for i, adjoint in found.items()}


def same(a: Any, b: Any) -> bool:
    """Whether two numbers, lists of numbers or figures of arrays are alike but for rounding."""
    if a is b:
        return True
    if isinstance(a, (list, tuple)) and isinstance(b, (list, tuple)):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, (int, float)) and isinstance(b, (int, float)):
        return a == b or (a != a and b != b) or math.isclose(a, b, rel_tol=1e-5, abs_tol=1e-300)
    return bool(a == b)


def _largest(value: Any, figures: Stats | None) -> float:
    """The number of largest size, with its sign."""
    if figures is not None:
        ends = [x for x in (figures.low, figures.high) if x is not None]
        return max(ends, key=abs, default=0.0)
    return value if isinstance(value, float) else 0.0


def _json(x: Any) -> Any:
    if isinstance(x, float) and not math.isfinite(x):
        return str(x)
    if isinstance(x, complex):
        return str(x)
    if isinstance(x, Stats):
        return _json(x._asdict())
    if isinstance(x, (list, tuple)):
        return [_json(part) for part in x]
    if is_dataclass(x):
        return {f.name: _json(getattr(x, f.name)) for f in fields(x)}
    if isinstance(x, Mapping):
        return {key: _json(value) for key, value in x.items()}
    return x
