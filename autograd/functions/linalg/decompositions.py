r"""Decompositions of matrices: eigenvalues and eigenvectors, singular values and vectors.

An operation has one output here. Where NumPy returns several, either one array holds them all and the outputs are
taken out of it (U and Vᴴ; Q and R), or the one is computed with the help of the other: a simple eigenvalue is
λ = vᴴ A v, and moving v changes nothing in first order, so A's cotangent is v ḡ vᴴ and v passes nothing on.

Conventions
-----------
* `eigh` and `eigvalsh` read one triangle, as NumPy does. The gradient is that of the function NumPy
  computes: it lies in this triangle, and is 0 in the other one.
* `eig` and `eigvals` give numbers of the kind that the installed NumPy gives: complex ones always from NumPy 2.5 on,
  before that real ones where all eigenvalues are real. ``eigvals(a).real`` is the same on all versions, for matrices
  that are known to have real eigenvalues; for symmetric ones `eigh` and `eigvalsh` are always real.
* A repeated eigenvalue or singular value shares the gradient equally among its copies, as ties do everywhere in this
  package: functions that are symmetric in them (a trace, a norm) get their exact gradient.
* Singular values that are 0 (to rounding) are kinks, and pass no gradient.
* Vectors of repeated eigenvalues or singular values have no derivative, since any rotation of them will do: a
  ``LinAlgError`` says so, unless no gradient arrives at these vectors.
* Signs and phases are held as LAPACK chooses them: `eig` makes each vector's largest component real, `eigh` of a
  complex matrix the first (last, for ``UPLO="U"``). For the vectors of a complex `svd` there is no such rule: a
  function that depends on their phases is refused in the backward pass.
* ``svd(full_matrices=True)`` of a matrix that is not square completes U or V by vectors that are not unique. Functions
  of the space that they span have a derivative, others are refused in the backward pass; in forward mode these vectors
  turn no more than they must.

Sources: Giles 2008, "An extended collection of matrix derivative results"; Townsend 2016, "Differentiating the
singular value decomposition"; Walter and Lehmann 2018, "Algorithmic differentiation of linear algebra functions".
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.linalg import LinAlgError

from autograd.functions.linalg.matrices import (
    as_named,
    diagonal_of,
    fold,
    hermitian,
    mirror,
    need_matrix,
    packed,
    rank_of,
    recorded,
    unpacked,
)
from autograd.functions.register import implement
from autograd.node import plain
from autograd.rules.arrays import General
from autograd.rules.rule import conjugate, is_complex, leading_kind
from autograd.types import Array, Cotangent


def _record(rule: Any, inputs: tuple[Any, ...], data: Any, **static: Any) -> Array:
    """A node with data that is known already."""
    return leading_kind(inputs)._record(rule, inputs, data, static)


# --- eigenvalues and eigenvectors --------------------------------------------------------------------------


def _tolerance(w: Any) -> Array:
    """How far apart numbers of this size are told apart: to rounding."""
    return 4 * w.shape[-1] * np.finfo(w.dtype).eps * np.max(np.abs(w), axis=-1, keepdims=True, initial=0)


def _alike(w: Array) -> Array:
    """Which pairs of eigenvalues (or singular values) are equal, to rounding: matrices of truth values."""
    w = plain(w)
    return np.abs(w[..., None, :] - w[..., :, None]) <= _tolerance(w)[..., None]


def _shared(g: Cotangent, w: Array) -> Array:
    """The cotangents of eigenvalues, those of equal ones replaced by their mean."""
    alike = _alike(w)
    if np.count_nonzero(alike) == np.size(plain(w)):
        return g
    share = (alike / np.count_nonzero(alike, axis=-1, keepdims=True)).astype(plain(g).real.dtype)
    return (share @ g[..., None])[..., 0]


def _over_gaps(numerator: Array, w: Array, used: Any, what: str) -> Any:
    """numerator_ij/(w_j − w_i) off the diagonal, 0 on it.

    Raises
    ------
    LinAlgError
        If two of the w are equal and their vectors are used.
    """
    alike = _alike(w)
    n = alike.shape[-1]
    if np.count_nonzero(alike) > np.size(plain(w)):
        pairs = alike & ~np.eye(n, dtype=bool)
        if recorded(numerator) or np.any(pairs & (used[..., None, :] | used[..., :, None])):
            value = np.broadcast_to(plain(w)[..., None], pairs.shape)[pairs][0]
            raise LinAlgError(
                f"vectors that belong to a repeated {what} ({value:.6g}) have no derivative, since any rotation of "
                f"them will do; use the {what}s alone, or functions of the matrix itself (solve, expm, pinv …)"
            )
    gaps = w[..., None, :] - w[..., :, None]
    return np.where(alike, 0, numerator / np.where(alike, 1, gaps))


def _used(g: Cotangent) -> Array:
    """Which columns a cotangent arrives at."""
    return np.any(plain(g) != 0, axis=-2)


def _phase_held(vectors: Array, pivot: Array) -> Array:
    """Complex vectors, the phase of whose components `pivot` stays what it is when the matrix moves."""
    phase = np.sign(plain(pivot))
    held = np.where(phase == 0, 1, np.conjugate(np.sign(pivot)) * phase)
    return vectors * held


def _eigh_values(a: Any, v: Any, lower: bool) -> Array:
    return np.sum(conjugate(v) * (mirror(a, lower=lower) @ v), axis=-2).real


def _eigh_values_vjp(g: Cotangent, w: Array, a: Array, v: Array, lower: bool) -> tuple[Any, None]:
    return fold((v * _shared(g, w)[..., None, :]) @ hermitian(v), lower=lower), None


def _eigh_vectors_vjp(g: Cotangent, v: Array, a: Array, lower: bool) -> tuple[Any]:
    w = eigh_values(a, v, lower=lower)
    inner = hermitian(v) @ g
    inner = _over_gaps((inner - hermitian(inner)) * 0.5, w, _used(g), "eigenvalue")
    return (fold(v @ inner @ hermitian(v), lower=lower),)


eigh_values = General(
    "np.linalg.eigh values",
    _eigh_values,
    _eigh_values_vjp,
    doc="The eigenvalues of a Hermitian A, given its vectors.",
    local="V · diag({g}) · Vᴴ, V: the eigenvectors",
)


def _eigh_vectors(a: Any, lower: bool) -> Array:
    return (np.linalg.eigh(a, "L") if lower else np.linalg.eigh(a, "U"))[1]


eigh_vectors = General(
    "np.linalg.eigh",
    _eigh_vectors,
    _eigh_vectors_vjp,
    doc="The eigenvectors of a Hermitian A.",
    local="V · (F ⊙ Vᴴ·{g}) · Vᴴ, V = {y}, Fᵢⱼ = 1/(λⱼ − λᵢ)",
)


def eigh(a: Array, UPLO: Any = "L") -> Any:
    lower = str(UPLO).upper() == "L"
    found = np.linalg.eigh(plain(a), UPLO)
    v = _record(eigh_vectors, (a,), found.eigenvectors, lower=lower)
    w = _record(eigh_values, (a, v), found.eigenvalues, lower=lower)
    if is_complex(v):
        v = _phase_held(v, v[..., :1, :] if lower else v[..., -1:, :])
    return type(found)(w, v)


def _eigenvalues_vjp(g: Cotangent, w: Array, a: Array, lower: bool) -> tuple[Any]:
    return _eigh_values_vjp(g, w, a, eigh_vectors(a, lower=lower), lower)[:1]


# Where the values alone are asked for, the vectors are no node, so that nothing asks for their derivative: there may
# be none, or only in second order.
eigenvalues = General(
    "np.linalg.eigvalsh",
    lambda a, lower: np.linalg.eigvalsh(a, "L" if lower else "U"),
    _eigenvalues_vjp,
    doc="The eigenvalues of a Hermitian A.",
    local="V · diag({g}) · Vᴴ, V: the eigenvectors",
)


def eigvalsh(a: Array, UPLO: Any = "L") -> Array:
    return eigenvalues(a, lower=str(UPLO).upper() == "L")


def _inverse_of_vectors(v: Array) -> Any:
    try:
        inverse = np.linalg.inv(v)
        size = np.linalg.norm(plain(v), 1, (-2, -1)) * np.linalg.norm(plain(inverse), 1, (-2, -1)) if v.size else 0
        if np.all(size * np.finfo(v.dtype).eps < 1e-2):
            return inverse
    except LinAlgError:
        pass
    raise LinAlgError(
        "the eigenvalues of a defective matrix (one without a full set of eigenvectors) have no derivative"
    )


def _eig_values(a: Any, v: Any) -> Array:
    return np.sum(np.linalg.inv(v) * np.swapaxes(a @ v, -1, -2), axis=-1)


def _eig_values_vjp(g: Cotangent, w: Array, a: Array, v: Array) -> tuple[Any, None]:
    return hermitian(_inverse_of_vectors(v)) @ (_shared(g, w)[..., :, None] * hermitian(v)), None


def _eig_vectors_vjp(g: Cotangent, v: Array, a: Array) -> tuple[Any]:
    w = eig_values(a, v)
    inner = _over_gaps(hermitian(v) @ g, conjugate(w), _used(g), "eigenvalue")
    return (hermitian(_inverse_of_vectors(v)) @ inner @ hermitian(v),)


eig_values = General(
    "np.linalg.eigvals",
    _eig_values,
    _eig_values_vjp,
    doc="The eigenvalues of A, given its eigenvectors.",
    local="V⁻ᴴ · diag({g}) · Vᴴ, V: the eigenvectors",
)

eig_vectors = General(
    "np.linalg.eig", lambda a: np.linalg.eig(a)[1], _eig_vectors_vjp, doc="The eigenvectors of A, of any length."
)


def eig(a: Array) -> Any:
    found = np.linalg.eig(plain(a))
    v = _record(eig_vectors, (a,), found.eigenvectors)
    w = _record(eig_values, (a, v), found.eigenvalues)
    if v.size:
        v = v / np.linalg.norm(v, axis=-2, keepdims=True)
    # Real vectors of real matrices stay real: they have no phase to hold.
    if is_complex(v) and v.size and (is_complex(a) or np.any(plain(v).imag)):
        largest = np.argmax(np.abs(plain(v)), axis=-2)[..., None, :]
        v = _phase_held(v, np.take_along_axis(v, largest, axis=-2))
    return type(found)(w, v)


def eigvals(a: Array) -> Array:
    return eig(a).eigenvalues


# --- singular values and vectors ---------------------------------------------------------------------------


def _shapes(a: Array) -> tuple[tuple[int, int], tuple[int, int]]:
    m, n = a.shape[-2:]
    k = min(m, n)
    return (m, k), (k, n)


def _svd_values(a: Any, vectors: Any) -> Array:
    u, vh = unpacked(vectors, *_shapes(a))
    return np.sum(conjugate(u) * (a @ hermitian(vh)), axis=-2).real


def _svd_values_vjp(g: Cotangent, s: Array, a: Array, vectors: Array) -> tuple[Any, None]:
    u, vh = unpacked(vectors, *_shapes(a))
    return (u * (_shared(g, s) * (plain(s) > _tolerance(plain(s))))[..., None, :]) @ vh, None


def _svd_vectors_vjp(g: Cotangent, y: Array, a: Array) -> tuple[Any]:
    (u, vh), (gu, gvh) = (unpacked(x, *_shapes(a)) for x in (y, g))
    s = svd_values(a, y)
    v, gv = hermitian(vh), hermitian(gvh)
    left, right = hermitian(u) @ gu, hermitian(v) @ gv
    left, right = left - hermitian(left), right - hermitian(right)
    if is_complex(u):
        _refuse_phases(diagonal_of(plain(left) + plain(right)), plain(g))
    used = _used(gu) | _used(gv)
    null = plain(s) <= _tolerance(plain(s))
    if np.any(null) and (recorded(g) or np.any(null & used)) and a.shape[-2] != a.shape[-1]:
        raise LinAlgError(
            "singular vectors that belong to the singular value 0 of a matrix that is not square have no derivative"
        )
    sums = s[..., None, :] + s[..., :, None]
    vanish = plain(sums) <= 0
    inner = _over_gaps((left + right) * 0.5, s, used, "singular value")
    inner = inner + np.where(vanish, 0, (left - right) * 0.5 / np.where(vanish, 1, sums))
    pulled = u @ inner @ vh
    safe = np.where(null, 1, s) if np.any(null) else s
    if a.shape[-2] > a.shape[-1]:
        pulled = pulled + ((gu - u @ (hermitian(u) @ gu)) / safe[..., None, :]) @ vh
    if a.shape[-2] < a.shape[-1]:
        pulled = pulled + u @ ((gvh - (gvh @ v) @ vh) / safe[..., :, None])
    return (pulled,)


def _refuse_phases(turns: Any, g: Cotangent) -> None:
    scale = np.max(np.abs(g), initial=0)
    if np.any(np.abs(turns) > np.sqrt(np.finfo(turns.dtype).eps) * scale):
        raise LinAlgError(
            "the function depends on the phases of a complex matrix's singular vectors, which are not unique, so it "
            "has no derivative; use a function that does not (absolute values, u @ uᴴ, u @ vh …)"
        )


svd_values = General(
    "np.linalg.svd values",
    _svd_values,
    _svd_values_vjp,
    doc="The singular values of A, given its singular vectors.",
    local="U · diag({g}) · Vᴴ, U and V: the singular vectors",
)

svd_vectors = General(
    "np.linalg.svd",
    lambda a: packed(np.linalg.svd(a, full_matrices=False)[::2], a.shape[:-2]),
    _svd_vectors_vjp,
    doc="The singular vectors U and Vᴴ of A in one array.",
)


singular_values = General(
    "np.linalg.svdvals",
    np.linalg.svdvals,
    lambda g, s, a: _svd_values_vjp(g, s, a, svd_vectors(a))[:1],
    doc="The singular values of A.",
    local="U · diag({g}) · Vᴴ, U and V: the singular vectors",
)


def _complement(a: Any) -> Any:
    return np.linalg.svd(a)[0][..., a.shape[-1] :]


def _complement_vjp(g: Cotangent, u: Array, a: Array) -> tuple[Any]:
    turned = plain(hermitian(u) @ g)
    scale = np.max(np.abs(plain(g)), initial=0)
    tolerance = np.sqrt(np.finfo(turned.dtype).eps) * scale
    if np.any(np.abs(turned - hermitian(turned)) > tolerance):
        raise LinAlgError(
            "the function depends on which vectors complete U or V in svd(full_matrices=True); these are not unique, "
            "so it has no derivative; use full_matrices=False"
        )
    if scale and np.any(rank_of(plain(a)) < a.shape[-1]):
        raise LinAlgError("the vectors that complete U or V of a matrix without full rank have no derivative")
    return (-(u @ hermitian(g) @ hermitian(np.linalg.pinv(a))),)


complement = General(
    "svd complement", _complement, _complement_vjp, doc="Orthonormal vectors orthogonal to the columns of A."
)


def svd(a: Array, full_matrices: bool = True, compute_uv: bool = True, hermitian: bool = False) -> Any:
    if hermitian:
        return _svd_of_hermitian(a, compute_uv)
    need_matrix(a)
    if not compute_uv:
        return singular_values(a)
    (m, k), (_, n) = _shapes(a)
    found = np.linalg.svd(plain(a), full_matrices=full_matrices)
    u, s, vh = found
    vectors = _record(svd_vectors, (a,), packed((u[..., :, :k], vh[..., :k, :]), a.shape[:-2]))
    values = _record(svd_values, (a, vectors), s)
    left, right = unpacked(vectors, (m, k), (k, n))
    if u.shape[-1] > k:
        left = np.concatenate([left, _record(complement, (a,), u[..., k:])], axis=-1)
    if vh.shape[-2] > k:
        rest = _record(complement, (_adjoint(a),), _adjoint(vh[..., k:, :]))
        right = np.concatenate([right, _adjoint(rest)], axis=-2)
    return type(found)(left, values, right)


_adjoint = hermitian


def _svd_of_hermitian(a: Array, compute_uv: bool) -> Any:
    w, v = eigh(a) if compute_uv else (eigvalsh(a), None)
    order = np.argsort(np.abs(plain(w)), axis=-1)[..., ::-1]
    w = np.take_along_axis(w, order, axis=-1)
    if not compute_uv:
        return np.abs(w)
    u = np.take_along_axis(v, order[..., None, :], axis=-1)
    return as_named(np.linalg.svd, u, np.abs(w), _adjoint(u * np.sign(plain(w))[..., None, :]))


implement(
    {
        np.linalg.eigh: eigh,
        np.linalg.eigvalsh: eigvalsh,
        np.linalg.eig: eig,
        np.linalg.eigvals: eigvals,
        np.linalg.svdvals: singular_values,
        np.linalg.svd: svd,
    }
)
