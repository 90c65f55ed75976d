"""The numbers of arrays as small maps: how large each is beside the largest, and of which sign."""

from __future__ import annotations

import math
from typing import Any, Mapping

import numpy as np

from viz.stats import Unknown

ROWS, COLUMNS = 24, 48
"""A map has at most so many cells; each is then the largest number, by its size, of a block."""
MOST_CELLS = 100_000
"""So many cells may be in all maps of a page."""
LEVELS = 4
"""Sizes are told apart in so many steps; 0 is one of its own."""
_ZERO = ord("0") + LEVELS
_BAD = "9"


def maps_of(arrays: Mapping[int, tuple[Any, Any]]) -> dict[str, list[Any]]:
    """Maps of values and gradients, for JSON.

    Parameters
    ----------
    arrays : mapping
        For the number of each node its values, and its gradient or ``None``.

    Returns
    -------
    dict
        For each array of several numbers, as far as there is room: rows, columns, and the cells of both, row by row, as
        a letter each: 0 … 3 negative, 4 zero, 5 … 8 positive, 9 not finite.

    Examples
    --------
    >>> maps_of({0: (np.array([[1.0, -4.0, 0.0], [np.nan, 3.0, 0.5]]), None)})
    {'0': [2, 3, '504975', '']}
    """
    found: dict[str, list[Any]] = {}
    left = MOST_CELLS
    for number, (value, gradient) in arrays.items():
        if isinstance(value, Unknown) or np.size(value) < 2:
            continue
        rows, columns = shape_of(np.shape(value))
        if (left := left - 2 * rows * columns) < 0:
            break
        cells = [
            "" if x is None or isinstance(x, Unknown) else _cells(np.asarray(x), rows, columns)
            for x in (value, gradient)
        ]
        found[str(number)] = [rows, columns, *cells]
    return found


def shape_of(shape: tuple[int, ...]) -> tuple[int, int]:
    """Rows and columns of a map: the last axis goes to the right."""
    return min(ROWS, math.prod(shape[:-1])), min(COLUMNS, shape[-1])


def _cells(x: Any, rows: int, columns: int) -> str:
    x = x.reshape(-1, x.shape[-1])
    x = np.abs(x) if np.iscomplexobj(x) else x.astype(float)
    size = np.where(np.isfinite(x), np.abs(x), np.inf)
    for axis, count in ((0, rows), (1, columns)):
        if (length := x.shape[axis]) > count:
            blocks = np.array_split(np.arange(length), count)
            best = [np.argmax(np.take(size, block, axis), axis) + block[0] for block in blocks]
            places = np.stack(best, axis)
            x, size = (np.take_along_axis(y, places, axis) for y in (x, size))
    finite = size[np.isfinite(size)]
    top = finite.max() if finite.size and finite.max() > 0 else 1.0
    with np.errstate(over="ignore", invalid="ignore"):
        level = np.where(np.isfinite(size), np.maximum(np.ceil(LEVELS * (size / top)), size > 0), 0) * np.sign(x)
    return "".join(
        chr(_ZERO + int(n)) if good else _BAD for n, good in zip(level.ravel().tolist(), np.isfinite(size).ravel())
    )
