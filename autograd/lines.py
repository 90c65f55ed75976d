"""Which line of the program made a node: on request, noted beside the nodes.

Inside ``with source_lines():`` the clock that every new node is stamped with also notes where the program is. Nodes
themselves keep nothing, and while nobody asks, the clock is the plain one. What is noted is a piece of code and a place
in it, which is cheap; it becomes a file and a line when it is read.
"""

from __future__ import annotations

import os
import sys
from collections import deque
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from types import CodeType
from typing import Any, Callable, Iterator, Sequence
from weakref import WeakSet

import numpy as np

from autograd import core
from autograd.node import Node, tick

REMEMBERED = 200_000
"""The lines of so many nodes are remembered, the latest: about 25 MB, however long a training runs."""

_INSIDE = (str(Path(__file__).parent) + os.sep, str(Path(np.__file__).parent) + os.sep, "<rule")
"""Where files begin that are no part of the user's program: this package, NumPy, compiled rules."""

_noted: deque[tuple[int, CodeType, int]] = deque(maxlen=REMEMBERED)
_of_the_program: dict[str, bool] = {}
_followers: WeakSet[Any] = WeakSet()
_clock: Callable[[], int] = tick
_open = 0
_switching = Lock()
_getframe = sys._getframe


def follow(function: Any) -> None:
    """Let `function`, and those beside it that stamp new nodes by ``tick()``, use the clock that is in use."""
    if "tick" in function.__globals__:
        with _switching:
            function.__globals__["tick"] = _clock
            _followers.add(function)


def in_program(file: str) -> bool:
    """Whether code of this file belongs to the user's program."""
    found = _of_the_program[file] = not file.startswith(_INSIDE)
    return found


def _noting_tick() -> int:
    time = tick()
    _note(time, _getframe(2))
    return time


def _note(
    time: int,
    frame: Any = None,
    # What it uses stands here, where Python finds it fastest: it runs once for each node.
    getframe: Callable[[int], Any] = _getframe,
    known: dict[str, bool] = _of_the_program,
    append: Callable[[tuple[int, CodeType, int]], None] = _noted.append,
) -> None:
    """Note where the program was at this time: at `frame`, or, called by the compiled core, right above."""
    frame = frame or getframe(1)
    while frame is not None:
        code = frame.f_code
        try:
            of_the_program = known[code.co_filename]
        except KeyError:
            of_the_program = in_program(code.co_filename)
        if of_the_program:
            append((time, code, frame.f_lasti))
            break
        frame = frame.f_back


def _switch(step: int) -> None:
    global _open, _clock
    with _switching:
        _open += step
        _clock = _noting_tick if _open else tick
        for function in _followers:
            function.__globals__["tick"] = _clock
        if core.compiled is not None:
            core.compiled.watch(_note if _open else None)


@contextmanager
def source_lines() -> Iterator[None]:
    """Note the line of the program that makes each Value and Tensor: pictures and findings name it.

    A line is noted as it runs, so the block goes around the forward pass. Outside it costs nothing; inside, a few per
    cent for programs of Tensors, and a fifth of a microsecond for each operation on single numbers. The lines of the
    latest 200,000 nodes are remembered.

    Returns
    -------
    context manager

    Examples
    --------
    >>> import autograd
    >>> from autograd import Value
    >>> x = Value(2.0)
    >>> with autograd.source_lines():
    ...     y = x * x
    ...     z = y + 1
    >>> autograd.lines.lines_of([x, y, z])[z].rpartition(":")[2]
    '3'
    """
    _switch(1)
    try:
        yield
    finally:
        _switch(-1)


def lines_of(nodes: Sequence[Node]) -> dict[Node, str]:
    """The line that made each node, ``"train.py:12"``, of those whose line was noted."""
    if not _noted:
        return {}
    noted = {time: (code, at) for time, code, at in list(_noted)}
    found = {}
    for node in nodes:
        if node._time in noted:
            code, at = noted[node._time]
            found[node] = place(code.co_filename, _line(code, at))
    return found


def place(file: str, line: int) -> str:
    """``train.py:12``: the file as it is seen from the current folder, else its name alone."""
    path = Path(file)
    if path.is_absolute():
        inside = path.is_relative_to(Path.cwd())
        file = str(path.relative_to(Path.cwd())) if inside else path.name
    return f"{file}:{line}"


def _line(code: CodeType, at: int) -> int:
    return next((line for start, end, line in code.co_lines() if start <= at < end and line), code.co_firstlineno)
