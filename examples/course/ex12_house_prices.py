"""House prices: one ReLU neuron and its hinge, size and #bedrooms, then many features, on real data.

The smallest network: the size of a house goes in, relu(w·size + b) is its price. Four houses cost 330 to 540 thousand
dollars; three huts, invented for this example, are too small to live in and cost nothing. A straight line cannot say
so; the neuron bends at its hinge, −b/w, and says 0 to the left of it. With #bedrooms it has a second weight; one for
each feature, however many there are (family size, area …). A layer of such neurons in between makes features of its
own: what each stands for is found by the network, not told.

Does that help? No table of house prices ships with scikit-learn, so its `diabetes` stands in: 442 patients, ten
measurements, how far the illness went in a year. One neuron and hidden layers get the same splits, the same rates to
choose from and the same rule to stop, both by validation loss. With 242 noisy rows to learn from, a hidden layer
gains nothing that the spread would not hide: where data are few, do not go deep.

A. Ng, *Machine Learning* (Stanford, 2011); B. Efron et al., "Least angle regression", Annals of Statistics 32 (2004).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

import viz
from autograd import Value, nn
from examples.shared.common import BLUE, GREY, RED, heading, plt, run, save
from examples.shared.datasets import HOUSES, HUTS, patients
from examples.shared.tuning import Trial, dense, learn, plot_spread, split, spread, tune

HIDDEN = {"one neuron": (), "8 hidden": (8,), "64 hidden": (64,)}


@dataclass(frozen=True)
class Result:
    hinge: float
    weights: Any
    least_squares: Any
    errors: dict[str, Any]


def train(neuron: nn.Neuron, inputs: Any, prices: Any) -> list[float]:
    """Gradient descent on the mean squared error, prices in hundreds of thousands: the weights and the bias."""
    for w in neuron.w:
        w.data = 0.5  # a neuron that says 0 to every house would learn nothing
    for _ in range(1000):
        J = sum((neuron(list(x)) - price / 100) ** 2 for x, price in zip(inputs, prices)) / len(prices)
        neuron.zero_grad()
        J.backward()
        for p in neuron.parameters():
            p.data -= 0.1 * p.grad
    return [p.data for p in neuron.parameters()]


def errors_of(hidden: tuple[int, ...], rate: float, seed: int) -> Trial:
    """Mean squared errors of one network on one split of the patients."""
    data = split(*patients(), 100, 100, seed)
    model = dense((10, *hidden, 1), np.random.default_rng(seed))
    model[-1].bias.data[:] = data.train[1].mean()
    return learn(nn.Sequential(model, nn.ReLU()), data, rate, 100, seed, nn.MSELoss(), None)


def main(quick: bool, out: Path) -> Result:
    out.mkdir(parents=True, exist_ok=True)
    heading("One neuron: price = relu(w·size + b), four houses and three huts")
    neuron, (sizes, _, prices) = nn.Neuron(1, "relu"), np.vstack([HOUSES, HUTS]).T
    w, b = np.array(train(neuron, sizes[:, None] / 1000, prices)) * (0.1, 100)
    hinge, line = -b / w, np.polyfit(sizes, prices, 1)
    print(f"relu({w:.4f}·size {b:+.1f}): 0 up to the hinge at {hinge:.0f} square feet; line of least squares:")
    print(f"     {line[0]:.4f}·size {line[1]:+.1f}: for 400 square feet it asks {line @ (400, 1):.0f}")

    heading("Two weights: price = relu(w₁·size + w₂·#bedrooms + b), four houses, inputs standardised")
    inputs = (HOUSES[:, :2] - HOUSES[:, :2].mean(axis=0)) / HOUSES[:, :2].std(axis=0)
    weights = 100 * np.array(train(neuron := nn.Neuron(2, "relu"), inputs, HOUSES[:, 2]))
    exact = np.linalg.lstsq(np.column_stack([inputs, np.ones(4)]), HOUSES[:, 2], rcond=None)[0]
    print(f"(w₁, w₂, b) = {np.round(weights, 2)}, by the formula of least squares {np.round(exact, 2)}")
    says = np.round([100 * neuron(list(x)).data for x in inputs])
    print("size, #bedrooms, price, and what the neuron says:", np.column_stack([HOUSES, says]).astype(int), sep="\n")
    y = neuron([Value(number, label=label) for number, label in zip(inputs[0], ("size", "#bedrooms"))])
    y.backward()
    viz.draw(y, names={"w₁": neuron.w[0], "w₂": neuron.w[1], "b": neuron.b, "price": y}).save(out / "12_neuron.svg")

    splits, rates = (6, (1e-2,)) if quick else (30, (1e-3, 3e-3, 1e-2, 3e-2, 1e-1))
    heading(f"442 patients: root mean squared error on 100 for the test, mean ± deviation of {splits} splits")
    errors = {}
    for name, hidden in HIDDEN.items():
        found = tune(partial(errors_of, hidden), rates, splits, name)
        errors[name] = 100 * np.sqrt(found.tests)
        more = spread(errors[name] - errors["one neuron"])
        print(f"{name:>10}: {spread(errors[name])} at rate {found.rate}; against one neuron {more}")

    figure, (left, right) = plt.subplots(1, 2, figsize=(9.5, 3.8))
    reach = np.linspace(0, 3300, 100)
    left.plot(reach, np.polyval(line, reach), color=GREY, ls="--", label="line of least squares")
    left.plot(reach, np.maximum(0, w * reach + b), color=BLUE, lw=2.5, label="the neuron")
    left.plot(sizes[:4], prices[:4], "o", color=RED, label="houses")
    left.plot(sizes[4:], prices[4:], "s", color=RED, mfc="none", label="huts (invented)")
    left.set(xlabel="square feet", ylabel="thousand dollars", title=f"the hinge lies at {hinge:.0f} square feet")
    left.legend()
    title = "patients: a hidden layer gains nothing"
    plot_spread(right, errors, "one split", ylabel="root mean squared error", title=title)
    save(figure, out, "12_house_prices")
    return Result(hinge, weights, exact, errors)


if __name__ == "__main__":
    run(main)
