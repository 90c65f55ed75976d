"""Pictures of what was recorded: the graph of a program, the chain of a derivative.

>>> import viz
>>> from autograd import Value
>>> a, b, c = Value(5, label="a"), Value(3, label="b"), Value(2, label="c")
>>> J = 3 * (a + b * c)
>>> J.backward()
>>> drawing = viz.draw(J, names=locals())
>>> print(viz.chain(J, b, names=locals()))
dJ/db = ∂J/∂v2 · ∂v2/∂v1 · ∂v1/∂b = 3 · 1 · 2 = 6
"""

from viz.chain import Chain, Path, chain
from viz.drawing import Drawing, draw
from viz.model import Graph, record
from viz.render import RenderError

__all__ = ["Chain", "Drawing", "Graph", "Path", "RenderError", "chain", "draw", "record"]
