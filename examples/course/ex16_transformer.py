"""A small Transformer on the letters of a rhyme, against an LSTM with as many parameters.

No state is handed along: every letter looks back at all letters before it. From each come a query, a key and a value;
how well a query matches the keys decides how the values are mixed (softmax of their products), by several heads at
once. A mask keeps every letter from looking ahead. Since attention knows no order, a learned row for each position is
added to each letter's. A block is attention, then two linear layers with a GELU, each on what LayerNorm made of its
input and each *added* to it, so that gradients pass. From any letter to any before it is one step.

All letters of a piece are computed at once, the LSTM's one after the other; yet on one core its step is faster, and on
so short a text it predicts the last verse better (printed). Held equal: parameters (within 2 %), text, steps, Adam, its
rate (falling to 0, chosen by the last verse but one). The last verse judges; neither is trained on.

A. Vaswani et al., "Attention is all you need" (2017); normalisation first as in R. Xiong et al. (2020).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from autograd import nn, no_grad
from examples.shared.common import heading, plt, run, save
from examples.shared.letters import LSTM, draw_attention, step_time, teach_letters
from examples.shared.sequences import CONTEXT, FREQUENCY_BITS, LETTERS, VERSE
from examples.shared.tuning import Tuned, plot_spread, spread, tune

WIDTH, HEADS, BLOCKS, SHOWN = 32, 4, 2, 18


@dataclass
class Results:
    runs: dict[str, Tuned]  # bits per letter of the last verse
    parameters: dict[str, int]
    milliseconds: dict[str, float]  # of a step
    ahead: float  # how much a change of the last letter changes the answers before it


class Block(nn.Module):
    """x + attention(norm(x)), then x + mlp(norm(x)). (length, batch, width) to the same."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.attention_norm, self.mlp_norm = nn.LayerNorm(WIDTH), nn.LayerNorm(WIDTH)
        self.attention = nn.MultiHeadAttention(WIDTH, HEADS, rng=rng)
        self.mlp = nn.Sequential(nn.Linear(WIDTH, 4 * WIDTH, rng=rng), nn.GELU(), nn.Linear(4 * WIDTH, WIDTH, rng=rng))

    def forward(self, x: Any) -> Any:
        y = self.attention_norm(x)
        mixed, self.looked = self.attention(y, y, y, is_causal=True, average_attn_weights=False)
        x = x + mixed
        return x + self.mlp(self.mlp_norm(x))


class Transformer(nn.Module):
    """Letters' codes (length, batch) to the logits of each next letter (length, batch, letters)."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.letters, self.places = nn.Embedding(LETTERS, WIDTH, rng=rng), nn.Embedding(CONTEXT, WIDTH, rng=rng)
        self.blocks = nn.Sequential(*[Block(rng) for _ in range(BLOCKS)])
        self.norm, self.head = nn.LayerNorm(WIDTH), nn.Linear(WIDTH, LETTERS, rng=rng)

    def forward(self, codes: Any) -> Any:
        x = self.letters(codes) + self.places(np.arange(len(codes)))[:, None]
        return self.head(self.norm(self.blocks(x)))


def main(quick: bool, out: Path) -> Results:
    seeds, steps, rates = (2, 60, (1e-2,)) if quick else (3, 300, (5e-3, 1e-2, 2e-2, 4e-2, 8e-2))
    heading(f"Bits per letter of the last verse, {steps} steps, {seeds} seeds (by frequency: {FREQUENCY_BITS:.2f})")
    runs, parameters, milliseconds = {}, {}, {}
    for name, kind in (("Transformer", Transformer), ("LSTM", LSTM)):
        model = kind(np.random.default_rng(0))
        parameters[name], milliseconds[name] = sum(p.size for p in model.parameters()), step_time(model)
        tuned = runs[name] = tune(partial(teach_letters, kind, steps), rates, seeds, name)
        print(f"{name:>11}: {spread(tuned.tests, 2)} at rate {tuned.rate}; {parameters[name]:,} parameters, ", end="")
        print(f"{milliseconds[name]:.0f} ms per step on one core")

    model, codes = runs["Transformer"].trials[0].model, VERSE[-CONTEXT:, None].copy()
    with no_grad():
        answers = model(codes).data[:-1]
        looked = model.blocks[-1].looked.data[0, :, -SHOWN:, -SHOWN:]
        codes[-1] = (codes[-1] + 1) % LETTERS
        ahead = float(np.abs(model(codes).data[:-1] - answers).max())
    print(f"a change of the last letter changes the answers before it by {ahead:.1e}")

    figure = plt.figure(figsize=(9.5, 6.4), layout="constrained")
    left, right = figure.subfigures(1, 2, width_ratios=(1, 2.4))
    shown = {name: tuned.tests for name, tuned in runs.items()}
    plot_spread(left.subplots(), shown, "seed", ylabel="bits per letter", title="the last verse, not trained on")
    draw_attention(right.subplots(2, 2).ravel(), looked, VERSE[-SHOWN:])
    save(figure, out, "16_transformer")
    return Results(runs, parameters, milliseconds, ahead)


if __name__ == "__main__":
    run(main)
