"""The course in Korean: what is said in an example, and the same source that says it in Korean.

python -m docs.korean    (enters new texts into the tables, lists what has no Korean yet, writes the modules)

A table is a PO file, as gettext and its editors know it: ``examples/korean/ex13_digits.po`` for that example, and
``common.po`` for what many say. What stands in both languages alike (a name, a formula) is its own translation. Of an
f-string each expression is a number in braces: "epoch {0}: {1} right" may become "{0} 에폭: {1} 정답". Comments are
texts too, but for the marks of the lectures' slides. What some examples draw with, and the exercises, are modules:
``examples/korean/landscapes.py`` and ``examples/korean/exercises/ex13.py`` are Korean ones, made as the notebooks are.
"""

from __future__ import annotations

import ast
import inspect
import re
from io import BytesIO
from pathlib import Path
from textwrap import fill
from typing import Any, Callable, Collection

import libcst as cst
from babel.messages import Catalog
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
EXAMPLES = ROOT / "examples"
TABLES = EXAMPLES / "korean"
SAY = (
    "course/ex02_perceptron",
    "course/ex10_vanishing_gradients",
    "shared/cut_network",
    "shared/landscapes",
    "shared/letters",
    "shared/tuning",
)
EXERCISES = sorted(EXAMPLES.glob("exercises/*.py"))


def name_of(path: Path) -> str:
    """What the table of a file is called, and its module if it is one: "tuning", "exercises/ex13"."""
    return f"exercises/{path.stem}" if path in EXERCISES else path.stem


def importing(path: Path) -> str:
    """How an import of that file begins: "from examples.shared.tuning import"."""
    return f"from {'.'.join(path.relative_to(ROOT).with_suffix('').parts)} import"


MODULES = {name_of(path): path for path in (*(EXAMPLES / f"{name}.py" for name in SAY), *EXERCISES)}
"""What examples import and what says something in their figures; and the exercises."""
IMPORTS = {importing(path): importing(TABLES / f"{name}.py") for name, path in MODULES.items()}

# A text has a word: three letters in a row, or one of the short ones. The rest are formulas, marks and formats.
WORD = re.compile(r"[A-Za-z]{3}|\b(?:an|as|at|by|if|in|is|it|no|of|on|or|so|to|up)\b")
NAME = re.compile(r"[\w/.]*[_.][\w/.]*")  # of a file, an attribute or a module
PLACE = re.compile(r"\{(\d+)\}")
REMARK = re.compile(r"# (?!S\d\.\d|noqa|fmt:|type:)(.*)")  # a comment that says something
# Arguments whose strings are words of a library, and calls all of whose strings are.
SETTINGS = set("capstyle cmap color colors dtype fmt ha layout linestyles loc ls mode projection reduction "
               "textcoords va where which axis".split())  # fmt: skip
CALLS = set("TypeVar add_subplot compile einsum exercise read_text set_visible startswith subplot_mosaic".split())


class Texts(cst.CSTTransformer):
    """Puts `of(text)` in the place of every text of a source, its docstrings by paragraphs.

    A key in brackets, as in history["loss"], is a text only if another string of the source says it too: if it is in
    `said`.
    """

    def __init__(self, of: Callable[[str], str], said: Collection[str] = (), comments: bool = True) -> None:
        self.of, self.said, self.comments, self.keys = of, said, comments, 0

    def visit_SubscriptElement(self, node: cst.SubscriptElement) -> None:
        self.keys += 1

    def leave_SubscriptElement(self, original: cst.SubscriptElement, node: cst.SubscriptElement) -> Any:
        self.keys -= 1
        return node

    def visit_Annotation(self, node: cst.Annotation) -> bool:
        return False

    def visit_Arg(self, node: cst.Arg) -> bool:
        return node.keyword is None or node.keyword.value not in SETTINGS

    def visit_Call(self, node: cst.Call) -> bool:
        name = node.func.attr if isinstance(node.func, cst.Attribute) else node.func
        return not (isinstance(name, cst.Name) and name.value in CALLS)

    def leave_Comment(self, original: cst.Comment, node: cst.Comment) -> cst.Comment:
        remark = REMARK.fullmatch(node.value) if self.comments else None
        return node.with_changes(value=f"# {self.of(remark[1])}") if remark and WORD.search(remark[1]) else node

    def leave_SimpleString(self, original: cst.SimpleString, node: cst.SimpleString) -> cst.BaseExpression:
        text = node.evaluated_value
        if not isinstance(text, str) or NAME.fullmatch(text) or not WORD.search(text):
            return node
        if self.keys and text not in self.said:
            return node
        if len(node.quote) == 3:
            return node.with_changes(value=f'"""{self.prose(text)}"""')
        said = self.of(text)
        return node if said == text else node.with_changes(value=node.quote + escaped(said, node.quote) + node.quote)

    def leave_FormattedString(self, original: cst.FormattedString, node: cst.FormattedString) -> cst.BaseExpression:
        quote, text, places = node.quote, "", []
        for part in node.parts:
            if isinstance(part, cst.FormattedStringText):
                raw = "" if "r" in node.prefix.lower() else part.value
                text += (ast.literal_eval(f"{quote}{raw}{quote}") if raw else part.value).replace("{{", "{")
            else:
                text += f"{{{len(places)}}}"
                places.append(part)
        if NAME.fullmatch(PLACE.sub("", text)) or not WORD.search(PLACE.sub("", text)):
            return node
        said = self.of(text)
        if said == text:
            return node
        if sorted(PLACE.findall(said)) != sorted(PLACE.findall(text)):
            raise ValueError(f"{said!r} does not have the numbers in braces of {text!r}")
        parts: list[cst.BaseFormattedStringContent] = []
        for k, piece in enumerate(PLACE.split(said)):
            if k % 2:
                parts.append(places[int(piece)])
            elif piece:
                parts.append(cst.FormattedStringText(escaped(piece, quote).replace("{", "{{").replace("}", "}}")))
        return node.with_changes(start=node.start.lower().replace("r", ""), parts=parts)

    def prose(self, text: str) -> str:
        """A docstring paragraph by paragraph, each line as far indented as it was."""
        found = paragraphs(text)
        indent = re.search(r"\n( *)\S", text)
        said = [self.of(paragraph) if WORD.search(paragraph) else paragraph for paragraph in found]
        lines = [p if "\n" in p else fill(p, 80, break_on_hyphens=False, break_long_words=False) for p in said]
        whole = "\n\n".join(lines) + ("\n" if text.endswith("\n") or text.endswith(" ") else "")
        return whole.replace("\n", "\n" + indent[1]).replace(f"\n{indent[1]}\n", "\n\n") if indent else whole


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a docstring, each on one line unless it is a list or indented."""
    found = []
    for block in re.split(r"\n\s*\n", inspect.cleandoc(text)):
        lines = block.splitlines()
        kept = any(re.match(r" |(?:[-*|>]|\d+\.) ", line) for line in lines[1:])
        found.append(("\n" if kept else " ").join(lines))
    return found


def escaped(text: str, quote: str) -> str:
    """`text` as it stands between quotes in a source."""
    return text.replace("\\", "\\\\").replace(quote, "\\" + quote).replace("\n", "\\n")


def texts(source: str, comments: bool = True) -> list[str]:
    """What a source says, in order; with what its comments say, or without."""
    found: dict[str, None] = {}

    def note(text: str) -> str:
        found[text] = None
        return text

    cst.parse_module(source).visit(Texts(note, comments=comments))
    return list(found)


def table(name: str) -> dict[str, str]:
    """English → Korean, as far as the table of that name has it."""
    path = TABLES / f"{name}.po"
    if not path.exists():
        return {}
    with path.open("rb") as file:
        return {str(m.id): str(m.string) for m in read_po(file, "ko") if m.id and m.string and not m.fuzzy}


def in_korean(path: Path) -> str:
    """The source of an example, in Korean; a text that has no Korean is an error."""
    said = table("common") | table(name_of(path))
    source = path.read_text(encoding="utf-8")
    missing = [text for text in texts(source) if text not in said]
    if missing:
        raise LookupError(f"{path.name} says what has no Korean; run python -m docs.korean, then fill in {missing}")
    told = cst.parse_module(source).visit(Texts(said.__getitem__, texts(source, comments=False))).code
    for english, korean in IMPORTS.items():
        told = told.replace(english, korean)
    return told


def module(name: str) -> str:
    """The source of a module in Korean."""
    path = MODULES[name]
    return f"# Made from {path.relative_to(ROOT).as_posix()} by python -m docs.korean.\n{in_korean(path)}"


def translated() -> list[Path]:
    """The files that are translated."""
    return sorted({*EXAMPLES.glob("course/ex[0-9]*.py"), *MODULES.values()})


def update(path: Path, common: dict[str, str]) -> list[str]:
    """Bring an example's table up to date: what lacks in it."""
    name = name_of(path)
    old = table(name)
    wanted = [text for text in texts(path.read_text(encoding="utf-8")) if text not in common or text in old]
    write(name, {text: old.get(text, "") for text in wanted}, f"{path.name} says")
    return [text for text in wanted if text not in old]


def write(name: str, said: dict[str, str], what: str) -> None:
    """Write the table of that name."""
    catalog: Any = Catalog(locale="ko", fuzzy=False)
    for english, told in said.items():
        catalog.add(english, told)
    written = BytesIO()
    write_po(written, catalog, width=118, omit_header=True)
    (TABLES / f"{name}.po").write_bytes(f"# What {what}.\n\n".encode() + written.getvalue())


def main() -> None:
    (TABLES / "exercises").mkdir(parents=True, exist_ok=True)
    common = table("common")
    paths = translated()
    for stale in {*TABLES.rglob("*.po")} - {TABLES / f"{name}.po" for name in ("common", *map(name_of, paths))}:
        stale.unlink()
    said = {text for path in paths for text in texts(path.read_text(encoding="utf-8"))}
    write("common", {text: told for text, told in common.items() if text in said}, "several examples say")
    missing = [f"{name_of(path)}: {text!r}" for path in paths for text in update(path, common)]
    print("\n".join(missing) or "every text has its Korean")
    if not missing:
        for name in MODULES:
            (TABLES / f"{name}.py").write_text(module(name), encoding="utf-8")


if __name__ == "__main__":
    main()
