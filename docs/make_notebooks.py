"""Write the notebooks of the course, in English and Korean, with what they print and draw; then the galleries.

python -m docs.make_notebooks             (those whose cells have changed)
python -m docs.make_notebooks 7 13        (these)
python -m docs.make_notebooks --whole 17  (the pictures of an example of minutes, by its whole run)
python -m docs.make_notebooks --check     (writes nothing: runs the English ones, quickly, and says which fail)

A notebook is an example cut into cells: its docstring, its imports, each function, and the paragraphs of `main`.
The Korean ones are made from the same source with its texts in Korean (`docs.korean`). What they draw goes into
docs/gallery and docs/gallery_ko too. Needs the extra `notebooks`.
"""

from __future__ import annotations

import argparse
import ast
import os
import re
import sys
import tempfile
import textwrap
from itertools import groupby
from pathlib import Path
from typing import Any, Iterator

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from tqdm import tqdm

from docs import make_gallery
from examples.__main__ import found

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = ROOT / "examples" / "notebooks"
INSTALL = """\
# {comment}
%pip install --quiet --editable "../../..[examples]"

import sys

sys.path.insert(0, "../../..")"""
SETTINGS = """\
from examples.shared.common import OUT

quick, out = {quick}, OUT  # {comment}"""
SLOW = ("10b", "11", "11b", "12b", "14", "15b", "16", "17")
"""Examples of a minute and more: their notebooks show the shorter run, the galleries the whole one."""
SAID = {
    "en": {
        "install": "Installs the library, and what the examples need, from the checkout that this notebook is in; "
        "there Python\n# finds `examples.shared`, the few lines that all examples use.",
        "settings": "quick = True: a shorter run that shows the same; out: where pictures are written too",
        "slow": "quick = False: the whole run, some minutes; out: where pictures are written too",
        "shorter": "**What is printed and drawn below is of a shorter run**, with fewer seeds, rates or steps. The "
        "text above speaks of the whole run, whose figure is in [the gallery](../../../docs/gallery.md); set "
        "`quick = False` to make it, in some minutes.",
        "made": "*Made from [{name}](../../course/{name}) by `python -m docs.make_notebooks`.*",
        "exercises": "Exercises: `python -m examples --exercises {number}`.",
    },
    "ko": {
        "install": "이 노트북이 들어 있는 저장소에서 라이브러리와 예제에 필요한 패키지를 설치합니다. 모든 예제가\n"
        "# 함께 쓰는 짧은 코드 `examples.shared`도 거기에서 찾습니다.",
        "settings": "quick = True: 같은 내용을 더 짧게 실행; out: 그림을 저장할 폴더",
        "slow": "quick = False: 전체를 실행(몇 분); out: 그림을 저장할 폴더",
        "shorter": "**아래에 출력되고 그려진 것은 더 짧은 실행의 결과**로, 시드나 학습률, 스텝의 수가 적습니다. 위의 "
        "글은 전체 실행에 대한 것이고, 그 그림은 [갤러리](../../../docs/gallery_ko.md)에 있습니다. `quick = False`로 "
        "바꾸면 몇 분 안에 직접 만들 수 있습니다.",
        "made": "*이 노트북은 [{name}](../../course/{name})에서 `python -m docs.make_notebooks`로 만들었습니다.*",
        "exercises": "연습 문제: `python -m examples --exercises {number} --korean`",
    },
}


def cells(source: str) -> Iterator[str]:
    """The code of an example, cell by cell: imports; constants; each definition; the paragraphs of `main`.

    The marks of the lectures' slides, comments such as ``# S3.2 …``, are left out.
    """
    source = re.sub(r"^ *# S\d\.\d.*\n| *# S\d\.\d.*$", "", source, flags=re.MULTILINE)
    module = ast.parse(source)
    body = [s for s in module.body[1:] if not (isinstance(s, ast.ImportFrom) and s.module == "__future__")]
    *top, main, _ = body
    if not (isinstance(main, ast.FunctionDef) and main.name == "main" and isinstance(main.body[-1], ast.Return)):
        raise ValueError('an example ends with `main`, which ends with `return`, and `if __name__ == "__main__"`')
    if any(isinstance(inner, ast.Return) for s in main.body[:-1] for inner in own(s)):
        raise ValueError("`main` returns once, at its end: a cell cannot return")
    lines = source.splitlines()

    def kind(statement: ast.stmt) -> object:
        if isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
            return statement.lineno
        return "import" if isinstance(statement, (ast.Import, ast.ImportFrom)) else "constants"

    used = {name.id for s in (*top, *main.body[:-1]) for name in ast.walk(s) if isinstance(name, ast.Name)}
    for _, some in groupby(top, kind):
        yield code(lines, list(some), used)
    part: list[ast.stmt] = []
    for statement in main.body[:-1]:
        if part and (not lines[part[-1].end_lineno or 0].strip() or heads(statement)):
            yield code(lines, part, used)
            part = []
        part.append(statement)
    yield code(lines, part, used)


def own(node: ast.AST) -> Iterator[ast.AST]:
    """`node` and what is in it, but for functions within it."""
    if not isinstance(node, (ast.FunctionDef, ast.Lambda)):
        yield node
        for child in ast.iter_child_nodes(node):
            yield from own(child)


def heads(statement: ast.stmt) -> bool:
    """Whether a statement prints a heading."""
    call = statement.value if isinstance(statement, ast.Expr) else None
    return isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "heading"


def code(lines: list[str], statements: list[ast.stmt], used: set[str]) -> str:
    """The lines of some statements, with the comments above and behind them; of imports, those of names in use."""
    first, last = statements[0], statements[-1]
    if isinstance(first, (ast.Import, ast.ImportFrom)):
        return imports(lines, statements, used)
    start = min([first.lineno, *(d.lineno for d in getattr(first, "decorator_list", []))]) - 1
    while lines[start - 1].lstrip().startswith("#"):
        start -= 1
    return textwrap.dedent("\n".join(lines[start : last.end_lineno])).strip()


def imports(lines: list[str], statements: list[Any], used: set[str]) -> str:
    """The lines of imports, without what only `main` as a function needs."""
    kept, end = [], statements[0].lineno - 1
    for statement in statements:
        names = [a for a in statement.names if (a.asname or a.name).partition(".")[0] in used]
        if names:
            blank = [""] * any(not line.strip() for line in lines[end : statement.lineno - 1])
            whole = lines[statement.lineno - 1 : statement.end_lineno]
            kept += blank + (whole if names == statement.names else [ast.unparse(renamed(statement, names))])
        end = statement.end_lineno
    return "\n".join(kept).strip()


def renamed(statement: Any, names: list[ast.alias]) -> ast.stmt:
    """An import of these names alone."""
    if isinstance(statement, ast.Import):
        return ast.Import(names)
    return ast.ImportFrom(statement.module, names, statement.level)


def notebook(number: str, path: Path, language: str) -> Any:
    """The notebook of an example, not run."""
    source, said = make_gallery.source_of(path, language), SAID[language]
    first, rest = make_gallery.told(path, language)
    shorter = [said["shorter"]] if number in SLOW else []
    texts = [f"# {number}. {first}", rest, *shorter, said["made"].format(name=path.name)]
    made = [
        new_markdown_cell("\n\n".join(texts)),
        new_code_cell(INSTALL.format(comment=said["install"]), metadata={"tags": ["install"]}),
    ]
    imports, *others = cells(source)
    quick = number in SLOW
    settings = new_code_cell(
        SETTINGS.format(quick=quick, comment=said["slow" if quick else "settings"]), metadata={"tags": ["parameters"]}
    )
    made += [new_code_cell(imports), settings, *map(new_code_cell, others)]
    made.append(new_markdown_cell(said["exercises"].format(number=number.rstrip("abc"))))
    for k, cell in enumerate(made):
        cell.id = f"cell-{k}"
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return new_notebook(cells=made, metadata={"kernelspec": kernel, "language_info": {"name": "python"}})


def execute(book: Any, quick: bool, out: Path) -> Any:
    """Run a notebook where it lies, with the packages that are installed and these settings."""
    written = {cell.id: cell.source for cell in book.cells}
    for cell in book.cells:
        if "install" in cell.metadata.get("tags", []):
            cell.source = f"import sys\nsys.path.insert(0, {str(ROOT)!r})"
        elif "parameters" in cell.metadata.get("tags", []):
            cell.source = f"from pathlib import Path\nquick, out = {quick}, Path({str(out)!r})"
    here = NOTEBOOKS / "en"
    # No progress bars; the kernel is this very Python.
    os.environ.update(TQDM_DISABLE="1", JUPYTER_PREFER_ENV_PATH="1")
    settings = {"timeout": 3600, "record_timing": False, "coalesce_streams": True}
    NotebookClient(book, **settings, resources={"metadata": {"path": str(here)}}).execute()
    for cell in book.cells:
        cell.source = written[cell.id]
    return book


def file(path: Path, language: str) -> Path:
    """Where the notebook of an example is."""
    return NOTEBOOKS / language / f"{path.stem}.ipynb"


def is_current(number: str, path: Path, language: str) -> bool:
    """Whether the notebook that is there has the cells that the example gives."""
    there = file(path, language)
    if not there.exists():
        return False
    made, kept = notebook(number, path, language), nbformat.read(there, as_version=4)
    return [(c.cell_type, c.source) for c in made.cells] == [(c.cell_type, c.source) for c in kept.cells]


def take_over(book: Any, kept: Any) -> bool:
    """Give a notebook the outputs of the one that is there, if that has the same code but for comments."""
    pairs = list(zip(book.cells, kept.cells))
    if len(book.cells) != len(kept.cells) or not all(same(new, old) for new, old in pairs):
        return False
    for new, old in pairs:
        if new.cell_type == "code":
            new.outputs, new.execution_count = old.outputs, old.execution_count
    return True


def same(new: Any, old: Any) -> bool:
    """Whether two cells do the same."""
    if new.cell_type != "code" or "install" in new.metadata.get("tags", []):
        return bool(new.cell_type == old.cell_type)
    return old.cell_type == "code" and ast.dump(ast.parse(new.source)) == ast.dump(ast.parse(old.source))


def write(number: str, path: Path, language: str, asked: bool = False, whole: bool = False) -> None:
    """Run the notebook of an example, and write it and its pictures; of a slow one, one or the other (`whole`)."""
    gallery, there = make_gallery.PICTURES[language], file(path, language)
    gallery.mkdir(exist_ok=True)
    there.parent.mkdir(parents=True, exist_ok=True)
    book = notebook(number, path, language)
    if not asked and there.exists() and take_over(book, nbformat.read(there, as_version=4)):
        nbformat.write(book, there)
        return
    with tempfile.TemporaryDirectory() as folder:
        quick = number in SLOW and not whole
        execute(book, quick, Path(folder) if quick else gallery)
    if not whole:
        nbformat.write(book, there)


def check() -> int:
    """Run the English notebooks that are there, quickly; the number of those that fail."""
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        for path in tqdm(list(found().values()), "notebooks", disable=None):
            try:
                execute(nbformat.read(file(path, "en"), as_version=4), True, Path(folder))
            except CellExecutionError as error:
                print(f"{file(path, 'en').name} fails:\n{error}", file=sys.stderr)
                failed += 1
    return failed


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("numbers", nargs="*", metavar="number", help="which examples; by default those that changed")
    parser.add_argument("--check", action="store_true", help="run the English notebooks, and write nothing")
    parser.add_argument("--whole", action="store_true", help="write the pictures of slow examples, not the notebooks")
    options = parser.parse_args()
    if options.check:
        return min(check(), 1)
    for stale in {f for f in NOTEBOOKS.rglob("*.ipynb")} - {file(p, la) for p in found().values() for la in SAID}:
        stale.unlink()
    wanted = [
        (number, path, language)
        for number, path in found().items()
        for language in SAID
        if (number in options.numbers if options.numbers else not is_current(number, path, language))
    ]
    bar = tqdm(wanted, disable=None)
    for number, path, language in bar:
        bar.set_description(f"{path.stem}, {language}")
        write(number, path, language, bool(options.numbers), options.whole)
    make_gallery.main()
    return 0


if __name__ == "__main__":
    sys.exit(main())
