"""What Graphviz's SVG lacks: words for those who cannot see it, useful tooltips, and the widths of its texts.

Graphviz makes frames as wide as the text is in the fonts of the machine that it runs on. On another machine the same
text is wider or narrower; so each text carries the width it has there (`textLength`), and every browser keeps to it.
Programs that do not are right on that machine all the same: Graphviz, which rounds the widths of letters, has the parts
of a line up to a twentieth too near to each other, so they are put where they belong.
Signs that few fonts have are drawn as outlines; they stand there as texts too, unseen, to be searched for and copied.
"""

from __future__ import annotations

import re
from itertools import accumulate, groupby
from typing import Callable, Mapping, Sequence

from viz import signs
from viz.dot import Line

Widths = Callable[[Sequence[tuple[str, float, bool]]], Mapping[tuple[str, float, bool], float]]

_HEAD = re.compile(r"^.*?<svg [^>]*?viewBox=\"[\d.-]+ [\d.-]+ ([\d.]+) ([\d.]+)\"", re.DOTALL)
_FORBIDDEN = "[^\t\n -\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"  # for `re.sub`: compiled at its first use
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;"})
_GROUP = re.compile(r'(<g id="([^"]*)" class="[^"]*">\s*<title>)[^<]*(</title>)')
_PATH = re.compile(r' d="M([^"]*)"')
_ATTRIBUTE = re.compile(r'([\w:-]+)="([^"]*)"')
_TEXT = re.compile(r'<text ([^>]*?font-size="([\d.]+)"[^>]*)>([^<]*)</text>')
_TEXTS = re.compile(r"(?:<text [^>]*>[^<]*</text>\s*)+")
_PLACE = re.compile(r'\bx="([\d.-]+)" y="([\d.-]+)"')


INDENT = "      "
LEAST = 20
"""Lines are broken into parts of at least so many characters."""


def finish(svg: str, title: str, description: str, tooltips: Mapping[str, str], widths: Widths) -> str:
    """The SVG of a picture, ready for a page or a file.

    Graphviz's comments (its version among them) go, so that the same graph gives the same bytes.

    Parameters
    ----------
    svg : str
        As Graphviz wrote it.
    title, description : str
        For ``<title>`` and ``<desc>``.
    tooltips : mapping
        Text by id of whatever has one: nodes, arrows, groups.
    widths : callable
        How wide texts are: (text, size, bold) to points.
    """
    svg = re.sub(r"<!--.*?-->\n?", "", svg, flags=re.DOTALL).replace("&#45;", "-").replace("&#160;", " ")
    width, height = map(float, _HEAD.findall(svg)[0])
    head = (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" role="img" '
        f'aria-label="{xml(title)}" width="{width:g}" height="{height:g}" viewBox="0 0 {width:g} {height:g}">'
        f"\n<title>{xml(title)}</title>\n<desc>{xml(description)}</desc>"
    )
    # What is the same for every text stands once, and what is usual not at all: a third of a large picture.
    if family := re.search(r' font-family="([^"]*)"', svg):
        head = head.replace("<svg ", f"<svg{family[0]} ", 1)
        svg = svg.replace(family[0], "")
    svg = svg.replace(' xml:space="preserve"', "").replace(' text-anchor="start"', "")
    svg = _PATH.sub(_lines, svg)
    outlines = signs.defined("".join(m[3] for m in _TEXT.finditer(svg)))
    svg = head + outlines + svg[svg.index(">", svg.index("<svg ")) + 1 :]
    # Up to the edge, where a program rounds the picture's size up.
    svg = svg.replace('<polygon fill="white" stroke="none"', '<polygon fill="white" stroke="white"', 1)
    svg = _GROUP.sub(lambda m: m[1] + xml(tooltips[m[2]]) + m[3] if m[2] in tooltips else m[0], svg)
    return _with_widths(svg, widths)


def _lines(path: re.Match[str]) -> str:
    """Straight lines as such: Graphviz writes each corner of an arrow three times."""
    points = path[1].replace("C", " ").split()
    if any(points[i] != points[i + 1] for i in range(0, len(points) - 1, 3)):
        return path[0]
    if any(points[i] != points[i - 1] for i in range(3, len(points), 3)):
        return path[0]
    corners = [p for i, p in enumerate(points[::3]) if i == 0 or p != points[3 * i - 3]]
    return f' d="M{" ".join(corners)}"'


def _with_widths(svg: str, widths: Widths) -> str:
    from html import unescape  # all of HTML's names of letters: loaded with the first picture

    found = {m[0]: (unescape(m[3]), float(m[2]), "bold" in m[1]) for m in _TEXT.finditer(svg)}
    wanted = [(part, *key[1:]) for key in found.values() for part in (key[0], *signs.parted(key[0]))]
    width = widths([key for key in wanted if key[0].strip()])

    def fitted(m: re.Match[str], x: float | None) -> str:
        key = found[m[0]]
        if not key[0].strip():
            return ""
        if not (length := width.get(key, 0.0)):
            return m[0]
        attributes = m[1] if x is None else _PLACE.sub(rf'x="{x:.2f}" y="\2"', m[1])
        parts = signs.parted(key[0])
        if parts == [key[0]] and key[0] not in signs.SIGNS:
            return _text(attributes, key[0], length)
        return _pieces(dict(_ATTRIBUTE.findall(attributes)), parts, length, lambda part: width.get((part, *key[1:]), 0))

    def line(texts: Sequence[re.Match[str]]) -> str:
        """One between two blanks stands in the middle of them, each part after the other."""
        ends = [_PLACE.search(m[1]) for m in texts]
        if len(texts) < 3 or None in ends or found[texts[0][0]][0].strip() or found[texts[-1][0]][0].strip():
            return "\n".join(fitted(m, None) for m in texts)
        lengths = [width.get(found[m[0]], 0.0) for m in texts[1:-1]]
        left, right = (float(end[1]) for end in (ends[1], ends[-1]) if end)
        starts = accumulate(lengths, initial=(left + right - sum(lengths)) / 2)
        return "\n".join(fitted(m, x) for m, x in zip(texts[1:-1], starts))

    def lines(block: re.Match[str]) -> str:
        texts = groupby(_TEXT.finditer(block[0]), key=lambda m: (_PLACE.search(m[1]) or m)[2])
        return "\n".join(filter(None, (line(list(part)) for _, part in texts))) + "\n"

    return _TEXTS.sub(lines, svg)


def _text(attributes: str, text: str, length: float) -> str:
    # Blanks at the ends, as around an equals sign, are part of that width.
    blanks = ' xml:space="preserve"' if text != " ".join(text.split()) else ""
    return f'<text {attributes}{blanks} textLength="{length:.2f}" lengthAdjust="spacingAndGlyphs">{xml(text)}</text>'


def _pieces(attributes: dict[str, str], parts: Sequence[str], length: float, width: Callable[[str], float]) -> str:
    """A text with signs in it, each drawn as its outline, one piece after the other."""
    size, bold = float(attributes["font-size"]), attributes.get("font-weight") == "bold"
    x, y = float(attributes["x"]), float(attributes["y"])
    x -= length * {"middle": 0.5, "end": 1.0}.get(attributes.pop("text-anchor", ""), 0.0)
    natural = [signs.advance(part) * size if part in signs.SIGNS else width(part) for part in parts]
    shown = []
    for part, wide in zip(parts, (n * length / sum(natural) for n in natural)):
        here = {**attributes, "x": f"{x:.2f}"}
        if part in signs.SIGNS:
            shown.append(signs.drawn(part, x, y, size, wide, attributes.get("fill", "black"), bold))
            here["fill"] = "none"
        shown.append(_text(" ".join(f'{name}="{value}"' for name, value in here.items()), part, wide))
        x += wide
    return "".join(shown)


def wrapped_lines(lines: Sequence[Line], width: float, size: float, widths: Widths) -> list[Line]:
    """The lines broken where they are wider than `width`: at equals signs if that helps, else at spaces."""
    broken: list[Line] = []
    for line in lines:
        widest = _widest([line.text], size, widths)
        room, parts = len(line.text), [line.text]
        # Letters differ in width: where a part is still too wide, all are made shorter.
        while widest > width - 8 and room > LEAST:
            room = max(min(int(room * (width - 8) / widest * 0.96), room - 1), LEAST)
            first, *others = _broken(line.text, room)
            parts = [first, *(INDENT + other for other in others)]
            widest = _widest(parts, size, widths)
        broken += [Line(part, line.colour) for part in parts]
    return broken


def _widest(texts: Sequence[str], size: float, widths: Widths) -> float:
    return max(widths([(text, size, False) for text in texts]).values())


def _broken(text: str, room: int) -> list[str]:
    lines, line = [], ""
    for step in re.split(r"(?= = )", text):
        if line and len(line) + len(step) > room:
            lines.append(line)
            line = ""
        line = line + step if line else step.lstrip()
        while len(line) > room:
            cut = max(line.rfind(" + ", 0, room), line.rfind(" · ", 0, room), line.rfind(" ", room // 2, room))
            cut = cut if cut > room // 3 else room
            lines.append(line[:cut])
            line = line[cut:].lstrip()
    return [*lines, line] if line else lines


def xml(text: str) -> str:
    """For XML, which allows few control characters."""
    return re.sub(_FORBIDDEN, "\N{REPLACEMENT CHARACTER}", text).translate(_ENTITIES)
