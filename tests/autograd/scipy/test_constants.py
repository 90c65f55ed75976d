"""Constants of every dtype beside Tensors in SciPy's functions."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograd import Tensor

special = pytest.importorskip("scipy.special")

from autograd import linalg as matrices  # noqa: E402  (what it needs is there)
from autograd import special as own  # noqa: E402  (what it needs is there)

DTYPES = [bool, np.int8, np.uint8, np.int16, np.int32, np.int64, np.uint64, np.float16, np.float32]
X = np.array([0.3, 0.5, 0.9])
C = np.array([1, 2, 3])

# Of a Tensor x and a constant c: the constant where it may be a whole number.
CASES: list[Any] = [
    *(lambda x, c, name=name: getattr(special, name)(c, x) for name in (
        "xlogy", "xlog1py", "rel_entr", "kl_div", "beta", "betaln", "gammainc", "gammaincc", "jv", "yv", "iv", "kv",
        "ive", "kve", "expn", "poch",
    )),
    *(lambda x, c, name=name: getattr(special, name)(x, c) for name in (
        "xlogy", "xlog1py", "rel_entr", "kl_div", "beta", "betaln", "binom", "poch", "boxcox", "boxcox1p",
    )),
    lambda x, c: special.betainc(c, c, x), lambda x, c: special.gammainc(c, x * c),
]  # fmt: skip


def gradient(f: Any, x: Any, c: Any) -> tuple[Any, Any]:
    leaf = Tensor(x)
    y = f(leaf, c)
    y.backward(np.ones(y.shape, y.dtype))
    return y.data, leaf.grad


@pytest.mark.parametrize("case", range(len(CASES)))
def test_special_functions(case: int) -> None:
    f = CASES[case]
    for dtype in DTYPES:
        c = C.astype(dtype)
        value, found = gradient(f, X, c)
        _, truth = gradient(f, X, c.astype(float))
        np.testing.assert_allclose(value, f(X, c.astype(float)), rtol=1e-13)
        np.testing.assert_allclose(found, truth, rtol=1e-12, err_msg=str(dtype))
        assert gradient(f, X.astype(np.float32), c)[0].dtype == f(X.astype(np.float32), c).dtype


@pytest.mark.parametrize("f", [
    lambda x, c: own.logsumexp(x, b=c), lambda x, c: own.logsumexp(c / 4, b=x),
    lambda x, c: matrices.solve_triangular(np.outer(c, c) + np.diag(c), x),
    lambda x, c: matrices.solve_sylvester(np.diag(c), np.diag(c), np.outer(x, x)),
])  # fmt: skip
def test_functions_of_several_arrays(f: Any) -> None:
    for dtype in (np.int8, np.uint8, np.int64, np.float32):
        c = C.astype(dtype)
        value, found = gradient(f, X, c)
        right, truth = gradient(f, X, c.astype(float))
        np.testing.assert_allclose(value, right, rtol=1e-12)
        np.testing.assert_allclose(found, truth, rtol=1e-12)


def test_factors_of_exponentials_do_not_overflow() -> None:
    x, b = np.zeros(3), np.array([200, 100, 56], np.uint8)
    value, found = gradient(lambda x, c: own.logsumexp(x, b=c), x, b)
    assert value == pytest.approx(np.log(356))
    np.testing.assert_allclose(found, b / 356)
