"""How long a picture takes and how large it gets, foretold; and from where on it is refused."""

from __future__ import annotations

from viz.model import Graph
from viz.outline import Outline

NOTED, REFUSED = 1.5, 4.5
"""From so many megabytes of SVG on, a drawing says what it will take; beyond, it is made only when asked for flat."""
READ = 5.0
"""A program that takes so many seconds to read, or whose page takes them, is refused, unless all of it is asked for."""


def expected(nodes: int, edges: int) -> tuple[float, float]:
    """Seconds (where the formulas were fitted) and megabytes (of SVG) that a large drawing takes.

    Fitted to drawings of 200 to 3,400 nodes and 350 to 12,000 edges; ``python benchmarks/pictures.py`` measures again.
    """
    return 0.1 + 2.6e-4 * nodes + 4.2e-4 * edges, 1.1e-3 * nodes + 1.0e-3 * edges


def _arrays(outline: Outline) -> int:
    return sum(shape != () for shape in outline.shapes)


def writing_a_page(outline: Outline) -> float:
    """How many seconds of processor time the live page takes; arrays more than numbers, of which it writes figures."""
    return 5e-5 * len(outline) + 1e-4 * _arrays(outline) + 4e-6 * len(outline.sources)


def data_file(outline: Outline) -> float:
    """How many megabytes a program's file of data has: nodes and edges alike, and figures of arrays."""
    return 5.3e-5 * (len(outline) + len(outline.sources)) + 1.1e-4 * _arrays(outline)


def laying_out(graph: Graph) -> float:
    """The part of these seconds that finding the places takes."""
    return 0.04 + 1.1e-4 * len(graph.nodes) + 5e-5 * len(graph.edges)
