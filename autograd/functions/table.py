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
    transfer,
    ufuncs,
)
from autograd.functions.register import rules_in
from autograd.rules.table import fill

TOPICS = (
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
    transfer,
    ufuncs,
)

fill(*[rule for topic in TOPICS for rule in rules_in(topic)])
