"""Write docs/course.md and the galleries: what every example of the course says and draws, in English and Korean.

python -m docs.make_gallery    (the pictures of the course come from python -m docs.make_notebooks)
"""

from __future__ import annotations

import ast
from pathlib import Path

from docs.korean import in_korean
from examples.__main__ import found
from examples.programs import pictures

DOCS = Path(__file__).resolve().parent
PICTURES = {"en": DOCS / "gallery", "ko": DOCS / "gallery_ko"}
NOTEBOOKS = {"en": "English", "ko": "한국어"}
SAID = {
    "en": (
        "Gallery",
        "Every example of the course with what it shows and draws ([한국어](gallery_ko.md)). `python -m examples 7` "
        "runs one example; [the course](course.md) leads to notebooks and exercises.",
        "Eight programs",
        "What the picture of a recorded program shows, small and large.",
        "The live page of J = 3(a + bc): step through both passes, trace a derivative, "
        "change a number ([how](page.md)).",
    ),
    "ko": (
        "갤러리",
        "강의의 모든 예제와 그 결과, 그림입니다([English](gallery.md)). `python -m examples 7`은 예제 "
        "하나를 실행합니다. 노트북과 연습 문제는 [강의 안내](course.md)에 있습니다.",
        "여덟 가지 프로그램",
        "기록된 프로그램의 그림이 보여 주는 것: 작은 것부터 큰 것까지.",
        "J = 3(a + bc)의 살아 있는 페이지: 순전파와 역전파를 한 단계씩 보고, 도함수를 따라가고, "
        "수를 바꿔 봅니다([설명](page.md)).",
    ),
}


COURSE = """\
# The course

Backpropagation and neural networks from one parameter to a small Transformer, in short programs that print, draw and
say what they show. 한국어: [갤러리](gallery_ko.md), 그리고 아래 표의 노트북.

| | |
|---|---|
| look at it | [the gallery](gallery.md) · [갤러리](gallery_ko.md): what each example says and draws |
| run it | `python -m pip install -e ".[examples]"`, then `python -m examples 7`; `python -m examples` lists all |
| read and change it | the notebooks below, in English and Korean, with what they print and draw |
| answer it | `python -m examples --exercises 7` prints the exercises of a chapter (`--korean`: 한국어) |

## Notebooks

The examples live in the checkout, not in what pip installs. There `python -m pip install notebook`, then
`jupyter notebook examples/notebooks`. The first cell of each notebook installs the library from that checkout, together
with what the examples need; the few lines that all of them share (colours, headings, the data) are imported from
`examples/shared`. The Korean ones hold the same code, with its texts and comments in Korean; their figures need a font
with Hangul, and say which to install where there is none.

| | example | notebook |
|---|---|---|
{rows}

Both are made from the examples by `python -m docs.make_notebooks`; the Korean texts stand in `examples/korean`.

## Exercises

Each chapter has two or three: write the backward pass of a layer, find the bug in a gradient, predict a number.

```sh
python -m examples --exercises 6 > my_answers.py    # what is asked, as a file to fill in
python -m examples --exercises 6 my_answers.py      # a verdict for each answer
python -m examples --exercises 6 --korean           # 한국어 문제, 한국어 채점
```

```text
6.1   dJ_db       wrong: 12 is not it: that is dJ/dc
6.2   two_paths   not answered yet
6.3   neuron_vjp  wrong: the derivative with respect to x[2] is wrong; yours -0.4923, measured 0.09845; likely cause: …
0 of 3 right
```

A gradient is judged by [check_vjp](checking.md), which measures the function itself. A verdict says what is wrong, not
what would be right; the command's exit status is 0 when all answers are right. To be asked for each number of a graph
on the way, open [its live page](page.md) with `#predict=1`.

For teachers: the tasks and their checks are `examples/exercises/ex06.py`, the solutions `examples/solutions/ex06.py`
(a folder that can be left out). A task is a function that is given the answer; its docstring is the text. The Korean
tasks are made from the same code by `python -m docs.korean`.
"""


def course() -> str:
    """The page that leads to the notebooks."""
    rows = []
    for number, path in found().items():
        links = [
            f"[{name}](../examples/notebooks/{language}/{path.stem}.ipynb)" for language, name in NOTEBOOKS.items()
        ]
        rows.append(f"| {number} | {told(path, 'en')[0]} | {' · '.join(links)} |")
    return COURSE.replace("{rows}", "\n".join(rows))


def source_of(path: Path, language: str) -> str:
    """An example's source in that language."""
    return in_korean(path) if language == "ko" else path.read_text(encoding="utf-8")


def told(path: Path, language: str) -> tuple[str, str]:
    """An example's docstring as Markdown: its first line without the full stop, and the rest."""
    text = ast.get_docstring(ast.parse(source_of(path, language))) or ""
    first, _, rest = text.replace("](", "]\\(").partition("\n")  # g[l](z[l]) is no link
    return first.rstrip("."), rest.strip("\n")


def page(language: str = "en") -> str:
    """The gallery as Markdown: each example's docstring and pictures."""
    title, opening, programs, shown, live = SAID[language]
    lines = [f"# {title}", "", opening]
    folder = PICTURES[language]
    for number, path in found().items():
        first, rest = told(path, language)
        lines += ["", f"## {number}. {first}", ""]
        for picture in sorted(folder.glob(f"{path.name[2:].partition('_')[0]}_*")):
            lines += [f"![{first}]({folder.name}/{picture.name})", ""]
        lines += [rest, "", f"`python -m examples {number}` · [{path.name}](../examples/course/{path.name})"]
    lines += ["", f"## {programs}", "", shown, "", live, "", f"[![{live.partition(':')[0]}](page.png)](J.html)", ""]
    for picture in sorted(PICTURES["en"].glob("still_*.svg")):
        name = picture.stem.removeprefix("still_").replace("_", " ")
        lines += [f"![{name}]({PICTURES['en'].name}/{picture.name})", ""]
    lines += ["`python examples/programs/pictures.py` · [pictures.py](../examples/programs/pictures.py)"]
    return "\n".join(lines) + "\n"


def pages() -> dict[str, str]:
    """What each page says."""
    return {"course.md": course(), "gallery.md": page("en"), "gallery_ko.md": page("ko")}


def main() -> None:
    pictures.main(PICTURES["en"])
    for name, text in pages().items():
        (DOCS / name).write_text(text, encoding="utf-8")
        print(f"wrote {DOCS / name}")


if __name__ == "__main__":
    main()
