"""The square root of what is a sum of squares: a length, which has a kink where √x has an infinite slope."""

from __future__ import annotations

import math

import numpy as np

from autograd.rules.elementwise import guarded, nonzero, sqrt
from autograd.rules.rule import Elementwise
from autograd.rules.table import fill

norm_root = Elementwise(
    "norm_root", math.sqrt, np.sqrt, lambda y, x: guarded(nonzero(y), 1 / (2 * y), 0), notation=sqrt.notation,
    doc="√x of a sum of squares; its gradient at 0 is 0, as that of a norm.",
)  # fmt: skip

fill(norm_root)
