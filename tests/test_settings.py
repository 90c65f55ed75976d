"""What stands in two files of settings says the same in both."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def test_the_hooks_and_the_extra_run_the_same_ruff() -> None:
    asked = {
        version
        for name in ("setup.cfg", ".pre-commit-config.yaml")
        for version in re.findall(r"\bruff\b *(\W=.*?)[\"\s]", (ROOT / name).read_text(encoding="utf-8"))
    }
    assert len(asked) == 1
