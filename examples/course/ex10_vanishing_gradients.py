"""Vanishing gradients: ten layers with sigmoid, tanh and ReLU.

Backwards, every layer multiplies the gradient by the slope of its activation. A sigmoid's is at most 1/4, so that ten
layers leave at most a millionth of it: the first layers get almost nothing of the error and do not learn. ReLU passes
it whole where a unit is on, tanh nearly so. Larger first weights (× 4, which undoes the slope 1/4 at 0) help the
sigmoid network. Example 10b trains them all.

S. Hochreiter (1991) described the problem; X. Glorot and Y. Bengio (2010) and K. He et al. (2015) found better first
weights.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.collections import LineCollection

from autograd import nn
from autograd.nn import functional as F
from examples.shared.common import BLUE, RED, heading, plt, run, save
from examples.shared.datasets import digits

SIZES = (64, *[32] * 9, 10)
KINDS: dict[str, tuple[Any, float]] = {
    # Activation, and the standard deviation of the first weights times √inputs.
    "sigmoid": (nn.Sigmoid, 1.0),
    "sigmoid, weights × 4": (nn.Sigmoid, 4.0),
    "tanh": (nn.Tanh, 1.0),
    "ReLU": (nn.ReLU, np.sqrt(2)),
}


@dataclass
class Results:
    sizes: dict[str, list[float]]  # root mean square of dJ/dW, from the first layer to the last


def network(kind: str, rng: np.random.Generator) -> nn.Sequential:
    activation, gain = KINDS[kind]
    parts: list[Any] = []
    for nin, nout in zip(SIZES, SIZES[1:]):
        layer = nn.Linear(nin, nout, rng=rng)
        nn.init.normal_(layer.weight, 0, gain / np.sqrt(nin), rng=rng)
        nn.init.zeros_(layer.bias)
        parts += [layer, activation()]
    return nn.Sequential(*parts[:-1])


def gradients(model: nn.Sequential, X: Any, y: Any) -> list[Any]:
    """dJ/dW of every layer for one batch before any training."""
    model.zero_grad()
    F.cross_entropy(model(X), y).backward()
    return [layer.weight.grad for layer in model if isinstance(layer, nn.Linear)]


def draw(axis: Any, slopes: list[Any], largest: float, title: str, shown: int = 6) -> None:
    """The first units of every layer; a line is the redder the larger its weight's gradient (over six decades)."""
    for k, slope in enumerate(slopes):
        size = np.abs(slope[:shown, :shown])
        lines = [((k, -j), (k + 1, -i)) for i in range(size.shape[0]) for j in range(size.shape[1])]
        strength = np.clip(1 + np.log10(np.maximum(size.ravel(), 1e-300) / largest) / 6, 0, 1)
        axis.add_collection(LineCollection(lines, colors=RED, alpha=strength**2, linewidths=2.5 * strength))
        axis.text(k + 0.5, -shown - 0.1, f"{np.sqrt(np.mean(slope**2)):.0e}", ha="center", color=RED, fontsize=8)
    for k in range(len(slopes) + 1):
        axis.plot([k] * shown, -np.arange(shown), "o", ms=7, mfc="white", mec=BLUE)
    axis.set(title=title, xlim=(-0.3, len(slopes) + 0.3), ylim=(-shown - 0.4, 0.5))
    axis.set_axis_off()


def main(quick: bool, out: Path) -> Results:
    X, y, *_ = digits()
    heading("Root mean square of dJ/dW before training, from the first layer to the last")
    flows, sizes = {}, {}
    for kind in KINDS:  # S1.3 learns too little: the vanishing gradient
        flows[kind] = gradients(network(kind, np.random.default_rng(0)), X[:256], y[:256])
        sizes[kind] = [float(np.sqrt(np.mean(slope**2))) for slope in flows[kind]]
        ratio = sizes[kind][0] / sizes[kind][-1]
        print(f"{kind:>21}: " + " ".join(f"{size:.0e}" for size in sizes[kind]) + f"; first / last = {ratio:.1e}")

    figure, axes = plt.subplots(2, 1, figsize=(9, 6.4))
    largest = max(float(np.abs(slope).max()) for slope in flows["ReLU"])
    for axis, kind in zip(axes, ("sigmoid", "ReLU")):
        draw(axis, flows[kind], largest, f"{kind}: size of dJ/dW, six units a layer (below: root mean square)")
    save(figure, out, "10_vanishing_gradients")
    return Results(sizes)


if __name__ == "__main__":
    run(main)
