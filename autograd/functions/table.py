"""The register filled: every entry for NumPy's main namespace."""

from autograd.functions import (
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
from autograd.functions.register import rules_in
from autograd.rules.table import fill

for _module in (
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
):
    fill(*rules_in(_module))
