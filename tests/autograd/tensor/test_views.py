"""Tensors that see the numbers of others, and copies, which do not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograd import InPlaceError, Tensor, no_grad


@pytest.mark.parametrize("view", [lambda x: x.reshape(4), lambda x: x.T, lambda x: x[0], lambda x: np.squeeze(x)])
@pytest.mark.parametrize("recorded", [True, False])
def test_a_tensor_that_sees_another_ones_numbers_does_not_overwrite_them(view: Any, recorded: bool) -> None:
    x = Tensor([[1.0, 2.0], [3.0, 4.0]])
    loss = np.sum(x * x)
    if recorded:
        part = view(x)
    else:
        with no_grad():
            part = view(x)
    for written in (part.data, view(x).data):  # the second one's tensor is gone by now
        with pytest.raises(InPlaceError, match="copy"):
            written[...] = 10.0
        with pytest.raises(InPlaceError, match="copy"):
            written[:1] += 10.0
    loss.backward()
    np.testing.assert_array_equal(x.grad, [[2.0, 4.0], [6.0, 8.0]])


@pytest.mark.parametrize("copy", [lambda x: x.copy(), np.copy, np.positive])
@pytest.mark.parametrize("recorded", [True, False])
def test_a_copy_does_not_follow_what_is_written_to_the_original(copy: Any, recorded: bool) -> None:
    x = Tensor([1.0, 2.0])
    if recorded:
        kept = copy(x)
    else:
        with no_grad():
            kept = copy(x)
    x.data -= 5.0
    np.testing.assert_array_equal(kept.data, [1.0, 2.0])
    kept.data[0] = 9.0
    np.testing.assert_array_equal(x.data, [-4.0, -3.0])


def test_an_old_view_of_replaced_data_writes_to_the_old_numbers() -> None:
    x = Tensor([1.0, 2.0])
    old = x.data
    x.data = [3.0, 4.0]
    old[0] = 9.0
    np.testing.assert_array_equal(x.data, [3.0, 4.0])
    np.testing.assert_array_equal(old, [9.0, 2.0])
