"""How the common array operations are computed into memory that is there already.

No derivatives: these are ways of calling NumPy. The method ``dot`` is quicker to start than ``np.dot`` and that than
``np.matmul``, the sum of the rows of a matrix is a product with ones, and assignment is quicker than ``np.copyto``.
What has no entry is called as it stands, and its result copied.
"""

from __future__ import annotations

import math
import operator
from functools import partial
from typing import Any, Callable, Mapping, Sequence

import numpy as np

from autograd.functions.indexing import scatter
from autograd.functions.products import matmul
from autograd.functions.reductions import average, total
from autograd.functions.shapes import concatenation
from autograd.functions.softmax import ROWS, SHORT_ROW, peak
from autograd.nn.functional.losses.many_classes import pick, place
from autograd.rules.elementwise import share, step

_dot = np.ndarray.dot

Step = tuple[Callable[..., Any], tuple[Any, ...]]
Kernel = Callable[[Sequence[Any], Mapping[str, Any], Any], "list[Step] | None"]

_KEYWORD_OUT = (np.maximum, np.minimum)  # whose third argument NumPy wants by name


def in_lines(nbytes: int) -> Any:
    """Memory; where it is large, it begins as a line of the cache does, which saves products and sums 1 or 2 %."""
    if nbytes < _MANY_LINES:
        return np.empty(nbytes, np.uint8)
    memory = np.empty(nbytes + _LINE, np.uint8)
    start = -memory.ctypes.data % _LINE
    return memory[start : start + nbytes]


_LINE, _MANY_LINES = 64, 1 << 14
"""Bytes."""


def of_ufunc(ufunc: np.ufunc, inputs: Sequence[Any], out: Any) -> list[Step]:
    """``ufunc(*inputs, out)``. A number of Python becomes an array once, instead of at each call."""
    operands, plain = inputs, all([type(x) is np.ndarray for x in inputs])
    if not plain:
        dtypes = {x.dtype for x in inputs if isinstance(x, np.ndarray)}
        if len(dtypes) == 1:
            (dtype,) = dtypes
            inputs = [np.array(x, dtype) if type(x) in (float, int) and dtype.kind == "f" else x for x in inputs]
    if out.ndim == 2 and out.shape[1] == 1:
        inputs = [x.reshape(()) if isinstance(x, np.ndarray) and x.shape == (1,) else x for x in inputs]
    if ufunc in _KEYWORD_OUT:  # these are slow beside a number
        if out.nbytes <= _SMALL and not plain:
            inputs = [
                np.full(out.shape, x) if isinstance(x, np.ndarray) and type(given) in (float, int) else x
                for x, given in zip(inputs, operands)
            ]
        return [(partial(ufunc, out=out), tuple(inputs))]
    return [(ufunc, (*inputs, out))]


_SMALL = 1 << 14
"""Bytes up to which a number is better repeated as an array of its own."""


def of_call(function: Any, inputs: Sequence[Any], static: Mapping[str, Any], out: Any) -> list[Step]:
    """A function called as it stands, its result copied."""

    return [(Call(function, static, out), tuple(inputs))]


class Call:
    """A call of what is not NumPy's own: a rule's function, which may be a user's."""

    __slots__ = ("function", "static", "out")

    def __init__(self, function: Any, static: Mapping[str, Any], out: Any) -> None:
        self.function, self.static, self.out = function, static, out

    def __call__(self, *inputs: Any) -> None:
        result, out = np.asarray(self.function(*inputs, **self.static)), self.out
        if result.shape != out.shape or result.dtype != out.dtype:
            raise Unlike(f"an operation gave shape {result.shape}, not {out.shape} as when it was recorded")
        out[...] = result


class Unlike(Exception):
    """A replayed operation gave another shape or type than when it was recorded."""


def _matmul(inputs: Sequence[Any], static: Mapping[str, Any], out: Any) -> list[Step]:
    a, b = inputs
    small = a.ndim == b.ndim == 2 and a.dtype == b.dtype == out.dtype and a.dtype.kind == "f" and a.size and b.size
    function: Any = _dot if small and out.flags.c_contiguous else np.matmul
    return [(function, (a, b, out))]


_ones: dict[Any, Any] = {}


def _sum(inputs: Sequence[Any], static: Mapping[str, Any], out: Any) -> list[Step] | None:
    (x,) = inputs
    axis, keepdims = static.get("axis"), static.get("keepdims", False)
    if out.dtype != x.dtype:
        return None
    reduce: Any = np.add.reduce
    if x.ndim == 2 and not keepdims and x.dtype in (np.float32, np.float64) and x.size and x.flags.c_contiguous:
        if axis in (0, (0,)):
            return [(_dot, (_of_ones(x.shape[0], x.dtype), x, out))]
        if axis in ROWS and x.shape[1] <= SHORT_ROW:
            return [(_dot, (x, _of_ones(x.shape[1], x.dtype), out))]
    return [(reduce, (x, axis, None, out, keepdims))]


def _of_ones(count: int, dtype: Any) -> Any:
    if (count, dtype) not in _ones:
        _ones[count, dtype] = np.ones(count, dtype)
    return _ones[count, dtype]


def _mean(inputs: Sequence[Any], static: Mapping[str, Any], out: Any) -> list[Step] | None:
    (x,) = inputs
    if x.dtype == np.float16 or not x.size or out.dtype != x.dtype:
        return None
    reduce: Any = np.add.reduce
    count = np.array(x.size // max(out.size, 1), x.dtype)
    whole = out if out.size > 1 else np.empty_like(out)  # NumPy is slow at writing a single number over itself
    return [(reduce, (x, static["axis"], None, whole, static["keepdims"])), (np.true_divide, (whole, count, out))]


def _concatenate(inputs: Sequence[Any], static: Mapping[str, Any], out: Any) -> list[Step] | None:
    if any(x.dtype != out.dtype for x in inputs):
        return None
    return [(np.concatenate, (tuple(inputs), static["axis"], out))]


def _scatter(inputs: Sequence[Any], static: Mapping[str, Any], out: Any) -> list[Step] | None:
    (g,) = inputs
    if not is_part(static["index"]) or g.dtype != out.dtype:
        return None
    return [(out.fill, (0,)), _assigned(part_of(out, static["index"]), g)]


def _peak(inputs: Sequence[Any], static: Mapping[str, Any], out: Any) -> list[Step] | None:
    (x,) = inputs
    if x.ndim != 2 or static["axis"] not in ROWS or not 0 < x.shape[1] <= SHORT_ROW:
        return None
    columns, top = np.empty(x.shape[::-1], x.dtype), out[:, 0]

    def mend() -> None:
        if not math.isfinite(np.add.reduce(top)):
            top[~np.isfinite(top)] = 0

    return [_assigned(columns, x.T), (np.maximum.reduce, (columns, 0, None, top)), (mend, ())]


def in_rows(array: Any, at: Any) -> tuple[Step, Any, Any] | None:
    """How the places of one number in each row are found: a step, where it writes them, and what they are places in."""
    if not array.flags.c_contiguous or not np.can_cast(at.dtype, np.intp):
        return None
    rows, classes = array.shape
    places = np.empty(rows, np.intp)
    return (np.add, (np.arange(0, rows * classes, classes), at, places)), places, array.reshape(-1)


def _pick(inputs: Sequence[Any], static: Mapping[str, Any], out: Any) -> list[Step] | None:
    (x,) = inputs
    if (found := in_rows(x, static["at"])) is None:
        return None
    step, places, flat = found
    return [step, (flat.take, (places, None, out, "clip"))]


def _place(inputs: Sequence[Any], static: Mapping[str, Any], out: Any) -> list[Step] | None:
    (g,) = inputs
    if (found := in_rows(out, static["at"])) is None:
        return None
    step, places, flat = found
    return [(out.fill, (0,)), step, (flat.put, (places, g))]


def add_in_rows(g: Any, at: Any, out: Any) -> list[Step]:
    """``out[np.arange(len(at)), at] += g``."""
    if (found := in_rows(out, at)) is None:
        return [(np.add.at, (out, (np.arange(len(at)), at), g))]
    step, places, flat = found
    sums = np.empty(len(at), out.dtype)
    return [
        step,
        (flat.take, (places, None, sums, "clip")),
        (np.add, (sums, g, sums)),
        (flat.put, (places, sums)),
    ]


def _assigned(out: Any, array: Any) -> Step:
    return operator.setitem, (out, Ellipsis, array)


def _step(inputs: Sequence[Any], static: Mapping[str, Any], out: Any) -> list[Step]:
    (x,) = inputs
    mask = np.empty(out.shape, bool)
    return [(np.greater, (x, np.zeros((), x.dtype), mask)), _assigned(out, mask)]


def _share(inputs: Sequence[Any], static: Mapping[str, Any], out: Any) -> list[Step]:
    a, b = [x if isinstance(x, np.ndarray) else np.array(x, out.dtype) for x in inputs]
    truths = bytearray(out.size)  # in which one that holds is found faster than NumPy counts
    mask = np.frombuffer(truths, bool).reshape(out.shape)

    def ties() -> None:
        if 1 in truths:
            out[mask] = 0.5

    return [(np.greater, (a, b, mask)), _assigned(out, mask), (np.equal, (a, b, mask)), (ties, ())]


def is_part(index: Any) -> bool:
    """Whether an index takes a part that is a view: numbers, slices, ``...`` and ``None``."""
    return all(
        isinstance(x, (int, np.integer, slice, type(None), type(Ellipsis))) and not isinstance(x, bool)
        for x in as_tuple(index)
    )


def part_of(array: Any, index: Any) -> Any:
    """That part as a view, of a single number too."""
    parts = as_tuple(index)
    return array[parts] if any(x is Ellipsis for x in parts) else array[(*parts, ...)]


def as_tuple(index: Any) -> tuple[Any, ...]:
    return index if isinstance(index, tuple) else (index,)


KERNELS: dict[Any, Kernel] = {
    matmul: _matmul, total: _sum, average: _mean, concatenation: _concatenate, scatter: _scatter,
    step: _step, share: _share, peak: _peak, pick: _pick, place: _place,
}  # fmt: skip
"""By rule."""
