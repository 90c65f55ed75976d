"""What the pages quote is there, and what they link to."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MADE = ("docs/pictures/", "docs/reference/")
"""What is made when the site is built, which says itself if a link to it leads nowhere."""
PAGES = sorted([*ROOT.glob("*.md"), *(p for p in (ROOT / "docs").rglob("*.md") if "reference" not in p.parts)])


def found(pattern: str) -> list[tuple[str, str]]:
    """Each match in each page, with the page's path below the project."""
    return [
        (path.relative_to(ROOT).as_posix(), match)
        for path in PAGES
        for match in re.findall(pattern, path.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    ]


# An excerpt is a block whose first line names the file that it is from.
EXCERPTS = found(r"^```python\n(# \w+/\S+\.py\n.*?)^```$")
LINKS = found(r"\]\(([^():#]+)(?:#[^()]*)?\)")


@pytest.mark.parametrize(("page", "excerpt"), EXCERPTS, ids=lambda text: text.splitlines()[0])
def test_an_excerpt_stands_in_its_file(page: str, excerpt: str) -> None:
    file, quoted = excerpt.removeprefix("# ").split("\n", 1)
    assert "\n" + quoted in (ROOT / file).read_text(encoding="utf-8"), f"{page} quotes what {file} does not say"


@pytest.mark.parametrize(("page", "link"), sorted(set(LINKS)))
def test_a_link_leads_somewhere(page: str, link: str) -> None:
    target = Path(os.path.normpath((ROOT / page).parent / link))
    assert target.exists() or target.relative_to(ROOT).as_posix().startswith(MADE)
