"""autograd.linalg: SciPy's values; derivatives of both orders in both modes; refusals."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest
import scipy.linalg as sl
from numpy.linalg import LinAlgError

from autograd import NoRuleError, Tensor, grad, linalg
from tests.autograd.functions.derivatives import check

rng = np.random.default_rng(6)
A = rng.normal(size=(4, 4)) + 3 * np.eye(4)
B = rng.normal(size=(2, 3, 3)) + 3 * np.eye(3)
SPD = A @ A.T
b = rng.normal(size=4)
M = rng.normal(size=(4, 2))


@pytest.mark.parametrize("unit", [False, True])
@pytest.mark.parametrize("lower", [False, True])
@pytest.mark.parametrize("trans", [0, 1, "C"])
def test_solve_triangular(trans: Any, lower: bool, unit: bool) -> None:
    options = {"trans": trans, "lower": lower, "unit_diagonal": unit}
    for right in (b, M):
        check(
            lambda a: linalg.solve_triangular(a, right, **options),
            A,
            "a",
            reference=lambda a: sl.solve_triangular(a, right, **options),
        )
        check(
            lambda x: linalg.solve_triangular(A, x, **options),
            right,
            "b",
            reference=lambda x: sl.solve_triangular(A, x, **options),
        )


def test_solve_triangular_complex() -> None:
    for trans in (0, 1, 2):
        check(
            lambda a: linalg.solve_triangular(a * (1 + 0.2j) + 0.1j * a**2, M, trans=trans),
            A,
            reference=lambda a: sl.solve_triangular(a * (1 + 0.2j) + 0.1j * a**2, M, trans=trans),
        )


def test_solve_triangular_stack() -> None:
    def each(a: Any) -> Any:
        return np.stack([sl.solve_triangular(x, M[:3]) for x in a])

    check(lambda a: linalg.solve_triangular(a, M[:3]), B, reference=each)
    assert linalg.solve_triangular(Tensor(B[:0]), M[:3]).shape == (0, 3, 2)


@pytest.mark.parametrize("lower", [False, True])
def test_cholesky_solve(lower: bool) -> None:
    for right in (b, M):
        check(
            lambda a: linalg.cho_solve(linalg.cho_factor(a, lower), right),
            SPD,
            "a",
            reference=lambda a: sl.cho_solve(sl.cho_factor(a, lower), right),
        )
        check(
            lambda x: linalg.cho_solve(linalg.cho_factor(SPD, lower), x),
            right,
            "b",
            reference=lambda x: sl.cho_solve(sl.cho_factor(SPD, lower), x),
        )
    triangle = np.tril if lower else np.triu
    check(lambda a: linalg.cho_factor(a, lower)[0], SPD, reference=lambda a: triangle(sl.cho_factor(a, lower)[0]))


def turned(a: Any) -> Any:
    return a * (0.1 + 0.3j)


MATRIX_FUNCTIONS: dict[str, tuple[Any, Any, Any]] = {
    "expm": (linalg.expm, sl.expm, A * 0.3),
    "expm of a stack": (linalg.expm, sl.expm, B * 0.3),
    "expm of complex": (lambda a: linalg.expm(turned(a)), lambda a: sl.expm(turned(a)), A),
    "expm of 0": (linalg.expm, sl.expm, np.zeros((3, 3))),
    "expm of a nilpotent": (linalg.expm, sl.expm, np.eye(3, k=1)),
    "logm": (linalg.logm, sl.logm, SPD[:3, :3]),
    "logm of a stack": (linalg.logm, lambda a: np.stack([sl.logm(x) for x in a]), B[:, :2, :2]),
    "sqrtm": (linalg.sqrtm, sl.sqrtm, SPD + A),
    "sqrtm of a stack": (linalg.sqrtm, lambda a: np.stack([sl.sqrtm(x) for x in a]), B @ np.swapaxes(B, -1, -2)),
    "sqrtm, complex": (linalg.sqrtm, sl.sqrtm, A - 6 * np.eye(4)),
    "sqrtm of the identity": (linalg.sqrtm, sl.sqrtm, np.eye(3)),
    "l": (lambda a: linalg.lu(a)[1], lambda a: sl.lu(a)[1], A - 2),
    "u": (lambda a: linalg.lu(a)[2], lambda a: sl.lu(a)[2], A - 2),
    "u of a stack": (lambda a: linalg.lu(a)[2], lambda a: sl.lu(a)[2], B),
    "sylvester": (lambda a: linalg.solve_sylvester(a, A, a @ SPD), lambda a: sl.solve_sylvester(a, A, a @ SPD), A),
    "sylvester b": (lambda a: linalg.solve_sylvester(B[0], a, M.T[[0, 1, 1]]),
                    lambda a: sl.solve_sylvester(B[0], a, M.T[[0, 1, 1]]), A),
}  # fmt: skip


@pytest.mark.filterwarnings("ignore:logm result may be inaccurate")
@pytest.mark.parametrize("name", MATRIX_FUNCTIONS)
def test_matrix_functions(name: str) -> None:
    ours, theirs, x = MATRIX_FUNCTIONS[name]
    check(ours, x, name, reference=theirs, rtol=1e-4)


def test_lu_puts_its_input_together() -> None:
    p, lower, upper = linalg.lu(Tensor(A - 2))
    np.testing.assert_allclose(np.asarray((p @ lower @ upper).data), A - 2)
    gradient = grad(lambda a: np.sum(SPD * (linalg.lu(a)[0] @ linalg.lu(a)[1] @ linalg.lu(a)[2])))(A - 2)
    np.testing.assert_allclose(gradient, SPD, rtol=1e-9)


def test_refusals() -> None:
    with pytest.raises(ValueError, match="trans"):
        linalg.solve_triangular(Tensor(A), b, trans=3)
    with pytest.raises(LinAlgError):
        linalg.solve_triangular(Tensor(np.zeros((2, 2))), np.ones(2))
    with pytest.raises(LinAlgError, match="positive definite"):
        linalg.cho_factor(Tensor(-SPD))
    with warnings.catch_warnings(), pytest.raises(LinAlgError, match="singular"):
        warnings.simplefilter("ignore", sl.LinAlgWarning)  # newer SciPy says beforehand that the matrix is singular
        grad(lambda a: np.sum(linalg.sqrtm(a)))(np.diag([1.0, 0.0]))
    with pytest.raises(NoRuleError, match="square"):
        linalg.lu(Tensor(M))


def test_single_precision_stays() -> None:
    for f in (linalg.expm, linalg.sqrtm, lambda a: linalg.solve_triangular(a, a), lambda a: linalg.lu(a)[2]):
        x = Tensor(SPD.astype(np.float32) / 8)
        y = f(x)
        y.sum().backward()
        assert y.dtype == np.float32 and x.grad.dtype == np.float32
