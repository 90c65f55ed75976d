"""What the units of a convolutional network look for: lines in its first layer, digits in its last.

Gradient *ascent on the image*: the weights stay, the pixels move in the direction that raises the output of a unit.
The first layer wants lines and edges, upright, level or along a diagonal. What the outputs want looks like noise;
with a little blur and fading in every step, ghosts of digits are seen. Are they, or do we wish them to be? A second
network, trained on the other half of the images, reads the digits in both: there is more in them than noise.

Between the two there is nothing to show, on images as small as these. If a unit of the second layer stood for a part
of a digit, the images that excite it most should show the same digit more often than those of a unit with random
weights. They do not (printed). "From lines to objects, layer by layer" needs larger images and deeper networks.

D. Erhan et al., "Visualizing higher-layer features of a deep network" (2009).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from autograd import Tensor, nn
from examples.course.ex14_cnn import convolutional
from examples.shared.common import heading, plt, run, save
from examples.shared.datasets import all_digits
from examples.shared.images import blurred, strip
from examples.shared.tuning import Split, learn, spread

IMAGES, Y = all_digits()
X = IMAGES.reshape(-1, 1, 8, 8)
LINES = {"|": np.eye(3)[[1, 1, 1]], "–": np.eye(3)[[1, 1, 1]].T, "\\": np.eye(3), "/": np.eye(3)[::-1]}


@dataclass
class Results:
    lines: str  # for each unit of the first layer the line that excites it most
    read: dict[str, int]  # how many of ten dreams another network reads, without and with blur
    purity: dict[str, list[float]]  # of each network: the share of one digit among a unit's nine best images


def trained(rows: Any, seed: int) -> nn.Sequential:
    """A network that knows these images only; 200 of them say when to stop."""
    learning, others = (X[rows[200:]], Y[rows[200:]]), (X[rows[:200]], Y[rows[:200]])
    return learn(convolutional(np.random.default_rng(seed)), Split(learning, others, others), 1e-2, 25, seed).model


def dream(layers: Any, units: Any, blur: float, fade: float) -> Any:
    """For each unit the image that excites it, from grey; pixels stay in [0, 1]."""
    images = Tensor(np.random.default_rng(0).uniform(0.4, 0.6, (len(units[0]), 1, 8, 8)))
    for _ in range(100):
        images.zero_grad()
        np.sum(layers(images)[units]).backward()  # S0.8 the image that maximises a unit
        length = np.sqrt(np.sum(images.grad**2, axis=(2, 3), keepdims=True)) + 1e-8
        moved = blurred(images.data + 0.15 * images.grad / length, blur)
        images.data = np.clip((1 - fade) * moved, 0, 1)
    return images.data


def purity(model: nn.Sequential) -> float:
    """Mean over the second layer's units: among the nine images that excite it most, the share of one digit."""
    best = np.argsort(-model[:5](X).data.max(axis=(2, 3)), axis=0)[:9]
    return float(np.mean([np.bincount(digits).max() / 9 for digits in Y[best].T]))


def main(quick: bool, out: Path) -> Results:
    rows, networks = np.random.default_rng(0).permutation(len(Y)), 2 if quick else 5
    models = [trained(rows[k % 2 :: 2], k) for k in range(networks)]
    model, judge = models[:2]

    heading("First layer: the line that excites each unit most")
    filters, sixteen, ten = model[0].weight.data[:, 0], np.arange(16), np.arange(10)
    lines = "".join(list(LINES)[np.argmax([np.sum(w * line) for line in LINES.values()])] for w in filters)
    print(*lines)
    figure, axes = plt.subplots(4, 1, figsize=(7.5, 6.2), height_ratios=(0.7, 1, 1, 1))
    wanted = dream(model[:1], (sixteen, sixteen, 3, 3), 0, 0)[:, 0, 2:5, 2:5]
    strip(axes[0], wanted, lines, "what units of the first layer want (3 × 3 pixels); the line that excites each most")

    heading("Outputs: their dreams of ten digits, read by a network trained on other images")
    read = {}
    for axis, name, blur, fade in ((axes[1], "plain", 0.0, 0.0), (axes[2], "with blur and fading", 0.1, 0.02)):
        dreams = dream(model, (ten, ten), blur, fade)
        said = np.argmax(judge(dreams).data, axis=1)
        read[name] = int(np.sum(said == ten))
        print(f"{name}: read as {', '.join(map(str, said))}: {read[name]} of 10 right")
        strip(axis, dreams[:, 0], said, f"what outputs 0 to 9 want, {name}; what another network reads")
    strip(axes[3], X[np.argmax(model(X).data, axis=0), 0], ten, "the image that excites each output most; the output")
    save(figure, out, "14b_what_units_see")

    heading("Second layer: among the nine images that excite a unit most, the share of one digit")
    random = [convolutional(np.random.default_rng(100 + k)) for k in range(networks)]
    shares = {"trained": [purity(one) for one in models], "random weights": [purity(one) for one in random]}
    for name, numbers in shares.items():
        print(f"{name:>15}: {spread(100 * np.array(numbers))} %, mean ± deviation of {networks} networks")
    return Results(lines, read, shares)


if __name__ == "__main__":
    run(main)
