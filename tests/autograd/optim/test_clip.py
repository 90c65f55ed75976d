"""Gradients are cut to a norm or to a size."""

from __future__ import annotations

import math

import numpy as np
import pytest

from autograd import Tensor, Value, optim


def test_clipping() -> None:
    a, b = Tensor([3.0, 0.0]), Value(4.0)
    for norm, expected in ((2, 5.0), (1, 7.0), (math.inf, 4.0)):
        a.grad, b.grad = np.array([3.0, 0.0]), 4.0
        assert optim.clip_grad_norm_([a, b, Value(0.0)], 1.0, norm) == pytest.approx(expected)
        np.testing.assert_allclose([*a.grad, b.grad], np.array([3, 0, 4]) / expected, rtol=1e-5)
    a.grad, b.grad = np.array([0.3, 0.0]), 0.4
    optim.clip_grad_norm_([a, b], 1.0)
    assert b.grad == 0.4
    optim.clip_grad_value_([a, b], 0.2)
    assert a.grad.tolist() == [0.2, 0] and b.grad == 0.2
    b.grad = math.nan
    with pytest.raises(ValueError, match="nan"):
        optim.clip_grad_norm_([b], 1.0, error_if_nonfinite=True)
