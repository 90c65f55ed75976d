"""The array that ``tensor.data`` gives out: reads are plain NumPy, and no write goes unnoticed.

A recorded operation needs the data that it has used. So writes through the usual ways (``a[i] = x``,
``a -= g``, ``a.fill(0)`` …) tell the tensor, which lets a later backward pass refuse; any other way of
writing (``np.copyto(a, x)``, ``out=a``) meets an array that is read-only.
"""

from __future__ import annotations

from typing import Any, Callable
from weakref import ref

import numpy as np

from autograd.errors import InPlaceError
from autograd.graph import touch
from autograd.node import Node

_WRITERS = (
    "__setitem__", "__iadd__", "__isub__", "__imul__", "__itruediv__", "__ifloordiv__", "__imod__",
    "__ipow__", "__imatmul__", "fill", "sort", "partition", "put",
)  # fmt: skip


class Watched(np.ndarray):
    """A read-only view of a tensor's data whose writing methods write all the same, and say so."""

    owner: Callable[[], Node | None] | None = None
    """For the whole view, a weak reference to its tensor; parts of it find that by their base."""

    def __array_wrap__(self, array: Any, context: Any = None, return_scalar: bool = False) -> Any:
        # What is computed from the data is the caller's own, and a plain array.
        return array[()] if return_scalar else array.view(np.ndarray)

    def __reduce__(self) -> Any:
        return np.array(self).__reduce__()

    def __repr__(self) -> str:
        return repr(self.view(np.ndarray))


def watch(owner: Node) -> Watched:
    """The data of `owner`, as a watched view; read-only where the numbers are another's too.

    A write through a reshaped or sliced tensor would change the one that it sees, unnoticed by that one.
    """
    if owner._data.base is not None and owner._data.flags.writeable:
        owner._data = owner._data.view()
        owner._data.setflags(write=False)
    view: Watched = owner._data.view(Watched)
    view.setflags(write=False)
    view.owner = ref(owner)
    return view


def owner_of(array: Any) -> Node | None:
    """The tensor whose data `array` is a view of, if it is a watched one and the tensor is alive."""
    while isinstance(array, Watched):
        if array.owner is not None:
            return array.owner()
        array = array.base
    return None


def _announced(name: str) -> Callable[..., Any]:
    write = getattr(np.ndarray, name)
    in_place = name.startswith("__i")

    def method(self: Watched, *args: Any, **kwargs: Any) -> Any:
        tensor: Any = self.owner() if self.owner is not None else None
        if tensor is not None and tensor._view is self and tensor._data.flags.writeable:
            result = write(tensor._data, *args, **kwargs)
            touch(tensor)
            return self if in_place else result
        if self.flags.writeable:  # a copy: somebody's own array
            return write(self, *args, **kwargs)
        result = _write_through(self, write, args, kwargs)
        tensor = owner_of(self)
        if tensor is not None:
            touch(tensor)
        return self if in_place else result

    method.__name__ = name
    method.__doc__ = f"As ``ndarray.{name}``, and the tensor is told."
    return method


def _write_through(view: Watched, write: Any, args: Any, kwargs: Any) -> Any:
    """Write into a part of a tensor's data, or into what was a tensor's once."""
    memory: Any = view
    while isinstance(memory, Watched):
        memory = memory.base
    if not memory.flags.writeable:
        raise InPlaceError(
            "these numbers belong to another Tensor or to an array of the caller's, which would change too; "
            "write to that one's data, or to a copy's: c = t.copy(), then c.data"
        )
    view.setflags(write=True)
    try:
        return write(view.view(np.ndarray), *args, **kwargs)
    finally:
        view.setflags(write=False)


for _name in _WRITERS:
    setattr(Watched, _name, _announced(_name))
