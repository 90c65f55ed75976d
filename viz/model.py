"""A recorded graph as plain data: what every drawing is made from.

Nodes and edges are numbered in order of creation, so the same program gives the same model, and
:meth:`Graph.to_dict` gives it as lists, dicts, strings and numbers only.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any, Mapping, Sequence

import numpy as np

from autograd.errors import AutogradError
from autograd.graph import ancestors
from autograd.node import Node, plain
from autograd.tensor import Tensor
from autograd.walks import pull_back
from viz.formulas import Name, brief, formula, partial_values, partials, write
from viz.names import name_nodes

NOT_YET = "no gradient yet"
NOT_KEPT = "gradient not kept"
"""Inner Tensors' gradients are released by the backward pass, unless ``retain_grads=True`` asks for them."""
SMALL = 6
"""Arrays of at most so many numbers are shown with their values."""


@dataclass(frozen=True)
class NodeInfo:
    """One node: an input or the result of an operation.

    `value` and `grad` are a number, a nested list (small arrays) or ``None`` (large ones); `shape` tells them
    apart. Where there is no gradient, `grad_note` says so; else it is empty.
    `grad_name` says what the gradient is: ``dJ/da``, or ``grad`` where ``.grad`` holds something else
    than the derivative of this root, such as a sum over several backward passes.
    """

    id: str
    name: str
    latex: str
    kind: str
    rule: str | None
    formula: str | None
    formula_latex: str | None
    shape: tuple[int, ...]
    value: Any
    grad_note: str
    grad: Any
    grad_name: str


@dataclass(frozen=True)
class EdgeInfo:
    """One use of a node: `source` is the input numbered `position` of `target`.

    `name` is the local derivative ∂target/∂source, `formula` how it is computed, `value` its number
    (``None`` between arrays).
    """

    id: str
    source: str
    target: str
    position: int
    name: str
    latex: str
    formula: str | None
    formula_latex: str | None
    value: float | None


@dataclass(frozen=True)
class Graph:
    """A recorded program, oldest node first.

    Attributes
    ----------
    nodes : list of NodeInfo
    edges : list of EdgeInfo
        By target, then by position; an input that is used twice has two edges.
    root : str
        The id of the node that was drawn.
    """

    nodes: list[NodeInfo]
    edges: list[EdgeInfo]
    root: str
    ids: dict[Node, str] = field(repr=False, compare=False)

    def node(self, id: str) -> NodeInfo:
        """The node with this id."""
        return self.nodes[int(id[1:]) - 1]

    @property
    def inputs(self) -> list[NodeInfo]:
        """The nodes that nothing was recorded for, the root excepted."""
        return [node for node in self.nodes if node.kind == "input"]

    @property
    def names(self) -> dict[str, str]:
        """The id of each name."""
        return {node.name: node.id for node in self.nodes}

    @property
    def groups(self) -> dict[str, list[str]]:
        """Node ids by what they are: inputs, operations, and the output."""
        found: dict[str, list[str]] = {"input": [], "operation": [], "output": []}
        for node in self.nodes:
            found[node.kind].append(node.id)
        return found

    def to_dict(self) -> dict[str, Any]:
        """Everything as lists, dicts, strings and numbers, ready for ``json.dumps``.

        Examples
        --------
        >>> from autograd import Value
        >>> graph = record(Value(3, label="a") * 2)
        >>> graph.to_dict()["edges"][0]["name"]
        '∂v1/∂a'
        """
        return {
            "root": self.root,
            "names": self.names,
            "groups": self.groups,
            "nodes": [{key: _json(x) for key, x in vars(node).items()} for node in self.nodes],
            "edges": [{key: _json(x) for key, x in vars(edge).items()} for edge in self.edges],
        }


def record(root: Node, names: Mapping[str, Any] | None = None) -> Graph:
    """Read the graph that `root` was made from.

    Parameters
    ----------
    root : Value or Tensor
    names : mapping, optional
        Names for nodes without a label, as ``locals()`` gives them.

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
    if not isinstance(root, Node):
        raise TypeError(f"only a Value or a Tensor can be drawn, not {type(root).__name__} {brief(root)}")
    inner, leaves = ancestors(root)
    nodes = sorted([*inner, *leaves], key=lambda node: node._time)
    ids = {node: f"n{i}" for i, node in enumerate(nodes, 1)}
    called = {node: Name(name) for node, name in name_nodes(nodes, names).items()}
    edges: list[EdgeInfo] = []
    for node in nodes:
        for edge in _edges_into(node, called, ids):
            edges.append(EdgeInfo(f"e{len(edges) + 1}", **edge))
    truth = _gradients(root, nodes, edges, ids)
    released = NOT_KEPT if any(node.grad is not None for node in leaves) else NOT_YET
    infos = []
    for node in nodes:
        missing = released if isinstance(node, Tensor) and node.rule else NOT_YET
        infos.append(_node_info(node, root, called, ids[node], truth, missing))
    return Graph(infos, edges, ids[root], ids)


def adjoints(root: str, edges: Sequence[EdgeInfo]) -> dict[str, float]:
    """d(root)/d(node) of every node that the root depends on, from the local derivatives on the edges."""
    found = {root: 1.0}
    for edge in sorted(edges, key=lambda e: int(e.target[1:]), reverse=True):
        if edge.target in found and edge.value is not None:
            found[edge.source] = found.get(edge.source, 0.0) + found[edge.target] * edge.value
    return found


def _gradients(
    root: Node, nodes: Sequence[Node], edges: Sequence[EdgeInfo], ids: Mapping[Node, str]
) -> Mapping[Node, Any]:
    """d(root)/d(node) as far as it is known, without reading or writing any ``.grad``."""
    if all(node.grad is None for node in nodes):
        return {}
    if all(edge.value is not None for edge in edges):
        found = adjoints(ids[root], edges)
        return {node: found.get(id, 0.0) for node, id in ids.items()}
    if np.size(root._data) != 1:
        return {}
    try:
        return pull_back({root: np.ones_like(root._data)})
    except AutogradError:
        return {}


def _node_info(
    node: Node,
    root: Node,
    called: Mapping[Node, Name],
    id: str,
    truth: Mapping[Node, Any],
    missing: str,
) -> NodeInfo:
    kind = "output" if node is root else "operation" if node.rule else "input"
    grad = plain(node.grad)
    name = f"d{called[root].atom}/d{called[node].atom}"
    if grad is not None and node in truth and not _same(grad, truth[node]):
        name = "grad"
    return NodeInfo(
        id=id,
        name=called[node].full,
        latex=called[node].latex,
        kind=kind,
        rule=node.rule.name if node.rule else None,
        formula=formula(node, called, "text"),
        formula_latex=formula(node, called, "latex"),
        shape=tuple(np.shape(node._data)),
        value=_plain_data(node._data),
        grad_note="" if grad is not None else missing,
        grad=_plain_data(grad),
        grad_name=name,
    )


def _edges_into(node: Node, called: Mapping[Node, Name], ids: Mapping[Node, str]) -> list[dict[str, Any]]:
    """The fields of the edges that end at `node`, but for their ids."""
    if node.rule is None:
        return []
    inputs = node.inputs
    at = [i for i, x in enumerate(inputs) if isinstance(x, Node)]
    uses: dict[Node, int] = {}
    for i in at:
        uses[inputs[i]] = uses.get(inputs[i], 0) + 1
    so_far: dict[Node, int] = {}
    edges = []
    for i, partial, value in zip(at, partials(node, at, called), partial_values(node, at)):
        x = inputs[i]
        so_far[x] = so_far.get(x, 0) + 1
        which = so_far[x] if uses[x] > 1 else None
        edges.append(
            {
                "source": ids[x],
                "target": ids[node],
                "position": i,
                "name": f"∂{called[node].atom}/∂{called[x].atom}{_superscript(which)}",
                "latex": rf"\frac{{\partial {called[node].latex}}}{{\partial {called[x].latex}"
                + (f"^{{({which})}}" if which else "")
                + "}",
                "formula": write(partial, "text"),
                "formula_latex": write(partial, "latex"),
                "value": value,
            }
        )
    return edges


def _superscript(which: int | None) -> str:
    return "" if which is None else "⁽" + str(which).translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")) + "⁾"


def _plain_data(data: Any) -> Any:
    if data is None:
        return None
    if np.ndim(data) == 0:
        return complex(data) if np.iscomplexobj(data) else float(data)
    return np.asarray(data).tolist() if np.size(data) <= SMALL else None


def _same(a: Any, b: Any) -> bool:
    if isinstance(a, float) and isinstance(b, float):
        return a == b or (a != a and b != b) or math.isclose(a, b, rel_tol=1e-6, abs_tol=1e-300)
    return np.shape(a) == np.shape(b) and np.allclose(a, b, rtol=1e-5, atol=1e-300, equal_nan=True)


def _json(x: Any) -> Any:
    if isinstance(x, float) and not math.isfinite(x):
        return str(x)
    if isinstance(x, complex):
        return str(x)
    if isinstance(x, (list, tuple)):
        return [_json(part) for part in x]
    return x
