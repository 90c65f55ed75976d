"""What NumPy and SciPy do not ask a Tensor about is refused, with the cure for that very call."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from autograd import LeavesGraphError, Tensor

T, V = Tensor(0.3), Tensor([1.0, 2.0, 3.0])

CALLS: list[tuple[Any, str]] = [
    (lambda: np.array([T, T]), r"np.stack\(\[t1, t2\]\)"),
    (lambda: np.asarray(V), r"t\.data"),
    (lambda: np.r_[V, V], r"np.r_ .* np.concatenate"),
    (lambda: np.c_[V, V], r"np.c_ .* np.column_stack"),
    (lambda: np.mean([T, T]), r"np.mean\(np.stack\(\[t1, t2\]\)\)"),
    (lambda: np.sum([T, T]), r"np.sum\(np.stack"),
    (lambda: np.linalg.norm([T, T]), r"np.linalg.norm\(np.stack"),
    (lambda: np.fft.fft([T, T]), r"np.fft.fft\(np.stack"),
    (lambda: np.full(3, T), "np.broadcast_to"),
    (lambda: np.select([np.array([True])], [np.ones(1)], T), "np.where"),
    (lambda: np.hypot(V, [T, T, T]), "np.stack"),
    (lambda: np.roots([1, 0, T]), r"np.stack\(\[t1, t2\]\)"),  # before, a RecursionError
]

WITH_SCIPY: list[tuple[str, str, str]] = [
    ("scipy.stats", "m.norm.logpdf(v)", "scipy.stats.norm.logpdf .* formula"),
    ("scipy.stats", "m.norm(0, 1).pdf(v)", "scipy.stats.norm.pdf"),
    ("scipy.stats", "m.multivariate_normal.logpdf(v)", "scipy.stats.multivariate_normal.logpdf"),
    ("scipy.linalg", "m.expm(v)", "autograd.linalg.expm"),
    ("scipy.linalg", "m.inv(v)", "np.linalg.inv"),
    ("scipy.special", "m.logsumexp(v)", "autograd.special.logsumexp"),
    ("scipy.signal", "m.convolve(v, v)", "np.convolve"),
    ("scipy.integrate", "m.simpson(v)", "scipy.integrate.simpson has no rule"),
    ("scipy.sparse", "m.csr_array([[1.0, 0, 2]]) @ v", r"m\.toarray\(\) @ t"),
    ("scipy.sparse", "m.csr_matrix([[1.0, 0, 2]]).dot(v)", r"m\.toarray\(\) @ t"),
    # SciPy before 1.15 asks for a view, which is refused as well.
    ("scipy.sparse", "m.csr_array([[1.0, 0, 2]]).multiply(v)", r"m\.toarray\(\) @ t|no attribute 'view'"),
]


@pytest.mark.parametrize("case", range(len(CALLS)))
def test_the_cure_is_named(case: int) -> None:
    call, message = CALLS[case]
    with pytest.raises(LeavesGraphError, match=message):
        call()


@pytest.mark.parametrize(("module", "call", "message"), WITH_SCIPY)
def test_the_cure_is_named_for_scipy(module: str, call: str, message: str) -> None:
    m = pytest.importorskip(module)
    with pytest.raises((LeavesGraphError, AttributeError), match=message):
        eval(call, {"m": m, "v": V})


@pytest.mark.parametrize(
    "product",
    [np.dot, np.inner, np.outer, np.matmul, np.tensordot, np.kron, np.multiply, lambda m, v: v @ m, lambda m, v: v * m],
)
def test_constants_are_numbers(product: Any) -> None:
    """Before, ``np.dot(m, v)`` of a sparse m was a Tensor of matrices."""
    sparse = pytest.importorskip("scipy.sparse")
    with pytest.raises(TypeError, match=r"no sparse matrices; give all the numbers: m\.toarray\(\)"):
        product(sparse.csr_array([[1.0, 0.0, 2.0]]), V)


@pytest.mark.parametrize("product", [np.dot, np.outer, np.matmul, np.multiply, np.add, np.maximum, lambda m, v: v**m])
@pytest.mark.parametrize("numbers", [[Fraction(1, 2)] * 3, [1, 2, 3], [1.0, 2.0, 3.0], ["1", "2", "3"]])
def test_arrays_of_objects_are_refused(product: Any, numbers: list[Any]) -> None:
    """Before, a Tensor of objects came out, whose functions NumPy does not know."""
    for constant in (np.array(numbers, dtype=object), np.array(numbers, dtype=object).astype("U3")):
        with pytest.raises(TypeError, match=r"(?s)numbers, not with .*x\.astype\(float\)"):
            product(constant, V)


def test_the_cures_work() -> None:
    for cure in (np.mean(np.stack([T, T])), np.linalg.norm(np.stack([T, T])), np.broadcast_to(T, 3)):
        assert isinstance(cure, Tensor)
    stats = pytest.importorskip("scipy.stats")
    x, m, s = V, 0.5, 2.0
    density = -(((x - m) / s) ** 2) / 2 - np.log(s) - np.log(2 * np.pi) / 2
    np.testing.assert_allclose(density.data, stats.norm.logpdf(x.data, m, s), rtol=1e-14)
