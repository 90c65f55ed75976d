"""Tensor nodes are made here: by the compiled core, or by one text that lays them out."""

from __future__ import annotations

from types import MethodType
from typing import Any, Callable, Mapping

import numpy as np

from autograd import core, modes
from autograd.anomaly import refuse_anomaly
from autograd.constants import note_constants
from autograd.following import followers
from autograd.lines import follow
from autograd.node import FIELDS, Node, tick
from autograd.rules.rule import Rule
from autograd.tensor.constants import COPIED_BYTES, fixed

Way = Callable[..., Any]

NOTHING: Mapping[str, Any] = {}
"""The settings of an operation that has none."""

TENSOR: Any = Node
"""The class of what is made: :func:`make` is told of Tensor as soon as it is defined."""

SMALLEST = 64 * 1024
"""Bytes from which on an array is worth questions: whether it is watched, written over or thrown away."""


_new: Any = object.__new__


@core.laid_out
class Recorded(Node):
    """What a Tensor remembers. A new one is a leaf without data."""

    __slots__ = (*FIELDS, "_static", "_constants", "_view")
    _view: Any
    """What :attr:`Tensor.data` has given out."""

    def __new__(cls, *args: Any, **settings: Any) -> Any:
        return _made(None, kind=cls)


def _made(data: Any, origin: tuple[Any, ...] = (), static: Mapping[str, Any] = NOTHING, kind: Any = None) -> Any:
    node = _new(kind or TENSOR)
    node._data = data
    node.grad = None
    node.label = ""
    node._origin = origin
    node._static = static
    node._constants = ()
    node._view = None
    node._time = tick()
    return node


made: Callable[..., Any] = _made if core.compiled is None else core.compiled.made
"""A new Tensor of `data` itself, and where it came from, ``(rule, *inputs)``; a leaf came from nowhere."""


def make(kind: type[Node]) -> None:
    """Make nodes of this class from now on. (The class is written over operations that return it.)"""
    global TENSOR
    TENSOR = kind
    if core.compiled is not None:
        core.compiled.connect_tensors(
            kind=kind,
            array=np.ndarray,
            number=np.generic,
            active_modes=modes.active,
            followers=followers,
            bind_method=MethodType,
            no_settings=NOTHING,
            smallest=SMALLEST,
        )
        kind.data = core.compiled.view(kind.data)  # type: ignore[attr-defined]


# --- what is simple: small arrays, no mode, settings that nobody can write into ------------------------------------


def way(rule: Rule | None, compute: Callable[..., Any] | None, slow: Way, count: int) -> Way:
    """What applies `rule` to `count` operands: the compiled core where that is simple, else `slow`.

    Without a `compute` of its own it is the rule's.
    """
    if core.compiled is None:
        return slow
    made: Way = core.compiled.way(rule, compute, slow, count)
    return made


def protocol(ways: dict[Any, Any], slow: Callable[..., Any]) -> Any:
    """``__array_ufunc__``: the compiled core where a ufunc has a way and that is simple, else `slow`."""
    return slow if core.compiled is None else core.compiled.protocol(ways, slow)


def reflected(way: Callable[[Any, Any], Any]) -> Any:
    """The same way with its operands exchanged."""
    return (lambda self, other: way(other, self)) if core.compiled is None else core.compiled.reflected(way)


simply: Callable[..., Any] | None = None if core.compiled is None else core.compiled.simply
"""``(rule, inputs, static)`` applied by the compiled core, None where that is not simple."""


def record(rule: Rule, inputs: tuple[Any, ...], data: Any, static: Mapping[str, Any] = NOTHING) -> Any:
    """A Tensor of `data`, made by `rule` from `inputs`; a leaf where nothing is recorded.

    Raises
    ------
    AnomalyError
        Inside ``detect_anomaly()``, if `data` is not finite.
    """
    if modes.active:
        if modes.watching():
            refuse_anomaly(rule, inputs, data)
        if not modes.recording():
            return made(data)
    node = made(data, (rule, *inputs), static)
    for x in inputs:
        if type(x) is np.ndarray and x.nbytes > COPIED_BYTES:
            keep_watch(node)
            return node
    for x in static.values():  # indices, for example
        if type(x) is np.ndarray or type(x) is tuple:
            keep_watch(node)
            return node
    return node


def keep_watch(node: Any) -> None:
    """Note the numbers of the large arrays that `node` was made from, of which its derivative may have need."""
    if constants := fixed(node.rule, node.inputs, node.static):
        node._constants = constants
        note_constants(node)


follow(_made)
