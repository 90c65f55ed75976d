"""The array that ``tensor.data`` gives out: reads are plain NumPy, and no write goes unnoticed.

A recorded operation needs the data that it has used. So writes through the usual ways (``a[i] = x``,
``a -= g``, ``a.fill(0)`` …) tell the tensor, which lets a later backward pass refuse; any other way of
writing (``np.copyto(a, x)``, ``out=a``) meets an array that is read-only.
"""

from __future__ import annotations

from typing import Any, Callable

import numpy as np

from autograd.errors import InPlaceError
from autograd.graph import Node, touch

_WRITERS = (
    "__setitem__", "__iadd__", "__isub__", "__imul__", "__itruediv__", "__ifloordiv__", "__imod__",
    "__ipow__", "__imatmul__", "fill", "sort", "partition", "put",
)  # fmt: skip


class Watched(np.ndarray):  # type: ignore[type-arg]
    """A read-only view of a tensor's data whose writing methods write all the same, and say so."""

    owner: Node | None

    def __array_wrap__(self, array: Any, context: Any = None, return_scalar: bool = False) -> Any:
        # What is computed from the data is the caller's own, and a plain array.
        return array[()] if return_scalar else array.view(np.ndarray)

    def __reduce__(self) -> Any:
        return np.array(self).__reduce__()

    def __repr__(self) -> str:
        return repr(self.view(np.ndarray))


def watch(owner: Node) -> Watched:
    """The data of `owner`, as a watched view."""
    view = owner._data.view(Watched)
    view.setflags(write=False)
    view.owner = owner
    return view  # type: ignore[no-any-return]


def owner_of(array: Any) -> Node | None:
    """The tensor whose data `array` is a view of, if it is a watched one."""
    while isinstance(array, Watched):
        owner: Node | None = getattr(array, "owner", None)
        if owner is not None:
            return owner
        array = array.base
    return None


def _announced(name: str) -> Callable[..., Any]:
    write = getattr(np.ndarray, name)

    def method(self: Watched, *args: Any, **kwargs: Any) -> Any:
        owner = None if self.flags.writeable else owner_of(self)
        if owner is None:  # a copy: somebody's own array
            return write(self, *args, **kwargs)
        if not owner._data.flags.writeable:
            raise InPlaceError(
                "this Tensor sees an array of the caller's, which is not overwritten; compute a new one instead"
            )
        self.setflags(write=True)
        try:
            result = write(self.view(np.ndarray), *args, **kwargs)
        finally:
            self.setflags(write=False)
        touch(owner)
        return self if name.startswith("__i") else result

    method.__name__ = name
    method.__doc__ = write.__doc__
    return method


for _name in _WRITERS:
    setattr(Watched, _name, _announced(_name))
