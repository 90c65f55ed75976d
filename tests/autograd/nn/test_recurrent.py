"""Recurrent layers: the same in parts as in one run, and what they refuse."""

from __future__ import annotations

import numpy as np
import pytest

from autograd import nn

rng = np.random.default_rng(2)


def test_recurrent_errors_and_unrolled_gradient() -> None:
    lstm = nn.LSTM(3, 2, dropout=0.5, num_layers=2, rng=0)
    with pytest.raises(ValueError, match="got shape"):
        lstm(np.ones((4, 2, 5)))
    with pytest.raises(ValueError, match="expected"):
        lstm(np.ones((4, 2, 3)), (np.zeros((2, 1, 2)), np.zeros((2, 2, 2))))
    x = rng.normal(size=(4, 2, 3))
    whole, end = lstm.eval()(x)
    first, middle = lstm(x[:2])
    second, last = lstm(x[2:], middle)
    np.testing.assert_allclose(np.concatenate([first.data, second.data]), whole.data)
    np.testing.assert_allclose(last[1].data, end[1].data)
