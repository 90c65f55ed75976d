"""Whether letters can be drawn: without a font for them, PNG and PDF show boxes."""

from __future__ import annotations

import shutil
import subprocess
import sys
import unicodedata
from pathlib import Path

_PLACES = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts")


def fonts_installed() -> bool:
    """Whether fontconfig knows a font; without its tools, whether there is a font file. Only Linux can lack them."""
    if not sys.platform.startswith("linux"):
        return True
    if lister := shutil.which("fc-list"):
        return bool(subprocess.run([lister], capture_output=True).stdout.strip())
    files = (file for place in _PLACES for file in Path(place).expanduser().rglob("*"))
    return any(file.suffix.lower() in (".ttf", ".otf", ".ttc", ".pfb") for file in files)


def unreadable(text: str) -> str:
    """Why `text` cannot be drawn with the fonts of this machine: ``no font …``; empty if it can."""
    if not fonts_installed():
        return "no font on this machine"
    if lister := shutil.which("fc-list"):
        for script, letter in sorted(_letters(text).items()):
            if not _has(lister, letter):
                return f"no font on this machine has {script} letters such as {letter}"
    return ""


def _has(lister: str, letter: str) -> bool:
    """Whether a font on this machine has a letter."""
    return bool(subprocess.run([lister, f":charset={ord(letter):x}"], capture_output=True).stdout.strip())


def _letters(text: str) -> dict[str, str]:
    """One letter for each script in `text` beside the European ones: ``{"HANGUL": "가"}``."""
    found: dict[str, str] = {}
    for letter in sorted(set(text)):
        if ord(letter) > 0x52F and unicodedata.category(letter) == "Lo":
            found.setdefault(unicodedata.name(letter, "UNNAMED").split()[0], letter)
    return found
