"""What an exercise is, how a sheet of them is printed, and how a file of answers is judged.

An exercise is a function that is given the answer and raises `Wrong` with what is wrong about it. Its name is the name
that the answer has in the file of answers, its docstring the task; `@exercise` may be told the code to start from:

>>> @exercise()
... def six(answer):
...     "What is 2 · 3?"
...     is_number(answer, 6, {5: "that is the sum"})
>>> print(six.sheet("1.1"))
# 1.1 six
# What is 2 · 3?
six = ...
>>> [six.verdict({"six": answer}) for answer in (6, 5, 4, ..., "6")]  # doctest: +NORMALIZE_WHITESPACE
['right', 'wrong: 5 is not it: that is the sum', 'wrong: 4 is not it', 'not answered yet',
 "wrong: a number is asked for, not '6'"]
"""

from __future__ import annotations

import inspect
import textwrap
import traceback
from dataclasses import dataclass
from fractions import Fraction
from importlib import import_module
from pathlib import Path
from typing import Any, Callable, Mapping

import numpy as np

from autograd.check import Entry, Report, check_vjp
from autograd.check.verdicts import Kind, Verdict

HERE = Path(__file__).parent
IMPORT = "import numpy as np"


class Wrong(Exception):
    """An answer is wrong; the message says in what, not what would be right."""


@dataclass(frozen=True)
class Exercise:
    """One task."""

    name: str
    task: str
    start: str
    check: Callable[[Any], None]

    def sheet(self, number: str) -> str:
        """The task as comments, then the code to start from."""
        told = textwrap.indent(f"{number} {self.name}\n{self.task}", "# ", lambda line: True)
        return told.replace("# \n", "#\n") + f"\n{self.start}"

    def verdict(self, answers: Mapping[str, Any]) -> str:
        """ "right", "not answered yet", or "wrong: …"."""
        answer = answers.get(self.name, ...)
        if self.is_start(answer):
            return "not answered yet"
        try:
            self.check(answer)
        except Wrong as wrong:
            return f"wrong: {wrong}"
        except Exception as error:
            file = answers.get("__file__")
            lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == file]
            where = f" (line {lines[-1]} of {Path(str(file)).name})" if lines else ""
            return f"wrong: {type(error).__name__}: {error}{where}"
        return "right"

    def is_start(self, answer: Any) -> bool:
        """Whether an answer is what it was to start from."""
        start: dict[str, Any] = {}
        exec(compile(f"{IMPORT}\n{self.start}", "start", "exec", dont_inherit=True), start)
        codes = [getattr(thing, "__code__", None) for thing in (answer, start[self.name])]
        if None in codes:
            return codes == [None, None] and type(answer) is type(start[self.name]) and answer == start[self.name]
        first, second = ((code.co_code, code.co_consts, code.co_names) for code in codes)
        return first == second


def exercise(start: str = "") -> Callable[[Callable[[Any], None]], Exercise]:
    """Make an exercise of a function that checks the answer; `start` is "name = ..." by default."""

    def of(check: Callable[[Any], None]) -> Exercise:
        name = check.__name__
        task = inspect.cleandoc(check.__doc__ or "")
        return Exercise(name, task, textwrap.dedent(start).strip() or f"{name} = ...", check)

    return of


def is_number(answer: Any, right: Any, hints: Mapping[float, str] | None = None) -> None:
    """An answer that is a number, right to three digits, a whole one (an int) exactly.

    Hints are for wrong numbers that are often given.
    """
    if isinstance(answer, (bool, str)) or not np.isscalar(answer):
        raise Wrong(f"a number is asked for, not {answer!r}")
    if not np.isclose(answer, right, rtol=1e-9 if isinstance(right, int) else 2e-3, atol=1e-12):
        hint = [text for number, text in (hints or {}).items() if np.isclose(answer, number, rtol=2e-3)]
        raise Wrong(f"{answer} is not it" + "".join(f": {text}" for text in hint))


def is_array(answer: Any, right: Any, what: str) -> None:
    """An answer that is an array, or a list or a tuple of numbers; `what` says what it is called."""
    try:
        found = np.asarray(answer, float)
    except (TypeError, ValueError):
        raise Wrong(f"{what} should be an array of numbers, and is {answer!r}") from None
    if found.shape != np.shape(right):
        raise Wrong(f"{what} has shape {found.shape}, and {np.shape(right)} is needed")
    apart = ~(np.abs(found - right) <= 1e-7 + 1e-6 * np.abs(right))  # a nan is close to nothing
    if np.any(apart):
        place = ", ".join(map(str, np.argwhere(apart)[0]))
        raise Wrong(f"{what} is wrong" + (f" at [{place}]: {found[apart][0]:.6g}" if place else f": {found:.6g}"))


FINDINGS = {
    "shape": "a gradient does not have the shape of its input",
    "dtype": "a gradient does not have the type of its input",
    "raises": "the backward pass raises an error",
    "no gradient": "the backward pass has no gradient",
    "not linear": "it is not linear in g",
    "not deterministic": "called twice, it gives two different gradients",
    "changes its input": "it changes its input",
    "changes the cotangent": "it changes g",
    "shares memory": "its gradients share memory with each other or with the inputs",
    "shared buffer": "a later call changes what an earlier one returned",
    "stale cache": "it remembers an earlier call",
    "layout": "with the same numbers laid out otherwise in memory it gives another gradient",
}
"""What the checker finds beside wrong numbers, by its word for it."""
PLACES = {
    Kind.KINK: "at a kink of the function",
    Kind.JUMP: "at a jump of the function",
    Kind.ONE_SIDED: "at the edge of the function's domain",
    Kind.VERTICAL: "at a vertical tangent of the function",
}


def is_vjp(f: Callable[..., Any], vjp: Callable[..., Any], *xs: Any) -> None:
    """An answer that is the backward pass of `f`: ``vjp(g, *xs)``, measured at the point `xs`."""
    report = check_vjp(f, vjp, *xs, seed=0).renamed(list(inspect.signature(f).parameters))
    if not report:
        raise Wrong("; ".join(told(report)))


def told(report: Report) -> list[str]:
    """What the checker found, by the fields of its report: the first breach, the worst derivative, the likely cause."""
    said, worst = [f"{FINDINGS.get(one.kind, one.kind)} ({one.message})" for one in report.findings[:1]], report.worst
    if worst is not None and worst.verdict != Verdict.RIGHT:
        if worst.verdict == Verdict.WRONG:
            said.append(f"the derivative with respect to {worst.name} is wrong")
        else:
            said.append(f"the derivative with respect to {worst.name} cannot be judged")
        if worst.kind in PLACES:
            said.append(PLACES[worst.kind])
        said.append(f"yours {worst.claimed:.4g}, measured {worst.numeric:.4g}")
    cause = in_common([one for one in report.entries if one.verdict == Verdict.WRONG])
    if cause or report.cause:
        said.append(cause or f"likely cause: {report.cause}")
    return said


def in_common(entries: list[Entry]) -> str:
    """What wrong derivatives have in common, if that is simple."""
    if not entries:
        return ""
    claimed, numeric = np.array([(one.claimed, one.numeric) for one in entries]).T
    if not claimed.any():
        return "likely cause: the gradient is 0 where it should not be"
    largest = np.argmax(np.abs(numeric))
    if not np.isfinite(claimed).all() or not numeric[largest]:
        return ""
    factor = Fraction(claimed[largest] / numeric[largest]).limit_denominator(12)
    if not factor or not np.allclose(claimed, float(factor) * numeric, rtol=1e-5, atol=1e-8):
        return ""
    return "likely cause: the sign is wrong" if factor == -1 else f"likely cause: off by a factor of {factor}"


def chapters() -> list[str]:
    """The chapters that have exercises."""
    return [str(int(path.stem[2:])) for path in sorted(HERE.glob("ex[0-9][0-9].py"))]


def exercises(chapter: str) -> dict[str, Exercise]:
    """The exercises of a chapter by their numbers."""
    module = import_module(f".ex{int(chapter):02}", __package__)
    found = [thing for thing in vars(module).values() if isinstance(thing, Exercise)]
    return {f"{chapter}.{k}": one for k, one in enumerate(found, start=1)}


def sheet(chapter: str) -> str:
    """The exercises of a chapter as a Python file to fill in."""
    head = (
        f"# Exercises of chapter {chapter}. Write this into a file, replace the dots or what is wrong, and judge it:\n"
        f"# python -m examples --exercises {chapter} my_answers.py"
    )
    tasks = [one.sheet(number) for number, one in exercises(chapter).items()]
    return "\n\n\n".join([head, IMPORT, *tasks])


def judge(chapter: str, answers: Mapping[str, Any]) -> tuple[str, bool]:
    """A verdict for each exercise, one to a line; and whether all answers are right."""
    asked = exercises(chapter)
    verdicts = {number: one.verdict(answers) for number, one in asked.items()}
    width = max(len(one.name) for one in asked.values())
    lines = [f"{number:<5} {asked[number].name:<{width}}  {verdict}" for number, verdict in verdicts.items()]
    right = list(verdicts.values()).count("right")
    return "\n".join([*lines, f"{right} of {len(asked)} right"]), right == len(asked)
