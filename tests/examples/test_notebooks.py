"""The notebooks and the galleries are what the examples make, in both languages, and the notebooks run."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import pytest

for module in ("babel", "ipykernel", "libcst", "nbclient"):
    pytest.importorskip(module, reason="the extra `notebooks` is not installed")

import nbformat  # noqa: E402  (what it needs is there)

from docs import korean, make_gallery, make_notebooks  # noqa: E402  (what it needs is there)
from docs.make_notebooks import cells, execute, file, is_current, notebook, take_over  # noqa: E402  (what it needs is there)
from examples.__main__ import found  # noqa: E402  (what it needs is there)

EXAMPLES = found()
BOTH = pytest.mark.parametrize("language", ["en", "ko"])
EACH = pytest.mark.parametrize("number", EXAMPLES)


def code(book: Any) -> list[str]:
    """The code of a notebook's cells, but for what its strings and comments say."""

    class Silent(ast.NodeTransformer):
        def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.AST:
            self.generic_visit(node)
            values = [value for value in node.values if isinstance(value, ast.FormattedValue)]
            return ast.JoinedStr(sorted(values, key=ast.dump))  # a sentence may have another order

        def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.AST:
            return ast.ImportFrom((node.module or "").rpartition(".")[2], node.names, node.level)

        def visit_Constant(self, node: ast.Constant) -> ast.AST:
            return ast.Constant("") if isinstance(node.value, str) else node

    sources = [cell.source.replace("%pip", "# pip") for cell in book.cells if cell.cell_type == "code"]
    return [ast.dump(Silent().visit(ast.parse(source))) for source in sources]


@BOTH
@EACH
def test_a_notebook_is_what_its_example_makes(number: str, language: str) -> None:
    path = EXAMPLES[number]
    assert is_current(number, path, language), f"run python -m docs.make_notebooks {number}"
    book = nbformat.read(file(path, language), as_version=4)
    nbformat.validate(book)
    assert file(path, language).stat().st_size < 200_000
    outputs = [output for cell in book.cells for output in cell.get("outputs", ())]
    assert not [output for output in outputs if output.output_type == "error" or output.get("name") == "stderr"]
    assert any(kind.startswith("image/") for output in outputs for kind in output.get("data", ()))
    assert str(make_notebooks.ROOT) not in file(path, language).read_text(encoding="utf-8")


@EACH
def test_both_languages_have_the_same_code(number: str) -> None:
    english, korean = (nbformat.read(file(EXAMPLES[number], language), as_version=4) for language in ("en", "ko"))
    assert code(english) == code(korean)


@pytest.mark.parametrize("path", korean.translated(), ids=lambda path: path.stem)
def test_korean_says_all_that_english_says(path: Path) -> None:
    said, own = korean.table("common"), korean.table(korean.name_of(path))
    texts = set(korean.texts(path.read_text(encoding="utf-8")))
    assert texts <= {*said, *own}, "run python -m docs.korean and translate what it names"
    assert set(own) <= texts, "run python -m docs.korean: a text of the table is said no more"
    for english in texts:
        told = own.get(english) or said[english]
        assert sorted(re.findall(r"\{\d+\}", told)) == sorted(re.findall(r"\{\d+\}", english)), told
        if english.count(" ") > 12 and not re.search(r"\((?:19|20)\d\d\)", english):  # what is cited stays
            assert re.search("[가-힣]", told), f"not in Korean: {told}"


def test_what_is_common_is_said() -> None:
    texts = {text for path in korean.translated() for text in korean.texts(path.read_text(encoding="utf-8"))}
    assert set(korean.table("common")) <= texts, "run python -m docs.korean"


@pytest.mark.parametrize("name", korean.MODULES)
def test_a_korean_module_is_what_its_module_makes(name: str) -> None:
    assert (korean.TABLES / f"{name}.py").read_text(encoding="utf-8") == korean.module(name), (
        "run python -m docs.korean"
    )


def test_one_notebook_is_executed(tmp_path: Path) -> None:
    """The first; .ci/run executes all."""
    book = execute(nbformat.read(file(EXAMPLES["1"], "en"), as_version=4), True, tmp_path)
    assert (tmp_path / "01_parameter.png").exists()
    assert "%pip" in book.cells[1].source  # which was not run here


def test_a_notebook_that_fails_says_where(tmp_path: Path) -> None:
    book = notebook("1", EXAMPLES["1"], "en")
    book.cells[4].source = "1 / 0"
    with pytest.raises(make_notebooks.CellExecutionError, match="ZeroDivisionError"):
        execute(book, True, tmp_path)


SOURCE = '''"""What it is.

More."""

from __future__ import annotations

import math
from os import path, sep

A = 1 + len(sep)  # loss


def twice(x):
    """Two times."""
    return 2 * x


def main(quick, out):
    # above
    # S3.2 a slide
    x = 1  # S3.3 S3.4 another

    heading("one")
    if x:
        f = lambda: 1

        y = 2
    heading("two")
    print(f"{y} of {x}", {"one": 1}["one"], history["loss"])
    return x


if __name__ == "__main__":
    run(main)
'''


def test_cells() -> None:
    assert list(cells(SOURCE)) == [
        "from os import sep",
        "A = 1 + len(sep)  # loss",
        'def twice(x):\n    """Two times."""\n    return 2 * x',
        "# above\nx = 1",
        'heading("one")\nif x:\n    f = lambda: 1\n\n    y = 2',
        'heading("two")\nprint(f"{y} of {x}", {"one": 1}["one"], history["loss"])',
    ]


def test_outputs_are_kept_where_only_words_have_changed() -> None:
    old, new = notebook("1", EXAMPLES["1"], "en"), notebook("1", EXAMPLES["1"], "en")
    old.cells[4].outputs = ["output"]
    new.cells[0].source += "\n\nMore."
    new.cells[4].source += "  # more"
    assert take_over(new, old) and new.cells[4].outputs == ["output"] and new.cells[4].source.endswith("more")
    new.cells[4].source += "\nmore = 1"
    assert not take_over(new, old)


def test_an_example_that_cannot_be_cut_is_refused() -> None:
    with pytest.raises(ValueError, match="returns once"):
        list(cells(SOURCE.replace("        y = 2", "        return y")))
    with pytest.raises(ValueError, match="ends with `main`"):
        list(cells(SOURCE.replace("    return x\n", "")))


def test_texts_and_what_stands_in_their_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert korean.texts(SOURCE) == ["What it is.", "More.", "loss", "Two times.", "above", "one", "two", "{0} of {1}"]
    monkeypatch.setattr(korean, "TABLES", tmp_path)
    example = tmp_path / "ex01_new.py"
    example.write_text(SOURCE, encoding="utf-8")
    new = ["What it is.", "More.", "loss", "Two times.", "above", "two", "{0} of {1}"]
    assert korean.update(example, {"one": "하나"}) == new
    with pytest.raises(LookupError, match="Two times"):
        korean.in_korean(example)
    table = tmp_path / "ex01_new.po"
    said = {"What it is.": "무엇.", "More.": "더.", "Two times.": "두 배.", "two": '"둘"', "{0} of {1}": "{1} 중 {0}"}
    text = table.read_text(encoding="utf-8")
    said |= {"loss": "손실", "above": "위"}
    for english, told in (said | {"one": "하나"}).items():
        told = told.replace('"', '\\"')
        text = text.replace(f'msgid "{english}"\nmsgstr ""', f'msgid "{english}"\nmsgstr "{told}"')
    table.write_text(text, encoding="utf-8")
    (tmp_path / "common.po").write_text('msgid "one"\nmsgstr "하나"\n', encoding="utf-8")
    made = korean.in_korean(example)
    assert '"""무엇.\n\n더."""' in made and 'heading("하나")' in made and 'heading("\\"둘\\"")' in made
    assert 'f"{x} 중 {y}", {"하나": 1}["하나"], history["loss"]' in made and '"__main__"' in made
    assert "# 손실\n" in made and "# 위\n" in made and "# S3.2 a slide\n" in made  # a key is none of what comments say
    table.write_text(text.replace("{1} 중 {0}", "{1} 중"), encoding="utf-8")
    with pytest.raises(ValueError, match="numbers in braces"):
        korean.in_korean(example)


def test_pages_are_up_to_date() -> None:
    for name, text in make_gallery.pages().items():
        assert text == (make_gallery.DOCS / name).read_text(encoding="utf-8"), "run python -m docs.make_gallery"


@pytest.mark.parametrize(("language", "name"), [("en", "gallery.md"), ("ko", "gallery_ko.md")])
def test_a_gallery_shows_every_picture(language: str, name: str) -> None:
    written = (make_gallery.DOCS / name).read_text(encoding="utf-8")
    folder = make_gallery.PICTURES[language]
    pictures = {path.name for path in folder.iterdir()}
    numbered = {name for name in pictures if not name.startswith("still_")}
    assert {int(name[:2]) for name in numbered} == set(range(1, 18))
    assert len(pictures - numbered) == (8 if language == "en" else 0)
    assert all(f"({folder.name}/{name})" in written for name in pictures)
