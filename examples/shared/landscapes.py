"""Landscapes on which optimisers compete, each with the trouble that its name says, and pictures of the race."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Callable

import numpy as np

from examples.shared.animation import save_trails
from examples.shared.common import PALETTE, plt, save
from examples.shared.tuning import Tuned

COLOURS = (*PALETTE, "#CCBB44", "#66CCEE")

Runs = dict[str, dict[str, Tuned]]
"""By landscape and method."""


@dataclass(frozen=True)
class Landscape:
    """A function of x and y whose lowest value is 0, where to start, the noise in its slope; and what to draw of it."""

    formula: str
    height: Callable[[Any, Any], Any]
    start: tuple[float, float]
    noise: float
    area: tuple[float, float, float, float]
    """Left and right end, lower and upper end."""

    def contours(self, axis: Any, count: int) -> None:
        """Lines of equal height, close together near the bottom."""
        left, right, low, high = self.area
        xs, ys = np.linspace(left, right, 120), np.linspace(low, high, 120)
        heights = self.height(*np.meshgrid(xs, ys))
        levels = heights.max() * np.linspace(0.02, 1, count) ** 2
        axis.contour(xs, ys, heights, levels, colors="#CCCCCC", linewidths=0.8)
        axis.set(xlim=(left, right), ylim=(low, high), xlabel="x", ylabel="y")


def ravine(x: Any, y: Any) -> Any:
    return x**2 / 20 + y**2


def long_ravine(x: Any, y: Any) -> Any:
    return x**2 / 1000 + y**2


def turned(x: Any, y: Any) -> Any:
    return long_ravine((x + y) / np.sqrt(2), (x - y) / np.sqrt(2))


def saddle(x: Any, y: Any) -> Any:
    return 5 * x**2 + (y**2 / 2 - 1) ** 2 / 20


def dent(x: Any, y: Any) -> Any:
    return x**2 / 10 + 5 * y**2 - np.exp(-2 * (x + 4) ** 2)


LANDSCAPES = {
    "ravine": Landscape("x²/20 + y²", ravine, (-7, 2), 0, (-8, 3, -2.5, 2.5)),
    "noisy": Landscape("x²/20 + y², noise of 1 in each slope", ravine, (-7, 2), 1, (-8, 3, -2.5, 2.5)),
    "long": Landscape("x²/1000 + y²", long_ravine, (-7, 2), 0, (-8, 3, -2.5, 2.5)),
    "turned": Landscape("x²/1000 + y², turned by 45°", turned, (-7, -3), 0, (-8, 3, -8, 3)),
    "saddle": Landscape("5x² + (y²/2 − 1)²/20", saddle, (-1, 1e-3), 0, (-1.2, 1.2, -0.4, 2)),
    "dent": Landscape("x²/10 + 5y² − exp(−2(x + 4)²)", dent, (-7, 1), 0, (-8, 3, -1.5, 1.5)),
}


def draw(runs: Runs, out: Path) -> None:
    """Where every method got, as `out`/09_optimisers.png: a panel for each landscape, a row for each method."""
    figure, axes = plt.subplots(2, 3, figsize=(11, 6.2), sharey=True, layout="constrained")
    for axis, (where, some) in zip(axes.flat, runs.items()):
        for row, (one, colour) in enumerate(zip(some.values(), COLOURS)):
            low, middle, high = np.clip(np.quantile(one.tests, (0, 0.5, 1)), 1e-10, 1e2)
            axis.plot((low, high), (row, row), color=colour, lw=4, alpha=0.3, solid_capstyle="butt")
            axis.plot(middle, row, "o", color=colour)
        axis.set(xscale="log", xlim=(5e-11, 5), title=f"{where}: {LANDSCAPES[where].formula}")
    axis.set_yticks(range(len(some)), some)
    axis.invert_yaxis()
    figure.supxlabel("height above the minimum after 100 steps (left end: below 1e-10); median and range of 20 starts")
    save(figure, out, "09_optimisers")


def animate(runs: Runs, frames: int, out: Path) -> None:
    """The way of every method from one place, over some landscapes, as `out`/09_optimisers.gif."""
    figure, axes = plt.subplots(2, 2, figsize=(8.2, 6), dpi=72, layout="constrained")
    trails = []
    for axis, (where, some) in zip(axes.flat, runs.items()):
        LANDSCAPES[where].contours(axis, 9)
        axis.set_title(where)
        for (name, one), colour in zip(some.items(), COLOURS):
            (line,) = axis.plot([], [], "-o", color=colour, lw=1.5, ms=6, label=name, animated=True)
            trails.append((line, one.curves[0, :, :, 0]))
    figure.legend(*axis.get_legend_handles_labels(), ncols=8, loc="outside lower center", fontsize=8)
    save_trails(figure, trails, frames, out, "09_optimisers")
