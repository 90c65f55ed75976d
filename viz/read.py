"""Whatever can be drawn, read into one form: recorded programs, those that failed, and those of PyTorch."""

from __future__ import annotations

import math
import sys
from typing import Any, Mapping

from viz.record import Recording


def read(
    root: Any, names: Mapping[str, Any] | None = None, of_root: Any = None, seconds: float = math.inf
) -> Recording:
    """The graph of `root`: a Value, a Tensor, several of them, a PyTorch loss, or the error that stopped a program.

    One of ours that takes longer than so many seconds to read is refused.
    """
    # What reads programs of another kind is loaded when there is one: it takes a tenth of the time of `import viz`.
    if isinstance(root, BaseException):
        from viz.failed import Attempt

        return Attempt(root, names, of_root)
    if _is_torch(root):
        from viz.pytorch import TorchRecording

        return TorchRecording(root, names, of_root)
    return Recording(root, names, of_root, seconds)


def _is_torch(x: Any) -> bool:
    """Whether `x` is a tensor of PyTorch, or a list of them."""
    torch = sys.modules.get("torch")
    parts = x if isinstance(x, (list, tuple)) and x else [x]
    return torch is not None and all(isinstance(part, torch.Tensor) for part in parts)
