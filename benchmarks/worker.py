"""One contender in its own interpreter: reads a request a line, in JSON, and answers with a line each.

Run as a script, so that the folder of the benchmarks, and not the repository with its own package `autograd`, is what
the interpreter finds first: HIPS autograd has the same import name.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import sys
import time
from typing import Any

from harness import WORKS, Task


def flat(numbers: Any) -> list[float]:
    """The numbers of an array or a list of any package, as a flat list of floats."""
    import numpy

    return [float(number) for number in numpy.asarray(numbers, dtype=float).ravel()]


class Worker:
    def __init__(self, module: str, work: str, contender: str) -> None:
        importlib.import_module(f"works.{module}")
        self.work = WORKS[work]
        self.task: Task | None = None
        self.prepare = self.work.contenders[contender].prepare
        self.calls = 1

    def prepared(self) -> Task:
        if self.task is None:
            self.task = self.prepare()
        return self.task

    def numbers(self) -> dict[str, list[float]]:
        return {name: flat(group) for name, group in self.prepared().numbers().items()}

    def time_own_thread(self) -> None:
        """Count the time that this thread has had a processor, whatever clock the work names."""
        self.work.clock = time.thread_time

    def calibrate(self, seconds: float) -> int:
        """Choose how many calls make one sample: as many as take about `seconds`."""
        if (
            "time" in self.work.quantities and self.time() < 20 * seconds
        ):  # the first call may compile or load something
            while self.time() * self.calls < seconds / 2:
                self.calls *= 2
        return self.calls

    def time(self) -> float:
        """Seconds for one call of the step."""
        step, calls, clock = self.prepared().step, range(self.calls), self.work.clock
        gc.collect()
        if not self.work.collector:
            gc.disable()
        start = clock()
        for _ in calls:
            step()
        seconds = clock() - start
        gc.enable()
        return seconds / self.calls

    def sample(self) -> dict[str, float]:
        if "time" in self.work.quantities:
            if self.calls > 1:
                self.prepared().step()  # wakes what slept while the others took their turns
            return {"time": self.time()}
        measured: dict[str, float] = self.prepared().step()
        return measured


def main(module: str, work: str, contender: str) -> None:
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what a package prints must not stand between the answers
    if hasattr(os, "sched_setaffinity"):  # JAX takes a thread for every processor that it may use
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: max(2, int(os.environ["OMP_NUM_THREADS"]))])
    worker = Worker(module, work, contender)
    for line in sys.stdin:
        command, arguments = json.loads(line)
        try:
            answer = {"value": getattr(worker, command)(**arguments)}
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}".splitlines()[0]}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
