"""Writes to a Tensor's data are noticed, whichever way they take; reads are plain NumPy."""

from __future__ import annotations

import pickle
from typing import Any, Callable

import numpy as np
import pytest

from autograd import ChangedDataError, Tensor


def set_item(d: Any) -> None:
    d[0] = 9.0


def set_part(d: Any) -> None:
    d[1:][0] = 9.0


def subtract(d: Any) -> None:
    d -= 1.0


WRITES = [set_item, set_part, subtract, lambda d: d.fill(2.0), lambda d: d.sort(), lambda d: d[::-1].fill(3.0)]


@pytest.mark.parametrize("write", WRITES)
def test_a_write_between_forward_and_backward_is_noticed(write: Callable[[Any], None]) -> None:
    t = Tensor([3.0, 1.0, 2.0])
    y = np.sum(t * t)
    write(t.data)
    with pytest.raises(ChangedDataError, match="changed after"):
        y.backward()
    np.sum(t * t).backward()
    np.testing.assert_array_equal(t.grad, 2 * np.array(t.data))


@pytest.mark.parametrize("write", [lambda d: np.copyto(d, 1.0), lambda d: np.add(d, 1.0, out=d)])
def test_other_ways_of_writing_are_refused(write: Callable[[Any], Any]) -> None:
    t = Tensor([3.0, 1.0])
    before = np.array(t.data)
    with pytest.raises(ValueError, match="read-only"):
        write(t.data)
    np.testing.assert_array_equal(t.data, before)


def test_an_update_in_place_needs_no_new_array() -> None:
    t = Tensor([1.0, 2.0])
    array = t._data
    t.data -= 0.5 * np.array([1.0, 1.0])
    assert t._data is array
    np.testing.assert_array_equal(t.data, [0.5, 1.5])


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


def test_an_array_is_used_as_it_was() -> None:
    x, t = np.ones(3), Tensor([1.0, 2.0, 3.0])
    y = np.sum(t * x)
    x[:] = 7.0
    y.backward()
    np.testing.assert_array_equal(t.grad, [1.0, 1.0, 1.0])
