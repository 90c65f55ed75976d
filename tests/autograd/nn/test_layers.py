"""Layers with settings: where their numbers come from, and what they refuse."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograd import nn


def test_dtype_and_rng() -> None:
    layers: list[tuple[Any, tuple[int, ...]]] = [
        (nn.Linear, (3, 2)),
        (nn.Conv2d, (1, 2, 3)),
        (nn.LSTM, (2, 3)),
        (nn.Embedding, (4, 3)),
        (nn.MultiHeadAttention, (4, 2)),
    ]
    for layer, args in layers:
        first, second, third = (layer(*args, rng=r, dtype=np.float32) for r in (5, np.random.default_rng(5), 6))
        for (name, a), b, c in zip(first.named_parameters(), second.parameters(), third.parameters()):
            assert a.dtype == np.float32
            np.testing.assert_array_equal(a.data, b.data)
            assert "bias" in name or not np.array_equal(a.data, c.data)
    wide = nn.Linear(100, 50, rng=0)
    assert 0.09 < np.abs(wide.weight.data).max() <= 0.1
    dropout = nn.Dropout(0.5, rng=1)
    x = np.ones(100)
    assert not np.array_equal(dropout(x), dropout(x)) and dropout.eval()(x) is x


@pytest.mark.parametrize(
    "make, message",
    [
        (lambda: nn.Linear(0, 1), "in_features"),
        (lambda: nn.Conv2d(3, 4, 3, groups=2), "groups=2 must divide"),
        (lambda: nn.Conv2d(3, 4, (3, 3, 3)), "kernel_size"),
        (lambda: nn.Dropout(2), "probability"),
        (lambda: nn.MSELoss("average"), "reduction"),
        (lambda: nn.RNN(2, 2, nonlinearity="cos"), "nonlinearity"),
        (lambda: nn.BatchNorm2d(3)(np.ones((2, 3))), "4 axes"),
        (lambda: nn.Embedding(3, 2, padding_idx=3), "padding_idx"),
    ],
)
def test_refusals(make: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()
