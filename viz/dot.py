"""The picture as Graphviz source: values and forward arrows in blue, gradients and backward arrows in red.

Every text goes through :func:`escape`, so a label shows as it was written, whatever it contains.
"""

from __future__ import annotations

import textwrap
from typing import Literal, Sequence

from viz import formatting
from viz.chain import Chain
from viz.layout import positions
from viz.model import EdgeInfo, Graph, NodeInfo

Show = Literal["both", "forward", "backward"]

BLUE, RED = "#0077BB", "#CC3311"
"""Paul Tol's vibrant scheme: told apart by the colour-blind, dark enough on white."""
PALE_BLUE, PALE_RED, PALE = "#CCE4F1", "#F4D2CA", "#B8B8B8"
FONT = 'fontname="Helvetica,Arial,sans-serif"'

LABELLED = 150
"""Graphs of more edges have no labels on them, and are laid out by :mod:`viz.layout`: Graphviz takes too long."""
LEFT_OUT = "Local derivatives are left out here; the SVG shows each one when you point at its arrow."
WRAP = 110
"""Characters per line below the picture."""


def escape(text: str) -> str:
    """`text` for a Graphviz label in HTML style; control characters become visible.

    Examples
    --------
    >>> print(escape('<a & "b">'))
    &lt;a &amp; &quot;b&quot;&gt;
    """
    return "".join(map(_escaped, text))


def _escaped(c: str) -> str:
    code = ord(c)
    if c in _ENTITIES:
        return _ENTITIES[c]
    if code < 32:
        return chr(0x2400 + code)
    if 0x7F <= code < 0xA0 or 0xD800 <= code < 0xE000 or code & 0xFFFE == 0xFFFE:
        return "\N{REPLACEMENT CHARACTER}"
    return c


# A backslash would start one of Graphviz's own escapes, such as \N for the node's name.
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\\": "\\\\", "\n": "<BR/>", "\t": " "}


def is_large(graph: Graph) -> bool:
    """Whether the graph is drawn without labels on its edges."""
    return len(graph.edges) > LABELLED


def source(graph: Graph, show: Show, chains: Sequence[Chain], bold: Chain | None, format: str) -> str:
    """The Graphviz source of a picture.

    Parameters
    ----------
    graph : Graph
    show : {"both", "forward", "backward"}
        Which arrows and numbers.
    chains : sequence of Chain
        Written below.
    bold : Chain, optional
        Its nodes and edges are drawn boldly, the others faded.
    format : str
        How numbers are written.
    """
    large = is_large(graph)
    everything = {node.id for node in graph.nodes} | {edge.id for edge in graph.edges}
    faded = set() if bold is None else everything - bold.ids
    hint = LEFT_OUT if large and show != "forward" else ""
    lines = [
        "digraph {",
        f'graph [rankdir=LR bgcolor="white" nodesep=0.15 ranksep=0.4 pad=0.15 {FONT} fontsize=13 fontcolor="{RED}"',
        f"       labelloc=b labeljust=c{' splines=curved' if large else ''}{_below(chains, hint)}]",
        f"node [shape=plain {FONT} fontsize=12]",
        f"edge [{FONT} fontsize=11 arrowsize=0.8]",
    ]
    places = positions(graph) if large else {}
    for node in graph.nodes:
        at = f'pos="{places[node.id][0]:.0f},{places[node.id][1]:.0f}" ' if large else ""
        table = _table(node, show, format, node.id in faded, bold is not None)
        lines.append(f"{node.id} [id={node.id} {at}label=<{table}>]")
    if show != "backward":
        lines.append(f'edge [color="{BLUE}" class=forward]')
        lines += [_forward(edge, edge.id in faded, bold is not None) for edge in graph.edges]
    if show != "forward":
        lines.append(f'edge [color="{RED}" fontcolor="{RED}" style=dashed class=backward dir=back]')
        for edge in graph.edges:
            lines.append(_backward(edge, edge.id in faded, bold is not None, not large, format))
    return "\n".join([*lines, "}"]) + "\n"


def _table(node: NodeInfo, show: Show, format: str, faded: bool, chosen: bool) -> str:
    frame = {"input": "#555555", "operation": BLUE, "output": BLUE}[node.kind]
    filled = {"input": "#F7F7F7", "operation": "#EDF5FA", "output": "#EDF5FA"}[node.kind]
    black, blue, red = ("#111111", BLUE, RED) if not faded else (PALE, PALE_BLUE, PALE_RED)
    width = 2 if node.kind == "output" or (chosen and not faded) else 1
    value = formatting.show(node.value, format, node.shape)
    title = f"<B>{wrapped(node.name)}</B>" + (f" = {wrapped(node.formula)}" if node.formula else "")
    rows = [_cell(title, black)]
    if show != "backward":
        rows.append(_cell(escape(value), blue))
    if show != "forward":
        rows.append(_cell(wrapped(gradient(node, format)), red))
    if node.kind == "input" and show != "backward":
        rows[:2] = [_cell(f'{title} = <FONT COLOR="{blue}">{escape(value)}</FONT>', black)]
    return (
        f'<TABLE BORDER="{width}" CELLBORDER="0" CELLSPACING="0" CELLPADDING="4" STYLE="ROUNDED" '
        f'COLOR="{PALE if faded else frame}" BGCOLOR="{"#FFFFFF" if faded else filled}">{"".join(rows)}</TABLE>'
    )


def _cell(html: str, colour: str) -> str:
    return f'<TR><TD><FONT COLOR="{colour}">{html}</FONT></TD></TR>'


def gradient(node: NodeInfo, format: str) -> str:
    """``dJ/da = 3``, or that there is none yet."""
    return node.grad_note or f"{node.grad_name} = {formatting.show(node.grad, format, node.shape)}"


def local(edge: EdgeInfo, format: str) -> list[str]:
    """A local derivative in its parts: ``∂u/∂b``, ``c``, ``2``, what is known of them and tells something."""
    parts = [edge.name]
    shown = None if edge.value is None else formatting.show(edge.value, format)
    if edge.formula is not None and (shown is None or not _is_number(edge.formula)):
        parts.append(edge.formula)
    return parts if shown is None else [*parts, shown]


def _is_number(formula: str) -> bool:
    try:
        float(formula.replace("−", "-").replace("∞", "inf").strip("()"))
    except ValueError:
        return False
    return True


def _forward(edge: EdgeInfo, faded: bool, chosen: bool) -> str:
    style = f' color="{PALE_BLUE}"' if faded else " penwidth=2" if chosen else ""
    return f"{edge.source} -> {edge.target} [id={edge.id}f{style}]"


def _backward(edge: EdgeInfo, faded: bool, chosen: bool, labelled: bool, format: str) -> str:
    style = f' color="{PALE_RED}" fontcolor="{PALE_RED}"' if faded else " penwidth=2.5" if chosen else ""
    label = ""
    if labelled:
        parts = list(map(wrapped, local(edge, format)))
        joined = " = ".join(parts)
        if len(joined) > 40 and len(parts) > 2:
            joined = "<BR/>= ".join(parts)
        # A table, for the margin that keeps the line off its label.
        label = f' label=<<TABLE BORDER="0" CELLSPACING="0" CELLPADDING="1"><TR><TD>{joined}</TD></TR></TABLE>>'
    return f"{edge.source} -> {edge.target} [id={edge.id}b{style}{label}]"


def wrapped(text: str, width: int = 36) -> str:
    """Escaped, and broken into lines where it is long, at a space if there is one."""
    lines = []
    for line in text.split("\n"):
        while len(line) > width:
            cut = line.rfind(" ", width // 2, width) + 1 or width
            lines.append(line[:cut])
            line = line[cut:]
        lines.append(line)
    return "<BR/>".join(map(escape, lines))


def _below(chains: Sequence[Chain], hint: str) -> str:
    rows = [f'{escape(hint)}<BR ALIGN="LEFT"/>'] if hint else []
    for chain in chains:
        shown = chain.text if len(chain.text) <= 3 * WRAP else chain.brief
        lines = textwrap.wrap(shown, WRAP, break_long_words=False, subsequent_indent="      ")
        rows += [f'<BR ALIGN="LEFT"/>{escape(line)}' if i else escape(line) for i, line in enumerate(lines)]
        rows.append('<BR ALIGN="LEFT"/>')
    return f" label=<{''.join(rows)}>" if rows else ""
