"""What the examples share: where pictures go, how numbers are printed, and how one file runs on its own."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any, Callable

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt  # noqa: E402  (the drawing backend has to be chosen first)
import numpy as np  # noqa: E402
from PIL import Image  # noqa: E402

BLUE, RED, TEAL, ORANGE, GREY = "#0077BB", "#CC3311", "#009988", "#EE7733", "#888888"
"""Colours that the colour-blind tell apart: forward, backward, and three more."""
PALETTE = (BLUE, RED, TEAL, ORANGE, "#AA3377", "#222222")

plt.rcParams.update(
    {
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.prop_cycle": plt.cycler(color=PALETTE),
        "axes.titlesize": 11,
        "font.size": 10,
        "legend.frameon": False,
        "legend.fontsize": 9,
    }
)

OUT = Path(__file__).resolve().parents[1] / "out"
"""Where pictures go unless told otherwise."""

Main = Callable[[bool, Path], Any]


def picture_of(figure: Any) -> Image.Image:
    """What is drawn on a figure's canvas."""
    return Image.fromarray(np.array(figure.canvas.buffer_rgba())[..., :3])


def few_colours(picture: Image.Image, palette: Image.Image | None = None) -> Image.Image:
    """`picture` with at most 256 colours, or those of `palette`: the same to the eye, at a third of the size."""
    return picture.quantize(256, Image.Quantize.MAXCOVERAGE, palette=palette, dither=Image.Dither.NONE)


def save(figure: Any, out: Path, name: str) -> Path:
    """Write a matplotlib figure as `out`/`name`.png, close it, and say so."""
    out.mkdir(parents=True, exist_ok=True)
    path = out / f"{name}.png"
    if figure.get_layout_engine() is None:
        figure.tight_layout()
    figure.set_dpi(90)
    figure.canvas.draw()
    few_colours(picture_of(figure)).save(path, optimize=True)
    plt.close(figure)
    print(f"picture: {path}")
    return path


def heading(text: str) -> None:
    """Print a line that opens a part of an example."""
    print(f"\n{text}\n{'-' * len(text)}")


def run(main: Main, arguments: list[str] | None = None) -> None:
    """The command line of one example: ``--quick`` and ``--out DIR``."""
    parser = argparse.ArgumentParser(
        description=__import__("inspect").getmodule(main).__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="a shorter run that shows the same in seconds")
    parser.add_argument("--out", type=Path, default=OUT, metavar="DIR", help="where pictures go (%(default)s)")
    options = parser.parse_args(arguments)
    main(options.quick, options.out)
