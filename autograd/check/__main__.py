"""``python -m autograd.check``: a gradient, or all derivatives of a library, checked from the command line.

::

    python -m autograd.check package.module:function --domain -3:3
    python -m autograd.check package.module:function package.module:its_gradient --domain "vector(5, -2, 2)"
    python -m autograd.check --library scipy --html report.html

Exit status: 0 right, 1 wrong, 2 bad use, 3 undecided, or no gradient. For libraries: 1 if a derivative is wrong that
the baseline does not know.
"""

from __future__ import annotations

import argparse
import importlib
import os
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from .domains import parse
from .limits import EXAMPLES
from .survey.registry import names

STATUS = {"right": 0, "wrong": 1, "undecided": 3, "no gradient": 3}


def load(target: str) -> Callable[..., Any]:
    """The function named ``package.module:function`` (attributes may be dotted)."""
    module, _, name = target.partition(":")
    if not module or not name:
        raise ValueError(f"{target!r} does not name a function: write package.module:function")
    found: Any = importlib.import_module(module)
    for part in name.split("."):
        if not hasattr(found, part):
            raise ValueError(f"{module} has no {name!r}")
        found = getattr(found, part)
    if not callable(found):
        raise ValueError(f"{target} is no function but a {type(found).__name__}")
    function: Callable[..., Any] = found
    return function


def shape_of(text: str) -> tuple[int, ...]:
    """A shape as written on the command line: ``3,2``, ``3`` or ``scalar``."""
    if text in ("scalar", "()"):
        return ()
    try:
        return tuple(int(part) for part in text.strip("()").split(",") if part)
    except ValueError:
        raise ValueError(f"{text!r} is no shape: write 3,2 or 3 or scalar") from None


def parser() -> argparse.ArgumentParser:
    """The command line's options."""
    p = argparse.ArgumentParser(
        prog="python -m autograd.check",
        description="Check a gradient at all points of a domain.",
        epilog="exit status: 0 right, 1 wrong, 2 bad use, 3 undecided, or no gradient",
    )
    p.add_argument("function", nargs="?", help="package.module:function")
    p.add_argument(
        "derivative",
        nargs="?",
        help="package.module:function called as derivative(*xs): the gradient, or the Jacobian of several outputs",
    )
    p.add_argument("--vjp", help="package.module:function called as vjp(g, *xs); without any the engine differentiates")
    p.add_argument(
        "--domain",
        action="append",
        default=[],
        metavar="DOMAIN",
        help="name (positive, unit, simplex, …), low:high, or vector(n, low, high), matrix(m, n, low, high), spd(n); "
        "once for all inputs, or once for each",
    )
    p.add_argument(
        "--shape",
        action="append",
        default=[],
        metavar="SHAPE",
        help="3,2 or 3 or scalar; once for all inputs, or once for each",
    )
    p.add_argument("--order", type=int, default=1, help="2: also the gradient of the gradient")
    p.add_argument("--modes", default="reverse", help="reverse, forward, or reverse,forward")
    p.add_argument("--max-examples", type=int, help="points to try (default 300)")
    p.add_argument(
        "--seconds",
        type=float,
        help="no new points after so many seconds (default 60 for a function, 5 for each derivative of a library)",
    )
    p.add_argument("--seed", type=int, help="repeat a search")
    p.add_argument("--quiet", action="store_true", help="no progress bar")
    whole = p.add_argument_group("whole libraries")
    whole.add_argument("--library", action="append", default=[], metavar="NAME", help="; ".join(names()))
    whole.add_argument("--only", action="append", default=[], metavar="PATTERN", help="names such as 'stats.*.cdf'")
    whole.add_argument("--jobs", type=int, default=2, help="processes (default %(default)s)")
    whole.add_argument("--python", default=sys.executable, help="the interpreter that has the library")
    whole.add_argument("--html", metavar="FILE", help="write a report that stands alone")
    whole.add_argument("--json", metavar="FILE", help="write everything found, for machines")
    whole.add_argument("--baseline", metavar="FILE", help="known errors, which do not fail")
    whole.add_argument("--write-baseline", metavar="FILE", help="make everything that is wrong now known")
    return p


def main(argv: Sequence[str] | None = None) -> int:
    words = list(sys.argv[1:] if argv is None else argv)
    # argparse takes "-10:10" for an option.
    for i in range(len(words) - 1, 0, -1):
        if words[i - 1] == "--domain" and re.match(r"-[\d.]", words[i]):
            words[i - 1 : i + 1] = [f"--domain={words[i]}"]
    options = parser().parse_args(words)
    if os.getcwd() not in sys.path:
        sys.path.insert(0, os.getcwd())
    try:
        return libraries(options) if options.library else one(options)
    except (ImportError, TypeError, ValueError, RuntimeError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2


def one(options: argparse.Namespace) -> int:
    """Check one function; print the report."""
    if not options.function:
        raise ValueError("name a function (package.module:function) or a library (--library NAME)")
    if options.derivative and options.vjp:
        raise ValueError("the derivative is given twice: as the second function and as --vjp")
    try:
        from .forall import check_for_all
    except ImportError as error:
        raise ImportError(f'{error}; install it with: pip install "gradgraph[check]"') from None
    f = load(options.function)
    vjp = load(options.vjp) if options.vjp else None
    shapes = [shape_of(s) for s in options.shape]
    shape: Any = None if not shapes else shapes[0] if len(shapes) == 1 else shapes
    shown = not options.quiet and sys.stderr.isatty()
    with Bar("points", shown) as bar:
        report = check_for_all(
            f,
            *[parse(d) for d in options.domain],
            vjp=vjp,
            jac=load(options.derivative) if options.derivative else None,
            shape=shape,
            order=options.order,
            modes=tuple(options.modes.split(",")),
            max_examples=options.max_examples or EXAMPLES,
            seconds=options.seconds or 60.0,
            seed=options.seed,
            progress=lambda done, total: bar.show("", done, total),
        )
    print(report)
    return STATUS[report.verdict]


def libraries(options: argparse.Namespace) -> int:
    """Check whole libraries; print a summary and what is wrong, write the files asked for."""
    from .survey.page import page, reproduction
    from .survey.run import as_json, baseline_of, read_baseline, survey

    if options.function:
        raise ValueError(f"both a function ({options.function}) and a library are named: one at a time")
    known = read_baseline(options.baseline) if options.baseline else {}
    found = []
    for library in options.library:
        with Bar(library, not options.quiet and sys.stderr.isatty()) as bar:
            found.append(
                survey(
                    library,
                    only=options.only,
                    jobs=options.jobs,
                    python=options.python,
                    seed=options.seed or 0,
                    seconds=options.seconds or 5.0,
                    progress=bar.show,
                )
            )
    new = 0
    for s in found:
        print(f"{s.summary} ({', '.join(s.versions)})")
        for family, why in s.problems.items():
            print(f"  the family {family} could not be set up: {why}")
        for r in s.results:
            if r["verdict"] == "wrong":
                expected = r["name"] in known.get(s.library, {})
                new += not expected
                print(f"  wrong{' (known)' if expected else ''}: {r['name']}: {r.get('cause') or r['message']}")
                if not expected:
                    print("    " + reproduction(s.library, r).replace("\n", "\n    "))
        for name in sorted(set(known.get(s.library, {})) - {r["name"] for r in s.results if r["verdict"] == "wrong"}):
            print(f"  no longer wrong, or not checked: {name}")
    if options.html:
        Path(options.html).write_text(page(found, known), encoding="utf-8")
    if options.json:
        Path(options.json).write_text(as_json(found), encoding="utf-8")
    if options.write_baseline:
        Path(options.write_baseline).write_text(baseline_of(found), encoding="utf-8")
    return 1 if new else 2 if not any(s.results for s in found) else 0


class Bar:
    """A progress bar by tqdm, or nothing where standard error is no terminal."""

    def __init__(self, what: str, shown: bool) -> None:
        self.bar: Any = None
        if shown:
            try:
                import tqdm
            except ImportError as error:
                raise ImportError(f'{error}; install it with: pip install "gradgraph[check]", or use --quiet') from None
            self.bar = tqdm.tqdm(desc=what, leave=False)

    def __enter__(self) -> Bar:
        return self

    def __exit__(self, *error: object) -> None:
        if self.bar is not None:
            self.bar.close()

    def show(self, name: str, done: int, total: int) -> None:
        """Draw it anew: `done` of `total`, at `name`."""
        if self.bar is not None:
            self.bar.total = total
            self.bar.n = done
            self.bar.set_postfix_str(name)


if __name__ == "__main__":
    sys.exit(main())
