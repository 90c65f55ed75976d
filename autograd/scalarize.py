"""A recorded Tensor program as scalars: run again number by number on Values.

It shows what an array operation is made of, and holds the two layers to each other: both give the same
numbers and the same gradients.
"""

from __future__ import annotations

from typing import Any, Sequence

import numpy as np

from autograd.errors import NoRuleError
from autograd.graph import ancestors
from autograd.node import Node
from autograd.rules.arrays import Linear
from autograd.rules.rule import Elementwise
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
    inner, leaves = ancestors(root)
    boxed = {leaf: values_of(leaf) for leaf in leaves}
    known = dict(boxed)
    for node in reversed(inner):
        known[node] = applied(node, [known[x] if isinstance(x, Node) else x for x in node.inputs])
    return known[root], boxed


def values_of(leaf: Any) -> Any:
    """A leaf's numbers as Values, labelled with their index, in an array of its shape.

    Parameters
    ----------
    leaf : Tensor or Value
        What a program started from.

    Returns
    -------
    ndarray of Value

    Examples
    --------
    >>> values_of(Tensor([3.0, 4.0], label="x")).tolist()
    [Value(data=3, grad=None, label='x[0]'), Value(data=4, grad=None, label='x[1]')]
    """
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


def applied(node: Node, arrays: Sequence[Any]) -> Any:
    """What a node's operation makes of arrays of Values.

    Parameters
    ----------
    node : Tensor
        The result of an operation.
    arrays : sequence
        In place of its inputs.

    Returns
    -------
    ndarray of Value

    Raises
    ------
    NoRuleError
        If the operation has no meaning number by number.

    Examples
    --------
    >>> y = np.square(Tensor([1.0, 2.0]))
    >>> [v.data for v in applied(y, [values_of(Tensor([3.0, 4.0]))])]
    [9.0, 16.0]
    """
    rule: Any = node.rule
    if rule.name in ("lift", "astype", "real"):
        return arrays[0]
    compute = getattr(rule, "scalars", None) or (rule.compute if isinstance(rule, Linear) else None)
    if compute is None and isinstance(rule, Elementwise):
        compute = np.frompyfunc(rule, len(arrays), 1)
    if compute is None:
        raise NoRuleError(f"{rule.name} is no operation on single numbers, so it cannot be run again on Values")
    try:
        return _array_of(compute(*arrays, **node.static))
    except TypeError:
        raise NoRuleError(f"{rule.name} does not work on single numbers, so it cannot be run again on Values") from None
