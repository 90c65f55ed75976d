"""A backward pass told in pictures: the forward pass node by node, then the backward pass edge by edge.

Every frame has the size of the others, and everything stands where it stands in the whole picture; so they can be laid
over each other on slides, printed as pages, or played.
"""

from __future__ import annotations

import io
from collections import defaultdict
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any, Iterator, Mapping, NamedTuple

from autograd.files import write_whole
from viz import formatting
from viz.dot import Line
from viz.drawing import Drawing, draw
from viz.model import Graph, NodeInfo, adjoints
from viz.picture import format_of
from viz.style import BLUE, RED
from viz.views import View

STEPS = ("svg", "png", "pdf", "gif")
"""What frames can be saved as."""
SECONDS = 1.4
"""How long a frame of an animated GIF stands."""


class Step(NamedTuple):
    """One step: what is shown of the picture, and what it says below."""

    view: View
    line: Line


class Frames:
    """The steps of a forward and a backward pass as pictures of one size. Made by :func:`viz.frames`.

    Examples
    --------
    >>> from autograd import Value
    >>> a, b = Value(2, label="a"), Value(3, label="b")
    >>> told = frames(a * b + a)
    >>> len(told), told.lines[1], told.lines[-2]
    (8, 'v1 = a·b = 2·3 = 6', 'dv2/da = 1 + dv2/dv1 · ∂v1/∂a = 1 + 1 · 3 = 4')
    """

    def __init__(self, drawing: Drawing) -> None:
        # The frames are a backward pass themselves, whether there was one or not.
        drawn = drawing.drawn
        nodes = [replace(node, passed=True, has_grad=False) for node in drawn.nodes]
        self.drawing = drawing.of(replace(drawn, nodes=nodes))
        self._steps = list(steps(self.drawing.drawn, self.drawing.view, drawing.number_format))

    @property
    def lines(self) -> list[str]:
        """What each step says."""
        return [step.line.text for step in self._steps]

    @cached_property
    def svgs(self) -> list[str]:
        """Each step as SVG."""
        return [self.drawing.svg_of(step.view, [step.line], self._room) for step in self._steps]

    @cached_property
    def _room(self) -> int:
        """How many lines the longest text below takes."""
        return max(len(self.drawing.wrapped([step.line])) for step in self._steps)

    def _rendered(self, format: str) -> list[bytes]:
        return [self.drawing.render_of(step.view, [step.line], format, self._room) for step in self._steps]

    def save(self, path: str | Path) -> list[Path]:
        """Write the steps: .pdf with a page each, .gif animated, .svg or .png as numbered files.

        Parameters
        ----------
        path : str or path

        Returns
        -------
        list of Path
            What was written.

        Raises
        ------
        ValueError
            For another ending.
        ImportError
            If the library for PDF pages (pypdf) or GIF (Pillow) is missing; it says how to have it.
        """
        path = Path(path)
        format = format_of(path, STEPS)
        if format == "pdf":
            write_whole(path, _pages(self._rendered("pdf")))
            return [path]
        if format == "gif":
            write_whole(path, _animated(self._rendered("png")))
            return [path]
        content = [svg.encode() for svg in self.svgs] if format == "svg" else self._rendered("png")
        digits = len(str(len(content)))
        paths = [path.with_name(f"{path.stem}-{i:0{digits}}{path.suffix}") for i in range(1, len(content) + 1)]
        for file, data in zip(paths, content):
            write_whole(file, data)
        return paths

    def __len__(self) -> int:
        return len(self._steps)

    def __repr__(self) -> str:
        return f"<{len(self)} frames of {self.drawing.title}>"


def frames(root: Any, names: Mapping[str, Any] | None = None, **options: Any) -> Frames:
    """The forward pass node by node and the backward pass edge by edge, with the sum so far, as pictures.

    Parameters
    ----------
    root, names, options
        As for :func:`viz.draw`.

    Returns
    -------
    Frames
        ``.save("J.pdf")`` has a page for each, ``.save("J.gif")`` plays them, ``.save("J.svg")`` and ``.save("J.png")``
        write numbered files; ``.svgs`` and ``.lines`` are the pictures and what they say.

    Examples
    --------
    >>> from autograd import Value
    >>> frames(Value(2, label="a") * 3)
    <4 frames of v1 = a·3>
    """
    return Frames(draw(root, names, **options))


def save_frames(drawing: Drawing, path: Path) -> list[Path]:
    """Write the steps of a drawing, as :meth:`Frames.save` does."""
    return Frames(drawing).save(path)


def steps(graph: Graph, whole: View, format: str = formatting.DEFAULT) -> Iterator[Step]:
    """What is shown, step by step."""
    nothing: frozenset[str] = frozenset()
    shown = whole._replace(
        values=frozenset(n.id for n in graph.inputs), gradients=nothing, forward=nothing, backward=nothing
    )
    given = ", ".join(f"{n.name} = {_value(n, format)}" for n in graph.inputs)
    yield Step(shown, Line(f"Given: {given}" if given else "Given", BLUE))
    into = defaultdict(list)
    for edge in graph.edges:
        into[edge.target].append(edge)
    for node in graph.nodes:
        if node.kind == "input":
            continue
        arrows = {edge.id for edge in into[node.id]}
        shown = shown._replace(values=shown.values | {node.id}, forward=shown.forward | arrows)
        yield Step(shown._replace(lit=frozenset({node.id, *arrows})), Line(forward_line(node, format), BLUE))
    yield from _backward(graph, shown, into, format)


def _backward(graph: Graph, shown: View, into: Mapping[str, Any], format: str) -> Iterator[Step]:
    found = adjoints(graph) if graph.scalar else {}
    for root in graph.roots:
        node = graph.node(root)
        shown = shown._replace(gradients=shown.gradients | {root})
        text = f"{node.derivative_name} = 1" if len(graph.roots) == 1 else f"{node.derivative_name} starts at 1"
        yield Step(shown._replace(lit=frozenset({root})), Line(text, RED))
    so_far: dict[str, list[str]] = {root: ["1"] for root in graph.roots}
    total: dict[str, float] = dict.fromkeys(graph.roots, 1.0)
    waiting: dict[str, int] = defaultdict(int)
    reached = set(graph.roots)
    for edge in reversed(graph.edges):
        if edge.target in reached:
            reached.add(edge.source)
            waiting[edge.source] += 1
    for target in reversed(graph.nodes):
        for edge in into[target.id]:
            if edge.target not in so_far:
                continue
            source = graph.node(edge.source)
            waiting[edge.source] -= 1
            if graph.scalar:
                term = f"{_signed(found[edge.target], format)} · {_signed(edge.value, format)}"
                before = total.get(edge.source)
                total[edge.source] = (before or 0.0) + found[edge.target] * (edge.value or 0.0)
                sums = dict(shown.sums)
                sums[edge.source] = f"{source.derivative_name} = {formatting.show(total[edge.source], format)}"
                sums[edge.source] += " + …" if waiting[edge.source] else ""
                earlier = "" if before is None else f"{formatting.show(before, format)} + "
                text = (
                    f"{source.derivative_name} = {earlier}{target.derivative_name} · {edge.name} = {earlier}{term} = "
                    f"{formatting.show(total[edge.source], format)}"
                )
                shown = shown._replace(sums=sums)
            else:
                earlier = "… + " if edge.source in so_far else ""
                told = edge.contribution or f"{target.derivative_name} · {edge.name}"
                text = f"{source.derivative_name} = {earlier}{told}"
            text += " + …" if waiting[edge.source] else ""
            so_far.setdefault(edge.source, []).append(edge.id)
            done = graph.scalar or not waiting[edge.source]
            gradients = shown.gradients | ({edge.source} if done else set())
            shown = shown._replace(gradients=gradients, backward=shown.backward | {edge.id})
            yield Step(shown._replace(lit=frozenset({edge.id, edge.source})), Line(text, RED))


def forward_line(node: NodeInfo, format: str) -> str:
    """``u = b·c = 3·2 = 6``."""
    parts = [node.name, node.formula, node.worked, _value(node, format)]
    told = [part for part in parts if part]
    return " = ".join(part for i, part in enumerate(told) if i == 0 or part != told[i - 1])


def _value(node: NodeInfo, format: str) -> str:
    return formatting.show(node.value, format, node.shape, node.value_stats)


def _signed(x: float | None, format: str) -> str:
    shown = formatting.show(x, format)
    return f"({shown})" if shown.startswith(formatting.MINUS) else shown


def _pages(pdfs: list[bytes]) -> bytes:
    """One PDF with the pages of all."""
    try:
        from pypdf import PdfWriter
    except ImportError:
        raise ImportError('a PDF with one page per step needs pypdf: python -m pip install "gradgraph[viz]"') from None
    writer = PdfWriter()
    for pdf in pdfs:
        writer.append(io.BytesIO(pdf))
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _animated(pngs: list[bytes]) -> bytes:
    """One GIF that shows all, the last for longer."""
    try:
        from PIL import Image
    except ImportError:
        raise ImportError('an animated GIF needs Pillow: python -m pip install "gradgraph[viz]"') from None
    images = [Image.open(io.BytesIO(png)).convert("RGB").quantize(64) for png in pngs]
    out = io.BytesIO()
    times = [int(1000 * SECONDS)] * (len(images) - 1) + [int(3000 * SECONDS)]
    images[0].save(out, "GIF", save_all=True, append_images=images[1:], duration=times, loop=0)
    return out.getvalue()
