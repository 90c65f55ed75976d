"""Many features: does a hidden layer help, with few and noisy rows? When not to use deep learning.

Many inputs (of a house its size, #bedrooms, the family's size, its area …) go to several neurons; what each of those in
the middle stands for is found by the network itself; nobody tells it. That is the promise of a hidden layer.

No table of house prices ships with scikit-learn, so its `diabetes` stands in: 442 patients, ten measurements (age,
sex, body mass, blood pressure, six of blood serum), how far the illness went in a year. With 242 noisy rows to learn
from, hidden layers of 8 and 64 neurons gain nothing over a single neuron: the difference is far less than its
deviation from split to split. Where data are few, more layers only cost more.

Held equal: the splits, Adam, the rates to choose from and the rule to stop, both by the loss on 100 patients for
validation. Another 100 judge.

B. Efron et al., "Least angle regression", Annals of Statistics 32 (2004).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from sklearn.datasets import load_diabetes

from autograd import nn
from examples.shared.common import heading, plt, run, save
from examples.shared.tuning import Trial, dense, learn, plot_spread, split, spread, tune

HIDDEN = {"one neuron": (), "8 hidden": (8,), "64 hidden": (64,)}  # S4.3 many inputs, several neurons


@dataclass
class Results:
    guess: float  # the error if the answer is always the mean
    errors: dict[str, np.ndarray]  # of each network, root mean squared, one for each split


def trial(hidden: tuple[int, ...], rate: float, seed: int) -> Trial:
    """Mean squared errors of one network on one split of the patients."""
    X, y = load_diabetes(return_X_y=True)
    data = split(X / X.std(axis=0), y[:, None] / 100, 100, 100, seed)
    model = dense((10, *hidden, 1), np.random.default_rng(seed))
    model[-1].bias.data[:] = data.train[1].mean()  # else a neuron might say 0 to everyone, and learn nothing
    return learn(nn.Sequential(model, nn.ReLU()), data, rate, 100, seed, nn.MSELoss(), None)


def main(quick: bool, out: Path) -> Results:
    splits, rates = (6, (1e-2,)) if quick else (30, (1e-3, 3e-3, 1e-2, 3e-2, 1e-1, 3e-1))
    guess = float(load_diabetes().target.std())
    heading(
        f"Root mean squared error on 100 patients, mean ± deviation of {splits} splits (always the mean: {guess:.0f})"
    )
    errors = {}
    for name, hidden in HIDDEN.items():
        tuned = tune(partial(trial, hidden), rates, splits, name)
        errors[name] = 100 * np.sqrt(tuned.tests)
        more = spread(errors[name] - errors["one neuron"])  # S0.9 little data
        print(f"{name:>10}: {spread(errors[name])} at rate {tuned.rate}; more than one neuron by {more}")

    figure, axis = plt.subplots(figsize=(6.5, 4))
    title = "a hidden layer gains nothing"
    plot_spread(axis, errors, "one split", ylabel="root mean squared error", title=title)
    save(figure, out, "12b_many_features")
    return Results(guess, errors)


if __name__ == "__main__":
    run(main)
