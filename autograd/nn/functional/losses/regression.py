"""Losses of numbers: how far an output is from its target."""

from __future__ import annotations

from typing import Any

from autograd.nn.functional.losses.reduction import pair, reduced
from autograd.rules import elementwise as table
from autograd.types import Array


def mse_loss(input: Array, target: Array, reduction: str = "mean") -> Any:
    """Squared error (x − t)².

    Parameters
    ----------
    input, target : Tensor or ndarray, of one shape
        The numbers x and the targets t.
    reduction : {"mean", "sum", "none"}
        The mean over all elements, their sum, or each by itself.

    Returns
    -------
    Tensor or ndarray
        A scalar; with ``reduction="none"`` of the input's shape.

    Raises
    ------
    ValueError
        If the shapes differ.

    Examples
    --------
    >>> import numpy as np
    >>> float(mse_loss(np.array([1.0, 2.0]), np.array([1.0, 4.0])))
    2.0
    """
    input, target = pair("mse_loss", input, target)
    return reduced("mse_loss", table.square(input - target), reduction)


def l1_loss(input: Array, target: Array, reduction: str = "mean") -> Any:
    """Absolute error |x − t|; arguments as for :func:`mse_loss`.

    Parameters
    ----------
    input : Tensor or ndarray
        The numbers x.
    target : Tensor or ndarray, of the same shape
        The targets t.
    reduction : {"mean", "sum", "none"}
        The mean over all elements, their sum, or each by itself.

    Returns
    -------
    Tensor or ndarray
        A scalar; with ``reduction="none"`` of the input's shape.

    Examples
    --------
    >>> import numpy as np
    >>> float(l1_loss(np.array([1.0, 2.0]), np.array([1.0, 4.0])))
    1.0
    """
    input, target = pair("l1_loss", input, target)
    return reduced("l1_loss", table.absolute(input - target), reduction)


def huber_loss(input: Array, target: Array, reduction: str = "mean", delta: float = 1.0) -> Any:
    """d²/2 for |d| ≤ delta, else delta·(|d| − delta/2), with d = x − t. Huber 1964.

    Other arguments as for :func:`mse_loss`.

    Parameters
    ----------
    input : Tensor or ndarray
        The numbers x.
    target : Tensor or ndarray, of the same shape
        The targets t.
    reduction : {"mean", "sum", "none"}
        The mean over all elements, their sum, or each by itself.
    delta : float
        Where the square ends and the line begins.

    Returns
    -------
    Tensor or ndarray
        A scalar; with ``reduction="none"`` of the input's shape.

    Raises
    ------
    ValueError
        If the shapes differ, or `delta` is not above 0.

    Examples
    --------
    >>> import numpy as np
    >>> huber_loss(np.array([0.5, 3.0]), np.zeros(2), "none")
    array([0.125, 2.5  ])
    """
    if not delta > 0:
        raise ValueError(f"huber_loss: delta must be positive, not {delta!r}")
    input, target = pair("huber_loss", input, target)
    d = input - target
    near = table.minimum(table.maximum(d, -delta), delta)
    return reduced("huber_loss", near * (d - 0.5 * near), reduction)


def smooth_l1_loss(input: Array, target: Array, reduction: str = "mean", beta: float = 1.0) -> Any:
    """d²/(2·beta) for |d| < beta, else |d| − beta/2, with d = x − t: Huber's loss divided by beta. Girshick 2015.

    Other arguments as for :func:`mse_loss`.

    Parameters
    ----------
    input : Tensor or ndarray
        The numbers x.
    target : Tensor or ndarray, of the same shape
        The targets t.
    reduction : {"mean", "sum", "none"}
        The mean over all elements, their sum, or each by itself.
    beta : float
        Where the square ends and the line begins.

    Returns
    -------
    Tensor or ndarray
        A scalar; with ``reduction="none"`` of the input's shape.

    Examples
    --------
    >>> import numpy as np
    >>> smooth_l1_loss(np.array([0.25, 3.0]), np.zeros(2), "none", beta=0.5)
    array([0.0625, 2.75  ])
    """
    if beta == 0:
        return l1_loss(input, target, reduction)
    return huber_loss(input, target, reduction, beta) / beta
