"""The loop around a step: mini-batches, `fit` with a progress bar and a history, early stopping."""

from __future__ import annotations

import math
import sys
import time
from typing import Any, Callable, Iterator

import numpy as np

from autograd.errors import AnomalyError
from autograd.modes import detect_anomaly, no_grad
from autograd.node import plain
from autograd.optim import LBFGS, Optimizer, ReduceLROnPlateau, clip_grad_norm_
from autograd.serialization import _generators

History = dict[str, list[float]]
"""Per epoch: ``"loss"``, ``"lr"``, the metric by its name, and with validation ``"val_loss"`` and ``"val_…"``."""


def batches(
    *arrays: Any, batch_size: int = 32, shuffle: bool = True, rng: Any = None, drop_last: bool = False
) -> Iterator[tuple[Any, ...]]:
    """Cut arrays of equal length into mini-batches.

    Parameters
    ----------
    *arrays : ndarray
        Inputs, targets, …: row i of each belongs together.
    batch_size : int
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


def _batches(rows: list[Any], size: int, rng: Any, drop_last: bool) -> Iterator[tuple[Any, ...]]:
    count = len(rows[0])
    order = rng.permutation(count) if rng is not None else None
    for start in range(0, count - size + 1 if drop_last else count, size):
        part = slice(start, start + size) if order is None else order[start : start + size]
        yield tuple(x[part] for x in rows)


def accuracy(outputs: Any, targets: Any) -> float:
    """The share of right classes: the largest score of each row, or the sign of a single one.

    Parameters
    ----------
    outputs : array, shape (batch, classes); or (batch,) or (batch, 1) for two classes
    targets : array
        Classes 0, 1, …; for a single score also −1 and 1.

    Returns
    -------
    float
        From 0 to 1.

    Examples
    --------
    >>> accuracy(np.array([[2.0, 1.0], [0.0, 3.0]]), np.array([0, 0]))
    0.5
    """
    scores, right = plain(outputs), np.asarray(plain(targets))
    if scores.ndim > 1 and scores.shape[1] > 1:
        return float(np.mean(scores.argmax(axis=1) == right))
    return float(np.mean((scores.reshape(-1) > 0) == (right.reshape(-1) > 0)))


class EarlyStopping:
    """Stop when a number of the history has not improved for `patience` epochs.

    Parameters
    ----------
    patience : int
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


def evaluate(
    model: Any, inputs: Any, targets: Any, loss: Callable[..., Any], metric: Any = None, batch_size: int = 256
) -> dict[str, float]:
    """The mean loss (and metric) over a data set, in evaluation mode and without recording.

    Parameters
    ----------
    model : Module
        The network.
    inputs : ndarray
        All rows.
    targets : ndarray
        What is right for each.
    loss : callable
        ``loss(model(x), y)`` is a scalar.
    metric : callable, optional
        ``metric(outputs, targets)`` gives a number.
    batch_size : int
        Rows at once.

    Returns
    -------
    dict
        ``"loss"``, and the metric under its name.

    Examples
    --------
    >>> import numpy as np
    >>> from autograd import nn
    >>> x = np.linspace(-1, 1, 8)[:, None]
    >>> scores = evaluate(nn.Identity(), x, np.zeros((8, 1)), nn.MSELoss())
    >>> round(scores["loss"], 4)
    0.4286
    """
    training = model.training
    model.eval()
    means = _Means()
    try:
        with no_grad():
            for x, y in batches(inputs, targets, batch_size=batch_size, shuffle=False):
                outputs = model(x)
                means.add(len(x), loss=float(loss(outputs, y)), **_measured(metric, outputs, y))
    finally:
        model.train(training)
    return means.values()


def fit(
    model: Any,
    inputs: Any,
    targets: Any,
    *,
    loss: Callable[..., Any],
    optimizer: Optimizer,
    epochs: int = 10,
    batch_size: int = 32,
    shuffle: bool = True,
    validation: tuple[Any, Any] | None = None,
    metric: Callable[[Any, Any], float] | None = None,
    schedule: Any = None,
    schedule_every: str = "epoch",
    clip_norm: float | None = None,
    early_stopping: EarlyStopping | int | None = None,
    on_epoch: Callable[[int, History], Any] | None = None,
    rng: Any = None,
    progress: bool = True,
) -> History:
    """Train a model by mini-batches.

    Parameters
    ----------
    model : Module
        Left in training mode.
    inputs, targets : ndarray
    loss : callable
        ``loss(model(x), y)`` is a scalar Tensor.
    optimizer : Optimizer
    epochs, batch_size : int
    shuffle : bool
    validation : (inputs, targets), optional
        Evaluated after each epoch.
    metric : callable, optional
        ``metric(outputs, targets)`` gives a number, e.g. :func:`accuracy`; it goes by its ``__name__``.
    schedule : Schedule, optional
        Its `step` is called after each epoch, or with ``schedule_every="step"`` after each batch.
    schedule_every : {"epoch", "step"}
        When the schedule takes its step.
    clip_norm : float, optional
        The largest norm of all gradients together.
    early_stopping : EarlyStopping or int, optional
        When to stop before the last epoch; a number n stands for ``EarlyStopping(patience=n)``.
    on_epoch : callable, optional
        Called as ``on_epoch(epoch, history)`` after each epoch, e.g. to save; epochs count from 1.
    rng : numpy Generator or int, optional
        Where the order of the rows comes from.
    progress : bool
        Whether to show a progress bar (tqdm's; without tqdm a line per epoch), on standard error.

    Returns
    -------
    dict
        Lists with a number per epoch: ``"loss"``, ``"lr"``, the metric, ``"val_loss"`` and ``"val_…"``.

    Raises
    ------
    TypeError
        If `optimizer` or `early_stopping` is something else.
    ValueError
        If `optimizer` holds none of the model's parameters, so that nothing would be learned.
    AnomalyError
        If a loss or a gradient is nan or inf: the message says at which step, and names the first
        operation that made one. The parameters stay as they were before that step.

    Examples
    --------
    >>> from autograd import nn, optim
    >>> x = np.linspace(-1, 1, 64)[:, None]
    >>> model = nn.Sequential(nn.Linear(1, 8, rng=0), nn.Tanh(), nn.Linear(8, 1, rng=1))
    >>> history = fit(model, x, x**2, loss=nn.MSELoss(), optimizer=optim.Adam(model.parameters(), lr=0.02),
    ...               epochs=60, rng=0, progress=False)
    >>> history["loss"][-1] < 0.01 < history["loss"][0]
    True
    """
    if schedule_every not in ("epoch", "step"):
        raise ValueError(f"fit: schedule_every must be 'epoch' or 'step', not {schedule_every!r}")
    if isinstance(early_stopping, int) and not isinstance(early_stopping, bool):
        early_stopping = EarlyStopping(patience=early_stopping)
    if not isinstance(early_stopping, (EarlyStopping, type(None))):
        raise TypeError(
            f"fit: early_stopping is a number of epochs or EarlyStopping(patience=…), not {early_stopping!r}"
        )
    rng = np.random.default_rng(rng)
    history: History = {}
    parameters = model.parameters()
    _check_optimizer(optimizer, parameters)
    bar = _bar(progress, epochs, -(-len(inputs) // batch_size))
    step = 0
    model.train()
    try:
        for epoch in range(1, epochs + 1):
            means = _Means()
            for x, y in batches(inputs, targets, batch_size=batch_size, shuffle=shuffle, rng=rng):
                step += 1
                value, outputs = _step(
                    model, x, y, loss, optimizer, parameters, clip_norm, f"step {step} (epoch {epoch})"
                )
                means.add(len(x), loss=value, **_measured(metric, outputs, y))
                if schedule is not None and schedule_every == "step":
                    schedule.step()
                bar.advance(means)
            results = {**means.values(), "lr": float(optimizer.param_groups[0]["lr"])}
            if validation is not None:
                found = evaluate(model, *validation, loss, metric)
                results.update({f"val_{name}": number for name, number in found.items()})
            for name, number in results.items():
                history.setdefault(name, []).append(number)
            bar.epoch(epoch, results)
            if isinstance(schedule, ReduceLROnPlateau):
                schedule.step(results.get("val_loss", results["loss"]))
            elif schedule is not None and schedule_every == "epoch":
                schedule.step()
            if on_epoch is not None:
                on_epoch(epoch, history)
            if early_stopping is not None and early_stopping.stops(model, history):
                break
    finally:
        bar.close()
    if early_stopping is not None:
        early_stopping.finish(model)
    return history


def _check_optimizer(optimizer: Any, parameters: Any) -> None:
    """Refuse an optimiser that would leave the model as it is."""
    if not isinstance(optimizer, Optimizer):
        raise TypeError(
            "fit: optimizer is one of autograd.optim, e.g. optim.Adam(model.parameters()), "
            f"not {type(optimizer).__name__}"
        )
    held = {p for group in optimizer.param_groups for p in group["params"]}
    if not held.intersection(parameters):
        raise ValueError(
            "fit: the optimizer holds none of the model's parameters, so nothing would be learned; make it from "
            "this model: optimizer=optim.Adam(model.parameters()), again after the model is copied or converted"
        )


def _step(
    model: Any, x: Any, y: Any, loss: Callable[..., Any], optimizer: Optimizer, parameters: Any,
    clip_norm: float | None, where: str,
) -> tuple[float, Any]:  # fmt: skip
    """One step on one batch: the loss before it, and the outputs."""
    generators = _generators(model)
    chances = [g.bit_generator.state for g in generators]
    outputs: Any = None

    def closure() -> Any:
        nonlocal outputs
        optimizer.zero_grad()
        outputs = model(x)
        made = loss(outputs, y)
        made.backward()
        return made

    made = closure()
    value = float(made)
    if not math.isfinite(value) or not all(p.grad is None or math.isfinite(np.sum(plain(p.grad))) for p in parameters):
        for generator, state in zip(generators, chances):
            generator.bit_generator.state = state
        _explain(closure, value, where)
    if clip_norm is not None:
        clip_grad_norm_(parameters, clip_norm)
    if isinstance(optimizer, LBFGS):
        optimizer.step(closure)
    else:
        optimizer.step()
    return value, outputs


def _explain(closure: Callable[[], Any], value: float, where: str) -> None:
    """Run the batch again under watch, and say what made the first nan or inf."""
    what = f"the loss is {value}" if not math.isfinite(value) else "a gradient is not finite"
    try:
        with detect_anomaly():
            closure()
    except AnomalyError as error:
        raise AnomalyError(f"training stopped at {where}: {what}; {error}") from error
    raise AnomalyError(f"training stopped at {where}: {what}; look for nan or inf in inputs, targets and parameters")


def _measured(metric: Any, outputs: Any, targets: Any) -> dict[str, float]:
    if metric is None:
        return {}
    return {getattr(metric, "__name__", type(metric).__name__): float(metric(plain(outputs), targets))}


class _Means:
    """Running means, weighted by the number of rows."""

    def __init__(self) -> None:
        self.count = 0
        self.sums: dict[str, float] = {}

    def add(self, count: int, **values: float) -> None:
        self.count += count
        for name, value in values.items():
            self.sums[name] = self.sums.get(name, 0.0) + count * value

    def values(self) -> dict[str, float]:
        return {name: total / self.count for name, total in self.sums.items()} if self.count else {"loss": math.nan}


# --- progress ----------------------------------------------------------------------------------------


class _Silent:
    """No progress shown."""

    def advance(self, means: _Means) -> None:
        """A batch is done."""

    def epoch(self, epoch: int, results: dict[str, float]) -> None:
        """An epoch is done."""

    def close(self) -> None:
        """Training is over."""


class _Bar(_Silent):
    """tqdm's bar over all batches, with loss, metric and the time left."""

    def __init__(self, tqdm: Any, total: int) -> None:
        self.bar = tqdm(total=total, unit="batch", file=sys.stderr)

    def advance(self, means: _Means) -> None:
        self.bar.set_postfix({name: f"{v:.4g}" for name, v in means.values().items()}, refresh=False)
        self.bar.update()

    def epoch(self, epoch: int, results: dict[str, float]) -> None:
        self.bar.set_description(f"epoch {epoch}", refresh=False)
        self.bar.set_postfix({name: f"{v:.4g}" for name, v in results.items()}, refresh=False)

    def close(self) -> None:
        self.bar.close()


class _Lines(_Silent):
    """A line per epoch."""

    def __init__(self, epochs: int) -> None:
        self.epochs, self.start = epochs, time.perf_counter()

    def epoch(self, epoch: int, results: dict[str, float]) -> None:
        left = (time.perf_counter() - self.start) / epoch * (self.epochs - epoch)
        shown = "  ".join(f"{name} {value:.4g}" for name, value in results.items())
        print(f"epoch {epoch}/{self.epochs}  {shown}  {left:.0f} s left", file=sys.stderr, flush=True)


def _bar(progress: bool, epochs: int, count: int) -> _Silent:
    if not progress:
        return _Silent()
    try:
        from tqdm import tqdm
    except ImportError:
        return _Lines(epochs)
    return _Bar(tqdm, epochs * count)
