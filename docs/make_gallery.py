"""Write docs/gallery.md and docs/gallery_ko.md: what every example of the course says and draws, in English and Korean.

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
SAID = {
    "en": (
        "Gallery",
        "Every example of the course with what it shows and draws ([한국어](gallery_ko.md)). `python -m examples 7` "
        "runs one example; [the course](course.md) leads to notebooks and exercises.",
        "Eight programs",
        "What the picture of a recorded program shows, small and large.",
    ),
    "ko": (
        "갤러리",
        "강의의 모든 예제와 그 결과, 그림입니다([English](gallery.md)). `python -m examples 7`은 예제 "
        "하나를 실행합니다. 노트북과 연습 문제는 [강의 안내](course.md)에 있습니다.",
        "여덟 가지 프로그램",
        "기록된 프로그램의 그림이 보여 주는 것: 작은 것부터 큰 것까지.",
    ),
}


def source_of(path: Path, language: str) -> str:
    """An example's source in that language."""
    return in_korean(path) if language == "ko" else path.read_text(encoding="utf-8")


def page(language: str = "en") -> str:
    """The gallery as Markdown: each example's docstring and pictures."""
    title, opening, programs, shown = SAID[language]
    lines = [f"# {title}", "", opening]
    folder = PICTURES[language]
    for number, path in found().items():
        first, _, rest = (ast.get_docstring(ast.parse(source_of(path, language))) or "").partition("\n")
        lines += ["", f"## {number}. {first.rstrip('.')}", ""]
        for picture in sorted(folder.glob(f"{path.name[2:].partition('_')[0]}_*")):
            lines += [f"![{first}]({folder.name}/{picture.name})", ""]
        lines += [rest.strip(), "", f"`python -m examples {number}` · [{path.name}](../examples/course/{path.name})"]
    lines += ["", f"## {programs}", "", shown, ""]
    for picture in sorted(PICTURES["en"].glob("still_*.svg")):
        name = picture.stem.removeprefix("still_").replace("_", " ")
        lines += [f"![{name}]({PICTURES['en'].name}/{picture.name})", ""]
    lines += ["`python examples/programs/pictures.py` · [pictures.py](../examples/programs/pictures.py)"]
    return "\n".join(lines) + "\n"


def main() -> None:
    pictures.main(PICTURES["en"])
    for language, name in (("en", "gallery.md"), ("ko", "gallery_ko.md")):
        (DOCS / name).write_text(page(language), encoding="utf-8")
        print(f"wrote {DOCS / name}")


if __name__ == "__main__":
    main()
