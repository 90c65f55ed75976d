"""The live page of docs/: J's own, and its picture. Needs the extra `browser` and a Chromium.

python -m docs.make_page                 writes docs/J.html and docs/page.png
python -m docs.make_page FOLDER          writes eight programs at three sizes in both themes, to be looked at
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

import viz
from examples.programs.pictures import EIGHT, three

DOCS = Path(__file__).resolve().parent
SIZES = {"laptop": (1280, 800), "projector": (1280, 720), "phone": (390, 844)}


def shot(browser: Any, page: Path, target: Path, size: tuple[int, int], theme: str, hash: str = "") -> None:
    """A picture of a page, as its visitor sees it."""
    context = browser.new_context(
        viewport=dict(zip(("width", "height"), size)), color_scheme=theme, locale="en", device_scale_factor=1
    )
    tab = context.new_page()
    tab.goto(page.as_uri() + hash)
    tab.screenshot(path=target)
    context.close()
    print(f"wrote {target}")


def main(folder: Path | None) -> None:
    """Write what the documentation shows, or everything into a folder."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        if folder is None:
            J, names = three()
            page = viz.page(J, names=names).save(DOCS / "J.html")
            shot(browser, page, DOCS / "page.png", (1280, 720), "light", "#of=b&b=2.5&tab=curve")
        else:
            folder.mkdir(parents=True, exist_ok=True)
            for label, program in EIGHT.items():
                page = viz.page(program()).save(folder / f"{label}.html")
                for size, pixels in SIZES.items():
                    for theme in ("light", "dark"):
                        shot(browser, page, folder / f"{label}-{size}-{theme}.png", pixels, theme)
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else None)
