"""Numbers that judge a model's outputs."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.node import plain
from autograd.types import Array


def accuracy(outputs: Array, targets: Any) -> float:
    """The share of right classes: the largest score of each row, or the sign of a single one.

    Parameters
    ----------
    outputs : array, shape (batch, classes); or (batch,) or (batch, 1) for two classes
        Scores (logits); the largest, or the sign of a single one, is the answer.
    targets : array
        Classes 0, 1, …; for a single score also −1 and 1.

    Returns
    -------
    float
        From 0 to 1.

    Examples
    --------
    >>> accuracy(np.array([[2.0, 1.0], [0.0, 3.0]]), np.array([0, 0]))
    0.5
    """
    scores, right = plain(outputs), np.asarray(plain(targets))
    if scores.ndim > 1 and scores.shape[1] > 1:
        return float(np.mean(scores.argmax(axis=1) == right))
    return float(np.mean((scores.reshape(-1) > 0) == (right.reshape(-1) > 0)))
