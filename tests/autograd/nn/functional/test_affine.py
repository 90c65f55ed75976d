"""x·Wᵀ + b, for any number of axes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autograd.nn.functional as F
from autograd import Tensor
from tests.autograd.nn.differences import check_derivatives

rng = np.random.default_rng(5)


@pytest.mark.parametrize("shape", [(3,), (2, 3), (2, 2, 3)])
def test_linear(shape: Any) -> None:
    x, w, b = rng.normal(size=shape), rng.normal(size=(4, 3)), rng.normal(size=4)
    np.testing.assert_allclose(F.linear(x, w, b), x @ w.T + b)
    check_derivatives(F.linear, x, w, b)
    check_derivatives(lambda w, b: F.linear(x, w, b), w, b)
    y = F.linear(Tensor(x), w, b)
    assert y.rule.name == "linear" and len(y.inputs) == 3
