"""``python -m viz``: a program in one line, its two passes, its derivatives as chains, and the picture."""

from __future__ import annotations

import argparse
import os
import re
import runpy
import sys
import textwrap
from pathlib import Path
from typing import Any, NoReturn, Sequence

from autograd.errors import AutogradError
from autograd.node import Node
from autograd.tensor import Tensor
from autograd.value import Value
from viz import text
from viz.chain import Chain, chain_in
from viz.colours import COLOURS
from viz.datafile import load
from viz.drawing import WRITTEN, Drawing, draw
from viz.formatting import DEFAULT, check_format
from viz.frames import STEPS, save_frames
from viz.language import LanguageError, functions, run
from viz.latex import derivation
from viz.picture import FORMATS, format_of
from viz.render import RenderError
from viz.views import Show

WRITTEN_AS = (*FORMATS, "json")
_SCRIPT = re.compile(r"(.+\.py):(\w+)", re.DOTALL)
_EPILOG = """
examples:
  python -m viz "u = b*c; v = a + u; J = 3*v" a=5 b=3 c=2
  python -m viz "J = a*b + a" a=2 b=3 --of a -o J.png
  python -m viz "z = dot([w1, w2], [x1, x2], b); a = sigmoid(z)" w1=1 w2=-2 x1=3 x2=0.5 b=0.1
  python -m viz train.py:loss -o loss.html

the language:
  Statements  name = expression  between ; or newlines; the last one is drawn.
  An expression has numbers, names, pi, + - * / **, parentheses, and these functions:
{functions}
  One node each: sum(a, b, …), logsumexp(a, b, …), dot([w1, w2, …], [x1, x2, …], bias).
  It is read, never executed: no attributes, subscripts, imports.
  script.py:name, in contrast, RUNS the script, and draws its variable of that name.
  J.json draws what was saved with -o J.json.

The exit status is 2 after an error (one line on stderr; no file is written or touched), else 0.
"""


class _Refusal(Exception):
    """What stops the command: one line for the user."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        unknown = message.removeprefix("unrecognized arguments: ")
        if unknown != message and not unknown.startswith("--"):
            message += " (an expression that begins with a minus needs a name: J = -a)"
        raise _Refusal(f"{message}; see {self.prog} --help")


def _parser() -> argparse.ArgumentParser:
    names = textwrap.fill(" ".join(sorted(functions())), 100, initial_indent="    ", subsequent_indent="    ")
    parser = _Parser(
        prog="python -m viz",
        description="Differentiate a program and draw it: values forward in blue, gradients backward in red,\n"
        "and every derivative written out by the chain rule.",
        epilog=_EPILOG.format(functions=names),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument(
        "program", nargs="?", help='an expression such as "u = b*c; J = 3*(a + u)", script.py:name, or J.json'
    )
    parser.add_argument("values", nargs="*", metavar="name=number", help="a value for each input of the expression")
    parser.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        help=f"where the picture goes, its format by the ending: .{', .'.join(WRITTEN_AS)} "
        "(default: the result's name, as in J.svg; nothing with --latex)",
    )
    parser.add_argument("--of", metavar="NAME", help="draw the chain of this variable boldly and name it below")
    passes = parser.add_mutually_exclusive_group()
    passes.add_argument("--forward", action="store_true", help="the forward pass only")
    passes.add_argument("--backward", action="store_true", help="the backward pass only")
    parser.add_argument("--direction", choices=("LR", "TB"), help="from left to right or from top to bottom")
    parser.add_argument(
        "--colour",
        choices=COLOURS,
        help="frames by the size of the gradient or of the value, or by the kind of operation",
    )
    parser.add_argument("--flat", action="store_true", help="fold nothing, however large the picture gets")
    parser.add_argument(
        "--steps",
        action="store_true",
        help="one picture per step: -o J.pdf (a page each), J.gif, J.svg or J.png (J-01 …)",
    )
    parser.add_argument("--latex", action="store_true", help="print the derivation in LaTeX")
    parser.add_argument("--format", default=DEFAULT, metavar="SPEC", help="how to write numbers (default: %(default)s)")
    parser.add_argument(
        "--seconds", type=float, default=60, metavar="N", help="stop laying out a large graph after this (default: 60)"
    )
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """The command ``gradgraph``, also ``python -m viz``.

    Parameters
    ----------
    argv : sequence of str, optional
        The arguments; those of the process unless given.

    Returns
    -------
    int
        The exit status: 0, or 2 after an error that one line on stderr explains.

    Examples
    --------
    >>> main(["J = 2*a", "a=3", "-o", "J.tiff"])
    2
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # A terminal without UTF-8 shows question marks rather than a traceback.
            stream.reconfigure(errors="replace")
    try:
        _run(sys.argv[1:] if argv is None else argv)
    except SystemExit as leaving:
        return int(leaving.code or 0)
    except (_Refusal, LanguageError, RenderError, AutogradError, ValueError, TypeError) as error:
        return _fail(str(error))
    except OSError as error:
        return _fail(f"{error.filename or 'the file'}: {error.strerror}")
    return 0


def _fail(message: str) -> int:
    sys.stdout.flush()
    print(f"error: {' '.join(message.split())}", file=sys.stderr)
    return 2


def _run(argv: Sequence[str]) -> None:
    options = _parser().parse_intermixed_args(argv)
    if not options.program:
        raise _Refusal('nothing to draw; write an expression, as in: python -m viz "J = 3*a" a=2 (or see --help)')
    check_format(options.format)
    if not options.seconds > 0:
        raise _Refusal(f"--seconds must be positive, not {options.seconds:g}")
    target = Path(options.output) if options.output else None
    if options.steps and target is None:
        raise _Refusal("--steps needs to know where to: add -o J.pdf, J.gif, J.svg or J.png")
    if target:
        _check_target(target, options.steps)
    root: Any
    names: dict[str, Any]
    script = _SCRIPT.fullmatch(options.program)
    if script:
        if options.values:
            raise _Refusal(f"{options.values[0]}: a script has its own values; leave this out")
        root, names = _from_script(Path(script[1]), script[2])
    elif options.program.endswith(".json"):
        if options.values:
            raise _Refusal(f"{options.values[0]}: a saved graph has its own values; leave this out")
        root, names = load(options.program), {}
    elif options.program.endswith(".py"):
        raise _Refusal(f"{options.program}: which variable? write {options.program}:name")
    else:
        root, names = _from_expression(options.program, options.values)
    show: Show = "forward" if options.forward else "backward" if options.backward else "both"
    drawing = draw(
        root,
        names,
        of=options.of,
        show=show,
        format=options.format,
        seconds=options.seconds,
        direction=options.direction,
        fold=not options.flat,
        colour=options.colour,
    )
    result = drawing.graph.node(drawing.graph.root).name
    if target is None and not options.latex:
        target = Path(re.sub(r"[^\w.+-]+", "_", result) + ".svg")
        _check_target(target)
    _report(drawing, show, options)
    if target is not None:
        _write(drawing, target, options)


def _write(drawing: Drawing, target: Path, options: argparse.Namespace) -> None:
    if options.steps:
        written = save_frames(drawing, target)
        print(f"\nwrote {written[0]}" + (f" … {written[-1]} ({len(written)} files)" if len(written) > 1 else ""))
        return
    before = target.read_bytes() if target.is_file() else None
    try:
        drawing.save(target)
    except RenderError as error:
        if options.output:
            raise
        # Nobody asked for a file: what stands above is the drawing, in text.
        print(f"no picture: {error}", file=sys.stderr)
    else:
        replaced = before is not None and before != target.read_bytes()
        print(f"\nwrote {target}" + (" (in place of a different one)" if replaced else ""))


def _report(drawing: Drawing, show: str, options: argparse.Namespace) -> None:
    graph = drawing.told
    parts = []
    if show != "backward":
        parts.append(["Forward", *text.forward(graph, options.format)])
    if show != "forward":
        parts.append(["Backward", *text.backward(graph, options.format)])
        parts.append(["Chain rule", *(chain.text for chain in _chains(drawing, options))])
    print("\n\n".join("\n  ".join(part) for part in parts))
    if options.latex:
        print("\n" + derivation(graph, _chains(drawing, options), options.format))


def _chains(drawing: Drawing, options: argparse.Namespace) -> Sequence[Chain]:
    """The chosen one, or one for each input, in order of the program."""
    if options.of or len(drawing.told.inputs) <= WRITTEN:
        return drawing.chains
    return [chain_in(drawing.told, node.id, options.format) for node in drawing.told.inputs]


def _from_expression(program: str, assignments: Sequence[str]) -> tuple[Node, dict[str, Any]]:
    values: dict[str, float] = {}
    for assignment in assignments:
        name, equals, number = assignment.partition("=")
        name = name.strip()
        if not equals or not name.isidentifier():
            raise _Refusal(f"{assignment!r} after the expression: write name=number, as in a=5")
        if name in values:
            raise _Refusal(f"{assignment!r}: {name} has a value already, {values[name]:g}; give it once")
        try:
            values[name] = float(number)
        except ValueError:
            raise _Refusal(f"{name}=^{number}: {number!r} is not a number; write one such as 5, -0.5 or 1e-3") from None
    root, variables = run(program, values)
    root.backward()
    return root, dict(variables)


def _from_script(path: Path, name: str) -> tuple[Node, dict[str, Any]]:
    if not path.is_file():
        raise _Refusal(f"there is no script {path}; give an expression, or script.py:name of a file that exists")
    argv, folder = sys.argv, str(path.resolve().parent)
    sys.argv = [str(path)]
    sys.path.insert(0, folder)
    try:
        variables = runpy.run_path(str(path), run_name="__main__")
    except SystemExit as leaving:
        raise _Refusal(f"{path} left with exit status {leaving.code} before {name} could be drawn") from None
    except Exception as error:
        raise _Refusal(f"{path}{_line_in(path, error)}: {type(error).__name__}: {error}") from None
    finally:
        sys.argv = argv
        sys.path.remove(folder)
    found = variables.get(name)
    if not isinstance(found, Node):
        nodes = [key for key, value in variables.items() if isinstance(value, Node)]
        wrong = f"has a {type(found).__name__}, not a Value or Tensor, as"
        what = wrong if name in variables else "has no variable"
        raise _Refusal(f"{path} {what} {name}; it has {', '.join(nodes) or 'no Value and no Tensor'}")
    if found.grad is None and found.rule is not None:
        if isinstance(found, Value):
            found.backward()
        elif isinstance(found, Tensor) and found.size == 1:
            found.backward(retain_grads=True)
    return found, {key: value for key, value in variables.items() if not key.startswith("__")}


def _line_in(path: Path, error: BaseException) -> str:
    """``:7``, the line of the script where the error came from."""
    line = getattr(error, "lineno", None)
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == str(path):
            line = trace.tb_lineno
        trace = trace.tb_next
    return f":{line}" if line else ""


def _check_target(target: Path, steps: bool = False) -> None:
    """Refuse a file that could not be written, before anything is computed or printed."""
    format_of(target, STEPS if steps else WRITTEN_AS)
    folder = target.parent
    if not folder.is_dir():
        raise _Refusal(f"cannot write {target}: there is no folder {folder}; make it, or choose another with -o")
    if target.is_dir():
        raise _Refusal(f"cannot write {target}: it is a folder; choose another name with -o")
    if not os.access(folder, os.W_OK):
        raise _Refusal(f"cannot write {target}: the folder {folder.resolve()} is not writable; choose another with -o")
