"""The picture of a checked gradient: which operation's own derivative is wrong."""

from __future__ import annotations

from typing import Any

from autograd.check import Report
from autograd.check.engine import NodeReport, judged_nodes
from autograd.graph import ancestors
from autograd.node import Node
from viz.domain import DomainPicture
from viz.dot import FONT_NAME, escape
from viz.picture import Picture
from viz.render import render
from viz.style import BLUE, GREY, PALE_RED, RED
from viz.taylor import TaylorPicture


class CheckPicture(Picture):
    """The recorded graph with a verdict on every operation. Made by :func:`draw_check`.

    Examples
    --------
    >>> from autograd.check import check_gradient
    >>> picture = draw_check(check_gradient(lambda a: a * a, 0.5))
    >>> picture.title
    'gradient: right'
    """

    def __init__(self, report: Report, roots: list[Node], judged: list[NodeReport]) -> None:
        self.report = report
        self.judged = {n.node: n for n in judged}
        inner, leaves = ancestors(*roots)
        self.nodes = sorted([*inner, *leaves], key=lambda node: node._time)
        self.first_wrong = next((n for n in judged if n.report.verdict == "wrong"), None)

    @property
    def title(self) -> str:
        """``gradient of f: wrong at sin``."""
        where = f" at {self.first_wrong.name}" if self.first_wrong else ""
        return f"{self.report.title}: {self.report.verdict}{where}"

    @property
    def text(self) -> str:
        """One line for each operation, then the report."""
        lines = [f"{n.name:<12} {n.report.verdict}{_numbers(n)}" for n in self.judged.values()]
        return "\n".join([self.title, *lines, "", str(self.report)])

    @property
    def source(self) -> str:
        """Graphviz source: data flows from left to right; the wrong operation is filled, and framed twice."""
        ids = {node: f"n{i}" for i, node in enumerate(self.nodes)}
        lines = ["digraph {", f'rankdir=LR; node [shape=box, style=rounded, {FONT_NAME}]; edge [color="{GREY}"];']
        lines.append(f"label=<{escape(self.title)}>; labelloc=t; {FONT_NAME};")
        for node in self.nodes:
            lines.append(f"{ids[node]} [{self._look(node)}];")
            for x in node.inputs:
                if isinstance(x, Node):
                    lines.append(f"{ids[x]} -> {ids[node]};")
        return "\n".join([*lines, "}"])

    def _look(self, node: Node) -> str:
        found = self.judged.get(node)
        name = node.label or (node.rule.name if node.rule else "input")
        if node.rule is None:
            return f'label=<{escape(name)}>, color="{BLUE}"'
        if found is None:
            return f'label=<{escape(name)}<BR/><I>not judged</I>>, color="{GREY}", fontcolor="{GREY}"'
        label = f"<B>{escape(name)}</B><BR/>{found.report.verdict}{escape(_numbers(found)).replace('; ', '<BR/>')}"
        if found.report.verdict == "wrong":
            return f'label=<{label}>, color="{RED}", fillcolor="{PALE_RED}", style=filled, peripheries=2, penwidth=2'
        return f'label=<{label}>, color="{BLUE}"'

    @property
    def svg(self) -> str:
        """The picture as SVG."""
        return self._render("svg").decode()

    def _render(self, format: str) -> bytes:
        return render(self.source, format, dpi=144 if format == "png" else 72)


def _numbers(found: NodeReport) -> str:
    worst = found.report.worst
    if found.report.verdict != "wrong" or worst is None:
        return ""
    cause = f"; {found.report.cause}" if found.report.cause else ""
    return f"; claimed {worst.claimed:.6g}; numeric {worst.numeric:.6g} ± {worst.error:.0e}{cause}"


def draw_check(report: Any) -> CheckPicture | DomainPicture | TaylorPicture:
    """Draw what a check found: the graph of a program with its verdicts, the map of a domain, or the Taylor remainder.

    The graph is that of a program judged by `autograd.check.check_gradient`, the first wrong operation marked; the
    map, after `autograd.check.check_for_all`, shows where the gradient is right, wrong or undecided, and where f is
    not defined. Of a pair (f, vjp) at one point the picture shows the remainder |f(x + hd) - f(x) - h⟨g, d⟩| against h:
    it falls as h² where the gradient is right, as h where it is not.

    Parameters
    ----------
    report : Report
        From ``check_gradient``, ``check_for_all`` or ``check_vjp`` and its like.

    Returns
    -------
    CheckPicture, DomainPicture or TaylorPicture
        ``.save("check.svg")``, ``.text``; shows itself in a notebook.

    Raises
    ------
    TypeError
        If there is nothing in the report that can be drawn: no program, no domain, nothing measured.

    Examples
    --------
    >>> from autograd.check import check_gradient
    >>> print("\\n".join(draw_check(check_gradient(lambda a: (a * a).tanh(), 0.5)).text.splitlines()[:3]))
    gradient: right
    mul          right
    tanh         right
    """
    if any(getattr(report, "seen", {}).values()):
        return DomainPicture(report)
    program = getattr(report, "program", None)
    if program is None:
        taylor = getattr(report, "taylor", None)
        if taylor is None:
            raise TypeError("draw_check needs the report of a check in which something was measured")
        return TaylorPicture(report, taylor)
    f, xs = program
    roots, judged = judged_nodes(f, xs)
    return CheckPicture(report, roots, judged)
