"""What comes from outside: the data of leaves, and the operands that stand beside Tensors."""

from __future__ import annotations

from typing import Any, Sequence

import numpy as np

from autograd.errors import LeavesGraphError
from autograd.following import follower, followers
from autograd.functions.register import dtype_beside, excerpt, is_other_array, no_numbers, plain_array
from autograd.node import Node, plain
from autograd.rules.rule import Elementwise
from autograd.tensor import recording
from autograd.tensor.constants import COPIED_BYTES
from autograd.tensor.recording import made, record
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
    if isinstance(data, np.ndarray) and type(data) is not np.ndarray:
        data = plain_array(data)
    try:
        array = data.astype(data.dtype) if is_other_array(data) else np.array(data)
    except LeavesGraphError:
        message = "data holds Tensors or Values; join them with np.stack, which keeps their gradients"
        raise LeavesGraphError(message) from None
    if array.dtype.kind in "biu":
        array = array.astype(np.float64)
    if array.dtype.kind == "c":
        raise TypeError("a Tensor holds real numbers, not complex ones; make it of the real and imaginary parts")
    if array.dtype.kind != "f":
        raise TypeError(f"a Tensor holds numbers, but data has dtype {array.dtype}: {excerpt(data)}")
    return array


def leaf_of(data: Any) -> Any:
    """A leaf with the caller's numbers: an array of floats is not copied, only seen read-only.

    Raises
    ------
    TypeError
        As :func:`leaf_data`, and for ``np.matrix``, whose ``*`` is another one.
    """
    if isinstance(data, np.matrix):
        raise TypeError(
            "* means a matrix product for np.matrix, and an elementwise one for the Tensor that stands for it while a "
            "derivative is taken; give a plain array: np.asarray(m) (of a sparse one: .toarray())"
        )
    if isinstance(data, np.ndarray) and data.dtype.kind in "fc":
        data = (data if type(data) is np.ndarray else plain_array(data)).view()
        data.setflags(write=False)
    elif is_other_array(data) and data.dtype.kind in "fc":
        pass
    elif not isinstance(data, (np.floating, np.complexfloating)):
        data = leaf_data(data)
    return made(data)


def seed_like(data: Any, gradient: Any, copy: bool = True) -> Any:
    """The cotangent that a backward pass from `data` starts with: a copy, of its dtype and its library.

    Without `copy` it is the caller's own array where that will do.
    """
    if isinstance(gradient, np.ndarray) and (type(gradient) is not np.ndarray or gradient.dtype.kind not in "biufcO"):
        gradient = plain_array(gradient)
    if is_other_array(data) and not is_other_array(gradient):
        gradient = np.asarray(gradient, like=data)
    if is_other_array(gradient):
        return gradient.astype(data.dtype)
    return np.array(gradient, data.dtype) if copy else np.asarray(gradient, data.dtype)


def operands(inputs: Sequence[Any], own_dtype: Sequence[int] = ()) -> tuple[Any, ...]:
    """What a rule is applied to, as it is kept: Tensors, Python's numbers, and constants of the result's dtype.

    Nothing is computed with constants before they have that dtype: in one of their own, which may be too small for
    it, sums and products of several could overflow, and logarithms be coarse. Those numbered in `own_dtype` keep
    theirs.
    """
    lifted: list[Any] = [x if type(x) is recording.TENSOR or type(x) is float else _lifted(x) for x in inputs]
    dtypes = {x.dtype for i, x in enumerate(lifted) if hasattr(x, "dtype") and i not in own_dtype}
    beside = dtypes.pop() if len(dtypes) == 1 else np.result_type(*(dtypes or (float,)))
    fitted = [
        x
        if type(x) is recording.TENSOR or type(x) is float
        else operand(x, getattr(x, "dtype", beside) if i in own_dtype else beside)
        for i, x in enumerate(lifted)
    ]
    return tuple(fitted)


def operand(x: Any, beside: Any) -> Any:
    """What an operation may be applied to beside a Tensor of dtype `beside`, as it is kept.

    Numbers of Python stay; a Value is lifted; an array gets the dtype that NumPy computes in. It is kept as it is
    now: copied if it is small, so that its owner may write into it; of a large one (over 256 KiB) the numbers are
    noted, and a backward pass refuses if they have changed (:mod:`autograd.tensor.constants`).

    Raises
    ------
    TypeError
        If `x` is no number and no array of numbers.
    """
    kind = type(x)
    if kind is np.ndarray:
        if x.dtype is beside:
            return x.copy() if x.nbytes <= COPIED_BYTES else x
    else:
        if kind is float:
            return x
        if kind is int:  # NumPy takes a float in half the time; of these numbers every float type has a like one
            return float(x) if -2048 <= x <= 2048 else x
        x = _lifted(x)
        if kind is complex:  # Python's own, times a NumPy number, would give Python's again
            return np.result_type(beside, x).type(x)
        if not hasattr(x, "dtype") or type(x) is recording.TENSOR:
            return x
    if x.dtype is not beside:
        wanted = dtype_beside(x.dtype, beside)
        if x.dtype != wanted:
            if followers and (who := follower()) is not None:
                return who.kept(x, wanted)
            x = x.astype(wanted)
            x.setflags(write=False)  # nobody's but ours: nothing to watch
            return x
    return held(x)


def held(x: Any) -> Any:
    """An array, or a setting of an operation, that nobody else will write into: small arrays are copied."""
    if followers and (who := follower()) is not None:
        return who.kept(x)
    if isinstance(x, np.ndarray):
        return x.copy() if x.nbytes <= COPIED_BYTES else x
    return tuple(map(held, x)) if type(x) is tuple and any(isinstance(one, np.ndarray) for one in x) else x


def as_constant(x: Any) -> Any:
    """The numbers of a Tensor, which no gradient flows through; what is followed stays followed."""
    if followers and type(x) is recording.TENSOR and (who := follower()) is not None:
        return who.read(x)
    return plain(x)


def factor(x: Any, beside: Any) -> Any:
    """:func:`operand` for the operator ``*``, which stands for another product where a matrix is one side of it."""
    if isinstance(x, np.matrix):
        raise TypeError(
            "* means a matrix product for np.matrix, and an elementwise one for a Tensor; "
            "use m @ t or np.multiply(m, t), or a plain array: np.asarray(m) (of a sparse one: .toarray())"
        )
    return operand(x, beside)


def _lifted(x: Any) -> Any:
    """A Tensor, a number of Python, or a plain array of numbers, not copied."""
    kind = type(x)
    if kind is float or kind is int or kind is recording.TENSOR:
        return x
    if kind is Value:
        return record(lift, (x,), np.float64(x._data))
    if isinstance(x, (complex, bool)) and not isinstance(x, np.generic) or x is None:
        return x
    array = plain_array(x)
    if array.dtype.kind not in "biufc":
        raise TypeError(no_numbers(array.dtype, x))
    return array


class _Lift(Elementwise):
    arrays_only = True
    pull_arrays = None  # its input is no array


lift = _Lift("lift", float, lambda x: np.float64(x), lambda y, x: 1, doc="A Value as a Tensor without axes.")
