"""Pre-training by stacked autoencoders, the cure of 2006: what is left of its gain when both sides are tuned.

Deep sigmoid networks learned badly (example 10). The cure took the layers one at a time, without labels: a layer is
trained to encode its input so that a second one can restore it, and its code is the next layer's input. The stack,
with a classifier on top, starts from there. Unlabelled images are plenty: 1,100 serve, though 200 have labels.

At one small rate that suits the pre-trained network, the other hardly learns, and the gain looks enormous. But a random
start wants a larger rate. With the best rate for each a gain of some six points is left: about as much as its deviation
from split to split, but well above the standard error of its mean over 12 splits. ReLU from a random start has most of
that gain without pre-training, and works at small rates too, which is why nobody pre-trains in this way now. The other
remedies of the time were GPUs and dropout (example 11).

Held equal: the splits, the labels, Adam, the rates to choose from and the rule to stop, both by validation loss. Not
equal: pre-training sees the images without labels too, and costs more time.

G. Hinton and R. Salakhutdinov, "Reducing the dimensionality of data with neural networks", Science 313 (2006); Y.
Bengio et al., "Greedy layer-wise training of deep networks" (2007).
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np

from autograd import nn, no_grad
from examples.shared.common import heading, plt, run, save
from examples.shared.datasets import all_digits
from examples.shared.tuning import Split, Trial, Tuned, dense, learn, plot_spread, split, spread, tune

SIZES = (64, 48, 40, 32, 24, 10)
STARTS = ("sigmoid, random", "sigmoid, pre-trained", "ReLU, random")


@dataclass
class Results:
    runs: dict[str, Tuned]


def images(seed: int) -> Split:
    """1,100 digits to learn from, 300 that choose, 397 that judge."""
    return split(*all_digits(), 300, 397, seed)


def pretrain(model: nn.Sequential, codes: Any, seed: int) -> None:
    """Each layer but the last in turn learns to encode what it is fed with, so that it can be restored."""
    for k in range(0, len(model) - 1, 2):
        restore = nn.Linear(model[k].out_features, model[k].in_features, rng=seed, dtype=np.float32)
        coder, data = nn.Sequential(model[k], model[k + 1], restore), (codes, codes)
        learn(coder, Split(data, data, data), 3e-3, 40, seed, nn.MSELoss(), None, 64)
        with no_grad():
            codes = coder[:2](codes).data


@cache
def start(name: str, seed: int) -> nn.Sequential:
    """A deep network before it sees a label."""
    model = dense(SIZES, np.random.default_rng(seed), nn.ReLU if "ReLU" in name else nn.Sigmoid)
    if "pre-trained" in name:
        pretrain(model, images(seed).train[0], seed)
    return model


def trial(name: str, rate: float, seed: int) -> Trial:
    return learn(deepcopy(start(name, seed)), images(seed).first(200), rate, 150, seed)


def main(quick: bool, out: Path) -> Results:
    seeds, rates = (4, (3e-3, 1e-2)) if quick else (12, (1e-3, 3e-3, 1e-2, 3e-2, 1e-1))
    heading(f"{'-'.join(map(str, SIZES))}, 200 labels: % of 397 test images right, mean ± deviation of {seeds} splits")
    runs = {}
    for name in STARTS:
        tuned = runs[name] = tune(partial(trial, name), rates, seeds, name)  # S2.12 pre-training, ReLU
        print(f"{name:>20}: {spread(100 * tuned.tests)} at rate {tuned.rate}")
        if tuned is not runs[STARTS[0]]:
            gain = 100 * (tuned.tests - runs[STARTS[0]].tests)
            print(f"{'':>20}  gained {spread(gain)}, standard error {np.std(gain, ddof=1) / seeds**0.5:.1f}")
        losses = ", ".join(f"{loss:.2f} at {rate}" for rate, loss in tuned.losses.items())
        print(f"{'':>20}  validation loss {losses}")

    figure, axis = plt.subplots(figsize=(6.5, 4))
    accuracies = {name: 100 * tuned.tests for name, tuned in runs.items()}
    plot_spread(axis, accuracies, "one split", ylabel="% of test images right", title="each start at its best rate")
    save(figure, out, "11b_pretraining")
    return Results(runs)


if __name__ == "__main__":
    run(main)
