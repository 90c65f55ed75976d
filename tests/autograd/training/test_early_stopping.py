"""A training that stops when it gets no better."""

from __future__ import annotations

import numpy as np
import pytest

from autograd import optim, training
from tests.autograd.training.small import fit, network


def test_early_stopping_gives_the_best_back() -> None:
    model = network()
    stopping = training.EarlyStopping(patience=3, monitor="loss", min_delta=1e9)
    history = fit(model, epochs=50, early_stopping=stopping)
    assert len(history["loss"]) == 4  # inf to the first loss is the only improvement
    best = network()
    fit(best, epochs=1)
    for p, q in zip(model.parameters(), best.parameters()):
        np.testing.assert_array_equal(p.data, q.data)
    with pytest.raises(ValueError, match="watches 'val_loss'"):
        fit(model, early_stopping=training.EarlyStopping(monitor="val_loss"))
    model = network()
    frozen = optim.SGD(model.parameters(), lr=0.0)
    assert len(fit(model, optimizer=frozen, epochs=50, early_stopping=5, shuffle=False)["loss"]) == 6
    for mistaken in (True, "val_loss", 2.5):
        with pytest.raises(TypeError, match="early_stopping is a number of epochs or EarlyStopping"):
            fit(model, early_stopping=mistaken)
