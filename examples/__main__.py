"""``python -m examples`` lists the examples, ``python -m examples 7`` runs one, ``python -m examples all`` runs all."""

from __future__ import annotations

import ast
import sys
from importlib import import_module
from pathlib import Path

from examples.shared.command_line import Parser, draws

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


def main(arguments: list[str] | None = None) -> int:
    """The command line."""
    description = f"Short programs in teaching order; each prints and draws what it shows.\n\n{listing()}"
    parser = Parser(description, "python -m examples")
    parser.add_argument("names", nargs="*", metavar="number", help="which to run; 'all' for all; none to list them")
    parser.add_quick_and_out()
    options = parser.parse_args(arguments)
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
