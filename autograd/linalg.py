"""Functions of ``scipy.linalg`` for Tensors, with SciPy's signatures. Needs SciPy."""

from autograd.scipy.linalg import (
    cho_factor,
    cho_solve,
    expm,
    logm,
    lu,
    solve_sylvester,
    solve_triangular,
    sqrtm,
)

__all__ = [
    "cho_factor",
    "cho_solve",
    "expm",
    "logm",
    "lu",
    "solve_sylvester",
    "solve_triangular",
    "sqrtm",
]
