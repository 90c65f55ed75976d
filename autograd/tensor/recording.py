"""Tensor nodes are made here: one text lays them out."""

from __future__ import annotations

from typing import Any, Mapping

import numpy as np

from autograd import modes
from autograd.anomaly import refuse_anomaly
from autograd.constants import note_constants
from autograd.lines import follow
from autograd.node import Node, tick
from autograd.rules.rule import Rule
from autograd.tensor.constants import COPIED_BYTES, fixed

NOTHING: Mapping[str, Any] = {}
"""The settings of an operation that has none."""

TENSOR: Any = Node
"""The class of what is made: :func:`make` is told of Tensor as soon as it is defined."""

new: Any = object.__new__


def make(kind: type[Node]) -> None:
    """Make nodes of this class from now on. (The class is written over operations that return it.)"""
    global TENSOR
    TENSOR = kind


def lay_out(node: Any, data: Any, origin: tuple[Any, ...] = (), static: Mapping[str, Any] = NOTHING) -> Any:
    """Fill in a new node: `data` itself, and where it came from, ``(rule, *inputs)``; a leaf came from nowhere."""
    node._data = data
    node.grad = None
    node.label = ""
    node._origin = origin
    node._static = static
    node._constants = ()
    node._view = None
    node._time = tick()
    return node


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
            return lay_out(new(TENSOR), data)
    node = lay_out(new(TENSOR), data, (rule, *inputs), static)
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


follow(lay_out)
