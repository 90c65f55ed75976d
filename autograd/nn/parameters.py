"""What layers' parameters start from: their sizes, and their first numbers."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from autograd.tensor import Tensor


def uniform(shape: tuple[int, ...], fan_in: int, rng: np.random.Generator, dtype: DTypeLike) -> Tensor:
    """A parameter uniform on ±1/√(fan in), as PyTorch starts its layers."""
    bound = 1 / math.sqrt(fan_in) if fan_in else 0.0
    return Tensor(rng.uniform(-bound, bound, shape).astype(dtype))


def size(name: str, value: Any) -> int:
    """`value`, a number of features, as an int; anything but a whole number of at least 1 is refused."""
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < 1:
        raise ValueError(f"{name} must be a whole number of at least 1, not {value!r}")
    return int(value)
