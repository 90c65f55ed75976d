"""A small Transformer on the letters of the same rhyme.

No state is handed along: every letter looks back at all letters before it. From each come a query, a key and a value;
how well a query matches the keys decides how the values are mixed (softmax of their products), by several heads at
once. A mask keeps all from looking ahead. Since attention knows no order, a learned row for each position is added to
each letter's. A block is attention, then two linear layers with a GELU, each on what LayerNorm made of its input and
each *added* to it, so that gradients pass.

All letters of a piece are computed at once, while the recurrent networks of example 15 take 48 steps in a row; and
the way from any letter to any other is one step. With a text as short as this one the LSTM still does better, on
equal terms: that what is near matters most is built into it, the Transformer has to learn it. The picture shows where
it looks.

A. Vaswani et al., "Attention is all you need" (2017); normalisation first as in R. Xiong et al. (2020).
"""

from __future__ import annotations

from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from autograd import nn, no_grad
from examples.course.ex15b_letters import Letters
from examples.shared.common import GREY, heading, plt, run, save
from examples.shared.sequences import ALPHABET, CONTEXT, FREQUENCY_BITS, KNOWN, LETTERS, VERSE, teach

WIDTH, HEADS, BLOCKS = 32, 4, 2


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
        self.blocks = [Block(rng) for _ in range(BLOCKS)]
        self.norm, self.head = nn.LayerNorm(WIDTH), nn.Linear(WIDTH, LETTERS, rng=rng)

    def forward(self, codes: Any) -> Any:
        x = self.letters(codes) + self.places(np.arange(len(codes)))[:, None]
        for block in self.blocks:
            x = block(x)
        return self.head(self.norm(x))


def main(quick: bool, out: Path) -> dict[str, Any]:
    rng = np.random.default_rng(0)
    model = Transformer(rng)
    lstm = Letters("LSTM", np.random.default_rng(0))
    steps = 60 if quick else 400
    heading(f"Bits per letter of the last verse, {steps} steps (by frequency of letters: {FREQUENCY_BITS:.2f})")
    results: dict[str, Any] = {}
    for name, network, rate in (("Transformer", model, 5e-3), ("LSTM", lstm, 1e-2)):
        began = perf_counter()
        results[name] = teach(network, steps, rate, np.random.default_rng(1))
        results[name]["seconds"] = perf_counter() - began
        size = sum(p.size for p in network.parameters())
        print(f"{name:>11}: {results[name]['bits']:.2f}, {size:,} parameters, {results[name]['seconds']:.0f} s")
        print(f"{'':>11}  {results[name]['text']!r}")

    # It must not see what comes: another last letter changes no earlier answer.
    codes = KNOWN[:CONTEXT, None].copy()
    with no_grad():
        before = model(codes).data[:-1]
        codes[-1] = (codes[-1] + 1) % LETTERS
        ahead = float(np.abs(model(codes).data[:-1] - before).max())
        print(f"a change of the last letter changes the answers before it by {ahead:.1e}")
        piece = VERSE[-CONTEXT:]
        model(piece[:, None])

    figure = plt.figure(figsize=(11, 5.6), layout="constrained")
    grid = figure.add_gridspec(2, 4, height_ratios=(1, 1.4))
    curves = figure.add_subplot(grid[0, :])
    for name in ("Transformer", "LSTM"):
        curves.plot(results[name]["losses"], lw=1, label=f"{name}: {results[name]['bits']:.2f} on the unseen verse")
    curves.axhline(FREQUENCY_BITS, color=GREY, ls=":", label="by frequency of letters")
    curves.set(xlabel="steps", ylabel="bits per letter", title="training")
    curves.legend()
    names = [ALPHABET[k].replace("\n", "⏎").replace(" ", "␣") for k in piece]
    for head in range(HEADS):
        axis = figure.add_subplot(grid[1, head])
        axis.imshow(model.blocks[-1].looked.data[0, head, -28:, -28:], cmap="Blues")
        axis.set_xticks(range(28), names[-28:], fontsize=6)
        axis.set_yticks(range(28), names[-28:], fontsize=6)
        axis.set(title=f"head {head + 1}", xlabel="looks back at", ylabel="each letter" if head == 0 else "")
    save(figure, out, "16_transformer")
    return {
        "bits": {name: r["bits"] for name, r in results.items()},
        "blind": FREQUENCY_BITS,
        "ahead": ahead,
        "text": results["Transformer"]["text"],
    }


if __name__ == "__main__":
    run(main)
