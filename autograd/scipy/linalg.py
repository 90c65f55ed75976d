"""Functions of ``scipy.linalg`` for Tensors, with SciPy's signatures. Needs SciPy.

SciPy's own turn their arguments into plain arrays. What NumPy has too (``solve``, ``inv``, ``eigh``, ``svd`` …) takes
Tensors under NumPy's names. All derivatives are again made of these functions, so they can be taken to any order.

Sources: Higham 2008, "Functions of matrices" (Fréchet derivatives of `expm`, `logm` and `sqrtm`); Giles 2008.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.linalg
from numpy.linalg import LinAlgError

from autograd.errors import NoRuleError
from autograd.functions.linalg.matrices import hermitian, lower_triangle, rank_of, recorded
from autograd.functions.register import arraylike, in_floats
from autograd.node import plain
from autograd.rules.arrays import General
from autograd.rules.rule import conjugate
from autograd.types import Array, Cotangent


def _triangle(x: Array, lower: bool, diagonal: float) -> Array:
    if lower:
        return lower_triangle(x, diagonal)
    return np.swapaxes(lower_triangle(np.swapaxes(x, -1, -2), diagonal), -1, -2)


def _substitution(a: Any, b: Any, lower: bool, unit_diagonal: bool) -> Any:
    def solve(a: Any, b: Any) -> Any:
        return scipy.linalg.solve_triangular(a, b, lower=lower, unit_diagonal=unit_diagonal)

    if a.ndim == b.ndim == 2:
        return solve(a, b)
    # SciPy before 1.16 takes no stacks.
    return np.vectorize(solve, [np.result_type(a, b, np.float32)], signature="(n,n),(n,k)->(n,k)")(a, b)


def _substitution_vjp(g: Cotangent, x: Array, a: Array, b: Array, lower: bool, unit_diagonal: bool) -> tuple[Any, Any]:
    back = _triangular(hermitian(a), g, lower=not lower, unit_diagonal=unit_diagonal)
    return _triangle(-(back @ hermitian(x)), lower, 0.0 if unit_diagonal else 1.0), back


_triangular = General(
    "solve_triangular",
    _substitution,
    _substitution_vjp,
    doc="The x with A·x = b for triangular A.",
    local=("−w · {y}ᵀ with w = {0}⁻ᵀ · {g}, its triangle", "{0}⁻ᵀ · {g}"),
)


def solve_triangular(a: Array, b: Array, trans: Any = 0, lower: bool = False, unit_diagonal: bool = False) -> Any:
    """Solve A·x = b for a triangular A.

    Parameters
    ----------
    a : array_like or Tensor, shape (…, n, n)
        A. Only its triangle is read; the gradient is 0 elsewhere.
    b : array_like or Tensor, shape (n,) or (…, n, k)
        The right-hand sides.
    trans : {0, 1, 2, 'N', 'T', 'C'}
        Solve A·x = b, Aᵀ·x = b or Aᴴ·x = b.
    lower : bool
        Whether A is lower triangular.
    unit_diagonal : bool
        Take the diagonal as 1, whatever it holds.

    Returns
    -------
    Tensor or ndarray, of b's shape

    Raises
    ------
    numpy.linalg.LinAlgError
        If A is singular.

    Examples
    --------
    >>> from autograd import Tensor
    >>> a = Tensor([[2.0, 0.0], [1.0, 4.0]])
    >>> x = solve_triangular(a, [2.0, 5.0], lower=True)
    >>> x.data.view(np.ndarray)
    array([1., 1.])
    >>> x.sum().backward()
    >>> a.grad + 0.0
    array([[-0.375,  0.   ],
           [-0.25 , -0.25 ]])
    """
    a, b = in_floats(a), in_floats(b)
    if trans not in (0, 1, 2, "N", "T", "C"):
        raise ValueError(f"trans has to be 0 ('N'), 1 ('T') or 2 ('C'), not {trans!r}")
    if trans in (2, "C"):
        a = conjugate(a)
    if trans not in (0, "N"):
        a, lower = np.swapaxes(a, -1, -2), not lower
    columns = b[:, None] if b.ndim == 1 else b
    x = _triangular(a, columns, lower=bool(lower), unit_diagonal=bool(unit_diagonal))
    return x[..., 0] if b.ndim == 1 else x


def cho_factor(a: Array, lower: bool = False) -> tuple[Any, bool]:
    """The Cholesky factor of a Hermitian positive definite A, for :func:`cho_solve`.

    Parameters
    ----------
    a : array_like or Tensor, shape (…, n, n)
        A. Only the triangle named by `lower` is read.
    lower : bool
        Compute the lower factor L with A = L·Lᴴ, instead of the upper one U with A = Uᴴ·U.

    Returns
    -------
    tuple
        The factor, with zeros in its other triangle, and `lower`.

    Raises
    ------
    numpy.linalg.LinAlgError
        If A is not positive definite.

    Examples
    --------
    >>> cho_factor(np.array([[4.0, 2.0], [2.0, 5.0]]), lower=True)[0]
    array([[2., 0.],
           [1., 2.]])
    """
    a = arraylike(a)
    return (np.linalg.cholesky(a) if lower else hermitian(np.linalg.cholesky(hermitian(a)))), bool(lower)


def cho_solve(c_and_lower: tuple[Any, bool], b: Array) -> Array:
    """Solve A·x = b, given the Cholesky factor of A from :func:`cho_factor`.

    Parameters
    ----------
    c_and_lower : (array or Tensor, bool)
        What :func:`cho_factor` gave.
    b : array_like or Tensor, shape (n,) or (…, n, k)
        The right-hand sides.

    Returns
    -------
    Tensor or ndarray, of b's shape

    Examples
    --------
    >>> a = np.array([[4.0, 2.0], [2.0, 5.0]])
    >>> cho_solve(cho_factor(a), np.array([6.0, 7.0]))
    array([1., 1.])
    """
    factor, lower = c_and_lower
    half = solve_triangular(factor, b, trans=0 if lower else 2, lower=lower)
    return solve_triangular(factor, half, trans=2 if lower else 0, lower=lower)


# --- functions of matrices -------------------------------------------------------------------------------


def _blocks(a: Array, e: Array) -> Array:
    """[[A, E], [0, A]]: a function of this holds its own Fréchet derivative, at A along E, in the upper right."""
    zero = np.zeros_like(plain(a))
    return np.concatenate([np.concatenate([a, e], axis=-1), np.concatenate([zero, a], axis=-1)], axis=-2)


def _corner(function: Any, a: Array, e: Array) -> Array:
    n = a.shape[-1]
    return function(_blocks(a, e))[..., :n, n:]


def _each(function: Any, *stacks: Any) -> Array:
    """A SciPy function of single matrices, on stacks of them."""
    if stacks[0].ndim == 2:
        return function(*stacks)
    flat = [np.reshape(x, (-1, *x.shape[-2:])) for x in stacks]
    return np.reshape(np.stack([function(*matrices) for matrices in zip(*flat)]), stacks[0].shape)


def _expm_vjp(g: Cotangent, y: Array, a: Array) -> tuple[Any]:
    ah = hermitian(a)
    if recorded(a, g) or not np.size(plain(a)):
        return (_corner(_exponential, ah, g),)
    return (_each(lambda a, e: scipy.linalg.expm_frechet(a, e, compute_expm=False), ah, g),)


_exponential = General(
    "expm",
    scipy.linalg.expm,
    _expm_vjp,
    doc="The matrix exponential Σ Aᵏ/k!.",
    local="the derivative of exp at {0}ᴴ in the direction {g}",
)


def expm(A: Array) -> Array:
    """The matrix exponential Σ Aᵏ/k! of each matrix. Its derivative as in Higham 2008.

    Parameters
    ----------
    A : array_like or Tensor, shape (…, n, n)
        Square matrices.

    Returns
    -------
    Tensor or ndarray, of A's shape

    Examples
    --------
    >>> from autograd import Tensor
    >>> a = Tensor([[0.0, 1.0], [-1.0, 0.0]])
    >>> np.trace(expm(a)).backward()  # the derivative of the trace is exp(Aᵀ)
    >>> a.grad.round(4)
    array([[ 0.5403, -0.8415],
           [ 0.8415,  0.5403]])
    """
    return _exponential(arraylike(A))


_logarithm: General = General(
    "logm",
    lambda a: _each(scipy.linalg.logm, a),
    lambda g, y, a: (_corner(_logarithm, hermitian(a), g),),
    doc="The principal logarithm of a matrix.",
    local="the derivative of log at {0}ᴴ in the direction {g}",
)


def logm(A: Array) -> Array:
    """The principal logarithm of each matrix: the X with exp X = A and |Im λ| < π for its eigenvalues.

    Real where A is real and has no eigenvalues ≤ 0, else complex. Its derivative as in Higham 2008.

    Parameters
    ----------
    A : array_like or Tensor, shape (…, n, n)
        Square matrices.

    Returns
    -------
    Tensor or ndarray, of A's shape

    Examples
    --------
    >>> logm(np.diag([1.0, np.e]))
    array([[0., 0.],
           [0., 1.]])
    """
    return _logarithm(arraylike(A))


def _sylvester_vjp(g: Cotangent, x: Array, a: Array, b: Array, q: Array) -> tuple[Any, Any, Any]:
    back = _sylvester_solution(hermitian(a), hermitian(b), g)
    xh = hermitian(x)
    return -(back @ xh), -(xh @ back), back


_sylvester_solution = General(
    "solve_sylvester",
    scipy.linalg.solve_sylvester,
    _sylvester_vjp,
    doc="The X with A·X + X·B = Q.",
    local=(
        "−Z · {y}ᵀ with {0}ᵀ·Z + Z·{1}ᵀ = {g}",
        "−{y}ᵀ · Z with {0}ᵀ·Z + Z·{1}ᵀ = {g}",
        "Z with {0}ᵀ·Z + Z·{1}ᵀ = {g}",
    ),
)


def solve_sylvester(a: Array, b: Array, q: Any) -> Array:
    """The X with A·X + X·B = Q, for A of shape (m, m), B (n, n) and Q (m, n).

    Parameters
    ----------
    a : array_like or Tensor, shape (m, m)
        A.
    b : array_like or Tensor, shape (n, n)
        B.
    q : array_like or Tensor, shape (m, n)
        Q.

    Returns
    -------
    Tensor or ndarray, shape (m, n)

    Raises
    ------
    numpy.linalg.LinAlgError
        If A and −B share an eigenvalue.

    Examples
    --------
    >>> solve_sylvester(np.eye(2), np.eye(2), np.array([[2.0, 4.0], [6.0, 8.0]]))
    array([[1., 2.],
           [3., 4.]])
    """
    return _sylvester_solution(in_floats(a), in_floats(b), in_floats(q))


def _sqrtm(a: Any) -> Array:
    return _each(scipy.linalg.sqrtm, a)


def _sqrtm_vjp(g: Cotangent, y: Array, a: Array) -> tuple[Any]:
    yh = hermitian(y)
    if not np.all(np.isfinite(plain(y))) or np.any(rank_of(plain(y)) < a.shape[-1]):
        raise LinAlgError("the square root of a singular matrix has no derivative")
    if a.ndim == 2:
        return (_sylvester_solution(yh, yh, g),)
    batch = a.shape[:-2]
    solutions = [_sylvester_solution(yh[i], yh[i], g[i]) for i in np.ndindex(batch)]
    return (np.reshape(np.stack(solutions), a.shape),)


_square_root = General(
    "sqrtm", _sqrtm, _sqrtm_vjp, doc="The principal square root of a matrix.", local="X with {y}ᴴ·X + X·{y}ᴴ = {g}"
)


def sqrtm(A: Array) -> Array:
    """The principal square root of each matrix: the X with X·X = A whose eigenvalues have no negative real part.

    Parameters
    ----------
    A : array_like or Tensor, shape (…, n, n)
        Square matrices.

    Returns
    -------
    Tensor or ndarray, of A's shape

    Raises
    ------
    numpy.linalg.LinAlgError
        In the backward pass, if A is singular.

    Examples
    --------
    >>> sqrtm(np.diag([4.0, 9.0]))
    array([[2., 0.],
           [0., 3.]])
    """
    return _square_root(arraylike(A))


# --- LU ------------------------------------------------------------------------------------------------------


def _lu(a: Any, order: Any) -> Array:
    # L below the diagonal, U on and above it; the order of the rows is held.
    _, lower, upper = scipy.linalg.lu(np.take_along_axis(a, order[..., None], axis=-2))
    return np.tril(lower, -1) + upper


def _lu_vjp(g: Cotangent, y: Array, a: Array, order: Any) -> tuple[Any]:
    n = a.shape[-1]
    eye = np.eye(n, dtype=plain(y).dtype)
    lower = lower_triangle(y, 0.0) + eye
    upper = _triangle(y, False, 1.0)
    inner = lower_triangle(hermitian(lower) @ lower_triangle(g, 0.0), 0.0) + _triangle(
        _triangle(g, False, 1.0) @ hermitian(upper), False, 1.0
    )
    half = _triangular(hermitian(lower), inner, lower=False, unit_diagonal=True)
    back = hermitian(_triangular(upper, hermitian(half), lower=False, unit_diagonal=False))
    return (np.take_along_axis(back, np.argsort(order, axis=-1)[..., None], axis=-2),)


_lower_and_upper = General("lu", _lu, _lu_vjp, doc="L and U of A = P·L·U in one array.")


def lu(a: Array) -> tuple[Any, Any, Any]:
    """A = P·L·U of square matrices: a permutation (a plain array), L with ones on its diagonal, and U.

    Parameters
    ----------
    a : array_like or Tensor, shape (…, n, n)
        Square matrices.

    Returns
    -------
    (ndarray, Tensor or ndarray, Tensor or ndarray)
        P, L and U.

    Raises
    ------
    NoRuleError
        If the matrices are not square.
    numpy.linalg.LinAlgError
        In the backward pass, if A is singular.

    Examples
    --------
    >>> p, l, u = lu(np.array([[0.0, 2.0], [1.0, 3.0]]))
    >>> u
    array([[1., 3.],
           [0., 2.]])
    """
    a = arraylike(a)
    if a.ndim < 2 or a.shape[-1] != a.shape[-2]:
        raise NoRuleError(f"autograd.linalg.lu takes square matrices, not shape {a.shape}; use np.linalg.qr")
    permutation = scipy.linalg.lu(plain(a))[0]
    both = _lower_and_upper(a, order=np.argmax(permutation, axis=-2))
    eye = np.eye(a.shape[-1], dtype=plain(both).dtype)
    return permutation, lower_triangle(both, 0.0) + eye, _triangle(both, False, 1.0)
