"""Pooling: the largest or the mean pixel of each window."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.functions.register import arraylike, in_floats
from autograd.nn.functional.windows import PerAxis, Windows, batched, pixels, windows
from autograd.node import plain
from autograd.rules.arrays import General, Linear
from autograd.rules.extremes import largest
from autograd.types import Array, Cotangent


def _parts(x: Array, at: Windows, value: float) -> Any:
    """x with its pads in logical order, and for each pixel of the window where it falls."""
    padded = x if at.padded == at.size else np.moveaxis(at.pad(x, value), -1, 0)
    return padded, [(slice(None), slice(None), *shift) for shift in at.shifts]


def _largest(x: Array, *, at: Windows) -> Array:
    padded, shifts = _parts(x, at, -np.inf)
    if len(shifts) == 1:
        return padded[shifts[0]].copy()
    y = np.maximum(padded[shifts[0]], padded[shifts[1]])
    for shift in shifts[2:]:
        np.maximum(y, padded[shift], out=y)
    return y


def _winners(x: Array, y: Any, at: Windows) -> tuple[list[Any], Any]:
    """For each pixel of the window whether it is the largest, and how many share that (``None`` if none ever do)."""
    padded, shifts = _parts(x, at, -np.inf)
    winners = [padded[shift] == y for shift in shifts]
    counts: Any = np.zeros_like(winners[0], np.int8 if len(winners) < 128 else np.int32)
    for winner in winners:
        counts += winner.view(np.int8)
    return winners, counts if counts.size and counts.max() > 1 else None


def _give(g: Cotangent, *, x: Array, y: Array, at: Windows) -> Array:
    winners, counts = _winners(x, y, at)
    share = g if counts is None else (g / counts).astype(g.dtype, copy=False)
    pad = at.padded != at.size
    if pad or not at.tile:
        full = np.moveaxis(np.zeros((x.shape[1], *at.padded, x.shape[0]), g.dtype), -1, 0)
        for winner, shift in zip(winners, at.shifts):
            place = full[(slice(None), slice(None), *shift)]
            place += share * winner
        return full[(slice(None), slice(None), *at.inside)]
    full = np.empty_like(x, dtype=g.dtype)
    for winner, shift in zip(winners, at.shifts):
        np.multiply(share, winner, out=full[(slice(None), slice(None), *shift)])
    return full


def _take(h: Any, *, x: Array, y: Any, at: Windows) -> Array:
    winners, counts = _winners(x, y, at)
    padded, shifts = _parts(h, at, 0.0)
    total: Any = 0
    for winner, shift in zip(winners, shifts):
        total = total + padded[shift] * winner
    return total if counts is None else (total / counts).astype(h.dtype, copy=False)


give_to_winners = Linear(
    "max_unpool",
    _give,
    lambda h, g, **how: take_from_winners(h, **how),
    doc="Each window's number given to its largest pixel, shared equally where several are.",
    local="of {g} the largest pixel's of each window",
)

take_from_winners: Linear = Linear(
    "take_winners",
    _take,
    lambda g, h, **how: give_to_winners(g, **how),
    doc="Of each window the pixel where another array is largest, the mean of them where several are.",
    local="{g} to the chosen pixel of each window",
)


def _largest_of_numbers(x: Array, at: Windows) -> Any:
    places, shifts = _parts(np.arange(float(x.size)).reshape(x.shape), at, -1.0)
    windows = np.stack([places[shift] for shift in shifts]).astype(int)
    numbers, y = x.ravel(), np.empty(windows.shape[1:], dtype=object)
    for i in np.ndindex(y.shape):
        y[i] = largest(*[numbers[k] for k in windows[(slice(None), *i)] if k >= 0])
    return y


largest_of_windows = General(
    "max_pool",
    _largest,
    lambda g, y, x, at: (give_to_winners(g, x=plain(x), y=plain(y), at=at),),
    doc="The largest pixel of each window.",
    local="{g} to the largest pixel of each window",
    scalars=_largest_of_numbers,
)


def _sum_windows(x: Array, *, at: Windows) -> Array:
    padded, shifts = _parts(x, at, 0.0)
    y = padded[shifts[0]].copy(order="K")
    for shift in shifts[1:]:
        y += padded[shift]
    return y


def _spread_windows(g: Cotangent, *, at: Windows) -> Array:
    full = np.moveaxis(np.zeros((g.shape[1], *at.padded, g.shape[0]), g.dtype), -1, 0)
    for shift in at.shifts:
        place = full[(slice(None), slice(None), *shift)]
        place += g
    return full[(slice(None), slice(None), *at.inside)]


sum_of_windows = Linear(
    "sum_pool",
    _sum_windows,
    lambda g, x, at: spread_over_windows(g, at=at),
    doc="The sum of the pixels of each window.",
    local="{g} to each pixel of its window",
)
spread_over_windows: Linear = Linear(
    "sum_unpool",
    _spread_windows,
    lambda h, g, at: sum_of_windows(h, at=at),
    doc="Each window's number added to all its pixels.",
    local="the sum of {g} over each window",
)


def _max_pool(
    n: int | None,
    x: Array,
    kernel_size: PerAxis,
    stride: PerAxis | None,
    padding: PerAxis,
    dilation: PerAxis,
    ceil_mode: bool,
) -> Any:
    function = f"max_pool{n}d" if n else "max_pool"
    x = arraylike(x)
    x, added = batched(function, x, n)
    stride = kernel_size if stride is None else stride
    at = windows(function, x.shape[2:], kernel_size, stride, padding, dilation, ceil_mode)
    if any(2 * b > k for b, k in zip(at.before, at.kernel)):
        raise ValueError(f"{function}: padding {at.before} is more than half of kernel_size {at.kernel}")
    y = largest_of_windows(x, at=at)
    return y[0] if added else y


def _avg_pool(
    n: int | None,
    x: Array,
    kernel_size: PerAxis,
    stride: PerAxis | None,
    padding: PerAxis,
    ceil_mode: bool,
    count_include_pad: bool,
    divisor_override: int | None,
) -> Array:
    function = f"avg_pool{n}d" if n else "avg_pool"
    x = in_floats(x)
    x, added = batched(function, x, n)
    stride = kernel_size if stride is None else stride
    at = windows(function, x.shape[2:], kernel_size, stride, padding, 1, ceil_mode)
    if any(2 * b > k for b, k in zip(at.before, at.kernel)):
        raise ValueError(f"{function}: padding {at.before} is more than half of kernel_size {at.kernel}")
    y = sum_of_windows(x, at=at)
    if divisor_override is not None:
        y = y * (1 / divisor_override)
    elif at.padded == at.size or (count_include_pad and at.before == at.after):
        y = y * (1 / pixels(at.kernel))
    else:
        y = y / _counted(at, count_include_pad).astype(y.dtype)
    return y[0] if added else y


def _counted(at: Windows, pads: bool) -> Array:
    """How many pixels (and pads, but none that only ceil_mode added) lie in each window."""
    ones = np.zeros((1, *at.padded, 1))
    where = [slice(0, b + n + b) for b, n in zip(at.before, at.size)] if pads else at.inside
    ones[(slice(None), *where)] = 1
    channel = ones[0, ..., 0]
    return sum(channel[shift] for shift in at.shifts)


def max_pool(
    input: Array,
    kernel_size: PerAxis,
    stride: PerAxis | None = None,
    padding: PerAxis = 0,
    dilation: PerAxis = 1,
    ceil_mode: bool = False,
) -> Array:
    """The largest pixel of each window, for any number of spatial axes: input (batch, channels) + spatial.

    Parameters
    ----------
    input : Tensor or ndarray
        The numbers x.
    kernel_size, stride, padding, dilation : int, or one for each spatial axis
        `stride` is `kernel_size` unless given; pads never win.
    ceil_mode : bool
        Windows may stick out at the end.

    Returns
    -------
    Tensor or ndarray, shape (batch, channels) + windows

    Notes
    -----
    Equal pixels share the gradient equally, as everywhere in this package (PyTorch gives all to the first).

    Examples
    --------
    >>> import numpy as np
    >>> max_pool(np.array([[[1.0, 3.0, 2.0, 0.0]]]), 2)
    array([[[3., 2.]]])
    """
    return _max_pool(None, input, kernel_size, stride, padding, dilation, ceil_mode)


def max_pool1d(
    input: Array,
    kernel_size: PerAxis,
    stride: PerAxis | None = None,
    padding: PerAxis = 0,
    dilation: PerAxis = 1,
    ceil_mode: bool = False,
) -> Array:
    """As :func:`max_pool`, of (batch, channels, length) or (channels, length).

    Parameters
    ----------
    input : Tensor or ndarray
        The numbers x.
    kernel_size : int, or one for each spatial axis
        The size of a window.
    stride : int, or one for each spatial axis, optional
        From one window to the next; `kernel_size` unless given.
    padding : int, or one for each spatial axis
        Pads on both sides.
    dilation : int, or one for each spatial axis
        From one pixel of a window to the next.
    ceil_mode : bool
        Windows may stick out at the end.

    Returns
    -------
    Tensor or ndarray, shape (batch, channels, windows)

    Examples
    --------
    >>> import numpy as np
    >>> max_pool1d(np.array([[[1.0, 3.0, 2.0, 0.0]]]), 2)
    array([[[3., 2.]]])
    """
    return _max_pool(1, input, kernel_size, stride, padding, dilation, ceil_mode)


def max_pool2d(
    input: Array,
    kernel_size: PerAxis,
    stride: PerAxis | None = None,
    padding: PerAxis = 0,
    dilation: PerAxis = 1,
    ceil_mode: bool = False,
) -> Any:
    """As :func:`max_pool`, of (batch, channels, height, width) or (channels, height, width).

    Parameters
    ----------
    input : Tensor or ndarray
        The numbers x.
    kernel_size : int, or one for each spatial axis
        The size of a window.
    stride : int, or one for each spatial axis, optional
        From one window to the next; `kernel_size` unless given.
    padding : int, or one for each spatial axis
        Pads on both sides.
    dilation : int, or one for each spatial axis
        From one pixel of a window to the next.
    ceil_mode : bool
        Windows may stick out at the end.

    Returns
    -------
    Tensor or ndarray, shape (batch, channels, rows, columns)

    Examples
    --------
    >>> import numpy as np
    >>> from autograd import Tensor
    >>> x = Tensor(np.arange(16.0).reshape(1, 1, 4, 4))
    >>> max_pool2d(x, 2).sum().backward()
    >>> x.grad[0, 0]
    array([[0., 0., 0., 0.],
           [0., 1., 0., 1.],
           [0., 0., 0., 0.],
           [0., 1., 0., 1.]])
    """
    return _max_pool(2, input, kernel_size, stride, padding, dilation, ceil_mode)


def avg_pool(
    input: Array,
    kernel_size: PerAxis,
    stride: PerAxis | None = None,
    padding: PerAxis = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
) -> Array:
    """The mean pixel of each window, for any number of spatial axes: input (batch, channels) + spatial.

    Parameters
    ----------
    input : Tensor or ndarray
        The numbers x.
    kernel_size, stride, padding : int, or one for each spatial axis
        `stride` is `kernel_size` unless given.
    ceil_mode : bool
        Windows may stick out at the end.
    count_include_pad : bool
        Whether pads (zeros) count in the mean.
    divisor_override : int, optional
        Divide by this instead of the number of pixels.

    Returns
    -------
    Tensor or ndarray, shape (batch, channels) + windows

    Examples
    --------
    >>> import numpy as np
    >>> avg_pool(np.array([[[1.0, 3.0, 2.0, 0.0]]]), 2)
    array([[[2., 1.]]])
    """
    return _avg_pool(None, input, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override)


def avg_pool1d(
    input: Array,
    kernel_size: PerAxis,
    stride: PerAxis | None = None,
    padding: PerAxis = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> Array:
    """As :func:`avg_pool`, of (batch, channels, length) or (channels, length).

    Parameters
    ----------
    input : Tensor or ndarray
        The numbers x.
    kernel_size : int, or one for each spatial axis
        The size of a window.
    stride : int, or one for each spatial axis, optional
        From one window to the next; `kernel_size` unless given.
    padding : int, or one for each spatial axis
        Pads on both sides.
    ceil_mode : bool
        Windows may stick out at the end.
    count_include_pad : bool
        Whether pads (zeros) count in the mean.

    Returns
    -------
    Tensor or ndarray, shape (batch, channels, windows)

    Examples
    --------
    >>> import numpy as np
    >>> avg_pool1d(np.array([[[1.0, 3.0, 2.0, 0.0]]]), 2)
    array([[[2., 1.]]])
    """
    return _avg_pool(1, input, kernel_size, stride, padding, ceil_mode, count_include_pad, None)


def avg_pool2d(
    input: Array,
    kernel_size: PerAxis,
    stride: PerAxis | None = None,
    padding: PerAxis = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
) -> Array:
    """As :func:`avg_pool`, of (batch, channels, height, width) or (channels, height, width).

    Parameters
    ----------
    input : Tensor or ndarray
        The numbers x.
    kernel_size : int, or one for each spatial axis
        The size of a window.
    stride : int, or one for each spatial axis, optional
        From one window to the next; `kernel_size` unless given.
    padding : int, or one for each spatial axis
        Pads on both sides.
    ceil_mode : bool
        Windows may stick out at the end.
    count_include_pad : bool
        Whether pads (zeros) count in the mean.
    divisor_override : int, optional
        Divide by this instead of the number of pixels.

    Returns
    -------
    Tensor or ndarray, shape (batch, channels, rows, columns)

    Examples
    --------
    >>> import numpy as np
    >>> avg_pool2d(np.arange(4.0).reshape(1, 1, 2, 2), 2)
    array([[[[1.5]]]])
    """
    return _avg_pool(2, input, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override)
