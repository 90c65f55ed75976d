"""Recurrent networks, RNN, LSTM and GRU: a time series.

A recurrent network reads a sequence one element at a time and keeps a state h: what it says depends on all that came
before. Trained by backpropagation through time, its graph is as deep as the sequence is long, so the plain RNN
suffers what example 10 shows for layers. LSTM and GRU carry their state along a sum, which gates open and close, and
remember for longer. The series is Mackey's and Glass's chaotic one; the networks learn to predict its next value, then
run freely on their own predictions. This is no contest: one rate and one start serve all three.

J. Elman (1990); S. Hochreiter and J. Schmidhuber, "Long short-term memory" (1997); K. Cho et al. (2014): GRU.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from autograd import nn, no_grad
from autograd.nn import functional as F
from examples.shared.common import GREY, heading, plt, progress, run, save
from examples.shared.datasets import mackey_glass
from examples.shared.sequences import pieces, train

CELLS = {"RNN": nn.RNN, "LSTM": nn.LSTM, "GRU": nn.GRU}


@dataclass
class Results:
    repeated: float  # error of predicting the last value again
    errors: dict[str, float]  # of the next value
    free: dict[str, np.ndarray]  # 150 values predicted on the network's own predictions


class Reader(nn.Module):
    """A recurrent cell, and a linear layer on its state at each step. Input (length, batch, features)."""

    def __init__(self, kind: str, features: int, hidden: int, outputs: int, rng: np.random.Generator) -> None:
        self.cell = CELLS[kind](features, hidden, rng=rng)
        self.head = nn.Linear(hidden, outputs, rng=rng)

    def forward(self, x: Any, state: Any = None) -> Any:
        h, state = self.cell(x, state)
        return self.head(h), state


def learn(kind: str, x: Any, unit: float, steps: int) -> Reader:
    """A network that predicts by how much the series will change, in units of its usual change."""
    rng = np.random.default_rng(0)
    model = Reader(kind, 1, 24, 1, rng)
    draw = pieces(x[:-500, None], 40, 24, rng)

    def now_and_change() -> Any:
        now, following = draw()
        return now, (following - now) / unit

    train(model, now_and_change, lambda outputs, change: F.mse_loss(outputs[0], change), steps, 1e-2)
    return model


def run_freely(model: Any, x: Any, unit: float, steps: int) -> Any:
    """Read `x`, then go on alone: each prediction is the next input."""
    values, unread, state = [x[-1:]], x, None
    with no_grad():
        for _ in range(steps):
            y, state = model(unread, state)
            unread = values[-1] + unit * y.data[-1:]
            values.append(unread)
    return np.ravel(values[1:])


def main(quick: bool, out: Path) -> Results:
    x = mackey_glass(2000)
    unit, repeated = float(np.std(np.diff(x[:-500]))), float(np.sqrt(np.mean(np.diff(x[-501:]) ** 2)))
    heading(f"Mackey–Glass: root mean squared error of the next value (the last one again: {repeated:.3f})")
    results = Results(repeated, {}, {})
    for kind in progress(CELLS, "networks"):
        model = learn(kind, x, unit, 60 if quick else 500)
        with no_grad():
            change = unit * model(x[-600:-1, None, None])[0].data[99:, 0, 0]
        results.errors[kind] = float(np.sqrt(np.mean((x[-501:-1] + change - x[-500:]) ** 2)))
        results.free[kind] = run_freely(model, x[-500:-300, None, None], unit, 150)
        print(f"{kind:>4}: {results.errors[kind]:.4f}")

    figure, axis = plt.subplots(figsize=(9.5, 3.8), layout="constrained")
    axis.plot(np.arange(-50, 150), x[-350:-150], color=GREY, lw=3, alpha=0.5, label="the series")
    for kind, values in results.free.items():
        axis.plot(values, label=f"{kind}, running freely")
    axis.axvline(0, color=GREY, ls=":", label="the last value that is read")
    axis.set(xlabel="steps", title="Mackey–Glass: 150 predictions, each from those before", ylim=(-3, 3.8))
    axis.legend(ncols=3, loc="upper center")
    save(figure, out, "15_recurrent")
    return results


if __name__ == "__main__":
    run(main)
