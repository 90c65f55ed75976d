"""A recorded graph for the live page: its model as JSON, by columns, and the rules that compute it.

Nodes and edges are numbered from 0 on, in the order of :class:`viz.model.Graph`. A column holds one entry for each;
what few of them have stands in a mapping from the number. What follows from the rest, such as the name of most
derivatives, is left to the page.
"""

from __future__ import annotations

import math
import re
from itertools import count
from typing import Any, Iterable, Mapping, Sequence

from autograd.rules.javascript import NUMERICS, NotWritable, Script
from autograd.rules.nary import DotNotation, SumNotation
from autograd.rules.table import RULES
from autograd.rules.typeset import Notation, PowerNotation
from viz import formatting
from viz.colours import KINDS, kind_of, largest
from viz.model import EdgeInfo, Edges, Graph, NodeInfo
from viz.page.parts import Parts
from viz.words import gradient_lines, value_lines

VERSION = 2
"""Of the form of the data."""
_FORMAT = re.compile(r"(?:.?[<>=^])?[-+ ]?z?#?0?\d*[,_]?(?:\.\d+)?[eEfFgGn%]?", re.DOTALL)
"""Formats for numbers that ``formatting.js`` knows: Python's, as far as 3.10 had them."""
_SPECIAL = {SumNotation: "sum", DotNotation: "dot"}
_KINDS = {"input": "i", "operation": "p", "output": "o", "failed": "o"}


class Columns:
    """What a page is made from.

    Attributes
    ----------
    data : dict
        Plain data, ready for ``json.dumps``.
    parts : Parts
        The groups that can be opened.
    script : str
        JavaScript: a function of the page's own numerics that gives those of the rules, as ``data["rules"]`` has them.

    Parameters
    ----------
    graph : Graph
    format : str
        How numbers are written.
    drawn : Graph, optional
        What the still picture shows of it.
    divided : bool
        Whether neighbours stand together where there are many.
    """

    def __init__(
        self, graph: Graph, format: str = formatting.DEFAULT, drawn: Graph | None = None, divided: bool = False
    ) -> None:
        if not _FORMAT.fullmatch(format):
            raise ValueError(
                f"the page cannot write numbers as {format!r}; use a format such as '.4g', '.3f' or ',.2f'"
            )
        self.graph, self.format = graph, format
        self.parts = Parts(graph, drawn or graph, divided)
        self.number = {node.id: i for i, node in enumerate(self.graph.nodes)}
        self.names = list(dict.fromkeys(node.rule for node in self.graph.nodes if node.rule))
        self.without, self.script = _functions(self.names)
        self.computes = [self._computed(node) for node in self.graph.nodes]
        self.edges = self._telling()
        self.scalar = self._is_scalar()
        self.data: dict[str, Any] = {
            "version": VERSION,
            "title": graph.title,
            "remark": graph.remark,
            "of": graph.differentiated,
            "format": self.format,
            "scalar": self.scalar,
            "roots": [self.number[id] for id in self.graph.roots],
            "rules": [_rule(name, self.without.get(name)) for name in self.names],
            "nodes": self._nodes(),
            "edges": self._edges(),
            "groups": self.parts.rows(),
            "open": self.parts.open,
        }

    def _computed(self, node: NodeInfo) -> bool:
        """Whether the page can compute a node from what it was made of."""
        known = node.operands is not None and None not in node.operands
        return known and isinstance(node.value, float) and node.rule not in self.without

    def _telling(self) -> Mapping[int, EdgeInfo]:
        """The edges by number; of a large program those that say more than the operands of what they lead to."""
        edges, (_, targets) = self.graph.edges, self.graph.ends
        if not isinstance(edges, Edges):
            return dict(enumerate(edges))
        untold = [k for k, target in enumerate(targets) if not self.computes[target]]
        return {k: edges[k] for k in sorted({*edges.details, *untold})}

    def _is_scalar(self) -> bool:
        """Whether everything is one number and every derivative is known: what the page can do the sums with."""
        unknown = {edge.target for edge in self.edges.values() if edge.value is None}
        return all(
            isinstance(node.value, float) and (computes or node.id not in unknown)
            for node, computes in zip(self.graph.nodes, self.computes)
        )

    def _writes(self, node: NodeInfo) -> bool:
        """Whether the page can write a node's formula with numbers put in."""
        return self.computes[self.number[node.id]] and _notation(RULES[str(node.rule)].notation) is not None

    def _nodes(self) -> dict[str, Any]:
        nodes, of = self.graph.nodes, self.graph.differentiated
        atoms = list(map(self._atom, nodes))
        return {
            "name": _names(nodes),
            "atom": _few(atoms, (node.name for node in nodes)),
            "derivative": _few((node.derivative_name for node in nodes), (f"d{of}/d{atom}" for atom in atoms)),
            "short": _few((node.short if node.group else node.name for node in nodes), (node.name for node in nodes)),
            "kind": "".join(_KINDS[node.kind] for node in nodes),
            "rule": [self.names.index(node.rule) if node.rule else -1 for node in nodes],
            "args": [self._args(node) if computes else None for node, computes in zip(nodes, self.computes)],
            "value": [jsonable(node.value) if self.scalar else None for node in nodes],
            "formula": _known(node.formula for node in nodes),
            "worked": _some(node.worked if not self._writes(node) else None for node in nodes),
            "group": self.parts.column() if self.parts.all else [],
            "line": _some(node.line for node in nodes),
            "remark": _some(node.remark or None for node in nodes),
            # What .grad holds, where that is not what the page computes.
            "grad": _some(gradient_lines(node, self.format)[1:] if node.accumulated else None for node in nodes),
            "was": _some([n.was, n.derivative_was] if n.was or n.derivative_was else None for n in nodes),
            "told": {} if self.scalar else _some(self.told(node) for node in nodes),
            "size": {} if self.scalar else _some(map(_sizes, nodes)),
        }

    def _args(self, node: NodeInfo) -> list[int | str]:
        """Numbers of nodes; constants as text, which tells them apart."""
        return [self.number[x] if isinstance(x, str) else _written(x) for x in node.operands or () if x is not None]

    def told(self, node: NodeInfo) -> list[Any]:
        """What stands in blue and in red where the page cannot compute it, and both in one line."""
        value = formatting.show(node.value, self.format, node.shape, node.value_stats)
        derivative = formatting.show(node.derivative, self.format, node.shape, node.derivative_stats)
        return [value_lines(node, self.format), gradient_lines(node, self.format), value, derivative]

    def _edges(self) -> dict[str, Any]:
        numbers, edges = list(self.edges), list(self.edges.values())
        ends = [(self.number[edge.source], self.number[edge.target]) for edge in edges]
        computed = [self.computes[target] for _, target in ends]
        atoms = list(map(self._atom, self.graph.nodes))
        names = [f"∂{atoms[target]}/∂{atoms[source]}" for source, target in ends]  # as the page puts them together
        formulas = [edge.formula for edge in edges]
        values = [None if self.scalar and known else jsonable(edge.value) for edge, known in zip(edges, computed)]
        into: dict[str, list[int]] = {}
        for edge, (source, target), known in zip(edges, ends, computed):
            if not known:  # else the operands say it
                into.setdefault(str(target), []).extend((source, edge.position))
        return {
            "into": into,
            "name": _few((edge.name for edge in edges), names, numbers),
            "formula": _known(formulas) if len(edges) == len(self.graph.edges) else _some(formulas, numbers),
            "factor": _few((edge.factor for edge in edges), formulas, numbers),
            "value": _some(values, numbers),
            "contribution": _some((edge.contribution for edge in edges), numbers),
        }

    def _atom(self, node: NodeInfo) -> str:
        """A name as it stands behind a ∂."""
        before = f"d{self.graph.differentiated}/d"
        return node.derivative_name.removeprefix(before) if node.derivative_name.startswith(before) else node.name


def _functions(names: Sequence[str]) -> tuple[dict[str, str], str]:
    """Why some rules cannot be computed in the page, and the functions of the others."""
    script, entries, without = Script(), [], {}
    for name in names:
        try:
            rule = RULES.get(name)
            if rule is None:
                raise NotWritable(f"{name} is not in the table; put it there with autograd.register(rule)")
            entries.append(script.add(rule))
        except NotWritable as reason:
            without[name] = str(reason)
            entries.append("null")
    given = f"({{ {', '.join(sorted(NUMERICS))} }}) =>"
    return without, f"{given} {{\n{script.source}\nreturn [{', '.join(entries)}];\n}}"


def _rule(name: str, reason: str | None) -> dict[str, Any]:
    rule = RULES.get(name)
    found: dict[str, Any] = {"name": name, "kind": list(KINDS).index(kind_of(name))}
    if rule is not None:
        found["notation"] = _notation(rule.notation)
    if reason is not None:
        found["reason"] = reason
    return found


def _sizes(node: NodeInfo) -> list[Any]:
    """How large value and gradient are."""
    return [jsonable(largest(node, "value")), jsonable(largest(node, "gradient"))]


def _notation(notation: Notation) -> Any:
    """How an operation is written: template, precedence, and what its operands need; or the name of a special way.

    Of a way of one's own, which only Python knows, nothing.
    """
    kind = type(notation)
    if kind in _SPECIAL:
        return _SPECIAL[kind]
    if kind is not PowerNotation and kind.write is not Notation.write:
        return None
    return [notation.templates["text"], notation.precedence["text"], *notation.needs["text"]]


def _names(nodes: Sequence[NodeInfo]) -> list[str | int]:
    """The names; 0 for v1, v2 and so on, in their order."""
    counted = 0
    found: list[str | int] = []
    for node in nodes:
        usual = node.name == f"v{counted + 1}"
        counted += usual
        found.append(0 if usual else node.name)
    return found


def _some(column: Iterable[Any], numbers: Iterable[int] | None = None) -> dict[str, Any]:
    """What is not ``None``, by its number."""
    return {str(i): x for i, x in zip(count() if numbers is None else numbers, column) if x is not None}


def _known(column: Iterable[Any]) -> list[Any] | dict[str, Any]:
    """A whole column, or where little is known that by its number."""
    found = list(column)
    return found if 2 * found.count(None) < len(found) else _some(found)


def _few(column: Iterable[Any], usual: Iterable[Any], numbers: Iterable[int] | None = None) -> dict[str, Any]:
    """What is not as usual, by its number."""
    return {str(i): x for i, x, y in zip(count() if numbers is None else numbers, column, usual) if x != y}


def _written(x: Any) -> str:
    """A float as text that gives it back."""
    return repr(x).removesuffix(".0")


def jsonable(x: Any) -> Any:
    """A float for JSON, which has no inf and no nan; whole ones without a point."""
    if not isinstance(x, float):
        return x
    if not math.isfinite(x):
        return repr(x)
    return int(x) if x.is_integer() and abs(x) < 1e15 and (x or math.copysign(1, x) > 0) else x
