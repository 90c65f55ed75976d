"""Numbers carried from one array library to another and back, as a recorded step."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.functions.register import is_other_array
from autograd.node import stored
from autograd.rules.arrays import Linear
from autograd.types import Array


def _transferred(x: Any, like: Any) -> Array:
    if is_other_array(like):
        return np.asarray(x, like=like)
    # CuPy's arrays leave the device by a method alone.
    return x.get() if hasattr(x, "get") else np.asarray(x)


transfer: Linear = Linear(
    "transfer",
    _transferred,
    lambda g, x, like: transfer(g, like=stored(x)),
    doc="The same numbers in an array of another library: that of the array `like`.",
    local="{g}, in the library of the input",
)
