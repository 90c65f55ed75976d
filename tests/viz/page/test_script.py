"""The page's script: its types hold, its tests in Node pass, and what is committed is what its sources give."""

from __future__ import annotations

import filecmp
import shutil
import subprocess
from pathlib import Path

import pytest

import viz

JS = Path(viz.__file__).parent / "page" / "js"
HAS_NODE = shutil.which("npm") is not None and (JS / "node_modules").is_dir()
pytestmark = pytest.mark.skipif(
    not HAS_NODE,
    reason="left out: types and tests of the page's script, which need Node and (cd viz/page/js && npm ci)",
)


def npm(*arguments: str) -> None:
    done = subprocess.run(["npm", "run", "--silent", *arguments], cwd=JS, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr


def test_types() -> None:
    npm("check")


def test_in_node() -> None:
    npm("test")


def test_what_is_committed_is_what_the_sources_give(tmp_path: Path) -> None:
    npm("build", "--", f"--outdir={tmp_path}")
    built = JS.parent / "built"
    files = sorted(path.name for path in built.iterdir())
    assert files == sorted(path.name for path in tmp_path.iterdir())
    assert filecmp.cmpfiles(built, tmp_path, files, shallow=False)[0] == files
