"""Dtypes and layouts, ties, nans, kinks, empty and single elements, and many threads at once."""

from __future__ import annotations

import math
import threading
import warnings
from array import array
from typing import Any, Iterator

import numpy as np
import pytest

from autograd import Tensor, at, grad, jvp, vjp
from autograd.functions.ufuncs import sinc
from autograd.nn import functional as F
from tests.autograd.functions.numpy_cases import ARRAYS, CASES, evaluate, leaves_of


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore", RuntimeWarning)
        warnings.filterwarnings("ignore", "numpy.fix is deprecated|.*2-dimensional vectors", DeprecationWarning)
        yield


def gradients(expression: str, arrays: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
    """The output, and the gradient of its sum for each array."""
    leaves = {name: Tensor(x) for name, x in arrays.items()}
    y = evaluate(expression, leaves)
    y.backward(np.ones(y.shape, y.dtype))
    return y, {name: np.zeros_like(arrays[name]) if t.grad is None else t.grad for name, t in leaves.items()}


def own(expression: str) -> dict[str, Any]:
    return {name: ARRAYS[name] for name in leaves_of(expression)}


# --- dtypes and layouts --------------------------------------------------------------------------------------


@pytest.mark.parametrize("expression", CASES)
def test_single_precision(expression: str) -> None:
    single = {name: x.astype(np.float32) for name, x in own(expression).items()}
    y, found = gradients(expression, single)
    _, exact = gradients(expression, own(expression))
    assert y.dtype == np.asarray(evaluate(expression, single)).dtype
    for name, g in found.items():
        size = np.max(np.abs(exact[name]), initial=1.0)
        assert g.dtype == np.float32
        np.testing.assert_allclose(g, exact[name], rtol=2e-3, atol=2e-3 * size)


def reversed_and_read_only(x: Any) -> Any:
    if x.ndim:
        x = np.repeat(x[::-1], 2, axis=0)[::-2]
        x.setflags(write=False)
    return x


@pytest.mark.parametrize("expression", CASES)
def test_layouts(expression: str) -> None:
    _, expected = gradients(expression, own(expression))
    for layout in (lambda x: np.asarray(x, order="F"), reversed_and_read_only):
        changed = {name: layout(x) for name, x in own(expression).items()}
        kept = {name: x.copy() for name, x in changed.items()}
        _, found = gradients(expression, changed)
        for name, g in found.items():
            np.testing.assert_allclose(g, expected[name], rtol=1e-9, atol=1e-12)
            np.testing.assert_array_equal(changed[name], kept[name])


# --- conventions ---------------------------------------------------------------------------------------------

NAN = float("nan")
# expression in x, x, gradient of the sum of the output
CONVENTIONS: list[tuple[Any, Any, Any]] = [
    # ties share
    (np.max, [1.0, 3, 3, 2], [0, 0.5, 0.5, 0]), (np.min, [[1.0, 1], [1, 2]], [[1 / 3, 1 / 3], [1 / 3, 0]]),
    (lambda x: np.max(x, axis=0), [[1.0, 2], [1, 0]], [[0.5, 1], [0.5, 0]]), (np.ptp, [2.0, 2, 2], [0, 0, 0]),
    (lambda x: np.maximum(x, 1.0), [0.0, 1, 2], [0, 0.5, 1]), (lambda x: np.fmin(x, 1.0), [0.0, 1, 2], [1, 0.5, 0]),
    (lambda x: np.clip(x, 0.0, 1.0), [-1.0, 0, 0.5, 1, 2], [0, 0.5, 1, 0.5, 0]),
    (np.nanmax, [2.0, NAN, 2.0], [0.5, 0, 0.5]), (lambda x: np.max(x, initial=3.0), [3.0, 1], [0.5, 0]),
    # order statistics take the elements of a stable sort
    (lambda x: np.sort(x)[0], [2.0, 1, 1], [0, 1, 0]), (np.median, [1.0, 1, 1], [0, 1, 0]),
    (np.median, [2.0, 2, 1, 3], [0.5, 0.5, 0, 0]), (lambda x: np.quantile(x, 0.0), [1.0, 1], [1, 0]),
    (np.unique, [2.0, 1, 2], [1, 1, 0]),
    # kinks
    (np.abs, [-1.0, 0, 1], [-1, 0, 1]), (np.std, [2.0, 2], [0, 0]), (lambda x: np.hypot(x, 0.0), [0.0], [0]),
    (np.sinc, [0.0], [0]), (np.i0, [0.0], [0]), (np.sign, [0.0], [0]), (np.floor, [1.0, 1.5], [0, 0]),
    (lambda x: np.round(x, 1), [0.25], [0]), (lambda x: np.fmod(x, 1.0), [-1.5], [1]),
    (lambda x: np.arctan2(x, 0.0), [0.0], [0]), (lambda x: np.copysign(x, -1.0), [2.0, -2], [-1, 1]),
    # zeros in products
    (np.prod, [0.0, 2, 3], [6, 0, 0]), (np.prod, [0.0, 0, 3], [0, 0, 0]),
    (lambda x: np.cumprod(x), [2.0, 0, 3], [1, 2 + 6, 0]), (np.nanprod, [0.0, NAN, 3], [3, 0, 0]),
    # what is nan has derivative 0 where it is left out, and where all is, the result is nan
    (np.nansum, [1.0, NAN], [1, 0]), (np.nanmean, [1.0, NAN, 3], [0.5, 0, 0.5]), (np.nanstd, [1.0, NAN], [0, 0]),
    (np.nanmedian, [3.0, NAN, 1], [0.5, 0, 0.5]), (np.nan_to_num, [NAN, np.inf, 1.0], [0, 0, 1]),
    (lambda x: np.nanmax(x, axis=1)[1], [[NAN, NAN], [1.0, 2]], [[0, 0], [0, 1]]),
    (lambda x: np.where(x > 0, np.log(np.where(x > 0, x, 1.0)), 0.0), [-1.0, 2.0], [0, 0.5]),
    # an element that is used twice, or never
    (lambda x: x[[0, 0, 1]], [1.0, 2, 3], [2, 1, 0]), (lambda x: np.take(x, [2, 2]), [1.0, 2, 3], [0, 0, 2]),
    (lambda x: np.pad(x, (2, 0), mode="edge"), [1.0, 2], [3, 1]),
    # steps
    (lambda x: x // 2.0, [3.0], [0]), (lambda x: np.heaviside(x, 0.5), [0.0, 1], [0, 0]),
    (lambda x: x % 2.0, [3.0], [1]),
    # at a knot, the piece on the right
    (lambda x: np.interp(x, [0.0, 1, 2], [0.0, 1, 3]), [0.0, 1, 2], [1, 2, 0]),
    (lambda x: np.interp(x, [0.0, 1], [0.0, 1]), [-1.0, 5], [0, 0]),
    # a single element
    (np.var, [3.0], [0]), (np.cumsum, [3.0], [1]), (np.diff, [3.0], [0]), (np.prod, [3.0], [1]),
    (np.median, [3.0], [1]),
]  # fmt: skip


@pytest.mark.parametrize("case", range(len(CONVENTIONS)))
def test_convention(case: int) -> None:
    f, x, expected = CONVENTIONS[case]
    x = np.array(x)
    np.testing.assert_allclose(grad(lambda t: np.sum(f(t)))(x), expected, rtol=1e-14, atol=1e-14)
    for k in np.ndindex(x.shape):  # forward mode keeps the same conventions
        unit = np.zeros_like(x)
        unit[k] = 1.0
        assert jvp(lambda t: np.sum(f(t)), (x,), (unit,))[1] == pytest.approx(np.array(expected)[k], abs=1e-14)


@pytest.mark.parametrize(("order", "at_zero"), [(0, 1.0), (1, 0.0), (2, -(np.pi**2) / 3), (3, 0.0), (4, np.pi**4 / 5)])
def test_sinc_at_zero_to_any_order(order: int, at_zero: float) -> None:
    f: Any = np.sinc
    for _ in range(order):
        f = grad(f)
    assert f(np.array(0.0)) == pytest.approx(at_zero, abs=1e-13)
    for x in (1e-8, 1e-4, 0.1, 0.9, 3.1):  # both ways of computing it, and where they meet
        assert f(np.array(x)) == pytest.approx(f(np.array(-x)) * (-1) ** order, rel=1e-12)


@pytest.mark.parametrize("order", [1, 2, 3, 4])
def test_sinc_against_its_series(order: int) -> None:
    mpmath = pytest.importorskip("mpmath")
    f: Any = lambda x: sinc(x, order=order)  # noqa: E731
    x = np.concatenate([np.linspace(-3, 3, 61), 10.0 ** np.arange(-12, 0), [0.0]])
    with mpmath.workdps(40):
        terms = range((order + 1) // 2, 60)
        factors = [(-1) ** k / ((2 * k + 1) * mpmath.factorial(2 * k - order)) for k in terms]
        exact = [
            mpmath.pi**order
            * mpmath.fsum(f * (mpmath.pi * mpmath.mpf(u)) ** (2 * k - order) for k, f in zip(terms, factors))
            for u in x.tolist()
        ]
    np.testing.assert_allclose(f(x), np.array(exact, float), rtol=0, atol=1e-15 * np.pi**order)


@pytest.mark.parametrize("shape", [(3, 4), (1, 5), (4, 1), (2, 3, 4), (5,)])
@pytest.mark.parametrize("numbers", ["all different", "ties", "equal", "nan"])
def test_range_is_largest_less_smallest(shape: tuple[int, ...], numbers: str) -> None:
    x = np.random.default_rng(3).permutation(math.prod(shape)).reshape(shape) / 7
    x = {"all different": x, "ties": np.round(x), "equal": x * 0, "nan": np.where(x == x.max(), np.nan, x)}[numbers]
    for axis in (None, *range(-x.ndim, x.ndim), *([(0, 1), (-1, 0)] if x.ndim > 1 else [])):
        g = np.arange(1.0, 1 + np.max(x, axis=axis).size).reshape(np.max(x, axis=axis).shape)
        both = [
            grad(lambda t, f=f: np.sum(g * f(t)))(x)
            for f in (lambda t: np.ptp(t, axis=axis), lambda t: np.max(t, axis=axis) - np.min(t, axis=axis))
        ]
        np.testing.assert_array_equal(*both)


def test_bessel_function_of_large_arguments() -> None:
    special = pytest.importorskip("scipy.special")
    x = np.array([-300.0, -20.0, -1.0, 0.0, 1e-6, 3.0, 50.0, 700.0])
    found = grad(lambda t: np.sum(np.i0(t)))(x)
    np.testing.assert_allclose(found, special.i1(x), rtol=1e-12)


EMPTY = [
    (lambda x: np.sum(x), (0,)), (lambda x: np.sum(x, axis=0), (0, 3)), (lambda x: np.prod(x, axis=1), (2, 0)),
    (lambda x: np.cumsum(x), (0,)), (lambda x: np.cumprod(x, axis=0), (0, 2)), (lambda x: np.sort(x), (0,)),
    (lambda x: np.concatenate([x, x]), (0, 2)), (lambda x: np.max(x, axis=1), (0, 3)), (lambda x: x[:0], (3,)),
    (lambda x: np.diff(x), (1,)), (lambda x: np.pad(x, 1), (0,)), (lambda x: np.tile(x, 0), (3,)),
    (lambda x: x @ x.T, (0, 3)),
    (lambda x: x.T @ x, (0, 3)), (lambda x: np.einsum("ij->j", x), (0, 3)), (lambda x: np.max(x, initial=1.0), (0,)),
    (lambda x: np.repeat(x, 0), (3,)), (lambda x: np.split(x, [0])[0], (3,)),
    (lambda x: np.where(x > 0, x, 1.0), (0, 2)),
    (lambda x: np.nansum(x), (0,)), (lambda x: np.take(x, np.array([], int)), (3,)), (lambda x: np.roll(x, 1), (0,)),
    (lambda x: np.outer(x, x), (0,)), (lambda x: np.kron(x, x), (0,)), (lambda x: np.trace(x), (0, 0)),
    (lambda x: np.flip(x), (0, 2)),
    (lambda x: np.any(x.data) + np.sum(x), (0,)), (lambda x: np.delete(x, [0, 1]), (2,)),
    (lambda x: np.vander(x, 2), (0,)),
]  # fmt: skip


@pytest.mark.parametrize("case", range(len(EMPTY)))
def test_empty_arrays(case: int) -> None:
    f, shape = EMPTY[case]
    x = np.random.default_rng(0).uniform(0.5, 1.0, shape)
    leaf = Tensor(x)
    y = f(leaf)
    assert y.shape == np.shape(f(Tensor(x))) and np.all(np.isfinite(y.data))
    y.backward(np.ones(y.shape))
    assert leaf.grad.shape == shape and np.all(np.isfinite(leaf.grad))


def test_an_empty_extremum_is_numpys_error() -> None:
    for f in (np.max, np.min, np.ptp):
        with pytest.raises(ValueError, match="zero-size"):
            f(Tensor(np.zeros((0,))))


OF_A_NUMBER = [
    *(f"np.{f}(x, axis=0)" for f in "sum prod max min ptp nansum nanprod nanmax nanmin nanmean nanvar nanstd".split()),
    *(f"np.{f}(x, axis=-1)" for f in "cumsum cumprod nancumsum nancumprod squeeze".split()),
    *(f"np.cumulative_sum(x, axis={axis})" for axis in ("-1", "(0,)") if hasattr(np, "cumulative_sum")),
    "np.take(x, [0, 0], axis=0)", "np.amax(x, 0)",
    "np.repeat(x, 2, axis=0)", "np.compress([True], x, axis=0)", "x.sum(0)", "x.cumsum(0)",
    "np.add.reduce(x)", "np.logaddexp.reduce(x, axis=-1)", "np.logaddexp.reduce(x, axis=None)", "np.maximum.reduce(x)",
    "np.max(x, axis=0, keepdims=True)",
]  # fmt: skip


@pytest.mark.parametrize("expression", OF_A_NUMBER)
def test_a_number_has_axis_0_where_numpy_says_so(expression: str) -> None:
    x = np.array(0.7)
    leaf = Tensor(x)
    y = eval(expression, {"np": np, "x": leaf})
    expected = eval(expression, {"np": np, "x": x})
    assert y.shape == np.shape(expected)
    np.testing.assert_array_equal(y.data, expected)
    y.backward(np.ones(y.shape))
    numeric = (eval(expression, {"np": np, "x": x + 1e-6}) - eval(expression, {"np": np, "x": x - 1e-6})) / 2e-6
    assert leaf.grad == pytest.approx(np.sum(numeric), abs=1e-8)


@pytest.mark.parametrize("expression", ["np.sum(x, axis=1)", "np.sort(x, axis=0)", "np.flip(x, 0)"])
def test_a_number_has_no_other_axes(expression: str) -> None:
    for x in (np.array(0.7), Tensor(0.7)):
        with pytest.raises(ValueError, match="axis"):
            eval(expression, {"np": np, "x": x})


# --- errors that say what to do ------------------------------------------------------------------------------

MISTAKES: list[tuple[Any, type[Exception], str]] = [
    (lambda t: np.sum(t, axis=5), np.exceptions.AxisError, "axis 5"),
    (lambda t: np.sum(t, out=np.zeros(())), TypeError, "out="),
    (lambda t: np.sum(t, dtype=int), TypeError, "floating"),
    (lambda t: np.max(t, where=[True, False, True]), ValueError, "initial="),
    (lambda t: np.pad(t, 1, mode="cubic"), ValueError, "cubic"),
    (lambda t: np.add(t, 1, where=[True] * 3), TypeError, "np.where"),
    (lambda t: np.split(t, 2), ValueError, "equal division"), (lambda t: np.reshape(t, (2, 2)), ValueError, "reshape"),
    (lambda t: np.cross(t, np.ones(4)), ValueError, "dimension must be 2 or 3"),
    (lambda t: np.stack([t, t[:2]]), ValueError, "shape"),
    (lambda t: np.average(t, weights=t - t), ZeroDivisionError, "zero"),
    (lambda t: np.diff(t, n=-1), ValueError, "non-negative"),
    (lambda t: np.quantile(np.ones(3), t), TypeError, "q"), (lambda t: np.bitwise_and(t, t), TypeError, "integers"),
    (lambda t: np.intersect1d(t, t), TypeError, "np.isin"), (lambda t: np.einsum("ij", t), ValueError, "axes"),
    (lambda t: np.convolve(t, np.zeros(0)), ValueError, "empty"), (lambda t: np.insert(t, 9, 1.0), IndexError, "9"),
    (lambda t: t[t], TypeError, "index"), (lambda t: np.nanquantile(t, 2.0), ValueError, "range"),
    (lambda t: np.tensordot(t, t[:2], 1), ValueError, "fit"),
    (lambda t: np.interp(t, [0.0, 1.0], [1.0]), ValueError, "length"),
    (lambda t: np.select([], []), ValueError, "empty"),
    (lambda t: np.where(t > 1, t, None), TypeError, "np.where"), (lambda t: np.where(True, None, t), TypeError, "None"),
]  # fmt: skip


@pytest.mark.parametrize("case", range(len(MISTAKES)))
def test_mistakes(case: int) -> None:
    f, error, message = MISTAKES[case]
    with pytest.raises(error, match=message):
        f(Tensor([1.0, 2.0, 3.0]))


# --- threads -------------------------------------------------------------------------------------------------


def test_eight_threads_at_once() -> None:
    expressions = CASES[::3]
    expected = [gradients(expression, own(expression))[1] for expression in expressions]
    failures: list[str] = []

    def work(shift: int) -> None:
        for i in range(len(expressions)):
            k = (i + shift) % len(expressions)
            try:
                _, found = gradients(expressions[k], own(expressions[k]))
                for name, g in found.items():
                    np.testing.assert_array_equal(g, expected[k][name])
            except Exception as error:
                failures.append(f"{expressions[k]}: {error}")

    threads = [threading.Thread(target=work, args=(37 * n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures


@pytest.mark.parametrize("width", [3, 200])
def test_rows_named_several_times_get_all_their_parts(width: int) -> None:
    """Short rows are added in rounds, long ones one after the other."""
    rng = np.random.default_rng(0)
    index, weights = rng.integers(-4, 4, 9), rng.normal(size=(9, width))
    x = Tensor(rng.normal(size=(4, width)))
    (x[index] * weights).sum().backward()
    wanted = np.zeros((4, width))
    np.add.at(wanted, index, weights)
    np.testing.assert_allclose(x.grad, wanted, rtol=1e-13, atol=1e-15)


@pytest.mark.parametrize("dtype", ["f2", "f4", "f8"])
@pytest.mark.parametrize("rows", [1, 7, (1 << 16) + 1])
def test_the_gradient_of_a_bias_is_the_sum_of_the_rows(rows: int, dtype: str) -> None:
    rng = np.random.default_rng(0)
    x, b = rng.uniform(size=(rows, 2)).astype(dtype) / rows, Tensor(np.zeros(2, dtype))
    ((x + b) * x).sum().backward()
    assert b.grad.dtype == dtype
    np.testing.assert_allclose(b.grad, np.sum(x, axis=0, dtype="f8"), rtol=max(1e-2 * (dtype == "f2"), 1e-4))


@pytest.mark.parametrize(
    "shapes", [((2, 3), (2, 2)), ((3,), (2,)), ((2, 3), (4,)), ((3,), (2, 2)), ((2, 3), (5, 2, 2))]
)
def test_a_product_of_shapes_that_do_not_fit_says_what_numpys_dot_says(shapes: Any) -> None:
    a, b = map(np.ones, shapes)
    with pytest.raises(ValueError) as expected:
        np.dot(a, b)
    for product in (np.dot, np.matmul):
        for left, right in ((Tensor(a), b), (a, Tensor(b)), (Tensor(a), Tensor(b))):
            with pytest.raises(ValueError) as refused:
                product(left, right)
            assert str(refused.value) == str(expected.value)


def test_a_matmul_of_batches_or_numbers_that_do_not_fit_says_why() -> None:
    with pytest.raises(ValueError, match=r"^shapes \(5,2,3\) and \(4,3,2\) not aligned: .* \(5,\) and \(4,\)"):
        Tensor(np.ones((5, 2, 3))) @ np.ones((4, 3, 2))
    with pytest.raises(ValueError, match=r"a single number has none: write a \* b"):
        Tensor(np.ones((2, 3))) @ 3


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.float16])
@pytest.mark.parametrize("shape", [(4, 5), (2, 3, 5), (5,)])
def test_columns_that_are_taken_several_times_add_up(dtype, shape):
    x, index = Tensor(np.ones(shape, dtype)), np.array([0, 3, 3, -1, 1, 3, 0, 2])
    g = np.arange(np.prod(shape[:-1], dtype=int) * 8, dtype=dtype).reshape(*shape[:-1], 8)
    x[..., index].backward(g)
    full, x.grad = x.grad, None
    x[tuple([slice(None)] * (len(shape) - 1)) + (index,)].backward(g)
    expected = np.zeros(shape, dtype)
    np.add.at(expected, (..., index), g)
    assert x.grad.dtype == dtype
    np.testing.assert_array_equal(x.grad, expected)
    np.testing.assert_array_equal(full, expected)


@pytest.mark.parametrize(
    "index", [((0, 0, 1),), (array("i", [0, 0]),), array("i", [2, 2]), range(2), ((),), (..., (1, 1))]
)
def test_every_sequence_that_numpy_takes_for_an_index_adds_up(index: Any) -> None:
    x, weights = Tensor([1.0, 2.0, 3.0]), np.arange(1.0, 1 + np.arange(3.0)[index].size)
    expected = np.zeros(3)
    np.add.at(expected, index, weights)
    (x[index] * weights).sum().backward()
    np.testing.assert_array_equal(x.grad, expected)
    pulled = vjp(lambda x: x.at[index].add(weights * x[index]), np.ones(3))[1](np.ones(3))
    np.testing.assert_array_equal(pulled[0] if isinstance(pulled, (list, tuple)) else pulled, 1 + expected)


ROW, TABLE = np.linspace(0.5, 1.5, 300), np.linspace(0.5, 1.5, 600).reshape(2, 300)
NUMBERS: dict[str, tuple[Any, Any]] = {
    "t[:, [k, k]]": (TABLE, lambda t, k: t[:, np.array([k, k])]),
    "np.take, wrap": (ROW, lambda t, k: np.take(t, np.array([k, k]), mode="wrap")),
    "np.take, clip": (ROW, lambda t, k: np.take(t, np.array([k, k]), mode="clip")),
    "np.take": (ROW, lambda t, k: np.take(t, [k, k])),
    "np.take_along_axis": (TABLE, lambda t, k: np.take_along_axis(t, np.full((2, 2), k), 1)),
    "at": (ROW, lambda t, k: at(t)[np.array([k, k])].multiply(2.0)),
    "np.bincount": (ROW, lambda t, k: np.bincount(np.full(300, k), t)),
    "np.var": (ROW, lambda t, k: np.var(t, ddof=k)),
    "np.std": (ROW, lambda t, k: np.std(t, correction=k)),
    "np.nanvar": (ROW, lambda t, k: np.nanvar(t, ddof=k)),
    "np.pad": (ROW, lambda t, k: np.pad(t, 3, mode="mean", stat_length=k)),
    "embedding": (TABLE.T, lambda t, k: F.embedding(np.array([5, k, k], k.dtype), t, padding_idx=k)),
}


@pytest.mark.parametrize("kind", [np.int8, np.uint8, np.uint64])
@pytest.mark.parametrize("name", NUMBERS)
def test_a_length_may_be_too_large_for_the_dtype_of_an_index_or_setting(name: str, kind: Any) -> None:
    array, f = NUMBERS[name]
    found, expected = Tensor(array), Tensor(array)
    np.sum(np.square(f(found, kind(7)))).backward()
    np.sum(np.square(f(expected, np.int64(7)))).backward()
    np.testing.assert_allclose(found.grad, expected.grad, rtol=1e-12)


@pytest.mark.parametrize("f", [np.var, np.nanvar, np.std])
def test_the_derivative_has_the_precision_of_the_numbers_not_of_a_setting(f: Any) -> None:
    found, expected = Tensor(ROW), Tensor(ROW)
    f(found, ddof=np.float16(3)).backward()
    f(expected, ddof=3).backward()
    np.testing.assert_allclose(found.grad, expected.grad, rtol=1e-12)


def test_bincount_refuses_what_numpy_refuses() -> None:
    """Negative numbers counted from the end."""
    for places, error in (([-1, 2], ValueError), ([[1], [2]], ValueError), ([1, 2, 3], ValueError)):
        with pytest.raises(error):
            np.bincount(places, [1.0, 2.0])
        with pytest.raises(error):
            np.bincount(places, Tensor([1.0, 2.0]))


def test_truth_values_are_numbers_where_numpy_takes_them_for_such() -> None:
    t, truth = Tensor([1.0, 2.0]), np.array([True, False])
    np.testing.assert_array_equal(np.take(t, truth).data, np.take(t.data, truth))
    np.testing.assert_array_equal(np.bincount(truth, t).data, np.bincount(truth, t.data))
