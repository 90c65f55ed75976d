"""A recorded program as text: the forward pass, the backward pass, the chains."""

from __future__ import annotations

from collections import defaultdict
from typing import Sequence

from viz import formatting
from viz.chain import Chain
from viz.model import NOT_YET, EdgeInfo, Graph, NodeInfo, adjoints
from viz.views import Show
from viz.words import gradient_lines, local


def forward(graph: Graph, format: str = formatting.DEFAULT) -> list[str]:
    """One line per node, oldest first: name, formula, value.

    Examples
    --------
    >>> from autograd import Value
    >>> from viz.record import record
    >>> b, c = Value(3, label="b"), Value(2, label="c")
    >>> print(*forward(record(b * c + 1)), sep="\\n")
    b  = 3
    c  = 2
    v1 = b·c    = 6
    v2 = v1 + 1 = 7
    """
    rows = []
    for node in [*graph.inputs, *(n for n in graph.nodes if n.kind != "input")]:
        value = formatting.show(node.value, format, node.shape, node.value_stats)
        if node.failure:
            told = value if node.kind != "failed" else node.worked or "nothing"
            value = f"{told}   ⚠ {node.failure}, at {node.line}"
        if node.was:
            value += f" (was {node.was})"
        rows.append([node.name, node.formula, value] if node.formula else [node.name, value])
    return _aligned(rows)


def backward(graph: Graph, format: str = formatting.DEFAULT) -> list[str]:
    """One line per node, youngest first: its derivative, made of its consumers' and the local ones, and these.

    Examples
    --------
    >>> from autograd import Value
    >>> from viz.record import record
    >>> b, c = Value(3, label="b"), Value(2, label="c")
    >>> print(*backward(record(b * c)), sep="\\n")
    dv1/dv1 = 1
    dv1/dc  = dv1/dv1 · ∂v1/∂c = 1 · 3 = 3   with ∂v1/∂c = b = 3
    dv1/db  = dv1/dv1 · ∂v1/∂b = 1 · 2 = 2   with ∂v1/∂b = c = 2
    """
    found = adjoints(graph) if graph.scalar else {}
    uses: dict[str, list[EdgeInfo]] = defaultdict(list)
    for edge in graph.edges:
        uses[edge.source].append(edge)
    rows, notes = [], []
    for node in [*(n for n in reversed(graph.nodes) if n.kind != "input"), *reversed(graph.inputs)]:
        edges = uses[node.id]
        seed = ["1"] if node.id in graph.roots else []
        row = [node.derivative_name]
        if edges and node.id in found:
            names = [f"{graph.node(e.target).derivative_name} · {e.name}" for e in edges]
            worked = [f"{_signed(found[e.target], format)} · {_signed(e.value, format)}" for e in edges]
            row += [" + ".join(seed + names), " + ".join(seed + worked), formatting.show(found[node.id], format)]
        elif edges and not graph.scalar:
            row.append(
                " + ".join(
                    seed + [e.contribution or f"{graph.node(e.target).derivative_name} · {e.name}" for e in edges]
                )
            )
            row += [_derivative(node, format)] if node.has_derivative else []
        else:
            row.append("1" if seed else "0")
        rows.append(row)
        told = [(e, local(e, format)) for e in edges]
        notes.append(", ".join(" = ".join(parts) + _remark(e) for e, parts in told if _tells(e, parts)))
        if node.derivative_was:
            row[-1] += f" (was {node.derivative_was})"
        if node.accumulated:
            held = " ".join(gradient_lines(node, format)[-2:])
            notes[-1] += f"; {held}" if notes[-1] else held
    widest = max(len(row[0]) for row in rows)
    lines = [" = ".join([row[0].ljust(widest), *row[1:]]) for row in rows]
    return [f"{line}   with {note}" if note else line for line, note in zip(lines, notes)]


def unwritten(graph: Graph, chains: Sequence[Chain], all_of: int) -> str:
    """How many inputs have no derivation among `chains`, and how to ask for it; so many inputs all have one."""
    more = len(graph.inputs) - len(chains)
    return f"and {more} more: of=…" if chains and len(graph.inputs) > all_of and more > 0 else ""


def drawing(graph: Graph, show: Show, chains: Sequence[Chain], all_of: int, format: str) -> str:
    """The whole picture in words."""
    parts = []
    if show != "backward":
        parts.append(["Forward", *forward(graph, format)])
    if show != "forward":
        parts.append(["Backward" if graph.differentiated_yet else f"Backward ({NOT_YET})", *backward(graph, format)])
    if chains:
        parts.append(["Chain rule", *(chain.text for chain in chains)])
        if said := unwritten(graph, chains, all_of):
            parts[-1].append(f"({said})")
    return "\n\n".join("\n  ".join(part) for part in parts)


def _tells(edge: EdgeInfo, parts: Sequence[str]) -> bool:
    """Whether a local derivative is more than its number, or comes with a warning."""
    return edge.value is not None and len(parts) > 2 or bool(edge.remark)


def _remark(edge: EdgeInfo) -> str:
    return f" (⚠ {edge.remark})" if edge.remark else ""


def _derivative(node: NodeInfo, format: str) -> str:
    return formatting.show(node.derivative, format, node.shape, node.derivative_stats)


def _signed(x: float | None, format: str) -> str:
    shown = formatting.show(x, format)
    return f"({shown})" if shown.startswith(formatting.MINUS) else shown


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows joined with equals signs that stand below each other; a column after a very wide cell may not."""
    first = max((len(row[0]) for row in rows), default=0)
    second = max((len(row[1]) for row in rows if len(row) > 2 and len(row[1]) < 50), default=0)
    widths = (first, second, 0)
    return [" = ".join([cell.ljust(w) for cell, w in zip(row[:-1], widths)] + [row[-1]]) for row in rows]
