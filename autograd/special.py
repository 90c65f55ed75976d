"""Functions of ``scipy.special`` for Tensors, with SciPy's signatures. Needs SciPy."""

from autograd.scipy.special import (
    log_softmax,
    logsumexp,
    multigammaln,
    polygamma,
    softmax,
)

__all__ = [
    "log_softmax",
    "logsumexp",
    "multigammaln",
    "polygamma",
    "softmax",
]
