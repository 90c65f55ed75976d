"""Whatever can be drawn, read into one form: recorded programs, those that failed, and those of PyTorch."""

from __future__ import annotations

import math
from typing import Any, Mapping

from viz.failed import Attempt
from viz.pytorch import TorchRecording, is_torch
from viz.record import Recording


def read(
    root: Any, names: Mapping[str, Any] | None = None, of_root: Any = None, seconds: float = math.inf
) -> Recording:
    """The graph of `root`: a Value, a Tensor, several of them, a PyTorch loss, or the error that stopped a program.

    One of ours that takes longer than so many seconds to read is refused.
    """
    if isinstance(root, BaseException):
        return Attempt(root, names, of_root)
    if is_torch(root):
        return TorchRecording(root, names, of_root)
    return Recording(root, names, of_root, seconds)
