"""The command line of an example or a program: what each file does when it is run."""

from __future__ import annotations

import argparse
import inspect
import sys
import tempfile
from pathlib import Path
from typing import Callable, NoReturn

OUT = Path(__file__).resolve().parents[1] / "out"
"""Where pictures go unless told otherwise."""

Main = Callable[[bool, Path], object]
"""An example: given whether to hurry and where pictures go, it prints, draws, and returns its results (a dataclass)."""


class Parser(argparse.ArgumentParser):
    """A parser that takes no abbreviations and says what is wrong in one line."""

    def __init__(self, description: str | None, prog: str | None = None) -> None:
        layout = argparse.RawDescriptionHelpFormatter
        super().__init__(prog, description=description, formatter_class=layout, allow_abbrev=False)

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}\n")

    def add_quick_and_out(self) -> None:
        """The two flags of every example."""
        self.add_argument("--quick", action="store_true", help="a shorter run that shows the same in seconds")
        self.add_argument("--out", type=Path, default=OUT, metavar="DIR", help="where pictures go (%(default)s)")

    def prepare(self, folder: Path) -> None:
        """Make a folder for pictures, or stop with one line that says why there can be none."""
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder):
                pass
        except OSError as error:
            self.error(f"no pictures can be written to {str(folder)!r}: {error.strerror}")


def run(main: Main, arguments: list[str] | None = None) -> None:
    """Run one example of the course: ``--quick`` and ``--out DIR``."""
    parser = Parser(sys.modules[main.__module__].__doc__)
    parser.add_quick_and_out()
    options = parser.parse_args(arguments)
    parser.prepare(options.out)
    main(options.quick, options.out)


def run_program(main: Callable[..., object], arguments: list[str] | None = None) -> None:
    """Run one program; one that takes `out` draws, and is told the folder."""
    parser = Parser(sys.modules[main.__module__].__doc__)
    if not draws(main):
        parser.parse_args(arguments)
        main()
        return
    parser.add_argument("out", nargs="?", type=Path, default=OUT, metavar="folder", help="for pictures (%(default)s)")
    folder = parser.parse_args(arguments).out
    parser.prepare(folder)
    main(folder)


def draws(main: Callable[..., object]) -> bool:
    """Whether a program writes pictures."""
    return "out" in inspect.signature(main).parameters
