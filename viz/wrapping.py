"""Texts broken into lines, or cut, where they are long. The live page does the same: `typeset.js`."""

from __future__ import annotations

WORD = 26
"""Words stay whole up to this long, such as d(d²y/dx²)/d(d²y/dx²)."""
LONGEST = 30
"""Titles of frames have at most so many letters."""


def lined(text: str, at: str, width: int) -> list[str]:
    """Broken where it is long: at this sign, if there is one."""
    before, sign, after = text.partition(at)
    cut = len(before) + (0 if at.startswith(" ") else len(at.rstrip()))
    parts = [text[:cut], text[cut:].lstrip()] if sign and len(text) > width else [text]
    return [line for part in parts for line in wrapped(part, width)]


def wrapped(text: str, width: int = 36) -> list[str]:
    """Broken into lines where it is long, after a comma or at a space if there is one; of words only long ones are."""
    lines = []
    for line in text.split("\n"):
        while len(line) > width:
            comma, space = (line.rfind(sign, width // 2, width) for sign in (", ", " "))
            listed = comma >= 0 and line.count("(", 0, comma) == line.count(")", 0, comma)
            word = line.find(" ", width) + 1 or len(line)
            cut = comma + 2 if listed else space + 1 or (word if word <= WORD else width)
            if cut == len(line):
                break
            lines.append(line[:cut])
            line = line[cut:]
        lines.append(line)
    return lines


def cut(title: str) -> str:
    """The title of a frame in one line that is not long.

    Examples
    --------
    >>> cut("layer 1"), cut("batch normalisation of the second layer")
    ('layer 1', 'batch normalisation of the se…')
    """
    words = " ".join(title.split())
    return words if len(words) <= LONGEST else words[: LONGEST - 1] + "…"
