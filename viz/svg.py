"""What Graphviz's SVG lacks: a role, a title and a description for those who cannot see it, and useful tooltips."""

from __future__ import annotations

import re
from html import escape
from typing import Mapping

_HEAD = re.compile(r"^.*?<svg [^>]*?viewBox=\"[\d.-]+ [\d.-]+ ([\d.]+) ([\d.]+)\"", re.DOTALL)
_FORBIDDEN = re.compile("[^\t\n -\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
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
        f'aria-label="{xml(title)}" width="{width:g}" height="{height:g}" viewBox="0 0 {width:g} {height:g}">'
        f'\n<title>{xml(title)}</title>\n<desc>{xml(description)}</desc>'
    )
    svg = head + svg[svg.index(">", svg.index("<svg ")) + 1 :]
    return _GROUP.sub(lambda m: m[1] + xml(tooltips.get(m[2], m[2])) + m[3], svg)


def xml(text: str) -> str:
    """For XML, which allows few control characters."""
    return escape(_FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text))
