"""Whether letters can be drawn at all: without a font, PNG and PDF show boxes."""

from __future__ import annotations

import shutil
import subprocess
import sys
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
