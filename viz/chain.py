"""One derivative dJ/db, written out as the chain rule: its paths, their products, their sum."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Callable, Mapping, NamedTuple, Sequence

from autograd.node import Node
from viz import formatting
from viz.model import EdgeInfo, Graph, NodeInfo, adjoints
from viz.record import Recording, record

SHOWN = 4
"""So many paths are written out; of more, the largest."""
LONG = 12
"""A path of more factors is written with its first and last ones."""
FORMULAS = 200
"""The step with formulas is left out where it has more characters than this."""


class _Style(NamedTuple):
    times: str
    more: str
    parentheses: str
    minus: str


_TEXT = _Style(" · ", "… ({})", "({})", formatting.MINUS)
_LATEX = _Style(r" \cdot ", r"\dots \text{{({})}}", r"\left({}\right)", "-")


@dataclass(frozen=True)
class Path:
    """One way from J down to b: the local derivatives along it, J's first, and their product.

    Parameters
    ----------
    edges : tuple of EdgeInfo
        The arrows, from J on.
    product : float or None
        Of the local derivatives; None if one of them is an array.

    Examples
    --------
    >>> from autograd import Value
    >>> a, b = Value(2, label="a"), Value(3, label="b")
    >>> [(path.factors, path.product) for path in chain(a * b + a, a).paths]
    [((1.0, 3.0), 3.0), ((1.0,), 1.0)]
    """

    edges: tuple[EdgeInfo, ...]
    product: float | None

    @property
    def factors(self) -> tuple[float | None, ...]:
        """The local derivatives as numbers."""
        return tuple(edge.value for edge in self.edges)


@dataclass(frozen=True)
class Chain:
    """The derivation of dJ/db. Made by :func:`chain`.

    Attributes
    ----------
    count : int
        How many paths lead from J to b (counted, not walked: it may be astronomic).
    paths : tuple of Path
        All of them if they are few, else those with the largest products.
    total : float or array
        dJ/db, summed over all paths.
    text, latex : str
        The derivation.

    Examples
    --------
    >>> from autograd import Value
    >>> a, b = Value(2, label="a"), Value(3, label="b")
    >>> derivation = chain(a * b + a, a)
    >>> derivation.name, derivation.count, derivation.total
    ('dv2/da', 2, 4.0)
    """

    graph: Graph
    source: NodeInfo
    count: int
    paths: tuple[Path, ...]
    total: Any
    format: str = formatting.DEFAULT

    @property
    def name(self) -> str:
        """``dJ/db``."""
        return self.source.derivative_name

    @cached_property
    def text(self) -> str:
        """The derivation in one line.

        Examples
        --------
        >>> from autograd import Value
        >>> a, b = Value(2, label="a"), Value(3, label="b")
        >>> J = a * b + a
        >>> J.label = "J"
        >>> chain(J, a).text
        'dJ/da = ∂J/∂v1 · ∂v1/∂a + ∂J/∂a = 1 · b + 1 = 1 · 3 + 1 = 3 + 1 = 4'
        """
        return " = ".join(self.steps)

    @cached_property
    def steps(self) -> list[str]:
        """The same, cut at the equals signs: names, formulas, numbers, products, their sum."""
        if not self.count:
            return [self.name, f"0 ({self.graph.differentiated} does not depend on {self.source.name})"]
        steps = self._steps(_TEXT, lambda edge: edge.name, lambda edge: edge.factor, self._number)
        return [self.name, *steps]

    @cached_property
    def latex(self) -> str:
        r"""The derivation for LaTeX's mathematics mode.

        Examples
        --------
        >>> from autograd import Value
        >>> b = Value(3, label="b")
        >>> print(chain(b * 2, b).latex)
        \frac{\mathrm{d} v_{1}}{\mathrm{d} b} = \frac{\partial v_{1}}{\partial b} = 2
        """
        return " = ".join(self.latex_steps)

    @cached_property
    def latex_steps(self) -> list[str]:
        """The same, cut at the equals signs."""
        if not self.count:
            return [self.source.derivative_latex, "0"]
        steps = self._steps(_LATEX, lambda edge: edge.latex, lambda edge: edge.factor_latex, self._latex_number)
        return [self.source.derivative_latex, *steps]

    @property
    def brief(self) -> str:
        """The derivation without its factors: the products of the paths and their sum."""
        ways = f"{self.count:,} path{'s' * (self.count > 1)}"
        return " = ".join([f"{self.name} ({ways})", *self.steps[-2:][self.steps[-2] == self.name :]])

    def _steps(
        self,
        style: _Style,
        name: Callable[[EdgeInfo], str],
        formula: Callable[[EdgeInfo], str | None],
        number: Callable[[Any], str],
    ) -> list[str]:
        """Products of names, of formulas, of numbers, numbers, their sum: each once."""
        hidden = self.count - len(self.paths)
        rest = [style.more.format(f"{hidden:,} more of {self.count:,} paths")] if hidden else []
        if not any(path.edges for path in self.paths):
            return [number(self.total)]

        def product(factors: list[str]) -> str:
            if len(factors) > LONG:
                factors = [*factors[:4], style.more.format(f"{len(factors) - 8:,} more"), *factors[-4:]]
            return style.times.join(_signed(factors, style))

        steps = [" + ".join([*(product([name(e) for e in path.edges]) for path in self.paths), *rest])]
        if all(path.product is not None for path in self.paths):
            formulas = [[formula(e) for e in path.edges] for path in self.paths]
            known = [[f for f in path if f is not None] for path in formulas]
            if known == formulas:
                written = " + ".join([*_signed([product(path) for path in known], style), *rest])
                plain = [[number(x) for x in path.factors] for path in self.paths]
                if formulas != plain and len(written) <= FORMULAS:
                    steps.append(written)
            worked = [product([number(x) for x in path.factors]) for path in self.paths]
            products = [number(path.product) for path in self.paths]
            steps += [" + ".join([*_signed(terms, style), *rest]) for terms in (worked, products)]
        steps.append(number(self.total))
        return [step for i, step in enumerate(steps) if i == 0 or step != steps[i - 1]]

    def _number(self, x: Any) -> str:
        if isinstance(x, (int, float)):
            return formatting.show(x, self.format)
        node = self.source
        return formatting.show(node.derivative, self.format, node.shape, node.derivative_stats)

    def _latex_number(self, x: Any) -> str:
        if isinstance(x, (int, float)):
            return formatting.latex(float(x), self.format)
        return formatting.latex_text(self._number(x))

    @property
    def ids(self) -> set[str]:
        """The ids of all nodes and edges on any path from J to b."""
        return between(self.graph, self.source.id)

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"<chain {self.text}>"

    def _repr_latex_(self) -> str:
        return f"$\\displaystyle {self.latex}$"


def _signed(terms: Sequence[str], style: _Style) -> list[str]:
    """The terms, with parentheses around negative ones that do not stand first."""
    return [style.parentheses.format(t) if i and t.startswith(style.minus) else t for i, t in enumerate(terms)]


def chain(
    J: Node, b: Node, names: Mapping[str, Any] | None = None, *, format: str = formatting.DEFAULT, paths: int = SHOWN
) -> Chain:
    """The derivation of dJ/db from the local derivatives of the recorded operations.

    The number of paths, their sum and the largest products are computed node by node, so that a graph
    with 2⁴⁰ paths takes no longer than another of its size. No ``.grad`` is read or written.

    Parameters
    ----------
    J : Value or Tensor
        The result.
    b : Value or Tensor
        What to differentiate with respect to, any node that J was made from.
    names : mapping, optional
        Names for nodes without a label: ``names=locals()``.
    format : str
        How numbers are written.
    paths : int
        How many paths to write out.

    Returns
    -------
    Chain

    Raises
    ------
    TypeError
        If J or b is no Value or Tensor.
    ValueError
        If `format` is no format for numbers, or `paths` less than 1.

    Examples
    --------
    >>> from autograd import Value
    >>> a, b, c = Value(5), Value(3), Value(2)
    >>> u = b * c
    >>> v = a + u
    >>> J = 3 * v
    >>> print(chain(J, b, names=locals()))
    dJ/db = ∂J/∂v · ∂v/∂u · ∂u/∂b = 3 · 1 · c = 3 · 1 · 2 = 6
    """
    formatting.check_format(format)
    if paths < 1:
        raise ValueError(f"paths must be at least 1, not {paths}")
    if not isinstance(b, Node):
        raise TypeError(f"the chain of J with respect to what? b must be a Value or a Tensor, not {type(b).__name__}")
    recording = Recording(J, names)
    if b not in recording.ids:
        return _of_a_stranger(recording.graph, record(b, names).nodes[-1], format)
    total = recording.gradients.get(b, 0.0)
    return replace(chain_in(recording.graph, recording.ids[b], format, paths), total=total)


def chain_in(graph: Graph, source: str, format: str = formatting.DEFAULT, paths: int = SHOWN) -> Chain:
    """The derivation with respect to a node, by its id, of a graph that is recorded already."""
    node = graph.node(source)
    count, found = _walk(graph, source, paths)
    total = adjoints(graph).get(source, 0.0) if graph.scalar else node.derivative
    return Chain(graph, node, count, found, total, format)


def _of_a_stranger(graph: Graph, node: NodeInfo, format: str) -> Chain:
    """The derivative by something that J was not made from."""
    latex = node.derivative_latex.split("}{")[-1]
    name = f"d{graph.differentiated}/{node.derivative_name.split('/')[-1]}"
    of = replace(
        node, derivative_name=name, derivative_latex=rf"\frac{{\mathrm{{d}} {graph.differentiated_latex}}}{{{latex}"
    )
    return Chain(graph, of, 0, (), 0.0, format)


def between(graph: Graph, source: str) -> set[str]:
    """The ids of the nodes and edges on the paths from the root down to `source`."""
    nodes, edges = _between(graph, source)
    return {graph.nodes[i].id for i in nodes} | {graph.edges[k].id for k in edges}


def _between(graph: Graph, source: str) -> tuple[set[int], list[int]]:
    """The numbers of the nodes and edges on these paths."""
    number = {node.id: i for i, node in enumerate(graph.nodes)}
    ends = list(zip(*graph.ends))
    above, below = {number[source]}, {number[id] for id in graph.roots}
    for one, other in ends:
        if one in above:
            above.add(other)
    for one, other in reversed(ends):
        if other in below:
            below.add(one)
    nodes = above & below
    return nodes, [k for k, (one, other) in enumerate(ends) if one in nodes and other in nodes]


def _walk(graph: Graph, source: str, keep: int) -> tuple[int, tuple[Path, ...]]:
    """The number of paths from the root to `source`, and the `keep` with the largest products.

    A path is kept as a linked list from its lower end: (size, product, edge, the path above). The largest
    paths to a node are among the largest to its consumers, since sizes multiply.
    """
    counts = dict.fromkeys(graph.roots, 1)
    best: dict[str, list[Any]] = {root: [(1.0, 1.0, None, None)] for root in graph.roots}
    for k in reversed(_between(graph, source)[1]):
        edge = graph.edges[k]
        counts[edge.source] = counts.get(edge.source, 0) + counts[edge.target]
        longer = [_extend(path, edge) for path in best[edge.target]]
        # The newest edges come first in the walk: later finds stand before, in order of the program.
        both = longer + best.get(edge.source, [])
        best[edge.source] = sorted(both, key=lambda path: -path[0])[:keep] if len(both) > keep else both
    return counts.get(source, 0), tuple(map(_unlink, best.get(source, [])))


def _extend(path: Any, edge: EdgeInfo) -> Any:
    product = None if edge.value is None or path[1] is None else path[1] * edge.value
    size = 0.0 if product is None else math.inf if product != product else abs(product)
    return size, product, edge, path


def _unlink(path: Any) -> Path:
    product, edges = path[1], []
    while path[2] is not None:
        edges.append(path[2])
        path = path[3]
    return Path(tuple(reversed(edges)), product)
