"""Convolutions: three bilinear rules, each the adjoint of the others.

With x the pictures, w the filters and g an array like the result, all three are derivatives of one number,
⟨convolve(x, w), g⟩ = ⟨x, spread(g, w)⟩ = ⟨w, correlate(x, g)⟩. So each one's derivatives are the other two,
to any order.
"""

from __future__ import annotations

from typing import Any, Iterator

import numpy as np

from autograd.functions.register import all_in_floats
from autograd.nn.functional.affine import Affine
from autograd.nn.functional.windows import PerAxis, Windows, batched, pixels, sizes, windows
from autograd.node import stored
from autograd.rules.arrays import Linear
from autograd.types import Array, Cotangent

BLOCK = 1 << 18
"""Windows are copied out at most about this many numbers at a time: the copy then stays in the cache."""

SMALL = 1_000_000
"""Below this many multiplications a thin product is several times faster in OpenBLAS, by kernels of its own."""


def _blocks(at: Windows, column: int, batch: int) -> Iterator[slice]:
    """Rows of windows to be handled together; `column` numbers belong to a window of one picture."""
    height, row = at.count[0], pixels(at.count[1:]) * batch
    step = max(1, min(height, BLOCK // max(1, column * row)))
    for first in range(0, height, step):
        yield slice(first, min(first + step, height))


def _pieces(a: Any, length: int) -> Iterator[slice]:
    """Cuts of the long axis of a product with the matrices `a`, by which it goes fastest."""
    m, k = a.shape[-2:]
    step = SMALL // max(1, m * k) if min(m, k) <= 12 else length
    step = max(64, step)
    for first in range(0, length, step):
        yield slice(first, min(first + step, length))


def _times(a: Any, b: Any, out: Any) -> None:
    """out = a·b for (groups, m, k)·(groups, k, many)."""
    for piece in _pieces(a, b.shape[-1]):
        np.matmul(a, b[..., piece], out=out[..., piece])


def _add_gram(a: Any, b: Any, total: Any) -> None:
    """total += a·bᵀ for (groups, m, many) and (groups, k, many)."""
    for piece in _pieces(total, a.shape[-1]):
        total += np.matmul(a[..., piece], b[..., piece].swapaxes(-1, -2))


def _in_groups(w: Any, groups: int) -> Array:
    """Filters (out, in / groups, *kernel) as matrices (groups, out / groups, in / groups · kernel)."""
    return w.reshape(groups, w.shape[0] // groups, -1)


def _batch_last(g: Cotangent) -> Array:
    """g (batch, channels, *count) in memory (channels, *count, batch)."""
    return np.ascontiguousarray(np.moveaxis(g, 0, -1))


def _convolve(x: Array, w: Any, bias: Array | None = None, *, at: Windows, groups: int) -> Array:
    matrices = _in_groups(w, groups)
    view = at.of(at.pad(x))
    n = x.shape[0]
    out = np.empty((w.shape[0], *at.count, n), np.result_type(x, w))
    for block in _blocks(at, pixels(w.shape[1:]) * groups, n):
        part = view[(slice(None), *[slice(None)] * len(at.kernel), block)]
        columns = part.reshape(groups, matrices.shape[-1], -1)
        row = pixels(at.count[1:]) * n
        target = out.reshape(groups, w.shape[0] // groups, -1)[..., block.start * row : block.stop * row]
        _times(matrices, columns, target)
    if bias is not None:
        out += bias.reshape(-1, *[1] * (out.ndim - 1))
    return np.moveaxis(out, -1, 0)


def _spread(g: Cotangent, w: Array, *, at: Windows, groups: int) -> Array:
    # One pixel of the filters at a time: what it gives still is in the cache when it is added to its place.
    n, channels = g.shape[0], w.shape[1] * groups
    pixel_of_filters = np.ascontiguousarray(
        w.reshape(groups, w.shape[0] // groups, w.shape[1], -1).transpose(3, 0, 2, 1)
    )
    rows = _batch_last(g).reshape(groups, w.shape[0] // groups, -1)
    dtype = np.result_type(g, w)
    padded = np.zeros((channels, *at.padded, n), dtype)
    part = np.empty((groups, w.shape[1], rows.shape[-1]), dtype)
    for filters, shift in zip(pixel_of_filters, at.shifts):
        _times(filters, rows, part)
        place = padded[(slice(None), *shift)]
        np.add(place, part.reshape(place.shape), out=place)
    return np.moveaxis(padded[(slice(None), *at.inside)], -1, 0)


def _correlate(x: Array, g: Cotangent, *, at: Windows, groups: int) -> Array:
    view = at.of(at.pad(x))
    lined = _batch_last(g)
    n, channels, outputs = x.shape[0], x.shape[1], g.shape[1]
    rows = lined.reshape(groups, outputs // groups, -1)
    row = pixels(at.count[1:]) * n
    column = channels // groups * pixels(at.kernel)
    total = np.zeros((groups, column, outputs // groups), np.result_type(x, g))
    for block in _blocks(at, column * groups, n):
        part = view[(slice(None), *[slice(None)] * len(at.kernel), block)]
        _add_gram(part.reshape(groups, column, -1), rows[..., block.start * row : block.stop * row], total)
    return total.swapaxes(-1, -2).reshape(outputs, channels // groups, *at.kernel)


convolve = Affine(
    "conv",
    _convolve,
    lambda g, x, w, b=None, **how: spread(g, w, **how),
    lambda g, x, w, b=None, **how: correlate(x, g, **how),
    channel=1,
    doc="Each filter of w laid over every window of x: sums of products, plus a bias.",
    local=(
        "filters {1} weighted by {g}, added up where they lie",
        "windows of {0} weighted by {g}, summed",
        "{g}, summed over batch and pixels",
    ),
)

spread: Linear = Linear(
    "conv_transpose",
    _spread,
    lambda h, g, w, **how: convolve(h, w, **how),
    lambda h, g, w, **how: correlate(h, g, **how),
    doc="Filters weighted by g and added up where their windows lie: the adjoint of conv.",
    local=("filters {1} laid over {g}", "windows of {g} weighted by {0}, summed"),
)

correlate: Linear = Linear(
    "conv_weight",
    _correlate,
    lambda v, x, g, **how: spread(g, v, **how),
    lambda v, x, g, **how: convolve(x, v, **how),
    doc="How much each window of x goes with g: the gradient of conv for its filters.",
    local=("filters {1} weighted by {g}, added up where they lie", "windows of {0} weighted by {g}, summed"),
)


def _checked(function: str, x: Array, w: Array, bias: Array, n: int, groups: int) -> tuple[Any, Any, bool]:
    """The pictures with a batch axis, the filters, and whether the axis was added."""
    x, w = all_in_floats(x, w)
    x, added = batched(function, x, n)
    if w.ndim != n + 2:
        raise ValueError(f"{function}: weight needs {n + 2} axes, got shape {w.shape}")
    if isinstance(groups, bool) or int(groups) != groups or groups < 1:
        raise ValueError(f"{function}: groups must be a whole number of at least 1, not {groups!r}")
    across = w.shape[0] if "transpose" in function else w.shape[1] * groups
    if x.shape[1] != across or x.shape[1] % groups or w.shape[0] % groups:
        raise ValueError(
            f"{function}: input has {x.shape[1]} channels, which does not fit weight of shape {w.shape} "
            f"with groups={groups}"
        )
    outputs = w.shape[1] * groups if "transpose" in function else w.shape[0]
    if bias is not None and np.shape(stored(bias)) != (outputs,):
        raise ValueError(f"{function}: bias has shape {np.shape(stored(bias))}, expected ({outputs},)")
    return x, w, added


def _conv(
    n: int, x: Array, w: Array, bias: Array, stride: PerAxis, padding: PerAxis | str, dilation: PerAxis, groups: int
) -> Any:
    function = f"conv{n}d"
    x, w, added = _checked(function, x, w, bias, n, groups)
    at = windows(function, x.shape[2:], w.shape[2:], stride, padding, dilation)
    y = convolve(x, w, at=at, groups=groups) if bias is None else convolve(x, w, bias, at=at, groups=groups)
    return y[0] if added else y


def _conv_transpose(
    n: int,
    x: Array,
    w: Array,
    bias: Array,
    stride: PerAxis,
    padding: PerAxis,
    output_padding: PerAxis,
    groups: int,
    dilation: PerAxis,
) -> Any:
    function = f"conv_transpose{n}d"
    x, w, added = _checked(function, x, w, bias, n, groups)
    stride, dilation = sizes(stride, n, "stride"), sizes(dilation, n, "dilation")
    padding = sizes(padding, n, "padding", least=0)
    extra = sizes(output_padding, n, "output_padding", least=0)
    if any(e >= max(s, d) for e, s, d in zip(extra, stride, dilation)):
        raise ValueError(
            f"{function}: output_padding {extra} must be smaller than stride {stride} or dilation {dilation}"
        )
    size = [
        (m - 1) * s - 2 * p + d * (k - 1) + e + 1
        for m, s, p, d, k, e in zip(x.shape[2:], stride, padding, dilation, w.shape[2:], extra)
    ]
    if min(size) < 1:
        raise ValueError(f"{function}: the result would have size {tuple(size)}; padding is too large")
    at = windows(function, size, w.shape[2:], stride, padding, dilation, count=x.shape[2:])
    y = spread(x, w, at=at, groups=groups)
    if bias is not None:
        y = y + np.reshape(bias, (-1, *[1] * n))
    return y[0] if added else y


def conv1d(
    input: Array,
    weight: Array,
    bias: Array | None = None,
    stride: PerAxis = 1,
    padding: PerAxis | str = 0,
    dilation: PerAxis = 1,
    groups: int = 1,
) -> Array:
    """Convolution along one axis; see :func:`conv2d`.

    Parameters
    ----------
    input : Tensor or ndarray, shape (batch, channels, length) or without batch
        The signals.
    weight : Tensor or ndarray, shape (filters, channels / groups, kernel length)
        The filters.
    bias : Tensor or ndarray, shape (filters,), optional
        Added to each channel.
    stride : int
        From one window to the next.
    padding : int, "same" or "valid"
        Pads (zeros) on both sides.
    dilation : int, or one for each spatial axis
        From one pixel of a window to the next.
    groups : int
        Channels are split into so many groups, each with filters of its own.

    Returns
    -------
    Tensor or ndarray, shape (batch, filters, length')

    Examples
    --------
    >>> import numpy as np
    >>> conv1d(np.array([[[1.0, 2.0, 4.0, 8.0]]]), np.array([[[-1.0, 1.0]]]))
    array([[[1., 2., 4.]]])
    """
    return _conv(1, input, weight, bias, stride, padding, dilation, groups)


def conv2d(
    input: Array,
    weight: Array,
    bias: Array | None = None,
    stride: PerAxis = 1,
    padding: PerAxis | str = 0,
    dilation: PerAxis = 1,
    groups: int = 1,
) -> Any:
    """Convolution of pictures with filters (as in deep learning, filters are not turned round). LeCun et al. 1989.

    y[n, o, i, j] = b[o] + Σ over c, p, q of w[o, c, p, q] · x[n, c, i·stride + p·dilation, j·stride + q·dilation],
    with x padded by zeros.

    Parameters
    ----------
    input : Tensor or ndarray, shape (batch, channels, height, width) or without batch
        The images.
    weight : Tensor or ndarray, shape (filters, channels / groups, kernel height, kernel width)
        The filters.
    bias : Tensor or ndarray, shape (filters,), optional
        What is added to each filter's output.
    stride, dilation : int or pair of int
        Pixels from one place of a filter to the next, and from one of its weights to the next.
    padding : int, pair of int, "same" or "valid"
        Zeros on both sides; "same": so many that the output is as large as the input; "valid": none.
    groups : int
        Channels and filters are split into so many groups that see nothing of each other.

    Returns
    -------
    Tensor or ndarray, shape (batch, filters, height', width')

    Raises
    ------
    ValueError
        If shapes or settings do not fit each other.

    Examples
    --------
    >>> import numpy as np
    >>> from autograd import Tensor
    >>> w = Tensor(np.ones((1, 1, 2, 2)))
    >>> y = conv2d(np.arange(9.0).reshape(1, 1, 3, 3), w)
    >>> y.data
    array([[[[ 8., 12.],
             [20., 24.]]]])
    >>> y.sum().backward()
    >>> w.grad
    array([[[[ 8., 12.],
             [20., 24.]]]])
    """
    return _conv(2, input, weight, bias, stride, padding, dilation, groups)


def conv3d(
    input: Array,
    weight: Array,
    bias: Array | None = None,
    stride: PerAxis = 1,
    padding: PerAxis | str = 0,
    dilation: PerAxis = 1,
    groups: int = 1,
) -> Array:
    """Convolution along three axes; see :func:`conv2d`.

    Parameters
    ----------
    input : Tensor or ndarray, shape (batch, channels, depth, height, width) or without batch
        The volumes.
    weight : Tensor or ndarray, shape (filters, channels / groups) + kernel
        The filters.
    bias : Tensor or ndarray, shape (filters,), optional
        Added to each channel.
    stride : int or three of them
        From one window to the next.
    padding : int, three of them, "same" or "valid"
        Pads (zeros) on both sides.
    dilation : int, or one for each spatial axis
        From one pixel of a window to the next.
    groups : int
        Channels are split into so many groups, each with filters of its own.

    Returns
    -------
    Tensor or ndarray, shape (batch, filters, depth', height', width')

    Examples
    --------
    >>> import numpy as np
    >>> conv3d(np.ones((1, 2, 4, 4, 4)), np.ones((3, 2, 2, 2, 2))).shape
    (1, 3, 3, 3, 3)
    """
    return _conv(3, input, weight, bias, stride, padding, dilation, groups)


def conv_transpose1d(
    input: Array,
    weight: Array,
    bias: Array | None = None,
    stride: PerAxis = 1,
    padding: PerAxis = 0,
    output_padding: PerAxis = 0,
    groups: int = 1,
    dilation: PerAxis = 1,
) -> Array:
    """Transposed convolution along one axis; see :func:`conv_transpose2d`.

    Parameters
    ----------
    input : Tensor or ndarray, shape (batch, channels, length) or without batch
        The signals.
    weight : Tensor or ndarray, shape (channels, filters / groups, kernel length)
        The filters.
    bias : Tensor or ndarray, shape (filters,), optional
        Added to each channel.
    stride : int
        From one filter laid down to the next.
    padding : int
        So many numbers of the result are cut off on each side.
    output_padding : int, or one for each spatial axis
        So many pixels more on one side of the result.
    groups : int
        Channels are split into so many groups, each with filters of its own.
    dilation : int, or one for each spatial axis
        From one pixel of a window to the next.

    Returns
    -------
    Tensor or ndarray, shape (batch, filters, length')

    Examples
    --------
    >>> import numpy as np
    >>> conv_transpose1d(np.array([[[1.0, 2.0]]]), np.ones((1, 1, 2)), stride=2)
    array([[[1., 1., 2., 2.]]])
    """
    return _conv_transpose(1, input, weight, bias, stride, padding, output_padding, groups, dilation)


def conv_transpose2d(
    input: Array,
    weight: Array,
    bias: Array | None = None,
    stride: PerAxis = 1,
    padding: PerAxis = 0,
    output_padding: PerAxis = 0,
    groups: int = 1,
    dilation: PerAxis = 1,
) -> Any:
    """The adjoint of :func:`conv2d` as a layer: each input pixel lays down a filter weighted by it. Zeiler et al. 2010.

    The result has (size − 1)·stride − 2·padding + dilation·(kernel − 1) + output_padding + 1 pixels.

    Parameters
    ----------
    input : Tensor or ndarray, shape (batch, channels, height, width) or without batch
        The images.
    weight : Tensor or ndarray, shape (channels, filters / groups, kernel height, kernel width)
        The filters.
    bias : Tensor or ndarray, shape (filters,), optional
        What is added to each filter's output.
    stride, padding, output_padding, dilation : int or pair of int
        As in the convolution whose adjoint this is; `output_padding` adds pixels at the end, which a stride leaves
        open.
    groups : int
        Channels and filters are divided into so many groups, each by itself.

    Returns
    -------
    Tensor or ndarray, shape (batch, filters, height', width')

    Raises
    ------
    ValueError
        If shapes or settings do not fit each other.

    Examples
    --------
    >>> import numpy as np
    >>> conv_transpose2d(np.array([[[[1.0, 2.0]]]]), np.ones((1, 1, 1, 2)), stride=2)
    array([[[[1., 1., 2., 2.]]]])
    """
    return _conv_transpose(2, input, weight, bias, stride, padding, output_padding, groups, dilation)
