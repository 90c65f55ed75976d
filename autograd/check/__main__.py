"""``python -m autograd.check package.module:function --domain …``: check a gradient from the command line.

Exit status: 0 right, 1 wrong, 2 bad use, 3 undecided, or no gradient.
"""

from __future__ import annotations

import argparse
import importlib
import os
import re
import sys
from collections.abc import Callable, Sequence
from typing import Any

from .forall import EXAMPLES, check_for_all, draw_bar

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
    return found  # type: ignore[no-any-return]


def domain_of(text: str) -> Any:
    """A domain as written on the command line: a name, or ``low:high`` (or ``low,high``)."""
    parts = re.split(r"[:,]", text)
    if len(parts) == 2:
        try:
            return float(parts[0]), float(parts[1])
        except ValueError:
            pass
    return text


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
    p.add_argument("function", help="package.module:function")
    p.add_argument("--vjp", help="package.module:function called as vjp(g, *xs); without it the engine differentiates")
    p.add_argument(
        "--domain",
        action="append",
        default=[],
        metavar="DOMAIN",
        help="name (positive, unit, simplex, …) or low:high; once for all inputs, or once for each",
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
    p.add_argument("--max-examples", type=int, default=EXAMPLES, help="points to try (default %(default)s)")
    p.add_argument(
        "--seconds", type=float, default=60.0, help="no new points after so many seconds (default %(default)s)"
    )
    p.add_argument("--seed", type=int, help="repeat a search")
    p.add_argument("--quiet", action="store_true", help="no progress bar")
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
        f = load(options.function)
        vjp = load(options.vjp) if options.vjp else None
        shapes = [shape_of(s) for s in options.shape]
        shape: Any = None if not shapes else shapes[0] if len(shapes) == 1 else shapes
        report = check_for_all(
            f,
            *[domain_of(d) for d in options.domain],
            vjp=vjp,
            shape=shape,
            order=options.order,
            modes=tuple(options.modes.split(",")),
            max_examples=options.max_examples,
            seconds=options.seconds,
            seed=options.seed,
            progress=(lambda done, total: None) if options.quiet else draw_bar,
        )
    except (ImportError, TypeError, ValueError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    if not options.quiet:
        sys.stderr.write("\n")
    print(report)
    return STATUS[report.verdict]


if __name__ == "__main__":
    sys.exit(main())
