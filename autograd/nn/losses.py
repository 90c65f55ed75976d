"""The losses of :mod:`autograd.nn.functional` as modules that keep their settings."""

from __future__ import annotations

from typing import Any, Callable

from autograd.nn import functional as F
from autograd.nn.module import Module
from autograd.types import Array


class _Loss(Module):
    """A loss function with its settings."""

    function: Callable[..., Any]

    def __init__(self, reduction: str = "mean") -> None:
        if reduction not in ("mean", "sum", "none") and not (reduction == "batchmean" and isinstance(self, KLDivLoss)):
            raise ValueError(f"{type(self).__name__}: reduction must be 'mean', 'sum' or 'none', not {reduction!r}")
        self._settings: dict[str, Any] = {"reduction": reduction}

    def forward(self, input: Array, target: Any) -> Array:
        return type(self).function(input, target, **self._settings)

    def extra_repr(self) -> str:
        usual = {"reduction": "mean", "ignore_index": -100, "label_smoothing": 0.0, "log_target": False}
        return ", ".join(f"{k}={v!r}" for k, v in self._settings.items() if v is not None and usual.get(k) != v)


class MSELoss(_Loss):
    """Squared error; see :func:`~autograd.nn.functional.mse_loss`.

    Parameters
    ----------
    reduction : {"mean", "sum", "none"}
        The mean over all elements, their sum, or each by itself.

    Raises
    ------
    ValueError
        If `reduction` is none of these.

    Examples
    --------
    >>> import numpy as np
    >>> float(MSELoss()(np.array([1.0, 2.0]), np.array([1.0, 4.0])))
    2.0
    """

    function = staticmethod(F.mse_loss)


class L1Loss(_Loss):
    """Absolute error; see :func:`~autograd.nn.functional.l1_loss`.

    Parameters
    ----------
    reduction : {"mean", "sum", "none"}
        The mean over all elements, their sum, or each by itself.

    Raises
    ------
    ValueError
        If `reduction` is none of these.

    Examples
    --------
    >>> import numpy as np
    >>> from autograd import nn
    >>> float(nn.L1Loss()(np.array([1.0, 2.0]), np.array([1.0, 4.0])))
    1.0
    """

    function = staticmethod(F.l1_loss)


class HuberLoss(_Loss):
    """Squared error near, absolute error far (Huber 1964); see :func:`~autograd.nn.functional.huber_loss`.

    Parameters
    ----------
    reduction : {"mean", "sum", "none"}
        The mean over all elements, their sum, or each by itself.
    delta : float
        Where the square ends and the line begins.

    Examples
    --------
    >>> import numpy as np
    >>> from autograd import nn
    >>> float(nn.HuberLoss()(np.array([0.5, 3.0]), np.zeros(2)))
    1.3125
    """

    function = staticmethod(F.huber_loss)

    def __init__(self, reduction: str = "mean", delta: float = 1.0) -> None:
        super().__init__(reduction)
        self._settings["delta"] = delta


class SmoothL1Loss(_Loss):
    """Huber's loss divided by beta (Girshick 2015); see :func:`~autograd.nn.functional.smooth_l1_loss`.

    Parameters
    ----------
    reduction : {"mean", "sum", "none"}
        The mean over all elements, their sum, or each by itself.
    beta : float
        Where the square ends and the line begins.

    Examples
    --------
    >>> import numpy as np
    >>> from autograd import nn
    >>> float(nn.SmoothL1Loss(beta=0.5)(np.array([0.25, 3.0]), np.zeros(2)))
    1.40625
    """

    function = staticmethod(F.smooth_l1_loss)

    def __init__(self, reduction: str = "mean", beta: float = 1.0) -> None:
        super().__init__(reduction)
        self._settings["beta"] = beta


class BCELoss(_Loss):
    """Cross-entropy of two classes, from probabilities; see :func:`~autograd.nn.functional.binary_cross_entropy`.

    Parameters
    ----------
    weight : ndarray, optional
        A factor for each element.
    reduction : {"mean", "sum", "none"}
        The mean over all elements, their sum, or each by itself.

    Examples
    --------
    >>> import numpy as np
    >>> from autograd import nn
    >>> float(nn.BCELoss()(np.array([0.5, 0.25]), np.array([1.0, 0.0])).round(4))
    0.4904
    """

    function = staticmethod(F.binary_cross_entropy)

    def __init__(self, weight: Any = None, *, reduction: str = "mean") -> None:
        super().__init__(reduction)
        self._settings["weight"] = weight


class BCEWithLogitsLoss(_Loss):
    """Cross-entropy of two classes, from scores; see
    :func:`~autograd.nn.functional.binary_cross_entropy_with_logits`.

    Parameters
    ----------
    weight : ndarray, optional
        A factor for each element.
    reduction : {"mean", "sum", "none"}
        The mean over all elements, their sum, or each by itself.
    pos_weight : ndarray or float, optional
        A factor for the positive part t·log σ(z).

    Examples
    --------
    >>> import numpy as np
    >>> from autograd import nn
    >>> float(nn.BCEWithLogitsLoss()(np.array([0.0, 2.0]), np.array([1.0, 1.0])).round(4))
    0.41
    """

    function = staticmethod(F.binary_cross_entropy_with_logits)

    def __init__(self, weight: Any = None, *, reduction: str = "mean", pos_weight: Any = None) -> None:
        super().__init__(reduction)
        self._settings.update(weight=weight, pos_weight=pos_weight)


class CrossEntropyLoss(_Loss):
    """Cross-entropy of many classes, from scores; see :func:`~autograd.nn.functional.cross_entropy`.

    Parameters
    ----------
    weight : ndarray, shape (classes,), optional
        A factor for each class.
    ignore_index : int
        Rows with this class do not count.
    reduction : {"mean", "sum", "none"}
        The mean over all elements, their sum, or each by itself.
    label_smoothing : float
        ε: the targets become (1 − ε)·q + ε/classes. Szegedy et al. 2016.

    Examples
    --------
    >>> import numpy as np
    >>> from autograd import nn
    >>> float(nn.CrossEntropyLoss()(np.array([[2.0, 0.0], [0.0, 0.0]]), np.array([0, 1])).round(4))
    0.41
    """

    function = staticmethod(F.cross_entropy)

    def __init__(
        self, weight: Any = None, *, ignore_index: int = -100, reduction: str = "mean", label_smoothing: float = 0.0
    ) -> None:
        super().__init__(reduction)
        self._settings.update(weight=weight, ignore_index=ignore_index, label_smoothing=label_smoothing)


class NLLLoss(_Loss):
    """−x of the right class, x logarithms of probabilities; see :func:`~autograd.nn.functional.nll_loss`.

    Parameters
    ----------
    weight : ndarray, shape (classes,), optional
        A factor for each class.
    ignore_index : int
        Rows with this class do not count.
    reduction : {"mean", "sum", "none"}
        The mean over all elements, their sum, or each by itself.

    Examples
    --------
    >>> import numpy as np
    >>> from autograd import nn
    >>> float(nn.NLLLoss()(np.log([[0.5, 0.5], [0.25, 0.75]]), np.array([0, 1])).round(4))
    0.4904
    """

    function = staticmethod(F.nll_loss)

    def __init__(self, weight: Any = None, *, ignore_index: int = -100, reduction: str = "mean") -> None:
        super().__init__(reduction)
        self._settings.update(weight=weight, ignore_index=ignore_index)


class HingeLoss(_Loss):
    """max(0, margin − t·x) of classes ±1; see :func:`~autograd.nn.functional.hinge_loss`.

    Parameters
    ----------
    reduction : {"mean", "sum", "none"}
        The mean over all elements, their sum, or each by itself.
    margin : float
        From this on, t·x costs nothing.

    Examples
    --------
    >>> import numpy as np
    >>> from autograd import nn
    >>> float(nn.HingeLoss()(np.array([2.0, 0.5]), np.array([1.0, -1.0])))
    0.75
    """

    function = staticmethod(F.hinge_loss)

    def __init__(self, reduction: str = "mean", margin: float = 1.0) -> None:
        super().__init__(reduction)
        self._settings["margin"] = margin


class KLDivLoss(_Loss):
    """Kullback-Leibler divergence; see :func:`~autograd.nn.functional.kl_div`.

    Parameters
    ----------
    reduction : {"mean", "batchmean", "sum", "none"}
        As for :func:`~autograd.nn.functional.kl_div`.
    log_target : bool
        Whether the targets are logarithms too.

    Examples
    --------
    >>> import numpy as np
    >>> from autograd import nn
    >>> float(nn.KLDivLoss("batchmean")(np.log([[0.5, 0.5]]), np.array([[0.25, 0.75]])).round(4))
    0.1308
    """

    function = staticmethod(F.kl_div)

    def __init__(self, reduction: str = "mean", *, log_target: bool = False) -> None:
        super().__init__(reduction)
        self._settings["log_target"] = log_target
