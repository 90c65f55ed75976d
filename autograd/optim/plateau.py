"""A learning rate that falls when a measured number no longer improves."""

from __future__ import annotations

import math
from typing import Any, Mapping

from autograd.optim.base import Optimizer


class ReduceLROnPlateau:
    """rate ← factor·rate when a measured number has not improved for more than `patience` steps.

    Parameters
    ----------
    optimizer : Optimizer
        Whose learning rates are set.
    mode : {"min", "max"}
        Whether the measured number improves by falling or by rising.
    factor : float
        What a rate is multiplied by, between 0 and 1.
    patience : int
        How many steps without an improvement are borne.
    threshold : float
        An improvement is one by more than this share of the best.
    min_lr : float
        No rate falls below it.

    Raises
    ------
    ValueError
        If `mode` is none of these, or `factor` does not lie between 0 and 1.

    Examples
    --------
    >>> from autograd import Value, optim
    >>> sgd = optim.SGD([Value(1.0)], lr=1.0)
    >>> schedule = ReduceLROnPlateau(sgd, patience=0)
    >>> for loss in (1.0, 1.0):
    ...     schedule.step(loss)
    >>> sgd.param_groups[0]["lr"]
    0.1
    """

    def __init__(
        self,
        optimizer: Optimizer,
        mode: str = "min",
        factor: float = 0.1,
        patience: int = 10,
        threshold: float = 1e-4,
        min_lr: float = 0.0,
    ) -> None:
        if mode not in ("min", "max"):
            raise ValueError(f"ReduceLROnPlateau: mode must be 'min' or 'max', not {mode!r}")
        if not 0 < factor < 1:
            raise ValueError(f"ReduceLROnPlateau: factor must lie between 0 and 1, not {factor!r}")
        self.optimizer, self.mode, self.factor = optimizer, mode, factor
        self.patience, self.threshold, self.min_lr = patience, threshold, min_lr
        self.best = math.inf if mode == "min" else -math.inf
        self.bad_steps = 0

    def step(self, metrics: Any) -> None:
        """Take in the number that should improve."""
        value = float(metrics)
        sign = 1 if self.mode == "min" else -1
        if math.isinf(self.best) or sign * value < sign * self.best - self.threshold * abs(self.best):
            self.best, self.bad_steps = value, 0
            return
        self.bad_steps += 1
        if self.bad_steps > self.patience:
            self.bad_steps = 0
            for group in self.optimizer.param_groups:
                group["lr"] = max(self.factor * group["lr"], self.min_lr)

    def get_last_lr(self) -> list[float]:
        """The rates that are set now."""
        return [group["lr"] for group in self.optimizer.param_groups]

    def state_dict(self) -> dict[str, Any]:
        """What :meth:`load_state_dict` needs to go on."""
        return {"best": self.best, "bad_steps": self.bad_steps}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Go on from what :meth:`state_dict` gave."""
        self.best, self.bad_steps = float(state_dict["best"]), int(state_dict["bad_steps"])
