"""The register filled: importing this module makes every entry for NumPy's main namespace."""

from autograd.functions import (  # noqa: F401
    bilinear,
    broadcasting,
    complexes,
    creation,
    cumulative,
    diagonals,
    indexing,
    interpolation,
    joining,
    nan_functions,
    order,
    padding,
    polynomials,
    products,
    reductions,
    selection,
    shapes,
    statistics,
    ufuncs,
)
