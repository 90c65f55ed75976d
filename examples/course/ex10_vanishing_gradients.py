"""Vanishing gradients: ten layers with sigmoid, tanh and ReLU.

Backwards, every layer multiplies the gradient by the slope of its activation. A sigmoid's is at most 1/4, so that ten
layers leave at most a millionth of it: the first layers hear next to nothing of the error and do not learn. ReLU
passes it whole where a unit is on, tanh nearly so. Larger first weights (× 4, which undoes the slope 1/4 at 0) wake
the sigmoid network up, for a price in epochs.

The lectures say that ReLU learns six times as fast. That number is from A. Krizhevsky, I. Sutskever and G. Hinton,
"ImageNet classification with deep convolutional neural networks" (2012), figure 1: against *tanh*, four convolutional
layers, other images. Here it is measured for this network (and tanh does as well as ReLU): epochs until the mean loss
on the digits falls below 0.5, each activation with its best of three rates.

S. Hochreiter (1991) found the vanishing; X. Glorot and Y. Bengio (2010) and K. He et al. (2015) the first weights.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.collections import LineCollection

from autograd import nn, optim
from autograd.nn import functional as F
from examples.shared.common import BLUE, RED, heading, plt, run, save
from examples.shared.datasets import digits
from examples.shared.training import epoch

SIZES, TARGET = (64, *[32] * 9, 10), 0.5
KINDS: dict[str, tuple[Any, float, tuple[float, ...]]] = {
    # Activation, standard deviation of the first weights times √inputs, learning rates to try (the middle one first).
    "sigmoid": (nn.Sigmoid, 1.0, (0.5, 0.1, 2.0)),
    "sigmoid, weights × 4": (nn.Sigmoid, 4.0, (0.5, 0.2, 1.0)),
    "tanh": (nn.Tanh, 1.0, (0.05, 0.02, 0.1)),
    "ReLU": (nn.ReLU, np.sqrt(2), (0.05, 0.02, 0.1)),
}


def network(activation: Any, gain: float, rng: np.random.Generator) -> nn.Sequential:
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


def epochs_to_target(kind: str, rate: float, limit: int, X: Any, y: Any) -> tuple[int | None, list[float]]:
    """The first epoch whose mean loss is below the target (None if there is none), and all losses."""
    activation, gain, _ = KINDS[kind]
    rng = np.random.default_rng(0)
    model = network(activation, gain, rng)
    optimiser, losses = optim.SGD(model.parameters(), lr=rate), []
    while len(losses) < limit:
        losses.append(epoch(model, optimiser, X, y, 32, rng))
        if losses[-1] < TARGET:
            return len(losses), losses
    return None, losses


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


def main(quick: bool, out: Path) -> dict[str, Any]:
    X, y, *_ = digits()
    limit = 9 if quick else 60

    heading("Root mean square of dJ/dW before training, first to last layer")
    flows = {}
    for kind, (activation, gain, _) in KINDS.items():
        flows[kind] = gradients(network(activation, gain, np.random.default_rng(0)), X[:256], y[:256])
        print(f"{kind:>21}: " + " ".join(f"{np.sqrt(np.mean(slope**2)):.0e}" for slope in flows[kind]))
    ratios = {kind: float(np.sqrt(np.mean(flow[0] ** 2) / np.mean(flow[-1] ** 2))) for kind, flow in flows.items()}

    heading(f"Epochs until the mean loss is below {TARGET}, at most {limit}")
    figure, axes = plt.subplot_mosaic([["sigmoid"] * 2, ["ReLU"] * 2, ["curves"] * 2], figsize=(9, 9))
    epochs = {}
    for kind in ("sigmoid", "ReLU") if quick else KINDS:
        rates = KINDS[kind][2]
        tried = [(*epochs_to_target(kind, rate, limit, X, y), rate) for rate in (rates[:1] if quick else rates)]
        first, losses, rate = min(tried, key=lambda found: (found[0] or limit + 1, found[1][-1]))
        epochs[kind] = first
        print(f"{kind:>21}: {first or f'not within {limit}'} (rate {rate}, last loss {losses[-1]:.3f})")
        axes["curves"].plot(np.arange(1, len(losses) + 1), losses, ".-", label=kind)
    fast = epochs["ReLU"]
    for kind in list(epochs)[:-1]:
        ratio = f"{epochs[kind] / fast:.1f}" if epochs[kind] else f"more than {limit / fast:.1f}"
        print(f"ReLU against {kind}: {ratio}×")

    largest = max(float(np.abs(slope).max()) for slope in flows["ReLU"])
    for kind in ("sigmoid", "ReLU"):
        draw(axes[kind], flows[kind], largest, f"{kind}: size of dJ/dW, six units a layer (below: root mean square)")
    axes["curves"].axhline(TARGET, color="#888888", ls=":")
    axes["curves"].set(xlabel="epochs", ylabel="mean loss", title="training, each with its best rate")
    axes["curves"].legend()
    save(figure, out, "10_vanishing_gradients")
    return {"first_to_last": ratios, "epochs": epochs, "limit": limit}


if __name__ == "__main__":
    run(main)
