"""Shares of right answers."""

from __future__ import annotations

import numpy as np
import pytest

from autograd import Tensor, training


def test_accuracy_of_two_classes() -> None:
    assert training.accuracy(np.array([[0.3], [-0.2], [1.0]]), np.array([1, -1, -1])) == pytest.approx(2 / 3)
    assert training.accuracy(Tensor([0.3, -0.2]), np.array([1, 0])) == 1
