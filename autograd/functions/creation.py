"""Arrays made after the pattern of a Tensor, what leaves the graph by writing, and what asks about arrays.

``zeros_like`` and its kin give plain arrays: their numbers are constants. With ``like=`` a Tensor, the
functions that NumPy otherwise keeps to plain arrays can build from Tensors: ``np.array([t1, t2], like=t1)``.
"""

from __future__ import annotations

from typing import Any, Callable

import numpy as np
from numpy.typing import DTypeLike

from autograd.functions.broadcasting import broadcast_to
from autograd.functions.register import arraylike, implement, named, refuse
from autograd.node import Node, stored
from autograd.types import Array


def full_like(
    a: Array,
    fill_value: Array,
    dtype: DTypeLike | None = None,
    order: str = "K",
    subok: bool = True,
    shape: Any = None,
    **options: Any,
) -> Array:
    shape = np.shape(stored(a)) if shape is None else shape
    if not isinstance(fill_value, Node):
        return np.full(shape, fill_value, dtype=stored(a).dtype if dtype is None else dtype)
    filled = broadcast_to(fill_value, shape)
    return filled.astype(stored(a).dtype if dtype is None else dtype)


def array(a: Array, dtype: DTypeLike | None = None, **options: Any) -> Any:
    def built(x: Array) -> Any:
        if isinstance(x, (list, tuple)) and any(_holds_tensor(one) for one in x):
            return np.stack([built(one) for one in x])
        return arraylike(x)

    y = built(a)
    return y if dtype is None or y.dtype == np.dtype(dtype) else y.astype(dtype)


def _holds_tensor(x: Array) -> bool:
    return isinstance(x, Node) or (isinstance(x, (list, tuple)) and any(map(_holds_tensor, x)))


def full(shape: Any, fill_value: Array, dtype: DTypeLike | None = None, order: str = "C", **options: Any) -> Any:
    fill_value = arraylike(fill_value)
    return np.broadcast_to(fill_value if dtype is None else fill_value.astype(dtype), shape)


def _without_like(function: Any) -> Callable[..., Any]:
    def made(*args: Any, **kwargs: Any) -> Any:
        kwargs.pop("like", None)
        return function(*args, **kwargs)

    made.__doc__ = "gives a plain array, also with `like=` a Tensor"
    return made


def copy(a: Array, order: str = "K", subok: bool = False) -> Any:
    return np.positive(a)


def astype(x: Array, dtype: Any, /, *, copy: bool = True, device: Any = None) -> Array:
    refuse("astype", device=device)
    return x.astype(dtype)


_WRITES = "it writes into its argument; "
_LEAVES = "it takes the numbers out of the graph; say so: give it t.data"
_INTEGERS = "it works on integers, which have no derivative; use it on plain arrays"

implement(
    {
        **{
            function: _without_like(function) for function in (
                np.arange, np.empty, np.eye, np.frombuffer, np.fromfile, np.fromfunction, np.fromiter, np.fromstring,
                np.genfromtxt, np.identity, np.loadtxt, np.ones, np.require, np.tri, np.zeros,
            )
        },
        np.full_like: full_like,
        np.array: array,
        np.asarray: array,
        np.asanyarray: array,
        np.ascontiguousarray: array,
        np.asfortranarray: array,
        np.full: full,
        np.copy: copy,
        **dict.fromkeys(named("astype"), astype),
    },
    constant=(np.isneginf, np.isposinf, np.array_equiv, np.common_type, np.einsum_path, np.isfortran, np.unravel_index),
    without_rule={
        _WRITES + "use np.where(mask, new, old), or join the parts": (np.copyto, np.put, np.place, np.putmask),
        _WRITES + "use np.where(mask, new, old) with a mask of the places": (np.put_along_axis,),
        _LEAVES: (np.save, np.savetxt, np.savez, np.savez_compressed),
        _INTEGERS: (np.ix_, np.ravel_multi_index, np.packbits, np.unpackbits),
        "it sets how arrays are printed": (np.printoptions,),
        "it works on dates, which a Tensor does not hold": (
            np.busday_count, np.busday_offset, np.datetime_as_string, np.is_busday,
        ),
    },
)  # fmt: skip
