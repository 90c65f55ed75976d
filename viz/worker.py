"""Graphviz through pygraphviz, in a process of its own: where it crashes, this one goes on, and it can be stopped.

For small pictures one process is kept, since a picture is laid out in several ways; it starts in 0.05 s of processor
time. Where none can be started, as in a program that was frozen into one file, Graphviz works in this process.
"""

from __future__ import annotations

import atexit
import os
import struct
import subprocess
import sys
from contextlib import suppress
from threading import Lock

from viz.signs import known

# What is found beside the program or in its folder must not hide Python's own modules: it is asked last. Output of
# Graphviz's own must not get between the answers.
_IMPORT = """
import os, sys
sys.path += sys.argv[1:]
import struct, pygraphviz
inward, outward = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
os.dup2(2, 1)
def drawn(source, format, engine, sharp):
    return pygraphviz.AGraph(string=source).draw(format=format, prog=engine, args=sharp)
"""
# Messages are bytes after their length; a request is the arguments, then the source. The first answer is a greeting.
_KEPT = """
def read():
    head = inward.read(8)
    return inward.read(*struct.unpack("<q", head)) if len(head) == 8 else None
def write(found):
    outward.write(struct.pack("<q", len(found)) + found)
    outward.flush()
write(b"here")
while (asked := read()) is not None:
    try:
        write(drawn(read().decode(), *asked.decode().split()))
    except Exception:
        write(b"")
"""
_ONCE = """
format, engine, sharp = inward.readline().decode().split()
outward.write(drawn(inward.read().decode(), format, engine, sharp))
outward.flush()
"""


class Unstartable(Exception):
    """No process can be started here that has Python and pygraphviz."""


class Worker:
    """A kept process, started at the first request and again after it has gone."""

    def __init__(self) -> None:
        self.child: subprocess.Popen[bytes] | None = None
        self._startable = True
        self._lock = Lock()

    def ask(self, source: str, format: str, engine: str, sharp: str) -> bytes:
        """What Graphviz makes of a source; nothing if it fails or crashes."""
        with self._lock:
            try:
                if self.child is None or self.child.poll() is not None:
                    self._start()
                if (found := self._answer(f"{format} {engine} {sharp}".encode(), source.encode())) is None:
                    self.end()
                return found or b""
            except BaseException:  # interrupted: what it would answer now belongs to nobody
                self.end()
                raise

    def _start(self) -> None:
        self.end()
        if self._startable:
            self._startable = False
            self.child = _started(_KEPT)
            self._startable = self._answer() == b"here"
        if not self._startable:
            self.end()
            raise Unstartable

    def _answer(self, *parts: bytes) -> bytes | None:
        """What the process says to a request; ``None`` if it has gone."""
        assert self.child is not None and self.child.stdin is not None and self.child.stdout is not None
        try:
            for part in parts:
                self.child.stdin.write(struct.pack("<q", len(part)) + part)
            self.child.stdin.flush()
        except OSError:
            return None
        head = self.child.stdout.read(8)
        return self.child.stdout.read(*struct.unpack("<q", head)) if len(head) == 8 else None

    def end(self) -> None:
        """End the process, if there is one."""
        child, self.child = self.child, None
        if child is not None and child.stdin is not None and child.stdout is not None:
            child.kill()
            with suppress(OSError):
                child.stdin.close()
            child.stdout.close()
            child.wait()


_workers: dict[int, Worker] = {}
"""That of each process, by its number: one that was forked needs its own."""


def by_worker(source: str, format: str, engine: str, sharp: str) -> bytes:
    """What Graphviz makes of a source in a kept process; nothing if it fails or crashes.

    Raises
    ------
    Unstartable
        If there can be no such process.
    """
    return _workers.setdefault(os.getpid(), Worker()).ask(source, format, engine, sharp)


@atexit.register
def _end() -> None:
    if worker := _workers.pop(os.getpid(), None):
        worker.end()


def once(source: str, format: str, engine: str, sharp: str, seconds: float) -> subprocess.CompletedProcess[bytes]:
    """The same in a process for this alone, which is stopped after so many seconds.

    Raises
    ------
    Unstartable
        As above.
    subprocess.TimeoutExpired
    """
    child = _started(_ONCE, stderr=subprocess.PIPE)
    try:
        out, err = child.communicate(f"{format} {engine} {sharp}\n{source}".encode(), timeout=seconds)
    except BaseException:
        child.kill()
        child.communicate()
        raise
    return subprocess.CompletedProcess(child.args, child.returncode, out, err)


def here(source: str, format: str, engine: str, sharp: str) -> bytes:
    """The same in this process."""
    import pygraphviz

    with known():
        found: bytes = pygraphviz.AGraph(string=source).draw(format=format, prog=engine, args=sharp)
    return found


def _started(code: str, stderr: int = subprocess.DEVNULL) -> subprocess.Popen[bytes]:
    if not sys.executable or getattr(sys, "frozen", False):  # then it is no Python, but this program again
        raise Unstartable
    command = [sys.executable, "-I", "-c", _IMPORT + code, *filter(None, sys.path)]
    try:
        with known():
            # In a session of its own no Ctrl-C in the terminal and no interrupt of a notebook gets at it, in Windows in
            # a group; there it would have a window too. When this process ends, its input does, and so it ends.
            return subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=stderr, start_new_session=True,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0)
                | getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
            )  # fmt: skip
    except OSError as error:
        raise Unstartable from error
