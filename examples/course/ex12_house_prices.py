"""House prices: one ReLU neuron on four houses, then many features on real data.

The smallest network: the size of a house goes in, relu(w·x + b) is its price. ReLU, since no price is below 0: for
sizes at which the line would go under, the neuron says 0. Trained by gradient descent on four houses (2104, 1600,
2400 and 3000 square feet; 400, 330, 369 and 540 thousand dollars) it ends at the line of least squares, which has a
formula to compare with.

With many features nothing changes but the length of w; and a hidden layer of such neurons invents features of its
own. No table of house prices ships with scikit-learn (its California houses are fetched over the network), so its
`diabetes` stands in: 442 patients, ten measurements (age, sex, body mass, blood pressure, six of blood serum), and
how far the illness went in a year. With so few noisy rows the hidden layer wins on the rows it was trained on, and
nothing on the others.

The four houses are the first of A. Ng's *Machine Learning* (Stanford, 2011); the data set is B. Efron et al., "Least
angle regression", Annals of Statistics 32 (2004).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from sklearn.datasets import load_diabetes

import viz
from autograd import relu, value_and_grad
from autograd import sum as total
from autograd.nn import Neuron
from examples.shared.common import BLUE, GREY, RED, heading, plt, run, save

SIZES, PRICES = (2104, 1600, 2400, 3000), (400, 330, 369, 540)


def four_houses(steps: int, out: Path) -> tuple[Neuron, list[float]]:
    """A neuron of Values; sizes in thousands and prices in hundreds of thousands, so that one rate suits w and b."""
    neuron = Neuron(1, "relu", rng=0)
    neuron.w[0].data, neuron.w[0].label, neuron.b.label = 0.5, "w", "b"
    history = []
    for _ in range(steps):
        J = total([(neuron([size / 1000]) - price / 100) ** 2 for size, price in zip(SIZES, PRICES)]) / 4
        neuron.zero_grad()
        J.backward()
        for p in neuron.parameters():
            p.data -= 0.15 * p.grad
        history.append(J.data)
    y = neuron([1.8])
    y.backward()
    viz.draw(y, names={"price": y}).save(out / "12_neuron.svg")
    return neuron, history


def network(parameters: Any, X: Any) -> Any:
    """One hidden layer of ReLU neurons."""
    W1, b1, w2, b2 = parameters
    return relu(X @ W1 + b1) @ w2 + b2


def one_neuron(parameters: Any, X: Any) -> Any:
    w, b = parameters
    return relu(X @ w + b)


def train(model: Any, parameters: list[Any], data: Any, steps: int, rate: float) -> tuple[list[Any], Any]:
    """Gradient descent on the mean squared error: the parameters, and the root of it on training and test rows."""
    (X, y), test = data
    step, curves = value_and_grad(lambda p: np.mean((model(p, X) - y) ** 2)), []
    for _ in range(steps):
        mse, slopes = step(parameters)
        parameters = [p - rate * slope for p, slope in zip(parameters, slopes)]
        curves.append((np.sqrt(mse), np.sqrt(np.mean((model(parameters, test[0]) - test[1]) ** 2))))
    return parameters, np.array(curves)


def main(quick: bool, out: Path) -> dict[str, Any]:
    out.mkdir(parents=True, exist_ok=True)
    heading("Four houses, one neuron: price = relu(w·size + b)")
    neuron, history = four_houses(800 if quick else 2000, out)
    w, b = neuron.w[0].data * 100 / 1000, neuron.b.data * 100
    exact = np.polyfit(SIZES, PRICES, 1)
    print(f"trained: price = relu({w:.5f}·size {b:+.3f}); least squares: {exact[0]:.5f}·size {exact[1]:+.3f}")
    print(f"a house of 1800 square feet: {neuron([1.8]).data * 100:.1f} thousand; J = {history[-1]:.4f}")

    heading("442 patients, ten measurements, 100 of them kept for the test")
    X, y = load_diabetes(return_X_y=True)
    X, y = X / X.std(axis=0), y / 100
    rng = np.random.default_rng(0)
    order = rng.permutation(len(y))
    data = [(X[part], y[part]) for part in (order[100:], order[:100])]
    steps = 300 if quick else 1000
    starts = {
        "one neuron": (one_neuron, [np.zeros(10), np.array(1.0)]),
        "8 hidden": (network, [rng.normal(0, 0.3, (10, 8)), np.zeros(8), np.zeros(8), np.array(1.5)]),
    }
    guess = float(np.sqrt(np.mean((data[1][1] - data[0][1].mean()) ** 2)) * 100)
    print(f"{'always the mean':>15}: error on test rows {guess:.1f}")
    curves = {name: train(model, p, data, steps, 0.05)[1] * 100 for name, (model, p) in starts.items()}
    for name, curve in curves.items():
        print(f"{name:>15}: error on training rows {curve[-1, 0]:.1f}, on test rows {curve[-1, 1]:.1f}")

    figure, (left, right) = plt.subplots(1, 2, figsize=(9.5, 3.8))
    reach = np.linspace(0, 3400, 100)
    left.plot(reach, np.maximum(0, w * reach + b), color=BLUE, label="the neuron")
    left.plot(reach, np.polyval(exact, reach), color=GREY, lw=6, alpha=0.4, label="least squares")
    left.plot(SIZES, PRICES, "o", color=RED)
    left.set(xlabel="square feet", ylabel="thousand dollars", title="four houses")
    left.legend()
    for (name, curve), colour in zip(curves.items(), (BLUE, RED)):
        right.plot(curve[:, 0], color=colour, ls="--", label=f"{name}, training")
        right.plot(curve[:, 1], color=colour, label=f"{name}, test")
    right.set(xlabel="steps", ylabel="root mean squared error", title="ten features", ylim=(45, 80))
    right.legend()
    save(figure, out, "12_house_prices")
    errors = {name: curve[-1] for name, curve in curves.items()}
    return {"w": w, "b": b, "exact": exact, "guess": guess, "errors": errors}


if __name__ == "__main__":
    run(main)
