"""``python -m examples`` lists the examples, ``python -m examples 7`` runs one, ``python -m examples all`` runs all.

``python -m examples --exercises 7`` prints the exercises of a chapter, or judges a file of answers; ``--korean`` does
so in Korean.
"""

from __future__ import annotations

import ast
import runpy
import sys
import traceback
from importlib import import_module
from pathlib import Path
from typing import Any

from examples.shared.command_line import OUT, Parser, draws

HERE = Path(__file__).parent
OTHERS = {path.stem: path for path in sorted(HERE.glob("programs/*.py")) if path.stem != "examples"}
"""Examples outside the course, by name."""


def found() -> dict[str, Path]:
    """Every example of the course by its number (a second part has a letter: 7b), in teaching order."""
    paths = sorted(HERE.glob("course/ex[0-9][0-9]*_*.py"))
    return {path.name[2:].partition("_")[0].lstrip("0"): path for path in paths}


def subject(path: Path) -> str:
    """The first line of an example's docstring, read without running it."""
    return (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or path.stem).splitlines()[0]


def listing() -> str:
    """One line for each example."""
    course = [f"  {number:>3}  {subject(path)}" for number, path in found().items()]
    others = [f"  {name}: {subject(path)}" for name, path in OTHERS.items()]
    return "\n".join([*course, "", "and by name:", *others])


def run(name: str, quick: bool, out: Path) -> None:
    """Run one example by its number or name."""
    if name in OTHERS:
        main = import_module(f"examples.programs.{name}").main
        main(out) if draws(main) else main()
        return
    path = found()[name]
    print(f"{name}. {subject(path)}")
    import_module(f"examples.course.{path.stem}").main(quick, out)
    print()


def answers_of(file: Path, parser: Parser) -> dict[str, Any]:
    """What a file of answers defines, or one line that says why it cannot be run."""
    try:
        return runpy.run_path(str(file))
    except OSError as error:
        parser.error(f"{file} cannot be run: {error.strerror}")
    except SyntaxError as error:
        parser.error(f"{file} cannot be run: SyntaxError: {error.msg} (line {error.lineno})")
    except Exception as error:
        lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(file)]
        parser.error(f"{file} cannot be run: {type(error).__name__}: {error} (line {lines[-1] if lines else '?'})")


def exercise(chapter: str, files: list[str], korean: bool, parser: Parser) -> int:
    """Print the exercises of a chapter, or judge a file of answers: 0 if all are right."""
    judging = import_module("examples.korean.exercises.judge" if korean else "examples.exercises.judge")
    if chapter not in judging.chapters():
        parser.error(f"chapter {chapter!r} has no exercises; there are {', '.join(judging.chapters())}")
    if len(files) > 1:
        parser.error("one file of answers at a time")
    if not files:
        print(judging.sheet(chapter))
        return 0
    report, right = judging.judge(chapter, answers_of(Path(files[0]), parser))
    print(report)
    return 0 if right else 1


def main(arguments: list[str] | None = None) -> int:
    """The command line."""
    description = f"Short programs in teaching order; each prints and draws what it shows.\n\n{listing()}"
    parser = Parser(description, "python -m examples")
    parser.add_argument(
        "names",
        nargs="*",
        metavar="number",
        help="which to run; 'all' for all; none to list them",
    )
    parser.add_quick_and_out()
    parser.add_argument("--exercises", metavar="N", help="print the exercises of chapter N, or judge a file of answers")
    parser.add_argument("--korean", action="store_true", help="the exercises in Korean (한국어 연습 문제)")
    options = parser.parse_args(arguments)
    if options.exercises is not None:
        if options.quick or options.out != OUT:
            parser.error("exercises take neither --quick nor --out")
        return exercise(options.exercises, options.names, options.korean, parser)
    if options.korean:
        parser.error("--korean goes with --exercises; the Korean examples are the notebooks in examples/notebooks/ko")
    if not options.names:
        print(listing())
        return 0
    numbers = list(found())
    names = numbers if options.names == ["all"] else options.names
    for name in names:
        if name not in numbers and name not in OTHERS:
            parser.error(f"there is no example {name!r}; there are {', '.join([*numbers, *OTHERS])} and 'all'")
    parser.prepare(options.out)
    try:
        for name in names:
            run(name, options.quick, options.out)
    except ModuleNotFoundError as missing:
        parser.exit(1, f"this example needs {missing.name}: python -m pip install -e '.[examples,scale]'\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
