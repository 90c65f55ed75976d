"""Numbers that no gradient needs, thrown away; they are computed again for who asks for them.

In ``x @ w + b`` nobody but the graph can see the product, and neither its own derivative nor the sum's
needs its numbers. So the sum is written into the product's memory, as by hand, and the product keeps
only its shape and dtype. Every decision that rests on counting references is taken in this module, by
:func:`is_unseen`.

The switch is :data:`throw_away`. It starts as ``False`` where the environment variable ``AUTOGRAD_KEEP_ALL``
is set (to anything but nothing or ``0``): every operation then keeps what it has computed.
"""

from __future__ import annotations

import os
from operator import attrgetter
from sys import getrefcount
from typing import Any, Callable

import numpy as np

from autograd.errors import ChangedDataError, LeavesGraphError
from autograd.node import stored
from autograd.rules.rule import Rule
from autograd.tensor.constants import Fixed, is_large
from autograd.tensor.recording import SMALLEST, protocol, way

throw_away: bool = os.environ.get("AUTOGRAD_KEEP_ALL", "") in ("", "0")
"""Whether numbers are thrown away at all; may be set at any time."""


class Released:
    """Stands in for numbers that were thrown away: their shape and dtype, and how to compute them again.

    It is no array: who wants numbers asks the node for them (:func:`autograd.node.plain`, :func:`numbers`).
    """

    __slots__ = ("shape", "dtype", "_origin", "_static", "_constants", "_time")

    __array_ufunc__ = None  # NumPy's functions and operators refuse it

    def __init__(self, node: Any) -> None:
        self.shape: tuple[int, ...] = node._data.shape
        self.dtype: Any = node._data.dtype
        self._origin: tuple[Any, ...] = node._origin
        self._static = node._static
        self._constants: tuple[Fixed, ...] = node._constants
        self._time: int = node._time

    @property
    def ndim(self) -> int:
        return len(self.shape)

    @property
    def size(self) -> int:
        return int(np.prod(self.shape, dtype=int))

    @property
    def itemsize(self) -> int:
        return int(self.dtype.itemsize)

    @property
    def nbytes(self) -> int:
        return self.size * self.itemsize

    def __repr__(self) -> str:
        return f"<numbers of shape {self.shape} and dtype {self.dtype}, not kept>"

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        raise LeavesGraphError("these numbers were not kept; ask their Tensor for them (t.data)")

    def again(self) -> Any:
        """The numbers, computed once more, as are those they need that were thrown away too.

        Raises
        ------
        ChangedDataError
            If what they were computed from has changed since.
        """
        uses: dict[Released, int] = {}
        stack = [self]
        while stack:
            one = stack.pop()
            for x in map(stored, one._origin):
                if isinstance(x, Released):
                    if x not in uses:
                        stack.append(x)
                    uses[x] = uses.get(x, 0) + 1
        arrays: dict[Released, Any] = {}
        for one in sorted(uses, key=attrgetter("_time")):
            arrays[one] = one._computed(arrays)
            for x in map(stored, one._origin):
                if isinstance(x, Released):
                    uses[x] -= 1
                    if not uses[x]:
                        del arrays[x]
        return self._computed(arrays)

    def _computed(self, arrays: dict[Released, Any]) -> Any:
        rule, *inputs = self._origin
        if any(getattr(x, "_time", 0) > self._time for x in inputs) or any(x.changed() for x in self._constants):
            raise ChangedDataError(
                f"the numbers that {rule.name} gave were not kept, and cannot be computed again since its inputs "
                "have changed; look at them before changing .data, or run the forward pass again"
            )
        data = map(stored, inputs)
        return rule.compute(*[arrays[x] if isinstance(x, Released) else x for x in data], **self._static)


def numbers(node: Any) -> Any:
    """The numbers of `node`; if they were thrown away, they are computed again, and kept from now on.

    Raises
    ------
    ChangedDataError
        If they were thrown away, and what they were computed from has changed since.
    """
    data = node._data
    if type(data) is Released:
        data = node._data = data.again()
    return data


# --- what is thrown away -------------------------------------------------------------------------------


def _writer(rule: Rule) -> Callable[..., Any] | None:
    """What computes `rule` into the memory of its first operand (``out=``), if its derivative permits that."""
    return None if any(rule.uses_inputs) else rule.compute_into


def computed(node: Any, references: int, rule: Rule, compute: Any, *others: Any) -> Any:
    """What ``compute(numbers of node, *others)`` gives, in the memory of `node` if that is to be had.

    `references` is how many an operand has, on this way of being called, that nobody else holds.
    """
    if is_unseen(node, references, 1) and (write := _writer(rule)) is not None:
        array = node._data
        if all(_fits(array, x) for x in others):
            node._data = Released(node)
            return write(array, *others, out=array)
    data = compute(numbers(node), *others)
    release_inputs(node)
    return data


def release_inputs(node: Any) -> None:
    """Throw away what `node` was computed from, where nobody but the graph can see it and no gradient needs it.

    Called when `node` is used in turn: by then ``h = h @ w + b; h = np.tanh(h)`` has let go of the sum.
    """
    if node._data.nbytes < SMALLEST or not node._origin or any(node._origin[0].uses_inputs):
        return
    for x in node._origin:
        if type(x) is type(node) and is_unseen(x, IN_AN_ORIGIN, 0):
            x._data = Released(x)


def is_unseen(node: Any, references: int, deeper: int) -> bool:
    """Whether nobody but the graph can get at the numbers of `node`, and its own derivative does without them.

    `references` are those of a node that nobody holds, `deeper` how many callers' variables hold its array.
    """
    array = node._data
    return (
        throw_away
        and type(array) is np.ndarray
        and array.nbytes >= SMALLEST
        and 0 < references == getrefcount(node)
        and getrefcount(array) == OF_AN_ARRAY + deeper
        and array.base is None
        and array.flags.writeable
        and array.dtype.kind == "f"
        and node._view is None
        and not node.label
        and bool(node._origin)
        and not node._origin[0].uses_output
        and (bool(node._constants) or not any(map(is_large, node._origin)))
    )


def _fits(array: Any, other: Any) -> bool:
    """Whether an elementwise operation of both has the shape and dtype of `array`."""
    if type(other) is float or type(other) is int:  # NumPy's numbers have a dtype, which may be a wider one
        return True
    if not hasattr(other, "dtype"):  # a complex number
        return False
    return bool(other.dtype == array.dtype and other.shape == array.shape[array.ndim - other.ndim :])


# --- telling an operand that nobody else holds ---------------------------------------------------------
#
# An operand that is only on its way from one operation to the next has one reference less than one that a
# variable holds. How many that makes is measured here, on operands that take the same ways, from call to call;
# where an interpreter makes no difference between the two, nothing is ever thrown away.


def _computed(node: Any) -> int:
    return _is_unseen(node)


def _is_unseen(node: Any) -> int:
    return getrefcount(node)


def _apply(a: Any, b: Any = None) -> int:
    return _computed(a)


def _array_ufunc(self: Any, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
    fast = _WAYS.get(ufunc)
    if fast is not None and method == "__call__" and not options:
        return fast(*inputs)
    return NotImplemented


_WAYS = {np.tanh: way(None, _apply, _apply, 1)}


class _Probe:
    __add__ = way(None, _apply, _apply, 2)
    method = way(None, _apply, _apply, 1)
    __array_ufunc__ = protocol(_WAYS, _array_ufunc)


def _passing_by_operator() -> int:
    make: Any = _Probe
    held = make()
    passing: int = make() + 0
    return passing if passing < held + 0 else 0


def _passing_by_ufunc() -> int:
    make: Any = _Probe
    held = make()
    passing: int = np.tanh(make())
    return passing if passing < np.tanh(held) else 0


def _passing_by_method() -> int:
    make: Any = _Probe
    held = make()
    passing: int = make().method()
    return passing if passing < held.method() else 0


BY_OPERATOR = _passing_by_operator()
"""References to an operand that an operator got and nobody else holds; 0 where that cannot be told."""

BY_METHOD = _passing_by_method()
"""The same for one whose method was called."""

BY_UFUNC = _passing_by_ufunc()
"""The same for one that came by way of a NumPy function."""


def _in_an_origin() -> int:
    make: Any = _Probe
    for x in (make(),):
        return _is_unseen(x)
    return 0


IN_AN_ORIGIN = _in_an_origin()
"""References to a node that the origin of another one holds, and nobody else."""


def _of_an_array() -> int:
    class Owner:
        data = None

    def count(owner: Any) -> int:
        array = owner.data
        return getrefcount(array)

    owner: Any = Owner()
    owner.data = np.zeros(1)
    return count(owner)


OF_AN_ARRAY = _of_an_array()
"""References to an array that its node and one local variable hold."""
