"""What a node of the graph is: its data, the rule that made it, its inputs, and a time.

A node remembers where it came from, ``(rule, *inputs)``, and when its data was set. Inputs are always
older than what is made from them, so the times order the graph.
"""

from __future__ import annotations

from copy import copy
from operator import attrgetter
from typing import Any, Callable, Collection

from autograd.core import tick as tick
from autograd.errors import LeavesGraphError
from autograd.habits import Habits
from autograd.types import Array, Settings

by_time = attrgetter("_time")

FIELDS = ("_data", "grad", "_origin", "label", "_time", "__weakref__")
"""What every node holds."""


class Node(Habits):
    """What Value and Tensor share: data, gradient, history and name."""

    __slots__ = ()  # each class has its own: FIELDS, or a struct with the same names

    _data: Array
    _numbers: Any
    """The number or the array, for a look from outside the graph. (`_data` may stand in for what was thrown away.)"""
    grad: Any
    _origin: tuple[Any, ...]
    label: str
    _time: int
    _static: Settings
    _constants: tuple[Any, ...] = ()
    _dispatch_order: int
    _fit: Callable[[Any], Any]
    _leaf: Callable[[Any], Any]

    @property
    def rule(self) -> Any:
        """The rule that made this node, ``None`` for a leaf."""
        return self._origin[0] if self._origin else None

    @property
    def inputs(self) -> tuple[Any, ...]:
        """What the rule was applied to, in order: nodes and plain numbers or arrays."""
        return self._origin[1:]

    @property
    def static(self) -> Settings:
        """The rule's settings that are no inputs, such as an axis."""
        return self._static

    @classmethod
    def _learn(cls, rule: Any) -> None:
        """Take a rule that was registered as a method."""

    def zero_grad(self) -> None:
        """Forget the gradient (``.grad = None``)."""
        self.grad = None

    def __reduce__(self) -> Any:
        """Copies and pickles are made of leaves only: their number or array, label and gradient."""
        kind = type(self).__name__
        if self._origin:
            raise TypeError(f"a computed {kind} cannot be copied with its history; make a new leaf: {kind}(x.data)")
        if any(self in variables for _, variables in running.values()):
            raise LeavesGraphError(
                f"a copy of the {kind} that a derivative is being taken by would be cut off from it; use the {kind} "
                "itself, which no operation changes"
            )
        return _leaf_again, (type(self), self._data, self.label, plain(self.grad))

    def __deepcopy__(self, memo: dict[int, Any]) -> Any:
        """As a shallow copy, which has a number or array of its own already."""
        restore, parts = self.__reduce__()
        return restore(*parts)


def _leaf_again(kind: Any, data: Any, label: str, grad: Any) -> Any:
    """A leaf as it was when it was copied or pickled."""
    leaf = kind(data, label=label)
    leaf.grad = copy(grad)
    return leaf


KINDS: set[type[Node]] = set()
"""The node types there are; neither can be subclassed."""

running: dict[object, tuple[int, Collection[Node]]] = {}
"""The variables of the transforms whose function is running now, and the time when each began (see `leaving`)."""


def plain(x: Any) -> Any:
    """The number or array inside a node; anything else as it is."""
    return x._numbers if isinstance(x, Node) else x


def stored(x: Any) -> Any:
    """As :func:`plain`, for who needs shape and dtype alone: numbers that were thrown away stay so."""
    return x._data if isinstance(x, Node) else x


LAYOUT = (
    "node = new(kind)",
    "node._data = data",
    "node.grad = None",
    'node.label = ""',
    "node._origin = origin",
    "node._time = tick()",
)
"""How a Value is laid out, as source: compiled into every function that makes them by the million."""
