"""Overfitting: a large network learns few examples by heart; dropout cuts units at random and softens that.

Three troubles of learning: a network fits too much (overfitting, here), learns too little (vanishing gradients,
example 10), or learns too slowly (full batches, example 8b).

A large network shown few examples memorises them, wrong labels included: its loss on them goes to 0 while the loss on
others, after a while, goes *up*. Dropout cuts a random half of the hidden units in every step, so that the network is
simpler and no unit can rely on another one being there; in use all are on. The loss on others gets a little lower, and
rises less afterwards. Stopping at the lowest loss on others gives most of the gain without dropout.

Held equal: the images of each seed, Adam, the rates to choose from (by the lowest loss on 300 images for validation).
Another 397 images judge.

N. Srivastava et al., "Dropout: a simple way to prevent neural networks from overfitting", JMLR 15 (2014).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from autograd import Tensor, nn
from examples.shared.common import BLUE, RED, heading, plt, run, save
from examples.shared.cut_network import draw_cut_network
from examples.shared.datasets import all_digits
from examples.shared.tuning import Split, Trial, Tuned, dense, learn, plot_losses, split, spread, tune


@dataclass
class Results:
    runs: dict[str, Tuned]  # by what is dropped; their curves: losses of training and on others
    kept: list[np.ndarray]  # which units are on, layer by layer, in the picture of the cut network


def trial(dropped: float, epochs: int, rate: float, seed: int) -> Trial:
    """64-256-256-10 with dropout, 200 labels of which a fifth is drawn blindly; to the end, without early stopping."""
    rng = np.random.default_rng(seed)
    data = split(*all_digits(), 300, 397, seed).first(200)
    labels = np.where(rng.random(200) < 0.2, rng.integers(0, 10, 200), data.train[1])
    first, relu, second, _, last = dense((64, 256, 256, 10), rng)
    model = nn.Sequential(first, relu, nn.Dropout(dropped, rng=rng), second, relu, nn.Dropout(dropped, rng=rng), last)
    noisy = Split((data.train[0], labels), data.validation, data.test)
    return learn(model, noisy, rate, epochs, seed, patience=epochs)


def main(quick: bool, out: Path) -> Results:
    seeds, epochs, rates = (3, 40, (3e-3,)) if quick else (5, 80, (3e-4, 1e-3, 3e-3, 1e-2))
    heading(f"200 images, a fifth of the labels wrong, 85,002 parameters: loss on others, mean ± deviation of {seeds}")
    runs = {}
    for name, dropped in (("without dropout", 0.0), ("with dropout", 0.5)):
        tuned = runs[name] = tune(partial(trial, dropped, epochs), rates, seeds, name)  # S1.3 fits too much
        losses, right = tuned.curves[:, :, 1], spread(100 * tuned.tests)
        least, last = spread(losses.min(axis=1), 2), spread(losses[:, -1], 2)
        print(f"{name:>15}: rate {tuned.rate}; lowest {least}, there {right} % of the test right")
        print(f"{'':>15}  after {epochs} epochs {last}, and {spread(tuned.curves[:, -1, 0], 2)} in training")

    # S1.4 the cut network: a real draw of the library's dropout
    figure, axes = plt.subplots(1, 3, figsize=(10.5, 4.2), width_ratios=(1, 1, 1.7))
    units, cut = [Tensor(np.ones(n)) for n in (4, 8, 8, 3)], nn.Dropout(0.5, rng=1)
    kept = [units[0], cut(units[1]), cut(units[2]), units[3]]
    draw_cut_network(axes[0], units, "in use: all units are on")
    draw_cut_network(axes[1], kept, "one step with dropout of ½")
    for (name, tuned), colour in zip(runs.items(), (RED, BLUE)):
        plot_losses(axes[2], tuned, colour, name)
    axes[2].set(xlabel="epochs", ylabel="cross-entropy", title="200 images, a fifth of the labels wrong")
    save(figure, out, "11_overfitting")
    return Results(runs, [layer.data > 0 for layer in kept])


if __name__ == "__main__":
    run(main)
