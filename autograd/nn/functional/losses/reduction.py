"""What all losses share: arrays of one shape, and the mean or the sum over their elements."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.functions.register import all_in_floats
from autograd.types import Array


def reduced(function: str, losses: Array, reduction: str) -> Any:
    """All losses, their mean or their sum."""
    if reduction == "mean":
        return np.mean(losses)
    if reduction == "sum":
        return np.sum(losses)
    if reduction == "none":
        return losses
    raise ValueError(f"{function}: reduction must be 'mean', 'sum' or 'none', not {reduction!r}")


def pair(function: str, input: Array, target: Array) -> tuple[Any, Any]:
    """Input and target as arrays of one shape.

    Raises
    ------
    ValueError
        If the shapes differ: broadcasting (n,) against (n, 1) would compare everything with everything.
    """
    input, target = all_in_floats(input, target)
    if input.shape != target.shape:
        raise ValueError(
            f"{function}: input has shape {input.shape} but target {target.shape}; give both one shape, e.g. by reshape"
        )
    return input, target
