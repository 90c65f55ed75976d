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

from viz.chain import Chain, Path, chain
from viz.check import CheckPicture, draw_check
from viz.drawing import Drawing, draw
from viz.findings import Finding, Findings, findings
from viz.frames import Frames, frames
from viz.model import Graph
from viz.names import lecture_names
from viz.network import NetworkPicture, draw_network
from viz.picture import Picture
from viz.plots import plot_decision_region, plot_gradient_flow, plot_history, plot_surface
from viz.record import record
from viz.render import RenderError
from viz.tables import Summary, summary

__all__ = [
    "Chain",
    "CheckPicture",
    "Drawing",
    "Finding",
    "Findings",
    "Frames",
    "Graph",
    "NetworkPicture",
    "Path",
    "Picture",
    "RenderError",
    "Summary",
    "chain",
    "draw",
    "draw_check",
    "draw_network",
    "findings",
    "frames",
    "lecture_names",
    "plot_decision_region",
    "plot_gradient_flow",
    "plot_history",
    "plot_surface",
    "record",
    "summary",
]
