"""Products beside matmul and einsum: inner, outer, Kronecker, cross, and convolutions."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.functions.register import arraylike, arraylikes, implement, named, refuse
from autograd.rules.arrays import Linear
from autograd.rules.rule import conjugate
from autograd.types import Array

_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def inner(a: Array, b: Array, /) -> Any:
    a, b = arraylikes(a, b)
    if a.ndim == 0 or b.ndim == 0:
        return a * b
    return np.tensordot(a, b, axes=((a.ndim - 1,), (b.ndim - 1,)))


outer_product = Linear(
    "outer",
    lambda a, b: np.multiply.outer(a, b),
    lambda g, a, b: np.matmul(g, conjugate(b)),
    lambda g, a, b: np.matmul(conjugate(a), g),
    doc="All products aᵢ·bⱼ of two vectors.",
    local=("{g} · {1}", "({g})ᵀ · {0}"),
)


def outer(a: Array, b: Array, out: Any = None) -> Any:
    refuse("outer", out=out)
    return outer_product(*(np.reshape(x, -1) for x in arraylikes(a, b)))


def vdot(a: Array, b: Array, /) -> Array:
    a, b = (x if x.ndim == 1 else np.reshape(x, -1) for x in arraylikes(a, b))
    return np.matmul(np.conjugate(a) if a.dtype.kind == "c" else a, b)


def kron(a: Array, b: Array) -> Any:
    a, b = arraylikes(a, b)
    ndim = max(a.ndim, b.ndim)
    rows, columns = ((1,) * (ndim - x.ndim) + x.shape for x in (a, b))
    left, right = _LETTERS[:ndim], _LETTERS[:ndim].upper()
    apart = np.einsum(
        f"{left},{right}->{''.join(map(''.join, zip(left, right)))}", np.reshape(a, rows), np.reshape(b, columns)
    )
    return np.reshape(apart, [n * m for n, m in zip(rows, columns)])


def vecdot(a: Array, b: Array, axis: int = -1, **axes: Any) -> Any:
    _refuse_axes("vecdot", axes)
    a, b = (np.moveaxis(x, axis, -1) for x in arraylikes(a, b))
    return np.einsum("...i,...i->...", np.conjugate(a), b)


def matvec(a: Array, b: Array, **axes: Any) -> Array:
    _refuse_axes("matvec", axes)
    return np.matmul(a, arraylike(b)[..., None])[..., 0]


def vecmat(a: Array, b: Array, **axes: Any) -> Array:
    _refuse_axes("vecmat", axes)
    return np.matmul(np.conjugate(arraylike(a))[..., None, :], b)[..., 0, :]


def _refuse_axes(name: str, axes: Any) -> None:
    if axes:
        raise TypeError(f"np.{name} of a Tensor does not take {next(iter(axes))}=; move the axes with np.moveaxis")


# --- cross product -------------------------------------------------------------------------------------------

# a·(b × c) is the same for every rotation of (a, b, c), so the adjoints are cross products too.
cross_product: Linear = Linear(
    "cross",
    np.cross,
    lambda g, a, b: cross_product(conjugate(b), g),
    lambda g, a, b: cross_product(g, conjugate(a)),
    doc="The cross product of vectors in space.",
    local=("{1} × {g}", "{g} × {0}"),
)


def cross(a: Array, b: Array, axisa: int = -1, axisb: int = -1, axisc: int = -1, axis: int | None = None) -> Any:
    if axis is not None:
        axisa = axisb = axisc = axis
    a, b = arraylikes(a, b)
    a, b = np.moveaxis(a, axisa, -1), np.moveaxis(b, axisb, -1)
    if a.shape[-1] not in (2, 3) or b.shape[-1] not in (2, 3):
        raise ValueError("incompatible dimensions for cross product (dimension must be 2 or 3)")
    if a.shape[-1] == b.shape[-1] == 2:
        return a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0]
    return np.moveaxis(cross_product(_in_space(a), _in_space(b)), -1, axisc)


def _in_space(x: Array) -> Array:
    """Vectors in the plane with a third component of 0."""
    return x if x.shape[-1] == 3 else np.concatenate([x, np.zeros((*x.shape[:-1], 1), x.dtype)], axis=-1)


# --- convolution ---------------------------------------------------------------------------------------------

# A closed family: the adjoint of a full convolution slides the cotangent over the other operand where they
# overlap fully, and the adjoint of that is a full convolution again.
convolution: Linear = Linear(
    "convolve",
    np.convolve,
    lambda g, a, v: sliding(g, conjugate(v)),
    lambda g, a, v: sliding(g, conjugate(a)),
    doc="Σᵢ aᵢ·vₖ₋ᵢ for all k.",
    local=("{1} slid over {g}", "{0} slid over {g}"),
)

sliding: Linear = Linear(
    "slide",
    lambda a, v: np.convolve(a, v[::-1], "valid"),
    lambda g, a, v: convolution(g, conjugate(v)),
    lambda g, a, v: sliding(conjugate(a), g),
    doc="Σᵢ aₖ₊ᵢ·vᵢ where v lies within a.",
    local=("{g} convolved with {1}", "{g} slid over {0}"),
)


def convolve(a: Array, v: Array, mode: Any = "full") -> Any:
    a, v = map(np.atleast_1d, arraylikes(a, v))
    if a.ndim > 1 or v.ndim > 1:
        raise ValueError("convolve takes vectors")
    for name, x in (("a", a), ("v", v)):
        if not x.shape[0]:
            raise ValueError(f"{name} cannot be empty")
    if v.shape[0] > a.shape[0]:
        a, v = v, a
    n, m = a.shape[0], v.shape[0]
    if mode in ("valid", "v", 0):
        return sliding(a, v[::-1])
    full = convolution(a, v)
    if mode in ("full", "f", 2):
        return full
    if mode in ("same", "s", 1):
        return full[(m - 1) // 2 : (m - 1) // 2 + n]
    raise ValueError(f"mode must be one of 'valid', 'same', or 'full' (got {mode!r})")


def correlate(a: Array, v: Array, mode: Any = "valid") -> Array:
    a, v = map(np.atleast_1d, arraylikes(a, v))
    if v.shape[0] <= a.shape[0]:
        return _correlated(a, np.conjugate(v), mode)
    return _correlated(np.conjugate(v), a, mode)[::-1]


def _correlated(a: Array, v: Array, mode: Any) -> Array:
    n, m = a.shape[0], v.shape[0]
    if not m:
        raise ValueError("v cannot be empty")
    if mode in ("valid", "v", 0):
        return sliding(a, v)
    full = convolution(a, v[::-1])
    if mode in ("same", "s", 1):
        start = m - 1 - m // 2
        return full[start : start + n]
    if mode in ("full", "f", 2):
        return full
    raise ValueError(f"mode must be one of 'valid', 'same', or 'full' (got {mode!r})")


implement(
    {
        np.inner: inner,
        np.outer: outer,
        np.vdot: vdot,
        np.kron: kron,
        **dict.fromkeys(named("vecdot", "linalg.vecdot"), vecdot),
        **dict.fromkeys(named("matvec"), matvec),
        **dict.fromkeys(named("vecmat"), vecmat),
        np.cross: cross,
        np.convolve: convolve,
        np.correlate: correlate,
    }
)
