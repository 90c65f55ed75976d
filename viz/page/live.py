"""What :func:`viz.page` makes: the live page of a recorded graph."""

from __future__ import annotations

import base64
import os
from dataclasses import replace
from functools import cached_property
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Mapping, Sequence

from autograd.files import write_whole
from viz.fold import fold, with_details
from viz.layout import SMALL
from viz.model import Graph
from viz.page.columns import Columns
from viz.page.document import document
from viz.page.maps import maps_of
from viz.page.numbers import NoNumbers, numbers_of
from viz.page.places import places
from viz.picture import format_of
from viz.record import Recording
from viz.render import RenderError

if TYPE_CHECKING:
    from viz.drawing import Drawing

FULL, FLAT = 500, 5_000
"""Of larger graphs what the still picture folds is folded at first, and no level has more parts than a screen shows;
those of more than the second number are divided even if nothing is to be folded, since no browser could show them."""
HEIGHT = 720
"""Of the page inside a notebook, in pixels."""


class LivePage:
    """A recorded graph as a page that is stepped through, traced and computed with. Made by :func:`viz.page`.

    Attributes
    ----------
    drawing : Drawing
        The same as a still picture.
    samples : sequence of sequences of float
        Of a network, examples for its inputs x1, x2 and so on, and behind them for its targets t1, t2 and so on.
    targets : int
        How many of these there are.

    Examples
    --------
    >>> import viz
    >>> from autograd import Value
    >>> a, b = Value(2, label="a"), Value(3, label="b")
    >>> page = viz.page(a * b + a)
    >>> page.title, page.drawing.title, page.html[:15]
    ('v2 = a·b + a', 'v2 = a·b + a', '<!DOCTYPE html>')
    """

    def __init__(
        self, drawing: Drawing, samples: Sequence[Sequence[float]] = (), title: str = "", targets: int = 0
    ) -> None:
        graph = _differentiated(with_details(drawing.graph, drawing.drawn))
        self._samples, self._title, self._targets = samples, title, targets
        # The still picture of a part of it is of no use here.
        self._same = len(drawing.drawn.nodes) == len(graph.nodes)
        neurons = [group.id for group in graph.groups if group.name.startswith("neuron")] if samples else []
        self._divided = bool(neurons) or (len(graph.nodes) > (FULL if drawing.fold else FLAT))
        folded = fold(graph, neurons) if neurons else _differentiated(drawing.drawn)
        self._folded = folded if self._divided else graph
        self.drawing = drawing.of(self._folded, graph)

    @property
    def title(self) -> str:
        """``J = 3·(a + b·c)``; of a network, what it is."""
        return self._title or self.drawing.title

    @cached_property
    def html(self) -> str:
        """The page.

        Raises
        ------
        ValueError
            If numbers are to be written in a format that the page does not know.
        """
        drawing = self.drawing
        columns = Columns(drawing.graph, drawing.number_format, self._folded, self._divided)
        start = {key: columns.number.get(x, x) for key, x in drawing.start.items()}
        data = {**columns.data, "picture": self._picture(columns), "start": start, "findings": self._findings(columns)}
        network = self._network(columns)
        numbers, reason = (None, "") if columns.scalar else self._numbers()
        data |= {"title": self.title, "network": network, "numbers": numbers and numbers.data, "reason": reason}
        data["maps"] = maps = None if columns.scalar else self._maps(columns) or None
        large = columns.parts.all or data["picture"] is None or numbers or maps
        script = "network" if network else "large" if large else "start"
        return document(self.title, drawing.text, data, columns.script, script, numbers.script if numbers else "")

    def _numbers(self) -> tuple[Columns | None, str]:
        """The numbers behind the arrays, or why there are none."""
        recording = self.drawing.recording
        try:
            if recording is None:
                return None, "it was not recorded here"
            return numbers_of(recording).columns(self.drawing.number_format), ""
        except NoNumbers as reason:
            return None, str(reason)

    def _maps(self, columns: Columns) -> dict[str, list[Any]]:
        """Maps of the arrays."""
        recording = self.drawing.recording
        if not isinstance(recording, Recording):
            return {}
        number = {columns.number[id]: node for node, id in recording.ids.items() if id in columns.number}
        return maps_of({i: (node._data, recording.gradients.get(node)) for i, node in number.items()})

    def _network(self, columns: Columns) -> dict[str, Any] | None:
        """What a network's page has besides: the neurons, the inputs, and the examples that these can be."""
        graph = self.drawing.graph
        neurons = [columns.parts.number_of(group.id) for group in graph.groups if group.name.startswith("neuron")]
        if not self._samples or not neurons:
            return None
        count = len(self._samples[0]) - self._targets
        labels = [f"x{i + 1}" for i in range(count)] + [f"t{i + 1}" for i in range(self._targets)]
        return {
            "neurons": neurons,
            "inputs": [columns.number[graph.names[label]] for label in labels],
            "targets": self._targets,
            "output": columns.number.get(graph.names.get("y", ""), -1),
            "samples": self._samples,
        }

    def _findings(self, columns: Columns) -> list[list[Any]]:
        """What is wrong here: of each finding kind, number of the node (−1 of none), text, line."""
        return [
            [found.kind, columns.number.get(found.node or "", -1), found.text, found.line or ""]
            for found in self.drawing.findings
        ]

    def _picture(self, columns: Columns) -> dict[str, Any] | None:
        """The places of the still picture, where the page shows the same; of others, it finds places itself."""
        graph = self.drawing.graph
        if max(len(graph.nodes), len(graph.edges)) > SMALL or not self._same or self._samples:
            return None
        try:
            return places(columns, self.drawing.layout)
        except RenderError:
            return None

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the page to a file.

        Parameters
        ----------
        path : str or path
            It ends in .html.

        Returns
        -------
        Path

        Raises
        ------
        ValueError
            For another ending.
        """
        path = Path(path)
        format_of(path, ("html",))
        write_whole(path, self.html.encode(errors="replace"))
        return path

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        """For notebooks: a frame of its own, so that two pages do not meet. Never raises."""
        still = self.drawing.still_bundle()
        try:
            return {**still, "text/html": _frame(self.title, self.html, still)}
        except Exception:
            return still

    def __repr__(self) -> str:
        return f"<page of {self.title}>"


def _differentiated(graph: Graph) -> Graph:
    """The graph as it is after a backward pass, which the page runs itself whether there was one or not."""
    if graph.differentiated_yet:
        return graph
    return replace(graph, nodes=[replace(node, passed=True, has_grad=False) for node in graph.nodes])


def _frame(title: str, html: str, still: Mapping[str, str]) -> str:
    """The page in a frame that covers the picture: where frames are stripped, as on GitHub, the picture is seen."""
    svg = still.get("image/svg+xml")
    if svg is None:
        picture = f"<pre>{escape(still['text/plain'])}</pre>"
    else:
        data = base64.b64encode(svg.encode()).decode()
        picture = f'<img alt="{escape(title)}" style="max-width: none" src="data:image/svg+xml;base64,{data}">'
    return (
        f'<div style="position: relative; min-height: {HEIGHT}px; overflow-x: auto">{picture}'
        f'<iframe title="{escape(title)}" sandbox="allow-scripts allow-downloads" width="100%" height="{HEIGHT}" '
        f'style="position: absolute; top: 0; left: 0; height: 100%; border: 0; background: #fff" '
        f'srcdoc="{escape(html)}"></iframe></div>'
    )
