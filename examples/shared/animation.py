"""Moving pictures of small size."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from examples.shared.common import few_colours, picture_of, plt, show


def save_trails(figure: Any, trails: list[tuple[Any, Any]], frames: int, out: Path, name: str) -> None:
    """Write `out`/`name`.gif, in which each line (made with ``animated=True``) grows along its points, rows of x and y.

    What else is in the figure is drawn once, and all frames share the colours of the last: that keeps the file small.
    """
    out.mkdir(parents=True, exist_ok=True)
    path = out / f"{name}.gif"
    figure.canvas.draw()
    background, pictures = figure.canvas.copy_from_bbox(figure.bbox), []
    for frame in range(frames):
        figure.canvas.restore_region(background)
        for line, points in trails:
            seen = points[: 1 + frame * (len(points) - 1) // (frames - 1)]
            line.set_data(seen[:, 0], seen[:, 1])
            line.set_markevery([len(seen) - 1])
            line.axes.draw_artist(line)
        pictures.append(picture_of(figure))
    plt.close(figure)
    palette = few_colours(pictures[-1])
    first, *others = (few_colours(picture, palette) for picture in pictures)
    first.save(path, save_all=True, append_images=others, duration=[200] * (frames - 1) + [2000], loop=0)
    show(path)
