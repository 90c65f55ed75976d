"""How wide texts are."""

from __future__ import annotations

from typing import Sequence

from viz.dot import FONT_NAME, escape
from viz.render import placed

LARGE = 16
"""Texts are measured in so much larger letters: of usual ones Graphviz rounds the width of each to pixels."""
AT_ONCE = 500
"""Of more Graphviz warns."""
REMEMBERED = 20_000
"""So many widths of texts are kept: the frames of one picture share most of theirs."""


def measured(texts: Sequence[tuple[str, float, bool]]) -> dict[tuple[str, float, bool], float]:
    """How wide these texts are in the font that Graphviz takes, in points: text, size, and whether it is bold."""
    wanted = list(dict.fromkeys(text for text in texts if text not in _widths))
    if wanted:
        if len(_widths) > REMEMBERED:
            _widths.clear()
        for start in range(0, len(wanted), AT_ONCE):
            _widths.update(_measure(wanted[start : start + AT_ONCE]))
    return {text: _widths.get(text, 0.0) for text in texts}


_widths: dict[tuple[str, float, bool], float] = {}


def _measure(wanted: Sequence[tuple[str, float, bool]]) -> dict[tuple[str, float, bool], float]:
    lines = ["digraph {", f"node [shape=plain {FONT_NAME}]"]
    for i, (text, size, bold) in enumerate(wanted):
        shown = escape(text).replace("<BR/>", " ") or " "
        lines.append(f't{i} [pos="0,{i}" fontsize={LARGE * size:g} label=<{f"<B>{shown}</B>" if bold else shown}>]')
    layout = placed("\n".join([*lines, "}"]), "nop")
    found = {}
    for thing in layout.get("objects", ()):
        ops = [op for op in thing.get("_ldraw_", ()) if op["op"] == "T"]
        found[wanted[int(thing["name"][1:])]] = sum(op["width"] for op in ops) / LARGE
    return found
