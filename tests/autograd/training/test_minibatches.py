"""Rows in batches, in a random order."""

from __future__ import annotations

import numpy as np
import pytest

from autograd import training


def test_batches() -> None:
    seen = list(training.batches(np.arange(10), np.arange(10) * 2, batch_size=4, rng=3))
    assert [len(x) for x, _ in seen] == [4, 4, 2] and all((y == 2 * x).all() for x, y in seen)
    order = np.concatenate([x for x, _ in seen])
    assert sorted(order) == list(range(10)) and not (order == np.arange(10)).all()
    again = np.concatenate([x for x, _ in training.batches(np.arange(10), np.arange(10) * 2, batch_size=4, rng=3)])
    np.testing.assert_array_equal(order, again)
    assert len(list(training.batches(np.arange(10), batch_size=4, drop_last=True))) == 2
    with pytest.raises(ValueError, match="different lengths: 3, 4"):
        training.batches(np.ones(3), np.ones(4))
    with pytest.raises(ValueError, match="batch_size"):
        training.batches(np.ones(3), batch_size=0)
