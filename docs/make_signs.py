"""Make the signs that common fonts lack: ``viz/glyphs/signs.ttf`` for Graphviz, and their outlines.

python -m docs.make_signs DejaVuSans.ttf    (of DejaVu 2.37; needs fonttools)

The font is named after this project, as DejaVu's licence asks of what is made from it: viz/glyphs/LICENSE.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from fontTools.misc.transform import Scale
from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.pens.transformPen import TransformPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

from viz import signs

NAMES = {1: signs.FAMILY, 2: "Regular", 4: signs.FAMILY, 6: signs.FAMILY.replace(" ", "-")}


def subset(font: Any) -> Any:
    """The signs alone, without hints, under our name."""
    subsetter = Subsetter(Options(hinting=False, layout_features=[], name_IDs=[], notdef_outline=True))
    # The blank, since Pango takes one that follows a sign from the same font.
    subsetter.populate(text=signs.SIGNS + " ")
    subsetter.subset(font)
    for id, name in NAMES.items():
        font["name"].setName(name, id, 3, 1, 0x409)
    return font


def outlines(font: Any) -> dict[str, tuple[int, str]]:
    """The advance of each sign and its outline as an SVG path, y downward, in thousandths of the font's size."""
    glyphs, names, part = font.getGlyphSet(), font.getBestCmap(), 1000 / font["head"].unitsPerEm
    found = {}
    for sign in signs.SIGNS:
        pen = SVGPathPen(glyphs, ntos=lambda number: f"{number:.0f}")
        glyphs[names[ord(sign)]].draw(TransformPen(pen, Scale(part, -part)))
        found[sign] = round(glyphs[names[ord(sign)]].width * part), pen.getCommands()
    return found


def main(source: str) -> None:
    font = subset(TTFont(source, recalcTimestamp=False))
    font.save(signs.GLYPHS / "signs.ttf")
    lines = (f"  {json.dumps(sign, ensure_ascii=False)}: {json.dumps(o)}" for sign, o in outlines(font).items())
    (signs.GLYPHS / "outlines.json").write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
