"""numpy.linalg: NumPy's values; derivatives of both orders in both modes; every degenerate case of the conventions."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.linalg import LinAlgError

from autograd import Tensor, grad, hessian, jvp
from autograd.functions.linalg import matrices
from tests.autograd.functions.derivatives import check, differences

L = np.linalg
rng = np.random.default_rng(0)
A = rng.normal(size=(4, 4)) + 2 * np.eye(4)
B = rng.normal(size=(2, 3, 3)) + 2 * np.eye(3)
TALL = rng.normal(size=(5, 3))
WIDE = rng.normal(size=(3, 5))
TALLS = rng.normal(size=(2, 4, 3))
S = A @ A.T + np.eye(4)
b = rng.normal(size=4)
M = rng.normal(size=(4, 2))
TURNING = A + 3 * (np.eye(4, k=1) - np.eye(4, k=-1)) * [1, 1, 0, 0]  # with complex eigenvalues


def c(x: Any) -> Any:
    """A complex matrix made of a real one."""
    return x * (1 + 0.3j) + 0.2j * x * x


def h(x: Any) -> Any:
    """A Hermitian matrix made of a real one."""
    return x + np.swapaxes(x, -1, -2) + 1j * (x - np.swapaxes(x, -1, -2))


CASES: dict[str, tuple[Any, Any]] = {
    "inv": (L.inv, A),
    "inv stack": (L.inv, B),
    "inv complex": (lambda x: L.inv(c(x)), A),
    "det": (L.det, A),
    "det stack": (L.det, B),
    "det complex": (lambda x: L.det(c(x)), A),
    "det 1×1": (L.det, A[:1, :1]),
    "slogdet": (lambda x: L.slogdet(x)[1], A),
    "slogdet stack": (lambda x: L.slogdet(x).logabsdet, B),
    "slogdet complex": (lambda x: L.slogdet(c(x)).logabsdet, A),
    "sign of complex": (lambda x: L.slogdet(c(x)).sign, A),
    "sign of real": (lambda x: L.slogdet(x).sign * x, B[0]),
    "solve: A, vector": (lambda x: L.solve(x, b), A),
    "solve: A, matrix": (lambda x: L.solve(x, M), A),
    "solve: b, vector": (lambda x: L.solve(A, x), b),
    "solve: b, matrix": (lambda x: L.solve(A, x), M),
    "solve: both": (lambda x: L.solve(x, x.T), A),
    "solve: complex": (lambda x: L.solve(c(x), x.T), A),
    "solve: stack, one vector": (lambda x: L.solve(x, b[:3]), B),
    "solve: stack, moving vector": (lambda x: L.solve(B, x), b[:3]),
    "solve: stack, one matrix": (lambda x: L.solve(B, x), M[:3]),
    "solve: one, stack": (lambda x: L.solve(x, B), A[:3, :3]),
    "lstsq: A": (lambda x: L.lstsq(x, TALL[:, :2] + 1)[0], TALL),
    "lstsq: A, vector": (lambda x: L.lstsq(x, WIDE[0])[0], TALL),
    "lstsq: b": (lambda x: L.lstsq(TALL, x)[0], TALL[:, :2]),
    "lstsq: wide": (lambda x: L.lstsq(x, M[:3])[0], WIDE),
    "lstsq: square": (lambda x: L.lstsq(x, M)[0], A),
    "lstsq: residuals": (lambda x: L.lstsq(x, TALL[:, :2] + 1)[1], TALL),
    "lstsq: singular values": (lambda x: L.lstsq(x, TALL)[3], TALL),
    "lstsq: complex": (lambda x: L.lstsq(c(x), c(x)[:, 0] + 1)[0], TALL),
    "pinv": (L.pinv, TALL),
    "pinv wide": (L.pinv, WIDE),
    "pinv stack": (L.pinv, TALLS),
    "pinv hermitian": (lambda x: L.pinv(x, hermitian=True), S),
    "pinv complex": (lambda x: L.pinv(c(x)), TALL),
    "pinv rcond": (lambda x: L.pinv(x, rcond=1e-3), TALL),
    "pinv rtol": (lambda x: L.pinv(x, rtol=1e-3), TALL),
    "cholesky": (L.cholesky, S),
    "cholesky upper": (lambda x: L.cholesky(x, upper=True), S),
    "cholesky stack": (L.cholesky, B @ np.swapaxes(B, -1, -2)),
    "cholesky complex": (lambda x: L.cholesky(c(x) @ np.conj(c(x)).T + np.eye(4)), A),
    "cholesky complex lower": (lambda x: L.cholesky(S + 1j * x), (A - A.T) * 0.1),
    "qr Q": (lambda x: L.qr(x).Q, TALL),
    "qr R": (lambda x: L.qr(x).R, TALL),
    "qr r": (lambda x: L.qr(x, "r"), TALL),
    "qr wide Q": (lambda x: L.qr(x)[0], WIDE),
    "qr wide R": (lambda x: L.qr(x)[1], WIDE),
    "qr wide r": (lambda x: L.qr(x, "r"), WIDE),
    "qr square": (lambda x: L.qr(x)[0], A),
    "qr stack": (lambda x: L.qr(x)[0], TALLS),
    "qr complete Q": (lambda x: L.qr(x, "complete")[0], TALL),
    "qr complete R": (lambda x: L.qr(x, "complete")[1], TALL),
    "qr complete wide": (lambda x: L.qr(x, "complete")[0], WIDE),
    "qr complete stack": (lambda x: L.qr(x, "complete")[0], TALLS),
    "qr raw h": (lambda x: L.qr(x, "raw")[0], TALL),
    "qr raw tau": (lambda x: L.qr(x, "raw")[1], TALL),
    "qr raw wide": (lambda x: L.qr(x, "raw")[0], WIDE),
    "qr raw square": (lambda x: L.qr(x, "raw")[0], A),
    "qr complex Q": (lambda x: L.qr(c(x))[0], TALL),
    "qr complex R": (lambda x: L.qr(c(x))[1], TALL),
    "qr complex complete": (lambda x: L.qr(c(x), "complete")[0], TALL),
    "qr complex tau": (lambda x: L.qr(c(x), "raw")[1], TALL),
    "eigh w": (lambda x: L.eigh(x)[0], S),
    "eigh v": (lambda x: L.eigh(x)[1], S),
    "eigh both": (lambda x: L.eigh(x)[0] * L.eigh(x)[1], S),
    "eigh not symmetric": (lambda x: L.eigh(x).eigenvectors, A),
    "eigh upper": (lambda x: L.eigh(x, "U").eigenvectors, A),
    "eigh stack": (lambda x: L.eigh(x)[1], B),
    "eigvalsh": (L.eigvalsh, A),
    "eigvalsh upper": (lambda x: L.eigvalsh(x, "U"), B),
    "eigh complex w": (lambda x: L.eigh(h(x))[0], A),
    "eigh complex v": (lambda x: L.eigh(h(x))[1], A),
    "eigh complex upper": (lambda x: L.eigh(h(x), UPLO="U")[1], A),
    "eig v": (lambda x: L.eig(x)[1], S),
    "eig w": (lambda x: L.eig(x)[0], S),
    "eigvals stack": (L.eigvals, B),
    "eig complex v": (lambda x: L.eig(x)[1], TURNING),
    "eigvals complex": (L.eigvals, TURNING),
    "eig of complex": (lambda x: L.eig(c(x))[1], A),
    "svd u": (lambda x: L.svd(x, full_matrices=False)[0], TALL),
    "svd s": (lambda x: L.svd(x)[1], TALL),
    "svd vh": (lambda x: L.svd(x, full_matrices=False)[2], TALL),
    "svd square": (lambda x: L.svd(x)[0], A),
    "svd wide u": (lambda x: L.svd(x, full_matrices=False).U, WIDE),
    "svd wide vh": (lambda x: L.svd(x, full_matrices=False).Vh, WIDE),
    "svd stack": (lambda x: L.svd(x, full_matrices=False)[0], TALLS),
    "svdvals": (L.svdvals, TALLS),
    "svd values only": (lambda x: L.svd(x, compute_uv=False), WIDE),
    "svd put together": (lambda x: (lambda u, s, vh: (u * s**2) @ vh)(*L.svd(x, full_matrices=False)), TALL),
    "svd full": (lambda x: L.svd(x)[0], rng.normal(size=(4, 3))),
    "svd full wide": (lambda x: L.svd(x)[2], rng.normal(size=(3, 4))),
    "svd full, projection": (lambda x: (lambda u: u[:, 3:] @ u[:, 3:].T)(L.svd(x)[0]), TALL),
    "svd complex": (lambda x: (lambda u, s, vh: (u * s**2) @ vh)(*L.svd(c(x), full_matrices=False)), TALL),
    "svd complex u": (lambda x: np.abs(L.svd(c(x), full_matrices=False)[0]), TALL),
    "svd complex vh": (lambda x: np.abs(L.svd(c(x), full_matrices=False)[2]), WIDE),
    "svd hermitian": (lambda x: L.svd(x, hermitian=True)[2], A),
    "svd hermitian s": (lambda x: L.svd(x, compute_uv=False, hermitian=True), A),
    "matrix_power 5": (lambda x: L.matrix_power(x, 5), A * 0.5),
    "matrix_power -3": (lambda x: L.matrix_power(x, -3), A),
    "matrix_power 0": (lambda x: L.matrix_power(x, 0) * x, A),
    "matrix_power 1": (lambda x: L.matrix_power(x, 1), B),
    "multi_dot": (lambda x: L.multi_dot([x, x.T, x, M]), A),
    "multi_dot vectors": (lambda x: L.multi_dot([b, x, x.T, b]), A),
    "multi_dot one vector": (lambda x: L.multi_dot([b, x]), A),
    "multi_dot last vector": (lambda x: L.multi_dot([x, A, b]), A),
    "tensorsolve": (lambda x: L.tensorsolve(x, WIDE[:2, :3]), rng.normal(size=(2, 3, 6))),
    "tensorsolve axes": (lambda x: L.tensorsolve(x, WIDE[:2, :3], axes=(0,)), rng.normal(size=(6, 2, 3))),
    "tensorinv": (L.tensorinv, rng.normal(size=(2, 2, 2, 2))),
    "tensorinv ind": (lambda x: L.tensorinv(x, 1), rng.normal(size=(6, 2, 3))),
    "matmul": (lambda x: L.matmul(x, x), A),
    "tensordot": (lambda x: L.tensordot(x, x, axes=1), A),
    "vecdot": (lambda x: L.vecdot(c(x), x, axis=0), A),
    "outer": (lambda x: L.outer(x, x**2), b),
    "matrix_transpose": (L.matrix_transpose, B),
    "cross": (lambda x: L.cross(x, x**2 + 1, axis=0), rng.normal(size=(3, 2))),
    "diagonal": (lambda x: L.diagonal(x, offset=1), B),
    "trace": (lambda x: L.trace(x, offset=-1), B),
    "norm of all": (L.norm, B),
    "norm of all, keepdims": (lambda x: L.norm(x, keepdims=True), B),
    "cond stack": (L.cond, B),
    "cond tall": (L.cond, TALL),
}

for _order in (None, 0, 1, 2, 3, 2.5, 0.5, -1, -2, np.inf, -np.inf):
    CASES[f"norm {_order}"] = (lambda x, p=_order: L.norm(x, p, axis=1), A)
    CASES[f"norm {_order} vector"] = (lambda x, p=_order: L.norm(x, p), b)
    CASES[f"norm {_order} keepdims"] = (lambda x, p=_order: L.norm(x, p, axis=0, keepdims=True), A)
    CASES[f"norm {_order} complex"] = (lambda x, p=_order: L.norm(c(x), p, axis=-1), A)
    CASES[f"vector_norm {_order}"] = (lambda x, p=_order or 0: L.vector_norm(x, ord=p, axis=(0, 2), keepdims=True), B)
for _name in (None, "fro", "nuc", 1, -1, 2, -2, np.inf, -np.inf):
    CASES[f"matrix norm {_name}"] = (lambda x, p=_name: L.norm(x, p), TALL)
    CASES[f"matrix norm {_name} axes"] = (lambda x, p=_name: L.norm(x, p, axis=(0, 2), keepdims=True), B)
    CASES[f"matrix norm {_name} complex"] = (lambda x, p=_name: L.norm(c(x), p), TALL)
    CASES[f"matrix_norm {_name}"] = (lambda x, p=_name or "fro": L.matrix_norm(x, ord=p), B)
    CASES[f"cond {_name}"] = (lambda x, p=_name: L.cond(x, p), A)


@pytest.mark.parametrize("name", CASES)
def test_derivatives(name: str) -> None:
    f, x = CASES[name]
    check(f, x, name, rtol=1e-4)


@pytest.mark.parametrize("n", [60, 130])
def test_large_factor(n: int) -> None:
    """Triangles are inverted by halves: against the gradient of log det A = 2 Σ log L_ii, which is A⁻¹."""
    x = rng.normal(size=(2, n, n))
    s = x @ np.swapaxes(x, -1, -2) / n + np.eye(n)
    gradient = grad(lambda a: 2 * np.sum(np.log(L.diagonal(L.cholesky(a)))))(s)
    inverse = L.inv(s)
    np.testing.assert_allclose(gradient, np.tril(2 * inverse) - inverse * np.eye(n), rtol=1e-9, atol=1e-11)


@pytest.mark.parametrize("n", [64, 65, 130, 151])
@pytest.mark.parametrize("kind", ["real", "complex", "stack"])
def test_cholesky_by_halves_is_the_formula(n: int, kind: str) -> None:
    """Taken apart or whole, as where the derivative is recorded, the gradient is the same."""
    x = rng.normal(size=(2, n, n) if kind == "stack" else (n, n)) + (
        1j * rng.normal(size=(n, n)) if kind[0] == "c" else 0
    )
    s = x @ np.conj(np.swapaxes(x, -1, -2)) / n + np.eye(n)
    weights = rng.normal(size=s.shape)

    def gradient(create_graph: bool) -> Any:
        a = Tensor(s.real)
        factor = L.cholesky(a + 1j * s.imag if kind == "complex" else a)
        np.sum(np.real(factor * (weights + 0.5j)) if kind == "complex" else factor * weights).backward(
            create_graph=create_graph
        )
        return a.grad.data if create_graph else a.grad

    whole = np.array(gradient(True))
    np.testing.assert_allclose(gradient(False), whole, rtol=1e-9, atol=1e-11 * np.max(np.abs(whole)))


def test_good_order_of_products() -> None:
    """(10×100)(100×5)(5×50): from the left it takes 7500 multiplications, from the right 75000."""
    factors = [Tensor(rng.normal(size=shape)) for shape in ((10, 100), (100, 5), (5, 50))]
    product = L.multi_dot(factors)
    first, last = product.inputs
    assert first.shape == (10, 5) and last is factors[2]


# --- degenerate cases ----------------------------------------------------------------------------------------

SINGULAR = np.array([[1.0, 2, 3], [4, 5, 6], [7, 8, 9]])
RANK_ONE = np.outer([1.0, 2, 3], [1, 0, 2])
W = rng.normal(size=(3, 3))


def test_only_the_triangle_that_is_read_has_a_gradient() -> None:
    for f, lower in (
        (L.cholesky, True),
        (lambda a: L.cholesky(a, upper=True), False),
        (lambda a: L.eigh(a)[1], True),
        (lambda a: L.eigvalsh(a, "U"), False),
        (lambda a: L.eigvalsh(a), True),
    ):
        gradient = grad(lambda a: np.sum(f(a) ** 3))(S)
        other = np.triu(gradient, 1) if lower else np.tril(gradient, -1)
        np.testing.assert_array_equal(other, 0)
        np.testing.assert_allclose(gradient, differences(lambda a: np.sum(f(a) ** 3), S), rtol=1e-5, atol=1e-6)


def test_repeated_eigenvalues_share() -> None:
    np.testing.assert_allclose(grad(lambda a: np.sum(L.eigvalsh(a) ** 2))(np.eye(3)), 2 * np.eye(3), atol=1e-14)
    np.testing.assert_allclose(grad(lambda a: np.max(L.eigvalsh(a)))(np.diag([1.0, 2, 2])), np.diag([0, 0.5, 0.5]))
    np.testing.assert_allclose(grad(lambda a: L.eigh(a)[0][0])(np.eye(2)), np.eye(2) / 2)
    np.testing.assert_allclose(grad(lambda a: np.sum(L.eigvals(a).real))(np.eye(3)), np.eye(3), atol=1e-14)
    np.testing.assert_allclose(grad(lambda a: np.sum(L.svdvals(a) ** 2))(np.eye(3)), 2 * np.eye(3), atol=1e-14)
    np.testing.assert_allclose(grad(lambda a: L.norm(a, 2))(np.eye(2)), np.eye(2) / 2)


def test_vectors_of_repeated_eigenvalues_are_refused() -> None:
    for f in (lambda a: L.eigh(a)[1], lambda a: L.eig(a)[1].real, lambda a: L.svd(a)[0], lambda a: L.svd(a)[2]):
        with pytest.raises(LinAlgError, match="repeated (eigen|singular )value"):
            grad(lambda a: np.sum(W * f(a)))(np.eye(3))
        with pytest.raises(LinAlgError, match="repeated"):
            jvp(f, (np.eye(3),), (W,))
    with pytest.raises(LinAlgError, match="repeated"):  # the second derivative needs the vectors' derivative
        hessian(lambda a: np.sum(L.eigvalsh(a) ** 2))(np.eye(3))


def test_simple_vector_beside_repeated_eigenvalues() -> None:
    matrix = np.diag([1.0, 1, 2])

    def top(a: Any) -> Any:
        v = L.eigh(a)[1][:, 2]
        return np.sum(W * (v[:, None] * v))

    np.testing.assert_allclose(grad(top)(matrix), differences(top, matrix), atol=1e-8)


def test_real_eigenvalues_that_numpy_gives_as_complex_numbers() -> None:
    """NumPy 2.5 and later do so for every matrix: dtypes follow NumPy's, and `.real` runs on all of them."""
    matrix = np.array([[2.0, 1.0], [0.5, 3.0]])
    w, v = L.eig(Tensor(matrix))
    assert (w.dtype, v.dtype) == tuple(part.dtype for part in L.eig(matrix))
    np.testing.assert_allclose(grad(lambda a: np.sum(L.eigvals(a).real))(matrix), np.eye(2), atol=1e-15)
    check(lambda a: L.eig(a).eigenvectors.real, matrix)
    check(np.poly, matrix)
    rotation = np.array([[0.0, -1.0], [1.0, 0.0]])
    check(np.poly, rotation)
    with pytest.raises(ValueError, match=r"complex since np\.linalg\.eig\b.*\.real"):
        grad(lambda a: L.eigvals(a)[0])(rotation)
    with pytest.raises(ValueError, match=r"complex since np\.fft\.fftn"):
        np.sum(np.fft.fft(Tensor([1.0, 2.0]))).backward()


def test_singular_matrices() -> None:
    for f in (L.inv, lambda a: L.solve(a, a), lambda a: L.matrix_power(a, -1), L.tensorinv):
        with pytest.raises(LinAlgError):
            f(Tensor(np.zeros((2, 2)) if f is not L.tensorinv else np.zeros((2, 2, 2, 2))))
    with pytest.raises(LinAlgError, match="slogdet"):
        grad(lambda a: L.slogdet(a)[1])(np.zeros((3, 3)))
    assert L.slogdet(Tensor(np.zeros((2, 2)))).logabsdet.item() == -np.inf
    with pytest.raises(LinAlgError, match="condition number"):
        grad(lambda a: L.cond(a))(SINGULAR)
    with pytest.raises(LinAlgError, match="condition number"):
        grad(lambda a: L.cond(a, 1))(np.zeros((2, 2)))
    assert L.cond(Tensor(np.zeros((2, 2))), 1).item() == np.inf
    with pytest.raises(LinAlgError, match="positive definite"):
        L.cholesky(Tensor(-np.eye(2)))
    for mode in ("reduced", "complete"):
        with pytest.raises(LinAlgError, match="dependent columns"):
            grad(lambda a: np.sum(L.qr(a, mode)[0]))(np.ones((3, 2)))
    with pytest.raises(LinAlgError, match="singular value 0"):
        grad(lambda a: np.sum(L.svd(a, full_matrices=False)[0]))(np.ones((3, 2)))
    with pytest.raises(LinAlgError, match="defective"):
        grad(lambda a: np.sum(L.eigvals(a).real))(np.array([[1.0, 1], [0, 1]]))


def test_det_of_singular_matrices_is_exact() -> None:
    cofactors = np.array([[-3.0, 6, -3], [6, -12, 6], [-3, 6, -3]])
    np.testing.assert_allclose(grad(L.det)(SINGULAR), cofactors, atol=1e-12)
    np.testing.assert_allclose(grad(L.det)(RANK_ONE), 0, atol=1e-13)
    np.testing.assert_array_equal(grad(L.det)(np.diag([1.0, 2, 0])), np.diag([0.0, 0, 2]))
    np.testing.assert_array_equal(grad(L.det)(np.zeros((1, 1))), [[1.0]])
    stack = np.stack([SINGULAR, W])
    both = grad(lambda a: np.sum(L.det(a)))(stack)
    np.testing.assert_allclose(both[0], cofactors, atol=1e-12)
    np.testing.assert_allclose(both[1], L.det(W) * L.inv(W).T)
    complex_gradient = grad(lambda a: np.sum(L.det(a * (1 + 1j)).real))(SINGULAR)
    np.testing.assert_allclose(complex_gradient, ((1 + 1j) ** 3).real * cofactors, atol=1e-11)


@pytest.mark.parametrize("matrix", [SINGULAR, RANK_ONE, np.zeros((3, 3))])
def test_second_derivative_of_det_of_singular_matrices(matrix: Any) -> None:
    """∂²det/∂A_ij∂A_kl of a 3×3 matrix is ± the one element outside both rows and columns."""
    second = hessian(L.det)(matrix)
    expected = np.zeros((3, 3, 3, 3))
    for i, j, k, m in np.ndindex(3, 3, 3, 3):
        if i != k and j != m:
            sign = (-1) ** (i + j + k + m) * (1 if (k > i) == (m > j) else -1)
            expected[i, j, k, m] = sign * matrix[3 - i - k, 3 - j - m]
    np.testing.assert_allclose(second, expected, atol=1e-12)


def test_norms_at_zero() -> None:
    zero = np.zeros((3, 3))
    for order in ("fro", "nuc", 1, -1, 2, -2, np.inf, -np.inf):
        np.testing.assert_array_equal(grad(lambda a: L.norm(a, order))(zero), zero)
    for order in (None, 0, 1, 2, 3, 2.5, 0.5, np.inf, -np.inf):
        np.testing.assert_array_equal(grad(lambda a: L.norm(a, order))(zero[0]), zero[0])
        rows = grad(lambda a: np.sum(L.norm(a, order, axis=1)))(np.array([[0.0, 0], [3, 4]]))
        np.testing.assert_array_equal(rows[0], 0)
        assert np.all(np.isfinite(rows))
    np.testing.assert_array_equal(hessian(lambda a: L.norm(a))(zero[0]), zero)


def test_ties_in_norms_share() -> None:
    np.testing.assert_allclose(grad(lambda a: L.norm(a, np.inf))(np.array([2.0, -2, 1])), [0.5, -0.5, 0])
    np.testing.assert_allclose(grad(lambda a: L.norm(a, 1))(np.array([[1.0, 1], [1, 1]])), np.full((2, 2), 0.5))


def test_zero_singular_values_are_kinks() -> None:
    np.testing.assert_allclose(grad(lambda a: L.norm(a, "nuc"))(RANK_ONE), RANK_ONE / L.norm(RANK_ONE), atol=1e-14)


@pytest.mark.parametrize("f", [L.pinv, lambda a: L.lstsq(a, W)[0]], ids=["pinv", "lstsq"])
def test_derivative_along_the_rank(f: Any) -> None:
    """Rank one stays rank one along u·v′ + u′·v: there the function is smooth, and the gradient is right."""
    u, v, du, dv = rng.normal(size=(4, 3))
    gradient = grad(lambda a: np.sum(W * f(a)))(np.outer(u, v))
    step = 1e-6
    moved = [np.sum(W * f(np.outer(u + t * du, v + t * dv))) for t in (step, -step)]
    tangent = np.outer(du, v) + np.outer(u, dv)
    np.testing.assert_allclose(np.sum(gradient * tangent), (moved[0] - moved[1]) / (2 * step), rtol=1e-6)


def test_what_is_not_unique_is_refused() -> None:
    with pytest.raises(LinAlgError, match="phases"):
        grad(lambda a: np.sum(L.svd(c(a), full_matrices=False)[0].real))(TALL)
    with pytest.raises(LinAlgError, match="full_matrices"):
        grad(lambda a: np.sum(W[:, :2] * L.svd(a)[0][:3, 3:]))(TALL)


def test_constants_and_bad_arguments() -> None:
    x = Tensor(A)
    assert L.matrix_rank(x) == 4
    with pytest.raises(ValueError, match="mode"):
        L.qr(x, "economic")
    with pytest.raises(ValueError, match="norm order"):
        L.norm(x, 3)
    with pytest.raises(LinAlgError, match="square"):
        L.matrix_power(Tensor(TALL), 2)
    with pytest.raises(TypeError, match="integer"):
        L.matrix_power(x, 0.5)
    with pytest.raises(TypeError, match="out="):
        L.multi_dot([x, x], out=np.zeros((4, 4)))


STACKED: dict[str, Any] = {
    "inv": L.inv,
    "det": L.det,
    "slogdet": lambda a: L.slogdet(a)[1],
    "solve": lambda a: L.solve(a, a),
    "cholesky": L.cholesky,
    "qr": lambda a: L.qr(a)[0],
    "eigh": lambda a: L.eigh(a)[1],
    "eigvalsh": L.eigvalsh,
    "eig": lambda a: L.eig(a)[1],
    "eigvals": L.eigvals,
    "svd": lambda a: L.svd(a)[0],
    "svdvals": L.svdvals,
    "pinv": L.pinv,
    "norm": lambda a: L.norm(a, axis=-1),
    "matrix norm": lambda a: L.norm(a, 2, axis=(-2, -1)),
    "matrix_power": lambda a: L.matrix_power(a, 3),
}


def numpys(f: Any, shape: tuple[int, ...]) -> Any:
    """What NumPy's own function makes of zeros; nothing if it refuses empty matrices, as old ones do."""
    try:
        return f(np.zeros(shape))
    except ValueError:
        return None


@pytest.mark.parametrize("shape", [(0, 3, 3), (2, 0, 0)])
@pytest.mark.parametrize("name", STACKED)
def test_nothing_to_do(name: str, shape: tuple[int, ...]) -> None:
    x = Tensor(np.zeros(shape))
    y = STACKED[name](x)
    expected = numpys(STACKED[name], shape)
    assert expected is None or y.shape == expected.shape
    y.backward(np.ones(y.shape))
    assert x.grad.shape == shape


SINGLE: dict[str, Any] = {
    **STACKED,
    "lstsq": lambda a: L.lstsq(a, a)[0],
    "qr complete": lambda a: L.qr(a[:, :1], "complete")[0],
    "qr raw": lambda a: L.qr(a, "raw")[0],
    "cond": L.cond,
    "nuc": lambda a: L.norm(a, "nuc"),
    "3": lambda a: L.norm(a, 3, axis=0),
}


@pytest.mark.parametrize("name", SINGLE)
def test_single_precision(name: str) -> None:
    single, double = Tensor(S.astype(np.float32)), Tensor(S)
    y = SINGLE[name](single)
    assert y.dtype == SINGLE[name](S.astype(np.float32)).dtype
    y.backward(np.ones(y.shape, y.dtype))
    assert single.grad.dtype == np.float32
    reference = SINGLE[name](double)
    reference.backward(np.ones(reference.shape, reference.dtype))
    scale = max(np.max(np.abs(double.grad)), 1e-2)
    np.testing.assert_allclose(single.grad, double.grad, rtol=1e-3, atol=1e-3 * scale)


EMPTY: dict[str, tuple[Any, tuple[int, ...]]] = {
    "norm": (lambda a: L.norm(a, np.inf), (0,)),
    "norm of rows": (lambda a: L.norm(a, np.inf, axis=1, keepdims=True), (3, 0)),
    "norm 1": (lambda a: L.norm(a, 1), (3, 0)),
    "norm inf": (lambda a: L.norm(a, np.inf, axis=(-2, -1)), (2, 0, 3)),
    "norm 2": (lambda a: L.matrix_norm(a, ord=2), (2, 0, 3)),
    "pinv": (L.pinv, (0, 3)),
    "svd": (lambda a: L.svd(a)[2], (0, 3)),
    "qr": (lambda a: L.qr(a).R, (3, 0)),
}


@pytest.mark.parametrize("name", EMPTY)
def test_empty_matrices(name: str) -> None:
    f, shape = EMPTY[name]
    x = Tensor(np.zeros(shape))
    y = f(x)
    expected = numpys(f, shape)
    np.testing.assert_array_equal(np.asarray(y.data), 0 if expected is None else expected)
    y.backward(np.ones(y.shape))
    assert x.grad.shape == shape


@pytest.mark.parametrize("shape", [(0, 3), (3, 0)])
@pytest.mark.parametrize("mode", ["raw", "complete"])
def test_empty_reflections(mode: Any, shape: tuple[int, int]) -> None:
    for ours, theirs in zip(L.qr(Tensor(np.zeros(shape)), mode), L.qr(np.zeros(shape), mode)):
        np.testing.assert_array_equal(ours, theirs)


def test_nan_stays_nan() -> None:
    """Not a number in, not a number out: no error that speaks of something else."""
    with np.errstate(invalid="ignore"):
        gradient = grad(L.det)(np.array([[np.nan, 1.0], [1.0, 2.0]]))
    assert np.all(np.isnan(gradient))
    assert np.isnan(L.norm(Tensor([1.0, np.nan]), np.inf).item())


@pytest.mark.parametrize("f", [
    lambda a: np.linalg.norm(a, 2), lambda a: np.linalg.svdvals(a)[0], lambda a: np.linalg.cond(a[:2, :2]),
    lambda a: np.linalg.eigvalsh(a)[-1], lambda a: np.linalg.svd(a, compute_uv=False, hermitian=True)[0],
])  # fmt: skip
def test_forward_mode_beside_repeated_values(f: Any) -> None:
    """A simple value has a derivative in every direction, whatever the other values are."""
    q, _ = np.linalg.qr(np.random.default_rng(0).normal(size=(3, 3)))
    for a in (np.diag([3.0, 1.0, 1.0]), q @ np.diag([3.0, 1.0, 1.0]) @ q.T):
        v = np.random.default_rng(1).normal(size=(3, 3))
        v = v + v.T
        slope = (f(a + 1e-6 * v) - f(a - 1e-6 * v)) / 2e-6
        assert jvp(f, (a,), (v,))[1] == pytest.approx(slope, rel=1e-7)
        assert np.sum(grad(f)(a) * v) == pytest.approx(slope, rel=1e-7)


@pytest.mark.parametrize("lapack", [True, False])
@pytest.mark.parametrize("dtype", ["f4", "f8", "c16"])
def test_large_matrices_by_lapack_or_without(dtype: str, lapack: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """∂det/∂A = det(A)·A⁻ᵀ, and ∂log|det|/∂A = A⁻ᵀ (its conjugate): from the size on where SciPy's routines pay."""
    if not lapack:
        monkeypatch.setattr(matrices, "_lapack", lambda name, dtype: None)
    rng, n, rtol = np.random.default_rng(4), 2 * matrices.LAPACK_PAYS, 2e-3 if dtype == "f4" else 1e-9
    a = (np.eye(n) + 0.3 / np.sqrt(n) * rng.normal(size=(2, n, n))).astype(dtype)
    found = matrices.inverse_of(a)
    assert found.dtype == a.dtype
    np.testing.assert_allclose(found, np.linalg.inv(a), rtol=rtol, atol=rtol)
    lower = np.tril(a)
    np.testing.assert_allclose(matrices.inverse_of_lower(lower), np.linalg.inv(lower), rtol=rtol, atol=rtol)
    with pytest.raises(np.linalg.LinAlgError, match="Singular"):
        matrices.inverse_of(a * (np.arange(n) > 0))
    if dtype != "c16":
        x = Tensor(a)
        np.linalg.det(x).sum().backward()
        wanted = np.linalg.det(a)[:, None, None] * np.swapaxes(np.linalg.inv(a), -1, -2)
        np.testing.assert_allclose(x.grad, wanted, rtol=rtol, atol=rtol)
        x.grad = None
        np.linalg.slogdet(x)[1].sum().backward()
        np.testing.assert_allclose(x.grad, np.swapaxes(np.linalg.inv(a), -1, -2), rtol=rtol, atol=rtol)
