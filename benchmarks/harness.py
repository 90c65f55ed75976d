"""Times the same work done by several packages, each in its own process, by turns.

A `Work` is one task with one function per contender. Before anything is timed, the contenders' numbers (loss,
gradients) must agree with the reference's. Then every round takes one sample of each contender, A B C A B C …, so
that a busy moment of the machine hits all of them; a ratio is the median over the rounds of the ratio within one
round.
"""

from __future__ import annotations

import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
WORKS: dict[str, Work] = {}


@dataclass(frozen=True)
class Task:
    """What a contender's function returns: the step to time, and its numbers for the comparison.

    `step()` is timed as a whole; if the work names `quantities`, it returns them measured by itself instead.
    `numbers()` is called once, first, and returns named groups of numbers, such as the loss and each gradient.
    """

    step: Callable[[], Any]
    numbers: Callable[[], dict[str, Any]] = dict


@dataclass(frozen=True)
class Contender:
    name: str
    peer: str  # whose interpreter runs it, a key of `environments.PEERS`, or "ours", "pure" or "numpy"
    prepare: Callable[[], Task]


@dataclass(frozen=True)
class Goal:
    """`contender` shall need at most `factor` times what `versus` needs; without `versus`, at most `factor` itself."""

    contender: str
    factor: float
    versus: str | None = None
    quantity: str = "time"


@dataclass
class Work:
    """One task for several contenders; the first one is the reference for numbers and ratios."""

    name: str
    title: str
    goals: list[Goal] = field(default_factory=list)
    tolerance: float = 1e-9  # of a group's largest difference, relative to its largest number
    quantities: dict[str, str] = field(default_factory=lambda: {"time": "s"})  # what is measured, in which unit
    fresh: bool = False  # a new process for every sample, as peaks of memory need
    rounds: int | None = None
    clock: Callable[[], float] = time.perf_counter  # `thread_time` for what runs in one thread: others disturb it least
    collector: bool = True  # whether the garbage collector is on, as it is for users
    published: Callable[[], dict[str, list[float]]] | None = None  # numbers to hold everyone to, instead of the first's
    contenders: dict[str, Contender] = field(default_factory=dict)

    def __post_init__(self) -> None:
        WORKS[self.name] = self

    def contender(self, name: str, peer: str) -> Callable[[Callable[[], Task]], Callable[[], Task]]:
        """Register the decorated function as a contender that runs in the interpreter of `peer`."""

        def register(prepare: Callable[[], Task]) -> Callable[[], Task]:
            self.contenders[name] = Contender(name, peer, prepare)
            return prepare

        return register


class ContenderError(Exception):
    """A contender could not do its work; the message is the last line of its traceback."""


class Process:
    """A contender at work in its own interpreter; one of ours with the package that stands in `tree`."""

    def __init__(
        self,
        module: str,
        work: Work,
        contender: Contender,
        python: str,
        threads: int,
        limit: float = 300.0,
        tree: Path = HERE.parent,
    ) -> None:
        environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
        environment |= dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), str(threads))
        if threads == 1:
            environment["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false"
        environment["JAX_PLATFORMS"] = "cpu"
        if contender.peer in ("ours", "pure"):
            environment["PYTHONPATH"] = str(tree)
            environment["GRADGRAPH_PURE"] = str(int(contender.peer == "pure"))
        self.limit = limit
        self.errors = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen(
            [python, str(HERE / "worker.py"), module, work.name, contender.name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.errors,
            text=True,
            env=environment,
        )

    def request(self, command: str, **arguments: float) -> Any:
        assert self.process.stdin is not None and self.process.stdout is not None
        timer = threading.Timer(self.limit, self.process.kill)
        timer.start()
        try:
            self.process.stdin.write(json.dumps([command, arguments]) + "\n")
            self.process.stdin.flush()
            line = self.process.stdout.readline()
        except BrokenPipeError:
            line = ""
        finally:
            timer.cancel()
        if not line:
            self.process.wait()
            self.errors.seek(0)
            last = (self.errors.read().strip().splitlines() or [f"no answer within {self.limit:g} s"])[-1]
            raise ContenderError(f"exit status {self.process.returncode}: {last}")
        answer = json.loads(line)
        if "error" in answer:
            raise ContenderError(answer["error"])
        return answer["value"]

    def close(self) -> None:
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()
        self.errors.close()


def disagreement(numbers: dict[str, list[float]], reference: dict[str, list[float]], tolerance: float) -> str | None:
    """Say where `numbers` differ from `reference` by more than `tolerance` times the group's largest number."""
    if numbers.keys() != reference.keys():
        return f"gives {sorted(numbers)}, the reference {sorted(reference)}"
    for name, wanted in reference.items():
        found = numbers[name]
        if len(found) != len(wanted):
            return f"{name} has {len(found)} numbers, the reference {len(wanted)}"
        scale = max((abs(number) for number in wanted), default=0.0)
        worst = max((abs(a - b) for a, b in zip(found, wanted)), default=0.0)
        if not worst <= tolerance * scale:  # also catches nan
            return f"{name} differs by {worst:.3g} where the largest number is {scale:.3g}"
    return None


@dataclass
class Result:
    """The samples of a work, and the contenders that took no part, with the reason."""

    work: Work
    samples: dict[str, list[dict[str, float]]]
    absent: dict[str, str]

    def median(self, contender: str, quantity: str) -> float:
        return statistics.median(sample[quantity] for sample in self.samples[contender])

    def ratio(self, contender: str, versus: str, quantity: str) -> float:
        """The median over the rounds of the two contenders' ratio within one round; nan where that divides by 0."""
        pairs = zip(self.samples[contender], self.samples[versus])
        return statistics.median(a[quantity] / b[quantity] if b[quantity] else float("nan") for a, b in pairs)


def measure(module: str, work: Work, pythons: dict[str, str], rounds: int, seconds: float, threads: int) -> Result:
    """Compare the contenders' numbers, then take one sample of each per round."""
    absent: dict[str, str] = {}
    processes: dict[str, Process] = {}
    reference = work.published() if work.published else None
    try:
        for contender in work.contenders.values():
            process = Process(module, work, contender, pythons[contender.peer], threads)
            processes[contender.name] = process
            try:
                numbers = process.request("numbers")
                if reference is None:
                    reference = numbers
                elif trouble := disagreement(numbers, reference, work.tolerance):
                    raise ContenderError(f"WRONG NUMBERS: {trouble}")
                if not work.fresh:
                    process.request("calibrate", seconds=seconds)
            except ContenderError as error:
                absent[contender.name] = str(error)
                processes.pop(contender.name).close()
        samples: dict[str, list[dict[str, float]]] = {name: [] for name in processes}
        for _ in range(work.rounds or rounds):
            for name, process in list(processes.items()):
                if work.fresh:
                    process.close()
                    contender = work.contenders[name]
                    process = processes[name] = Process(module, work, contender, pythons[contender.peer], threads)
                time.sleep(0.1)  # the threads of the last sample's matrix library spin for a while before they sleep
                try:
                    samples[name].append(process.request("sample"))
                except ContenderError as error:
                    absent[name] = str(error)
                    processes.pop(name).close()
                    del samples[name]
    finally:
        for process in processes.values():
            process.close()
    return Result(work, samples, absent)


PREFIXES = ((1.0, ""), (1e-3, "m"), (1e-6, "µ"), (1e-9, "n"))
MULTIPLES = ((1e9, "G"), (1e6, "M"), (1e3, "k"), (1.0, ""))


def show(number: float, unit: str) -> str:
    """Print a number with its unit: ``show(3.7e-5, "s")`` is ``37 µs``."""
    steps = PREFIXES if unit.startswith("s") else MULTIPLES
    factor, prefix = next((step for step in steps if abs(number) >= step[0]), steps[-1])
    return f"{number / factor:.3g} {prefix}{unit}".rstrip()


def table(result: Result) -> Iterator[str]:
    """The result as a Markdown table, a line per contender and quantity, then the goals."""
    work = result.work
    reference = next(iter(result.samples), None)
    yield f"### {work.title}"
    yield ""
    yield f"`{work.name}`" + (f", ratios to {reference}" if reference else "")
    yield ""
    yield "| contender | quantity | median | ratio |"
    yield "|---|---|---:|---:|"
    for name in work.contenders:
        if name in result.absent:
            yield f"| {name} | – | {result.absent[name]} | – |"
            continue
        for quantity, unit in work.quantities.items():
            ratio = result.ratio(name, reference, quantity) if reference else float("nan")
            ratio_text = "–" if math.isnan(ratio) else f"{ratio:.3g}"
            yield f"| {name} | {quantity} | {show(result.median(name, quantity), unit)} | {ratio_text} |"
    yield ""
    for goal in work.goals:
        if goal.contender not in result.samples or (goal.versus and goal.versus not in result.samples):
            yield f"- {goal.contender}: not measured"
            continue
        if goal.versus:
            reached = result.ratio(goal.contender, goal.versus, goal.quantity)
            text = f"{goal.contender} / {goal.versus}, {goal.quantity}: {reached:.3g}, goal ≤ {goal.factor:.3g}"
        else:
            reached, unit = result.median(goal.contender, goal.quantity), work.quantities[goal.quantity]
            text = f"{goal.contender}, {goal.quantity}: {show(reached, unit)}, goal ≤ {show(goal.factor, unit)}"
        yield f"- {text}: {'reached' if reached <= goal.factor else 'MISSED'}"
    yield ""


def failures(result: Result) -> bool:
    """Whether a contender gave wrong numbers."""
    return any(reason.startswith("WRONG NUMBERS") for reason in result.absent.values())


def note(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
