"""What if, for arrays: the numbers behind a small Tensor program, with which the page does its sums."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Mapping, Sequence

import numpy as np

from autograd.errors import NoRuleError
from autograd.graph import ancestors
from autograd.node import Node, plain
from autograd.rules.rule import Elementwise, OfNumbers
from autograd.scalarize import applied, values_of
from autograd.tensor import Tensor
from autograd.types import Settings
from autograd.value import Value
from viz.datafile import Loaded
from viz.model import Graph
from viz.page.columns import Columns
from viz.record import Recording

MOST_IN_ARRAYS, MOST = 1_000, 10_000
"""So many numbers may be in all arrays of a program, and in what it takes to compute them."""
_GIVING_ITS_INPUT = {"where", "lift"}
"""What these give is one of the Values that they took."""


class NoNumbers(Exception):
    """Why the numbers of a program cannot be computed in the page."""


class Recorded(OfNumbers):
    """One number of an operation that has no meaning number by number: the page keeps what was recorded.

    Parameters
    ----------
    name : str
        The operation's.
    value : float
    slopes : sequence of float
        Its derivatives by all numbers that the operation took.
    """

    def __init__(self, name: str, value: float, slopes: Sequence[float]) -> None:
        super().__init__(name, lambda *inputs: value)
        self.scalar = lambda *inputs: value
        self._slopes = slopes

    def partial(self, i: int, y: Any, inputs: Sequence[Any]) -> Any:
        return self._slopes[i]

    def slopes(self, wanted: Sequence[int], y: Any, inputs: Sequence[Any], static: Settings) -> Sequence[Any]:
        return [self._slopes[i] for i in wanted]


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
    kept : dict
        Of operations that the page cannot do again, by name, the reason.
    chosen : sequence of str
        The arrays that were chosen from others by a condition or an index: the page chooses what was chosen then.
    """

    graph: Graph
    of: Sequence[Sequence[str | float]]
    shapes: Sequence[tuple[int, ...]]
    kept: Mapping[str, str]
    chosen: Sequence[str]

    def columns(self, format: str) -> Columns:
        """The graph for the page, with what belongs to which array.

        Raises
        ------
        NoNumbers
            If the page cannot compute any of it.
        """
        columns = Columns(self.graph, format)
        if not columns.scalar:
            raise NoNumbers("not every derivative is one number")
        # Also what does not reach the result is an input, not a result of its own.
        columns.data["nodes"]["kind"] = "".join("i" if node.rule is None else "p" for node in self.graph.nodes)
        columns.data["numbers"] = [
            [columns.number[x] if isinstance(x, str) else repr(x) for x in numbers] for numbers in self.of
        ]
        columns.data["shapes"] = self.shapes
        columns.data["chosen"] = self.chosen
        for rule in columns.data["rules"]:
            if rule["name"] in self.kept:
                rule["reason"] = self.kept[rule["name"]]
        return columns


def numbers_of(recording: Recording | Loaded) -> Numbers:
    """The numbers behind a recorded Tensor program.

    Raises
    ------
    NoNumbers
        If there are too many of them.
    """
    if type(recording) is not Recording:
        raise NoNumbers("it was not recorded here")
    root = recording.roots[0]
    if len(recording.roots) != 1 or not isinstance(root, Tensor) or root.size != 1:
        raise NoNumbers("its result is not one number")
    count = sum(_size(node) for node in recording.nodes)
    if count > MOST_IN_ARRAYS:
        raise NoNumbers(f"its arrays hold {count:,} numbers, of which the page computes at most {MOST_IN_ARRAYS:,}")
    if any(np.iscomplexobj(_data(node)) for node in recording.nodes):
        raise NoNumbers("it computes with complex numbers")
    with np.errstate(all="ignore"):
        known, kept = _number_by_number(root)
    arrays = [np.asarray(known[node], dtype=object).ravel().tolist() for node in recording.nodes]
    for node, array in zip(recording.nodes, arrays):
        _named(recording.called[node].full, np.shape(_data(node)), array)
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
        {node.rule.name: reason for node, reason in kept.items() if node.rule},
        [recording.called[node].full for node in recording.nodes if _by_choice(node) and node not in kept],
    )


def _number_by_number(root: Tensor) -> tuple[dict[Node, Any], dict[Node, str]]:
    """An array of Values for each node, none of which is another's too; and why some nodes keep their numbers."""
    inner, leaves = ancestors(root)
    known: dict[Node, Any] = {leaf: values_of(leaf) for leaf in leaves}
    kept: dict[Node, str] = {}
    for node in reversed(inner):
        arrays = [known[x] if isinstance(x, Node) else x for x in node.inputs]
        try:
            if _by_order(node):
                raise NoRuleError("it takes elements in the order that they had when they were recorded")
            found = applied(node, arrays)
            if not np.allclose([_number(x) for x in found.ravel()], np.ravel(_data(node)), rtol=1e-5, equal_nan=True):
                raise NoRuleError("number by number it gives something else")
        except NoRuleError as reason:
            kept[node] = str(reason).partition(", so ")[0]
            found = _kept(node, arrays)
        new = node in kept or (isinstance(node.rule, Elementwise) and node.rule.name not in _GIVING_ITS_INPUT)
        known[node] = found if new else np.asarray(found * 1.0, dtype=object)
    return known, kept


def _kept(node: Node, arrays: Sequence[Any]) -> Any:
    """The numbers of a node as they were recorded, each with its derivatives by the numbers of the inputs."""
    rule: Any = node.rule
    at = [i for i, x in enumerate(node.inputs) if isinstance(x, Node)]
    values = [x for i in at for x in np.ravel(arrays[i]).tolist()]
    y, data = np.asarray(_data(node)), [plain(x) for x in node.inputs]
    if y.size * len(values) > MOST:
        raise NoNumbers(
            f"{rule.name} has {y.size * len(values):,} derivatives, of which the page takes at most {MOST:,}"
        )
    found = np.empty(y.shape, dtype=object)
    for index in np.ndindex(y.shape):
        seed = np.zeros(y.shape, y.dtype)
        seed[index] = 1
        try:
            parts = rule.vjp(seed, y, data, at, node.static)
        except Exception as error:
            raise NoNumbers(f"the derivatives of {rule.name} cannot be computed: {error}") from None
        slopes = [np.zeros(np.shape(data[i])) if part is None else part for i, part in zip(at, parts)]
        found[index] = Recorded(rule.name, float(y[index]), np.concatenate([*map(np.ravel, slopes)]).tolist())(*values)
    return found


def _by_choice(node: Node) -> bool:
    """Whether a node's numbers were chosen from its inputs' by a condition, or an index that is no part of the text."""
    if node.rule is None or node.rule.name != "getitem":
        return node.rule is not None and node.rule.name == "where"
    index = node.static["index"]
    written = (int, slice, type(None), type(Ellipsis))
    return not all(isinstance(part, written) for part in (index if isinstance(index, tuple) else (index,)))


def _by_order(node: Node) -> bool:
    """Whether a node takes the elements of its input in some order along an axis, as np.sort and its like record it.

    Then there is an array of numbers for each axis, as many-dimensional as the input; or an end of a slice is a number
    that was found.
    """
    if node.rule is None or node.rule.name != "getitem":
        return False
    index, dimensions = node.static["index"], np.ndim(_data(node.inputs[0]))
    parts = index if isinstance(index, tuple) else (index,)
    if any(isinstance(part, slice) and isinstance(part.start, np.integer) for part in parts):
        return True
    whole = isinstance(index, tuple) and len(index) == dimensions
    return whole and all(isinstance(part, np.ndarray) and part.ndim == dimensions for part in index)


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
