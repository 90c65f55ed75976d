"""Where Python's floats raise (1/0, exp(1000)), a rule is computed on NumPy's, which follow IEEE."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any, Callable, Sequence

import numpy as np

careful: ContextVar[bool] = ContextVar("careful", default=False)
"""Whether that is going on. Rules within the one that is computed do not try Python's floats first, then: each level
of rules that call each other would double the work."""


def carefully(compute: Callable[..., Any], inputs: Sequence[float]) -> float:
    """What `compute` gives on NumPy's floats: inf and nan, no exception."""
    before = careful.set(True)
    try:
        with np.errstate(all="ignore"):
            return float(compute(*map(np.float64, inputs)))
    finally:
        careful.reset(before)
