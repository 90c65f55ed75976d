"""Recurrent networks, RNN, LSTM and GRU: a time series, and the letters of a rhyme.

A recurrent network reads a sequence one element at a time and keeps a state h: what it says depends on all that came
before. Trained by backpropagation through time, its graph is as deep as the sequence is long, so the plain RNN
suffers what example 10 shows for layers. LSTM and GRU carry their state along a sum, which gates open and close, and
remember for longer.

The series is Mackey's and Glass's chaotic one; the networks learn to say its next value, then run freely on what they
say themselves. The rhyme is *The House That Jack Built*, of which the last verse is kept for the test: the networks
say the next letter. What they know is measured in bits per letter, and shown by letting them go on from "This is ".

J. Elman, "Finding structure in time" (1990); S. Hochreiter and J. Schmidhuber, "Long short-term memory" (1997); K.
Cho et al. (2014); A. Karpathy, "The unreasonable effectiveness of recurrent neural networks" (2015).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from autograd import nn, no_grad
from autograd.nn import functional as F
from examples.shared.common import GREY, heading, plt, run, save
from examples.shared.datasets import mackey_glass
from examples.shared.sequences import FREQUENCY_BITS, LETTERS, pieces, teach, train

CELLS = {"RNN": nn.RNN, "LSTM": nn.LSTM, "GRU": nn.GRU}


class Reader(nn.Module):
    """A recurrent cell, and a linear layer on its state at each step. Input (length, batch, features)."""

    def __init__(self, kind: str, features: int, hidden: int, outputs: int, rng: np.random.Generator) -> None:
        self.cell = CELLS[kind](features, hidden, rng=rng)
        self.head = nn.Linear(hidden, outputs, rng=rng)

    def forward(self, x: Any, state: Any = None) -> Any:
        h, state = self.cell(x, state)
        return self.head(h), state


def run_freely(model: Any, x: Any, unit: float, steps: int) -> Any:
    """Read `x`, then go on alone: what the model says comes next is its next input."""
    said = [x[-1:]]
    with no_grad():
        y, state = model(x)
        for _ in range(steps):
            said.append(said[-1] + unit * y.data[-1:])
            y, state = model(said[-1], state)
    return np.ravel(said[1:])


def series(kind: str, x: Any, steps: int) -> dict[str, Any]:
    """One-step errors on the last 500 values, and 150 values foretold without looking.

    The networks say by how much the series will change, in units of its usual change.
    """
    rng, unit = np.random.default_rng(0), float(np.std(np.diff(x[:-500])))
    model = Reader(kind, 1, 24, 1, rng)
    draw = pieces(x[:-500, None], 40, 24, rng)

    def loss(said: Any, change: Any) -> Any:
        return F.mse_loss(said[0], change / unit)

    train(model, lambda: (lambda a, b: (a, b - a))(*draw()), loss, steps, 1e-2)
    with no_grad():
        change = unit * model(x[-600:-1, None, None])[0].data[99:, 0, 0]
    error = float(np.sqrt(np.mean((x[-501:-1] + change - x[-500:]) ** 2)))
    return {"error": error, "free": run_freely(model, x[-500:-300, None, None], unit, 150)}


class Letters(nn.Module):
    """The same over letters: each is looked up in a table, as a row that belongs to it."""

    def __init__(self, kind: str, rng: np.random.Generator) -> None:
        self.table = nn.Embedding(LETTERS, 32, rng=rng)
        self.reader = Reader(kind, 32, 64, LETTERS, rng)

    def forward(self, codes: Any) -> Any:
        return self.reader(self.table(codes))[0]


def main(quick: bool, out: Path) -> dict[str, Any]:
    x = mackey_glass(2000)
    lazy = float(np.sqrt(np.mean(np.diff(x[-501:]) ** 2)))
    heading(f"Mackey–Glass: root mean squared error of the next value (saying the last one again: {lazy:.3f})")
    foretold = {kind: series(kind, x, 60 if quick else 500) for kind in CELLS}
    for kind, result in foretold.items():
        print(f"{kind:>4}: {result['error']:.4f}")

    heading("The House That Jack Built: bits per letter of the last verse, which was not in the training text")
    print(f"by frequency of letters: {FREQUENCY_BITS:.2f}")
    spoken = {}
    for kind in CELLS:
        rng = np.random.default_rng(0)
        spoken[kind] = teach(Letters(kind, rng), 40 if quick else 300, 1e-2, rng)
        print(f"{kind:>4}: {spoken[kind]['bits']:.2f}; goes on: {spoken[kind]['text']!r}")

    figure, (top, bottom) = plt.subplots(2, 1, figsize=(9.5, 6.5))
    top.plot(np.arange(-50, 150), x[-350:-150], color=GREY, lw=3, alpha=0.5, label="the series")
    for kind, result in foretold.items():
        top.plot(np.arange(150), result["free"], label=f"{kind}, running freely")
    top.axvline(0, color=GREY, ls=":")
    top.set(xlabel="steps after the last look", title="Mackey–Glass: 150 values foretold", ylim=(-3, 3))
    top.legend(ncols=4, loc="lower center")
    for kind, result in spoken.items():
        bottom.plot(result["losses"], lw=1, label=f"{kind}: {result['bits']:.2f} on the unseen verse")
    bottom.axhline(FREQUENCY_BITS, color=GREY, ls=":", label="by frequency of letters")
    bottom.set(xlabel="steps", ylabel="bits per letter", title="letters of the rhyme, training")
    bottom.legend()
    save(figure, out, "15_recurrent")
    return {
        "lazy": lazy,
        "errors": {kind: r["error"] for kind, r in foretold.items()},
        "bits": {kind: r["bits"] for kind, r in spoken.items()},
        "text": spoken["LSTM"]["text"],
    }


if __name__ == "__main__":
    run(main)
