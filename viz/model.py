"""A recorded graph as plain data: what every drawing is made from.

Nodes and edges are numbered in order of creation, so the same program gives the same model, and
:meth:`Graph.to_dict` gives it as lists, dicts, strings and numbers only.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import Any, Mapping, Sequence

import numpy as np

from autograd.errors import AutogradError
from autograd.graph import Node, ancestors, pull_back
from autograd.ops.rule import Rule, plain
from autograd.ops.symbols import ATOM, LOWEST, Notation, Symbol, latex_name, number
from autograd.tensor import Tensor
from viz.names import name_nodes

NOT_YET = "no gradient yet"
NOT_KEPT = "gradient not kept"
"""Inner Tensors' gradients are released by the backward pass, unless ``retain_grads=True`` asks for them."""
SMALL = 6
"""Arrays of at most so many numbers are shown with their values."""
LONG = 24
"""Longer names are shortened where they stand inside formulas; on their own node they are written in full."""
MANY = 24
"""An operation of more inputs is written with the first and the last of them."""


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
        raise TypeError(f"only a Value or a Tensor can be drawn, not {type(root).__name__} {_brief(root)}")
    inner, leaves = ancestors(root)
    nodes = sorted([*inner, *leaves], key=lambda node: node._time)
    ids = {node: f"n{i}" for i, node in enumerate(nodes, 1)}
    full = name_nodes(nodes, names)
    called = {node: _shortened(name) for node, name in full.items()}
    symbols = {node: _symbol(called[node]) for node in nodes}
    edges: list[EdgeInfo] = []
    for node in nodes:
        for edge in _edges_into(node, called, symbols, ids):
            edges.append(EdgeInfo(f"e{len(edges) + 1}", **edge))
    truth = _gradients(root, nodes, edges, ids)
    released = NOT_KEPT if any(node.grad is not None for node in leaves) else NOT_YET
    infos = []
    for node in nodes:
        missing = released if isinstance(node, Tensor) and node.rule else NOT_YET
        infos.append(_node_info(node, root, full[node], symbols, ids[node], truth, missing))
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
    full: str,
    symbols: Mapping[Node, Symbol],
    id: str,
    truth: Mapping[Node, Any],
    missing: str,
) -> NodeInfo:
    kind = "output" if node is root else "operation" if node.rule else "input"
    grad = plain(node.grad)
    name = f"d{_atom(symbols[root])}/d{_atom(symbols[node])}"
    if grad is not None and node in truth and not _same(grad, truth[node]):
        name = "grad"
    return NodeInfo(
        id=id,
        name=full,
        latex=symbols[node].latex(),
        kind=kind,
        rule=node.rule.name if node.rule else None,
        formula=_formula(node, symbols, "text"),
        formula_latex=_formula(node, symbols, "latex"),
        shape=tuple(np.shape(node._data)),
        value=_plain_data(node._data),
        grad_note="" if grad is not None else missing,
        grad=_plain_data(grad),
        grad_name=name,
    )


def _edges_into(
    node: Node, called: Mapping[Node, str], symbols: Mapping[Node, Symbol], ids: Mapping[Node, str]
) -> list[dict[str, Any]]:
    """The fields of the edges that end at `node`, but for their ids."""
    if node.rule is None:
        return []
    inputs = node.inputs
    at = [i for i, x in enumerate(inputs) if isinstance(x, Node)]
    formulas = _partial_formulas(node, at, symbols)
    values = _partial_values(node, at)
    uses: dict[Node, int] = {}
    for i in at:
        uses[inputs[i]] = uses.get(inputs[i], 0) + 1
    so_far: dict[Node, int] = {}
    edges = []
    for i, formula, value in zip(at, formulas, values):
        x = inputs[i]
        so_far[x] = so_far.get(x, 0) + 1
        which = so_far[x] if uses[x] > 1 else None
        edges.append(
            {
                "source": ids[x],
                "target": ids[node],
                "position": i,
                "name": f"∂{_atom(symbols[node])}/∂{_atom(symbols[x])}{_superscript(which)}",
                "latex": rf"\frac{{\partial {symbols[node].latex()}}}{{\partial {symbols[x].latex()}"
                + (f"^{{({which})}}" if which else "")
                + "}",
                "formula": _write(formula, "text"),
                "formula_latex": _write(formula, "latex"),
                "value": value,
            }
        )
    return edges


def _partial_formulas(node: Node, at: Sequence[int], symbols: Mapping[Node, Symbol]) -> Sequence[Any]:
    """The local derivatives with respect to the inputs numbered `at`, as symbols.

    Of an operation on whole arrays it is what the backward pass applies, by name: ``matmulᵀ``.
    """
    rule: Any = node.rule
    if type(rule).partial is Rule.partial:
        return [Symbol(f"{rule.name}ᵀ", rf"\mathrm{{{latex_name(rule.name)}}}^\top") for _ in at]
    inputs = [symbols[x] if isinstance(x, Node) else operand(x) for x in node.inputs]
    # Python refuses to compute with some constants, such as the 0 of x/0: then they are symbols too.
    for operands in (inputs, [Symbol(number(x)) if isinstance(x, float) else x for x in inputs]):
        try:
            return rule.vjp(1, symbols[node], operands, at, node.static)  # type: ignore[no-any-return]
        except (ArithmeticError, ValueError, TypeError, AttributeError):
            continue
    # A rule that somebody wrote with functions that only know numbers.
    return [Symbol(f"{rule.name}′") for _ in at]


def _partial_values(node: Node, at: Sequence[int]) -> Sequence[float | None]:
    """The same as numbers, where everything is a number. NumPy's, since theirs follow IEEE where Python raises."""
    rule: Any = node.rule
    data = [plain(x) for x in node.inputs]
    if type(rule).partial is Rule.partial or any(np.ndim(x) for x in [node._data, *data]):
        return [None] * len(at)
    with np.errstate(all="ignore"):
        found = rule.vjp(1.0, np.float64(node._data), [np.float64(x) for x in data], at, node.static)
    return [float(x) for x in found]


def _formula(node: Node, symbols: Mapping[Node, Symbol], style: Any) -> str | None:
    rule = node.rule
    if rule is None:
        return None
    operands = [symbols[x] if isinstance(x, Node) else operand(x) for x in node.inputs]
    if len(operands) > MANY:
        first, second, last = (_write(x, style) for x in (*operands[:2], operands[-1]))
        return f"{rule.name}({first}, {second}, …, {last})"
    written = rule.notation.write(operands, style)
    return written if style != "text" else _with_settings(written, rule.name, node.static)


def _with_settings(written: str, name: str, static: Mapping[str, Any]) -> str:
    """``np.sum(x, axis=0)``, ``x[1:, 0]``: the settings that are not left at None or False."""
    if "index" in static and name == "getitem":
        index = static["index"] if isinstance(static["index"], tuple) else (static["index"],)
        return f"{written[len(name) + 1 : -1]}[{', '.join(map(_setting, index))}]"
    shown = [f"{key}={_setting(x)}" for key, x in static.items() if x is not None and x is not False]
    return f"{written[:-1]}, {', '.join(shown)})" if shown and written.endswith(")") else written


def _setting(x: Any) -> str:
    if isinstance(x, tuple):
        return _setting(x[0]) if len(x) == 1 else f"({', '.join(map(_setting, x))})"
    if isinstance(x, slice):
        parts = ["" if part is None else str(part) for part in (x.start, x.stop, x.step)]
        return ":".join(parts if parts[2] else parts[:2])
    if isinstance(x, np.ndarray):
        return str(operand(x))
    return _brief(x) if isinstance(x, str) else "…" if x is Ellipsis else str(x)[:24]


def operand(x: Any) -> Any:
    """A plain number or array as it stands in a formula."""
    if np.ndim(x) == 0 and isinstance(x, (float, int, np.number, np.bool_)):
        return float(x)
    if isinstance(x, np.ndarray) and x.size == 1:
        return float(x.reshape(()))
    shape = getattr(x, "shape", None)
    return str(x) if shape is None else "array" + str(tuple(shape)).replace(",)", ")")


def _symbol(name: str) -> Symbol:
    """A name as a symbol. One that reads like a formula itself gets parentheses where they are needed."""
    symbol = Symbol(name)
    if any(c in " +-*/^·−=" for c in re.sub(r"\[.*?\]", "", name)):
        braced = {"{": "{{", "}": "}}"}
        text, latex = ("".join(braced.get(c, c) for c in written) for written in (name, latex_name(name)))
        symbol.notation = Notation(text, latex, precedence=LOWEST)
    return symbol


def _atom(symbol: Symbol) -> str:
    """The name as it stands behind a ∂."""
    return Notation("{0}", needs=(ATOM,)).write([symbol], "text")


def _shortened(name: str) -> str:
    name = " ".join(name.split()) or name
    return name if len(name) <= LONG else name[: LONG - 1] + "…"


def _write(formula: Any, style: Any) -> str | None:
    return None if formula is None else Notation("{0}").write([formula], style)


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


def _brief(x: Any) -> str:
    text = repr(x)
    return text if len(text) <= 40 else text[:39] + "…"
