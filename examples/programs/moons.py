"""micrograd's demonstration by our Values: an MLP 2-16-16-1 tells two moons apart, hinge loss and L2.

python examples/programs/moons.py [folder for the pictures]      (the plot needs matplotlib: the extra `examples`)
"""

from __future__ import annotations

from operator import itemgetter
from pathlib import Path
from typing import Any

import numpy as np

import autograd
import viz
from autograd import no_grad
from autograd.nn import MLP
from examples.shared.command_line import run_program


def two_moons(count: int, rng: np.random.Generator) -> tuple[Any, Any]:
    """`count` points on two interleaved half circles, a little scattered, and their labels −1 and 1."""
    angle = np.linspace(0, np.pi, count // 2)
    upper = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    points = np.concatenate([upper, [1.0, 0.5] - upper]) + rng.normal(scale=0.1, size=(2 * len(angle), 2))
    return points, np.repeat([-1.0, 1.0], len(angle))


def main(out: Path, count: int = 100, steps: int = 100) -> dict[str, float]:
    points, labels = two_moons(count, np.random.default_rng(1337))
    model = MLP(2, [16, 16, 1], rng=1337)
    parameters = model.parameters()
    inputs, targets = points.tolist(), labels.tolist()
    print(f"MLP 2-16-16-1, {len(parameters)} parameters, {count} points")

    accuracy = 0.0
    for step in range(steps):
        scores = [model(x) for x in inputs]
        margins = [(1 - y * score).relu() for y, score in zip(targets, scores)]
        loss = autograd.sum(margins) / len(margins) + 1e-4 * autograd.dot(parameters, parameters)
        accuracy = sum((score.data > 0) == (y > 0) for y, score in zip(targets, scores)) / len(scores)
        if step % 10 == 0 or step == steps - 1:
            print(f"  step {step:3d}: loss {loss.data:.4f}, accuracy {accuracy:.0%}")
        model.zero_grad()
        loss.backward()
        rate = 1 - 0.9 * step / steps
        for p in parameters:
            p.data -= rate * p.grad

    model.zero_grad()
    output, neuron = max(((neuron(inputs[0]), neuron) for neuron in model.layers[0].neurons), key=itemgetter(0))
    output.backward()
    names = {"w1": neuron.w[0], "w2": neuron.w[1], "b": neuron.b, "out": output}
    viz.draw(output, names).save(out / "moons_neuron.svg")
    print(f"wrote {out / 'moons_neuron.svg'} (the neuron that answers most to the first point)")
    plot(model, points, labels, out / "moons.png")
    print(f"wrote {out / 'moons.png'}")
    return {"accuracy": accuracy, "loss": loss.data}


def plot(model: MLP, points: Any, labels: Any, file: Path) -> None:
    """The points, and where the network says −1 or 1."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot as plt

    x, y = (np.linspace(points[:, i].min() - 0.4, points[:, i].max() + 0.4, 60) for i in (0, 1))
    with no_grad():
        scores = np.array([[model([u, v]).data for u in x.tolist()] for v in y.tolist()])
    figure, axes = plt.subplots(figsize=(6, 4.5))
    axes.contourf(x, y, scores > 0, levels=[-0.5, 0.5, 1.5], colors=["#99C9E6", "#F2B8AA"])
    for label, colour, marker in ((-1, "#0077BB", "o"), (1, "#CC3311", "^")):
        chosen = points[labels == label]
        axes.scatter(chosen[:, 0], chosen[:, 1], c=colour, marker=marker, edgecolors="white", label=f"y = {label}")
    axes.set(xlabel="x1", ylabel="x2", title="Two moons, told apart by 33 neurons of Values")
    axes.legend(loc="upper right")
    figure.savefig(file, dpi=120, bbox_inches="tight")
    plt.close(figure)


if __name__ == "__main__":
    run_program(main)
