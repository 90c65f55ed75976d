"""House prices: one ReLU neuron and its hinge, then size and #bedrooms.

The smallest network: the size of a house goes in, relu(w·size + b) is its price. Four houses cost 330 to 540 thousand
dollars; three huts, invented for this example, are too small to live in and cost nothing. A straight line cannot say
so: for a small hut its price is negative. The neuron bends at its hinge, −b/w, and says 0 to the left of it.

With #bedrooms it has a second weight; one for each feature, however many there are (example 12b). Without huts all
four houses lie on the slope of the neuron, where relu changes nothing: training ends at the weights of least squares,
which have a formula to compare with.

The houses are the first of A. Ng's *Machine Learning* (Stanford, 2011).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

import viz
from autograd import Value
from autograd.nn import Neuron
from examples.shared.common import BLUE, GREY, RED, heading, plt, run, save, show

HOUSES = np.array([[2104, 3, 400], [1600, 3, 330], [2400, 3, 369], [3000, 4, 540]])  # S4.2 size, #bedrooms, price
HUTS = np.array([[400, 1, 0], [700, 1, 0], [1000, 1, 0]])


@dataclass
class Results:
    hinge: float  # the size at which the price begins to rise
    line: np.ndarray  # slope and intercept of least squares, which knows no hinge
    weights: np.ndarray  # w₁, w₂ and b with #bedrooms, in thousand dollars, sizes and #bedrooms standardised
    least_squares: np.ndarray  # the same by the formula


def train(neuron: Neuron, inputs: Any, prices: Any) -> Any:
    """Gradient descent on the mean squared error, prices in hundreds of thousands: the weights and the bias."""
    for w in neuron.w:
        w.data = 0.5  # a neuron that says 0 to every house would learn nothing
    for _ in range(1000):
        J = sum((neuron(list(x)) - price / 100) ** 2 for x, price in zip(inputs, prices)) / len(prices)
        neuron.zero_grad()
        J.backward()
        for p in neuron.parameters():
            p.data -= 0.1 * p.grad
    return np.array([p.data for p in neuron.parameters()])


def main(quick: bool, out: Path) -> Results:
    out.mkdir(parents=True, exist_ok=True)
    heading("One neuron: price = relu(w·size + b), four houses and three huts")
    sizes, _, prices = np.vstack([HOUSES, HUTS]).T
    w, b = train(Neuron(1, "relu"), sizes[:, None] / 1000, prices) * (0.1, 100)
    hinge, line = -b / w, np.polyfit(sizes, prices, 1)
    print(f"the neuron: relu({w:.4f}·size {b:+.1f}), 0 up to the hinge at {hinge:.0f} square feet")
    print(
        f"least squares: {line[0]:.4f}·size {line[1]:+.1f}, {line @ (400, 1):.0f} thousand dollars for 400 square feet"
    )

    heading("Two weights: price = relu(w₁·size + w₂·#bedrooms + b), four houses")
    inputs = (HOUSES[:, :2] - HOUSES[:, :2].mean(axis=0)) / HOUSES[:, :2].std(axis=0)  # so that one rate suits both
    neuron = Neuron(2, "relu")
    weights = 100 * train(neuron, inputs, HOUSES[:, 2])
    exact = np.linalg.lstsq(np.column_stack([inputs, np.ones(4)]), HOUSES[:, 2], rcond=None)[0]
    print(f"(w₁, w₂, b) = {np.round(weights, 2)}, by the formula of least squares {np.round(exact, 2)}")
    for (size, bedrooms, price), x in zip(HOUSES, inputs):
        print(f"size {size}, #bedrooms {bedrooms}: price {price}, the neuron says {100 * neuron(list(x)).data:.0f}")
    y = neuron([Value(number, label=label) for number, label in zip(inputs[0], ("size", "#bedrooms"))])
    y.backward()
    names = {"w₁": neuron.w[0], "w₂": neuron.w[1], "b": neuron.b, "price": y}
    viz.draw(y, names=names).save(out / "12_neuron.svg")
    show(out / "12_neuron.svg")

    figure, axis = plt.subplots(figsize=(6.5, 4))
    reach = np.linspace(0, 3300, 100)
    axis.plot(reach, np.polyval(line, reach), color=GREY, ls="--", label="line of least squares")
    axis.plot(reach, np.maximum(0, w * reach + b), color=BLUE, lw=2.5, label="the neuron")  # S4.1 ReLU's shape
    axis.plot(sizes[:4], prices[:4], "o", color=RED, label="houses")
    axis.plot(sizes[4:], prices[4:], "s", color=RED, mfc="none", label="huts (invented)")
    axis.set(xlabel="square feet", ylabel="thousand dollars", title=f"the hinge lies at {hinge:.0f} square feet")
    axis.legend()
    save(figure, out, "12_house_prices")
    return Results(hinge, line, weights, exact)


if __name__ == "__main__":
    run(main)
