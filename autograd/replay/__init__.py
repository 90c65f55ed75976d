"""Record once, replay: programs as straight-line code."""

from autograd.replay.compiled import Jit, jit

__all__ = ["Jit", "jit"]
