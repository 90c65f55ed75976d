"""Models of letters compared: taught on all verses of the rhyme but two, one of which chooses and the last judges."""

from __future__ import annotations

from time import thread_time
from typing import Any

import numpy as np

from autograd import nn, no_grad
from autograd.nn import functional as F
from examples.shared.sequences import ALPHABET, CONTEXT, KNOWN, LETTERS, VERSE, pieces, train
from examples.shared.tuning import Trial

# The rhyme without its last verse, which is VERSE, ends in a blank line; so does it without the one before.
_blank = np.flatnonzero((KNOWN[:-1] == KNOWN[-1]) & (KNOWN[1:] == KNOWN[-1]))
TAUGHT = KNOWN[: _blank[-2] + 2]


def letter_loss(logits: Any, targets: Any) -> Any:
    return F.cross_entropy(logits.reshape(-1, LETTERS), targets.ravel())


class LSTM(nn.Module):
    """Letters' codes (length, batch) to the logits of each next letter (length, batch, letters): 28,484 parameters."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.letters, self.cell = nn.Embedding(LETTERS, 32, rng=rng), nn.LSTM(32, 65, rng=rng)
        self.head = nn.Linear(65, LETTERS, rng=rng)

    def forward(self, codes: Any) -> Any:
        return self.head(self.cell(self.letters(codes))[0])


def bits(model: Any, before: Any, verse: Any) -> float:
    """Bits per letter of a verse, each letter told from the 48 before it."""
    text = np.concatenate([before[-CONTEXT:], verse])
    windows = np.stack([text[i : i + CONTEXT] for i in range(len(verse))], axis=1)
    with no_grad():
        return float(letter_loss(model(windows)[-1], verse)) / np.log(2)


def teach_letters(kind: Any, steps: int, rate: float, seed: int) -> Trial:
    """Mini-batches of 16 pieces of 48 letters; validated on the last verse but one, judged on the last."""
    rng = np.random.default_rng(seed)
    model = kind(rng)
    losses = train(model, pieces(TAUGHT, CONTEXT, 16, rng), letter_loss, steps, rate)
    chooses, judges = bits(model, TAUGHT, KNOWN[len(TAUGHT) :]), bits(model, KNOWN, VERSE)
    return Trial(chooses, judges, np.array(losses) / np.log(2), model)


def step_time(model: Any) -> float:
    """Milliseconds of this thread for forward and backward of a mini-batch: the fastest of ten."""
    codes, targets = pieces(TAUGHT, CONTEXT, 16, np.random.default_rng(0))()
    times = []
    for _ in range(10):
        began = thread_time()
        letter_loss(model(codes), targets).backward()
        times.append(1000 * (thread_time() - began))
        model.zero_grad()
    return min(times)


def draw_attention(axes: Any, looked: Any, codes: Any) -> None:
    """For each head (a row of `looked`) how much every letter, a row, takes from each letter before it, a column."""
    names = [ALPHABET[k].replace("\n", "⏎").replace(" ", "␣") for k in codes]
    for head, (axis, shares) in enumerate(zip(axes, looked)):
        image = axis.imshow(shares, cmap="Blues", vmin=0, vmax=looked.max())
        axis.set_xticks(range(len(names)), names, fontsize=8)
        axis.set_yticks(range(len(names)), names, fontsize=8)
        axis.set(title=f"head {head + 1}", xlabel="… looks back at", ylabel="" if head % 2 else "each letter …")
    axes[0].figure.colorbar(image, ax=axes, label="share of its attention")
