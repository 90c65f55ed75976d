"""What if, for arrays: the numbers behind a small Tensor program, with which the page does its sums."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Sequence

import numpy as np

from autograd.errors import NoRuleError
from autograd.node import Node
from autograd.scalarize import all_as_values
from autograd.tensor import Tensor
from autograd.value import Value
from viz.datafile import Loaded
from viz.model import Graph
from viz.page.columns import Columns
from viz.record import Recording

MOST_IN_ARRAYS, MOST = 1_000, 10_000
"""So many numbers may be in all arrays of a program, and in what it takes to compute them."""
_CHOOSING = {"np.max", "np.min", "where"}
"""These rules know only what was chosen when they were recorded."""


class NoNumbers(Exception):
    """Why the numbers of a program cannot be computed in the page."""


@dataclass(frozen=True)
class Numbers:
    """A Tensor program number by number.

    Attributes
    ----------
    graph : Graph
        Of the single numbers.
    of : sequence of sequences
        Of each array its numbers, row by row: ids in that graph, or what is constant.
    shapes : sequence of tuples of int
    """

    graph: Graph
    of: Sequence[Sequence[str | float]]
    shapes: Sequence[tuple[int, ...]]

    def columns(self, format: str) -> Columns:
        """The graph for the page, with what belongs to which array.

        Raises
        ------
        NoNumbers
            If the page cannot compute all of it.
        """
        columns = Columns(self.graph, format)
        if columns.without or not columns.scalar:
            raise NoNumbers(next(iter(columns.without.values()), "not every derivative is one number"))
        # Also what does not reach the result is an input, not a result of its own.
        columns.data["nodes"]["kind"] = "".join("i" if node.rule is None else "p" for node in self.graph.nodes)
        columns.data["numbers"] = [
            [columns.number[x] if isinstance(x, str) else repr(x) for x in numbers] for numbers in self.of
        ]
        columns.data["shapes"] = self.shapes
        return columns


def numbers_of(recording: Recording | Loaded) -> Numbers:
    """The numbers behind a recorded Tensor program.

    Raises
    ------
    NoNumbers
        If there are too many of them, or an operation has no meaning number by number.
    """
    if type(recording) is not Recording:
        raise NoNumbers("it was not recorded here")
    root = recording.roots[0]
    if len(recording.roots) != 1 or not isinstance(root, Tensor) or root.size != 1:
        raise NoNumbers("its result is not one number")
    count = sum(_size(node) for node in recording.nodes)
    if count > MOST_IN_ARRAYS:
        raise NoNumbers(f"its arrays hold {count:,} numbers, of which the page computes at most {MOST_IN_ARRAYS:,}")
    chosen = next(filter(_chooses, recording.nodes), None)
    if chosen is not None and chosen.rule is not None:
        raise NoNumbers(f"{chosen.rule.name} has chosen among the numbers that were recorded, and would have to anew")
    try:
        with np.errstate(all="ignore"):
            known = all_as_values(root, apart=True)
    except NoRuleError as error:
        raise NoNumbers(str(error)) from None
    arrays = [np.asarray(known[node], dtype=object).ravel().tolist() for node in recording.nodes]
    for node, array in zip(recording.nodes, arrays):
        _named(recording.called[node].full, np.shape(_data(node)), array)
        if not np.allclose([_number(x) for x in array], np.ravel(_data(node)), rtol=1e-5, equal_nan=True):
            raise NoNumbers("number by number it gives something else")
    result = arrays[recording.nodes.index(root)][0]
    if not isinstance(result, Value):
        raise NoNumbers("its result depends on no input")
    # What does not reach the result is seen too.
    rest = [x for array in arrays for x in array if isinstance(x, Value) and x is not result]
    single = Recording([result, *rest], of_root=0)
    if len(single.nodes) > MOST:
        raise NoNumbers(f"it takes {len(single.nodes):,} numbers, of which the page computes at most {MOST:,}")
    return Numbers(
        single.graph,
        [[single.ids.get(x, "") or _number(x) for x in array] for array in arrays],
        [np.shape(_data(node)) for node in recording.nodes],
    )


def _chooses(node: Node) -> bool:
    """Whether a node's numbers may be others of its input at other numbers: np.sort is an index that is an array."""
    if node.rule is None or node.rule.name != "getitem":
        return node.rule is not None and node.rule.name in _CHOOSING
    index = node.static["index"]
    plain = (int, np.integer, slice, type(None), type(Ellipsis))
    return not all(isinstance(part, plain) for part in (index if isinstance(index, tuple) else (index,)))


def _data(node: Node) -> Any:
    return node._data


def _size(node: Node) -> int:
    return int(np.size(_data(node)))


def _number(x: Any) -> float:
    return float(x.data if isinstance(x, Value) else x)


def _named(name: str, shape: tuple[int, ...], array: Sequence[Any]) -> None:
    """Label the numbers of an array with its name and their places."""
    for index, x in zip(np.ndindex(shape), array):
        if isinstance(x, Value) and not x.label:
            x.label = f"{name}[{', '.join(map(str, index))}]" if index else name
