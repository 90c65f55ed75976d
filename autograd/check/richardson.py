"""Extrapolation of difference quotients to a step of zero, with an error bar that finer steps confirm.

Source: L. F. Richardson (1911); A. C. Aitken (1926) for sequences of unknown order.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

CENTRAL = [16.0, 256.0, 4096.0]
"""Factors by which the errors h², h⁴, h⁶ of a central difference fall when the step falls by 4."""
ONE_SIDED = [4.0, 16.0, 64.0]
"""The same for the errors h, h², h³ of a one-sided difference."""
LIMIT = [4.0, 16.0]
UNUSABLE = 1e300


def extrapolate(table: Array, factors: list[float]) -> list[Array]:
    """Richardson's table: entry k has the first k powers of h removed; row j uses rows j … j+k of `table`."""
    columns = [table]
    for c in factors:
        last = columns[-1]
        if len(last) < 2:
            break
        columns.append((c * last[1:] - last[:-1]) / (c - 1))
    return columns


def limit(table: Array, rounding: Array, factors: list[float]) -> tuple[Array, Array]:
    """The limit of `table` (one row per step, coarse to fine) and its error; rows may be missing (nan)."""
    finite = np.isfinite(table)
    if finite.all():
        return _confirmed(table, rounding, factors)
    filled = np.where(finite, table, UNUSABLE)  # never confirmed by finer rows, never the best
    value, error = _confirmed(filled, np.where(finite, rounding, UNUSABLE), factors)
    return value, np.where(error > UNUSABLE / 1e10, np.inf, error)


def _confirmed(table: Array, rounding: Array, factors: list[float]) -> tuple[Array, Array]:
    """The entry of Richardson's table with the smallest error bar among those that all finer steps confirm.

    A coarse step that skips over an oscillation or a staircase looks perfectly smooth; the finer ones tell.
    """
    columns = extrapolate(table, factors)
    with np.errstate(all="ignore"):
        # Each finer row allows an interval; a value is confirmed if it meets all of them.
        own = 4 * rounding
        own[:-1] += 2 * np.abs(table[:-1] - columns[1])
        ceiling = np.minimum.accumulate((table + own)[::-1], axis=0)[::-1]
        ground = np.maximum.accumulate((table - own)[::-1], axis=0)[::-1]
        values, errors = [], []
        for k in range(1, len(columns)):
            value, lower = columns[k], columns[k - 1]
            error = np.abs(value - lower[1:])
            # Nor may it move more than that from row to row: f need not have the powers that are assumed.
            if len(value) > 1:
                change = np.abs(value[:-1] - value[1:])
                error[:-1] = np.maximum(error[:-1], change)
                error[-1] = np.maximum(error[-1], change[-1])
            error += 1.5 * rounding[k:]
            inner = slice(0, len(value) - 1)
            denied = ~np.isfinite(value)
            denied[inner] |= value[inner] - error[inner] > ceiling[k + 1 :]
            denied[inner] |= value[inner] + error[inner] < ground[k + 1 :]
            error[denied] = np.inf
            values.append(value)
            errors.append(error)
        if factors is ONE_SIDED and len(table) > 4:
            value, error = _aitken(table, rounding)
            denied = ~np.isfinite(error)
            denied[:-1] |= (value[:-1] - error[:-1] > ceiling[3:]) | (value[:-1] + error[:-1] < ground[3:])
            error[denied] = np.inf
            values.append(value)
            errors.append(error)
    stack, bars = np.concatenate(values), np.concatenate(errors)
    best = np.argmin(bars, axis=0)[None]
    return np.take_along_axis(stack, best, axis=0)[0], np.take_along_axis(bars, best, axis=0)[0]


def _aitken(table: Array, rounding: Array) -> tuple[Array, Array]:
    """One-sided slopes at the edge of a domain may go as h^p with any p: Aitken's process removes that."""
    a, b, c = table[:-2], table[1:-1], table[2:]
    value = c - (c - b) ** 2 / (c - 2 * b + a)
    change = np.abs(value[:-1] - value[1:])
    error = np.full_like(value, np.inf)
    error[1:] = change + 0.01 * np.abs(c - b)[1:] + 8 * rounding[3:]
    error[1:][change > 0.1 * np.abs(c - b)[1:]] = np.inf
    error[~np.isfinite(value)] = np.inf
    return value, error
