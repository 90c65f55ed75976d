"""A convolutional network on the same digits, and what its units look for.

A convolution lays the same few weights over every place of the image: it knows that a stroke is a stroke wherever it
lies, which the network of example 13 had to learn for each place anew. Two layers of filters (16, then 32, all 3 ×
3), each followed by ReLU, the first by pooling (the largest of 2 × 2), then one fully connected layer.

What does a unit look for? Two ways to ask. Gradient *ascent on the image*: the weights stay, the pixels move in the
direction that raises the unit's output. And the patches of training images which excite it most. In the first layer
both are edges and spots, in the second parts of digits, and the outputs dream of whole ones.

Y. LeCun et al., "Gradient-based learning applied to document recognition", Proc. IEEE 86 (1998); D. Erhan et al.,
"Visualizing higher-layer features of a deep network" (2009); M. Zeiler and R. Fergus, "Visualizing and understanding
convolutional networks" (2014).
"""

from __future__ import annotations

from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

import viz
from autograd import Tensor, nn, no_grad, optim
from examples.shared.common import heading, plt, run, save, show
from examples.shared.datasets import digits
from examples.shared.training import epoch, evaluate

SHOWN = 10
LAYERS = (
    # Its name and depth; how far apart its units look, how many pixels each sees, how many of them to the left of its
    # own place; the unit in the middle.
    ("first layer, 3 × 3 pixels", 1, 1, 3, 1, (3, 3)),
    ("second layer, 8 × 8 pixels", 4, 2, 8, 3, (1, 1)),
    ("outputs 0 to 9", 8, 0, 8, 0, ()),
)


def network(rng: np.random.Generator) -> nn.Sequential:
    options: dict[str, Any] = {"rng": rng, "dtype": np.float32}
    return nn.Sequential(
        nn.Conv2d(1, 16, 3, padding=1, **options), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(16, 32, 3, padding=1, **options), nn.ReLU(),
        nn.Flatten(), nn.Dropout(0.5, rng=rng), nn.Linear(32 * 4 * 4, 10, **options),
    )  # fmt: skip


def maximise(layers: Any, middle: Any, steps: int = 60) -> Any:
    """Per unit the image that excites it most, by gradient ascent from grey with pixels kept in [0, 1]."""
    units, means = np.arange(SHOWN), []
    grey = np.random.default_rng(0).uniform(0.4, 0.6, (SHOWN, 1, 8, 8))
    images = Tensor(grey.astype(np.float32))
    for _ in range(steps):
        excitation = np.sum(layers(images)[(units, units, *middle)])
        means.append(excitation.item() / SHOWN)
        images.zero_grad()
        excitation.backward()
        length = np.sqrt(np.sum(images.grad**2, axis=(1, 2, 3), keepdims=True)) + 1e-8
        images.data = np.clip(images.data + 0.15 * images.grad / length, 0, 1)
    print(f"  mean output of {SHOWN} units: {means[0]:+.2f} for noise, {means[-1]:+.2f} after {steps} steps")
    return images.data[:, 0], means


def best_patches(layers: Any, X: Any, stride: int, reach: int, before: int, count: int = 3) -> Any:
    """Per unit the `count` images that excite it most, cut out to what it sees of them."""
    with no_grad():
        maps = layers(X)[:, :SHOWN].data
    maps = maps.reshape(*maps.shape[:2], *(maps.shape[2:] or (1, 1)))
    padded = np.pad(X[:, 0], ((0, 0), (before, reach), (before, reach)))
    found = []
    for unit in range(SHOWN):
        ranked = np.argsort(-maps[:, unit].max(axis=(1, 2)))[:count]
        places = [np.unravel_index(np.argmax(maps[k, unit]), maps.shape[2:]) for k in ranked]
        found.append(
            [
                padded[k, i * stride : i * stride + reach, j * stride : j * stride + reach]
                for k, (i, j) in zip(ranked, places)
            ]
        )
    return found


def mosaic(axis: Any, rows: Any, title: str) -> None:
    """Images of one size in rows and columns."""
    framed = [np.hstack([np.pad(image, 1, constant_values=0.3) for image in row]) for row in rows]
    axis.imshow(np.vstack(framed), cmap="gray_r", vmin=0, vmax=1)
    axis.set(title=title, xticks=[], yticks=[])


def main(quick: bool, out: Path) -> dict[str, Any]:
    X, y, X_test, y_test = digits()
    X, X_test = (images.reshape(-1, 1, 8, 8).astype(np.float32) for images in (X, X_test))
    rng = np.random.default_rng(0)
    model = network(rng)
    optimiser, epochs, began = optim.Adam(model.parameters(), lr=3e-3), 8 if quick else 30, perf_counter()

    heading(f"{sum(p.size for p in model.parameters()):,} parameters, {epochs} epochs")
    for number in range(1, epochs + 1):
        if number == epochs * 4 // 5:
            optimiser.param_groups[0]["lr"] = 5e-4
        loss = epoch(model, optimiser, X, y, 64, rng)
        if number % 5 == 0 or number == epochs:
            right = evaluate(model, X_test, y_test)[1]
            print(f"epoch {number:2}: loss {loss:.4f}, {right:.2%} of the test images right")
    accuracy, seconds = evaluate(model, X_test, y_test)[1], perf_counter() - began
    print(f"{accuracy:.2%} in {seconds:.1f} s (example 13's network: about 98.9%)")

    heading("What units look for")
    model.eval()
    figure, axes = plt.subplots(3, 1, figsize=(7.5, 9.5))
    excited = {}
    for axis, (name, depth, stride, reach, left, middle) in zip(axes, LAYERS):
        print(f"{name}:")
        layers = model[:depth]
        dreams, excited[name] = maximise(layers, middle)
        if reach < 8:
            dreams = dreams[:, 2 : 2 + reach, 2 : 2 + reach]
        mosaic(
            axis,
            [dreams, *zip(*best_patches(layers, X, stride, reach, left))],
            f"{name}: what excites ten units most; below, the patches that do",
        )
    save(figure, out, "14_cnn")
    show(viz.draw_network(model, X[:1]).save(out / "14_network.svg"))
    return {"accuracy": accuracy, "seconds": seconds, "excited": excited}


if __name__ == "__main__":
    run(main)
