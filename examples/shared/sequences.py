"""Training on random pieces of a sequence, and the rhyme as a test of what a model of letters knows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Callable

import numpy as np

from autograd import no_grad, optim
from autograd.nn import functional as F
from examples.shared.datasets import rhyme

KNOWN, VERSE, ALPHABET = rhyme()
LETTERS = len(ALPHABET)
CONTEXT = 48
"""How many letters a model sees."""

_counts = np.bincount(KNOWN, minlength=LETTERS) + 1.0
FREQUENCY_BITS = float(np.mean(-np.log2(_counts / _counts.sum())[VERSE]))
"""What it costs to guess each letter of the unseen verse by how often it occurs in the others."""


def pieces(sequence: Any, length: int, count: int, rng: np.random.Generator) -> Callable[[], Any]:
    """A function that draws `count` random pieces, and the same one step later, as (length, count, …)."""

    def draw() -> Any:
        at = rng.integers(0, len(sequence) - length, count) + np.arange(length)[:, None]
        return sequence[at], sequence[at + 1]

    return draw


def train(model: Any, draw: Callable[[], Any], loss_of: Any, steps: int, rate: float) -> list[float]:
    """Adam with a rate that falls to 0 and gradients clipped to length 1: the losses."""
    optimiser, losses = optim.Adam(model.parameters(), lr=rate), []
    for step in range(steps):
        optimiser.param_groups[0]["lr"] = rate * (1 - step / steps)
        inputs, targets = draw()
        loss = loss_of(model(inputs), targets)
        optimiser.zero_grad()
        loss.backward()
        optim.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        losses.append(loss.item())
    return losses


def _letter_loss(logits: Any, targets: Any) -> Any:
    return F.cross_entropy(logits.reshape(-1, LETTERS), targets.ravel())


@dataclass
class Taught:
    """What became of a model of letters."""

    losses: np.ndarray  # of each training step, in bits per letter
    bits: float  # its loss on a letter of the last verse, from the 48 before
    text: str  # how it goes on from "This is ", always with the likeliest letter


def teach(model: Any, steps: int, rate: float, rng: np.random.Generator) -> Taught:
    """Train a model of letters on all verses but the last: codes (length, batch) to logits (length, batch, letters)."""
    losses = train(model, pieces(KNOWN, CONTEXT, 16, rng), _letter_loss, steps, rate)
    text = np.concatenate([KNOWN[-CONTEXT:], VERSE])
    windows = np.stack([text[i : i + CONTEXT] for i in range(len(VERSE))], axis=1)
    said = [ALPHABET.index(letter) for letter in "built.\n\nThis is "]
    with no_grad():
        bits = float(_letter_loss(model(windows)[-1], VERSE)) / np.log(2)
        for _ in range(60):
            logits = model(np.array(said[-CONTEXT:])[:, None])
            said.append(int(np.argmax(logits.data[-1, 0])))
    return Taught(np.array(losses) / np.log(2), bits, "".join(ALPHABET[k] for k in said[8:]))
