"""Reading a recorded program: from live nodes to the plain data of :mod:`viz.model`, once for each picture."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import replace
from functools import cached_property
from typing import Any, Callable, Iterable, Mapping, Sequence, TypeVar

import numpy as np

from autograd.annotations import Scope, is_seed, place_of
from autograd.graph import ancestors
from autograd.lines import lines_of
from autograd.node import Node, by_time, plain
from autograd.rules.table import RULES
from viz.formulas import (
    Name,
    brief,
    contribution,
    factor,
    formula,
    is_one_number,
    partial_values,
    partials,
    title,
    worked,
    write,
)
from viz.gradients import Slopes, adjoints_by, gradients, slopes
from viz.model import EdgeInfo, Edges, Graph, NodeInfo
from viz.names import derivative_name, in_network, name_nodes, nodes_in, parts_of_derivative
from viz.outline import Outline, one_number
from viz.scopes import groups_of, scopes_in
from viz.stats import Unknown, plain_data, stats

Info = TypeVar("Info")


def record(root: Any, names: Mapping[str, Any] | None = None, *, of_root: Any = None) -> Graph:
    """Read the graph that `root` was made from.

    Parameters
    ----------
    root : Value, Tensor, or sequence of them
        The result; or several, whose sum is differentiated.
    names : mapping, optional
        Names for nodes without a label, as ``locals()`` gives them.
    of_root : Value, Tensor or int, optional
        Of several results, the one to differentiate: itself, or its number from 0 on.

    Returns
    -------
    Graph
        Plain data: nodes, edges, roots, groups.

    Raises
    ------
    TypeError
        If `root` is neither a Value nor a Tensor.
    ChangedDataError
        If data was changed after it had been used.

    Examples
    --------
    >>> from autograd import Value
    >>> a = Value(3, label="a")
    >>> graph = record(a * a)
    >>> [(edge.name, edge.formula, edge.value) for edge in graph.edges]
    [('∂v1/∂a⁽¹⁾', 'a', 3.0), ('∂v1/∂a⁽²⁾', 'a', 3.0)]
    """
    return Recording(root, names, of_root).graph


def reading(nodes: Sequence[Node]) -> float:
    """How many seconds it takes to read these in outline, about."""
    return 1.6e-5 * len(nodes) + 2.2e-6 * sum(len(node.inputs) for node in nodes)


DETAILED = 3000
"""Of larger graphs formulas are written for what is drawn alone."""


class Recording:
    """A graph together with the ids of the live nodes that it was read from.

    Attributes
    ----------
    graph : Graph
    ids : dict
        The id of each node that is drawn.
    """

    remark = ""

    def __init__(
        self, root: Any, names: Mapping[str, Any] | None = None, of_root: Any = None, seconds: float = math.inf
    ) -> None:
        self.names = names
        self.results = results_of(root)
        self.roots = _chosen(self.results, of_root)
        everything = self._everything()
        constant = _constants(everything, self.results)
        self.nodes = [node for node in everything if node not in constant]
        if reading(self.nodes) > seconds:
            raise ValueError(
                f"a picture of {len(self.nodes):,} nodes with {sum(len(node.inputs) for node in self.nodes):,} inputs "
                f"takes more than {seconds:g} s; draw an earlier result, one layer, or fewer examples"
            )
        self.ids = {node: f"n{i}" for i, node in enumerate(self.nodes, 1)}
        scopes = self._scopes()
        self.called = {node: Name(name) for node, name in name_nodes(self.nodes, names, scopes).items()}
        self.lines = lines_of(self.nodes)
        self.brief = len(self.nodes) > DETAILED
        self._nodes_read: dict[int, NodeInfo] = {}
        self._edges_read: dict[int, list[EdgeInfo]] = {}
        self.groups, self.group_of = groups_of(self.nodes, scopes)
        self.slopes = self._slopes() if self.brief else None  # else written with their formulas
        self.gradients = self._derivatives()
        self.passed = any(node.grad is not None for node in self.nodes)
        self.differentiated = self._differentiated()

    @cached_property
    def graph(self) -> Graph:
        """All of it, as plain data."""
        return replace(self._whole, nodes=[self._node(node) for node in self.nodes], edges=self._edges())

    @cached_property
    def _whole(self) -> Graph:
        """What is said of all of it."""
        return Graph(
            nodes=[],
            edges=[],
            roots=tuple(self.ids[node] for node in self.roots),
            groups=self.groups,
            title="; ".join(title(node, self.called) for node in self.results[:3]) + "; …" * (len(self.results) > 3),
            differentiated=self.differentiated[0],
            differentiated_latex=self.differentiated[1],
            remark=self.remark,
        )

    @cached_property
    def outline(self) -> Outline:
        """What folding asks for. Of a large program of numbers, little else is read."""
        if self.slopes is None:
            return Outline.of(self.graph)
        number = {node: i for i, node in enumerate(self.nodes)}
        finite = [bool(np.isfinite(node._data).all()) for node in self.nodes]
        return Outline(
            ids=list(self.ids.values()),
            rules=[node.rule.name if node.rule else "" for node in self.nodes],
            groups_of=[self.group_of.get(node) for node in self.nodes],
            shapes=[np.shape(node._data) for node in self.nodes],
            finite=finite,
            values=[one_number(node._data) for node in self.nodes],
            derivatives=[one_number(self.gradients.get(node)) for node in self.nodes],
            sources=np.array(self.slopes.sources, dtype=np.int64),
            targets=np.array(self.slopes.targets, dtype=np.int64),
            partials=self.slopes.partials,
            roots=[number[node] for node in self.roots],
            results=[number[node] for node in self.results],
            groups=self.groups,
            remarked=[i for i, node in enumerate(self.nodes) if not finite[i] and node.rule and _outside(node)],
            node=self._detailed_node,
            edge=self._detailed_edge,
            whole=self._whole,
        )

    def left_out(self) -> list[str]:
        """Variables and parameters among the names that the results were not made from."""
        found: dict[Node, str] = {}
        for name, value in (self.names or {}).items():
            for part, node in nodes_in(name, value) if not name.startswith("_") else ():
                if node.rule is None and node not in self.ids:
                    found.setdefault(node, node.label or part)
        return list(found.values())

    def _everything(self) -> list[Node]:
        """All nodes that the results were made from, oldest first."""
        inner, leaves = ancestors(*self.results)
        return sorted([*inner, *leaves], key=by_time)

    def _scopes(self) -> dict[Node, Scope]:
        """The part of the program that each node belongs to, of those that belong to one."""
        return scopes_in(self.nodes)

    def _slopes(self) -> Slopes | None:
        """The local derivatives of a large program; nothing where not all that is there has rules that can be asked."""
        return slopes(self.nodes)

    def _derivatives(self) -> Mapping[Node, Any]:
        """d(roots)/d(node), of each node that has one."""
        found = adjoints_by(self.slopes, self.roots, self.nodes) if self.slopes else None
        return gradients(self.roots, self.nodes) if found is None else found

    def _differentiated(self) -> tuple[str, str]:
        """What is differentiated, as text and in LaTeX."""
        if len(self.roots) == 1:
            return self.called[self.roots[0]].atom, self.called[self.roots[0]].latex_atom
        shown = list(self.roots) if len(self.roots) <= 3 else [self.roots[0], self.roots[-1]]
        names = [[self.called[node].full for node in shown], [self.called[node].latex for node in shown]]
        if len(self.roots) > 3:
            names[0].insert(1, "…")
            names[1].insert(1, r"\cdots")
        return f"({' + '.join(names[0])})", rf"\left({' + '.join(names[1])}\right)"

    @cached_property
    def _root_derivative(self) -> tuple[str, list[str]] | None:
        """Where the root is a derivative itself: of what, and by what."""
        return parts_of_derivative(self.called[self.roots[0]].full) if len(self.roots) == 1 else None

    def _derivative_name(self, node: Node) -> tuple[str, str]:
        """``dJ/da``, as text and in LaTeX; of a root that is a derivative itself, ``d³y/dx³``."""
        name = self.called[node]
        if self._root_derivative:
            of, by = self._root_derivative
            text = derivative_name(of, [*by, name.full])
            if text.startswith("d"):
                order = len(by) + 1
                return text, rf"\frac{{\mathrm{{d}}^{{{order}}} {of}}}{{\mathrm{{d}} {name.latex}^{{{order}}}}}"
        of_text, of_latex = self.differentiated
        text = f"d{of_text}/d{name.atom}"
        return text, "" if self.brief else rf"\frac{{\mathrm{{d}} {of_latex}}}{{\mathrm{{d}} {name.latex_atom}}}"

    def _node(self, node: Node) -> NodeInfo:
        kind = "output" if node in self.results else "operation" if node.rule else "input"
        name = self.called[node]
        grad, derivative = plain(node.grad), self.gradients.get(node)
        derivative_text, derivative_latex = self._derivative_name(node)
        return NodeInfo(
            id=self.ids[node],
            name=name.full,
            latex="" if self.brief else name.latex,
            short=_short(node, name.full),
            kind=kind,
            rule=node.rule.name if node.rule else None,
            formula=None if self.brief else formula(node, self.called, "text"),
            formula_latex=None if self.brief else formula(node, self.called, "latex"),
            shape=tuple(np.shape(node._data)),
            value=plain_data(node._data),
            value_stats=stats(node._data),
            grad=plain_data(grad),
            grad_stats=stats(grad),
            derivative=plain_data(derivative),
            derivative_stats=stats(derivative),
            derivative_name=derivative_text,
            derivative_latex=derivative_latex,
            has_grad=grad is not None,
            has_derivative=derivative is not None,
            passed=self.passed,
            worked=None if self.brief else worked(node),
            remark=_outside(node) if node.rule else "",
            group=self.group_of.get(node),
            operands=self._operands(node),
            line=self.lines.get(node),
        )

    def _operands(self, node: Node) -> tuple[str | float | None, ...] | None:
        """What a rule of the table was applied to; nothing of a rule that its name does not tell, or with settings."""
        if node.rule is None or node.static or RULES.get(node.rule.name) is not node.rule:
            return None
        ids = self.ids
        return tuple(isinstance(x, Node) and ids.get(x) or _as_number(plain(x)) for x in node.inputs)

    def _detailed_node(self, i: int) -> NodeInfo:
        """A node of a large graph, with its formula."""
        if i not in self._nodes_read:
            self._nodes_read[i] = self._in_detail(lambda: self._node(self.nodes[i]))
        return self._nodes_read[i]

    def _detailed_edge(self, k: int) -> EdgeInfo:
        """An edge of a large graph, with its formula."""
        target, first = self.slopes.targets[k], self.slopes.first  # type: ignore[union-attr]
        if target not in self._edges_read:
            self._edges_read[target] = self._in_detail(lambda: self._edges_into(self.nodes[target], first[target]))
        return self._edges_read[target][k - first[target]]

    def _in_detail(self, read: Callable[[], Info]) -> Info:
        self.brief, before = False, self.brief
        try:
            return read()
        finally:
            self.brief = before

    def _edges(self) -> Sequence[EdgeInfo]:
        if self.slopes is not None:
            return Edges((self.slopes.sources, self.slopes.targets), self.slopes.partials, self._edge_in_brief)
        edges: list[EdgeInfo] = []
        for node in self.nodes:
            if node.rule is not None:
                edges += self._edges_into(node, len(edges))
        return edges

    def _edges_into(self, node: Node, before: int) -> list[EdgeInfo]:
        inputs = node.inputs
        at = [i for i, x in enumerate(inputs) if isinstance(x, Node) and x in self.ids]
        uses: dict[Node, int] = defaultdict(int)
        for i in at:
            uses[inputs[i]] += 1
        so_far: dict[Node, int] = defaultdict(int)
        edges: list[EdgeInfo] = []
        if self.brief:
            return self._brief_edges(node, at, before)
        for i, partial, value in zip(at, partials(node, at, self.called), partial_values(node, at)):
            x = inputs[i]
            so_far[x] += 1
            which = so_far[x] if uses[x] > 1 else None
            above, below = self.called[node], self.called[x]
            of_latex = below.latex_atom + (f"^{{({which})}}" if which else "")
            upstream = "1" if self.roots == [node] else self._derivative_name(node)[0]
            edges.append(
                EdgeInfo(
                    id=f"e{before + len(edges) + 1}",
                    source=self.ids[x],
                    target=self.ids[node],
                    position=i,
                    name=f"∂{above.atom}/∂{below.atom}{_superscript(which)}",
                    latex=rf"\frac{{\partial {above.latex_atom}}}{{\partial {of_latex}}}",
                    formula=write(partial, "text"),
                    formula_latex=write(partial, "latex"),
                    factor=factor(partial, "text"),
                    factor_latex=factor(partial, "latex"),
                    value=value,
                    contribution=None if value is not None else contribution(node, i, self.called, upstream, partial),
                    remark=_outside(node),
                )
            )
        return edges

    def _brief_edges(self, node: Node, at: Sequence[int], before: int) -> list[EdgeInfo]:
        found = enumerate(zip(at, partial_values(node, at)), before)
        return [self._brief_edge(k, node, i, value) for k, (i, value) in found]

    def _brief_edge(self, k: int, node: Node, i: int, value: float | None) -> EdgeInfo:
        x = node.inputs[i]
        name = f"∂{self.called[node].atom}/∂{self.called[x].atom}"
        return EdgeInfo(f"e{k + 1}", self.ids[x], self.ids[node], i, name, "", None, None, None, None, value)

    def _edge_in_brief(self, k: int) -> EdgeInfo:
        """An edge of a large graph, without its formula."""
        _, _, targets, positions, partials = self.slopes  # type: ignore[misc]
        return self._brief_edge(k, self.nodes[targets[k]], positions[k], partials[k])


def _short(node: Node, name: str) -> str:
    """What a node is called inside its frame: ``w₂`` for w₁₂⁽³⁾."""
    place = None if node.rule else place_of(node)
    if place and (name == in_network(place.name, place.scope) or name.endswith(f".{place.name}")):
        return place.name
    stem = name[0]
    return stem if node.rule and name[1:2] in "₁₂₃₄₅₆₇₈₉" and name.endswith("⁾") and stem in "za" else name


def reached(results: Sequence[Node]) -> list[Node]:
    """All nodes that `results` were made from, oldest first: of any kind, and whatever was changed since."""
    seen = dict.fromkeys(results)
    stack = list(seen)
    while stack:
        for x in stack.pop().inputs:
            if isinstance(x, Node) and x not in seen:
                seen[x] = None
                stack.append(x)
    return sorted(seen, key=by_time)


def _as_number(x: Any) -> float | None:
    """A real number as a float; ``None`` of anything else."""
    return x if type(x) is float else float(x) if is_one_number(x) else None


def results_of(root: Any) -> list[Node]:
    """The results that a picture is asked for: one node, or those in a list, tuple or array, each once."""
    if isinstance(root, Node):
        return [root]
    parts: Iterable[Any] = root.ravel().tolist() if isinstance(root, np.ndarray) and root.dtype == object else root
    if isinstance(parts, (list, tuple)) and parts and all(isinstance(part, Node) for part in parts):
        return list(dict.fromkeys(parts))
    raise TypeError(
        f"only a Value or a Tensor can be drawn, or a list of them, not {type(root).__name__} {brief(root)}"
    )


def _chosen(results: list[Node], of_root: Any) -> list[Node]:
    if of_root is None:
        return results
    for i, node in enumerate(results):
        if of_root is node or (isinstance(of_root, int) and of_root == i):
            return [node]
    raise ValueError(
        f"of_root must be one of the {len(results)} results that are drawn, or its number, not {of_root!r}"
    )


def _constants(nodes: Sequence[Node], results: Sequence[Node]) -> set[Node]:
    """The seeds of recorded backward passes, and what was made of nothing else: numbers, to a reader."""
    found: set[Node] = set()
    for node in nodes:
        if node in results:
            continue
        inputs = [x for x in node.inputs if isinstance(x, Node)]
        if is_seed(node) or (inputs and all(x in found for x in inputs)):
            found.add(node)
    return found


def _outside(node: Node) -> str:
    """That an operation made a nan of inputs that are none."""
    if isinstance(node._data, Unknown):
        return ""
    if (type(node._data) is float and node._data == node._data) or not np.isnan(node._data).any():
        return ""
    data = [plain(x) for x in node.inputs]
    numbers = [x for x in data if isinstance(x, (float, int, np.ndarray)) and np.asarray(x).dtype.kind == "f"]
    if any(np.isnan(x).any() for x in numbers):
        return ""
    return "outside the domain" if len(data) == 1 or node.rule.name == "power" else "undefined there"


def _superscript(which: int | None) -> str:
    return "" if which is None else "⁽" + str(which).translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")) + "⁾"
