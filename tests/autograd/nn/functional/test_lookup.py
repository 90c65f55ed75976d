"""One-hot rows and rows of a matrix."""

from __future__ import annotations

import numpy as np
import pytest

import autograd.nn.functional as F
from autograd import Tensor
from tests.autograd.nn.differences import check_derivatives

rng = np.random.default_rng(5)


def test_lookup() -> None:
    weight = rng.normal(size=(4, 3))
    index = np.array([[0, 2], [2, 3]])
    check_derivatives(lambda w: F.embedding(index, w), weight)
    w = Tensor(weight)
    F.embedding(index, w, padding_idx=2).sum().backward()
    np.testing.assert_array_equal(w.grad.sum(1), [3, 0, 0, 3])
    np.testing.assert_array_equal(F.one_hot(index, 4), np.eye(4)[index])
    with pytest.raises(ValueError, match="0 to 3"):
        F.embedding([4], w)
    with pytest.raises(TypeError, match="whole numbers"):
        F.one_hot([0.5])
