"""A small network and its points, trained by `fit` as most of these tests do it."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd import nn, optim, training

X = np.random.default_rng(0).normal(size=(60, 2))
Y = (X[:, 0] * X[:, 1] > 0).astype(int)


def network() -> nn.Sequential:
    return nn.Sequential(nn.Linear(2, 16, rng=0), nn.Tanh(), nn.Linear(16, 2, rng=1))


def fit(model: Any, **settings: Any) -> training.History:
    usual: dict[str, Any] = dict(loss=nn.CrossEntropyLoss(), epochs=3, batch_size=16, rng=0, progress=False)
    if "optimizer" not in settings:
        settings["optimizer"] = optim.Adam(model.parameters(), lr=0.05)
    return training.fit(model, X, Y, **{**usual, **settings})
