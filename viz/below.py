"""The lines below a picture: derivations, how many more there are, and what a reader should be warned of."""

from __future__ import annotations

from typing import Sequence

from viz import formatting
from viz.chain import Chain
from viz.dot import Line, is_large
from viz.model import Graph, NodeInfo
from viz.style import GREY, RED, WARNING
from viz.text import unwritten
from viz.views import Show

LONG = 330
"""Longer derivations are written without their factors."""
SHORT = 120
LEFT_OUT = "Local derivatives are left out here; the SVG shows each one when you point at its arrow."


def below(graph: Graph, chains: Sequence[Chain], all_of: int, show: Show, format: str) -> list[Line]:
    """What is written below a picture.

    Parameters
    ----------
    graph : Graph
        What is drawn.
    chains : sequence of Chain
        The derivations; where they are fewer than the inputs, the line after them says so.
    all_of : int
        So many inputs are all written out.
    show : {"both", "forward", "backward"}
    format : str
        How numbers are written.
    """
    lines = []
    if graph.failed is not None:
        lines.append(Line(f"⚠ at {graph.failed.line}: {graph.failed.failure}", WARNING))
    if (first := graph.first_not_finite) is not None:
        lines.append(Line(f"⚠ {not_finite(first, format)}", WARNING))
    if graph.remark:
        lines.append(Line(graph.remark, GREY))
    if show != "forward":
        if len(graph.roots) > 1:
            lines.append(
                Line(f"Gradients are those of the sum {graph.differentiated[1:-1]}; of_root= chooses one.", GREY)
            )
        for chain in chains:
            lines.append(Line(chain.text if len(chain.text) <= LONG else chain.brief, RED))
        if said := unwritten(graph, chains, all_of):
            if len(lines[-1].text) < SHORT:
                lines[-1] = Line(f"{lines[-1].text}   ({said})", RED)
            else:
                lines.append(Line(said, GREY))
        if is_large(graph):
            lines.append(Line(LEFT_OUT, GREY))
    return lines


def failed(node: NodeInfo) -> str:
    """At which operation and line a program stopped, and why."""
    formula = f"{node.name} = {node.formula}" if node.formula else node.name
    way = "" if node.kind == "failed" else ", backward"
    return f"{formula}{way}, at {node.line}: {node.failure}"


def not_finite(node: NodeInfo, format: str = formatting.DEFAULT) -> str:
    """Which operation was the first whose result is not finite."""
    formula = f"{node.name} = {node.formula}" if node.formula else node.name
    value = formatting.show(node.value, format, node.shape, node.value_stats)
    remark = f" ({node.remark})" if node.remark else ""
    return f"{formula} is the first that is not finite: {value.split('⚠ ', 1)[-1].replace('⚠ ', '')}{remark}"
