"""NumPy: the polynomial classes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..survey.pair import Pair, slope

COEFFICIENTS = [0.3, -1.2, 0.5, 2.0, -0.7]


def polynomials() -> Iterator[Pair]:
    import numpy as np
    from numpy import polynomial

    for name in ("Polynomial", "Chebyshev", "Legendre", "Laguerre", "Hermite", "HermiteE"):
        p: Any = getattr(polynomial, name)(COEFFICIENTS)
        yield slope(f"polynomial.{name}.deriv", p, p.deriv(), (-2, 2))
        yield slope(f"polynomial.{name}.integ", p.integ(), p, (-2, 2))
    yield slope("poly1d.deriv", np.poly1d(COEFFICIENTS), np.poly1d(COEFFICIENTS).deriv(), (-2, 2))


FAMILIES = [polynomials]
