"""A recorded Tensor program as scalars: run again number by number on Values.

It shows what an array operation is made of, and holds the two layers to each other: both give the same
numbers and the same gradients.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.errors import NoRuleError
from autograd.graph import ancestors
from autograd.node import Node, plain
from autograd.rules.arrays import General
from autograd.rules.rule import Elementwise, Rule
from autograd.tensor import Tensor
from autograd.value import Value


def as_values(root: Tensor) -> tuple[Any, dict[Node, Any]]:
    """Run the program that made `root` again, with a Value in place of each number.

    Parameters
    ----------
    root : Tensor
        The result of a recorded program.

    Returns
    -------
    output : ndarray of Value
        Object array of the shape of `root`.
    leaves : dict
        For each leaf that the program started from, its array of Values.

    Raises
    ------
    NoRuleError
        If the program uses an operation that has no meaning number by number (a decomposition, say).

    Examples
    --------
    >>> x = Tensor([1.0, 2.0], label="x")
    >>> output, leaves = as_values(np.sum(x * x))
    >>> output.item().backward()
    >>> [v.label for v in leaves[x]], [v.grad for v in leaves[x]]
    (['x[0]', 'x[1]'], [2.0, 4.0])
    """
    known = all_as_values(root)
    return known[root], {node: array for node, array in known.items() if node.rule is None}


def all_as_values(root: Tensor, apart: bool = False) -> dict[Node, Any]:
    """What :func:`as_values` makes of every node that `root` was made from.

    Parameters
    ----------
    root : Tensor
        The result of a program.
    apart : bool
        Every array has Values of its own, also where an operation only moves or repeats numbers: their gradients
        are those of the array.

    Returns
    -------
    dict
        From each node to an array of Values, of the node's shape.

    Examples
    --------
    >>> x = Tensor([1.0, 2.0])
    >>> total = (x * x).sum()
    >>> known = all_as_values(total)
    >>> known[total].item().data, [value.data for value in known[x]]
    (5.0, [1.0, 2.0])
    """
    inner, leaves = ancestors(root)
    known: dict[Node, Any] = {leaf: _boxed(leaf) for leaf in leaves}
    for node in reversed(inner):
        rule, *inputs = node._origin
        arrays = [known[x] if isinstance(x, Node) else x for x in inputs]
        known[node] = _applied(rule, arrays, node)
        if apart and not isinstance(rule, Elementwise):
            known[node] = _array_of(known[node] * 1.0)
    return known


def _boxed(leaf: Any) -> Any:
    """A leaf's numbers as Values, labelled with their index."""
    if isinstance(leaf, Value):
        return _array_of(Value(leaf.data, label=leaf.label))
    boxed = np.empty(leaf.shape, dtype=object)
    for index in np.ndindex(leaf.shape):
        place = f"[{', '.join(map(str, index))}]" if index else ""
        boxed[index] = Value(leaf._data[index], label=f"{leaf.label}{place}" if leaf.label else "")
    return boxed


def _array_of(x: Any) -> Any:
    if isinstance(x, np.ndarray):
        return x
    boxed = np.empty((), dtype=object)
    boxed[()] = x
    return boxed


def _applied(rule: Rule, arrays: list[Any], node: Node) -> Any:
    if rule.name in ("lift", "astype", "real"):
        return arrays[0]
    if isinstance(rule, Elementwise):
        return _array_of(np.frompyfunc(rule, len(arrays), 1)(*arrays))
    products = rule.name in ("np.prod", "np.cumprod", "np.max", "np.min")
    if isinstance(rule, General) and not products:
        raise NoRuleError(f"{rule.name} is no operation on single numbers, so it cannot be run again on Values")
    if rule.name in ("np.max", "np.min"):
        return _array_of(_extremum(rule, arrays[0], node))
    try:
        return _array_of(rule.compute(*arrays, **node.static))
    except TypeError:
        raise NoRuleError(f"{rule.name} does not work on single numbers, so it cannot be run again on Values") from None


def _extremum(rule: Rule, array: Any, node: Node) -> Any:
    """The winners themselves; where several tie, their mean, which shares the gradient equally."""
    axis, keepdims = node.static["axis"], node.static["keepdims"]
    numbers = np.vectorize(plain, otypes=[float])(array)
    winners = numbers == rule.compute(numbers, axis=axis, keepdims=True)
    weights = winners / np.sum(winners, axis=axis, keepdims=True)
    return np.add.reduce(np.where(winners, array * weights, 0.0), axis=axis, keepdims=keepdims)
