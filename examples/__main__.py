"""``python -m examples`` lists the examples, ``python -m examples 7`` runs one, ``python -m examples all`` runs all."""

from __future__ import annotations

import argparse
import ast
import importlib
import runpy
import sys
from pathlib import Path

HERE = Path(__file__).parent
PROGRAMS = HERE / "programs"
OTHERS = ("moons", "minimise", "adbench", "workers")
"""Examples outside the course: programs of their own, some with a folder for their pictures as argument."""


def found() -> dict[str, Path]:
    """Every example by its number (a second part has a letter: 7b), in teaching order."""
    paths = sorted(HERE.glob("course/ex[0-9][0-9]*_*.py"))
    return {path.name[2:].partition("_")[0].lstrip("0"): path for path in paths}


def subject(path: Path) -> str:
    """The first line of an example's docstring, read without running it."""
    return (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or path.stem).splitlines()[0]


def listing() -> str:
    """One line for each example."""
    course = [f"  {number:>3}  {subject(path)}" for number, path in found().items()]
    others = [f"  {name}: {subject(PROGRAMS / f'{name}.py')}" for name in OTHERS]
    return "\n".join([*course, "", "and by name:", *others])


def run(name: str, quick: bool, out: Path) -> None:
    """Run one example by its number or name."""
    if name in OTHERS:
        out.mkdir(parents=True, exist_ok=True)
        arguments, sys.argv = sys.argv, [name, str(out)]
        try:
            runpy.run_path(str(PROGRAMS / f"{name}.py"), run_name="__main__")
        finally:
            sys.argv = arguments
        return
    path = found()[name]
    print(f"{name}. {subject(path)}")
    importlib.import_module(f"examples.course.{path.stem}").main(quick, out)
    print()


def main(arguments: list[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m examples",
        description=f"Short programs in teaching order; each prints and draws what it shows.\n\n{listing()}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("names", nargs="*", metavar="number", help="which to run; 'all' for all; none to list them")
    parser.add_argument("--quick", action="store_true", help="a shorter run that shows the same in seconds")
    parser.add_argument("--out", type=Path, default=HERE / "out", metavar="DIR", help="where pictures go (%(default)s)")
    options = parser.parse_args(arguments)
    if not options.names:
        print(listing())
        return 0
    numbers = list(found())
    names = numbers if options.names == ["all"] else options.names
    for name in names:
        if name not in numbers and name not in OTHERS:
            parser.error(f"there is no example {name!r}; there are {', '.join([*numbers, *OTHERS])} and 'all'")
    try:
        for name in names:
            run(name, options.quick, options.out)
    except ModuleNotFoundError as missing:
        print(f"this example needs {missing.name}: python -m pip install -e '.[examples]'", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
