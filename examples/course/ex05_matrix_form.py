"""The matrix form of a network: z[l] = W[l] a[l−1] + b[l], a[l] = g(z[l]), with shapes at every step.

A layer of neurons is a matrix: row i holds the weights of neuron i, so W[l] has as many rows as the layer has neurons
and as many columns as the layer before. A network 2-3-2-2 is three such matrices, (3, 2), (2, 3) and (2, 2). m
examples side by side are the columns of one matrix A[0], and the same three lines compute them all at once: b[l] is
added to every column.

The same network is built a second time from single neurons, to show that nothing else happens in a matrix product.
And a product in the wrong order is refused, since its inner sizes differ: the first mistake that everyone makes.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

import viz
from autograd import Tensor, sigmoid
from autograd.nn import MLP
from examples.shared.common import BLUE, heading, plt, run, save

SIZES = (2, 3, 2, 2)


def forward(a: Any, weights: Any, biases: Any, trace: Any = None) -> Any:
    """The whole network; `trace` collects (W, a before, b, z, a) of every layer."""
    for W, b in zip(weights, biases):
        before = a
        z = W @ before + b
        a = sigmoid(z)
        if trace is not None:
            trace.append((W, before, b, z, a))
    return a


def by_neurons(weights: Any, biases: Any) -> MLP:
    """The same network as single neurons of Values."""
    model = MLP(SIZES[0], SIZES[1:], activation=["sigmoid"] * 3)
    for layer, W, b in zip(model.layers, weights, biases):
        for neuron, row, bias in zip(layer.neurons, W.data, b.data):
            for parameter, number in zip(neuron.parameters(), (*row, bias[0])):
                parameter.data = number
    return model


def wrong(weights: Any, a: Any) -> str:
    """What a product in the wrong order says."""
    try:
        a @ weights[0]
    except ValueError as error:
        return str(error)
    raise AssertionError("a (2, 1) times (3, 2) product went through")


def draw(trace: Any, out: Path) -> None:
    """Every layer as its matrices, with their shapes."""
    figure, axes = plt.subplots(3, 5, figsize=(9.5, 7.2))
    for k, (row, matrices) in enumerate(zip(axes, trace), start=1):
        names = (f"W[{k}]", f"· a[{k - 1}]", f"+ b[{k}]", f"= z[{k}]", f"a[{k}] = σ(z[{k}])")
        for axis, name, matrix in zip(row, names, matrices):
            m, n = matrix.shape
            axis.imshow(matrix.data, cmap="RdBu", vmin=-2.5, vmax=2.5)
            for i, j in np.ndindex(m, n):
                number = matrix.data[i, j]
                colour = "white" if abs(number) > 1.6 else "black"
                axis.text(j, i, f"{number:.2f}", ha="center", va="center", color=colour)
            axis.set(title=f"{name}\n{m} × {n}", xticks=[], yticks=[], xlim=(n / 2 - 2, n / 2 + 1), ylim=(2.5, -0.5))
            axis.spines[:].set_visible(False)
    figure.suptitle("a network 2-3-2-2, one layer per row", color=BLUE)
    save(figure, out, "05_matrix_form")


def main(quick: bool, out: Path) -> dict[str, Any]:
    rng = np.random.default_rng(0)
    layers = list(zip((1, 2, 3), SIZES, SIZES[1:]))
    weights = [Tensor(rng.normal(size=(m, n)), label=f"W{k}") for k, n, m in layers]
    biases = [Tensor(rng.normal(size=(m, 1)), label=f"b{k}") for k, _, m in layers]
    x, trace = Tensor([[0.8], [-0.5]], label="a0"), []
    y = forward(x, weights, biases, trace)

    heading("One example")
    for k, (W, before, b, z, a) in enumerate(trace, start=1):
        print(f"z[{k}] = W[{k}] a[{k - 1}] + b[{k}]: {W.shape} @ {before.shape} + {b.shape} = {z.shape};", end="  ")
        print(f"a[{k}] = σ(z[{k}]): {a.shape}")
    network = by_neurons(weights, biases)
    neurons = [neuron.data for neuron in network((0.8, -0.5))]
    difference = float(np.abs(y.data.ravel() - neurons).max())
    print(f"output {y.data.ravel().round(6)}; by seven single neurons {np.round(neurons, 6)}")

    heading("Five examples as columns")
    columns = Tensor(rng.normal(size=(2, 5)))
    trace_m: list[Any] = []
    forward(columns, weights, biases, trace_m)
    for k, (W, before, b, z, _) in enumerate(trace_m, start=1):
        print(f"Z[{k}] = W[{k}] A[{k - 1}] + b[{k}]: {W.shape} @ {before.shape} + {b.shape} = {z.shape}")

    heading("Gradients have the shapes of what they belong to")
    np.sum(y).backward()
    print("  ".join(f"{p.label}: {p.shape}, d/d{p.label}: {p.grad.shape}" for p in weights))

    heading("The wrong order: a[0] W[1]")
    message = wrong(weights, x)
    print(f"ValueError: {message}")
    draw(trace, out)
    print(f"picture: {viz.draw_network(network, [0.8, -0.5]).save(out / '05_network.svg')}")
    shapes = [tuple(m.shape for m in step) for step in trace]
    return {
        "shapes": shapes,
        "shapes_m": [z.shape for *_, z, _ in trace_m],
        "difference": difference,
        "error": message,
        "gradient_shapes_agree": all(p.grad.shape == p.shape for p in (*weights, *biases)),
    }


if __name__ == "__main__":
    run(main)
