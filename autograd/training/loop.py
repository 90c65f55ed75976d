"""The loop around a step: `fit`, and `evaluate`."""

from __future__ import annotations

import math
from typing import Any, Callable

import numpy as np

from autograd.errors import AnomalyError
from autograd.modes import detect_anomaly, no_grad
from autograd.node import plain
from autograd.optim import LBFGS, Optimizer, ReduceLROnPlateau, clip_grad_norm_
from autograd.serialization import generators_of
from autograd.training.early_stopping import EarlyStopping
from autograd.training.history import History, Means
from autograd.training.minibatches import batches
from autograd.training.progress import progress_bar
from autograd.types import Array


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
    means = Means()
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
    rng: np.random.Generator | int | None = None,
    progress: bool = True,
) -> History:
    """Train a model by mini-batches.

    Parameters
    ----------
    model : Module
        Left in training mode.
    inputs, targets : ndarray
        Row i of each belongs together.
    loss : callable
        ``loss(model(x), y)`` is a scalar Tensor.
    optimizer : Optimizer
        Holds the parameters of the model, or some of them.
    epochs, batch_size : int
        How many passes over all rows, and rows of a mini-batch.
    shuffle : bool
        Whether rows come in a new random order in each epoch.
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
        If `optimizer`, `loss`, `validation` or `early_stopping` is something else.
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
    _check_loss(loss)
    if validation is not None and not (isinstance(validation, (tuple, list)) and len(validation) == 2):
        raise TypeError(f"fit: validation is a pair (inputs, targets), not {type(validation).__name__}")
    bar = progress_bar(progress, epochs, -(-len(inputs) // batch_size))
    step = 0
    model.train()
    try:
        for epoch in range(1, epochs + 1):
            means = Means()
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


def _check_loss(loss: Any) -> None:
    """Refuse what is no function of outputs and targets."""
    if isinstance(loss, type):
        raise TypeError(f"fit: loss is {loss.__name__}, a class; make one of it: {loss.__name__}()")
    if not callable(loss):
        raise TypeError(f"fit: loss is a function of outputs and targets, e.g. nn.MSELoss(), not {loss!r}")


def _step(
    model: Any,
    x: Any,
    y: Any,
    loss: Callable[..., Any],
    optimizer: Optimizer,
    parameters: Any,
    clip_norm: float | None,
    where: str,
) -> tuple[float, Any]:
    """One step on one batch: the loss before it, and the outputs."""
    generators = generators_of(model)
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


def _measured(metric: Any, outputs: Array, targets: Any) -> dict[str, float]:
    if metric is None:
        return {}
    return {getattr(metric, "__name__", type(metric).__name__): float(metric(plain(outputs), targets))}
