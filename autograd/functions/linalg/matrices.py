"""What the rules of linear algebra share: conjugate transposes, triangles, and the triangle that is read."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any

import numpy as np
from numpy.linalg import LinAlgError

from autograd.node import Node, plain
from autograd.rules.arrays import Linear
from autograd.rules.rule import conjugate
from autograd.types import Array


def hermitian(x: Array) -> Array:
    """The conjugate transpose of each matrix."""
    return conjugate(np.swapaxes(x, -1, -2))


def recorded(*arrays: Any) -> bool:
    """Whether a rule is being evaluated on nodes, to be differentiated again."""
    return any(isinstance(x, Node) for x in arrays)


def lower_triangle(x: Array, diagonal: float = 1.0) -> Array:
    """x with zeros above its diagonal, and that times a factor."""
    n, dtype = x.shape[-1], plain(x).real.dtype
    return x * (_kept_mask(n, diagonal, dtype) if n <= FEW else _mask(n, diagonal, dtype))


def _mask(n: int, diagonal: float, dtype: Any) -> Array:
    """1 below the diagonal, there another number, and 0 above it."""
    mask = np.tri(n, k=-1, dtype=dtype)
    mask[np.arange(n), np.arange(n)] = diagonal
    mask.setflags(write=False)
    return mask


_kept_mask = lru_cache(maxsize=16)(_mask)

FEW = 64
"""Up to so many rows masks are kept for the next time."""


def real_diagonal(x: Array) -> Array:
    """x without the imaginary part of its diagonal."""
    return x - 1j * (np.imag(x) * np.eye(x.shape[-1], dtype=plain(x).real.dtype)) if plain(x).dtype.kind == "c" else x


def diagonal_of(x: Array) -> Array:
    """The diagonals of matrices."""
    along = np.arange(min(x.shape[-2:]))
    return x[..., along, along]


def _mirrored(a: Any, lower: bool) -> Array:
    triangle = np.tril(a) if lower else np.triu(a)
    along = np.arange(a.shape[-1])
    whole = triangle + conjugate(np.swapaxes(triangle, -1, -2))
    whole[..., along, along] = a[..., along, along].real
    return whole


def _folded(s: Any, lower: bool) -> Array:
    along = np.arange(s.shape[-1])
    whole = s + conjugate(np.swapaxes(s, -1, -2))
    whole[..., along, along] = s[..., along, along].real
    if lower and s.shape[-1] <= FEW:
        return np.where(_kept_mask(s.shape[-1], 1.0, np.dtype(bool)), whole, 0)
    return np.tril(whole) if lower else np.triu(whole)


mirror = Linear(
    "mirror",
    _mirrored,
    lambda g, a, lower: fold(g, lower=lower),
    doc="The Hermitian matrix with this lower (upper) triangle: what LAPACK reads.",
    local="both triangles of {g} in one",
)

fold: Linear = Linear(
    "fold",
    _folded,
    lambda g, s, lower: mirror(g, lower=lower),
    doc="Both triangles added into one: the adjoint of mirror.",
    local="{g}, mirrored",
)


@cache
def _lapack(name: str, dtype: Any) -> Any:
    """LAPACK's routine of that name for a dtype; ``None`` where SciPy, which has it, is not installed."""
    if dtype.char not in "fdFD":
        return None
    try:
        from scipy.linalg import lapack
    except ImportError:
        return None
    return getattr(lapack, {"f": "s", "d": "d", "F": "c", "D": "z"}[dtype.char] + name)


LAPACK_PAYS = 24
"""From this size on a call of LAPACK for each matrix takes less time than NumPy's for all."""


def inverse_of(a: Array) -> Any:
    """As ``np.linalg.inv``; for plain matrices by LAPACK's own routine, in half the time of solving for unit vectors.

    Raises
    ------
    numpy.linalg.LinAlgError
        If a matrix is singular.
    """
    by_lu = None if recorded(a) or a.shape[-1] < LAPACK_PAYS else _lapack("getrf", a.dtype)
    if by_lu is None:
        return np.linalg.inv(a)
    inverse, invert = np.empty(a.shape, a.dtype), _lapack("getri", a.dtype)
    room = int(_lapack("getri_lwork", a.dtype)(a.shape[-1])[0].real)  # SciPy gives it less, for which it is slower
    for i in np.ndindex(a.shape[:-2]):
        # Of the transpose, which lies in memory as LAPACK wants it.
        factors, pivots, singular = by_lu(a[i].T)
        if singular:
            raise LinAlgError("Singular matrix")
        inverse[i] = invert(factors, pivots, lwork=room, overwrite_lu=1)[0].T
    return inverse


def inverse_of_lower(x: Array) -> Array:
    """The inverse of plain lower triangular matrices: by LAPACK, else by halves, most work being products of blocks."""
    n = x.shape[-1]
    triangular = _lapack("trtri", x.dtype) if n >= LAPACK_PAYS else None
    if triangular is not None:
        inverse = np.empty(x.shape, x.dtype)
        for i in np.ndindex(x.shape[:-2]):
            inverse[i] = triangular(x[i].T, lower=0)[0].T  # which leaves the zeros as they are
        return inverse
    if n <= 48:
        return np.linalg.inv(x)
    k = n // 2
    inverse = np.zeros_like(x)
    inverse[..., :k, :k] = first = inverse_of_lower(x[..., :k, :k])
    inverse[..., k:, k:] = last = inverse_of_lower(x[..., k:, k:])
    inverse[..., k:, :k] = -last @ (x[..., k:, :k] @ first)
    return inverse


def packed(parts: Any, batch: tuple[int, ...]) -> Array:
    """Several matrices in one array, one after the other."""
    return np.concatenate([np.reshape(x, (*batch, x.shape[-2] * x.shape[-1])) for x in parts], axis=-1)


def unpacked(array: Array, *shapes: tuple[int, int]) -> list[Any]:
    """The matrices of these shapes that one array holds."""
    parts, start = [], 0
    for rows, columns in shapes:
        part = array[..., start : start + rows * columns]
        parts.append(np.reshape(part, (*array.shape[:-1], rows, columns)))
        start += rows * columns
    return parts


def need_matrix(a: Array) -> None:
    """Raise ``LinAlgError`` unless a has two axes or more."""
    if a.ndim < 2:
        raise LinAlgError(f"{a.ndim}-dimensional array given; a matrix needs at least 2 axes")


def rank_of(a: Array, rtol: Any = None) -> Array:
    """The ranks of plain matrices; 0 for empty ones, which `matrix_rank` refuses in NumPy before 2.3."""
    return np.linalg.matrix_rank(a, rtol=rtol) if a.size else np.zeros(a.shape[:-2], int)


def as_named(function: Any, *parts: Any) -> Any:
    """The outputs under the names that NumPy gives them."""
    return type(function(np.eye(1)))(*parts)
