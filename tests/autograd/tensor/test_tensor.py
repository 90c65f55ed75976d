"""`Tensor`: what it holds, how it is read, and what it refuses."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograd import InPlaceError, LeavesGraphError, NoRuleError, Tensor, Value

# --- what it holds ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "dtype"),
    [
        (3, np.float64),
        ([1, 2], np.float64),
        ([True, False], np.float64),
        (np.float16([1.0, 2.0]), np.float16),
        (np.float32(1.5), np.float32),
        (np.arange(6, dtype=np.int8).reshape(2, 3), np.float64),
        ([], np.float64),
    ],
)
def test_holds_a_copy_of_real_numbers(data: Any, dtype: Any) -> None:
    t = Tensor(data, label="t")
    assert (t.shape, t.dtype, t.ndim, t.size, t.label) == (np.shape(data), dtype, np.ndim(data), np.size(data), "t")
    assert t.itemsize * t.size == t.nbytes and t.tolist() == np.asarray(data).tolist()
    if isinstance(data, np.ndarray):
        assert not np.shares_memory(t.data, data)


@pytest.mark.parametrize(
    ("data", "error", "message"),
    [
        (1j, TypeError, "real numbers, not complex ones"),
        ("text", TypeError, "holds numbers, but data has dtype"),
        ([None], TypeError, "holds numbers, but data has dtype object"),
        (Value(1.0), TypeError, "data is a Value already"),
        ([Tensor(1.0), Tensor(2.0)], LeavesGraphError, "join them with np.stack"),
    ],
)
def test_refuses_what_are_no_real_numbers(data: Any, error: Any, message: str) -> None:
    with pytest.raises(error, match=message):
        Tensor(data)


def test_cannot_be_subclassed() -> None:
    with pytest.raises(TypeError, match="cannot be subclassed"):
        type("Mine", (Tensor,), {})


# --- backward --------------------------------------------------------------------------------------------


def test_backward_starts_from_a_scalar_or_takes_a_seed_of_its_shape() -> None:
    t = Tensor([1.0, 2.0])
    with pytest.raises(ValueError, match=r"starts from a scalar, but this Tensor has shape \(2,\)"):
        (t * t).backward()
    with pytest.raises(ValueError, match=r"gradient has shape \(3,\), but this Tensor has shape \(2,\)"):
        (t * t).backward(np.ones(3))
    with pytest.raises(ValueError, match="gradient is complex, but this Tensor is real"):
        (t * t).backward(np.ones(2) * 1j)
    with pytest.raises(ValueError, match="starts from a real number; this one is complex"):
        np.sum(np.exp(1j * t)).backward()
    assert t.grad is None
    (t * t).backward([1.0, 10.0])
    np.testing.assert_array_equal(t.grad, [2.0, 40.0])


def test_inner_gradients_are_kept_where_that_is_asked_for() -> None:
    t = Tensor([1.0, 2.0])
    u = t * t
    y = np.sum(u)
    y.backward()
    assert u.grad is None and y.grad is None
    y.backward(retain_grads=True)
    np.testing.assert_array_equal(u.grad, [1.0, 1.0])
    u.grad[:] = 5.0
    np.testing.assert_array_equal(t.grad, [4.0, 8.0])


@pytest.mark.parametrize("function", [lambda x: x.erf(), lambda x: x.gelu(), lambda x: np.insert(x, 1, 5.0)])
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_the_type_of_the_numbers_stays(function: Any, dtype: Any) -> None:
    x = Tensor(np.array([0.25, 0.5], dtype))
    y = function(x)
    np.sum(y).backward()
    assert (y.dtype, x.grad.dtype) == (dtype, dtype)


@pytest.mark.parametrize("dtype", [np.uint8, np.bool_, np.int64])
def test_a_power_of_0_that_is_unsigned(dtype: Any) -> None:
    x = Tensor([100.0, 3.0, 0.0])
    np.sum(x ** np.array([0, 1, 1], dtype=dtype)).backward()
    np.testing.assert_array_equal(x.grad, [0.0, 1.0, 1.0])


@pytest.mark.parametrize("axes", [(), None, ...])
def test_a_number_is_indexed_beside_other_uses(axes: Any) -> None:
    x = Tensor(2.0)
    y = np.sum(x[axes] * 3.0) + x * 4.0 + x * x
    y.backward()
    assert x.grad == 11.0


# --- as a sequence, and as a number ----------------------------------------------------------------------


def test_a_sequence_of_its_rows() -> None:
    t = Tensor([[1.0, 2.0], [3.0, 4.0]])
    assert len(t) == 2 and [row.tolist() for row in t] == [[1.0, 2.0], [3.0, 4.0]]
    first, second = t
    np.sum(first * second).backward()
    np.testing.assert_array_equal(t.grad, [[3.0, 4.0], [1.0, 2.0]])
    for call in (len, iter):
        with pytest.raises(TypeError, match="0-d Tensor .*use .item"):
            call(Tensor(1.0))


@pytest.mark.parametrize("convert", [float, int, complex])
def test_one_number_alone_is_converted(convert: Any) -> None:
    assert convert(Tensor([2.5])) == convert(2.5) and type(convert(Tensor(2.5))) is convert
    with pytest.raises(LeavesGraphError, match=rf"{convert.__name__}\(\) needs a single number, .*\(2,\); use t.data"):
        convert(Tensor([1.0, 2.0]))


def test_a_complex_number_in_between_is_converted() -> None:
    z = np.exp(1j * Tensor(0.0))
    assert complex(z) == z.item() == 1.0 + 0j
    with pytest.raises(TypeError):
        float(z)


def test_what_a_tensor_is_not() -> None:
    t = Tensor([1.0, 2.0])
    with pytest.raises(ValueError, match="truth value .* ambiguous"):
        bool(t)
    with pytest.raises(LeavesGraphError, match="cannot be an index"):
        [1, 2, 3][Tensor(1.0)]
    with pytest.raises(LeavesGraphError, match="by np.stack.*for the numbers alone take t.data"):
        np.asarray(t)
    with pytest.raises(TypeError, match="masked"):
        np.ma.array([1.0, 2.0], mask=[False, True]) * t


# --- in place --------------------------------------------------------------------------------------------


def test_nothing_is_overwritten() -> None:
    t = Tensor([3.0, 1.0, 2.0])
    with pytest.raises(InPlaceError, match=r"t\[0\] = x would overwrite .* t = t\.at\[0\]\.set\(x\)"):
        t[0] = 5.0
    for name in ("sort", "fill", "put", "partition", "resize"):
        with pytest.raises(InPlaceError, match=rf"t.{name}\(\) would overwrite recorded data"):
            getattr(t, name)(1)
    with pytest.raises(InPlaceError, match="cannot write into out="):
        np.exp(t, out=np.zeros(3))
    assert t.tolist() == [3.0, 1.0, 2.0]


# --- functions without a rule ----------------------------------------------------------------------------


def double(x: Any) -> Any:
    return 2 * x


def test_refused_functions_have_their_own_names() -> None:
    with pytest.raises(NoRuleError, match="^double .vectorized. has no rule"):
        np.frompyfunc(double, 1, 1)(Tensor([1.0]))
    with pytest.raises(NoRuleError, match="^np.add.at has no rule"):
        np.add.at(Tensor([1.0]), 0, 1)
