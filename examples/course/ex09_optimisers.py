"""Six optimisers in a ravine and at a saddle, as a moving picture.

In a ravine, steep across and nearly level along, plain descent bounces between the walls or crawls along the floor:
one rate cannot suit both directions. Momentum averages the bounces away and gathers speed along the floor; Nesterov's
looks at the gradient where the momentum is about to lead. AdaGrad divides each coordinate by all the slope it has
seen, and slows down for ever; RMSprop forgets old slopes; Adam is RMSprop with momentum. At a saddle the slope is all
but 0: descent stands still, those that divide by the slope's size leave at full speed.

Formulas: B. Polyak (1964), Y. Nesterov (1983), J. Duchi et al. (2011), G. Hinton's lecture 6e (2012), D. Kingma and
J. Ba (2015). The ravine is the function of K. Saito, *Deep Learning from Scratch* (2016), chapter 6.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Callable

import numpy as np

from autograd import Tensor, optim
from examples.shared.common import PALETTE, few_colours, heading, picture_of, plt, run


def ravine(p: Any) -> Any:
    """x²/20 + y²: twenty times as steep across as along; least (0) at the origin."""
    return p[0] ** 2 / 20 + p[1] ** 2


def saddle(p: Any) -> Any:
    """x²/2 − y²/2 + y⁴/8: a saddle (0) at the origin, least (−1/2) at (0, ±√2)."""
    return p[0] ** 2 / 2 - p[1] ** 2 / 2 + p[1] ** 4 / 8


Method = Callable[[Any], Any]
RAVINE: dict[str, Method] = {
    "SGD": lambda p: optim.SGD(p, lr=0.95),
    "momentum": lambda p: optim.SGD(p, lr=0.1, momentum=0.9),
    "Nesterov": lambda p: optim.SGD(p, lr=0.1, momentum=0.9, nesterov=True),
    "AdaGrad": lambda p: optim.Adagrad(p, lr=1.5),
    "RMSprop": lambda p: optim.RMSprop(p, lr=0.2, alpha=0.9),
    "Adam": lambda p: optim.Adam(p, lr=0.3),
}
SADDLE: dict[str, Method] = {
    "SGD": lambda p: optim.SGD(p, lr=0.1),
    "momentum": lambda p: optim.SGD(p, lr=0.1, momentum=0.9),
    "Nesterov": lambda p: optim.SGD(p, lr=0.1, momentum=0.9, nesterov=True),
    "AdaGrad": lambda p: optim.Adagrad(p, lr=0.15),
    "RMSprop": lambda p: optim.RMSprop(p, lr=0.05, alpha=0.9),
    "Adam": lambda p: optim.Adam(p, lr=0.1),
}


def path(method: Method, f: Any, start: tuple[float, float], steps: int) -> Any:
    """Where the optimiser goes from `start`, step by step."""
    point = Tensor(np.array(start))
    optimiser, places = method([point]), [point.data.copy()]
    for _ in range(steps):
        optimiser.zero_grad()
        f(point).backward()
        optimiser.step()
        places.append(point.data.copy())
    return np.array(places)


def ticks(left: float, right: float, low: float, high: float) -> tuple[Any, Any]:
    return np.linspace(left, right, 90), np.linspace(low, high, 90)


def animate(scenes: list[Any], frames: int, out: Path) -> None:
    """Draw the background once and the trails frame by frame; one palette keeps the file small."""
    figure, axes = plt.subplots(1, 2, figsize=(8, 3.6), dpi=72)
    trails = []
    for axis, (title, f, paths, (xs, ys), levels) in zip(axes, scenes):
        axis.contour(xs, ys, f(np.meshgrid(xs, ys)), levels, colors="#CCCCCC", linewidths=0.8)
        for (name, places), colour in zip(paths.items(), PALETTE):
            (trail,) = axis.plot([], [], "-o", color=colour, lw=1.5, ms=6, label=name, animated=True)
            trails.append((axis, trail, places))
        axis.set(title=title, xlim=(xs[0], xs[-1]), ylim=(ys[0], ys[-1]), xlabel="x", ylabel="y")
    axes[0].legend(ncols=3, loc="lower center", fontsize=8)
    figure.tight_layout()
    figure.canvas.draw()
    background = figure.canvas.copy_from_bbox(figure.bbox)

    pictures = []
    for frame in range(frames):
        figure.canvas.restore_region(background)
        for axis, trail, places in trails:
            seen = places[: 1 + frame * (len(places) - 1) // (frames - 1)]
            trail.set_data(seen[:, 0], seen[:, 1])
            trail.set_markevery([len(seen) - 1])
            axis.draw_artist(trail)
        pictures.append(picture_of(figure))
    plt.close(figure)
    palette = few_colours(pictures[-1])
    pictures = [few_colours(picture, palette) for picture in pictures]
    target, times = out / "09_optimisers.gif", [125] * (frames - 1) + [2000]
    pictures[0].save(target, save_all=True, append_images=pictures[1:], duration=times, loop=0)
    print(f"picture: {target}")


def main(quick: bool, out: Path) -> dict[str, Any]:
    out.mkdir(parents=True, exist_ok=True)
    results: dict[str, Any] = {}
    scenes = []
    for title, f, methods, start, steps, area, levels in (
        ("ravine", ravine, RAVINE, (-7.0, 2.0), 40, ticks(-8, 8, -4.5, 3), np.geomspace(0.05, 20, 12)),
        ("saddle", saddle, SADDLE, (-1.5, 1e-3), 60, ticks(-2, 1, -0.6, 1.9), 14),
    ):
        heading(f"{title}: f = {f.__doc__.split(';')[0].split(':')[0]}; {steps} steps from {start}")
        paths = {name: path(method, f, start, steps) for name, method in methods.items()}
        results[title] = {name: float(f(places[-1])) for name, places in paths.items()}
        for name, places in paths.items():
            print(f"{name:>9}: f = {results[title][name]:+.5f} at ({places[-1][0]:+.3f}, {places[-1][1]:+.3f})")
        scenes.append((title, f, paths, area, levels))
    animate(scenes, 12 if quick else 31, out)
    return results


if __name__ == "__main__":
    run(main)
