"""The matrix form of a network: z[l] = W[l] a[l−1] + b[l], a[l] = g[l](z[l]), with shapes at every step.

A layer of neurons is a matrix: row i holds the weights of neuron i, so W[l] has as many rows as the layer has neurons
and as many columns as the layer before; each layer has an activation g[l] of its own. A network 2-3-2-2 is three such
matrices, (3, 2), (2, 3) and (2, 2); a[0] is its input x. m examples side by side are the columns of one matrix A[0] =
X, and the same lines compute them all at once: b[l] is added to every column. The same network of single neurons gives
the same output: nothing else happens in a matrix product, to which example 5b comes back.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

import viz
from autograd import Tensor, nn, sigmoid, tanh
from examples.shared.common import BLUE, heading, plt, run, save, show

SIZES = (2, 3, 2, 2)
ACTIVATIONS = {"tanh": tanh, "σ": sigmoid, "identity": np.positive}  # g[1], g[2], g[3]


@dataclass
class Step:
    W: np.ndarray
    before: np.ndarray  # a[l−1]
    b: np.ndarray
    z: np.ndarray
    a: np.ndarray


@dataclass
class Results:
    shapes: list[list[tuple[int, ...]]]  # of W, a before, b, z, a of each layer
    shapes_m: list[tuple[int, ...]]  # of Z for five examples
    difference: float  # to the same network of neurons
    gradient_shapes_agree: bool


def forward(model: nn.Sequential, a: Any) -> list[Step]:
    """All layers, one after another, as the formulas write them."""
    steps = []
    for layer, g in zip(model[::2], ACTIVATIONS.values()):  # S0.5 each layer has its own g[l]
        W, b, before = layer.weight, layer.bias.reshape(-1, 1), a
        z = W @ before + b  # z[l] = W[l] a[l−1] + b[l]
        a = g(z)  # a[l] = g[l](z[l])
        steps.append(Step(W, before, b, z, a))
    return steps


def draw(steps: list[Step], out: Path) -> None:
    """Every layer as its matrices, with their shapes."""
    figure, axes = plt.subplots(3, 5, figsize=(9.5, 7))
    for k, (row, step, g) in enumerate(zip(axes, steps, ACTIVATIONS), start=1):
        names = (f"W[{k}]", f"· a[{k - 1}]", f"+ b[{k}]", f"= z[{k}]", f"a[{k}] = {g}(z[{k}])")
        for axis, name, matrix in zip(row, names, vars(step).values()):
            m, n = matrix.shape
            axis.imshow(matrix.data, cmap="RdBu", vmin=-1.5, vmax=1.5)
            for i, j in np.ndindex(m, n):
                axis.text(j, i, f"{matrix.data[i, j]:.2f}", ha="center", va="center")
            axis.set(title=f"{name}\n{m} × {n}", xticks=[], yticks=[], xlim=(n / 2 - 2, n / 2 + 1), ylim=(2.5, -0.5))
            axis.spines[:].set_visible(False)
    figure.suptitle("a network 2-3-2-2, one layer per row (blue: positive, red: negative)", color=BLUE)
    save(figure, out, "05_matrix_form")


def main(quick: bool, out: Path) -> Results:
    rng = np.random.default_rng(0)
    first, second, third = (nn.Linear(n, m, rng=rng) for n, m in zip(SIZES, SIZES[1:]))
    model = nn.Sequential(first, nn.Tanh(), second, nn.Sigmoid(), third)  # S3.15 a network 2-3-2-2
    heading("One example")
    steps = forward(model, Tensor([[0.8], [-0.5]]))
    for k, (step, g) in enumerate(zip(steps, ACTIVATIONS), start=1):
        print(f"z[{k}] = W[{k}] a[{k - 1}] + b[{k}]: ", end="")
        print(f"{step.W.shape} @ {step.before.shape} + {step.b.shape} = {step.z.shape};  a[{k}] = {g}(z[{k}])")
    network = model.to_values()
    neurons = [neuron.data for neuron in network((0.8, -0.5))]
    output = steps[-1].a
    print(f"output {output.data.ravel().round(6)}; by seven single neurons {np.round(neurons, 6)}")
    draw(steps, out)
    show(viz.draw_network(network, [0.8, -0.5]).save(out / "05_network.svg"))

    heading("Five examples as columns")
    shapes_m = [step.z.shape for step in forward(model, rng.normal(size=(2, 5)))]
    print(", ".join(f"Z[{k}]: {shape}" for k, shape in enumerate(shapes_m, start=1)))

    heading("Gradients have the shapes of what they belong to")
    np.sum(output).backward()
    print(", ".join(f"{name}: {p.shape} and {p.grad.shape}" for name, p in model.named_parameters()))
    agree = all(p.grad.shape == p.shape for p in model.parameters())
    shapes = [[matrix.shape for matrix in vars(step).values()] for step in steps]
    return Results(shapes, shapes_m, float(np.abs(output.data.ravel() - neurons).max()), agree)


if __name__ == "__main__":
    run(main)
