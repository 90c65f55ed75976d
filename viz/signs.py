"""Signs that common fonts lack, such as ⊙ and raised brackets, as a font of their own that an SVG carries with it.

``signs.woff2`` has their glyphs of DejaVu Sans 2.37, made by ``pyftsubset DejaVuSans.ttf --text=… --no-hinting
--layout-features= --name-IDs= --flavor=woff2``; ``signs.LICENSE`` is its licence.
"""

from __future__ import annotations

import base64
from functools import cache
from pathlib import Path

SIGNS = "⁰ⁱ⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾₀₁₂₃₄₅₆₇₈₉₊₋ᴴᵀᵖᵢₖₙₜⱼₘₚ∘∛⊕⊙⊗⋮⌊⌋⚠⟨⟩"
"""What the font has."""
FAMILY = "gradgraph signs"


def style(text: str) -> str:
    """The font as an element of an SVG, if one of its signs is in `text`; else nothing.

    Examples
    --------
    >>> style("a + b"), len(style("a ⊙ b")) > 3000
    ('', True)
    """
    if not any(sign in text for sign in SIGNS):
        return ""
    return f'<style>@font-face {{ font-family: "{FAMILY}"; src: url(data:font/woff2;base64,{_encoded()}) }}</style>'


@cache
def _encoded() -> str:
    return base64.b64encode(Path(__file__).with_suffix(".woff2").read_bytes()).decode()
