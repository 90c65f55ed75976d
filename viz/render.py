"""The one place that knows how Graphviz is called: in this process, in a child process, or as the program ``dot``."""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING, Any, Callable

from viz.signs import known

if TYPE_CHECKING:
    from subprocess import CompletedProcess

SMALL = 100_000  # characters: up to here the layout is too short to need stopping, and one process is kept for all
LIMIT = "seconds=… (--seconds … on the command line)"
INSTALL = 'for pictures: python -m pip install "gradgraph[viz]" (or install Graphviz: https://graphviz.org/download)'


class RenderError(RuntimeError):
    """No picture could be made; the message says why and what helps."""


def render(source: str, format: str, engine: str = "dot", seconds: float = 60, dpi: float = 72) -> bytes:
    """Lay out Graphviz `source` and return the bytes of a file; RenderError if that fails or takes longer."""
    if format in ("png", "pdf"):
        _check_fonts(source, format)
    sharp = f"-Gdpi={dpi:g}"
    if importlib.util.find_spec("pygraphviz"):
        return _by_pygraphviz(source, format, engine, sharp, seconds)
    return _by_program([_program(), f"-T{format}", f"-K{engine}", sharp], source, seconds)


# What reads JSON, looks for programs and runs them is loaded where it is needed: together a third of `import viz`.


def placed(source: str, engine: str = "dot", seconds: float = 60) -> Any:
    """Where Graphviz puts what is in `source`: its layout as lists and dicts."""
    import json

    return json.loads(render(source, "json", engine, seconds).decode(errors="replace"))


def _check_fonts(source: str, format: str) -> None:
    from viz.fonts import unreadable

    if problem := unreadable(source):
        raise RenderError(f"{problem}: {format} would show boxes for letters; install one, or use SVG")


def _program() -> str:
    import shutil

    if found := shutil.which("dot"):
        return found
    raise RenderError(f"no Graphviz here; {INSTALL}")


def _by_pygraphviz(source: str, format: str, engine: str, sharp: str, seconds: float) -> bytes:
    from viz import worker

    try:
        if len(source) > SMALL:
            return _in_time(lambda: worker.once(source, format, engine, sharp, seconds), seconds)
        found = worker.by_worker(source, format, engine, sharp)
    except worker.Unstartable:
        try:
            found = worker.here(source, format, engine, sharp)
        except Exception as error:
            raise RenderError(f"Graphviz failed: {error}") from error
    if not found:
        raise RenderError("Graphviz failed")
    return found


def _by_program(command: list[str], source: str, seconds: float) -> bytes:
    import subprocess

    with known():
        return _in_time(
            lambda: subprocess.run(command, input=source.encode(), capture_output=True, timeout=seconds), seconds
        )


def _in_time(run: Callable[[], CompletedProcess[bytes]], seconds: float) -> bytes:
    """What a process has written."""
    from subprocess import TimeoutExpired

    try:
        done = run()
    except TimeoutExpired:
        raise RenderError(f"the layout took more than {seconds:g} s; {LIMIT} allows more") from None
    if done.returncode or not done.stdout:
        raise RenderError(f"Graphviz failed: {done.stderr.decode(errors='replace').strip()[-300:] or 'no output'}")
    return done.stdout
