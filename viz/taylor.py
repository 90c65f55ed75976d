"""The Taylor remainder of a checked gradient, on logarithmic axes: it falls as h² where the gradient is right."""

from __future__ import annotations

import math

from autograd.check import Report
from autograd.check.taylor import Taylor
from viz.dot import FONT_NAME, escape
from viz.picture import Picture
from viz.render import render
from viz.style import BLUE, GREY, RED

WIDTH, HEIGHT = 5.0, 3.5
"""Of the square of axes, in inches."""


class TaylorPicture(Picture):
    """``|f(x + hd) - f(x) - h⟨g, d⟩|`` against h, between lines of order 1 and 2. Made by `viz.draw_check`."""

    def __init__(self, report: Report, taylor: Taylor) -> None:
        self.report, self.taylor = report, taylor
        pairs = zip(taylor.steps, taylor.remainder, strict=True)
        self.points = [(math.log10(h), math.log10(r)) for h, r in pairs if 0 < r < math.inf]
        """Logarithms of step and remainder, coarse steps first; steps at which nothing remains have no place."""

    @property
    def title(self) -> str:
        """``gradient of f: right; the Taylor remainder falls as h^2.00, as for a right gradient``."""
        return f"{self.report.title}: {self.report.verdict}; {self.taylor}"

    @property
    def text(self) -> str:
        """One line for each step, then the report."""
        lines = [f"h = 1e{x:+06.2f}   remainder = 1e{y:+07.2f}" for x, y in self.points]
        return "\n".join([self.title, *lines, "", str(self.report)])

    @property
    def source(self) -> str:
        """Graphviz source with fixed places: the remainders as marks, the two orders as lines from the largest step."""
        right = math.isnan(self.taylor.order) or self.taylor.order > 1.5
        colour, shape = (BLUE, "circle") if right else (RED, "diamond")
        lines = [
            "digraph {",
            f"layout=neato; label=<{escape(self.title)}>; labelloc=t; {FONT_NAME};",
            f'node [fixedsize=true, width=0.1, height=0.1, label="", {FONT_NAME}]; edge [arrowhead=none];',
        ]
        xs, ys = [x for x, _ in self.points] or [0.0], [y for _, y in self.points] or [0.0]
        low, high, bottom, top = min(xs), max(xs), min(ys), max(ys)

        def place(x: float, y: float) -> str:
            across, up = (x - low) / ((high - low) or 1.0), (y - bottom) / ((top - bottom) or 1.0)
            return f"{across * WIDTH:.3f},{up * HEIGHT:.3f}!"

        for k, (x, y) in enumerate(self.points):
            lines.append(
                f'p{k} [pos="{place(x, y)}", shape={shape}, color="{colour}", tooltip="h = {10**x:.3g}: {10**y:.3g}"];'
            )
        for order, style in ((1, "dotted"), (2, "dashed")):
            length = min(high - low, (ys[0] - bottom) / order)
            end = place(high - length, ys[0] - order * length)
            lines.append(f'start{order} [pos="{place(high, ys[0])}", shape=point, width=0.01];')
            lines.append(f'end{order} [pos="{end}", shape=plaintext, fontcolor="{GREY}", label=<order {order}>];')
            lines.append(f'start{order} -> end{order} [style={style}, color="{GREY}"];')
        words = ((low, f"h = {10**low:.0e}"), (high, f"h = {10**high:.0e}"))
        for k, (x, word) in enumerate(words):
            across = place(x, bottom).split(",")[0]
            lines.append(f'axis{k} [pos="{across},-0.35!", shape=plaintext, label=<{word}>];')
        for k, y in enumerate((bottom, top)):
            up = place(low, y).split(",")[1]
            lines.append(f'height{k} [pos="-0.6,{up}", shape=plaintext, label=<{10**y:.0e}>];')
        return "\n".join([*lines, "}"])

    @property
    def svg(self) -> str:
        """The picture as SVG."""
        return self._render("svg").decode()

    def _render(self, format: str) -> bytes:
        return render(self.source, format)
