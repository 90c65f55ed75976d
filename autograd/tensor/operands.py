"""What comes from outside: the data of leaves, and the operands that stand beside Tensors."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.errors import LeavesGraphError
from autograd.node import Node
from autograd.rules.rule import Elementwise
from autograd.tensor import recording
from autograd.tensor.constants import COPIED_BYTES
from autograd.tensor.recording import lay_out, new, record
from autograd.tensor.watched import Watched
from autograd.value import Value


def leaf_data(data: Any) -> Any:
    """`data` as a fresh array of real floating-point numbers.

    Raises
    ------
    TypeError
        If it is complex, or holds something that is no number.
    """
    if isinstance(data, Node):
        raise TypeError(f"data is a {type(data).__name__} already; use it as it is, or copy its numbers: x.data")
    try:
        array = np.array(data)
    except LeavesGraphError:
        message = "data holds Tensors or Values; join them with np.stack, which keeps their gradients"
        raise LeavesGraphError(message) from None
    if array.dtype.kind in "biu":
        array = array.astype(np.float64)
    if array.dtype.kind == "c":
        raise TypeError("a Tensor holds real numbers, not complex ones; make it of the real and imaginary parts")
    if array.dtype.kind != "f":
        raise TypeError(f"a Tensor holds numbers, but data has dtype {array.dtype}: {_excerpt(data)}")
    return array


def leaf_of(data: Any) -> Any:
    """A leaf with the caller's numbers: an array of floats is not copied, only seen read-only."""
    if isinstance(data, np.ndarray) and data.dtype.kind in "fc":
        data = data.view()
        data.setflags(write=False)
    elif not isinstance(data, (np.floating, np.complexfloating)):
        data = leaf_data(data)
    return lay_out(new(recording.TENSOR), data)


def operand(x: Any) -> Any:
    """What an operation may be applied to beside Tensors: numbers and arrays of numbers; a Value is lifted.

    A small array is copied, so that its owner may write into it; of a large one (over 64 KiB) the numbers are
    noted, and a backward pass refuses if they have changed (:mod:`autograd.tensor.constants`).

    Raises
    ------
    TypeError
        If `x` is anything else.
    """
    kind = type(x)
    if kind is float or kind is int or kind is recording.TENSOR:
        return x
    if kind is np.ndarray:
        kept = x.copy() if x.nbytes <= COPIED_BYTES else x
    elif kind is Watched:
        kept = np.array(x)
    elif kind is Value:
        return record(lift, (x,), np.float64(x._data))
    elif isinstance(x, np.ma.MaskedArray):
        raise TypeError("a Tensor knows no masked arrays; use np.where(mask, x, t), or the nan functions")
    elif isinstance(x, np.generic) or hasattr(x, "__array_function__"):
        kept = x
    elif isinstance(x, (complex, bool)) or x is None:
        return x
    else:
        kept = np.asarray(x)
    if kept.dtype.kind not in "biufc":
        raise TypeError(f"a Tensor works with arrays of numbers, not with dtype {kept.dtype}: {_excerpt(x)}")
    return kept


class _Lift(Elementwise):
    arrays_only = True
    pull_arrays = None  # its input is no array


lift = _Lift(
    "lift", float, lambda x: np.float64(x), lambda y, x: 1, doc="A Value as a Tensor without axes.",
)  # fmt: skip


def _excerpt(x: Any) -> str:
    text = repr(x)
    return text if len(text) <= 60 else text[:57] + "…"
