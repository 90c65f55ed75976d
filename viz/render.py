"""The one place that knows how Graphviz is called: in this process, in a child process, or as the program ``dot``."""

import importlib.util
import os
import sys

from viz.signs import known

SMALL = 100_000  # characters: up to here the layout is too short to need stopping, and runs in this process
LIMIT = "seconds=… (--seconds … on the command line)"
INSTALL = 'for pictures: python -m pip install "gradgraph[viz]" (or install Graphviz: https://graphviz.org/download)'
_CHILD = """import pygraphviz, sys; graph = pygraphviz.AGraph(string=sys.stdin.buffer.read().decode())
sys.stdout.buffer.write(graph.draw(format=sys.argv[1], prog=sys.argv[2], args=sys.argv[3]))"""


class RenderError(RuntimeError):
    """No picture could be made; the message says why and what helps."""


def render(source: str, format: str, engine: str = "dot", seconds: float = 60, dpi: float = 72) -> bytes:
    """Lay out Graphviz `source` and return the bytes of a file; RenderError if that fails or takes longer."""
    if format in ("png", "pdf"):
        _check_fonts(source, format)
    sharp = f"-Gdpi={dpi:g}"
    if importlib.util.find_spec("pygraphviz"):
        if len(source) <= SMALL:
            from viz.worker import by_worker

            if found := by_worker(source, format, engine, sharp):
                return found
            raise RenderError("Graphviz failed")
        return _by_process([sys.executable, "-c", _CHILD, format, engine, sharp], source, seconds)
    return _by_process([_program(), f"-T{format}", f"-K{engine}", sharp], source, seconds)


# What looks for programs and runs them is loaded where it is needed: it takes a third of the time of `import viz`.


def _check_fonts(source: str, format: str) -> None:
    from viz.fonts import unreadable

    if problem := unreadable(source):
        raise RenderError(f"{problem}: {format} would show boxes for letters; install one, or use SVG")


def _program() -> str:
    import shutil

    if found := shutil.which("dot"):
        return found
    raise RenderError(f"no Graphviz here; {INSTALL}")


def _by_process(command: list[str], source: str, seconds: float) -> bytes:
    import subprocess

    try:
        with known():
            env = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
            done = subprocess.run(command, input=source.encode(), capture_output=True, timeout=seconds, env=env)
    except subprocess.TimeoutExpired:
        raise RenderError(f"the layout took more than {seconds:g} s; {LIMIT} allows more") from None
    if done.returncode or not done.stdout:
        raise RenderError(f"Graphviz failed: {done.stderr.decode(errors='replace').strip()[-300:] or 'no output'}")
    return done.stdout
