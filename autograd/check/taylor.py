"""A second opinion that needs no step: the order of what is left of f when the claimed slope is taken off.

``|f(x + h d) - f(x) - h <g, d>|`` falls as h² where the gradient is right and as h where it is not.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from .ladder import Ladder
from .richardson import Array


@dataclass(frozen=True)
class Taylor:
    """Remainders along one random direction.

    Attributes
    ----------
    steps, remainder : arrays
        The steps h and the remainders, for a picture of one against the other on logarithmic axes.
    order : float
        The exponent with which the remainder falls: 2 (or more) speaks for the gradient, 1 against it; nan where
        rounding leaves too few steps to tell, or where f is linear and the remainder is rounding throughout.
    """

    steps: Array
    remainder: Array
    order: float

    @classmethod
    def of(cls, ladder: Ladder, g: Array, slope: float) -> Taylor:
        """From a ladder that has been climbed already, and the claimed slope ``<vjp(g), d>`` along it."""
        with np.errstate(all="ignore"):
            remainder = np.abs((ladder.plus - ladder.f0) @ g - ladder.steps * slope)
            rounding = ladder.rounding @ np.abs(g) + np.finfo(float).eps * np.abs(ladder.steps * slope)
        told = np.isfinite(remainder) & (remainder > 10 * rounding)
        # The finest steps that rounding leaves: coarser ones may see higher orders.
        usable = np.flatnonzero(told & (np.cumprod(told) > 0))[-3:]
        if usable.size < 3:
            return cls(ladder.steps, remainder, math.nan)
        logs = np.log(remainder[usable])
        order = float(np.polyfit(np.log(ladder.steps[usable]), logs, 1)[0])
        return cls(ladder.steps, remainder, order)

    def __str__(self) -> str:
        if math.isnan(self.order):
            return "the order of the Taylor remainder cannot be told"
        meaning = "as for a right gradient" if self.order > 1.5 else "as for a wrong gradient, or at a kink"
        return f"the Taylor remainder falls as h^{self.order:.2f}, {meaning}"
