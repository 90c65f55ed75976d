# Made from examples/shared/cut_network.py by python -m docs.korean.
"""드롭아웃의 그림: 유닛 몇 개를 끊은 신경망."""

from __future__ import annotations

from typing import Any

import numpy as np

from examples.shared.common import BLUE, GREY, RED


def draw_cut_network(axis: Any, kept: list[Any], title: str) -> None:
    """왼쪽에서 오른쪽으로 층의 유닛들; `kept`에는 층마다 출력이 들어 있고, 끊긴 유닛은 0이다."""
    kept = [np.asarray(layer.data) > 0 for layer in kept]
    places = [[(x, y - (len(layer) - 1) / 2) for y in range(len(layer))] for x, layer in enumerate(kept)]
    for layer, on, following, on_there in zip(places, kept, places[1:], kept[1:]):
        for start, first in zip(layer, on):
            for end, second in zip(following, on_there):
                if first and second:
                    axis.plot(*zip(start, end), color=BLUE, lw=0.6, alpha=0.6, zorder=1)
    units, on = np.array([unit for layer in places for unit in layer]), np.concatenate(kept)
    axis.scatter(*units[on].T, s=110, c="white", edgecolors=BLUE, linewidths=1.5, zorder=2, label="켜짐")
    if not on.all():
        axis.scatter(*units[~on].T, s=110, c="white", edgecolors=GREY, linestyles=":", zorder=2)
        axis.scatter(*units[~on].T, s=60, c=RED, marker="x", zorder=3, label="끊김")
        axis.legend(loc="lower center", ncols=2, bbox_to_anchor=(0.5, -0.12))
    axis.set_title(title)
    axis.set_axis_off()
