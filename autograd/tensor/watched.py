"""The array that ``tensor.data`` gives out: reads are plain NumPy, and no write goes unnoticed.

A recorded operation needs the data that it has used. So writes through the usual ways (``a[i] = x``, ``a -= g``,
``a.fill(0)``, ``np.add.at(a, i, x)``, ``np.exp(x, out=a)`` …) tell the tensor, which lets a later backward pass
refuse; any other way of writing (``np.copyto(a, x)``) meets an array that is read-only.

What is beyond NumPy's reach stays unnoticed: compiled code that writes to a plain read-only view all the same, as
``np.add.at(np.asarray(a), i, x)`` does, SciPy's BLAS and its LAPACK functions with ``overwrite_b=True``; and who goes
past the view, to ``a.base`` or the memory's address.
"""

from __future__ import annotations

from typing import Any, Callable
from weakref import ref

import numpy as np

from autograd import core
from autograd.errors import InPlaceError
from autograd.graph import touch
from autograd.node import Node


def _announced(name: str) -> Any:
    """The method of arrays that is called `name`; the tensor is told of what it writes."""
    write = getattr(np.ndarray, name)

    def method(self: Watched, *args: Any, **kwargs: Any) -> Any:
        array, tensor = _opened(self)
        try:
            return write(array, *args, **kwargs)
        finally:
            if tensor is not None:
                touch(tensor)

    method.__name__ = name
    method.__doc__ = f"As ``ndarray.{name}``, and the tensor is told."
    return method


def _in_place(name: str) -> Any:
    """The operator of arrays that is called `name`, likewise: every step of a training updates by it."""
    write = getattr(np.ndarray, name)

    def method(self: Watched, other: Any) -> Any:
        tensor: Any = None if self.owner is None else self.owner()
        if tensor is not None and tensor._view is self and tensor._data.flags.writeable:
            array = tensor._data  # as `_opened` says, without the call
        else:
            array, tensor = _opened(self)
        try:
            result = write(array, other)
        finally:
            if tensor is not None:
                touch(tensor)
        return NotImplemented if result is NotImplemented else self

    method.__name__ = name
    method.__doc__ = f"As ``ndarray.{name}``, and the tensor is told."
    return method if core.compiled is None else core.compiled.in_place(name, method)


class Watched(np.ndarray):
    """A read-only view of a tensor's data whose writing methods write all the same, and say so."""

    owner: Callable[[], Node | None] | None = None
    """For the whole view, a weak reference to its tensor; parts of it find that by their base."""

    __setitem__ = _announced("__setitem__")
    __iadd__ = _in_place("__iadd__")
    __isub__ = _in_place("__isub__")
    __imul__ = _in_place("__imul__")
    __itruediv__ = _in_place("__itruediv__")
    __ifloordiv__ = _in_place("__ifloordiv__")
    __imod__ = _in_place("__imod__")
    __ipow__ = _in_place("__ipow__")
    __imatmul__ = _in_place("__imatmul__")
    fill = _announced("fill")
    partition = _announced("partition")
    put = _announced("put")
    sort = _announced("sort")

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **options: Any) -> Any:
        """As for plain arrays, which the results are. (``ufunc.at`` would write in spite of the read-only flag.)"""
        given = [x.view(np.ndarray) if isinstance(x, Watched) else x for x in inputs]
        if method == "__call__" and not options:
            return ufunc(*given)
        out = inputs[:1] if method == "at" else options.get("out", ())
        opened = [_opened(x) if isinstance(x, Watched) else (x, None) for x in out]
        arrays = tuple(array for array, _ in opened)
        if method == "at":
            given[0] = arrays[0]
        elif out:
            options["out"] = arrays
        try:
            result = getattr(ufunc, method)(*given, **options)
        finally:
            for _, tensor in opened:
                if tensor is not None:
                    touch(tensor)
        if isinstance(result, tuple):
            return tuple(_handed_back(x, arrays, out) for x in result)
        return _handed_back(result, arrays, out)

    def __array_wrap__(self, array: Any, context: Any = None, return_scalar: bool = False) -> Any:
        # What other functions compute from the data is the caller's own too.
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


def _opened(view: Watched) -> tuple[Any, Any]:
    """The same numbers as a plain array that can be written to, and the tensor to be told, if there is one.

    Raises
    ------
    InPlaceError
        If the numbers are another's too.
    """
    owner = view.owner
    tensor: Any = owner() if owner is not None else None
    if tensor is not None and tensor._view is view and tensor._data.flags.writeable:
        return tensor._data, tensor
    if view.flags.writeable:  # a copy: somebody's own array
        return view.view(np.ndarray), None
    memory: Any = view
    while isinstance(memory, Watched):
        memory = memory.base
    if not memory.flags.writeable:
        raise InPlaceError(
            "these numbers belong to another Tensor or to an array of the caller's, which would change too; "
            "write to that one's data, or to a copy's: c = t.copy(), then c.data"
        )
    view.setflags(write=True)  # for as long as the plain view of it is made
    try:
        return view.view(np.ndarray), owner_of(view)
    finally:
        view.setflags(write=False)


def _handed_back(result: Any, arrays: tuple[Any, ...], out: Any) -> Any:
    """`result`, or the array that it was to be written into."""
    for array, given in zip(arrays, out):
        if result is array:
            return given
    return result
