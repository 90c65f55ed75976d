"""Comparisons that would survive a referee: one grid of rates for all sides, chosen by validation, several seeds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Callable, Sequence

import numpy as np

from autograd import nn, optim, training
from autograd.nn import functional as F
from examples.shared.common import BLUE, GREY
from examples.shared.progress import progress


@dataclass(frozen=True)
class Split:
    """Rows to learn from, rows that choose the rate and when to stop, and rows that only judge: each X and y."""

    train: tuple[Any, Any]
    validation: tuple[Any, Any]
    test: tuple[Any, Any]

    def first(self, count: int) -> Split:
        """The same with no more than `count` rows to learn from."""
        X, y = self.train
        return Split((X[:count], y[:count]), self.validation, self.test)


@dataclass(frozen=True)
class Trial:
    """One training run: its validation loss, what it is judged by on the test rows, its losses, and its end."""

    validation: float
    test: Any
    curve: np.ndarray
    model: Any = None


@dataclass(frozen=True)
class Tuned:
    """The rate whose validation loss, the mean of all seeds, is least; and its runs, one for each seed."""

    losses: dict[float, float]
    """The mean validation loss of every rate."""
    rate: float
    trials: list[Trial]

    @property
    def tests(self) -> Any:
        return np.hstack([trial.test for trial in self.trials])

    @property
    def curves(self) -> Any:
        return np.array([trial.curve for trial in self.trials])


def split(X: Any, y: Any, validation: int, test: int, seed: int) -> Split:
    """Rows in random order, the last `test` and the `validation` before them set aside."""
    order = np.random.default_rng(seed).permutation(len(y))
    parts = np.split(order, [len(y) - validation - test, len(y) - test])
    return Split(*((X[part], y[part]) for part in parts))


def tune(trial: Callable[[float, int], Trial], rates: Any, seeds: int, what: str) -> Tuned:
    """Run every rate with every seed, behind a progress bar, and keep the best rate."""
    pairs = [(rate, seed) for rate in rates for seed in range(seeds)]
    trials = [trial(rate, seed) for rate, seed in progress(pairs, what)]
    runs = {rate: trials[k * seeds : (k + 1) * seeds] for k, rate in enumerate(rates)}
    losses = {rate: float(np.mean([one.validation for one in some])) for rate, some in runs.items()}
    rate = min(rates, key=lambda rate: np.nan_to_num(losses[rate], nan=np.inf))
    return Tuned(losses, rate, runs[rate])


def dense(sizes: Sequence[int], rng: np.random.Generator, activation: Any = nn.ReLU) -> nn.Sequential:
    """Fully connected layers of these sizes, the inputs first, with activations between; in single precision."""
    layers = [nn.Linear(nin, nout, rng=rng, dtype=np.float32) for nin, nout in zip(sizes, sizes[1:])]
    return nn.Sequential(*[part for layer in layers for part in (layer, activation())][:-1])


def learn(
    model: Any,
    data: Split,
    rate: float,
    epochs: int,
    seed: int,
    loss: Any = F.cross_entropy,
    metric: Any = training.accuracy,
    batch_size: int = 32,
    patience: int | None = None,
) -> Trial:
    """Adam until the validation loss has not improved for `patience` epochs, a fifth of all; judged as at its best.

    By its accuracy, or by its loss where there is no `metric`. The curve: for each epoch the mean loss of its steps and
    the validation loss after it.
    """
    optimizer = optim.Adam(model.parameters(), lr=rate)
    history = training.fit(
        model, *data.train, loss=loss, optimizer=optimizer, epochs=epochs, batch_size=batch_size,
        validation=data.validation, early_stopping=patience or max(5, epochs // 5), rng=seed, progress=False,
    )  # fmt: skip
    found = training.evaluate(model, *data.test, loss, metric)
    losses = np.transpose([history["loss"], history["val_loss"]])
    return Trial(losses[:, 1].min(), list(found.values())[-1], losses, model)


def spread(numbers: Any, digits: int = 1) -> str:
    """Mean ± standard deviation."""
    return f"{np.mean(numbers):.{digits}f} ± {np.std(numbers, ddof=1):.{digits}f}"


def plot_spread(axis: Any, groups: dict[str, np.ndarray], each: str, **settings: Any) -> None:
    """A column for each group: its numbers as dots, called `each` in the legend, and their mean ± deviation."""
    for place, numbers in enumerate(groups.values()):
        across = place + np.linspace(-0.2, 0.1, len(numbers))
        axis.plot(across, numbers, ".", color=GREY, label="" if place else each)
        bar = {"yerr": np.std(numbers, ddof=1), "label": "" if place else "mean ± deviation"}
        axis.errorbar(place + 0.25, np.mean(numbers), fmt="o", color=BLUE, capsize=4, **bar)
    axis.set_xticks(range(len(groups)), groups)
    axis.set_xlim(-0.5, len(groups) - 0.4)
    axis.margins(y=0.15)
    axis.set(**settings)
    axis.legend(loc="upper center", bbox_to_anchor=(0.5, -0.08), ncols=2)


def plot_losses(axis: Any, tuned: Tuned, colour: str, name: str) -> None:
    """Losses of its steps (dashed) and validation losses, over epochs: their mean, and a band of ± deviation."""
    for k, (what, style) in enumerate((("training", "--"), ("others", "-"))):
        mean, deviation = tuned.curves[:, :, k].mean(axis=0), tuned.curves[:, :, k].std(axis=0, ddof=1)
        axis.plot(mean, style, color=colour, label=f"{name}, {what}")
        axis.fill_between(range(len(mean)), mean - deviation, mean + deviation, color=colour, alpha=0.15, lw=0)
    axis.legend(title="mean, and a band of ± deviation")
