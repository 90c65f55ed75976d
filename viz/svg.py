"""What Graphviz's SVG lacks: a role, a title and a description for those who cannot see it, and useful tooltips."""

from __future__ import annotations

import re
from html import escape
from typing import Mapping

_HEAD = re.compile(r"^.*?<svg [^>]*?viewBox=\"[\d.-]+ [\d.-]+ ([\d.]+) ([\d.]+)\"", re.DOTALL)
_GROUP = re.compile(r'(<g id="(n\d+|e\d+[fb])" class="[^"]*">\s*<title>)[^<]*(</title>)')


def finish(svg: str, title: str, description: str, tooltips: Mapping[str, str]) -> str:
    """The SVG of a picture, ready for a page or a file.

    Graphviz's comments (its version among them) go, so that the same graph gives the same bytes.

    Parameters
    ----------
    svg : str
        As Graphviz wrote it.
    title, description : str
        For ``<title>`` and ``<desc>``.
    tooltips : mapping
        Text by id of a node (``n1``) or arrow (``e1f`` forward, ``e1b`` backward).
    """
    svg = re.sub(r"<!--.*?-->\n?", "", svg, flags=re.DOTALL).replace("&#45;", "-").replace("&#160;", " ")
    width, height = (float(x) for x in _HEAD.match(svg).groups())  # type: ignore[union-attr]
    head = (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" role="img" '
        f'aria-label="{_text(title)}" width="{width:g}" height="{height:g}" viewBox="0 0 {width:g} {height:g}">'
        f'\n<title>{_text(title)}</title>\n<desc>{_text(description)}</desc>'
    )
    svg = head + svg[svg.index(">", svg.index("<svg ")) + 1 :]
    return _GROUP.sub(lambda m: m[1] + _text(tooltips.get(m[2], m[2])) + m[3], svg)


def _text(text: str) -> str:
    """For XML, which allows few control characters."""
    return escape("".join(c if c in "\n\t" or (ord(c) > 31 and c.isprintable()) or c == " " else "\ufffd" for c in text))
