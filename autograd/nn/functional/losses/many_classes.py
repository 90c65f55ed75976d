"""Losses of many classes, from scores, probabilities or their logarithms."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from autograd.following import follower, followers
from autograd.functions.broadcasting import row_sums
from autograd.functions.register import arraylike, arraylikes, in_floats, is_other_array
from autograd.functions.softmax import peak, shifted, softmax
from autograd.nn.functional.activations import log_softmax
from autograd.nn.functional.losses.reduction import pair, reduced
from autograd.node import plain, stored
from autograd.rules import elementwise as table
from autograd.rules.arrays import General, Linear
from autograd.rules.log_sum_exp import log_sum_exp
from autograd.rules.nary import weighted_sum
from autograd.rules.rule import leading_kind
from autograd.types import Array, Cotangent


def _place(g: Cotangent, *, at: Any, classes: int) -> Array:
    filled = np.zeros((len(at), classes), g.dtype)
    filled[np.arange(len(at)), at] = g
    return filled


pick = Linear(
    "pick",
    lambda x, at: x[np.arange(len(at)), at],
    lambda g, x, at: place(g, at=at, classes=x.shape[1]),
    doc="One element of each row.",
    local="{g} at its places, 0 elsewhere",
)
place: Linear = Linear(
    "place",
    _place,
    lambda g, x, at, classes: pick(g, at=at),
    doc="Rows of zeros with one number placed in each.",
    local="{g} at its places",
)


def _entropy(x: Array, *, at: Any, weight: Array) -> Any:
    z, _ = shifted(x, 1)
    picked = z[np.arange(len(at)), at]
    losses = np.log(row_sums(np.exp(z, out=z))) - picked
    return np.add.reduce(losses) * weight if isinstance(weight, float) else losses @ weight


def _entropy_vjp(g: Cotangent, y: Array, x: Array, at: Any, weight: Array) -> Any:
    p = softmax(x, axis=-1)
    if leading_kind((p, g)) is None:
        p[np.arange(len(at)), at] -= 1
        p *= g * weight if isinstance(weight, float) else (g * weight)[:, None]
        return (p,)
    chosen = _place(np.ones(len(at), x.dtype), at=at, classes=x.shape[1])
    return ((p - chosen) * (g * (weight if isinstance(weight, float) else weight[:, None])),)


def _entropy_in_steps(x: Array, at: Any, weight: Array) -> Any:
    z = x - peak(x, axis=1)
    picked = pick(z, at=at)  # first, so that the exponentials can be written over z
    losses = np.log(np.sum(np.exp(z), axis=1)) - picked
    return np.sum(losses) * weight if isinstance(weight, float) else np.sum(losses * weight)


def _entropy_of_numbers(x: Array, at: Any, weight: Array) -> Any:
    losses = [log_sum_exp(*row) - row[k] for row, k in zip(x.tolist(), at)]
    return np.asarray(weighted_sum(*losses, *np.broadcast_to(weight, len(losses)).tolist(), 0.0), dtype=object)


entropy_of_classes = General(
    "cross_entropy",
    _entropy,
    _entropy_vjp,
    doc="Σ weight·(log Σ eˣ − x of the right class) over the rows.",
    local="{g} · weight · (softmax({0}) − 1 at the right class)",
    scalars=_entropy_of_numbers,
)


def _flat(function: str, input: Array, target: Array) -> tuple[Any, Any, tuple[int, ...]]:
    """Scores as (rows, classes), targets by row, and the shape that the losses have."""
    input, target = in_floats(input), arraylike(target)
    if input.ndim == 0:
        raise ValueError(f"{function}: input needs an axis of classes")
    axis = 0 if input.ndim == 1 else 1
    shape = input.shape[:axis] + input.shape[axis + 1 :]
    probabilities = target.shape == input.shape and stored(target).dtype.kind == "f"
    if not probabilities and (target.shape != shape or stored(target).dtype.kind not in "iu"):
        raise ValueError(
            f"{function}: for input of shape {input.shape} the target must be whole numbers (classes) of shape {shape}"
            f", or probabilities of shape {input.shape}; got {stored(target).dtype} of shape {target.shape}"
        )
    if probabilities:
        input, target = arraylikes(input, target)
    if input.ndim != 2:
        input = _rows(input, axis)
        target = _rows(target, axis) if probabilities else plain(target).reshape(-1)
    return input, target, shape


def _rows(x: Array, axis: int) -> Array:
    return np.reshape(np.moveaxis(x, axis, -1), (-1, x.shape[axis]))


def _classes(
    function: str, target: Array, weight: Array, count: int, ignore_index: int, dtype: DTypeLike
) -> tuple[Any, Any]:
    """The right classes as indices, and what each row counts for (``None``: all for 1)."""
    importance: Any = None
    if 0 <= ignore_index < count or target.size and (target.min() < 0 or target.max() >= count):
        ignored = target == ignore_index
        if ignored.any():
            target = np.where(ignored, 0, target)
            importance = (~ignored).astype(dtype)
        wrong = target[(target < 0) | (target >= count)]
        if wrong.size:
            raise ValueError(f"{function}: target {wrong[0]} is none of the classes 0 to {count - 1}")
    if weight is not None:
        own = np.take_along_axis(weight, target, axis=0)  # weight[target], also of labels that are recorded
        importance = own if importance is None else importance * own
    return target, importance


def _one_hot(function: str, target: Array, count: int, ignore_index: int, dtype: DTypeLike) -> Any:
    """1 at the right class of each row, all 0 where it does not count: for arrays that are not indexed in pairs."""
    inside = np.logical_and(target >= 0, target < count)
    if not bool(np.all(np.logical_or(inside, target == ignore_index))):
        raise ValueError(f"{function}: a target is none of the classes 0 to {count - 1}")
    counts = (target != ignore_index)[:, None]
    return np.logical_and(np.equal(target[:, None], np.arange(count, like=target)), counts).astype(dtype)


def _class_weight(function: str, weight: Array, count: int, dtype: DTypeLike) -> Any:
    if weight is None:
        return None
    weight = np.asarray(plain(weight), dtype)
    if weight.shape != (count,):
        raise ValueError(f"{function}: weight has shape {weight.shape}, but there are {count} classes")
    return weight


def _share(importance: Any, rows: int, reduction: str) -> Any:
    """What the sum of the losses is multiplied by."""
    if reduction == "sum":
        return 1.0
    if importance is not None and followers and follower() is not None:  # not to be looked at: it depends on labels
        total = np.sum(importance)
        return np.where(total == 0, np.nan, 1 / np.where(total == 0, 1, total)).astype(importance.dtype)
    total = float(rows if importance is None else np.sum(importance))
    return 1 / total if total else math.nan


def cross_entropy(
    input: Array,
    target: Array,
    weight: Array | None = None,
    *,
    ignore_index: int = -100,
    reduction: str = "mean",
    label_smoothing: float = 0.0,
) -> Any:
    """−Σ q·log softmax(x) over classes, with q the target: softmax and loss in one, exact and fused.

    Parameters
    ----------
    input : Tensor or ndarray, shape (batch, classes), (classes,) or (batch, classes, …)
        Scores (logits) x.
    target : ndarray of int, or array like `input`
        The right class of each row, or probabilities q of all classes.
    weight : ndarray, shape (classes,), optional
        A factor for each class. The mean is then weighted by that of the right classes.
    ignore_index : int
        Rows with this class do not count.
    reduction : {"mean", "sum", "none"}
        The mean over all rows, their sum, or each by itself.
    label_smoothing : float
        ε: the targets become (1 − ε)·q + ε/classes. Szegedy et al. 2016.

    Returns
    -------
    Tensor or ndarray
        A scalar; with ``reduction="none"`` of the rows' shape.

    Raises
    ------
    ValueError
        If shapes do not fit, a class is out of range, or a setting makes no sense.

    Examples
    --------
    >>> import numpy as np
    >>> from autograd import Tensor
    >>> scores = Tensor([[2.0, 0.0], [0.0, 0.0]])
    >>> loss = cross_entropy(scores, np.array([0, 1]))
    >>> round(loss.item(), 6)
    0.410038
    >>> loss.backward()
    >>> scores.grad.round(4)
    array([[-0.0596,  0.0596],
           [ 0.25  , -0.25  ]])
    """
    if not 0 <= label_smoothing <= 1:
        raise ValueError(f"cross_entropy: label_smoothing must lie between 0 and 1, not {label_smoothing!r}")
    if reduction not in ("mean", "sum", "none"):
        raise ValueError(f"cross_entropy: reduction must be 'mean', 'sum' or 'none', not {reduction!r}")
    input, target, shape = _flat("cross_entropy", input, target)
    rows, classes = input.shape
    dtype, label_smoothing = stored(input).dtype, float(label_smoothing)
    weight = _class_weight("cross_entropy", weight, classes, dtype)
    q: Any = target
    importance: Any = None
    kept: Any = 1
    if stored(target).dtype.kind != "f" and is_other_array(stored(input)):
        q = _one_hot("cross_entropy", target, classes, ignore_index, dtype)
        importance = np.sum(q if weight is None else q * weight, axis=1)
        kept = np.sum(q, axis=1)
    elif stored(target).dtype.kind != "f":
        if label_smoothing and (target == ignore_index).any():
            kept = (target != ignore_index).astype(dtype)
        target, importance = _classes("cross_entropy", target, weight, classes, ignore_index, dtype)
        if not label_smoothing:
            if reduction == "none":
                losses = -pick(log_softmax(input), at=target)
                return np.reshape(losses if importance is None else losses * importance, shape)
            share = _share(importance, rows, reduction)
            each = share if importance is None else importance * share
            if followers and follower() is not None:  # the backward pass has the exponentials then
                return _entropy_in_steps(input, target, each)
            return entropy_of_classes(input, at=target, weight=each)
        if followers and follower() is not None:  # by what can be computed again for other labels
            q = np.equal(target[:, None], np.arange(classes)).astype(dtype)
        else:
            q = _place(np.ones(rows, dtype), at=target, classes=classes)
    if label_smoothing:
        q = q * (1 - label_smoothing) + label_smoothing / classes
    if weight is not None:
        q = q * weight
    losses = -np.sum(q * log_softmax(input), axis=1) * kept
    return np.reshape(losses, shape) if reduction == "none" else np.sum(losses) * _share(importance, rows, reduction)


def nll_loss(
    input: Array, target: Array, weight: Array | None = None, *, ignore_index: int = -100, reduction: str = "mean"
) -> Array:
    """−x of the right class, with x logarithms of probabilities; arguments as for :func:`cross_entropy`.

    Parameters
    ----------
    input : Tensor or ndarray, shape (batch, classes), (classes,) or (batch, classes, …)
        Logarithms of probabilities x.
    target : ndarray of int
        The right class of each row.
    weight : ndarray, shape (classes,), optional
        A factor for each class.
    ignore_index : int
        Rows with this class do not count.
    reduction : {"mean", "sum", "none"}
        The mean over all elements, their sum, or each by itself.

    Returns
    -------
    Tensor or ndarray
        A scalar; with ``reduction="none"`` of the rows' shape.

    Raises
    ------
    ValueError
        If shapes do not fit, or a class is out of range.

    Examples
    --------
    >>> import numpy as np
    >>> float(nll_loss(np.log([[0.5, 0.5], [0.25, 0.75]]), np.array([0, 1])).round(4))
    0.4904
    """
    if reduction not in ("mean", "sum", "none"):
        raise ValueError(f"nll_loss: reduction must be 'mean', 'sum' or 'none', not {reduction!r}")
    input, target, shape = _flat("nll_loss", input, target)
    rows, classes = input.shape
    dtype = stored(input).dtype
    if stored(target).dtype.kind == "f":
        raise ValueError("nll_loss: the target must be classes (whole numbers); for probabilities use cross_entropy")
    weight = _class_weight("nll_loss", weight, classes, dtype)
    target, importance = _classes("nll_loss", target, weight, classes, ignore_index, dtype)
    losses = -pick(input, at=target)
    if importance is not None:
        losses = losses * importance
    return np.reshape(losses, shape) if reduction == "none" else np.sum(losses) * _share(importance, rows, reduction)


def kl_div(input: Array, target: Array, reduction: str = "mean", *, log_target: bool = False) -> Array:
    """t·(log t − x), with x and (if `log_target`) the target logarithms of probabilities: the divergence KL(t ‖ eˣ).

    S. Kullback and R. Leibler 1951.

    Parameters
    ----------
    input, target : Tensor or ndarray, of one shape
        Logarithms of probabilities x, and probabilities t.
    reduction : {"mean", "batchmean", "sum", "none"}
        ``"batchmean"`` divides the sum by the length of the first axis, which gives the divergence itself;
        ``"mean"``, as in PyTorch, by the number of elements.
    log_target : bool
        Whether the targets are log t.

    Returns
    -------
    Tensor or ndarray
        A scalar; with ``reduction="none"`` of the input's shape.

    Examples
    --------
    >>> import numpy as np
    >>> float(kl_div(np.log([[0.5, 0.5]]), np.array([[0.25, 0.75]]), "batchmean").round(4))
    0.1308
    """
    input, target = pair("kl_div", input, target)
    if log_target:
        losses = table.exp(target) * (target - input)
    else:
        zero = plain(target) == 0
        safe = np.where(zero, 1.0, target) if zero.any() else target
        losses = target * (table.log(safe) - input)
    if reduction == "batchmean":
        return np.sum(losses) / input.shape[0]
    return reduced("kl_div", losses, reduction)
