"""Learning rates over time."""

from __future__ import annotations

import math

import numpy as np
import pytest

from autograd import Value, optim


def test_schedules_in_a_row() -> None:
    sgd = optim.SGD([Value(0.0)], lr=1.0)
    schedule = optim.SequentialLR(sgd, [optim.LinearLR(sgd, 0.25, total_iters=3), optim.CosineAnnealingLR(sgd, 4)], [3])
    rates = []
    for _ in range(8):
        rates += schedule.get_last_lr()
        schedule.step()
    np.testing.assert_allclose(
        rates, [0.25, 0.5, 0.75, 1, 0.5 + 0.5 * math.sqrt(0.5), 0.5, 0.5 - 0.5 * math.sqrt(0.5), 0], atol=1e-15
    )
    again = optim.SequentialLR(sgd, [optim.LinearLR(sgd, 0.25, total_iters=3), optim.CosineAnnealingLR(sgd, 4)], [3])
    again.load_state_dict(schedule.state_dict())
    assert again.last_epoch == 8 and again.get_last_lr() == schedule.get_last_lr()


def test_a_schedule_of_one_cycle_ends() -> None:
    sgd = optim.SGD([Value(0.0)], lr=1.0)
    with pytest.raises(ValueError, match="made for 2 steps"):
        one = optim.OneCycleLR(sgd, 1.0, 2)
        one.step()
        one.step()
