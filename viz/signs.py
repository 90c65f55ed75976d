"""Signs that common fonts lack, such as ⊙ and raised brackets: pictures bring them along.

Graphviz finds them in ``glyphs/signs.ttf``, which fontconfig is told of; an SVG has those that it shows as outlines,
which every program draws (browsers alone would take a font from it). ``python -m docs.make_signs`` makes both files
from DejaVu Sans, whose licence stands beside them.
"""

from __future__ import annotations

import os
import re
import sys
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Iterator

SIGNS = "⁰ⁱ⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾₀₁₂₃₄₅₆₇₈₉₊₋ᴴᵀᵖᵢₖₙₜⱼₘₚ∘∛⊕⊙⊗⋮⌊⌋⚠⟨⟩"
"""What there is."""
FAMILY = "gradgraph signs"
GLYPHS = Path(__file__).with_name("glyphs")
_PIECES = f"[{SIGNS}]|[^{SIGNS}]{{8,}}? |[^{SIGNS}]+"


def parted(text: str) -> list[str]:
    """A text with signs in it, cut before and after each of them, and into pieces that are not long.

    Programs that do not keep to the widths of texts draw them a little wider or narrower: of short pieces nobody
    notices.

    Examples
    --------
    >>> parted("a ⊙ b"), parted("dL/dv2 = dL/dh ⊙ [v2 > 0]"), parted("a + b + c + d + e")
    (['a ', '⊙', ' b'], ['dL/dv2 = ', 'dL/dh ', '⊙', ' [v2 > 0]'], ['a + b + c + d + e'])
    """
    return re.findall(_PIECES, text) if any(sign in text for sign in SIGNS) else [text]


def advance(sign: str) -> float:
    """How wide a sign is, in sizes of the font.

    Examples
    --------
    >>> advance("⊙")
    0.838
    """
    return _outlines()[sign][0] / 1000


def defined(text: str) -> str:
    """The outlines of the signs in `text`, as an element of an SVG; nothing if there are none.

    Examples
    --------
    >>> defined("a + b"), defined("a ⌊b")
    ('', '<defs><path id="sign-230a" d="M86 132V-760H176V62H293V132Z"/></defs>')
    """
    shown = [sign for sign in SIGNS if sign in text]
    paths = (f'<path id="{_id(sign)}" d="{_outlines()[sign][1]}"/>' for sign in shown)
    return f"<defs>{''.join(paths)}</defs>" if shown else ""


def drawn(sign: str, x: float, y: float, size: float, width: float, colour: str, bold: bool) -> str:
    """A sign at a place in an SVG, as wide as there is room for it."""
    across = width / advance(sign) / 1000
    stroke = f' stroke="{colour}" stroke-width="60"' if bold else ""
    place = f"translate({x:.2f} {y:.2f}) scale({across:.4g} {size / 1000:.4g})"
    return f'<use xlink:href="#{_id(sign)}" transform="{place}" fill="{colour}"{stroke}/>'


def _id(sign: str) -> str:
    return f"sign-{ord(sign):x}"


@cache
def _outlines() -> dict[str, tuple[int, str]]:
    import json  # here: it takes longer to import than this module

    found: dict[str, tuple[int, str]] = json.loads((GLYPHS / "outlines.json").read_text(encoding="utf-8"))
    return found


@contextmanager
def known() -> Iterator[None]:
    """Programs and libraries that are started herein find the signs, beside the fonts of this machine."""
    # Elsewhere Graphviz takes the system's own fonts, which have them.
    if not sys.platform.startswith("linux"):
        yield
        return
    before = os.environ.get("FONTCONFIG_FILE")
    os.environ["FONTCONFIG_FILE"] = _settings(before or "fonts.conf")
    try:
        yield
    finally:
        if before is None:
            del os.environ["FONTCONFIG_FILE"]
        else:
            os.environ["FONTCONFIG_FILE"] = before


@cache
def _settings(usual: str) -> str:
    """The path of settings for fontconfig: the usual ones, and this font."""
    import atexit
    import shutil
    import tempfile
    from xml.sax.saxutils import escape

    folder = Path(tempfile.mkdtemp(prefix="gradgraph-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    path = folder / "signs.conf"
    path.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        f'<include ignore_missing="yes">{escape(usual)}</include><dir>{escape(str(GLYPHS))}</dir></fontconfig>',
        encoding="utf-8",
    )
    return str(path)
