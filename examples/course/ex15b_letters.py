"""Recurrent networks on text: the letters of a rhyme, one after another; and which network is for what.

The rhyme is *The House That Jack Built*, of which the last verse is kept for the test: the networks predict the next
letter. What they know is measured in bits per letter: −log₂ of the probability that they gave to the letter that came,
on average. It is shown, too, by letting them go on from "This is ", always with the likeliest letter.
This is no contest: one rate and one start serve all three (example 16 tunes two models).

A. Karpathy, "The unreasonable effectiveness of recurrent neural networks" (2015).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from autograd import nn
from examples.course.ex15_recurrent import CELLS, Reader
from examples.shared.common import GREY, heading, plt, progress, run, save
from examples.shared.sequences import FREQUENCY_BITS, LETTERS, teach

NETWORKS = (
    ("numbers in a table, such as house prices", "standard: fully connected", "example 12"),
    ("pictures", "CNN: convolutions", "example 14"),
    ("sequences: sound, text, prices over time", "RNN, LSTM, GRU, or a Transformer", "examples 15, 16"),
    ("several kinds at once, such as camera and radar", "hybrid: one of each, joined", "not shown"),
)


@dataclass
class Results:
    bits: dict[str, float]  # per letter of the last verse
    texts: dict[str, str]
    losses: dict[str, np.ndarray]  # of each training step, in bits per letter


class Letters(nn.Module):
    """A recurrent network over letters: each is looked up in a table, as a row that belongs to it."""

    def __init__(self, kind: str, rng: np.random.Generator) -> None:
        self.table = nn.Embedding(LETTERS, 32, rng=rng)
        self.reader = Reader(kind, 32, 64, LETTERS, rng)

    def forward(self, codes: Any) -> Any:
        return self.reader(self.table(codes))[0]


def main(quick: bool, out: Path) -> Results:
    results = Results({}, {}, {})
    for kind in progress(CELLS, "networks"):
        rng = np.random.default_rng(0)
        taught = teach(Letters(kind, rng), 40 if quick else 300, 1e-2, rng)
        results.bits[kind], results.texts[kind], results.losses[kind] = taught.bits, taught.text, taught.losses

    heading("The House That Jack Built: bits per letter of the last verse, which was not in the training text")
    print(f"by frequency of letters: {FREQUENCY_BITS:.2f}")
    for kind in CELLS:
        print(f"{kind:>4}: {results.bits[kind]:.2f}; goes on: {results.texts[kind]!r}")

    heading("Which network for what")  # S4.5 standard, CNN, RNN, hybrid
    print("\n".join(f"{data:<48} {network:<34} {where}" for data, network, where in NETWORKS))

    figure, axis = plt.subplots(figsize=(8.5, 3.8), layout="constrained")
    for kind, losses in results.losses.items():
        axis.plot(losses, lw=1, label=f"{kind}: {results.bits[kind]:.2f} on the last verse")
    axis.axhline(FREQUENCY_BITS, color=GREY, ls=":", label="by frequency of letters")
    axis.set(xlabel="steps", ylabel="bits per letter", title="letters of the rhyme, training", ylim=(0, None))
    axis.legend()
    save(figure, out, "15b_letters")
    return results


if __name__ == "__main__":
    run(main)
