"""Whatever can be drawn, read into one form: recorded programs, and programs that failed."""

from __future__ import annotations

from typing import Any, Mapping

from viz.failed import Attempt
from viz.record import Recording


def read(root: Any, names: Mapping[str, Any] | None = None, of_root: Any = None) -> Recording:
    """The graph of `root`: a Value, a Tensor, several of them, or the error at which a program stopped."""
    if isinstance(root, BaseException):
        return Attempt(root, names, of_root)
    return Recording(root, names, of_root)
