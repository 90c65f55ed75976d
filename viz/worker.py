"""A process that lays out pictures for this one, and is kept: where Graphviz crashes, this one goes on."""

from __future__ import annotations

import atexit
import os
import struct
import subprocess
import sys
from threading import Lock

from viz.signs import known

# Messages are bytes after their length; a request is the arguments, then the source.
_CHILD = """
import struct, sys
import pygraphviz
inward, outward = sys.stdin.buffer, sys.stdout.buffer
def read():
    head = inward.read(8)
    return inward.read(*struct.unpack("<q", head)) if len(head) == 8 else None
while (asked := read()) is not None:
    format, engine, sharp = asked.decode().split()
    try:
        found = pygraphviz.AGraph(string=read().decode()).draw(format=format, prog=engine, args=sharp)
    except Exception:
        found = b""
    outward.write(struct.pack("<q", len(found)) + found)
    outward.flush()
"""
_lock = Lock()
_kept: dict[int, subprocess.Popen[bytes]] = {}
"""The child of each process, by its number: one that was forked needs its own."""


def by_worker(source: str, format: str, engine: str, sharp: str) -> bytes:
    """What Graphviz makes of a source; nothing if it fails or crashes."""
    with _lock:
        child = _kept.get(os.getpid()) or _started()
        assert child.stdin is not None and child.stdout is not None
        try:
            for part in (f"{format} {engine} {sharp}".encode(), source.encode()):
                child.stdin.write(struct.pack("<q", len(part)) + part)
            child.stdin.flush()
            head = child.stdout.read(8)
            if len(head) == 8:
                return child.stdout.read(*struct.unpack("<q", head))
        except OSError:
            pass
        except BaseException:  # interrupted: what it would answer now belongs to nobody
            child.kill()
            _end()
            raise
        _end()
        return b""


def _started() -> subprocess.Popen[bytes]:
    with known():
        env = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        child = subprocess.Popen(
            [sys.executable, "-c", _CHILD],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=env,
        )  # fmt: skip
    _kept[os.getpid()] = child
    return child


@atexit.register
def _end() -> None:
    child = _kept.pop(os.getpid(), None)
    if child is not None and child.stdin is not None and child.stdout is not None:
        try:
            child.stdin.close()
        except OSError:
            pass
        child.stdout.close()
        child.wait()
