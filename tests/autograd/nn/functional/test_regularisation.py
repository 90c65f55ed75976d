"""Dropout: how much it leaves out, and what it passes back."""

from __future__ import annotations

import numpy as np
import pytest

import autograd.nn.functional as F
from autograd import Tensor


def test_dropout() -> None:
    x = Tensor(np.ones((200, 100), np.float32))
    y = F.dropout(x, 0.25, rng=3)
    kept = y.data != 0
    assert abs(kept.mean() - 0.75) < 0.01 and np.unique(y.data).size == 2 and y.dtype == np.float32
    y.sum().backward()
    np.testing.assert_array_equal(x.grad, y.data)
    assert F.dropout(x, 0.5, training=False) is x
    np.testing.assert_array_equal(F.dropout(x, 0.5, rng=np.random.default_rng(1)).data, F.dropout(x, 0.5, rng=1).data)
    assert not F.dropout(x, 1.0).data.any()
    with pytest.raises(ValueError, match="probability"):
        F.dropout(x, 1.5)
