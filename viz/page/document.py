"""The page's HTML: one file that needs nothing else and is allowed nothing else.

A Content-Security-Policy names the only script and the only style sheet by their hashes. Whatever a label holds, it is
data: in JSON, in which ``<`` is escaped, and from there in text nodes.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

from viz.svg import xml

PACKED = 1_000_000
"""Data of more letters than this are packed; the browser unpacks them, which takes a moment."""

_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<noscript><h1>{title}</h1><pre>{text}</pre></noscript>
<script type="{kind}" id="data">{data}</script>
<script>{script}</script>
</body>
</html>
"""


def document(
    title: str, text: str, data: dict[str, Any], rules: str, script: str = "start", of_numbers: str = ""
) -> str:
    """The whole page.

    Parameters
    ----------
    title : str
    text : str
        What it says where scripts do not run.
    data : dict
        The model, for JSON.
    rules : str
        JavaScript: a function that gives those of the rules.
    of_numbers : str
        The same of the numbers behind arrays.
    script : {"start", "large", "network"}
        How much the page can do: show a picture that is laid out, lay out others, draw neurons as circles.
    """
    style = built("page.css") + (built("network.css") if script == "network" else "")
    given = ", ".join(filter(None, [rules, of_numbers]))
    encoded = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    text = 'document.getElementById("data").textContent'
    if len(encoded) > PACKED:
        kind, encoded = "application/gzip", _zipped(encoded)
        bytes_ = f"Uint8Array.from(atob({text}), (letter) => letter.charCodeAt(0))"
        stream = f'new Blob([{bytes_}]).stream().pipeThrough(new DecompressionStream("gzip"))'
        start = f"new Response({stream}).json().then((data) => live.start(data, {given}));"
    else:
        kind, encoded = "application/json", _escaped(encoded)
        start = f"live.start(JSON.parse({text}), {given});"
    code = f"{built(f'{script}.js')}{start}\n"
    policy = (
        f"default-src 'none'; script-src '{_hash(code)}'; style-src '{_hash(style)}'; base-uri 'none'; "
        "form-action 'none'"
    )
    return _PAGE.format(
        policy=policy, title=xml(title), style=style, text=xml(text), kind=kind, data=encoded, script=code
    )


def _zipped(text: str) -> str:
    return base64.b64encode(gzip.compress(text.encode(errors="replace"), 6, mtime=0)).decode()


def _escaped(text: str) -> str:
    for character, escaped in (("<", r"\u003c"), ("\u2028", r"\u2028"), ("\u2029", r"\u2029")):
        text = text.replace(character, escaped)
    return text


@cache
def built(name: str) -> str:
    """A file that ``npm run build`` has made of the folder ``js``; it is committed, so installing needs no Node."""
    return (Path(__file__).parent / "built" / name).read_text(encoding="utf-8")


def _hash(content: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}"
