"""Where a nan or an inf comes from: what `detect_anomaly` raises."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, Sequence

import numpy as np

from autograd.errors import AnomalyError

_PACKAGE = str(Path(__file__).parent)


def refuse_anomaly(rule: Any, inputs: Sequence[Any], data: Any) -> None:
    """Raise if `data`, which `rule` has just made, is not finite."""
    if not np.all(np.isfinite(data)):
        shown = rule.notation.write([_brief(x) for x in inputs], "text")
        raise AnomalyError(f"{shown} gave {_brief(data, first_bad=True)} at {source_line()}")


def refuse_anomalous_gradient(rule: Any, inputs: Sequence[Any], g: Any, cotangent: Any) -> None:
    """Raise if the cotangent that `rule` passes back is not finite though `g` was."""
    if not np.all(np.isfinite(cotangent)):
        shown = rule.notation.write([_brief(x) for x in inputs], "text")
        raise AnomalyError(f"the backward pass of {shown} made {_brief(cotangent, first_bad=True)} out of {_brief(g)}")


def source_line() -> str:
    """``file:line`` of the innermost frame outside this package."""
    frame = sys._getframe(1)
    while frame.f_back is not None and frame.f_code.co_filename.startswith((_PACKAGE, "<rule")):
        frame = frame.f_back
    return f"{frame.f_code.co_filename}:{frame.f_lineno}"


def _brief(x: Any, first_bad: bool = False) -> str:
    x = getattr(x, "_data", x)
    if np.ndim(x) == 0:
        return format(x, ".6g") if isinstance(x, (float, int, np.number)) else str(x)
    where = f" with {x[~np.isfinite(x)][0]}" if first_bad else ""
    return f"an array of shape {np.shape(x)}{where}"
