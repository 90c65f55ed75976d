"""What :func:`viz.draw` returns: a picture that can be looked at, saved, and read as text."""

from __future__ import annotations

import sys
from functools import cached_property
from typing import Any, Mapping

import numpy as np

from autograd.node import Node
from autograd.replay import as_values
from autograd.tensor import Tensor
from autograd.value import Value
from viz import dot, formatting, svg, text
from viz.chain import Chain, chain_in
from viz.dot import Show
from viz.model import Graph, record
from viz.names import name_nodes
from viz.picture import Picture
from viz.render import LIMIT, RenderError, render

BELOW = 4
"""The derivations of at most so many inputs stand below a picture."""
NOTED = 500
"""From so many nodes on, a drawing says how long it will take."""


class Drawing(Picture):
    """The picture of a recorded graph. Made by :func:`viz.draw`; nothing is laid out before it is asked for.

    Attributes
    ----------
    graph : Graph
        The picture's model, as plain data.
    source : str
        Graphviz source.
    svg : str
        The picture.
    text : str
        The same in words: forward pass, backward pass, derivations.
    """

    def __init__(
        self, graph: Graph, show: Show, chains: tuple[Chain, ...], bold: Chain | None, format: str, seconds: float
    ) -> None:
        self.graph = graph
        self.chains = chains
        self._show: Show = show
        self._bold = bold
        self._format = format
        self._seconds = seconds

    @property
    def title(self) -> str:
        """``J = 3·v``."""
        root = self.graph.node(self.graph.root)
        return f"{root.name} = {root.formula}" if root.formula else root.name

    @property
    def derivations(self) -> tuple[Chain, ...]:
        """The chains that a page shows in LaTeX too."""
        return self.chains

    @cached_property
    def source(self) -> str:
        """Graphviz source."""
        return dot.source(self.graph, self._show, self._shown, self._bold, self._format)

    @property
    def _shown(self) -> tuple[Chain, ...]:
        return () if self._show == "forward" else self.chains

    @cached_property
    def text(self) -> str:
        """Forward pass, backward pass and derivations as lines of text."""
        return text.drawing(self.graph, self._show, self._shown, self._format)

    @cached_property
    def svg(self) -> str:
        """The picture as SVG.

        Raises
        ------
        RenderError
            If there is no Graphviz, or the layout takes too long; the message says what to do.
        """
        tips = {node.id: _tip(node, self._format) for node in self.graph.nodes}
        for edge in self.graph.edges:
            tips[f"{edge.id}b"] = " = ".join(dot.local(edge, self._format))
            tips[f"{edge.id}f"] = f"{self.graph.node(edge.source).name} → {self.graph.node(edge.target).name}"
        derivation = "\n".join(chain.text for chain in self.chains)
        return svg.finish(self._render("svg").decode(), self.title, derivation, tips)

    @property
    def note(self) -> str:
        """What a large drawing will take, empty for others."""
        size = len(self.graph.nodes)
        if size <= NOTED:
            return ""
        return (
            f"{size:,} nodes: laying them out takes about {0.3 + size * 6e-4:.1f} s "
            f"(stopped after {self._seconds:g} s; {LIMIT} allows more)"
        )

    def _render(self, format: str) -> bytes:
        if self.note:
            print(self.note, file=sys.stderr)
        return render(self.source, format, "nop" if dot.is_large(self.graph) else "dot", self._seconds)

    def __repr__(self) -> str:
        root = self.graph.node(self.graph.root)
        return f"<drawing of {root.name}: {len(self.graph.nodes)} nodes, {len(self.graph.edges)} edges>"


def draw(
    root: Node,
    names: Mapping[str, Any] | None = None,
    *,
    of: Node | str | None = None,
    show: Show = "both",
    format: str = formatting.DEFAULT,
    seconds: float = 60,
    scalars: bool = False,
) -> Drawing:
    """Draw the graph that `root` was made from: values forward in blue, gradients backward in red.

    Each backward arrow carries its local derivative, as formula and number. Gradients are those that
    ``root.backward()`` has left in ``.grad``; before, the picture says that there are none yet.

    Parameters
    ----------
    root : Value or Tensor
    names : mapping, optional
        Names for nodes without a label: ``names=locals()``. Those without either are v1, v2, …
    of : Value, Tensor or str, optional
        Draw the chain d(root)/d(of) boldly and the rest faded. A node, or its name.
    show : {"both", "forward", "backward"}
        Both passes or one.
    format : str
        How numbers are written.
    seconds : float
        The layout of a large graph is stopped after so long.
    scalars : bool
        Draw a small Tensor program as the graph of its single numbers.

    Returns
    -------
    Drawing

    Raises
    ------
    TypeError
        If `root` is neither a Value nor a Tensor.
    ValueError
        If `of` is not in the graph, or `show` or `format` is unknown; with `scalars`, if `root` is more than
        one number.
    NoRuleError
        With `scalars`, if an operation has no meaning number by number.

    Examples
    --------
    >>> from autograd import Value
    >>> a, b, c = Value(5), Value(3), Value(2)
    >>> J = 3 * (a + b * c)
    >>> J.backward()
    >>> drawing = draw(J, names=locals())
    >>> drawing
    <drawing of J: 6 nodes, 5 edges>
    >>> print(drawing.text.splitlines()[-2])
      dJ/db = ∂J/∂v2 · ∂v2/∂v1 · ∂v1/∂b = 3 · 1 · 2 = 6
    """
    formatting.check_format(format)
    if show not in ("both", "forward", "backward"):
        raise ValueError(f"show must be 'both', 'forward' or 'backward', not {show!r}")
    if scalars and isinstance(root, Tensor):
        root = _as_scalars(root, names)
    graph = record(root, names)
    bold = None if of is None else chain_in(graph, _find(graph, of), format)
    chains = (bold,) if bold else _derivations(graph, format)
    return Drawing(graph, show, chains, bold, format, seconds)


def _derivations(graph: Graph, format: str) -> tuple[Chain, ...]:
    """One per input, if they are few."""
    inputs = [node for node, id in graph.ids.items() if graph.node(id).kind == "input"]
    return tuple(chain_in(graph, node, format) for node in inputs) if len(inputs) <= BELOW else ()


def _as_scalars(root: Tensor, names: Mapping[str, Any] | None) -> Value:
    """The program of `root` run again on Values, and differentiated if it was."""
    if root.size != 1:
        raise ValueError(f"scalars=True draws one number, but this has shape {root.shape}; draw one element or the sum")
    given = name_nodes([root], names)[root]
    output, leaves = as_values(root)
    result: Value = output.item()
    for leaf, values in leaves.items():
        for index in np.ndindex(values.shape):
            if not values[index].label:
                name = next((key for key, x in (names or {}).items() if x is leaf), "")
                values[index].label = f"{name}[{', '.join(map(str, index))}]" if name and index else name
    if result.rule is not None and not result.label:
        result.label = given if given != "v1" else ""
    if any(leaf.grad is not None for leaf in leaves):
        result.backward()
    return result


def _find(graph: Graph, of: Node | str) -> Node:
    for node, id in graph.ids.items():
        if node is of or (isinstance(of, str) and graph.node(id).name == of):
            return node
    root = graph.node(graph.root).name
    name = of if isinstance(of, str) else getattr(of, "label", "") or "that"
    known = ", ".join(node.name for node in graph.nodes[:12])
    raise ValueError(f"of: {name} is not in the graph of {root}, which has {known}")


def _tip(node: Any, format: str) -> str:
    value = formatting.show(node.value, format, node.shape)
    parts = [node.name, node.formula, value] if node.formula else [node.name, value]
    return f"{' = '.join(parts)}\n{dot.gradient(node, format)}"


__all__ = ["Drawing", "RenderError", "draw"]
