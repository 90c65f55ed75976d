"""When to stop before the last epoch."""

from __future__ import annotations

import math
from typing import Any

from autograd.training.history import History


class EarlyStopping:
    """Stop when a number of the history has not improved for `patience` epochs. Prechelt 1998.

    Parameters
    ----------
    patience : int
        How many epochs without an improvement are borne.
    monitor : str, optional
        Which number; ``"val_loss"`` if there is one, else ``"loss"``.
    mode : {"min", "max"}
        Whether less or more is better.
    min_delta : float
        An improvement is one by more than this.
    restore_best : bool
        Whether the model gets back the parameters of its best epoch.

    Raises
    ------
    ValueError
        If `mode` is neither of these.

    Examples
    --------
    >>> from autograd.training import EarlyStopping
    >>> EarlyStopping(patience=3, monitor="val_loss").patience
    3
    """

    def __init__(
        self,
        patience: int = 10,
        monitor: str | None = None,
        mode: str = "min",
        min_delta: float = 0.0,
        restore_best: bool = True,
    ) -> None:
        if mode not in ("min", "max"):
            raise ValueError(f"EarlyStopping: mode must be 'min' or 'max', not {mode!r}")
        self.patience, self.monitor, self.mode = patience, monitor, mode
        self.min_delta, self.restore_best = min_delta, restore_best
        self.best = math.inf if mode == "min" else -math.inf
        self.best_epoch = 0
        self.best_state: dict[str, Any] | None = None

    def stops(self, model: Any, history: History) -> bool:
        """Take in the last epoch; whether it should be the last."""
        name = self.monitor or ("val_loss" if "val_loss" in history else "loss")
        if name not in history:
            raise ValueError(f"EarlyStopping watches {name!r}, but the history has {', '.join(history)}")
        value, epoch = history[name][-1], len(history[name])
        better = self.best - value if self.mode == "min" else value - self.best
        if better > self.min_delta:
            self.best, self.best_epoch = value, epoch
            if self.restore_best:
                self.best_state = model.state_dict()
        return epoch - self.best_epoch >= self.patience

    def finish(self, model: Any) -> None:
        """Give the model its best parameters back."""
        if self.best_state is not None:
            model.load_state_dict(self.best_state)
