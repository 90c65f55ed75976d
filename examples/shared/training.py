"""Two functions that several examples train with; example 13 shows what is in them."""

from __future__ import annotations

from typing import Any, Callable

import numpy as np

from autograd import no_grad
from autograd.nn import functional as F


def epoch(
    model: Callable[[Any], Any],
    optimiser: Any,
    X: Any,
    y: Any,
    batch: int,
    rng: np.random.Generator,
    loss_of: Callable[[Any, Any], Any] = F.cross_entropy,
) -> float:
    """One pass over all examples in mini-batches, in a new order: the mean loss."""
    order, losses = rng.permutation(len(X)), []
    for first in range(0, len(X), batch):
        some = order[first : first + batch]
        loss = loss_of(model(X[some]), y[some])
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    return float(np.mean(losses))


def evaluate(model: Any, X: Any, y: Any) -> tuple[float, float]:
    """The cross-entropy of a classifier and its share of right answers, dropout and the like switched off."""
    model.eval()
    with no_grad():
        logits = model(X)
        loss = F.cross_entropy(logits, y)
    model.train()
    return float(loss), float(np.mean(np.argmax(logits.data, axis=1) == y))
