"""The tour of Value comes by all that is needed to understand it, and that can be read in an evening."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "tour.md").read_text(encoding="utf-8")

RULES = ("table", "rule", "expressions", "typeset", "code", "elementwise", "nary", "scalars")
REST = ("types", "node", "graph", "walks/values", "value", "modes", "errors")
PATH = (*(f"{name}.py" for name in REST), *(f"rules/{name}.py" for name in RULES))
"""What has to be read to understand Value whole."""

LONGEST = 1_300
"""Lines of code, without docstrings, comments and blank lines: what can be read in an evening."""


def lines_of_code(source: str) -> int:
    """The lines of `source` that hold code: no docstrings (of attributes neither), no comments, no blank lines."""
    silent = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}
    code: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in silent:
            code.update(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            code.difference_update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    return len(code)


def test_lines_of_code() -> None:
    source = """'What it is.'

x = [  # a list
    1,
]
'What x is.'

def f():
    'Do.'
    return x
"""
    assert lines_of_code(source) == 5


def test_all_its_code_runs_or_is_an_excerpt() -> None:
    blocks = re.findall(r"^```(\w+)\n(.*)$", TEXT, flags=re.MULTILINE)
    assert len(blocks) > 10
    for language, first in blocks:
        assert first.startswith({"pycon": ">>> ", "python": "# autograd/"}[language])


@pytest.mark.parametrize("name", PATH)
def test_the_tour_comes_by(name: str) -> None:
    assert f"](../autograd/{name})" in TEXT


def test_the_path_does_not_grow() -> None:
    lines = {name: lines_of_code((ROOT / "autograd" / name).read_text(encoding="utf-8")) for name in PATH}
    assert sum(lines.values()) <= LONGEST, lines
