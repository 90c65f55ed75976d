"""What pictures and messages want to know about nodes beside the graph itself: scopes, parameters' places, derivatives.

None of it costs a node anything. A scope is a stretch of the clock that every node is stamped with; a network
writes down once where its parameters stand; a recorded backward pass writes down what its results are. All of
it is kept beside the nodes, weakly: what nobody holds is forgotten.
"""

from __future__ import annotations

import math
from collections import deque
from contextlib import contextmanager
from threading import get_ident, local
from typing import Any, Iterator, Mapping, NamedTuple, Sequence
from weakref import WeakKeyDictionary, WeakSet, ref

from autograd.node import Node, by_time, tick

_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")

REMEMBERED = 20_000
"""So many scopes are remembered, the latest: enough for any picture, and a bound for training that runs for days."""


class Scope:
    """A named part of a program, perhaps within another."""

    __slots__ = ("name", "parent", "__weakref__")

    def __init__(self, name: str, parent: Scope | None = None) -> None:
        self.name = name
        self.parent = parent

    @property
    def path(self) -> tuple[Scope, ...]:
        """The scopes around it from the outermost on, itself the last."""
        return (*self.parent.path, self) if self.parent else (self,)

    def __repr__(self) -> str:
        return f"<scope {' / '.join(part.name for part in self.path)}>"


class Place(NamedTuple):
    """Where a parameter stands in its network, and what it is called there."""

    scope: Scope
    name: str


class Derivative(NamedTuple):
    """What a recorded backward pass computed: the derivative of one node by others, one after another."""

    of: ref[Node]
    by: tuple[ref[Node], ...]


class Stretch(NamedTuple):
    """What one thread recorded between two readings of the clock."""

    start: int
    end: float
    thread: int
    name: str


_stretches: deque[Any] = deque(maxlen=REMEMBERED)
_current = local()
_places: WeakKeyDictionary[Node, Place] = WeakKeyDictionary()
_derivatives: WeakKeyDictionary[Node, Derivative] = WeakKeyDictionary()
_seeds: WeakSet[Node] = WeakSet()


@contextmanager
def scope(name: str) -> Iterator[None]:
    """Everything recorded inside belongs together: a frame with this name in pictures.

    Scopes nest. Entering and leaving one costs two readings of a clock; nodes cost nothing.

    Parameters
    ----------
    name : str
        What the frame is called.

    Returns
    -------
    context manager

    Raises
    ------
    TypeError
        If the name is no string.

    Examples
    --------
    >>> import autograd
    >>> from autograd import Value
    >>> with autograd.scope("layer 1"):
    ...     y = Value(2.0).tanh()
    >>> autograd.annotations.scopes_of([y])[y]
    <scope layer 1>
    """
    if not isinstance(name, str):
        raise TypeError(f"a scope's name is a string, not {type(name).__name__}: with autograd.scope('layer 1'): …")
    start = tick()
    opened: list[Stretch] = _current.__dict__.setdefault("opened", [])
    opened.append(Stretch(start, math.inf, get_ident(), name))
    try:
        yield
    finally:
        opened.pop()
        remember(start, name)


def remember(start: int, name: str) -> None:
    """Note that what this thread has recorded since `start` belongs together."""
    _stretches.append((start, tick(), get_ident(), name))


def scopes_of(nodes: Sequence[Any]) -> dict[Node, Scope]:
    """The innermost scope of each computed node that was recorded in one.

    Two threads share one clock: where scopes of both were open, nobody can tell, and there is none.
    """
    stretches = sorted(map(Stretch._make, [*_stretches, *getattr(_current, "opened", ())]), reverse=True)
    found: dict[Node, Scope] = {}
    open_ones: list[tuple[Stretch, Scope]] = []
    for node in sorted((node for node in nodes if node.rule is not None), key=by_time):
        while stretches and stretches[-1].start < node._time:
            stretch = stretches.pop()
            open_ones = [(s, scope) for s, scope in open_ones if s.end > stretch.start]
            around = next((scope for s, scope in reversed(open_ones) if s.thread == stretch.thread), None)
            open_ones.append((stretch, Scope(stretch.name, around)))
        open_ones = [(s, scope) for s, scope in open_ones if s.end > node._time]
        if open_ones and len({s.thread for s, _ in open_ones}) == 1:
            found[node] = open_ones[-1][1]
    return found


def subscript(number: int) -> str:
    """``₁₂``."""
    return str(number).translate(_SUBSCRIPTS)


def place(scope: Scope, parameters: Mapping[str, Node]) -> None:
    """Note that these parameters stand in `scope` under these names."""
    for name, parameter in parameters.items():
        _places[parameter] = Place(scope, name)


def place_of(parameter: Node) -> Place | None:
    """Where a parameter stands, if a network has said so."""
    return _places.get(parameter)


def note_derivatives(of: Node, seed: Node, gradients: Mapping[Node, Any]) -> None:
    """Note what a recorded backward pass from `of` gave, and the seed that it started with."""
    _seeds.add(seed)
    earlier = _derivatives.get(of, Derivative(ref(of), ()))
    for leaf, gradient in gradients.items():
        if isinstance(gradient, Node):
            _derivatives[gradient] = Derivative(earlier.of, (*earlier.by, ref(leaf)))


def derivative_of(node: Node) -> Derivative | None:
    """Which derivative a node is, if it came out of a recorded backward pass."""
    return _derivatives.get(node)


def is_seed(node: Node) -> bool:
    """Whether a recorded backward pass started with this node."""
    return node in _seeds
