"""What the functions of `autograd.nn.functional` refuse, and in which words."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autograd.nn.functional as F


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: F.conv2d(np.ones((1, 2, 3, 3)), np.ones((1, 3, 2, 2))), "input has 2 channels"),
        (lambda: F.conv2d(np.ones((1, 1, 3, 3)), np.ones((1, 1, 4, 4))), "does not fit into"),
        (lambda: F.conv2d(np.ones((3, 3)), np.ones((1, 1, 2, 2))), "got shape"),
        (lambda: F.conv2d(np.ones((1, 1, 3, 3)), np.ones((1, 1, 2, 2)), stride=0), "stride must be"),
        (lambda: F.conv2d(np.ones((1, 1, 3, 3)), np.ones((1, 1, 2, 2)), np.ones(2)), "bias has shape"),
        (lambda: F.conv2d(np.ones((1, 1, 3, 3)), np.ones((1, 1, 2, 2)), stride=2, padding="same"), "needs stride=1"),
        (lambda: F.conv_transpose2d(np.ones((1, 1, 3, 3)), np.ones((1, 1, 2, 2)), output_padding=1), "output_padding"),
        (lambda: F.max_pool2d(np.ones((1, 1, 3, 3)), 2, padding=2), "more than half"),
        (lambda: F.linear(np.ones((2, 3)), np.ones((4, 2))), "does not fit weight"),
        (lambda: F.linear(np.ones((2, 3)), np.ones((4, 3)), np.ones(3)), "bias has shape"),
        (lambda: F.cross_entropy(np.ones((2, 3)), np.array([0, 3])), "none of the classes"),
        (lambda: F.cross_entropy(np.ones((2, 3)), np.array([0.0, 1.0])), "whole numbers"),
        (lambda: F.cross_entropy(np.ones((2, 3)), np.array([0, 1]), label_smoothing=2), "label_smoothing"),
        (lambda: F.layer_norm(np.ones((2, 3)), 2), "does not end in"),
        (lambda: F.batch_norm(np.ones((1, 3)), None, None, training=True), "larger batch"),
        (lambda: F.batch_norm(np.ones((2, 3)), np.ones(2), np.ones(2)), "3 channels"),
    ],
)
def test_refusals(call: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
