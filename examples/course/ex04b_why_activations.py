"""Why layers need activations: without them a deep network is one layer, a line.

Two layers of one unit each without activation, o = c(ax + b) + d, are (ac)x + (bc + d), which is one. The same holds
for matrices: W₂(W₁x + b₁) + b₂ = (W₂W₁)x + (W₂b₁ + b₂). So whatever its depth, a network with no activation, or a
linear one, is linear regression. With a sigmoid at its end it is logistic regression: σ(W₂(W₁x + b₁) + b₂) = σ(w′ᵀx +
b′), whose border is straight. Only a non-linear hidden layer gives regions with other borders.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.datasets import make_moons

import viz
from autograd import Value, nn, optim
from autograd.training import accuracy, fit
from examples.shared.common import heading, plt, run, save

NETWORKS = {
    "logistic regression": (None, None),
    "linear hidden layer + sigmoid": (8, None),
    "tanh hidden layer + sigmoid": (8, nn.Tanh),
}
"""Units of the hidden layer, and their activation."""


@dataclass
class Results:
    slope: float  # of o = c(ax + b) + d
    difference: float  # between it and (ac)x + (bc + d)
    lines: list[list[float]]  # slope and height: least squares, and a trained linear network
    losses: dict[str, float]
    accuracies: dict[str, float]


def collapse() -> tuple[float, float]:
    """o = c(ax + b) + d on recorded numbers: its slope, and how far it is from (ac)x + (bc + d)."""
    a, b, c, d, x = (Value(number, label=name) for name, number in zip("abcdx", (2, 3, 5, -1, 0.7)))
    h = a * x + b
    o = c * h + d
    o.backward()
    one = (a * c) * x + (b * c + d)  # S0.4 o = c(ax + b) + d = (ac)x + (bc + d)
    names = {"h": h, "o": o}
    print(viz.draw(o, names=names).text.partition("\n\n")[0])
    print(f"(ac)x + (bc + d) = {(a * c).data:g}·{x.data:g} + {(b * c + d).data:g} = {one.data:g}, the same as o")
    print(f"and the slope has no x in it: {viz.chain(o, x, names=names)}")
    return x.grad, abs(o.data - one.data)


def network(inputs: int, hidden: int | None, activation: Any) -> nn.Sequential:
    """A network with at most one hidden layer and one output, without what comes after it."""
    if hidden is None:
        return nn.Sequential(nn.Linear(inputs, 1, rng=0))
    between = [activation()] if activation else []
    return nn.Sequential(nn.Linear(inputs, hidden, rng=0), *between, nn.Linear(hidden, 1, rng=1))


def main(quick: bool, out: Path) -> Results:
    heading("o = c(ax + b) + d")
    slope, difference = collapse()

    heading("Linear hidden layer, no activation at the end: linear regression")  # S1.2 which is which regression
    rng = np.random.default_rng(0)
    x = rng.normal(size=(60, 1))
    t = 1.5 * x + 0.5 + rng.normal(0, 0.3, (60, 1))
    model = network(1, 8, None)
    optimiser = optim.SGD(model.parameters(), lr=0.05)
    fit(model, x, t, loss=nn.MSELoss(), optimizer=optimiser, epochs=300, batch_size=60, progress=False)
    ends = model(np.array([[0.0], [1.0]])).data.ravel()
    lines = [np.polyfit(x.ravel(), t.ravel(), 1).tolist(), [float(ends[1] - ends[0]), float(ends[0])]]
    for name, (a, b) in zip(("least squares", "the network"), lines):
        print(f"{name:>13}: {a:.4f}·x + {b:.4f}")

    heading("Two moons")
    X, y = make_moons(200, noise=0.15, random_state=0)
    losses, accuracies = {}, {}
    figure, axes = plt.subplots(1, 3, figsize=(12, 4.2), layout="constrained")
    for axis, (name, (hidden, activation)) in zip(axes, NETWORKS.items()):
        model = network(2, hidden, activation)
        history = fit(
            model, X, y[:, None].astype(float), loss=nn.BCEWithLogitsLoss(), batch_size=200, progress=False,
            optimizer=optim.Adam(model.parameters(), lr=0.05), epochs=300,
        )  # fmt: skip
        losses[name], accuracies[name] = history["loss"][-1], accuracy(model(X), y)
        print(f"{name:>29}: loss {losses[name]:.4f}, {accuracies[name]:.1%} right")
        viz.plot_decision_region(model, X, y, steps=81, ax=axis)
        axis.set(title=f"{name}: {accuracies[name]:.1%}")
    figure.suptitle("blue: the network answers 1, red: 0; black: the border")
    save(figure, out, "04b_why_activations")
    return Results(slope, difference, lines, losses, accuracies)


if __name__ == "__main__":
    run(main)
