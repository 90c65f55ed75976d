r"""NumPy's linear algebra beyond decompositions and norms: inverses, determinants, equations, products.

Conventions
-----------
* A singular matrix raises NumPy's ``LinAlgError`` where NumPy's own function does. `det` of one has its exact gradient
  (the cofactors, to any order); log|det| is −∞ there, and its backward pass raises.
* `pinv` and `lstsq` of matrices without full rank have the derivative along changes that keep the rank
  (Golub and Pereyra 1973); across them the functions jump.

Everything works on stacks of matrices, as in NumPy.
"""

from __future__ import annotations

from typing import Any, Sequence

import numpy as np
from numpy.linalg import LinAlgError
from numpy.typing import DTypeLike

from autograd.functions.linalg.matrices import as_named, inverse_of, mirror, rank_of, recorded
from autograd.functions.linalg.matrices import hermitian as adjoint
from autograd.functions.register import arraylike, arraylikes, implement, in_floats, refuse
from autograd.node import plain
from autograd.rules.arrays import General
from autograd.rules.rule import conjugate, is_complex
from autograd.types import Array, Cotangent

# --- inverses ----------------------------------------------------------------------------------------------


def _inverse_vjp(g: Cotangent, y: Array, a: Array) -> tuple[Any]:
    yh = adjoint(y)
    return (-(yh @ g @ yh),)


inverse = General("np.linalg.inv", np.linalg.inv, _inverse_vjp, doc="The inverse A⁻¹.", local="−{y}ᵀ · {g} · {y}ᵀ")


def _pseudoinverse_vjp(g: Cotangent, p: Any, a: Array, rcond: Any) -> tuple[Any]:
    ph, gh = adjoint(p), adjoint(g)
    pulled = -(ph @ g @ ph)
    m, n = a.shape[-2:]
    rank = rank_of(plain(p))
    # The complements of column and row space: nothing is left of one if the rank is full.
    if np.any(rank < m):
        right = gh @ (p @ ph)
        pulled = pulled + right - a @ (p @ right)
    if np.any(rank < n):
        left = (ph @ p) @ gh
        pulled = pulled + left - (left @ p) @ a
    return (pulled,)


pseudoinverse = General(
    "np.linalg.pinv",
    lambda a, rcond: np.linalg.pinv(a, rcond),
    _pseudoinverse_vjp,
    doc="The pseudoinverse A⁺.",
    local="−{y}ᵀ·{g}·{y}ᵀ + (1 − {0}·{y})·({g})ᵀ·{y}·{y}ᵀ + {y}ᵀ·{y}·({g})ᵀ·(1 − {y}·{0})",
)


def pinv(a: Array, rcond: Any = None, hermitian: bool = False, *, rtol: Any = np._NoValue) -> Array:
    a = arraylike(a)
    if rcond is None:
        given = rtol is not np._NoValue and rtol is not None
        rcond = rtol if given else max(a.shape[-2:]) * np.finfo(a.dtype).eps if rtol is None else 1e-15
    return pseudoinverse(mirror(a, lower=True) if hermitian else a, rcond=rcond)


# --- determinants ------------------------------------------------------------------------------------------


def _det_vjp(g: Cotangent, y: Array, a: Array) -> tuple[Any]:
    return (g[..., None, None] * conjugate(_cofactors(a, y)),)


def _cofactors(a: Array, determinant: Array) -> Array:
    """∂det/∂A. From the inverse unless A is singular or nearly so, where only products remain exact."""
    n = a.shape[-1]
    if n == 0 or a.size == 0:
        return a
    try:
        inverted = inverse_of(a)
        size = _size(plain(a)) * _size(plain(inverted))
        if not np.any(size * np.sqrt(np.finfo(plain(a).dtype).eps) >= 1):  # nor where it is nan
            return determinant[..., None, None] * np.swapaxes(inverted, -1, -2)
    except LinAlgError:
        pass
    return _cofactors_by_minors(a) if recorded(a) else _cofactors_by_svd(a)


def _size(a: Any) -> Array:
    """The Frobenius norm of plain matrices."""
    numbers = a.reshape(*a.shape[:-2], -1)
    return np.sqrt(np.einsum("...i,...i->...", numbers, np.conjugate(numbers)).real)


def _cofactors_by_svd(a: Any) -> Array:
    """With A = U·S·Vᴴ: conj(U)·C·Vᵀ·det(U)·det(Vᴴ), where C holds the products of all other singular values."""
    u, s, vh = np.linalg.svd(a)
    one = np.ones_like(s[..., :1])
    before = np.cumprod(np.concatenate([one, s[..., :-1]], axis=-1), axis=-1)
    after = np.cumprod(np.concatenate([one, s[..., :0:-1]], axis=-1), axis=-1)[..., ::-1]
    turns = np.linalg.det(u) * np.linalg.det(vh)
    return turns[..., None, None] * ((np.conjugate(u) * (before * after)[..., None, :]) @ np.conjugate(vh))


def _cofactors_by_minors(a: Array) -> Array:
    """The signed determinants of A without row i and column j, which can be differentiated again."""
    n = a.shape[-1]
    others = np.array([[k for k in range(n) if k != i] for i in range(n)], dtype=int).reshape(n, n - 1)
    minors = a[..., others[:, None, :, None], others[None, :, None, :]]
    signs = (-1.0) ** np.add.outer(np.arange(n), np.arange(n))
    return np.linalg.det(minors) * signs.astype(plain(a).real.dtype)


determinant = General("np.linalg.det", np.linalg.det, _det_vjp, doc="The determinant of A.", local="{g} · {y} · {0}⁻ᵀ")


def _inverse_for(a: Array) -> Any:
    try:
        return inverse_of(a)
    except LinAlgError:
        raise LinAlgError("slogdet: log|det| of a singular matrix is −∞ and has no derivative; use det") from None


log_determinant = General(
    "np.linalg.slogdet",
    lambda a: np.linalg.slogdet(a)[1],
    lambda g, y, a: (g[..., None, None] * adjoint(_inverse_for(a)),),
    doc="log|det A|.",
    local="{g} · {0}⁻ᵀ",
)


def _sign_vjp(g: Cotangent, y: Array, a: Array) -> tuple[Any]:
    if not is_complex(a):
        return (np.zeros_like(plain(a)),)
    turn = np.imag(g * conjugate(y))
    return ((turn * 1j)[..., None, None] * adjoint(_inverse_for(a)),)


sign_of_determinant = General(
    "sign of det",
    lambda a: np.linalg.slogdet(a)[0],
    _sign_vjp,
    doc="det A/|det A|: for real A a constant.",
    local="0 for a real {0}",
)


def slogdet(a: Array) -> Any:
    return as_named(np.linalg.slogdet, sign_of_determinant(a), log_determinant(a))


# --- equations ---------------------------------------------------------------------------------------------


def _solve_vjp(g: Cotangent, x: Array, a: Array, b: Array) -> tuple[Any, Any]:
    if b.ndim == 1:
        back = np.linalg.solve(adjoint(a), g[..., None])[..., 0]
        return -(back[..., :, None] * conjugate(x)[..., None, :]), back
    back = np.linalg.solve(adjoint(a), g)
    return -(back @ adjoint(x)), back


solution = General(
    "np.linalg.solve",
    np.linalg.solve,
    _solve_vjp,
    doc="The x with A·x = b.",
    local=("−w · {y}ᵀ with w = {0}⁻ᵀ · {g}", "{0}⁻ᵀ · {g}"),
)


def solve(a: Array, b: Any) -> Any:
    return solution(in_floats(a), in_floats(b))


def _least_squares(a: Any, b: Any, rcond: Any) -> Array:
    return np.linalg.lstsq(a, b, rcond=rcond)[0]


def _least_squares_vjp(g: Cotangent, x: Array, a: Array, b: Array, rcond: Any) -> tuple[Any, Any]:
    def lstsq_(a: Array, b: Array) -> Array:
        return least_squares(a, b, rcond=rcond)

    ah = adjoint(a)
    back = lstsq_(ah, g)
    pulled = (b - a @ x) @ adjoint(lstsq_(a, back)) - back @ adjoint(x)
    if rank_of(plain(a), rcond) < a.shape[1]:
        pulled = pulled + lstsq_(ah, x) @ adjoint(g - lstsq_(a, a @ g))
    return pulled, back


least_squares = General(
    "np.linalg.lstsq", _least_squares, _least_squares_vjp, doc="The shortest x with the least |A·x − b|."
)


def lstsq(a: Array, b: Array, rcond: Any = None) -> Any:
    a, b = in_floats(a), in_floats(b)
    if rcond is None:
        rcond = max(a.shape) * np.finfo(np.result_type(plain(a), plain(b))).eps
    columns = b[:, None] if b.ndim == 1 else b
    _, _, rank, _ = np.linalg.lstsq(plain(a), plain(b), rcond=rcond)
    x = least_squares(a, columns, rcond=rcond)
    if rank == a.shape[1] < a.shape[0]:
        residuals = np.sum(np.abs(columns - a @ x) ** 2, axis=0)
    else:
        residuals = np.zeros(0, dtype=plain(x).real.dtype)
    return x[:, 0] if b.ndim == 1 else x, residuals, rank, np.linalg.svdvals(a)


def tensorsolve(a: Array, b: Array, axes: Sequence[int] | None = None) -> Any:
    a, b = arraylike(a), arraylike(b)
    if axes is not None:
        moved = [i for i in range(a.ndim) if i not in axes]
        a = np.transpose(a, (*moved, *axes))
    shape = a.shape[-(a.ndim - b.ndim) :]
    size = int(np.prod(shape))
    if a.size != size**2:
        raise LinAlgError("Input arrays must satisfy the requirement prod(a.shape[b.ndim:]) == prod(a.shape[:b.ndim])")
    return np.reshape(solve(np.reshape(a, (size, size)), np.reshape(b, -1)), shape)


def tensorinv(a: Array, ind: int = 2) -> Any:
    if ind <= 0:
        raise ValueError("Invalid ind argument.")
    rows = int(np.prod(a.shape[ind:]))
    return np.reshape(inverse(np.reshape(a, (rows, -1))), a.shape[ind:] + a.shape[:ind])


# --- products ----------------------------------------------------------------------------------------------


def matrix_power(a: Array, n: Any) -> Any:
    try:
        n = n.__index__()
    except AttributeError:
        raise TypeError("exponent must be an integer") from None
    if a.ndim < 2 or a.shape[-1] != a.shape[-2]:
        raise LinAlgError(f"matrix_power needs square matrices, not shape {a.shape}")
    if n == 0:
        return np.where(np.zeros(a.shape, dtype=bool), a, np.eye(a.shape[-1], dtype=a.dtype))
    if n < 0:
        a, n = inverse(a), -n
    result = None
    while n:
        if n % 2:
            result = a if result is None else result @ a
        n //= 2
        if n:
            a = a @ a
    return result


def multi_dot(arrays: Sequence[Any], *, out: Any = None) -> Any:
    refuse("linalg.multi_dot", out=out)
    chain = arraylikes(*arrays)
    if len(chain) < 2:
        raise ValueError("Expecting at least two arrays.")
    first, last = chain[0].ndim == 1, chain[-1].ndim == 1
    if first:
        chain[0] = chain[0][None, :]
    if last:
        chain[-1] = chain[-1][:, None]
    for x in chain:
        if x.ndim != 2:
            raise LinAlgError(f"{x.ndim}-dimensional array given; multi_dot takes matrices, and vectors at the ends")
    product = _product(chain, _splits([len(chain[0]), *(x.shape[1] for x in chain)]), 0, len(chain) - 1)
    if first and last:
        return product[0, 0]
    return product[0] if first else product[:, 0] if last else product


def _splits(sizes: list[int]) -> dict[tuple[int, int], int]:
    """Where to split each chain of matrices i … j so that the fewest multiplications are needed."""
    n = len(sizes) - 1
    cost = {(i, i): 0 for i in range(n)}
    split = {}
    for length in range(1, n):
        for i in range(n - length):
            j = i + length
            cost[i, j], split[i, j] = min(
                (cost[i, k] + cost[k + 1, j] + sizes[i] * sizes[k + 1] * sizes[j + 1], k) for k in range(i, j)
            )
    return split


def _product(chain: list[Any], split: dict[tuple[int, int], int], i: int, j: int) -> Array:
    if i == j:
        return chain[i]
    k = split[i, j]
    return _product(chain, split, i, k) @ _product(chain, split, k + 1, j)


def cross(x1: Array, x2: Array, /, *, axis: int = -1) -> Any:
    x1, x2 = arraylike(x1), arraylike(x2)
    if x1.shape[axis] != 3 or x2.shape[axis] != 3:
        raise ValueError(f"Both input arrays must be (arrays of) 3-dimensional vectors, not {x1.shape} and {x2.shape}")
    return np.cross(x1, x2, axis=axis)


def outer(x1: Array, x2: Array, /) -> Any:
    x1, x2 = arraylike(x1), arraylike(x2)
    if x1.ndim != 1 or x2.ndim != 1:
        raise ValueError(f"Input arrays must be one-dimensional, but they are x1.ndim={x1.ndim} and x2.ndim={x2.ndim}.")
    return x1[:, None] * x2[None, :]


def diagonal(x: Array, /, *, offset: int = 0) -> Array:
    return np.diagonal(x, offset, axis1=-2, axis2=-1)


def trace(x: Array, /, *, offset: int = 0, dtype: DTypeLike | None = None) -> Array:
    refuse("linalg.trace", dtype=dtype)
    return np.trace(x, offset, axis1=-2, axis2=-1)


implement(
    {
        np.linalg.inv: inverse,
        np.linalg.pinv: pinv,
        np.linalg.det: determinant,
        np.linalg.slogdet: slogdet,
        np.linalg.solve: solve,
        np.linalg.lstsq: lstsq,
        np.linalg.tensorsolve: tensorsolve,
        np.linalg.tensorinv: tensorinv,
        np.linalg.matrix_power: matrix_power,
        np.linalg.multi_dot: multi_dot,
        np.linalg.cross: cross,
        np.linalg.outer: outer,
        np.linalg.diagonal: diagonal,
        np.linalg.trace: trace,
    },
    constant=(np.linalg.matrix_rank,),
)
