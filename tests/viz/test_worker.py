"""Graphviz in a process of its own: where it crashes, this one goes on, and there is a picture all the same."""

from __future__ import annotations

import importlib.util
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any, Iterator

import numpy as np
import pytest

import viz
from autograd import Tensor
from viz import worker
from viz.render import render

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("pygraphviz") is None, reason="no pygraphviz here: the program dot serves instead"
)
SMALL = 'digraph { a -> b [pos="0,0"] }'
ASKED = SMALL, "svg", "dot", "-Gdpi=72"
_CHANCE = random.Random(0)
LONG = f"digraph {{ {' '.join(f'{_CHANCE.randrange(300)} -> {_CHANCE.randrange(300)};' for _ in range(3000))} }}"
"""Takes many seconds to lay out."""


@pytest.fixture
def fresh() -> Iterator[worker.Worker]:
    """A worker of our own."""
    made = worker.Worker()
    yield made
    made.end()


def test_a_child_is_kept_and_a_new_one_comes_after_it_has_gone(fresh: worker.Worker) -> None:
    assert fresh.ask(*ASKED).count(b"<svg") == 1
    first = fresh.child
    assert first is not None and fresh.ask(*ASKED) and fresh.child is first
    first.kill()
    first.wait()
    assert fresh.ask(*ASKED).count(b"<svg") == 1 and fresh.child is not first


def test_a_crash_is_an_answer_and_the_next_one_comes_from_a_new_child(fresh: worker.Worker) -> None:
    fresh.ask(*ASKED)
    crashing = threading.Timer(0.2, lambda: fresh.child and fresh.child.kill())
    crashing.start()
    assert fresh.ask(LONG, "svg", "dot", "-Gdpi=72") == b"" and fresh.child is None
    crashing.join()
    assert fresh.ask(*ASKED).count(b"<svg") == 1


def test_files_of_the_user_named_like_pythons_own_do_no_harm(
    fresh: worker.Worker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("types", "struct", "random", "tempfile", "re", "threading", "subprocess"):
        (tmp_path / f"{name}.py").write_text("raise RuntimeError('the wrong one')\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert fresh.ask(*ASKED).count(b"<svg") == 1
    assert worker.once(*ASKED, seconds=60).stdout.count(b"<svg") == 1


@pytest.mark.parametrize("where", ["frozen", "no Python", "another program", "nowhere"])
def test_where_no_child_can_be_started_graphviz_works_here(where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "_workers", {})
    if where == "frozen":
        monkeypatch.setattr(sys, "frozen", True, raising=False)
    else:
        program = {"no Python": "", "another program": shutil.which("true"), "nowhere": "/no/such/program"}[where]
        monkeypatch.setattr(sys, "executable", program)
    assert render(SMALL, "svg").count(b"<svg") == 1
    with pytest.raises(viz.RenderError, match="Graphviz failed"):
        render("digraph {", "svg")


def test_a_large_layout_is_stopped_in_time() -> None:
    with pytest.raises(viz.RenderError, match=r"more than 0\.2 s"):
        render(LONG + " " * 100_000, "svg", seconds=0.2)
    with pytest.raises(viz.RenderError, match="(?s)Graphviz failed: .*Invalid Input"):
        render("digraph {" + " " * 100_000, "svg")


PROGRAM = """
import os, signal, sys, viz
from autograd import Value
from viz import worker
print("begun")
def picture():
    return viz.draw(Value(2.0, label="a") * 3).svg
def child():
    return worker._workers[os.getpid()].child.pid
first = picture()
"""


def run(code: str, **options: Any) -> list[str]:
    """What a program prints that draws: without a guard around its lines, and in a session of its own."""
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder) / "program.py"
        program.write_text(PROGRAM + code)
        env = {**os.environ, "PYTHONPATH": str(Path(viz.__file__).parents[1])}
        command = options.pop("command", [sys.executable, str(program)])
        done = subprocess.run(
            [part.replace("PROGRAM", str(program)) for part in command],
            capture_output=True, text=True, timeout=120, env=env, start_new_session=True, **options,
        )  # fmt: skip
    assert not done.stderr and not done.returncode, done.stderr
    return done.stdout.split()


def test_a_program_without_a_guard_runs_once_and_leaves_no_process_behind() -> None:
    begun, child = run("print(child())")
    assert begun == "begun"
    if os.name == "posix":
        with pytest.raises(ProcessLookupError):
            os.kill(int(child), 0)


@pytest.mark.skipif(os.name != "posix", reason="signals are those of POSIX")
class TestSignals:
    def test_an_interrupt_between_two_pictures_does_not_reach_the_child(self) -> None:
        code = """
before = child()
try:
    os.killpg(0, signal.SIGINT)
    signal.pause()
except KeyboardInterrupt:
    pass
print(picture() == first, child() == before)
"""
        assert run(code) == ["begun", "True", "True"]

    def test_an_interrupt_while_laying_out_is_raised_and_the_next_picture_is_right(self) -> None:
        code = f"""
signal.signal(signal.SIGALRM, signal.default_int_handler)
signal.setitimer(signal.ITIMER_REAL, 0.3)
try:
    worker.by_worker({LONG!r}, "svg", "dot", "-Gdpi=72")
except KeyboardInterrupt:
    print(picture() == first)
"""
        assert run(code) == ["begun", "True"]

    @pytest.mark.filterwarnings("ignore::DeprecationWarning")
    def test_a_fork_has_a_child_of_its_own_whatever_other_threads_do(self) -> None:
        code = """
worker._workers[os.getpid()]._lock.acquire()  # as if another thread were drawing
mine = child()
if os.fork() == 0:
    signal.alarm(60)
    print(picture() == first, child() != mine, flush=True)
    os._exit(0)
print(os.waitstatus_to_exitcode(os.wait()[1]))
"""
        assert run(code) == ["begun", "True", "True", "0"]

    def test_without_standard_input_and_output(self) -> None:
        command = ["sh", "-c", f"'{sys.executable}' 'PROGRAM' <&- >&- 2>&-"]
        assert run("assert picture() == first", command=command) == []


def test_what_graphviz_cannot_read_is_an_error_and_no_crash() -> None:
    with pytest.raises(viz.RenderError, match="Graphviz failed"):
        render("digraph {", "svg")
    assert worker.by_worker(SMALL, "svg", "dot", "-Gdpi=72")


def test_a_layout_that_crashes_is_made_with_straight_arrows(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def crashing(source: str, format: str, engine: str, sharp: str) -> bytes:
        asked.append(source)
        failing = engine == "dot" and "splines=line" not in source
        return b"" if failing else found(source, format, engine, sharp)

    found = worker.by_worker
    monkeypatch.setattr(worker, "by_worker", crashing)
    x = Tensor(np.ones(3), label="x")
    assert viz.draw((x * 2).sum()).svg.count("<path") > 4
    assert any("splines=line" in source for source in asked)
