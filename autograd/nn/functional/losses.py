"""Losses: how far an output is from its target, as one number (or one per element)."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd.functions.broadcasting import row_sums
from autograd.functions.register import arraylike, arraylikes, is_other_array
from autograd.functions.softmax import shifted, softmax
from autograd.nn.functional.activations import log_softmax
from autograd.node import plain, stored
from autograd.rules import activations as more
from autograd.rules import elementwise as table
from autograd.rules.arrays import General, Linear
from autograd.rules.rule import Elementwise, leading_kind


def _reduced(function: str, losses: Any, reduction: str) -> Any:
    """All losses, their mean or their sum."""
    if reduction == "mean":
        return np.mean(losses)
    if reduction == "sum":
        return np.sum(losses)
    if reduction == "none":
        return losses
    raise ValueError(f"{function}: reduction must be 'mean', 'sum' or 'none', not {reduction!r}")


def _pair(function: str, input: Any, target: Any) -> tuple[Any, Any]:
    """Input and target as arrays of one shape.

    Raises
    ------
    ValueError
        If the shapes differ: broadcasting (n,) against (n, 1) would compare everything with everything.
    """
    input, target = arraylikes(input, target)
    if input.shape != target.shape:
        raise ValueError(
            f"{function}: input has shape {input.shape} but target {target.shape}; give both one shape, e.g. by reshape"
        )
    return input, target


# --- regression --------------------------------------------------------------------------------------


def mse_loss(input: Any, target: Any, reduction: str = "mean") -> Any:
    """Squared error (x − t)².

    Parameters
    ----------
    input, target : Tensor or ndarray, of one shape
    reduction : {"mean", "sum", "none"}

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
    input, target = _pair("mse_loss", input, target)
    return _reduced("mse_loss", table.square(input - target), reduction)


def l1_loss(input: Any, target: Any, reduction: str = "mean") -> Any:
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
    input, target = _pair("l1_loss", input, target)
    return _reduced("l1_loss", table.absolute(input - target), reduction)


def huber_loss(input: Any, target: Any, reduction: str = "mean", delta: float = 1.0) -> Any:
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
    input, target = _pair("huber_loss", input, target)
    d = input - target
    near = table.minimum(table.maximum(d, -delta), delta)
    return _reduced("huber_loss", near * (d - 0.5 * near), reduction)


def smooth_l1_loss(input: Any, target: Any, reduction: str = "mean", beta: float = 1.0) -> Any:
    """d²/(2·beta) for |d| < beta, else |d| − beta/2, with d = x − t: Huber's loss divided by beta.

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


# --- two classes -------------------------------------------------------------------------------------


def _bce(p: float, t: float) -> float:
    return -(
        t * max(math.log(p) if p else -math.inf, -100) + (1 - t) * max(math.log1p(-p) if p < 1 else -math.inf, -100)
    )


def _bce_array(p: Any, t: Any) -> Any:
    with np.errstate(divide="ignore"):
        return -(t * np.maximum(np.log(p), -100) + (1 - t) * np.maximum(np.log1p(-p), -100))


binary_entropy = Elementwise(
    "binary_cross_entropy", _bce, _bce_array,
    lambda y, p, t: (p - t) / table.maximum(p * (1 - p), 1e-12),
    lambda y, p, t: table.maximum(table.log1p(-p), -100.0) - table.maximum(table.log(p), -100.0),
    doc="−(t·log p + (1 − t)·log(1 − p)), with logarithms of at least −100.",
)  # fmt: skip


def binary_cross_entropy(input: Any, target: Any, weight: Any = None, *, reduction: str = "mean") -> Any:
    """−(t·log p + (1 − t)·log(1 − p)) of probabilities p.

    Logarithms are cut off at −100 as in PyTorch. From scores, :func:`binary_cross_entropy_with_logits` is exact.

    Parameters
    ----------
    input : Tensor or ndarray
        Probabilities from 0 to 1.
    target : Tensor or ndarray, of the same shape
    weight : ndarray, optional
        A factor for each element.
    reduction : {"mean", "sum", "none"}

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
    input, target = _pair("binary_cross_entropy", input, target)
    if (plain(input) < 0).any() or (plain(input) > 1).any():
        raise ValueError(
            "binary_cross_entropy: input must be probabilities from 0 to 1; "
            "apply sigmoid first, or use binary_cross_entropy_with_logits"
        )
    losses = binary_entropy(input, target)
    return _reduced("binary_cross_entropy", losses if weight is None else losses * weight, reduction)


def binary_cross_entropy_with_logits(
    input: Any, target: Any, weight: Any = None, *, reduction: str = "mean", pos_weight: Any = None
) -> Any:
    """−(t·log σ(z) + (1 − t)·log(1 − σ(z))) of scores z, exact also where σ(z) rounds to 0 or 1.

    Parameters
    ----------
    input : Tensor or ndarray
        Scores (logits) z.
    target : Tensor or ndarray, of the same shape
    weight : ndarray, optional
        A factor for each element.
    reduction : {"mean", "sum", "none"}
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
    input, target = _pair("binary_cross_entropy_with_logits", input, target)
    positive = target if pos_weight is None else target * pos_weight
    losses = positive * more.softplus(-input) + (1 - target) * more.softplus(input)
    if weight is not None:
        losses = losses * weight
    return _reduced("binary_cross_entropy_with_logits", losses, reduction)


def hinge_loss(input: Any, target: Any, reduction: str = "mean", margin: float = 1.0) -> Any:
    """max(0, margin − t·x) of scores x and classes t = ±1: the loss of support vector machines.

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
    input, target = _pair("hinge_loss", input, target)
    if not (np.abs(plain(target)) == 1).all():
        raise ValueError("hinge_loss: targets must be -1 or 1; map classes 0 and 1 by 2·t − 1")
    return _reduced("hinge_loss", table.relu(margin - target * input), reduction)


# --- many classes ------------------------------------------------------------------------------------


def _place(g: Any, *, at: Any, classes: int) -> Any:
    filled = np.zeros((len(at), classes), g.dtype)
    filled[np.arange(len(at)), at] = g
    return filled


pick = Linear(
    "pick", lambda x, at: x[np.arange(len(at)), at], lambda g, x, at: place(g, at=at, classes=x.shape[1]),
    doc="One element of each row.",
    local="{g} at its places, 0 elsewhere",
)  # fmt: skip
place: Linear = Linear(
    "place",
    _place,
    lambda g, x, at, classes: pick(g, at=at),
    doc="Rows of zeros with one number placed in each.",
    local="{g} at its places",
)


def _entropy(x: Any, *, at: Any, weight: Any) -> Any:
    z, _ = shifted(x, 1)
    picked = z[np.arange(len(at)), at]
    losses = np.log(row_sums(np.exp(z, out=z))) - picked
    return np.add.reduce(losses) * weight if isinstance(weight, float) else losses @ weight


def _entropy_vjp(g: Any, y: Any, x: Any, at: Any, weight: Any) -> Any:
    p = softmax(x, axis=-1)
    if leading_kind((p, g)) is None:
        p[np.arange(len(at)), at] -= 1
        p *= g * weight if isinstance(weight, float) else (g * weight)[:, None]
        return (p,)
    chosen = _place(np.ones(len(at), x.dtype), at=at, classes=x.shape[1])
    return ((p - chosen) * (g * (weight if isinstance(weight, float) else weight[:, None])),)


entropy_of_classes = General(
    "cross_entropy",
    _entropy,
    _entropy_vjp,
    doc="Σ weight·(log Σ eˣ − x of the right class) over the rows.",
    local="{g} · weight · (softmax({0}) − 1 at the right class)",
)


def _flat(function: str, input: Any, target: Any) -> tuple[Any, Any, tuple[int, ...]]:
    """Scores as (rows, classes), targets by row, and the shape that the losses have."""
    input, target = arraylike(input), arraylike(target)
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


def _rows(x: Any, axis: int) -> Any:
    return np.reshape(np.moveaxis(x, axis, -1), (-1, x.shape[axis]))


def _classes(function: str, target: Any, weight: Any, count: int, ignore_index: int, dtype: Any) -> tuple[Any, Any]:
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
        importance = weight[target] if importance is None else importance * weight[target]
    return target, importance


def _one_hot(function: str, target: Any, count: int, ignore_index: int, dtype: Any) -> Any:
    """1 at the right class of each row, all 0 where it does not count: for arrays that are not indexed in pairs."""
    inside = np.logical_and(target >= 0, target < count)
    if not bool(np.all(np.logical_or(inside, target == ignore_index))):
        raise ValueError(f"{function}: a target is none of the classes 0 to {count - 1}")
    counts = (target != ignore_index)[:, None]
    return np.logical_and(np.equal(target[:, None], np.arange(count, like=target)), counts).astype(dtype)


def _class_weight(function: str, weight: Any, count: int, dtype: Any) -> Any:
    if weight is None:
        return None
    weight = np.asarray(plain(weight), dtype)
    if weight.shape != (count,):
        raise ValueError(f"{function}: weight has shape {weight.shape}, but there are {count} classes")
    return weight


def _share(importance: Any, rows: int, reduction: str) -> float:
    """What the sum of the losses is multiplied by."""
    if reduction == "sum":
        return 1.0
    total = float(rows if importance is None else np.sum(importance))
    return 1 / total if total else math.nan


def cross_entropy(
    input: Any,
    target: Any,
    weight: Any = None,
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
    dtype = stored(input).dtype
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
            each = share if importance is None else importance * dtype.type(share)
            return entropy_of_classes(input, at=target, weight=each)
        q = _place(np.ones(rows, dtype), at=target, classes=classes)
    if label_smoothing:
        q = q * (1 - label_smoothing) + label_smoothing / classes
    if weight is not None:
        q = q * weight
    losses = -np.sum(q * log_softmax(input), axis=1) * kept
    return np.reshape(losses, shape) if reduction == "none" else np.sum(losses) * _share(importance, rows, reduction)


def nll_loss(input: Any, target: Any, weight: Any = None, *, ignore_index: int = -100, reduction: str = "mean") -> Any:
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


def kl_div(input: Any, target: Any, reduction: str = "mean", *, log_target: bool = False) -> Any:
    """t·(log t − x), with x and (if `log_target`) the target logarithms of probabilities: the divergence KL(t ‖ eˣ).

    Parameters
    ----------
    input, target : Tensor or ndarray, of one shape
    reduction : {"mean", "batchmean", "sum", "none"}
        ``"batchmean"`` divides the sum by the length of the first axis, which gives the divergence itself;
        ``"mean"``, as in PyTorch, by the number of elements.
    log_target : bool

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
    input, target = _pair("kl_div", input, target)
    if log_target:
        losses = table.exp(target) * (target - input)
    else:
        zero = plain(target) == 0
        safe = np.where(zero, 1.0, target) if zero.any() else target
        losses = target * (table.log(safe) - input)
    if reduction == "batchmean":
        return np.sum(losses) / input.shape[0]
    return _reduced("kl_div", losses, reduction)
