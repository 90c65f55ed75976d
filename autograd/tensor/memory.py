"""Data that no gradient needs, thrown away; it is computed again in case somebody looks.

In ``x @ w + b`` nobody but the graph can see the product, and neither its own derivative nor the sum's
needs its numbers. So the sum is written into the product's memory, as by hand, and the product keeps
only its shape and type.
"""

from __future__ import annotations

from operator import attrgetter
from sys import getrefcount
from typing import Any, Callable

import numpy as np

from autograd.errors import ChangedDataError
from autograd.node import plain

SMALLEST = 64 * 1024
"""Bytes from which throwing away is worth the questions."""


class Released:
    """Stands in for an array: knows its shape and type, and makes the array again for anything else."""

    __slots__ = ("shape", "dtype", "_origin", "_static", "_time")

    def __init__(self, node: Any) -> None:
        self.shape, self.dtype = node._data.shape, node._data.dtype
        self._origin, self._static, self._time = node._origin, node._static, node._time

    @property
    def ndim(self) -> int:
        return len(self.shape)

    @property
    def size(self) -> int:
        return int(np.prod(self.shape, dtype=int))

    @property
    def nbytes(self) -> int:
        return self.size * int(self.dtype.itemsize)

    def again(self) -> Any:
        """The array, computed once more, as are those it needs that were thrown away too.

        Raises
        ------
        ChangedDataError
            If what it was computed from has changed since.
        """
        uses: dict[Released, int] = {}
        stack = [self]
        while stack:
            one = stack.pop()
            for x in map(plain, one._origin):
                if isinstance(x, Released):
                    if x not in uses:
                        stack.append(x)
                    uses[x] = uses.get(x, 0) + 1
        arrays: dict[Released, Any] = {}
        for one in sorted(uses, key=attrgetter("_time")):
            arrays[one] = one._computed(arrays)
            for x in map(plain, one._origin):
                if isinstance(x, Released):
                    uses[x] -= 1
                    if not uses[x]:
                        del arrays[x]
        return self._computed(arrays)

    def _computed(self, arrays: dict[Released, Any]) -> Any:
        rule, *inputs = self._origin
        for x in inputs:
            if getattr(x, "_time", 0) > self._time:
                raise ChangedDataError(
                    f"the numbers that {rule.name} gave were not kept, and cannot be computed again since its inputs "
                    "have changed; look at them before changing .data, or run the forward pass again"
                )
        data = [plain(x) for x in inputs]
        return rule.compute(*[arrays[x] if isinstance(x, Released) else x for x in data], **self._static)

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        array = self.again()
        return array if dtype is None else array.astype(dtype)

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        return getattr(ufunc, method)(*[x.again() if isinstance(x, Released) else x for x in inputs], **options)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.again(), name)

    def __len__(self) -> int:
        return int(self.shape[0])

    def __getitem__(self, index: Any) -> Any:
        return self.again()[index]


def _give_operators() -> None:
    """Let operators work as on the array."""

    def forwarded(name: str) -> Callable[..., Any]:
        return lambda self, *others: getattr(self.again(), name)(*others)

    binary = ("add", "sub", "mul", "truediv", "pow", "matmul", "mod", "floordiv")
    names = [f"__{r}{name}__" for name in binary for r in ("", "r")]
    for name in (*names, "__neg__", "__abs__", "__lt__", "__le__", "__gt__", "__ge__", "__eq__", "__ne__"):
        setattr(Released, name, forwarded(name))


_give_operators()


def is_spare(node: Any, array: Any) -> bool:
    """Whether the array of `node`, which only the graph holds on to, can be overwritten and thrown away."""
    origin = node._origin
    return (
        bool(origin)
        and not origin[0].uses_output
        and node._view is None
        and array.base is None
        and array.flags.writeable
        and array.dtype.kind == "f"
        and not node.label
    )


def release_inputs(node: Any) -> None:
    """Throw away what `node` was computed from, where only the graph holds it by now and no gradient needs it.

    Called when `node` is used in turn: by then ``h = h @ w + b; h = np.tanh(h)`` has let go of the sum.
    """
    if not node._origin or any(node._origin[0].uses_inputs):
        return
    for x in node._origin:
        if type(x) is type(node) and getrefcount(x) == ARRAY_REFERENCES:
            array = x._data
            if type(array) is np.ndarray and array.nbytes >= SMALLEST and is_spare(x, array):
                x._data = Released(x)


def fits_into(array: Any, other: Any) -> bool:
    """Whether an elementwise operation of both has the shape and type of `array`."""
    if isinstance(other, (float, int)):
        return True
    return bool(other.dtype == array.dtype and other.shape == array.shape[array.ndim - other.ndim :])


# --- telling an operand that nobody else holds ---------------------------------------------------------
#
# An operand that is only on its way from one operation to the next has one reference less than one that a
# variable holds. How many that makes is measured here, on operands that take the same ways; where an
# interpreter makes no difference between the two, nothing is ever thrown away.


class _Probe:
    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        count = _COUNTS.get(ufunc)
        if count is not None and method == "__call__" and not options:
            return count(*inputs)
        return NotImplemented


def _count(a: Any, b: Any = None) -> int:
    return getrefcount(a)


_COUNTS = {np.tanh: _count}
setattr(_Probe, "__add__", _count)  # noqa: B010  (as Tensor gets its operators: the way a call takes is what counts)
setattr(_Probe, "method", _count)  # noqa: B010


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


def _array_references() -> int:
    class Owner:
        data = None

    owner: Any = Owner()
    owner.data = np.zeros(1)
    array = owner.data
    return getrefcount(array)


ARRAY_REFERENCES = _array_references()
"""References to an object that one other (a node, a tuple) and one local variable hold."""
