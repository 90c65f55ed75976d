"""Arrays of equal length cut into mini-batches."""

from __future__ import annotations

from typing import Any, Iterator

import numpy as np

from autograd.types import Array


def batches(
    *arrays: Array,
    batch_size: int = 32,
    shuffle: bool = True,
    rng: np.random.Generator | int | None = None,
    drop_last: bool = False,
) -> Iterator[tuple[Any, ...]]:
    """Cut arrays of equal length into mini-batches.

    Parameters
    ----------
    *arrays : ndarray
        Inputs, targets, …: row i of each belongs together.
    batch_size : int
        Rows of a mini-batch; the last one may have fewer.
    shuffle : bool
        Whether rows come in random order.
    rng : numpy Generator or int, optional
        Where the order comes from; a number is a seed.
    drop_last : bool
        Leave out the last batch if it is smaller.

    Yields
    ------
    tuple of ndarray

    Raises
    ------
    ValueError
        If the arrays differ in length, or batch_size is less than 1.

    Examples
    --------
    >>> for x, y in batches(np.arange(5), 10 * np.arange(5), batch_size=2, shuffle=False):
    ...     print(x, y)
    [0 1] [ 0 10]
    [2 3] [20 30]
    [4] [40]
    """
    if not arrays:
        raise ValueError("batches needs at least one array")
    rows = [np.asarray(x) for x in arrays]
    if len({len(x) for x in rows}) > 1:
        raise ValueError(f"the arrays have different lengths: {', '.join(str(len(x)) for x in rows)}")
    if batch_size < 1:
        raise ValueError(f"batch_size must be at least 1, not {batch_size!r}")
    return _batches(rows, batch_size, np.random.default_rng(rng) if shuffle else None, drop_last)


def _batches(
    rows: list[Array], size: int, rng: np.random.Generator | None, drop_last: bool
) -> Iterator[tuple[Any, ...]]:
    count = len(rows[0])
    order = rng.permutation(count) if rng is not None else None
    for start in range(0, count - size + 1 if drop_last else count, size):
        part = slice(start, start + size) if order is None else order[start : start + size]
        yield tuple(x[part] for x in rows)
