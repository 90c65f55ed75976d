"""What :func:`viz.draw` returns: a picture that can be looked at, saved, and read as text."""

from __future__ import annotations

import math
import sys
from functools import cache, cached_property
from time import perf_counter
from typing import TYPE_CHECKING, Any, Callable, Mapping, Sequence

from autograd.node import Node
from autograd.tensor import Tensor
from viz import alt, dot, formatting, svg, text, words
from viz.below import below
from viz.chain import Chain, chain_in
from viz.colours import Colour, differing, legend, marked
from viz.datafile import Loaded, dumps
from viz.dot import Line
from viz.effort import NOTED, READ, REFUSED, data_file, expected, laying_out, writing_a_page
from viz.findings import Finding, Search
from viz.fold import Folded, folded_to_fit, with_details
from viz.geometry import Box
from viz.layout import Direction, Layout, laid_out, room
from viz.look import Look
from viz.model import Graph
from viz.names import pretty
from viz.picture import FORMATS, Picture
from viz.read import read
from viz.record import DETAILED, Recording
from viz.render import LIMIT, RenderError, render
from viz.scalars import number_by_number
from viz.views import Show, View, view
from viz.widths import measured

if TYPE_CHECKING:
    from viz.page.live import LivePage

WRITTEN = 4
"""The derivations of at most so many inputs stand below a picture; of more, the largest one."""
PIXELS = 6e6
"""A PNG has at most so many: a large picture comes with fewer to the inch."""


class Drawing(Picture):
    """The picture of a recorded graph. Made by :func:`viz.draw`; nothing is laid out before it is asked for.

    Attributes
    ----------
    graph : Graph
        The recorded program, as plain data; of a large one, read when it is first asked for.
    drawn : Graph
        What of it is drawn: the same, or with groups folded.
    look : Look
        How it is drawn.
    recording : Recording or Loaded
        What it was read from.
    source : str
        Graphviz source.
    svg : str
        The picture.
    text : str
        The same in words: forward pass, backward pass, derivations.

    Examples
    --------
    >>> import viz
    >>> from autograd import Value
    >>> a, b = Value(2, label="a"), Value(3, label="b")
    >>> picture = viz.draw(a * b + a, of="a")
    >>> picture.graph.title, len(picture.graph.nodes), picture.source[:7]
    ('v2 = a·b + a', 4, 'digraph')
    """

    def __init__(
        self,
        recording: Recording | Loaded,
        search: Callable[[], Sequence[Finding]],
        drawn: Graph,
        look: Look,
        chains: tuple[Chain, ...],
        graph: Graph | None = None,
    ) -> None:
        self.recording = recording
        self.outline = recording.outline
        self.drawn = drawn
        self.look = look
        self.chains = chains
        self._search = search
        self._graph = graph

    def of(self, drawn: Graph, graph: Graph | None = None) -> Drawing:
        """The same picture of another version of what is drawn, or recorded."""
        return Drawing(self.recording, self._search, drawn, self.look, self.chains, graph or self._graph)

    @property
    def graph(self) -> Graph:
        """The recorded program, as plain data."""
        return self._graph or self.recording.graph

    @property
    def findings(self) -> Sequence[Finding]:
        """What is wrong here, as :func:`viz.findings` tells it."""
        return self._search()

    @property
    def fold(self) -> bool:
        """Whether it is folded where there is no room."""
        return self.look.fold

    @property
    def _bold(self) -> Chain | None:
        return self.chains[0] if self.look.bold else None

    @property
    def page(self) -> LivePage:
        """The picture as a page that can be stepped through and computed with.

        Raises
        ------
        ValueError
            If it takes more than 5 s to write, unless all of the program was asked for (``fold=False``).
        """
        if self.look.fold and (seconds := writing_a_page(self.outline)) > READ:
            raise ValueError(self._too_large("a page", f"takes about {seconds:.0f} s to write"))
        from viz.page.live import LivePage  # half as long to load as all the rest

        return LivePage(self)

    def _page(self) -> str:
        return self.page.html

    @property
    def formats(self) -> tuple[str, ...]:
        """What it can be saved as."""
        return (*FORMATS, "json")

    def _too_large(self, what: str, why: str) -> str:
        return (
            f"{what} of {len(self.outline):,} nodes with {len(self.outline.sources):,} inputs {why}; draw an earlier "
            "result, one layer, or fewer examples, or ask for all of it with fold=False"
        )

    def _data(self) -> str:
        if self.look.fold and (megabytes := data_file(self.outline)) > REFUSED:
            raise ValueError(self._too_large("a file of data", f"has about {megabytes:.0f} MB"))
        return dumps(with_details(self.graph, self.drawn), self.findings)

    @property
    def start(self) -> dict[str, str]:
        """What the page shows first: the node whose chain was asked for, which of the passes, and what frames tell."""
        of = {} if self._bold is None else {"of": self._bold.source.id}
        return {"show": self.look.show, **of, **({} if self.look.colour is None else {"colour": self.look.colour})}

    def still_bundle(self) -> dict[str, str]:
        """For notebooks, the picture that stands still; of what only the page can show, the text."""
        if self.look.interactive and self._expected[1] > REFUSED:
            return {"text/plain": self.text}
        return super()._repr_mimebundle_()

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        """For notebooks: the page if it was asked for and is not too large, else the picture. Never raises."""
        asked = self.look.interactive and not (self.look.fold and writing_a_page(self.outline) > READ)
        return self.page._repr_mimebundle_() if asked else self.still_bundle()

    @property
    def title(self) -> str:
        """``J = 3·(a + b·c)``."""
        return self.drawn.title

    @property
    def told(self) -> Graph:
        """What is told in words: all of it, or of a large graph what is drawn."""
        return self.graph if len(self.outline) <= DETAILED else self.drawn

    @property
    def derivations(self) -> tuple[Chain, ...]:
        """The chains that a page shows in LaTeX too."""
        return self.chains

    @cached_property
    def source(self) -> str:
        """Graphviz source, without places: for Graphviz to lay out."""
        way = self.look.direction or "LR"
        return dot.source(self.drawn, self.view, self.look.format, direction=way, below=self._below)

    @cached_property
    def view(self) -> View:
        """What is shown of the picture."""
        bold = None if self._bold is None else _drawn_ids(self.drawn, self._bold.ids)
        colour = self.look.colour
        marks = marked(self.drawn, colour) if colour else differing(self.outline.whole, self.drawn)
        return view(self.drawn, self.look.show, bold)._replace(marks=marks)

    @property
    def _legend(self) -> list[Line]:
        return [] if self.look.colour is None else legend(self.drawn, self.look.colour, self.look.format)

    @cached_property
    def layout(self) -> Layout:
        """Where everything stands, whatever of it is shown."""
        start = perf_counter()
        found = laid_out(self.drawn, self.look.format, self.look.direction, self._usual, self.look.seconds)
        self._took = perf_counter() - start
        return found

    @property
    def _shown(self) -> tuple[Chain, ...]:
        return () if self.look.show == "forward" else self.chains

    @cached_property
    def _below(self) -> list[Line]:
        """What stands below the picture."""
        return [*self._legend, *below(self.drawn, self._shown, self._all_of, self.look.show, self.look.format)]

    @property
    def _all_of(self) -> int:
        """So many inputs have all their derivations written. Who has asked for one knows how to."""
        return WRITTEN if self._bold is None else max(len(self.drawn.inputs), len(self.told.inputs))

    @cached_property
    def _usual(self) -> list[Line]:
        """What stands below if all is shown: the room for it is kept, so that nothing jumps where less is shown."""
        written = derivations(self.drawn, self.look.format)
        return [*self._legend, *below(self.drawn, written, WRITTEN, "both", self.look.format)]

    @cached_property
    def text(self) -> str:
        """Forward pass, backward pass and derivations as lines of text; of a large graph, of what is drawn."""
        return text.drawing(self.told, self.look.show, self._shown, self._all_of, self.look.format)

    @cached_property
    def description(self) -> str:
        """The picture in a few sentences, for those who cannot see it."""
        return alt.description(self.outline, self._shown, self.look.format)

    @property
    def number_format(self) -> str:
        """How numbers are written."""
        return self.look.format

    def placed(self, shown: View, lines: list[Line], least: int = 0) -> str:
        """Graphviz source of a part of the picture, everything where it stands in the whole."""
        whole, box, lines = self._room(lines, least)
        found = self.layout
        return dot.source(
            self.drawn,
            shown,
            self.look.format,
            direction=found.direction,
            lines=found.lines,
            unbroken=found.unbroken,
            places=found.places,
            below=lines,
            room=whole,
            below_box=box,
        )

    def wrapped(self, lines: list[Line]) -> list[Line]:
        """Lines as they are broken below this picture."""
        return room(self.layout.places, lines)[2]

    def _room(self, lines: list[Line], least: int = 0) -> tuple[Box, Box | None, list[Line]]:
        """How large the picture is, and where the lines below stand: they never move what is above."""
        return room(self.layout.places, lines, max(least, len(self.wrapped(self._usual))))

    @cached_property
    def svg(self) -> str:
        """The picture as SVG.

        Raises
        ------
        RenderError
            If there is no Graphviz, or the layout takes too long; the message says what to do.
        """
        return self.svg_of(self.view, self._below)

    def svg_of(self, shown: View, lines: list[Line], least: int = 0) -> str:
        """A part of the picture as SVG, with room for at least so many lines below."""
        tips = {node.id: alt.of_node(node, self.look.format) for node in self.drawn.nodes}
        for edge in self.drawn.edges:
            tips[f"{edge.id}b"] = " = ".join(words.local(edge, self.look.format))
            tips[f"{edge.id}f"] = f"{self.drawn.node(edge.source).name} → {self.drawn.node(edge.target).name}"
        for group in self.drawn.groups:
            tips[group.id] = group.name
        found = self._engine(self.placed(shown, lines, least), "svg").decode()
        return svg.finish(found, self.title, self.description, tips, measured)

    @property
    def _expected(self) -> tuple[float, float]:
        return expected(len(self.drawn.nodes), len(self.drawn.edges))

    @property
    def note(self) -> str:
        """What a large drawing will take, empty for others."""
        seconds, megabytes = self._expected
        if megabytes < NOTED:
            return ""
        _ = self.layout  # How fast this machine is, and how busy, shows in what that takes.
        seconds *= self._took / laying_out(self.drawn)
        return (
            f"{len(self.drawn.nodes):,} nodes: drawing them takes about {seconds:.1f} s, and as SVG about "
            f"{megabytes:.1f} MB (stopped after {self.look.seconds:g} s; {LIMIT} allows more)"
        )

    def _render(self, format: str) -> bytes:
        return self.render_of(self.view, self._below, format)

    def render_of(self, shown: View, lines: list[Line], format: str, least: int = 0) -> bytes:
        """A part of the picture as the bytes of a PNG or PDF."""
        whole = self._room(lines, least)[0]
        area = (whole.width + 2 * dot.PAD) * (whole.height + 2 * dot.PAD) / 72**2
        dpi = min(144.0, math.sqrt(PIXELS / area)) if format == "png" else 72.0
        return self._engine(self.placed(shown, lines, least), format, dpi)

    def _engine(self, source: str, format: str, dpi: float = 72.0) -> bytes:
        if self.note:
            print(self.note, file=sys.stderr)
        return render(source, format, "nop2", self.look.seconds, dpi)

    def __repr__(self) -> str:
        root = self.outline.node(self.outline.roots[0])
        return f"<drawing of {root.name}: {len(self.outline)} nodes, {len(self.outline.sources)} edges>"


def draw(
    root: Any,
    names: Mapping[str, Any] | None = None,
    *,
    of: Node | str | None = None,
    show: Show = "both",
    format: str = formatting.DEFAULT,
    seconds: float = 60,
    scalars: bool = False,
    direction: Direction | None = None,
    fold: bool = True,
    of_root: Any = None,
    interactive: bool = False,
    colour: Colour | None = None,
) -> Drawing:
    """Draw the graph that `root` was made from: values forward in blue, gradients backward in red.

    Each backward arrow carries its local derivative, as formula and number. Before a backward pass the picture says
    that there are no gradients yet; where ``.grad`` holds something else than the derivative of `root`, such as a sum
    over several passes, it shows both. Everything stands at the same place whatever is shown of it.

    Parameters
    ----------
    root : Value, Tensor, sequence of them, exception, or what :func:`viz.load` gives
        The result. Several results are drawn as one graph, with the derivatives of their sum. An exception is drawn as
        the program that it stopped: as far as it came, the failing operation in place with the shapes of its inputs and
        the reason.
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
    direction : {"LR", "TB"}, optional
        From left to right or from top to bottom. Unless given, whichever is more readable on a slide.
    fold : bool
        Draw neurons, layers, scopes and repetitions as one node each where there is no room for all that is in them.
    of_root : Value, Tensor or int, optional
        Of several results, the one whose derivatives are drawn: itself, or its number from 0 on.
    interactive : bool
        In a notebook, show the live page: see :func:`viz.page`. It can show what is too large for a picture.
    colour : {"gradient", "value", "kind"}, optional
        Let the nodes' frames tell the size of the gradient or of the value (the largest number of an array, on a
        logarithmic scale), or the kind of operation. Widths and dashes say the same, for print in grey; a legend
        stands below.

    Returns
    -------
    Drawing

    Raises
    ------
    TypeError
        If `root` is neither a Value nor a Tensor nor an exception.
    ValueError
        If nothing was recorded before the exception `root`; if `of` or `of_root` is not in the graph, or `show`,
        `format`, `direction` or `colour` is unknown; if `seconds` is not positive; with `scalars`, if `root` is more
        than one number and not all of them are to be drawn, or none at all; if the graph is too large to be read.
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
      dJ/db = ∂J/∂v2 · ∂v2/∂v1 · ∂v1/∂b = 3 · 1 · c = 3 · 1 · 2 = 6

    A program that fails (in an interactive session, its error is ``sys.last_value``):

    >>> import numpy as np
    >>> x, w = Tensor(np.ones((4, 3))), Tensor(np.ones((4, 2)))
    >>> try:
    ...     y = np.tanh(x) @ w
    ... except ValueError as error:
    ...     print(draw(error).graph.failed.worked)
    (4, 3) @ (4, 2)
    """
    look = Look(show, format, direction, colour, seconds, fold, interactive, of is not None).checked()
    if scalars and isinstance(root, Tensor):
        root = number_by_number(root, names)
    recording = root if isinstance(root, Loaded) else read(root, names, of_root, READ if fold else math.inf)
    outline = recording.outline
    if not outline.node(outline.roots[0]).derivative_name:
        look = look._replace(show="forward")
    folded = folded_to_fit(outline) if fold else Folded(outline)
    if fold and not interactive and expected(folded.nodes, folded.arrows)[1] > REFUSED:
        raise ValueError(
            f"a picture of {folded.nodes:,} nodes cannot be read; put its parts into `with autograd.scope(name):` "
            "or nn modules, which are folded, draw an earlier result, or ask for all of it with fold=False"
        )
    drawn = folded.graph
    bold = None if of is None else chain_in(recording.graph, _find(recording, of), format)
    chains = (bold,) if bold else derivations(drawn, format)

    @cache
    def search() -> Sequence[Finding]:
        return recording.found if isinstance(recording, Loaded) else Search(recording).found

    return Drawing(recording, search, drawn, look, chains)


def derivations(graph: Graph, format: str) -> tuple[Chain, ...]:
    """One per input if they are few, else that of the largest derivative."""
    if not graph.differentiable:
        return ()
    inputs = [node for node in graph.inputs if node.id not in graph.roots]
    if len(inputs) > WRITTEN:
        inputs = [max(inputs, key=lambda node: alt.size(node))]
    return tuple(chain_in(graph, node.id, format) for node in inputs)


def _drawn_ids(drawn: Graph, ids: set[str]) -> set[str]:
    """What stands for these nodes and edges where some are folded."""
    found = {node.id for node in drawn.nodes if node.id in ids or not ids.isdisjoint(node.members)}
    return found | {e.id for e in drawn.edges if e.id in ids or (e.source in found and e.target in found)}


def _find(recording: Recording | Loaded, of: Node | str) -> str:
    """The id of a node, or of a name as it is shown or as it was given."""
    if isinstance(of, str):
        for node in recording.graph.nodes:
            if of in (node.name, node.short) or pretty(of) == node.name:
                return node.id
    elif of in recording.ids:
        return recording.ids[of]
    root = recording.graph.differentiated
    name = of if isinstance(of, str) else getattr(of, "label", "") or "that"
    known = ", ".join(node.name for node in recording.graph.nodes[:12])
    raise ValueError(f"of: {name} is not in the graph of {root}, which has {known}")


__all__ = ["Drawing", "RenderError", "draw"]
