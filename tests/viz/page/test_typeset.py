"""Lines are broken at the same places in the picture, by Python, and in the page, by its script."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import viz
from viz.wrapping import wrapped

NODE = shutil.which("node")
SCRIPT = (Path(viz.__file__).parent / "page" / "js" / "typeset.js").as_uri()
PROGRAM = f"""
import {{ wrapped }} from "{SCRIPT}";
import {{ readFileSync }} from "node:fs";
const asked = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify(asked.map(([text, width]) => wrapped(text, width))));
"""
WORDS = st.sampled_from(
    ["a", "dJ/dw", "∂u/∂b", "=", "0.25", "max(a, b)", "(", "), ", ", ", "  ", "\n", "x" * 30, "가중치", "𝛼²"]
)
TEXTS = st.lists(WORDS | st.text(max_size=9), max_size=14).flatmap(
    lambda words: st.sampled_from([" ", "", ", "]).map(lambda between: between.join(words))
)


@pytest.mark.skipif(NODE is None, reason="no Node here: that the page breaks lines as the picture does is not checked")
@settings(max_examples=8, deadline=None)
@given(st.lists(st.tuples(TEXTS, st.integers(2, 40)), min_size=60, max_size=150))
def test_page_and_picture_break_lines_alike(asked: list[tuple[str, int]]) -> None:
    done = subprocess.run(
        [str(NODE), "--input-type=module", "-e", PROGRAM],
        input=json.dumps(asked), capture_output=True, text=True, encoding="utf-8", timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    for (text, width), lines in zip(asked, json.loads(done.stdout)):
        assert lines == wrapped(text, width), (text, width)
