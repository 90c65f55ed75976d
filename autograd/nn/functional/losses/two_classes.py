"""Losses of two classes, from scores or probabilities."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd.following import follower, followers
from autograd.nn.functional.losses.reduction import pair, reduced
from autograd.node import plain
from autograd.rules import activations as more
from autograd.rules import elementwise as table
from autograd.rules.arrays import Linear
from autograd.rules.rule import Elementwise
from autograd.types import Array


def _bce(p: float, t: float) -> float:
    return -(
        t * max(math.log(p) if p else -math.inf, -100) + (1 - t) * max(math.log1p(-p) if p < 1 else -math.inf, -100)
    )


def _bce_array(p: Any, t: Any) -> Array:
    with np.errstate(divide="ignore"):
        return -(t * np.maximum(np.log(p), -100) + (1 - t) * np.maximum(np.log1p(-p), -100))


binary_entropy = Elementwise(
    "binary_cross_entropy",
    _bce,
    _bce_array,
    lambda y, p, t: (p - t) / table.maximum(p * (1 - p), 1e-12),
    lambda y, p, t: table.maximum(table.log1p(-p), -100.0) - table.maximum(table.log(p), -100.0),
    doc="−(t·log p + (1 − t)·log(1 − p)), with logarithms of at least −100.",
)


def _probabilities(p: Any) -> Any:
    if (p < 0).any() or (p > 1).any():
        raise ValueError(
            "binary_cross_entropy: input must be probabilities from 0 to 1; "
            "apply sigmoid first, or use binary_cross_entropy_with_logits"
        )
    return p


probabilities = Linear("probabilities", _probabilities, lambda g, p: g, doc="p, which lies from 0 to 1.", local="{g}")
"""The check as an operation, for programs that are recorded once and replayed."""


def binary_cross_entropy(input: Array, target: Array, weight: Array | None = None, *, reduction: str = "mean") -> Any:
    """−(t·log p + (1 − t)·log(1 − p)) of probabilities p.

    Logarithms are cut off at −100 as in PyTorch. From scores, :func:`binary_cross_entropy_with_logits` is exact.

    Parameters
    ----------
    input : Tensor or ndarray
        Probabilities from 0 to 1.
    target : Tensor or ndarray, of the same shape
        The targets t.
    weight : ndarray, optional
        A factor for each element.
    reduction : {"mean", "sum", "none"}
        The mean over all elements, their sum, or each by itself.

    Returns
    -------
    Tensor or ndarray
        A scalar; with ``reduction="none"`` of the input's shape.

    Raises
    ------
    ValueError
        If the shapes differ, or an input is no probability.

    Examples
    --------
    >>> import numpy as np
    >>> binary_cross_entropy(np.array([0.5, 0.25]), np.array([1.0, 0.0]), reduction="none").round(4)
    array([0.6931, 0.2877])
    """
    input, target = pair("binary_cross_entropy", input, target)
    if followers and follower() is not None:
        input = probabilities(input)
    else:
        _probabilities(plain(input))
    losses = binary_entropy(input, target)
    return reduced("binary_cross_entropy", losses if weight is None else losses * weight, reduction)


def binary_cross_entropy_with_logits(
    input: Array,
    target: Array,
    weight: Array | None = None,
    *,
    reduction: str = "mean",
    pos_weight: Array | None = None,
) -> Any:
    """−(t·log σ(z) + (1 − t)·log(1 − σ(z))) of scores z, exact also where σ(z) rounds to 0 or 1.

    Parameters
    ----------
    input : Tensor or ndarray
        Scores (logits) z.
    target : Tensor or ndarray, of the same shape
        The targets t.
    weight : ndarray, optional
        A factor for each element.
    reduction : {"mean", "sum", "none"}
        The mean over all elements, their sum, or each by itself.
    pos_weight : ndarray or float, optional
        A factor for the positive part t·log σ(z).

    Returns
    -------
    Tensor or ndarray
        A scalar; with ``reduction="none"`` of the input's shape.

    Examples
    --------
    >>> import numpy as np
    >>> binary_cross_entropy_with_logits(np.array([1000.0, 0.0]), np.array([0.0, 1.0]), reduction="none").round(4)
    array([1.000e+03, 6.931e-01])
    """
    input, target = pair("binary_cross_entropy_with_logits", input, target)
    positive = target if pos_weight is None else target * pos_weight
    losses = positive * more.softplus(-input) + (1 - target) * more.softplus(input)
    if weight is not None:
        losses = losses * weight
    return reduced("binary_cross_entropy_with_logits", losses, reduction)


def hinge_loss(input: Array, target: Array, reduction: str = "mean", margin: float = 1.0) -> Any:
    """max(0, margin − t·x) of scores x and classes t = ±1: the loss of support vector machines. Cortes and Vapnik 1995.

    Other arguments as for :func:`mse_loss`.

    Parameters
    ----------
    input : Tensor or ndarray
        The numbers x.
    target : Tensor or ndarray, of the same shape
        Classes t, each −1 or 1.
    reduction : {"mean", "sum", "none"}
        The mean over all elements, their sum, or each by itself.
    margin : float
        From this on, t·x costs nothing.

    Returns
    -------
    Tensor or ndarray
        A scalar; with ``reduction="none"`` of the input's shape.

    Raises
    ------
    ValueError
        If the shapes differ, or a target is neither −1 nor 1.

    Examples
    --------
    >>> import numpy as np
    >>> hinge_loss(np.array([2.0, 0.5, 0.5]), np.array([1.0, 1.0, -1.0]), "none")
    array([0. , 0.5, 1.5])
    """
    input, target = pair("hinge_loss", input, target)
    if not (np.abs(plain(target)) == 1).all():
        raise ValueError("hinge_loss: targets must be -1 or 1; map classes 0 and 1 by 2·t − 1")
    return reduced("hinge_loss", table.relu(margin - target * input), reduction)
