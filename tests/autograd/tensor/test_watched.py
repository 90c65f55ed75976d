"""Writes to a Tensor's data are noticed, whichever way they take; reads are plain NumPy."""

from __future__ import annotations

import operator
import pickle
from typing import Any, Callable

import numpy as np
import pytest

from autograd import ChangedDataError, InPlaceError, Tensor


def set_item(d: Any) -> None:
    d[0] = 9.0


def set_part(d: Any) -> None:
    d[1:][0] = 9.0


def subtract(d: Any) -> None:
    d -= 1.0


def clip(d: Any) -> None:
    assert np.clip(d, 0.5, 1.5, out=d) is d


def quotients_and_remainders(d: Any) -> None:
    quotients, remainders = np.divmod([7.0, 8.0, 9.0], 5.0, out=(d, np.empty(3)))
    assert quotients is d
    np.testing.assert_array_equal(remainders, [2.0, 3.0, 4.0])


def fail_halfway(d: Any) -> None:
    with pytest.raises(IndexError):
        np.add.at(d, [0, 17], 1.0)
    d[0] += 0.5  # NumPy may have looked at the indices first


WRITES = [
    set_item,
    set_part,
    subtract,
    clip,
    quotients_and_remainders,
    fail_halfway,
    lambda d: d.fill(2.0),
    lambda d: d.sort(),
    lambda d: d[::-1].fill(3.0),
    lambda d: d.put([0], 7.0),
    lambda d: d.partition(1),
    lambda d: np.add.at(d, [0, 0, 2], 1.0),
    lambda d: np.add.at(d[1:], 0, 1.0),
    lambda d: np.negative.at(d, 1),
    lambda d: np.add(d, 1.0, out=d),
    lambda d: np.exp(np.ones(3), out=d[:]),
    lambda d: np.add.accumulate(np.ones(3), out=d),
    lambda d: np.sum(np.ones((2, 3)), axis=0, out=d),
    lambda d: np.put_along_axis(d, np.array([0]), 9.0, 0),
]


@pytest.mark.parametrize("write", WRITES)
def test_a_write_between_forward_and_backward_is_noticed(write: Callable[[Any], None]) -> None:
    t = Tensor([3.0, 1.0, 2.0])
    y = np.sum(t * t)
    write(t.data)
    with pytest.raises(ChangedDataError, match="changed after"):
        y.backward()
    np.sum(t * t).backward()
    np.testing.assert_array_equal(t.grad, 2 * np.array(t.data))


@pytest.mark.parametrize(
    "write",
    [
        lambda d: np.copyto(d, 1.0),
        lambda d: np.putmask(d, [True, False], 1.0),
        lambda d: np.dot(np.eye(2), np.ones(2), out=d),
        lambda d: d.flat.__setitem__(0, 9.0),
        lambda d: np.random.default_rng(0).random(out=d),
        lambda d: d.byteswap(inplace=True),
    ],
)
def test_other_ways_of_writing_are_refused(write: Callable[[Any], Any]) -> None:
    t = Tensor([3.0, 1.0])
    before = np.array(t.data)
    with pytest.raises(ValueError):  # NumPy's own, in various words
        write(t.data)
    np.testing.assert_array_equal(t.data, before)


def test_an_update_in_place_needs_no_new_array() -> None:
    t = Tensor([1.0, 2.0])
    array = t._data
    t.data -= 0.5 * np.array([1.0, 1.0])
    assert t._data is array
    np.testing.assert_array_equal(t.data, [0.5, 1.5])


@pytest.mark.parametrize("operate", [operator.isub, operator.imod])
def test_an_operand_that_computes_itself_is_left_to_do_so(operate: Callable[[Any, Any], Any]) -> None:
    class Five:
        __array_priority__ = 1000.0  # NumPy steps back

        def __rsub__(self, other: Any) -> Any:
            return np.asarray(other) - 5

        def __rmod__(self, other: Any) -> Any:
            return np.asarray(other) % 5

    t = Tensor([7.0, 8.0])
    t.data = operate(t.data, Five())
    np.testing.assert_array_equal(t.data, [2.0, 3.0])
    with pytest.raises(TypeError, match="unsupported operand"):
        t.data = operate(t.data, type("Unknown", (), {"__array_priority__": 1000.0})())


@pytest.mark.parametrize("operate", [operator.iadd, operator.isub, operator.imul, operator.itruediv, operator.ipow])
def test_every_update_in_place_is_noticed(operate: Callable[[Any, Any], Any]) -> None:
    t = Tensor([3.0, 1.0])
    y, view, plain = np.sum(t * t), t.data, np.array([3.0, 1.0])
    t.data = operate(view, 2.0)
    assert t.data is view
    np.testing.assert_array_equal(view, operate(plain, 2.0))
    with pytest.raises(ChangedDataError, match="changed after"):
        y.backward()


@pytest.mark.parametrize("operate", [operator.iadd, operator.imul])
def test_an_update_that_fails_is_no_update(operate: Callable[[Any, Any], Any]) -> None:
    t = Tensor([3.0, 1.0])
    y = np.sum(t * t)
    with pytest.raises(ValueError, match="broadcast"):
        operate(t.data, np.ones(3))
    np.testing.assert_array_equal(t.data, [3.0, 1.0])
    with pytest.raises(ChangedDataError, match="changed after"):  # an error may come in the middle of a write
        y.backward()


def test_data_that_was_exchanged_is_not_written_to() -> None:
    t = Tensor([1.0, 2.0])
    old = t.data
    t.data = [5.0, 6.0]
    old[0] = 99.0
    np.testing.assert_array_equal(t.data, [5.0, 6.0])


def test_what_is_computed_from_data_is_a_plain_array() -> None:
    data = Tensor([1.0, 2.0]).data
    assert type(data * 2) is np.ndarray and type(np.tanh(data)) is np.ndarray
    copy = data.copy()
    copy[0] = 5.0  # somebody's own
    assert type(pickle.loads(pickle.dumps(data))) is np.ndarray


def test_data_outlives_its_tensor() -> None:
    data = Tensor([1.0, 2.0]).data
    data[0] = 3.0
    np.testing.assert_array_equal(data, [3.0, 2.0])


@pytest.mark.parametrize("write", [lambda d: np.add.at(d, 0, 1.0), lambda d: np.add(d, 1.0, out=d)])
def test_numbers_of_another_are_not_written_to(write: Any) -> None:
    t = Tensor([1.0, 2.0])
    part = np.reshape(t, (2, 1))
    with pytest.raises(InPlaceError, match="belong to another"):
        write(part.data)
    np.testing.assert_array_equal(t.data, [1.0, 2.0])


def test_a_copy_of_the_data_is_written_to_freely() -> None:
    t = Tensor([1.0, 2.0])
    y, copy = np.sum(t * t), t.data.copy()
    np.add.at(copy, 0, 5.0)
    np.multiply(copy, 2.0, out=copy)
    np.testing.assert_array_equal(copy, [12.0, 4.0])
    y.backward()
    np.testing.assert_array_equal(t.grad, [2.0, 4.0])


def test_what_ufuncs_give_is_a_plain_array() -> None:
    d = Tensor([1.0, 2.0, 4.0]).data
    for result in (d + d, np.add.reduce(d[None], axis=0), np.multiply.outer(d, d), *np.divmod(d, 3.0), np.modf(d)[0]):
        assert type(result) is np.ndarray
    assert isinstance(np.add.reduce(d), float)


def test_an_array_is_used_as_it_was() -> None:
    x, t = np.ones(3), Tensor([1.0, 2.0, 3.0])
    y = np.sum(t * x)
    x[:] = 7.0
    y.backward()
    np.testing.assert_array_equal(t.grad, [1.0, 1.0, 1.0])
