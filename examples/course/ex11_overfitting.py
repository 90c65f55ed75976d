"""Overfitting, dropout, and the cure of 2006: pre-training by stacked autoencoders.

Three troubles of learning: a network fits too much (overfitting, here), learns too little (vanishing gradients,
example 10), or learns too slowly (a step only after all examples, example 8).

A large network shown few examples learns them by heart, wrong labels included: its loss on them goes to 0 while the
loss on others, after a while, goes *up*. Dropout cuts a random half of the hidden units in every step, so that no
unit can rely on a certain other; in use all are on. The loss on others gets lower, and rises less.

Deep sigmoid networks learned badly (example 10). The cure of 2006 took the layers one at a time, without labels: a
layer is trained to encode its input so that a second one can restore it, and its code is the next layer's input. The
stack, with a classifier on top, starts from there. It helps, but by little: a random start wants only a larger rate.

Held equal: the splits, the rates to choose from, the rule to stop (both by validation loss); 200 labelled images.

N. Srivastava et al., "Dropout", JMLR 15 (2014); G. Hinton and R. Salakhutdinov, "Reducing the dimensionality of data
with neural networks", Science 313 (2006); Y. Bengio et al., "Greedy layer-wise training" (2007).
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np

from autograd import Tensor, nn, no_grad
from examples.shared.common import BLUE, RED, heading, plt, run, save
from examples.shared.cut_network import draw_cut_network
from examples.shared.datasets import all_digits
from examples.shared.tuning import Split, Trial, Tuned, dense, learn, plot_losses, plot_spread, split, spread, tune

DEEP = (64, 48, 40, 32, 24, 10)


@dataclass(frozen=True)
class Result:
    overfitting: dict[str, Tuned]
    starts: dict[str, Tuned]


def images(seed: int) -> tuple[Split, Any]:
    """200 labelled images, 300 that choose, 397 that judge; and 1,100 without labels, the first 200 among them."""
    data = split(*all_digits(), 300, 397, seed)
    return Split((data.train[0][:200], data.train[1][:200]), data.validation, data.test), data.train[0]


def mislabelled(dropped: float, epochs: int, rate: float, seed: int) -> Trial:
    """64-256-256-10 with dropout, on labels a fifth of which is drawn blindly; to the end, come what may."""
    data, rng = images(seed)[0], np.random.default_rng(seed)
    labels = np.where(rng.random(200) < 0.2, rng.integers(0, 10, 200), data.train[1])
    first, relu, second, relu, last = dense((64, 256, 256, 10), rng)
    model = nn.Sequential(first, relu, nn.Dropout(dropped, rng=rng), second, relu, nn.Dropout(dropped, rng=rng), last)
    data = Split((data.train[0], labels), data.validation, data.test)
    return learn(model, data, rate, epochs, seed, patience=epochs)


@cache
def start(name: str, seed: int) -> nn.Sequential:
    """A deep network: sigmoid or ReLU, with random weights or pre-trained."""
    rng, codes = np.random.default_rng(seed), images(seed)[1]
    model = dense(DEEP, rng, nn.ReLU if "ReLU" in name else nn.Sigmoid)
    if "pre-trained" in name:
        for k, (restored, code) in enumerate(zip(DEEP[:-2], DEEP[1:])):
            coder = nn.Sequential(*model[2 * k : 2 * k + 2], nn.Linear(code, restored, rng=rng))
            learn(coder, Split((codes, codes), (codes, codes), (codes, codes)), 3e-3, 40, seed, nn.MSELoss(), None, 64)
            with no_grad():
                codes = coder[:2](codes).data
    return model


def deep(name: str, rate: float, seed: int) -> Trial:
    return learn(deepcopy(start(name, seed)), images(seed)[0], rate, 150, seed)


def main(quick: bool, out: Path) -> Result:
    seeds, epochs, rates = (3, 40, (3e-3,)) if quick else (6, 80, (3e-4, 1e-3, 3e-3, 1e-2))
    heading(f"200 images, a fifth of the labels wrong, 85,002 parameters: loss on others, mean ± deviation of {seeds}")
    overfitting = {}
    for name, dropped in (("without dropout", 0.0), ("with dropout", 0.5)):
        tuned = overfitting[name] = tune(partial(mislabelled, dropped, epochs), rates, seeds, name)
        losses, right = tuned.curves[:, :, 1], spread(100 * tuned.tests)
        print(
            f"{name:>15}, rate {tuned.rate}: least {spread(losses.min(axis=1), 2)}, there {right} % of the test right;"
        )
        print(f"{'':>15}  after {epochs} epochs {spread(losses[:, -1], 2)}")

    rates = (1e-2, 3e-2) if quick else (3e-3, 1e-2, 3e-2, 1e-1)
    heading(f"{'-'.join(map(str, DEEP))}, 200 right labels: % of the test right, mean ± deviation of {seeds}")
    starts = {}
    for name in ("sigmoid, random", "sigmoid, pre-trained", "ReLU, random"):
        tuned = starts[name] = tune(partial(deep, name), rates, seeds, name)
        gain = spread(100 * (tuned.tests - starts["sigmoid, random"].tests))
        print(f"{name:>20}, rate {tuned.rate}: {spread(100 * tuned.tests)}; gained {gain}")

    figure, axes = plt.subplots(2, 2, figsize=(10.5, 7.5))
    units, cut = [Tensor(np.ones(n)) for n in (4, 8, 8, 3)], nn.Dropout(0.5, rng=3)
    draw_cut_network(axes[0, 0], units, "in use: all units")
    draw_cut_network(
        axes[0, 1], [units[0], cut(units[1]), cut(units[2]), units[3]], "one step of training with dropout"
    )
    for (name, tuned), colour in zip(overfitting.items(), (RED, BLUE)):
        plot_losses(axes[1, 0], tuned, colour, name)
    axes[1, 0].set(xlabel="epochs", ylabel="cross-entropy", title="200 images, a fifth of the labels wrong")
    accuracies = {name.replace(", ", "\n"): 100 * tuned.tests for name, tuned in starts.items()}
    plot_spread(axes[1, 1], accuracies, "one split", ylabel="% of test images right", title="a deep network's start")
    save(figure, out, "11_overfitting")
    return Result(overfitting, starts)


if __name__ == "__main__":
    run(main)
