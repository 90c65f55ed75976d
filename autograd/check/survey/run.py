"""The survey of a library: workers that judge its pairs side by side, and what they found put together."""

from __future__ import annotations

import fnmatch
import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

CHECK = Path(__file__).parents[1]
BOOT = """
import importlib.util, pathlib, sys
check, root = pathlib.Path({check!r}), pathlib.Path({check!r}).parents[1]
# The library under test may have this package's import name: the checker goes by another, from its folder.
sys.path[:] = [p for p in sys.path if p and pathlib.Path(p).resolve() != root]
places = [{check!r}]
spec = importlib.util.spec_from_file_location("gradcheck", check / "__init__.py", submodule_search_locations=places)
sys.modules["gradcheck"] = importlib.util.module_from_spec(spec)
spec.loader.exec_module(sys.modules["gradcheck"])
from gradcheck.survey.worker import main
main()
"""
STUCK = 180.0
"""A pair that has given no answer after so many seconds beyond its time is given up, and its worker replaced. Its time
is that of the processor, of which a busy machine gives a worker a tenth."""


@dataclass
class Survey:
    """What was found in one library.

    Attributes
    ----------
    library : str
    versions : list of str
    results : list of dict
        One for each pair: name, verdict, points, compared, sharpness, …; the worst first.
    problems : dict
        Families that could not be built, with the error.
    seconds : float
    """

    library: str
    versions: list[str] = field(default_factory=list)
    results: list[dict[str, Any]] = field(default_factory=list)
    problems: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0

    def count(self, verdict: str) -> int:
        """How many pairs have this verdict."""
        return sum(r["verdict"] == verdict for r in self.results)

    @property
    def summary(self) -> str:
        """One line of counts."""
        kinds = ("right", "wrong", "undecided", "no gradient", "not run")
        counts = ", ".join(f"{self.count(k)} {k}" for k in kinds if self.count(k))
        return f"{self.library}: {len(self.results)} derivatives in {self.seconds:.0f} s: {counts or 'none'}"


class _Worker:
    """One process under the chosen Python."""

    def __init__(self, library: str, python: str, seed: int, seconds: float) -> None:
        # One thread each: the workers share the processors.
        quiet = {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}
        self.process = subprocess.Popen(
            [python, "-c", BOOT.format(check=str(CHECK))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env={**os.environ, **quiet},
        )
        self.last_words: list[str] = []
        threading.Thread(target=self._listen, daemon=True).start()
        self.send({"library": library, "seed": seed, "seconds": seconds})

    def _listen(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.last_words = [*self.last_words[-4:], line.rstrip()]

    def send(self, what: Any) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(what) + "\n")
        self.process.stdin.flush()

    def answer(self, within: float) -> dict[str, Any] | None:
        """The next line, or None if the process has ended or taken too long (and been ended)."""
        assert self.process.stdout is not None
        timer = threading.Timer(within, self.process.kill)
        timer.start()
        try:
            line = self.process.stdout.readline()
        finally:
            timer.cancel()
        return json.loads(line) if line.endswith("\n") else None

    def close(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def survey(
    library: str,
    *,
    only: Sequence[str] = (),
    jobs: int = 2,
    python: str = sys.executable,
    seed: int = 0,
    seconds: float = 5.0,
    progress: Callable[[str, int, int], None] = lambda name, done, total: None,
) -> Survey:
    """Judge all pairs of one library.

    Parameters
    ----------
    library
        A file of ``autograd/check/libraries``.
    only
        Patterns of names, such as ``"stats.*.cdf"``; none means all.
    jobs
        So many processes.
    python
        The interpreter that has the library; it needs NumPy, and not this package.
    seed
        Chooses the points.
    seconds
        No further point for a pair after so many seconds.
    progress
        Called with (name, done, in all) after each pair.

    Raises
    ------
    RuntimeError
        If a worker cannot start.
    """
    started = time.perf_counter()
    out = Survey(library)
    todo: queue.SimpleQueue[str] = queue.SimpleQueue()
    ready, lock = threading.Event(), threading.Lock()
    total = 0
    failure: list[str] = []

    def announce(worker: _Worker) -> bool:
        nonlocal total
        first = worker.answer(600.0)
        with lock:
            if first is None:
                failure.append("\n".join(worker.last_words) or "the worker ended without a word")
            elif not ready.is_set():
                chosen = [n for n in first["names"] if not only or any(fnmatch.fnmatch(n, p) for p in only)]
                out.versions, out.problems, total = first["versions"], first["problems"], len(chosen)
                for name in chosen:
                    todo.put(name)
            ready.set()
        return first is not None

    def work() -> None:
        worker = _Worker(library, python, seed, seconds)
        if not announce(worker):
            return
        while True:
            try:
                name = todo.get_nowait()
            except queue.Empty:
                break
            worker.send(name)
            result = worker.answer(seconds + STUCK)
            if result is None:
                words = worker.last_words[-1:] or [f"no answer within {seconds + STUCK:.0f} s"]
                result = {"name": name, "verdict": "not run", "message": f"the worker ended: {words[0]}"}
                worker.close()
                worker = _Worker(library, python, seed, seconds)
                if not announce(worker):
                    return
            with lock:
                out.results.append(result)
                progress(name, len(out.results), total)
        worker.close()

    threads = [threading.Thread(target=work) for _ in range(jobs)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    if failure and not out.versions:
        raise RuntimeError(f"the worker for {library} could not start under {python}:\n{failure[0]}")
    order = ("wrong", "not run", "undecided", "no gradient", "right")
    out.results.sort(key=lambda r: (order.index(r["verdict"]), r["name"]))
    out.seconds = time.perf_counter() - started
    return out


def as_json(surveys: Sequence[Survey]) -> str:
    """Everything found, for machines."""
    return json.dumps([s.__dict__ for s in surveys], indent=1)


def read_baseline(path: str) -> dict[str, dict[str, str]]:
    """The known errors of a file ``{library: {name: why}}``.

    Raises
    ------
    ValueError
        If the file holds something else.
    """
    known = json.loads(Path(path).read_text(encoding="utf-8"))
    if not isinstance(known, dict) or not all(isinstance(v, dict) for v in known.values()):
        raise ValueError(f"{path} is no baseline: expected {{library: {{name: why it is known}}}}")
    return known


def baseline_of(surveys: Sequence[Survey]) -> str:
    """A baseline in which everything that is wrong now is known."""
    known = {
        s.library: {r["name"]: r.get("cause") or r["message"] for r in s.results if r["verdict"] == "wrong"}
        for s in surveys
    }
    return json.dumps({library: errors for library, errors in known.items() if errors}, indent=1) + "\n"
