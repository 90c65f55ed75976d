"""One page that stands alone: the picture, the derivation, both passes."""

from __future__ import annotations

from typing import Any, Sequence

from viz import style
from viz.svg import xml

_STYLE = f"""
body {{ font: 16px/1.5 Helvetica, Arial, sans-serif; color: #111; background: #fff; margin: 2em auto; max-width: 72em;
       padding: 0 1em }}
figure {{ margin: 0 0 1.5em; overflow-x: auto; text-align: center }}
figure svg {{ max-width: 100%; height: auto; max-height: 80vh }}
h1 {{ font-size: 1.4em; font-weight: 600 }} h2 {{ font-size: 1.05em; margin-bottom: .3em }}
pre {{ overflow-x: auto; background: #F7F7F7; border-radius: 6px; padding: .7em 1em; margin: 0 }}
.forward {{ color: {style.BLUE} }} .backward {{ color: {style.RED} }}
"""


def page(title: str, svg: str, text: str, derivations: Sequence[Any] = ()) -> str:
    """A picture with its text and its chains as an HTML page without any outside reference."""
    sections = []
    for part in text.split("\n\n"):
        heading, _, lines = part.partition("\n")
        kind = "forward" if heading == "Forward" else "backward"
        lines = "\n".join(line.removeprefix("  ") for line in lines.split("\n"))
        sections.append(f'<h2>{xml(heading)}</h2>\n<pre class="{kind}">{xml(lines)}</pre>')
    for chain in derivations:
        latex = f"<pre>{xml(chain.latex)}</pre>"
        sections.append(f"<details><summary>{xml(chain.name)} in LaTeX</summary>{latex}</details>")
    body = "\n".join(sections)
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{xml(title)}</title>
<style>{_STYLE}</style>
</head>
<body>
<h1>{xml(title)}</h1>
<figure>
{svg}
</figure>
{body}
</body>
</html>
"""
