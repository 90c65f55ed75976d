"""Pictures of what was recorded: the graph of a program, the chain of a derivative, networks and their training.

>>> import viz
>>> from autograd import Value
>>> a, b, c = Value(5, label="a"), Value(3, label="b"), Value(2, label="c")
>>> J = 3 * (a + b * c)
>>> J.backward()
>>> drawing = viz.draw(J, names=locals())
>>> print(viz.chain(J, b, names=locals()))
dJ/db = ∂J/∂v2 · ∂v2/∂v1 · ∂v1/∂b = 3 · 1 · c = 3 · 1 · 2 = 6
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from viz.chain import Chain, Path, chain
from viz.datafile import Loaded, load
from viz.diff import diff
from viz.drawing import Drawing, draw
from viz.findings import Finding, Findings, findings
from viz.frames import Frames, frames
from viz.listing import CodePicture, code
from viz.live import page
from viz.model import Graph
from viz.names import lecture_names
from viz.picture import Picture
from viz.record import record
from viz.render import RenderError

if TYPE_CHECKING:
    from viz.check import CheckPicture, draw_check
    from viz.network import NetworkPicture, draw_network
    from viz.page.live import LivePage
    from viz.plots import plot_decision_region, plot_gradient_flow, plot_history, plot_surface
    from viz.tables import Summary, summary

_LATER = {
    "check": ("CheckPicture", "draw_check"),
    "page.live": ("LivePage",),
    "network": ("NetworkPicture", "draw_network"),
    "plots": ("plot_decision_region", "plot_gradient_flow", "plot_history", "plot_surface"),
    "tables": ("Summary", "summary"),
}
"""What needs the checker, the networks or the live page, by module: loaded when it is first asked for."""


def __getattr__(name: str) -> Any:
    for module, names in _LATER.items():
        if name in names:
            return getattr(import_module(f"viz.{module}"), name)
    raise AttributeError(f"module 'viz' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


__all__ = [
    "Chain",
    "CheckPicture",
    "CodePicture",
    "Drawing",
    "Finding",
    "Findings",
    "Frames",
    "Graph",
    "LivePage",
    "Loaded",
    "NetworkPicture",
    "Path",
    "Picture",
    "RenderError",
    "Summary",
    "chain",
    "code",
    "diff",
    "draw",
    "draw_check",
    "draw_network",
    "findings",
    "frames",
    "lecture_names",
    "load",
    "page",
    "plot_decision_region",
    "plot_gradient_flow",
    "plot_history",
    "plot_surface",
    "record",
    "summary",
]
