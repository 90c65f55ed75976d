"""Signs that common fonts lack come along: in SVG as outlines, for PNG and PDF as a font that Graphviz finds."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import viz
from autograd import Tensor
from docs.make_pictures import only
from examples.programs.pictures import EIGHT
from viz import signs

WIDTHS = """
import json
from viz import signs
from viz.widths import measured
print(json.dumps([measured([(sign, 100.0, False)])[sign, 100.0, False] for sign in signs.SIGNS]))
"""


def test_every_sign_has_its_outline_on_the_line_that_it_belongs_to() -> None:
    for sign in signs.SIGNS:
        numbers = list(map(int, re.findall(r"-?\d+", signs.defined(sign).partition(' d="')[2])))
        assert len(numbers) >= 5 and 0.1 < signs.advance(sign) < 1.1, sign
        assert -1100 < min(numbers) and max(numbers) < 1100, sign


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="fontconfig finds Graphviz's fonts on Linux alone")
def test_graphviz_finds_the_signs_where_no_font_has_them(tmp_path: Path) -> None:
    """Without them it would show boxes, all of one width. Newer versions of the font have some of its own."""
    setting = only(("Liberation Sans",), tmp_path)
    if not setting:
        pytest.skip("no Liberation Sans here: that Graphviz finds the signs beside it is not checked")
    done = subprocess.run(
        [sys.executable, "-c", WIDTHS], env={**os.environ, **setting}, capture_output=True, check=True
    )
    widths = dict(zip(signs.SIGNS, json.loads(done.stdout)))
    for sign, width in ((sign, widths[sign]) for sign in "⁺⁻⁽⁾₊₋ₖₙₜₘₚ∘∛⊕⊙⊗⋮⌊⌋⚠⟨⟩"):
        assert width == pytest.approx(100 * signs.advance(sign), abs=2), sign


def test_what_is_started_finds_the_signs_and_nothing_stays_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signs.sys, "platform", "linux")
    for before in (None, "/nowhere/a&b.conf"):
        if before is None:
            monkeypatch.delenv("FONTCONFIG_FILE", raising=False)
        else:
            monkeypatch.setenv("FONTCONFIG_FILE", before)
        with signs.known():
            written = Path(os.environ["FONTCONFIG_FILE"]).read_text(encoding="utf-8")
        assert os.environ.get("FONTCONFIG_FILE") == before
        assert f">{'fonts.conf' if before is None else '/nowhere/a&amp;b.conf'}</include>" in written
        assert f"<dir>{signs.GLYPHS}</dir>" in written


@pytest.mark.parametrize("program", ["network", "dead_units", "reaches_nan"])
def test_an_svg_shows_signs_as_outlines_and_keeps_them_as_text(program: str) -> None:
    picture = viz.draw(EIGHT[program]())
    svg = picture.svg
    drawn = re.findall(r'<use xlink:href="#sign-(\w+)" transform="translate\(([\d.-]+) ([\d.-]+)\)', svg)
    kept = re.findall(r'<text x="([\d.-]+)" y="([\d.-]+)" [^>]*fill="none"[^>]*>([^<])</text>', svg)
    assert [(f"{ord(sign):x}", float(x), float(y)) for x, y, sign in kept] == [
        (code, float(x), float(y)) for code, x, y in drawn
    ]
    assert {code for code, _, _ in drawn} == set(re.findall(r'<path id="sign-(\w+)"', svg))
    assert "font-face" not in svg
    shown = [text for text in re.findall(r"<text [^>]*>([^<]*)</text>", svg) if any(s in text for s in signs.SIGNS)]
    assert shown and all(text in signs.SIGNS for text in shown), "none of them is left to a font"


def test_pieces_of_a_text_follow_each_other() -> None:
    x = Tensor([0.5, 2.0, 3.0], label="x")
    y = x * Tensor([1.0, 2.0, 3.0], label="w")
    J = y.sum()
    J.backward()
    svg = viz.draw(J).svg
    texts = re.findall(r'<text x="([\d.-]+)" y="([\d.-]+)"[^>]* textLength="([\d.]+)"[^>]*>([^<]*)</text>', svg)
    at = next(i for i, (*_, text) in enumerate(texts) if text == "⊙")
    (x0, y0, before, left), (x1, y1, wide, _), (x2, y2, _, right) = texts[at - 1 : at + 2]
    assert y0 == y1 == y2 and left.endswith(" ") and right.startswith(" ")
    assert float(x1) == pytest.approx(float(x0) + float(before), abs=0.02)
    assert float(x2) == pytest.approx(float(x1) + float(wide), abs=0.02)
