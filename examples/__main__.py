"""``python -m examples`` lists the examples, ``python -m examples 7`` runs one, ``python -m examples all`` runs all."""

from __future__ import annotations

import argparse
import ast
import importlib
import sys
from pathlib import Path

HERE = Path(__file__).parent


def found() -> dict[str, Path]:
    """Every example by its number, in teaching order."""
    return {str(int(path.name[2:4])): path for path in sorted(HERE.glob("ex[0-9][0-9]_*.py"))}


def subject(path: Path) -> str:
    """The first line of an example's docstring, read without running it."""
    return (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or path.stem).splitlines()[0]


def main(arguments: list[str] | None = None) -> int:
    examples = found()
    listing = "\n".join(f"  {number:>2}  {subject(path)}" for number, path in examples.items())
    parser = argparse.ArgumentParser(
        prog="python -m examples",
        description=f"Short programs in teaching order; each prints and draws what it shows.\n\n{listing}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("number", nargs="*", help="which to run; 'all' for all; none to list them")
    parser.add_argument("--quick", action="store_true", help="a shorter run that shows the same in seconds")
    parser.add_argument("--out", type=Path, default=HERE / "out", metavar="DIR", help="where pictures go (%(default)s)")
    options = parser.parse_args(arguments)
    if not options.number:
        print(listing)
        return 0
    numbers = list(examples) if options.number == ["all"] else options.number
    for number in numbers:
        if number not in examples:
            parser.error(f"there is no example {number!r}; there are 1 to {len(examples)}, and 'all'")
    try:
        for number in numbers:
            print(f"{number}. {subject(examples[number])}")
            importlib.import_module(f"examples.{examples[number].stem}").main(options.quick, options.out)
            print()
    except ModuleNotFoundError as missing:
        print(f"this example needs {missing.name}: python -m pip install -e '.[examples]'", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
