"""The register filled: importing this module makes every entry for NumPy's main namespace."""

from autograd.ops import (  # noqa: F401
    bilinear,
    complexes,
    creation,
    cumulative,
    diagonals,
    indexing,
    interpolation,
    joining,
    linear,
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
