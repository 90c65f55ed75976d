"""Initialisers: the spread of what they draw, and shapes they refuse."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from autograd import Tensor, nn


@pytest.mark.parametrize(
    "initialise, std",
    [
        (lambda w: nn.init.uniform_(w, -1, 3, rng=0), 4 / math.sqrt(12)),
        (lambda w: nn.init.normal_(w, 1, 0.5, rng=0), 0.5),
        (lambda w: nn.init.xavier_uniform_(w, rng=0), math.sqrt(2 / (100 + 60))),
        (lambda w: nn.init.xavier_normal_(w, 2.0, rng=0), 2 * math.sqrt(2 / (100 + 60))),
        (lambda w: nn.init.kaiming_uniform_(w, nonlinearity="relu", rng=0), math.sqrt(2 / 100)),
        (lambda w: nn.init.kaiming_normal_(w, 0.5, "fan_out", rng=0), math.sqrt(2 / 1.25 / 60)),
        (lambda w: nn.init.he_normal_(w, nonlinearity="relu", rng=0), math.sqrt(2 / 100)),
        (lambda w: nn.init.lecun_uniform_(w, rng=0), math.sqrt(1 / 100)),
        (lambda w: nn.init.lecun_normal_(w, rng=0), math.sqrt(1 / 100)),
        (lambda w: nn.init.orthogonal_(w, rng=0), math.sqrt(1 / 100)),
        (nn.init.zeros_, 0),
        (lambda w: nn.init.constant_(w, 2.0), 0),
    ],
)
def test_initialisers(initialise: Any, std: float) -> None:
    w = Tensor(np.full((60, 100), 9.0))
    assert initialise(w) is w
    assert w.data.std() == pytest.approx(std, rel=0.05)
    array = np.zeros((60, 100))
    initialise(array)
    np.testing.assert_array_equal(array, w.data)


def test_initialisers_of_filters() -> None:
    assert nn.init.fans(np.zeros((8, 4, 3, 3))) == (36, 72)
    q = nn.init.orthogonal_(np.zeros((4, 3, 2, 2)), 2.0, rng=0).reshape(4, 12)
    np.testing.assert_allclose(q @ q.T, 4 * np.eye(4), atol=1e-12)
    np.testing.assert_array_equal(nn.init.eye_(np.zeros((2, 3))), np.eye(2, 3))
    assert nn.init.calculate_gain("leaky_relu", 0.5) == pytest.approx(math.sqrt(1.6))
    with pytest.raises(ValueError, match="2 axes"):
        nn.init.xavier_normal_(np.zeros(3))
    with pytest.raises(ValueError, match="no gain"):
        nn.init.calculate_gain("cosine")
