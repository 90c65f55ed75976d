"""Writing into arrays without overwriting them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import autograd
from autograd import InPlaceError, LeavesGraphError, Tensor, Value, grad, hessian, vjp
from autograd.check import check_gradient

METHODS = {
    "set": None, "add": np.add, "multiply": np.multiply, "min": np.minimum, "max": np.maximum,
}  # fmt: skip


def in_place(x: Any, method: str, index: Any, values: Any) -> Any:
    """What NumPy writes."""
    y = np.array(x)
    if method == "set":
        y[index] = values
    else:
        # Spread out, since ufunc.at of NumPy 2.4 reads past the end of values that broadcast to two axes of an index.
        METHODS[method].at(y, index, np.broadcast_to(values, y[index].shape).copy())
    return y


def numbers(shape: Any, seed: int) -> Any:
    rng = np.random.default_rng(seed)
    count = int(np.prod(shape, dtype=int))
    return (rng.permutation(count) + rng.uniform(0.3, 0.7) - count / 2).reshape(shape) / 3


@settings(max_examples=150)
@given(st.data(), st.sampled_from(sorted(METHODS)), hnp.array_shapes(max_dims=3, max_side=4))
def test_updates_are_numpys_and_their_gradients_are_right(data: Any, method: str, shape: Any) -> None:
    index = data.draw(
        st.one_of(
            hnp.basic_indices(shape, allow_newaxis=True),
            hnp.integer_array_indices(shape, result_shape=hnp.array_shapes(min_dims=1, max_dims=2, max_side=5)),
            hnp.arrays(bool, shape),
        )
    )
    x = numbers(shape, 0)
    values = numbers(x[index].shape[data.draw(st.integers(0, 1)) :], 1) + 0.1
    expected = in_place(x, method, index, values)

    def update(x: Any, values: Any) -> Any:
        return getattr(autograd.at(x)[index], method)(values)

    for given_x, given_values in ((Tensor(x), values), (x, Tensor(values)), (Tensor(x), Tensor(values)), (x, values)):
        y = update(given_x, given_values)
        np.testing.assert_allclose(autograd.node.plain(y), expected, rtol=1e-14, atol=1e-14)  # sums in another order
        assert isinstance(y, Tensor) == (isinstance(given_x, Tensor) or isinstance(given_values, Tensor))
    assert not np.shares_memory(update(x, values), x)
    g = np.random.default_rng(2).uniform(-1, 1, expected.shape)
    (pulled_x, pulled_values), h = vjp(update, x, values)[1](g), 1e-6
    for place in range(x.size):
        e = h * (np.arange(x.size) == place).reshape(shape)
        slope = np.sum(g * (in_place(x + e, method, index, values) - in_place(x - e, method, index, values))) / (2 * h)
        assert pulled_x.reshape(-1)[place] == pytest.approx(slope, rel=1e-5, abs=1e-6)
    for place in range(values.size):
        e = h * (np.arange(values.size) == place).reshape(values.shape)
        slope = np.sum(g * (in_place(x, method, index, values + e) - in_place(x, method, index, values - e))) / (2 * h)
        assert np.reshape(pulled_values, -1)[place] == pytest.approx(slope, rel=1e-5, abs=1e-6)


def test_second_derivatives_and_the_checker() -> None:
    def f(x: Any) -> Any:
        return np.sum(x.at[np.array([0, 2, 0])].multiply(np.sin(x)) ** 2)

    x = np.array([0.3, 1.1, -0.7])
    assert check_gradient(f, x).verdict == "right"
    np.testing.assert_allclose(hessian(f)(x), hessian(f)(x).T, atol=1e-12)


def test_the_program_that_people_write() -> None:
    def determinant(A: Any) -> Any:
        B = np.zeros((4, 4)) + np.eye(4)
        return np.linalg.det(autograd.at(B)[:2, :2].set(A))

    A = np.array([[2.0, 1.0], [0.5, 3.0]])
    np.testing.assert_allclose(grad(determinant)(A), np.linalg.det(A) * np.linalg.inv(A).T)


def test_dtypes() -> None:
    assert autograd.at(np.zeros(2, int))[0].set(Tensor(0.5)).dtype == np.float64
    single = Tensor(np.ones(2, np.float32))
    assert single.at[0].multiply(np.float32(2)).dtype == np.float32
    np.testing.assert_array_equal(Tensor([1.0, 2.0]).at[0].add(1j).data, [1 + 1j, 2])


def test_mistakes_are_named() -> None:
    t = Tensor(np.ones((3, 2)))
    with pytest.raises(ValueError, match=r"x\[index\] has shape \(2,\); values of shape \(3,\)"):
        t.at[0].set(np.ones(3))
    with pytest.raises(IndexError):
        t.at[5].set(1.0)
    with pytest.raises(TypeError, match="cannot be an index"):
        t.at[Tensor(1.0)].set(1.0)
    for mistaken in ("text", Value(1.0), [None]):
        with pytest.raises(TypeError, match="values is a Tensor or an array of numbers"):
            t.at[0].set(mistaken)
    with pytest.raises(TypeError, match="x is a Tensor or an array"):
        autograd.at(Value(1.0))


@pytest.mark.parametrize(
    ("assign", "shown"),
    [
        (lambda t: t.__setitem__(0, 1.0), "t.at[0].set(x)"),
        (lambda t: t.__setitem__((slice(None, 2), -1), 1.0), "t.at[:2, -1].set(x)"),
        (lambda t: t.__setitem__((..., slice(0, 3, 2)), 1.0), "t.at[..., 0:3:2].set(x)"),
        (lambda t: t.__setitem__(t.data > 0, 1.0), "t.at[index].set(x)"),
    ],
)
def test_the_refusal_of_an_assignment_shows_the_line_to_write(assign: Any, shown: str) -> None:
    with pytest.raises(InPlaceError) as refused:
        assign(Tensor(np.ones((3, 3))))
    assert f"write t = {shown}" in str(refused.value)


def test_a_plain_array_names_it_too() -> None:
    with pytest.raises(LeavesGraphError, match=r"autograd\.at\(array\)\[index\]\.set\(t\)"):
        np.zeros((2, 2))[0] = Tensor([1.0, 2.0])
