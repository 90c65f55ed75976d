"""The map of a domain: where a gradient was found right, wrong or undecided, and where f is not defined."""

from __future__ import annotations

from autograd.check import Report
from viz.dot import FONT_NAME, escape
from viz.picture import Picture
from viz.render import render
from viz.style import BLUE, RED

GREY = "#888888"
MARKS = {
    "right": (BLUE, "circle"),
    "wrong": (RED, "diamond"),
    "undecided": (GREY, "triangle"),
    "undefined": (GREY, "box"),
}
"""Colour and shape of each verdict: told apart without colours too, and each in a row of its own."""
WIDTH, ROW = 6.0, 0.35
"""Of the map and of one row, in inches."""


class DomainPicture(Picture):
    """One row of marks for each input and verdict, over the values of the input's entries. Made by `viz.draw_check`."""

    def __init__(self, report: Report) -> None:
        self.report = report
        inputs = sorted({i for values in report.seen.values() for i, _ in values})
        self.rows = [
            (f"input {i}: {verdict}" if len(inputs) > 1 else verdict, verdict, sorted({v for k, v in values if k == i}))
            for i in inputs
            for verdict, values in report.seen.items()
            if any(k == i for k, _ in values)
        ]

    @property
    def title(self) -> str:
        """``gradient of f: wrong``."""
        return f"{self.report.title}: {self.report.verdict}"

    @property
    def text(self) -> str:
        """One line for each row, then the report."""
        lines = [f"{name:<12} {len(v)} values from {v[0]:.6g} to {v[-1]:.6g}" for name, _, v in self.rows]
        return "\n".join([self.title, *lines, "", str(self.report)])

    @property
    def source(self) -> str:
        """Graphviz source with fixed places: values from left to right, on one scale for all rows."""
        everything = [v for _, _, values in self.rows for v in values]
        low, high = min(everything), max(everything)
        span = (high - low) or 1.0
        lines = [
            "digraph {",
            f"layout=neato; label=<{escape(self.title)}>; labelloc=t; {FONT_NAME};",
            f'node [fixedsize=true, width=0.1, height=0.1, label="", {FONT_NAME}];',
        ]
        for r, (name, verdict, values) in enumerate(self.rows):
            colour, shape = MARKS[verdict]
            y = -ROW * r
            lines.append(f'name{r} [pos="-1.2,{y:.2f}!", shape=plaintext, fixedsize=false, label=<{escape(name)}>];')
            for k, v in enumerate(values):
                place = f"{(v - low) / span * WIDTH:.3f},{y:.2f}!"
                lines.append(f'p{r}_{k} [pos="{place}", shape={shape}, color="{colour}", tooltip="{v:.6g}"];')
        bottom = -ROW * len(self.rows)
        for end, v in ((0.0, low), (WIDTH, high)):
            lines.append(
                f'end{end:.0f} [pos="{end},{bottom:.2f}!", shape=plaintext, fixedsize=false, label=<{v:.4g}>];'
            )
        return "\n".join([*lines, "}"])

    @property
    def svg(self) -> str:
        """The picture as SVG."""
        return self._render("svg").decode()

    def _render(self, format: str) -> bytes:
        return render(self.source, format)
