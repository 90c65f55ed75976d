"""The whole derivation for LaTeX: what was computed, the local derivatives, the chains."""

from __future__ import annotations

from typing import Sequence

from viz import formatting
from viz.chain import Chain
from viz.model import Graph


def derivation(graph: Graph, chains: Sequence[Chain], format: str = formatting.DEFAULT) -> str:
    r"""An ``align*`` environment (package amsmath).

    Examples
    --------
    >>> from autograd import Value
    >>> from viz.chain import chain
    >>> a = Value(3, label="a")
    >>> found = chain(a * 2, a)
    >>> print(derivation(found.graph, [found]))
    \begin{align*}
    a &= 3 \\
    v_{1} &= a \cdot 2 = 6 \\
    \frac{\partial v_{1}}{\partial a} &= 2 \\
    \frac{\mathrm{d} v_{1}}{\mathrm{d} a} &= \frac{\partial v_{1}}{\partial a} = 2
    \end{align*}
    """
    lines = []
    for node in [*graph.inputs, *(n for n in graph.nodes if n.kind != "input")]:
        value = formatting.latex(node.value, format) if isinstance(node.value, float) else None
        shown = formatting.show(node.value, format, node.shape)
        lines.append([node.latex, node.formula_latex, value or rf"\text{{{shown}}}"])
    for edge in graph.edges:
        value = None if edge.value is None else formatting.latex(edge.value, format)
        formula = edge.formula_latex if edge.formula_latex != value else None
        if formula or value:
            lines.append([edge.latex, formula, value])
    rows = [" = ".join(part for part in line if part).replace(" = ", " &= ", 1) for line in lines]
    rows += [chain.latex.replace(" = ", " &= ", 1) for chain in chains]
    return "\\begin{align*}\n" + " \\\\\n".join(rows) + "\n\\end{align*}"
