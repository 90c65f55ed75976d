"""A convolutional network against a fully connected one with as many parameters, on many splits of the digits.

A convolution lays the same few weights over every place of the image: it knows that a stroke is a stroke wherever it
lies, which a fully connected network has to learn for each place anew. Two layers of filters (16, then 32, all 3 ×
3), each followed by ReLU, the first by pooling (the largest of 2 × 2), then one fully connected layer.

One test of 360 images cannot tell 98.9 from 99.2 %: that is one image. So the digits are split anew again and again,
both networks learn from the same images of each split, and the difference is given with its standard deviation. Held
equal: parameters (within 1 %), splits, Adam, the rates to choose from and the rule to stop, both by validation loss.
Not equal: the time of a step, which is printed.

Y. LeCun et al., "Gradient-based learning applied to document recognition", Proc. IEEE 86 (1998).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import thread_time
from typing import Any

import numpy as np

import viz
from autograd import nn
from autograd.nn import functional as F
from examples.shared.common import heading, plt, run, save, show
from examples.shared.datasets import all_digits
from examples.shared.tuning import Trial, Tuned, dense, learn, plot_spread, split, spread, tune


@dataclass
class Results:
    runs: dict[str, Tuned]  # shares of test images right, one for each split
    parameters: dict[str, int]
    milliseconds: dict[str, float]  # of a step


def convolutional(rng: np.random.Generator) -> nn.Sequential:
    options: dict[str, Any] = {"rng": rng, "dtype": np.float32}
    return nn.Sequential(
        nn.Conv2d(1, 16, 3, padding=1, **options), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(16, 32, 3, padding=1, **options), nn.ReLU(),
        nn.Flatten(), nn.Linear(32 * 4 * 4, 10, **options),
    )  # fmt: skip


def fully_connected(rng: np.random.Generator) -> nn.Sequential:
    return nn.Sequential(nn.Flatten(), *dense((64, 132, 10), rng))


def trial(kind: Any, epochs: int, rate: float, seed: int) -> Trial:
    """1,137 images to learn from, 300 that choose, 360 that judge."""
    X, y = all_digits()
    data = split(X.reshape(-1, 1, 8, 8), y, 300, 360, seed)
    return learn(kind(np.random.default_rng(seed)), data, rate, epochs, seed, batch_size=64)


def step_time(model: Any) -> float:
    """Milliseconds of this thread for forward and backward of a mini-batch of 64: the fastest of ten."""
    X, y = (some[:64] for some in all_digits())
    times = []
    for _ in range(10):
        began = thread_time()
        F.cross_entropy(model(X.reshape(-1, 1, 8, 8)), y).backward()
        times.append(1000 * (thread_time() - began))
    return min(times)


def main(quick: bool, out: Path) -> Results:
    splits, epochs, rates = (3, 10, (1e-2,)) if quick else (10, 30, (3e-3, 1e-2, 3e-2))
    heading(f"% of 360 test images right, mean ± deviation of {splits} splits")
    runs, parameters, milliseconds = {}, {}, {}
    for name, kind in (("fully connected", fully_connected), ("convolutional", convolutional)):
        model = kind(np.random.default_rng(0))
        parameters[name], milliseconds[name] = sum(p.size for p in model.parameters()), step_time(model)
        tuned = runs[name] = tune(partial(trial, kind, epochs), rates, splits, name)
        print(
            f"{name:>15}: {spread(100 * tuned.tests, 2)} at rate {tuned.rate}; {parameters[name]:,} parameters, ",
            end="",
        )
        print(f"{milliseconds[name]:.1f} ms per step on one core")
    more = 100 * (runs["convolutional"].tests - runs["fully connected"].tests)
    print(f"more by convolutions, in points: {spread(more, 2)}; on {np.sum(more > 0)} of {splits} splits")

    out.mkdir(parents=True, exist_ok=True)
    viz.draw_network(model, all_digits()[0][:1].reshape(1, 1, 8, 8)).save(out / "14_network.svg")
    show(out / "14_network.svg")
    figure, axis = plt.subplots(figsize=(6, 4))
    accuracies = {name: 100 * tuned.tests for name, tuned in runs.items()}
    plot_spread(axis, accuracies, "one split", ylabel="% of test images right", title="as many parameters each")
    save(figure, out, "14_cnn")
    return Results(runs, parameters, milliseconds)


if __name__ == "__main__":
    run(main)
