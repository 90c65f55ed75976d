"""What the examples share: how figures look and where they go, headings, and how one file runs on its own."""

from __future__ import annotations

import html
import warnings
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt  # noqa: E402  (the drawing backend has to be chosen first)
import numpy as np  # noqa: E402
from matplotlib.font_manager import fontManager  # noqa: E402
from PIL import Image  # noqa: E402

from examples.shared.command_line import OUT, Main, run  # noqa: E402
from examples.shared.progress import in_notebook, progress  # noqa: E402

__all__ = [
    "BLUE", "GREY", "Main", "ORANGE", "OUT", "PALETTE", "RED", "TEAL", "few_colours", "heading", "picture_of", "plt",
    "progress", "run", "save", "show",
]  # fmt: skip

BLUE, RED, TEAL, ORANGE, GREY = "#0077BB", "#CC3311", "#009988", "#EE7733", "#888888"
"""Colours that the colour-blind tell apart: forward, backward, and three more."""
PALETTE = (BLUE, RED, TEAL, ORANGE, "#AA3377", "#222222")

HANGUL = (
    "NanumGothic", "NanumBarunGothic", "Noto Sans CJK KR", "Noto Sans KR", "Malgun Gothic", "Apple SD Gothic Neo",
    "AppleGothic", "UnDotum", "Baekmuk Gulim",
)  # fmt: skip
"""Fonts with Korean letters, of which the first that is installed is used for what the usual font lacks."""

plt.rcParams.update(
    {
        "font.family": ["sans-serif", *[name for name in HANGUL if name in fontManager.get_font_names()][:1]],
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.prop_cycle": plt.cycler(color=PALETTE),
        "axes.titlesize": 11,
        "font.size": 10,
        "legend.frameon": False,
        "legend.fontsize": 9,
    }
)


class NoFont(RuntimeError):
    """A figure has letters that no installed font has."""

    def __init__(self, missing: object) -> None:
        super().__init__(
            f"{missing}. Korean figures need a font with Hangul: macOS and Windows have one; on Debian or Ubuntu "
            "`apt-get install fonts-nanum`, elsewhere put NanumGothic.ttf into ~/.local/share/fonts. Then delete "
            f"{matplotlib.get_cachedir()}, where the list of fonts is kept, and start Python anew."
        )


def picture_of(figure: Any) -> Image.Image:
    """What is drawn on a figure's canvas."""
    return Image.fromarray(np.array(figure.canvas.buffer_rgba())[..., :3])


def few_colours(picture: Image.Image, palette: Image.Image | None = None) -> Image.Image:
    """`picture` with at most 256 colours, or those of `palette`: the same to the eye, at a third of the size."""
    return picture.quantize(256, Image.Quantize.MAXCOVERAGE, palette=palette, dither=Image.Dither.NONE)


def save(figure: Any, out: Path, name: str) -> None:
    """Write a matplotlib figure as `out`/`name`.png, close it, and say so."""
    out.mkdir(parents=True, exist_ok=True)
    path = out / f"{name}.png"
    figure.set_dpi(90)
    with warnings.catch_warnings():
        warnings.filterwarnings("error", "Glyph .* missing", UserWarning)  # a box where a letter should be
        try:
            if figure.get_layout_engine() is None:
                figure.tight_layout()
            figure.canvas.draw()
        except UserWarning as missing:
            raise NoFont(missing) from None
    few_colours(picture_of(figure)).save(path, optimize=True)
    plt.close(figure)
    show(path)


def show(picture: Path) -> None:
    """Say where a picture is; in a notebook, show it."""
    if in_notebook():
        from IPython import display

        if picture.suffix == ".svg":
            display.display(display.SVG(filename=picture))
        else:
            display.display(display.Image(filename=picture, format=picture.suffix[1:]))
    else:
        print(f"picture: {picture}")


def heading(text: str) -> None:
    """Print a line that opens a part of an example."""
    if in_notebook():
        from IPython import display

        display.display(display.HTML(f"<h3>{html.escape(text)}</h3>"))
    else:
        print(f"\n{text}\n{'-' * len(text)}")
