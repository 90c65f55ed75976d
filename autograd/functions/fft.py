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

from typing import Any, Callable, Sequence

import numpy as np

from autograd.functions.indexing import scatter
from autograd.functions.register import along, implement, normalised_axes, refuse
from autograd.rules.arrays import Linear
from autograd.rules.rule import is_complex
from autograd.types import Array, Axis, Cotangent

Transform = Callable[[Any, Any, Any, Any], Any]
"""``(a, s, axes, norm)``, as NumPy's transforms along several axes take them."""

_OTHER = {None: "forward", "backward": "forward", "forward": "backward", "ortho": "ortho"}


def _forward(x: Any, axes: tuple[int, ...], norm: Any) -> Array:
    return np.fft.fft(x, axis=axes[0], norm=norm) if len(axes) == 1 else np.fft.fftn(x, axes=axes, norm=norm)


def _inverse(x: Any, axes: tuple[int, ...], norm: Any) -> Array:
    return np.fft.ifft(x, axis=axes[0], norm=norm) if len(axes) == 1 else np.fft.ifftn(x, axes=axes, norm=norm)


def _half_forward(x: Any, n: int, axis: int, norm: Any) -> Array:
    return np.fft.rfft(x, n=n, axis=axis, norm=norm)


def _half_inverse(x: Any, n: int, axis: int, norm: Any) -> Array:
    return np.fft.irfft(x, n=n, axis=axis, norm=norm)


def _half_forward_adjoint(g: Cotangent, n: int, axis: int, norm: Any) -> Array:
    # c·Re Σ_k g_k e^{2πijk/n} over the kept k. The inverse counts most of them twice; what is halved too often,
    # frequency 0 and Nyquist's, is added again. In place, for arrays of this size cost more to make than to fill.
    x = np.fft.irfft(g, n, axis, norm)
    x *= 0.5
    scale = {"forward": 0.5, "ortho": 0.5 / np.sqrt(n)}.get(norm, 0.5 / n)
    x += g[along(axis, slice(0, 1))].real * x.dtype.type(scale)
    if n % 2 == 0:
        nyquist = g[along(axis, slice(n // 2, n // 2 + 1))].real * x.dtype.type(scale)
        even, odd = x[along(axis, slice(0, None, 2))], x[along(axis, slice(1, None, 2))]
        even += nyquist
        odd -= nyquist
    return x


def _half_inverse_adjoint(g: Cotangent, n: int, axis: int, norm: Any) -> Array:
    y = np.fft.rfft(g, n, axis, norm)
    inner = y[along(axis, slice(1, n - n // 2))]  # all that stand for their conjugates too
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


def _resized(a: Array, n: int, axis: int) -> Any:
    """`a` cut off after n elements along `axis`, or followed by zeros."""
    length = a.shape[axis]
    if n == length:
        return a
    if n < 1:
        raise ValueError(f"invalid number of FFT data points: {n}; n has to be at least 1")
    index = along(axis, slice(0, min(n, length)))
    return a[index] if n < length else scatter(a, index=index, shape=(*a.shape[:axis], n, *a.shape[axis + 1 :]))


def _lengths(a: Array, s: Any, axes: Sequence[int] | None) -> tuple[list[int], tuple[int, ...]]:
    """The length of the transform along each of the axes, and these axes, as NumPy reads `s` and `axes`."""
    if axes is None:
        chosen = tuple(range(a.ndim)) if s is None else tuple(range(a.ndim - len(s), a.ndim))
    else:
        chosen = tuple(normalised_axes(i, a.ndim)[0] for i in axes)
    if s is None:
        return [a.shape[i] for i in chosen], chosen
    if len(s) != len(chosen):
        raise ValueError(f"s names {len(s)} lengths but axes {len(chosen)} axes; give one length for each axis")
    return [a.shape[i] if n == -1 else int(n) for n, i in zip(s, chosen)], chosen


def _complex_transform(rule: Linear, a: Array, s: Any, axes: Sequence[int] | None, norm: Any) -> Any:
    if norm not in _OTHER:
        raise ValueError(f"norm has to be 'backward', 'ortho' or 'forward', not {norm!r}")
    lengths, chosen = _lengths(a, s, axes)
    for n, i in zip(lengths, chosen):
        a = _resized(a, n, i)
    return rule(a, axes=chosen, norm=norm) if chosen else a


def _of_reals(a: Array, s: Any, axes: Sequence[int] | None, norm: Any) -> Any:
    if is_complex(a):
        raise TypeError("a real FFT takes real numbers, but these are complex; use fft, or .real")
    lengths, chosen = _lengths(a, s, axes)
    for n, i in zip(lengths, chosen):
        a = _resized(a, n, i)
    spectrum = half_forward(a, n=lengths[-1], axis=chosen[-1], norm=norm)
    return _complex_transform(forward, spectrum, None, chosen[:-1], norm)


def _to_reals(a: Array, s: Any, axes: Sequence[int] | None, norm: Any) -> Array:
    lengths, chosen = _lengths(a, s, axes)
    if s is None:
        lengths[-1] = 2 * (a.shape[chosen[-1]] - 1)
    if lengths[-1] < 1:
        raise ValueError(f"invalid number of FFT data points: {lengths[-1]}; n has to be at least 1")
    a = _complex_transform(inverse, a, lengths[:-1], chosen[:-1], norm)
    a = _resized(a, lengths[-1] // 2 + 1, chosen[-1])
    return half_inverse(a, n=lengths[-1], axis=chosen[-1], norm=norm)


def _along_one(name: str, transform: Transform) -> Any:
    def fft(a: Array, n: Any = None, axis: int = -1, norm: Any = None, out: Any = None) -> Any:
        refuse(f"fft.{name}", out=out)
        return transform(a, None if n is None else (n,), (axis,), norm)

    return fft


def _along_many(name: str, transform: Transform, axes: Sequence[int] | None = None) -> Any:
    def fftn(a: Array, s: Any = None, axes: Any = axes, norm: Any = None, out: Any = None) -> Any:
        refuse(f"fft.{name}", out=out)
        return transform(a, s, axes, norm)

    return fftn


def _there(a: Array, s: Any, axes: Sequence[int] | None, norm: Any) -> Any:
    return _complex_transform(forward, a, s, axes, norm)


def _back(a: Array, s: Any, axes: Sequence[int] | None, norm: Any) -> Array:
    return _complex_transform(inverse, a, s, axes, norm)


def _hermitian_to_reals(a: Array, s: Any, axes: Sequence[int] | None, norm: Any) -> Array:
    return _to_reals(np.conjugate(a), s, axes, _OTHER.get(norm, norm))


def _hermitian_of_reals(a: Array, s: Any, axes: Sequence[int] | None, norm: Any) -> Array:
    return np.conjugate(_of_reals(a, s, axes, _OTHER.get(norm, norm)))


def _rolled(x: Array, axes: Axis, sign: int) -> Array:
    chosen = normalised_axes(axes, x.ndim)
    return np.roll(x, [sign * (x.shape[i] // 2) for i in chosen], chosen)


def fftshift(x: Array, axes: Axis = None) -> Array:
    return _rolled(x, axes, 1)


def ifftshift(x: Array, axes: Axis = None) -> Array:
    return _rolled(x, axes, -1)


implement(
    {
        np.fft.fft: _along_one("fft", _there),
        np.fft.ifft: _along_one("ifft", _back),
        np.fft.rfft: _along_one("rfft", _of_reals),
        np.fft.irfft: _along_one("irfft", _to_reals),
        np.fft.hfft: _along_one("hfft", _hermitian_to_reals),
        np.fft.ihfft: _along_one("ihfft", _hermitian_of_reals),
        np.fft.fft2: _along_many("fft2", _there, (-2, -1)),
        np.fft.ifft2: _along_many("ifft2", _back, (-2, -1)),
        np.fft.rfft2: _along_many("rfft2", _of_reals, (-2, -1)),
        np.fft.irfft2: _along_many("irfft2", _to_reals, (-2, -1)),
        np.fft.fftn: _along_many("fftn", _there),
        np.fft.ifftn: _along_many("ifftn", _back),
        np.fft.rfftn: _along_many("rfftn", _of_reals),
        np.fft.irfftn: _along_many("irfftn", _to_reals),
        np.fft.fftshift: fftshift,
        np.fft.ifftshift: ifftshift,
    },
    constant=(np.fft.fftfreq, np.fft.rfftfreq),
)
