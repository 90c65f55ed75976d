"""The rule of `logsumexp`, for any number of numbers."""

from __future__ import annotations

import math
from functools import reduce
from typing import Any, Sequence

import numpy as np

from autograd.node import plain
from autograd.rules.elementwise import exp, logaddexp, where
from autograd.rules.expressions import Symbol
from autograd.rules.nary import Nary
from autograd.rules.table import fill


def _logsumexp_of_floats(xs: Sequence[float]) -> float:
    top = max(xs)
    if math.isinf(top) or any(x != x for x in xs):
        return float(np.logaddexp.reduce(np.array(xs)))
    return top + math.log(sum(math.exp(x - top) for x in xs))


def _shares(y: Any, xs: Sequence[Any]) -> Sequence[Any]:
    """∂y/∂x = e^(x − y), divided out instead: of large numbers y has too few digits for the difference."""
    if any(isinstance(x, Symbol) for x in xs):
        return [exp(x - y) for x in xs]
    top = reduce(np.maximum, map(plain, xs))
    if not np.all(np.isfinite(top)):
        return [where(np.isinf(top), 0.0, exp(x - y)) for x in xs]
    parts = [exp(x - top) for x in xs]
    whole = sum(parts[1:], parts[0])
    return [part / whole for part in parts]


log_sum_exp = Nary(
    "logsumexp",
    _logsumexp_of_floats,
    _shares,
    lambda xs: reduce(logaddexp, xs),
    doc="log(Σ eˣ) without overflow.",
)

fill(log_sum_exp)
