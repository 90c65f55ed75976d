"""Windows that slide over the spatial axes of (batch, channels, *spatial): the geometry of convolution and pooling.

Arrays keep PyTorch's logical order of axes; those that are made here lie in memory with the batch *last*
(channels, *spatial, batch). A window shifted by one pixel is then a long contiguous run, so that copying
windows and comparing neighbours go at the speed of memory, and one product multiplies all of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import product
from math import prod
from typing import Any, Sequence, TypeAlias

import numpy as np
from numpy.lib.stride_tricks import as_strided

from autograd.types import Array

Sizes = tuple[int, ...]

PerAxis: TypeAlias = int | Sequence[int]
"""One number for all spatial axes, or one for each."""


def sizes(value: Any, n: int, name: str, least: int = 1) -> Sizes:
    """A whole number, or one for each of `n` axes, as a tuple.

    Raises
    ------
    ValueError
        If there are not `n`, or one is smaller than `least`.
    """
    values = tuple(value) if isinstance(value, (tuple, list)) else (value,) * n
    if len(values) != n or any(isinstance(v, bool) or int(v) != v or v < least for v in values):
        raise ValueError(f"{name} must be a whole number of at least {least}, or {n} of them, not {value!r}")
    return tuple(int(v) for v in values)


@dataclass(frozen=True)
class Windows:
    """`count` windows of `kernel` pixels, `dilation` apart, at every `stride`-th of `size` pixels between pads."""

    size: Sizes
    kernel: Sizes
    stride: Sizes
    dilation: Sizes
    before: Sizes
    after: Sizes
    count: Sizes

    @cached_property
    def padded(self) -> Sizes:
        """The spatial shape with its pads."""
        return tuple(map(sum, zip(self.size, self.before, self.after)))

    @cached_property
    def inside(self) -> tuple[slice, ...]:
        """Where the pixels themselves lie between the pads."""
        return tuple(slice(b, b + n) for b, n in zip(self.before, self.size))

    @cached_property
    def tile(self) -> bool:
        """Whether every pixel lies in exactly one window."""
        return (
            self.kernel == self.stride
            and self.dilation == (1,) * len(self.size)
            and all(k * n == size for k, n, size in zip(self.kernel, self.count, self.padded))
        )

    @cached_property
    def shifts(self) -> tuple[tuple[slice, ...], ...]:
        """For each pixel of the window where it falls, over all windows, as slices of the padded array."""
        return tuple(
            tuple(
                slice(i * d, i * d + (n - 1) * s + 1, s)
                for i, d, s, n in zip(offset, self.dilation, self.stride, self.count)
            )
            for offset in product(*map(range, self.kernel))
        )

    def pad(self, x: Array, value: float = 0) -> Array:
        """x (batch, channels, *size) with its pads, in memory (channels, *padded, batch)."""
        batch_last = np.moveaxis(x, 0, -1)
        if self.padded == self.size:
            return np.ascontiguousarray(batch_last)
        shape = (x.shape[1], *self.padded, x.shape[0])
        padded = np.full(shape, value, x.dtype) if value else np.zeros(shape, x.dtype)
        padded[(slice(None), *self.inside)] = batch_last
        return padded

    def of(self, padded: Any) -> Array:
        """All windows of a padded array, as a view (channels, *kernel, *count, batch)."""
        channel, *space, batch = padded.strides
        steps = [d * s for d, s in zip(self.dilation, space)] + [step * s for step, s in zip(self.stride, space)]
        shape = (padded.shape[0], *self.kernel, *self.count, padded.shape[-1])
        return as_strided(padded, shape, (channel, *steps, batch), writeable=False)


def windows(
    function: str,
    size: Sequence[int],
    kernel: Any,
    stride: PerAxis,
    padding: PerAxis | str,
    dilation: PerAxis,
    ceil: bool = False,
    count: Sizes | None = None,
) -> Windows:
    """The windows of a layer's settings, checked: as many as fit, or the first `count`.

    Raises
    ------
    ValueError
        If a setting makes no sense, or no window fits.
    """
    whole = [tuple(v) if isinstance(v, list) else v for v in (kernel, stride, padding, dilation)]
    return _windows(function, tuple(size), *whole, bool(ceil), count)


@lru_cache(maxsize=1024)
def _windows(
    function: str,
    size: Sizes,
    kernel: Any,
    stride: PerAxis,
    padding: PerAxis | str,
    dilation: PerAxis,
    ceil: bool,
    count: Sizes | None,
) -> Windows:
    n = len(size)
    kernel, stride = sizes(kernel, n, "kernel_size"), sizes(stride, n, "stride")
    dilation = sizes(dilation, n, "dilation")
    spans = [d * (k - 1) for d, k in zip(dilation, kernel)]
    if padding == "same":
        if stride != (1,) * n:
            raise ValueError(f"{function}: padding='same' needs stride=1, not {stride}")
        before = tuple(span // 2 for span in spans)
        after = tuple(span - b for span, b in zip(spans, before))
    else:
        before = after = sizes(0 if padding == "valid" else padding, n, "padding", least=0)
    if ceil:  # windows may stick out at the end, but none may begin in the pad there
        places = [-(-(s + 2 * b - span - 1) // step) + 1 for s, b, span, step in zip(size, before, spans, stride)]
        places = [p - ((p - 1) * step >= s + b) for p, step, s, b in zip(places, stride, size, before)]
        after = tuple(
            max(b, (p - 1) * step + span + 1 - s - b)
            for b, p, step, span, s in zip(before, places, stride, spans, size)
        )
    padded = tuple(map(sum, zip(size, before, after)))
    if any(room <= span for room, span in zip(padded, spans)):
        raise ValueError(f"{function}: a kernel of {kernel} (dilation {dilation}) does not fit into {padded} pixels")
    fitting = tuple((room - span - 1) // step + 1 for room, span, step in zip(padded, spans, stride))
    return Windows(size, kernel, stride, dilation, before, after, count or fitting)


def batched(function: str, x: Array, n: int | None) -> tuple[Any, bool]:
    """x with a batch axis, and whether it had to be added; `n` spatial axes are expected."""
    if n is None or x.ndim == n + 2:
        if x.ndim < 3:
            raise ValueError(f"{function} takes (batch, channels, *spatial), got shape {x.shape}")
        return x, False
    if x.ndim == n + 1:
        return x[None], True
    axes = ("length", "height, width", "depth, height, width")[n - 1]
    raise ValueError(f"{function} takes (batch, channels, {axes}) or without batch, got shape {x.shape}")


def pixels(shape: Sequence[int]) -> int:
    """The number of elements of `shape`."""
    return prod(shape)
