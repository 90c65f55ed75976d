"""The pictures of docs/pictures.md; and every kind of picture in several fonts, to be looked at.

python -m docs.make_pictures            writes docs/drawn (resnet.svg only where PyTorch is installed)
python -m docs.make_pictures FOLDER     writes the eight programs in each format and each of the fonts below: the SVG
                                        of each font as browsers show it in the others, at three sizes. Needs
                                        fontconfig, a Chromium, the extra `browser`, and pdftoppm.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np

import viz
from autograd import Tensor
from examples.programs.pictures import EIGHT, long_chain

DOCS = Path(__file__).resolve().parent
FONTS = {
    "liberation": ("Liberation Sans",),
    "dejavu": ("DejaVu Sans",),
    "noto": ("Noto Sans", "NanumGothic", "Noto Sans Math", "Noto Sans Symbols"),
}
"""What machines without Helvetica and Arial have: Debian's fonts for browsers, for desktops, and those of Google."""
WIDTHS = (700, 1200, 1920)


def only(fonts: tuple[str, ...], folder: Path) -> dict[str, str]:
    """The environment of a process that knows these fonts alone; empty if one of them is missing here.

    Parameters
    ----------
    fonts : tuple of str
        Families; the first stands for Helvetica, Arial and sans-serif.
    folder : Path
        Where fontconfig's settings and its cache go.
    """
    if not shutil.which("fc-list"):
        return {}
    files: set[Path] = set()
    for family in fonts:
        listed = subprocess.run(["fc-list", family, "file"], capture_output=True, text=True, check=True).stdout
        if not listed.strip():
            return {}
        files |= {Path(line.partition(":")[0]) for line in listed.splitlines()}
    there = folder / "fonts"
    there.mkdir(parents=True, exist_ok=True)
    for file in files:
        if not (there / file.name).exists():
            (there / file.name).symlink_to(file)
    names = ("Helvetica", "Arial", "sans-serif")
    alias = '<alias binding="same"><family>{}</family><prefer><family>{}</family></prefer></alias>'
    (folder / "fonts.conf").write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        f"<dir>{there}</dir><cachedir>{folder / 'cache'}</cachedir>"
        f"{''.join(alias.format(name, fonts[0]) for name in names)}</fontconfig>",
        encoding="utf-8",
    )
    return {"FONTCONFIG_FILE": str(folder / "fonts.conf")}


# --- the pictures of docs/pictures.md -----------------------------------------------------------------------


def failed() -> viz.Drawing:
    """A program whose second product cannot be."""

    def forward(x: Tensor, W1: Tensor, b1: Tensor, W2: Tensor) -> Any:
        h = np.tanh(x @ W1 + b1)
        return h @ W2

    try:
        forward(Tensor(np.ones((4, 3))), Tensor(np.ones((3, 5))), Tensor(np.zeros(5)), Tensor(np.ones((4, 2))))
    except ValueError as error:
        return viz.draw(error)
    raise AssertionError("the shapes fit")


def resnet() -> viz.Drawing:
    """The loss of a PyTorch network of six residual blocks."""
    from benchmarks.pytorch_graphs.programs import PROGRAMS

    model, _, loss = PROGRAMS["resnet"]()
    return viz.draw(loss(), names={"model": model})


def drawn(folder: Path) -> None:
    """Write what docs/pictures.md shows."""
    shown = {"failed": failed, "colour": lambda: viz.draw(long_chain(), colour="gradient"), "resnet": resnet}
    for name, make in shown.items():
        try:
            print(f"wrote {make().save(folder / f'{name}.svg')}")
        except ImportError as error:
            print(f"{name}.svg stays as it is: {error}")


# --- everything, to be looked at ----------------------------------------------------------------------------


def looks(folder: Path) -> None:
    """Each program in each font and format; first the files, then what browsers make of them."""
    settings = {name: only(fonts, folder / name / "settings") for name, fonts in FONTS.items()}
    for name, setting in settings.items():
        if not setting:
            print(f"{' or '.join(FONTS[name])} is missing here: {name} is left out")
            continue
        program = f"from pathlib import Path; from docs.make_pictures import files; files(Path({str(folder / name)!r}))"
        subprocess.run([sys.executable, "-c", program], env={**os.environ, **setting}, cwd=DOCS.parent, check=True)
    for name, setting in settings.items():
        if setting:
            _shown(folder, name, setting)


def files(folder: Path) -> None:
    """Each program in each format, in the fonts of this process."""
    for name, program in EIGHT.items():
        result = program()
        pictures = {
            name: viz.draw(result),
            f"{name}-upright": viz.draw(result, direction="TB"),
            f"{name}-gradient": viz.draw(result, colour="gradient"),
        }
        pictures[f"{name}-of"] = viz.draw(result, of=pictures[name].graph.inputs[0].name)
        for label, picture in pictures.items():
            for format in ("svg", "png", "pdf"):
                picture.save(folder / f"{label}.{format}")
        subprocess.run(
            ["pdftoppm", "-r", "100", "-png", "-singlefile", folder / f"{name}.pdf", folder / f"{name}.pdf"], check=True
        )
        steps = viz.frames(result)
        print(f"wrote {name}, {len(steps)} steps, to {folder}")
        for i in (1, len(steps) // 2, len(steps) - 1):
            (folder / f"{name}-step{i:02}.svg").write_text(steps.svgs[i], encoding="utf-8")
    failed().save(folder / "failed.svg")


def _shown(folder: Path, name: str, setting: dict[str, str]) -> None:
    """What a browser shows that has these fonts alone, of the SVGs of every font."""
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    out = folder / f"in-{name}"
    out.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        environment = {**os.environ, **setting}
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"], env=environment)
        for width in WIDTHS:
            tab = browser.new_page(viewport={"width": width, "height": 400})
            for file in sorted(folder.glob("*/*.svg")):
                if width != WIDTHS[1] and ("-" in file.stem or file.parent.name != name):
                    continue
                tab.set_content(f"<body style='margin:0'>{file.read_text(encoding='utf-8')}")
                tab.eval_on_selector("svg", "svg => { svg.style.width = '100%'; svg.style.height = 'auto'; }")
                target = out / f"{file.parent.name}-{file.stem}-{width}.png"
                tab.screenshot(path=target, full_page=True)
            tab.close()
        browser.close()
    print(f"wrote {out}")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        looks(Path(sys.argv[1]).resolve())
    else:
        drawn(DOCS / "drawn")
