"""Reading a recorded program: from live nodes to the plain data of :mod:`viz.model`, once for each picture."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import replace
from typing import Any, Iterable, Mapping, Sequence

import numpy as np

from autograd.annotations import Scope, is_seed, place_of, scopes_of
from autograd.errors import AutogradError
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
    pulled,
    title,
    worked,
    write,
)
from viz.model import EdgeInfo, Graph, Group, NodeInfo
from viz.names import derivative_name, in_network, name_nodes, nodes_in, parts_of_derivative
from viz.stats import Unknown, plain_data, stats


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
    """How many seconds it takes to read these, about."""
    return 3.3e-5 * len(nodes) + 1.6e-5 * sum(len(node.inputs) for node in nodes)


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
        self.groups, self.group_of = _groups(self.nodes, scopes)
        self.gradients = self._derivatives()
        self.passed = any(node.grad is not None for node in self.nodes)
        self.differentiated = self._differentiated()
        self.graph = Graph(
            nodes=[self._node(node) for node in self.nodes],
            edges=self._edges(),
            roots=tuple(self.ids[node] for node in self.roots),
            groups=self.groups,
            title="; ".join(title(node, self.called) for node in self.results[:3]) + "; …" * (len(self.results) > 3),
            differentiated=self.differentiated[0],
            differentiated_latex=self.differentiated[1],
            remark=self.remark,
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
        return _scopes(self.nodes)

    def _derivatives(self) -> Mapping[Node, Any]:
        """d(roots)/d(node), of each node that has one."""
        return _gradients(self.roots, self.nodes)

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

    def _derivative_name(self, node: Node) -> tuple[str, str]:
        """``dJ/da``, as text and in LaTeX; of a root that is a derivative itself, ``d³y/dx³``."""
        name = self.called[node]
        if len(self.roots) == 1 and (parts := parts_of_derivative(self.called[self.roots[0]].full)):
            of, by = parts
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
        return tuple(
            self.ids[x] if isinstance(x, Node) and x in self.ids else _as_number(plain(x)) for x in node.inputs
        )

    def detailed(self, drawn: Graph) -> Graph:
        """What is drawn of a large graph, with its formulas: the graph itself comes without."""
        if not self.brief:
            return drawn
        self.brief = False
        live = {id: node for node, id in self.ids.items()}
        nodes = []
        for node in drawn.nodes:
            if node.id in live and not node.gives:
                node = replace(self._node(live[node.id]), group=node.group)
            nodes.append(node)
        into = {
            id: {e.position: e for e in self._edges_into(live[id], 0)}
            for id in {e.target for e in drawn.edges} & set(live)
        }
        edges = []
        for edge in drawn.edges:
            if edge.target in into and edge.position >= 0:
                edge = replace(into[edge.target][edge.position], id=edge.id, source=edge.source)
            edges.append(edge)
        self.brief = True
        return replace(drawn, nodes=nodes, edges=edges)

    def _edges(self) -> list[EdgeInfo]:
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
        inputs, target, above = node.inputs, self.ids[node], f"∂{self.called[node].atom}/∂"
        return [
            EdgeInfo(
                f"e{k}",
                self.ids[inputs[i]],
                target,
                i,
                above + self.called[inputs[i]].atom,
                "",
                None,
                None,
                None,
                None,
                value,
            )  # fmt: skip
            for k, (i, value) in enumerate(zip(at, partial_values(node, at)), before + 1)
        ]


def _short(node: Node, name: str) -> str:
    """What a node is called inside its frame: ``w₂`` for w₁₂⁽³⁾."""
    place = place_of(node)
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
    return float(x) if is_one_number(x) else None


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


def _gradients(roots: Sequence[Node], nodes: Sequence[Node]) -> Mapping[Node, Any]:
    """d(roots)/d(node) as far as it can be computed, without reading or writing any ``.grad``."""
    if any(np.size(root._data) != 1 for root in roots):
        return {}
    seeds: dict[Node, Any] = {root: 1.0 if type(root._data) is float else np.ones_like(root._data) for root in roots}
    try:
        return _pulled(seeds, nodes)
    except (AutogradError, TypeError, ValueError, ArithmeticError):
        return {}


def _pulled(seeds: Mapping[Node, Any], nodes: Sequence[Node]) -> Mapping[Node, Any]:
    """The cotangent of every node: those of inner ones are asked for by pulling back to all of them at once."""
    found: dict[Node, Any] = dict(seeds)
    for node in reversed(nodes):
        g = found.get(node)
        if g is None or node.rule is None:
            continue
        at = [i for i, x in enumerate(node.inputs) if isinstance(x, Node)]
        data = [plain(x) for x in node.inputs]
        for i, cotangent in zip(at, pulled(node, g, data, at)):
            if cotangent is not None:
                x = node.inputs[i]
                cotangent = x._fit(cotangent)
                earlier = found.get(x)
                found[x] = cotangent if earlier is None else earlier + cotangent
    return {node: found.get(node, np.zeros_like(node._data)) for node in nodes}


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


# --- groups -------------------------------------------------------------------------------------------------


def _scopes(nodes: Sequence[Node]) -> dict[Node, Scope]:
    """The scope of each node: where it was recorded, else the part of a network whose parameters it is made with."""
    found: dict[Node, Scope] = dict(scopes_of(nodes))
    consumers: dict[Node, list[Node]] = defaultdict(list)
    for node in nodes:
        for x in node.inputs:
            if isinstance(x, Node):
                consumers[x].append(node)
    for node in nodes:
        if node in found:
            continue
        if node.rule is None:
            place = place_of(node)
            if place is not None:
                found[node] = place.scope
            continue
        inputs = [x for x in node.inputs if isinstance(x, Node)]
        owners = {found[x] for x in inputs if x.rule is None and x in found}
        if len(owners) == 1:
            found[node] = owners.pop()
        elif _is_activation(node) and inputs[0] in found and inputs[0].rule and len(consumers[inputs[0]]) == 1:
            # The activation, which has no parameters: it follows its neuron's sum, and nothing else does.
            if any(
                p.rule is None and found.get(p) is found[inputs[0]] for p in inputs[0].inputs if isinstance(p, Node)
            ):
                found[node] = found[inputs[0]]
    for node in nodes:
        # An input that only one part uses stands inside it.
        if node.rule is None and node not in found and not node.label:
            users = {found.get(user) for user in consumers[node]}
            if len(users) == 1 and (user := users.pop()) is not None:
                found[node] = user
    return found


def _is_activation(node: Node) -> bool:
    """A function of one result, but for settings such as a slope."""
    return len(node.inputs) - len(node.rule.defaults) == 1 and isinstance(node.inputs[0], Node)


def _groups(nodes: Sequence[Node], scopes: Mapping[Node, Scope]) -> tuple[list[Group], dict[Node, str]]:
    """The scopes as plain data, outer ones first, in order of their nodes; of several of one name, numbered."""
    ids: dict[Scope, str] = {}
    groups: list[Group] = []
    alike: dict[tuple[str | None, str], int] = defaultdict(int)
    group_of = {}
    for node in nodes:
        if node not in scopes:
            continue
        for scope in scopes[node].path:
            if scope not in ids:
                parent = ids[scope.parent] if scope.parent else None
                alike[parent, scope.name] += 1
                number = alike[parent, scope.name]
                ids[scope] = f"g{len(ids) + 1}"
                groups.append(Group(ids[scope], scope.name if number == 1 else f"{scope.name} ({number})", parent))
        group_of[node] = ids[scopes[node]]
    return groups, group_of


def _superscript(which: int | None) -> str:
    return "" if which is None else "⁽" + str(which).translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")) + "⁾"
