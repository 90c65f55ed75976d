"""The Taylor remainder of a checked gradient, on logarithmic axes: it falls as h² where the gradient is right."""

from __future__ import annotations

import math
from typing import Iterator

from autograd.check import Report
from autograd.check.taylor import Taylor
from viz import formatting
from viz.dot import FONT_NAME, escape
from viz.picture import Picture
from viz.render import render
from viz.style import BLUE, GREY, RED
from viz.svg import finish
from viz.widths import measured

WIDTH, HEIGHT = 5.0, 3.5
"""Of the square of axes, in inches."""
SIZE = 12


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
        verdict, _, order = self.title.partition("; ")
        title = f"{escape(verdict)}<BR/>{escape(order)}"
        lines = [
            "digraph {",
            f"graph [layout=neato label=<{title}> labelloc=t {FONT_NAME} fontsize={SIZE}]",
            f'node [fixedsize=true width=0.1 height=0.1 label="" {FONT_NAME} fontsize={SIZE}]',
            "edge [arrowhead=none]",
            *(self._drawn() if len(self.points) > 1 else [_text("nothing", 0.0, 0.0, self._nothing)]),
        ]
        return "\n".join([*lines, "}"])

    @property
    def _nothing(self) -> str:
        """Why there is nothing to be drawn."""
        if all(map(math.isfinite, self.taylor.remainder)):
            return "Nothing is left of f at any step: along this direction it is linear, or constant."
        return "What is left of f is not finite: the function, or the claimed gradient, is not."

    def _drawn(self) -> Iterator[str]:
        xs, ys = [x for x, _ in self.points], [y for _, y in self.points]
        low, high, bottom, top = min(xs), max(xs), min(ys), max(ys)

        def place(x: float, y: float) -> tuple[float, float]:
            return (x - low) / ((high - low) or 1.0) * WIDTH, (y - bottom) / ((top - bottom) or 1.0) * HEIGHT

        edge, up, right = -0.15, HEIGHT + 0.1, WIDTH + 0.1
        yield from _line("axes", (edge, up), (edge, edge), "solid")
        yield from _line("along", (edge, edge), (right, edge), "solid")
        yield _text("step", WIDTH / 2, edge - 0.2, "step h")
        yield _text("remainder", WIDTH / 4, HEIGHT + 0.35, "what is left: |f(x + h·d) − f(x) − h·⟨g, d⟩|")
        for k, x in enumerate((low, high)):
            yield _text(f"x{k}", place(x, bottom)[0], edge - 0.2, _power(x))
        for k, y in enumerate((bottom, top)):
            yield _text(f"y{k}", edge - 0.35, place(low, y)[1], _power(y))
        if not math.isnan(self.taylor.order):
            start = place(high, ys[0])
            for order, style, aside in ((1, "dotted", (-0.25, 0.15)), (2, "dashed", (0.35, -0.1))):
                length = min(high - low, (ys[0] - bottom) / order)
                end = place(high - length, ys[0] - order * length)
                yield from _line(f"order{order}", start, end, style)
                middle = (start[0] + end[0]) / 2 + aside[0], (start[1] + end[1]) / 2 + aside[1]
                yield _text(f"word{order}", *middle, f"order {order}")
        right_one = math.isnan(self.taylor.order) or self.taylor.order > 1.5
        colour, shape = (BLUE, "circle") if right_one else (RED, "diamond")
        for k, (x, y) in enumerate(self.points):
            told = f"h = {_power(x, '.2e')}: {_power(y, '.2e')}"
            yield f'p{k} [{_at(*place(x, y))} shape={shape} color="{colour}" tooltip="{told}"]'

    @property
    def svg(self) -> str:
        """The picture as SVG."""
        return finish(self._render("svg").decode(), self.title, self.text, {}, measured)

    def _render(self, format: str) -> bytes:
        return render(self.source, format, dpi=144 if format == "png" else 72)


def _power(x: float, format: str = ".0e") -> str:
    """10ˣ, which is at most the largest float there is."""
    return formatting.show(10 ** min(x, 308.25), format)


def _at(x: float, y: float) -> str:
    return f'pos="{x:.3f},{y:.3f}!"'


def _text(name: str, x: float, y: float, words: str) -> str:
    return f'{name} [{_at(x, y)} shape=plain fixedsize=false fontcolor="{GREY}" label=<{escape(words)}>]'


def _line(name: str, start: tuple[float, float], end: tuple[float, float], style: str) -> Iterator[str]:
    for where, point in (("from", start), ("to", end)):
        yield f"{name}_{where} [{_at(*point)} shape=point style=invis width=0 height=0]"
    yield f'{name}_from -> {name}_to [style={style} color="{GREY}"]'
