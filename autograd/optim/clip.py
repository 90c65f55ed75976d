"""Gradients cut down before a step."""

from __future__ import annotations

import math
from functools import reduce
from typing import Any, Iterable

import numpy as np

from autograd.following import follower, followers
from autograd.node import Node, plain


def _with_gradient(parameters: Any) -> list[Any]:
    some = [parameters] if isinstance(parameters, Node) else list(parameters)
    return [p for p in some if p.grad is not None]


def clip_grad_norm_(
    parameters: Iterable[Any], max_norm: float, norm_type: float = 2.0, error_if_nonfinite: bool = False
) -> float:
    """Scale all gradients by one factor so that their common norm is at most `max_norm`. Pascanu et al. 2013.

    Parameters
    ----------
    parameters : iterable of Tensor or Value
        Those without a gradient are left out.
    max_norm : float
        The largest norm that is left as it is.
    norm_type : float
        2, or any other order; ``math.inf`` for the largest absolute value.
    error_if_nonfinite : bool
        Whether a norm that is nan or inf is refused.

    Returns
    -------
    float
        The norm before. Gradients are multiplied by min(1, max_norm/(norm + 10⁻⁶)), as in PyTorch.

    Raises
    ------
    ValueError
        If the norm is nan or inf and `error_if_nonfinite`.

    Examples
    --------
    >>> from autograd import Tensor
    >>> x = Tensor([3.0, 4.0])
    >>> (0.5 * x * x).sum().backward()
    >>> clip_grad_norm_([x], 1.0)
    5.0
    >>> x.grad.round(4)
    array([0.6, 0.8])
    """
    some = _with_gradient(parameters)
    if some and not error_if_nonfinite and followers and follower() is not None:
        return _clip_in_program(some, max_norm, norm_type)  # type: ignore[no-any-return]  # it stands for a float
    rows = [np.ravel(plain(p.grad)) for p in some]
    if math.isinf(norm_type):
        norm = max((float(np.abs(row).max()) for row in rows if row.size), default=0.0)
    elif norm_type == 2:
        norm = math.sqrt(sum(float(row @ row) for row in rows))
    else:
        norm = sum(float(np.sum(np.abs(row) ** norm_type)) for row in rows) ** (1 / norm_type)
    if error_if_nonfinite and not math.isfinite(norm):
        raise ValueError(
            f"clip_grad_norm_: the norm of the gradients is {norm}; look for its cause with detect_anomaly()"
        )
    factor = max_norm / (norm + 1e-6)
    if not factor >= 1:
        for p in some:
            p.grad = p.grad * factor
    return norm


def _clip_in_program(some: list[Any], max_norm: float, norm_type: float) -> Any:
    """The same as operations of a program that is being recorded, which must not look at numbers."""
    rows = [np.ravel(p.grad) for p in some]
    if math.isinf(norm_type):
        norm = reduce(np.maximum, [np.max(np.abs(row)).astype(np.float64) for row in rows if row.size])
    elif norm_type == 2:
        norm = np.sqrt(sum((row @ row).astype(np.float64) for row in rows))
    else:
        norm = sum(np.sum(np.abs(row) ** norm_type).astype(np.float64) for row in rows) ** (1 / norm_type)
    factor = np.minimum(max_norm / (norm + 1e-6), 1.0)
    for p in some:
        p.grad = p.grad * factor.astype(p.grad.dtype)
    return norm


def clip_grad_value_(parameters: Iterable[Any], clip_value: float) -> None:
    """Cut every element of the gradients off at ±clip_value.

    Parameters
    ----------
    parameters : iterable of Tensor or Value
        Whose gradients are meant; those without one are passed over.
    clip_value : float
        The largest absolute value.

    Examples
    --------
    >>> from autograd import Value
    >>> x = Value(3.0)
    >>> (x * x).backward()
    >>> clip_grad_value_([x], 0.5)
    >>> x.grad
    0.5
    """
    for p in _with_gradient(parameters):
        if followers and follower() is not None:
            p.grad = np.clip(p.grad, -clip_value, clip_value)
            continue
        g = plain(p.grad)
        p.grad = (
            np.clip(g, -clip_value, clip_value) if isinstance(g, np.ndarray) else min(max(g, -clip_value), clip_value)
        )
