"""A rate that falls when the loss stands still."""

from __future__ import annotations

from autograd import Value, optim


def test_a_plateau_lowers_the_rate_until_the_least() -> None:
    sgd = optim.SGD([Value(0.0)], lr=1.0)
    plateau = optim.ReduceLROnPlateau(sgd, factor=0.5, patience=1, min_lr=0.3)
    seen = []
    for loss in (1.0, 0.9, 0.9, 0.9, 0.9, 0.9, 0.5):
        plateau.step(loss)
        seen += plateau.get_last_lr()
    assert seen == [1, 1, 1, 0.5, 0.5, 0.3, 0.3]
