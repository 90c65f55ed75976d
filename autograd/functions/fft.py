r"""Discrete Fourier transforms. All are linear, and the adjoint of each is again one of them.

With `norm` as it stands, the transform ŷ_k = c Σ_j x_j e^{−2πijk/n} has the adjoint x_j = c Σ_k g_k e^{2πijk/n}: the
inverse transform under the other scaling (``backward`` and ``forward`` change places, ``ortho`` stays).

A real transform keeps the n//2 + 1 frequencies that are not conjugates of others. On the way from real numbers to
these every kept frequency passes its own cotangent alone; on the way back every frequency counts twice, for its
conjugate too, except frequency 0 and, for even n, the Nyquist frequency n/2. Of these two the inverse ignores the
imaginary part, so they get no imaginary gradient.

Padding with zeros and truncation (`n`, `s`) are steps of their own, before the transform.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.functions.indexing import scatter
from autograd.functions.register import implement, normalised_axes, refuse
from autograd.rules.arrays import Linear
from autograd.rules.rule import is_complex

_OTHER = {None: "forward", "backward": "forward", "forward": "backward", "ortho": "ortho"}


def _forward(x: Any, axes: Any, norm: Any) -> Any:
    return np.fft.fft(x, axis=axes[0], norm=norm) if len(axes) == 1 else np.fft.fftn(x, axes=axes, norm=norm)


def _inverse(x: Any, axes: Any, norm: Any) -> Any:
    return np.fft.ifft(x, axis=axes[0], norm=norm) if len(axes) == 1 else np.fft.ifftn(x, axes=axes, norm=norm)


def _half_forward(x: Any, n: int, axis: int, norm: Any) -> Any:
    return np.fft.rfft(x, n=n, axis=axis, norm=norm)


def _half_inverse(x: Any, n: int, axis: int, norm: Any) -> Any:
    return np.fft.irfft(x, n=n, axis=axis, norm=norm)


def _at(x: Any, axis: int, part: Any) -> Any:
    return x[(slice(None),) * axis + (part,)]


def _half_forward_adjoint(g: Any, n: int, axis: int, norm: Any) -> Any:
    # c·Re Σ_k g_k e^{2πijk/n} over the kept k. The inverse counts most of them twice; what is halved too often,
    # frequency 0 and Nyquist's, is added again. In place, for arrays of this size cost more to make than to fill.
    x = np.fft.irfft(g, n, axis, norm)
    x *= 0.5
    scale = {"forward": 0.5, "ortho": 0.5 / np.sqrt(n)}.get(norm, 0.5 / n)
    x += _at(g, axis, slice(0, 1)).real * x.dtype.type(scale)
    if n % 2 == 0:
        nyquist = _at(g, axis, slice(n // 2, n // 2 + 1)).real * x.dtype.type(scale)
        even, odd = _at(x, axis, slice(0, None, 2)), _at(x, axis, slice(1, None, 2))
        even += nyquist
        odd -= nyquist
    return x


def _half_inverse_adjoint(g: Any, n: int, axis: int, norm: Any) -> Any:
    y = np.fft.rfft(g, n, axis, norm)
    inner = _at(y, axis, slice(1, n - n // 2))  # all that stand for their conjugates too
    inner *= 2
    return y


forward = Linear(
    "np.fft.fftn",
    _forward,
    lambda g, x, axes, norm: inverse(g, axes=axes, norm=_OTHER[norm]),
    doc="The discrete Fourier transform along axes.",
    local="{g}, transformed back without its factor",
)

inverse: Linear = Linear(
    "np.fft.ifftn",
    _inverse,
    lambda g, x, axes, norm: forward(g, axes=axes, norm=_OTHER[norm]),
    doc="The inverse discrete Fourier transform along axes.",
    local="{g}, transformed with the factor of the inverse",
)

half_forward = Linear(
    "np.fft.rfft",
    _half_forward,
    lambda g, x, n, axis, norm: half_forward_adjoint(g, n=n, axis=axis, norm=_OTHER[norm]),
    doc="The non-negative frequencies of n real numbers.",
    local="{g}, transformed back without its factor, real part",
)

half_forward_adjoint: Linear = Linear(
    "rfft adjoint",
    _half_forward_adjoint,
    lambda g, x, n, axis, norm: half_forward(g, n=n, axis=axis, norm=_OTHER[norm]),
    doc="The real part of the inverse transform, each kept frequency counted once.",
    local="{g}, transformed",
)

half_inverse = Linear(
    "np.fft.irfft",
    _half_inverse,
    lambda g, x, n, axis, norm: half_inverse_adjoint(g, n=n, axis=axis, norm=_OTHER[norm]),
    doc="The n real numbers with these non-negative frequencies.",
    local="{g}, transformed, inner frequencies twice",
)

half_inverse_adjoint: Linear = Linear(
    "irfft adjoint",
    _half_inverse_adjoint,
    lambda g, x, n, axis, norm: half_inverse(g, n=n, axis=axis, norm=_OTHER[norm]),
    doc="The transform of n real numbers, each frequency counted as often as it stands in the whole spectrum.",
    local="{g}, transformed back",
)


def _resized(a: Any, n: int, axis: int) -> Any:
    """`a` cut off after n elements along `axis`, or followed by zeros."""
    length = a.shape[axis]
    if n == length:
        return a
    if n < 1:
        raise ValueError(f"invalid number of FFT data points: {n}; n has to be at least 1")
    index = (slice(None),) * axis + (slice(0, min(n, length)),)
    return a[index] if n < length else scatter(a, index=index, shape=(*a.shape[:axis], n, *a.shape[axis + 1 :]))


def _lengths(a: Any, s: Any, axes: Any) -> tuple[list[int], tuple[int, ...]]:
    """The length of the transform along each of the axes, and these axes, as NumPy reads `s` and `axes`."""
    if axes is None:
        along = tuple(range(a.ndim)) if s is None else tuple(range(a.ndim - len(s), a.ndim))
    else:
        along = tuple(normalised_axes(i, a.ndim)[0] for i in axes)
    if s is None:
        return [a.shape[i] for i in along], along
    if len(s) != len(along):
        raise ValueError(f"s names {len(s)} lengths but axes {len(along)} axes; give one length for each axis")
    return [a.shape[i] if n == -1 else int(n) for n, i in zip(s, along)], along


def _complex_transform(rule: Linear, a: Any, s: Any, axes: Any, norm: Any) -> Any:
    if norm not in _OTHER:
        raise ValueError(f"norm has to be 'backward', 'ortho' or 'forward', not {norm!r}")
    lengths, along = _lengths(a, s, axes)
    for n, i in zip(lengths, along):
        a = _resized(a, n, i)
    return rule(a, axes=along, norm=norm) if along else a


def _of_reals(a: Any, s: Any, axes: Any, norm: Any) -> Any:
    if is_complex(a):
        raise TypeError("a real FFT takes real numbers, but these are complex; use fft, or .real")
    lengths, along = _lengths(a, s, axes)
    for n, i in zip(lengths, along):
        a = _resized(a, n, i)
    spectrum = half_forward(a, n=lengths[-1], axis=along[-1], norm=norm)
    return _complex_transform(forward, spectrum, None, along[:-1], norm)


def _to_reals(a: Any, s: Any, axes: Any, norm: Any) -> Any:
    lengths, along = _lengths(a, s, axes)
    if s is None:
        lengths[-1] = 2 * (a.shape[along[-1]] - 1)
    if lengths[-1] < 1:
        raise ValueError(f"invalid number of FFT data points: {lengths[-1]}; n has to be at least 1")
    a = _complex_transform(inverse, a, lengths[:-1], along[:-1], norm)
    a = _resized(a, lengths[-1] // 2 + 1, along[-1])
    return half_inverse(a, n=lengths[-1], axis=along[-1], norm=norm)


def _length(n: Any) -> Any:
    return None if n is None else (n,)


def fft(a: Any, n: Any = None, axis: int = -1, norm: Any = None, out: Any = None) -> Any:
    refuse("fft.fft", out=out)
    return _complex_transform(forward, a, _length(n), (axis,), norm)


def ifft(a: Any, n: Any = None, axis: int = -1, norm: Any = None, out: Any = None) -> Any:
    refuse("fft.ifft", out=out)
    return _complex_transform(inverse, a, _length(n), (axis,), norm)


def rfft(a: Any, n: Any = None, axis: int = -1, norm: Any = None, out: Any = None) -> Any:
    refuse("fft.rfft", out=out)
    return _of_reals(a, _length(n), (axis,), norm)


def irfft(a: Any, n: Any = None, axis: int = -1, norm: Any = None, out: Any = None) -> Any:
    refuse("fft.irfft", out=out)
    return _to_reals(a, _length(n), (axis,), norm)


def hfft(a: Any, n: Any = None, axis: int = -1, norm: Any = None, out: Any = None) -> Any:
    refuse("fft.hfft", out=out)
    return _to_reals(np.conjugate(a), _length(n), (axis,), _OTHER.get(norm, norm))


def ihfft(a: Any, n: Any = None, axis: int = -1, norm: Any = None, out: Any = None) -> Any:
    refuse("fft.ihfft", out=out)
    return np.conjugate(_of_reals(a, _length(n), (axis,), _OTHER.get(norm, norm)))


def fft2(a: Any, s: Any = None, axes: Any = (-2, -1), norm: Any = None, out: Any = None) -> Any:
    refuse("fft.fft2", out=out)
    return _complex_transform(forward, a, s, axes, norm)


def ifft2(a: Any, s: Any = None, axes: Any = (-2, -1), norm: Any = None, out: Any = None) -> Any:
    refuse("fft.ifft2", out=out)
    return _complex_transform(inverse, a, s, axes, norm)


def rfft2(a: Any, s: Any = None, axes: Any = (-2, -1), norm: Any = None, out: Any = None) -> Any:
    refuse("fft.rfft2", out=out)
    return _of_reals(a, s, axes, norm)


def irfft2(a: Any, s: Any = None, axes: Any = (-2, -1), norm: Any = None, out: Any = None) -> Any:
    refuse("fft.irfft2", out=out)
    return _to_reals(a, s, axes, norm)


def fftn(a: Any, s: Any = None, axes: Any = None, norm: Any = None, out: Any = None) -> Any:
    refuse("fft.fftn", out=out)
    return _complex_transform(forward, a, s, axes, norm)


def ifftn(a: Any, s: Any = None, axes: Any = None, norm: Any = None, out: Any = None) -> Any:
    refuse("fft.ifftn", out=out)
    return _complex_transform(inverse, a, s, axes, norm)


def rfftn(a: Any, s: Any = None, axes: Any = None, norm: Any = None, out: Any = None) -> Any:
    refuse("fft.rfftn", out=out)
    return _of_reals(a, s, axes, norm)


def irfftn(a: Any, s: Any = None, axes: Any = None, norm: Any = None, out: Any = None) -> Any:
    refuse("fft.irfftn", out=out)
    return _to_reals(a, s, axes, norm)


def _rolled(x: Any, axes: Any, sign: int) -> Any:
    along = normalised_axes(axes, x.ndim)
    return np.roll(x, [sign * (x.shape[i] // 2) for i in along], along)


def fftshift(x: Any, axes: Any = None) -> Any:
    return _rolled(x, axes, 1)


def ifftshift(x: Any, axes: Any = None) -> Any:
    return _rolled(x, axes, -1)


implement(
    {
        np.fft.fft: fft,
        np.fft.ifft: ifft,
        np.fft.rfft: rfft,
        np.fft.irfft: irfft,
        np.fft.hfft: hfft,
        np.fft.ihfft: ihfft,
        np.fft.fft2: fft2,
        np.fft.ifft2: ifft2,
        np.fft.rfft2: rfft2,
        np.fft.irfft2: irfft2,
        np.fft.fftn: fftn,
        np.fft.ifftn: ifftn,
        np.fft.rfftn: rfftn,
        np.fft.irfftn: irfftn,
        np.fft.fftshift: fftshift,
        np.fft.ifftshift: ifftshift,
    },
    constant=(np.fft.fftfreq, np.fft.rfftfreq),
)
