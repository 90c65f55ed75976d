"""The register filled: every entry for NumPy's main namespace."""

from importlib import import_module

from autograd.functions.register import rules_in
from autograd.rules.table import fill

TOPICS = (
    "bilinear broadcasting complexes creation cumulative diagonals indexing interpolation joining nan_functions order "
    "padding polynomials products reductions selection shapes statistics transfer ufuncs"
).split()

for _topic in TOPICS:
    fill(*rules_in(import_module(f"autograd.functions.{_topic}")))
