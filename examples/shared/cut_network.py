"""The picture of dropout: a network, some of whose units are cut."""

from __future__ import annotations

from typing import Any

import numpy as np

from examples.shared.common import BLUE, GREY, RED


def draw_cut_network(axis: Any, kept: list[Any], title: str) -> None:
    """Layers of units from left to right; `kept` holds the outputs of each, 0 where a unit is cut."""
    kept = [np.asarray(layer.data) > 0 for layer in kept]
    places = [[(x, y - (len(layer) - 1) / 2) for y in range(len(layer))] for x, layer in enumerate(kept)]
    for layer, on, following, on_there in zip(places, kept, places[1:], kept[1:]):
        for start, first in zip(layer, on):
            for end, second in zip(following, on_there):
                if first and second:
                    axis.plot(*zip(start, end), color=BLUE, lw=0.6, alpha=0.6, zorder=1)
    units, on = np.array([unit for layer in places for unit in layer]), np.concatenate(kept)
    axis.scatter(*units[on].T, s=110, c="white", edgecolors=BLUE, linewidths=1.5, zorder=2, label="on")
    if not on.all():
        axis.scatter(*units[~on].T, s=110, c="white", edgecolors=GREY, linestyles=":", zorder=2)
        axis.scatter(*units[~on].T, s=60, c=RED, marker="x", zorder=3, label="cut")
        axis.legend(loc="lower center", ncols=2, bbox_to_anchor=(0.5, -0.12))
    axis.set_title(title)
    axis.set_axis_off()
