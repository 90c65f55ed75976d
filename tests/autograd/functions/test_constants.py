"""Constants beside Tensors: of every dtype, of every class, and changed between forward and backward."""

from __future__ import annotations

import ast
import warnings
from typing import Any, Iterator

import numpy as np
import pytest

from autograd import LeavesGraphError, NoRuleError, Tensor
from tests.autograd.functions.numpy_cases import ARRAYS, CASES, CONSTANTS, evaluate, leaves_of

EXACT = [bool, np.int8, np.uint8, np.int16, np.uint16, np.int32, np.uint32, np.int64, np.uint64]
FLOATING = [np.float16, np.float32, np.float64, np.longdouble]


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore", RuntimeWarning)
        warnings.simplefilter("ignore", PendingDeprecationWarning)  # NumPy's, of matrices
        yield


def operands_of(expression: str) -> list[str]:
    names = compile(expression, expression, "eval").co_names
    return [*leaves_of(expression), *(name for name in ("c3", "grid") if name in names)]


def of_dtype(x: Any, dtype: Any) -> Any:
    """Numbers like those of `x`; whole ones large enough for their sums and products to overflow in a byte."""
    x = np.nan_to_num(x)
    kind = np.dtype(dtype).kind
    if kind == "f":
        return x.astype(dtype)
    if kind == "b":
        return x > np.mean(x)
    lowest = min(float(np.min(x, initial=0)), 0.0) if kind == "u" else 0.0
    return (np.rint((x - lowest) * 40) + (kind == "u")).astype(dtype)


def gradient(expression: str, name: str, x: Any, constants: dict[str, Any]) -> tuple[Any, Any]:
    leaf = Tensor(x)
    y = evaluate(expression, {**constants, name: leaf})
    if not isinstance(y, Tensor):  # no part of it depends on the leaf
        return None, None
    y.backward(np.ones(y.shape, y.dtype))
    return y, np.zeros_like(x) if leaf.grad is None else leaf.grad


def close(a: Any, b: Any, eps: float) -> bool:
    """Equal to rounding where both are finite."""
    finite = np.isfinite(a) & np.isfinite(b)
    a, b = np.broadcast_to(a, finite.shape)[finite], np.broadcast_to(b, finite.shape)[finite]
    size = np.max(np.abs(b), initial=1e-300)
    return bool(np.all(np.abs(a - b) <= 1000 * eps * np.abs(b) + 200 * eps * size))


MORE_CASES = [
    "np.einsum('ij,jk,k->', M, N, v)", "np.einsum('ij,jk,kl->il', M, N, U, optimize=True)",
    "np.linalg.multi_dot([M, N, v])", "np.linalg.solve(M, v)", "np.linalg.lstsq(U.T, k)[0]",
    "np.linalg.tensorsolve(M, v)", "np.linalg.vecdot(M, v)", "np.linalg.cross(u, v)", "np.linalg.outer(u, v)",
    "np.linalg.matmul(M, v)", "np.linalg.tensordot(M, v, axes=1)", "np.select([mask, mask], [M, N], p)",
    "np.gradient(k, w[:4])", "np.polysub(v, u)", "np.block([[M, N], [u, v]])",
]  # fmt: skip

MIXED = [e for e in [*CASES, *MORE_CASES] if len(operands_of(e)) > 1 and leaves_of(e)]

COMPUTES_WITH_CONSTANTS = [
    "np.abs(np.exp(1j * M) + v)", "np.average(M, weights=N ** 2)", "np.interp(v * 1.5, grid, w[:5])",
    "np.interp(v * 9, grid, w[:5], left=s, right=1.0)", "np.interp(v, np.cumsum(p), u)",
    "np.einsum('iij,jk->ik', M[:, :, None] * v, N)", "np.gradient(v, p.cumsum())",
    "np.gradient(A, p.cumsum(), axis=1, edge_order=2)",
    "np.trapezoid(M, dx=s)",  # NumPy looks for Tensors in the first two arguments only
]  # fmt: skip
"""Expressions that do arithmetic of their own with constants, in whatever dtype these have."""


@pytest.mark.parametrize("expression", [e for e in MIXED if e not in COMPUTES_WITH_CONSTANTS])
def test_every_dtype(expression: str) -> None:
    """The value is NumPy's (with constants in float64, where NumPy itself overflows); so is the gradient."""
    names = operands_of(expression)
    tested = 0
    for name in leaves_of(expression):
        for dtype in EXACT + FLOATING:
            constants = {one: of_dtype({**CONSTANTS, **ARRAYS}[one], dtype) for one in names if one != name}
            wide = {one: x.astype(np.float64) for one, x in constants.items()}
            for precision in (np.float64, np.float32):
                what = f"{name} in {precision.__name__} beside {dtype.__name__}"
                x = ARRAYS[name].astype(precision)
                try:
                    expected = np.asarray(evaluate(expression, {**constants, name: x}))
                    y, found = gradient(expression, name, x, constants)
                except (LeavesGraphError, NoRuleError):
                    continue  # where NumPy does not ask a Tensor
                except TypeError as error:  # where NumPy does not take such constants
                    assert any(part in str(error) for part in ("boolean", "cast", "same_kind", "in linalg")), what
                    continue
                except np.linalg.LinAlgError:
                    continue
                if y is None:
                    continue
                tested += 1
                assert y.dtype == expected.dtype, what
                exact = np.asarray(evaluate(expression, {**wide, name: x.astype(np.float64)}))
                eps = max(float(np.finfo(precision).eps), float(np.finfo(y.dtype).eps))
                coarse = max(eps, float(np.finfo(dtype).eps) if dtype in FLOATING else 0.0)
                assert close(y.data, expected if close(expected, exact, coarse) else exact, coarse), what
                _, truth = gradient(expression, name, x.astype(np.float64), wide)
                assert close(found, truth, eps), what
    assert tested or "like" in expression


# --- changed between forward and backward ----------------------------------------------------------------------


class Kept(ast.NodeTransformer):
    """An expression in which every list of numbers, and every array that it makes, is an array that can be changed."""

    def visit_List(self, node: ast.List) -> Any:
        try:
            numbers = np.array(ast.literal_eval(node))
        except (TypeError, ValueError):
            return self.generic_visit(node)
        if not numbers.size or numbers.dtype.kind not in "bif":
            return node
        return ast.Call(ast.Name("kept", ast.Load()), [node], [])

    def visit_Call(self, node: ast.Call) -> Any:
        self.generic_visit(node)
        made = isinstance(node.func, ast.Attribute) and node.func.attr in ("array", "arange", "cumsum", "astype")
        return ast.Call(ast.Name("kept", ast.Load()), [node], []) if made else node


def changed(expression: str, leaves: dict[str, Any], constants: dict[str, Any], change: bool) -> dict[str, Any]:
    """The gradient of each leaf, where every constant array is changed after the forward pass or not."""
    arrays: list[Any] = list(constants.values())

    def kept(x: Any) -> Any:
        if isinstance(x, Tensor):
            return x
        arrays.append(np.array(x))
        return arrays[-1]

    tree = ast.fix_missing_locations(Kept().visit(ast.parse(expression, mode="eval")))
    tensors = {name: Tensor(x) for name, x in leaves.items()}
    y = eval(compile(tree, expression, "eval"), {"np": np, "kept": kept, **constants, **tensors})
    if not isinstance(y, Tensor):
        return {}
    for array in arrays if change else ():
        array[...] = ~array if array.dtype == bool else 0 if array.dtype.kind == "i" else 3 * array + 1
    y.backward(np.cos(np.arange(y.size)).reshape(y.shape).astype(y.dtype))
    return {name: np.zeros(()) if t.grad is None else t.grad for name, t in tensors.items()}


# Those left out name axes in a list, which has to be one.
CHANGING = [e for e in [*CASES, *MORE_CASES] if not e.startswith(("np.einsum(M", "np.tensordot"))]


@pytest.mark.parametrize("expression", CHANGING)
def test_constants_may_change_after_use(expression: str) -> None:
    names = leaves_of(expression)
    everything = {**{k: v for k, v in CONSTANTS.items() if k != "np"}, **ARRAYS}
    for chosen in [names, *([name] for name in names if len(names) > 1)]:
        gradients = []
        for change in (False, True):
            leaves = {name: ARRAYS[name] for name in chosen}
            constants = {name: x.copy() for name, x in everything.items() if name not in chosen}
            try:
                gradients.append(changed(expression, leaves, constants, change))
            except (LeavesGraphError, NoRuleError):
                break  # where NumPy does not ask a Tensor
        if gradients:
            for name, expected in gradients[0].items():
                np.testing.assert_array_equal(gradients[1][name], expected, err_msg=str(chosen))


# --- of other classes ------------------------------------------------------------------------------------------


class Own(np.ndarray):
    """A subclass that multiplies matrices by *, as np.matrix does."""

    def __mul__(self, other: Any) -> Any:
        return self @ other


class Metres(np.ndarray):
    unit = "m"


BESIDE_A_MATRIX = [
    "np.multiply(c, T)", "np.multiply(T, c)", "np.divide(T, c)", "c @ T", "T @ c", "np.dot(c, T)", "c / T", "c + T",
    "T - c", "np.where(c > 0, T, c)", "np.concatenate([c, T])", "np.einsum('ij,jk->ik', c, T)", "np.hypot(c, T)",
    "np.kron(c, T)", "np.outer(c, T)", "np.linalg.solve(T, c)", "np.maximum(T, c)", "T ** c",
]  # fmt: skip


@pytest.mark.parametrize("expression", BESIDE_A_MATRIX)
@pytest.mark.parametrize("kind", [np.matrix, Own])
def test_a_subclass_is_a_plain_array(expression: str, kind: Any) -> None:
    """The gradient of an elementwise product stays one, whatever * means for the constant."""
    c, x = np.array([[1.0, 2.0], [3.0, 5.0]]), np.array([[2.0, 0.5], [1.0, 4.0]])
    grads = []
    for constant in (c, c.view(kind) if kind is Own else np.matrix(c)):
        leaf = Tensor(x)
        y = eval(expression, {"np": np, "c": constant, "T": leaf})
        y.backward(np.arange(1.0, y.size + 1).reshape(y.shape))
        grads.append((y.data.view(np.ndarray), leaf.grad))
        assert all(not isinstance(one, np.ndarray) or type(one) is np.ndarray for one in y._origin)
    np.testing.assert_array_equal(*(value for value, _ in grads))
    np.testing.assert_array_equal(*(gradient for _, gradient in grads))


def test_the_product_sign_of_a_matrix_is_refused() -> None:
    """NumPy means a matrix product there, and * of Tensors is elementwise."""
    t, m = Tensor(np.eye(2)), np.matrix([[1.0, 2.0], [3.0, 4.0]])
    for product in (lambda: t * m, lambda: m * t):
        with pytest.raises(TypeError, match="@"):
            product()


def test_what_means_nothing_without_its_class_is_refused_by_name() -> None:
    t = Tensor(np.ones(3))
    with pytest.raises(TypeError, match="Metres"):
        np.multiply(np.ones(3).view(Metres), t)
    with pytest.raises(TypeError, match="masked"):
        np.kron(t, np.ma.masked_less(np.ones(3), 2))


def test_a_series_leaves_its_operators_to_the_tensor() -> None:
    pandas = pytest.importorskip("pandas")
    series, t = pandas.Series([1, 2, 3]), Tensor([1.0, 2.0, 3.0])
    y = series * t + (series - t) ** 2 + np.multiply(series, t)
    assert isinstance(y, Tensor)
    y.sum().backward()
    np.testing.assert_array_equal(t.grad, [2.0, 4.0, 6.0])


def test_a_memory_map_is_not_read_whole(tmp_path: Any) -> None:
    numbers = np.memmap(tmp_path / "numbers", dtype=np.float64, mode="w+", shape=(200, 200))
    y = np.multiply(Tensor(np.ones((200, 200))), numbers)
    assert type(y._origin[2]) is np.ndarray and np.shares_memory(y._origin[2], numbers)


def test_a_python_complex_number_stays_out_of_the_graph() -> None:
    """Python's own, times a NumPy number, is Python's again, and no array."""
    for f in (lambda t: np.abs(1j * np.sin(t)), lambda t: np.abs((1 + 2j) / np.cos(t)), lambda t: (1j - t).imag + t):
        for dtype in (np.float64, np.float32):
            leaf = Tensor(np.array(0.3, dtype))
            y = f(leaf)
            assert y.dtype == dtype
            y.backward()
            h = 1e-6
            assert leaf.grad == pytest.approx((f(np.float64(0.3 + h)) - f(np.float64(0.3 - h))) / (2 * h), rel=1e-5)


@pytest.mark.parametrize(
    "constant",
    [np.array(["1.5", "2"]), np.array([1, 2], "m8[s]"), np.array([1, 2], "M8[s]"), np.zeros(2, [("a", float)])],
    ids=["words", "differences of time", "dates", "records"],
)
def test_what_is_no_number_is_refused_where_it_would_be_read_as_one(constant: Any) -> None:
    t = Tensor([1.0, 2.0])
    for use in (
        lambda: np.interp(t, [0.0, 3.0], constant),
        lambda: np.average(t, weights=constant),
        lambda: (t * t).backward(constant),
        lambda: t * constant,
    ):
        with pytest.raises(TypeError, match="numbers"):
            use()
    assert t.grad is None
