"""An array in a few figures."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

SMALL = 6
"""Arrays of at most so many numbers are shown with their values."""


class Unknown:
    """Stands for numbers that nobody has, of which only the shape is known."""

    def __init__(self, shape: tuple[int, ...] = ()) -> None:
        self.shape = shape
        self.ndim = len(shape)
        self.size = math.prod(shape)
        self.dtype = np.dtype(float)


class Stats(NamedTuple):
    """What is said of an array that is too large to be written out.

    `low`, `mean` and `high` are of the finite numbers (``None`` if there is none), `zeros` is the share of exact
    zeros among all.
    """

    size: int
    low: float | None
    mean: float | None
    high: float | None
    zeros: float
    nan: int
    inf: int

    @property
    def finite(self) -> bool:
        """Whether there is neither nan nor inf."""
        return not self.nan and not self.inf


def stats(data: Any) -> Stats | None:
    """The figures of an array; ``None`` of a single number or of nothing.

    Examples
    --------
    >>> stats(np.array([0.0, 2.0, np.nan, 0.0]))
    Stats(size=4, low=0.0, mean=0.6666666666666666, high=2.0, zeros=0.5, nan=1, inf=0)
    """
    if type(data) is float or data is None or isinstance(data, Unknown) or np.ndim(data) == 0:
        return None
    array = np.asarray(data)
    sizes = np.abs(array) if np.iscomplexobj(array) else array
    finite = sizes[np.isfinite(sizes)]
    nan = int(np.isnan(sizes).sum())
    return Stats(
        size=array.size,
        low=float(finite.min()) if finite.size else None,
        mean=float(finite.mean(dtype=float)) if finite.size else None,
        high=float(finite.max()) if finite.size else None,
        zeros=float((array == 0).mean()) if array.size else 0.0,
        nan=nan,
        inf=array.size - finite.size - nan,
    )


def plain_data(data: Any) -> Any:
    """A number, a nested list (small arrays), or ``None`` (large ones)."""
    if type(data) is float:  # of a large graph, nearly all
        return data
    if data is None or isinstance(data, Unknown):
        return None
    if np.ndim(data) == 0:
        return complex(data) if np.iscomplexobj(data) else float(data)
    return np.asarray(data).tolist() if np.size(data) <= SMALL else None


def is_finite(value: Any, figures: Stats | None) -> bool:
    """Whether a number, or every number of an array, is finite."""
    if figures is not None:
        return figures.finite
    return value is None or bool(np.isfinite(value))
