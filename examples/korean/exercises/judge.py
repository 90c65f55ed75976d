# Made from examples/exercises/judge.py by python -m docs.korean.
"""연습 문제가 무엇이며, 문제지를 어떻게 출력하고, 답안 파일을 어떻게 채점하는가.

연습 문제는 답을 받아, 틀린 점이 있으면 `Wrong`을 일으키는 함수이다. 함수의 이름은 답안 파일에서 답의 이름이고, 독스트링은 문제이다.
`@exercise`에는 처음에 주어지는 코드를 넘길 수 있다:

>>> @exercise()
... def six(answer):
...     "2 · 3은 얼마인가?"
...     is_number(answer, 6, {5: "그것은 합이다"})
>>> print(six.sheet("1.1"))
# 1.1 six
# 2 · 3은 얼마인가?
six = ...
>>> [six.verdict({"six": answer}) for answer in (6, 5, 4, ..., "6")]  # doctest: +NORMALIZE_WHITESPACE
['맞음', '틀림: 5은(는) 답이 아니다: 그것은 합이다', '틀림: 4은(는) 답이 아니다', '아직 답하지 않음',
 "틀림: 수로 답해야 하는데 '6'이다"]
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
    """답이 틀렸다. 메시지는 무엇이 틀렸는지 말하고, 정답은 말하지 않는다."""


@dataclass(frozen=True)
class Exercise:
    """문제 하나."""

    name: str
    task: str
    start: str
    check: Callable[[Any], None]

    def sheet(self, number: str) -> str:
        """주석으로 쓴 문제, 그다음 처음에 주어지는 코드."""
        told = textwrap.indent(f"{number} {self.name}\n{self.task}", "# ", lambda line: True)
        return told.replace("# \n", "#\n") + f"\n{self.start}"

    def verdict(self, answers: Mapping[str, Any]) -> str:
        """"맞음", "아직 답하지 않음" 또는 "틀림: …"."""
        answer = answers.get(self.name, ...)
        if self.is_start(answer):
            return "아직 답하지 않음"
        try:
            self.check(answer)
        except Wrong as wrong:
            return f"틀림: {wrong}"
        except Exception as error:
            file = answers.get("__file__")
            lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == file]
            where = f" ({Path(str(file)).name}의 {lines[-1]}행)" if lines else ""
            return f"틀림: {type(error).__name__}: {error}{where}"
        return "맞음"

    def is_start(self, answer: Any) -> bool:
        """답이 처음에 주어진 것 그대로인가."""
        start: dict[str, Any] = {}
        exec(compile(f"{IMPORT}\n{self.start}", "start", "exec", dont_inherit=True), start)
        codes = [getattr(thing, "__code__", None) for thing in (answer, start[self.name])]
        if None in codes:
            return codes == [None, None] and type(answer) is type(start[self.name]) and answer == start[self.name]
        first, second = ((code.co_code, code.co_consts, code.co_names) for code in codes)
        return first == second


def exercise(start: str = "") -> Callable[[Callable[[Any], None]], Exercise]:
    """답을 검사하는 함수로 연습 문제를 만든다. `start`의 기본값은 "이름 = ..."이다."""

    def of(check: Callable[[Any], None]) -> Exercise:
        name = check.__name__
        task = inspect.cleandoc(check.__doc__ or "")
        return Exercise(name, task, textwrap.dedent(start).strip() or f"{name} = ...", check)

    return of


def is_number(answer: Any, right: Any, hints: Mapping[float, str] | None = None) -> None:
    """수로 된 답: 세 자리까지 맞아야 하고, 정수이면 정확히 맞아야 한다.

    힌트는 자주 나오는 틀린 수에 대한 것이다.
    """
    if isinstance(answer, (bool, str)) or not np.isscalar(answer):
        raise Wrong(f"수로 답해야 하는데 {answer!r}이다")
    if not np.isclose(answer, right, rtol=1e-9 if isinstance(right, int) else 2e-3, atol=1e-12):
        hint = [text for number, text in (hints or {}).items() if np.isclose(answer, number, rtol=2e-3)]
        raise Wrong(f"{answer}은(는) 답이 아니다" + "".join(f": {text}" for text in hint))


def is_array(answer: Any, right: Any, what: str) -> None:
    """배열, 또는 수의 리스트나 튜플로 된 답. `what`은 그 이름이다."""
    try:
        found = np.asarray(answer, float)
    except (TypeError, ValueError):
        raise Wrong(f"{what}: 수의 배열이어야 하는데 {answer!r}이다") from None
    if found.shape != np.shape(right):
        raise Wrong(f"{what}: 모양이 {found.shape}인데 {np.shape(right)}이어야 한다")
    apart = ~(np.abs(found - right) <= 1e-7 + 1e-6 * np.abs(right))  # nan은 무엇과도 가깝지 않다
    if np.any(apart):
        place = ", ".join(map(str, np.argwhere(apart)[0]))
        raise Wrong(f"{what}: 틀렸다" + (f" [{place}]에서: {found[apart][0]:.6g}" if place else f": {found:.6g}"))


FINDINGS = {
    "shape": "그래디언트의 모양이 입력의 모양과 다르다",
    "dtype": "그래디언트의 자료형이 입력의 자료형과 다르다",
    "raises": "역전파가 오류를 일으킨다",
    "no gradient": "역전파에 그래디언트가 없다",
    "not linear": "g에 대해 선형이 아니다",
    "not deterministic": "두 번 부르면 서로 다른 그래디언트를 낸다",
    "changes its input": "입력을 바꾼다",
    "changes the cotangent": "g를 바꾼다",
    "shares memory": "그래디언트끼리, 또는 입력과 메모리를 함께 쓴다",
    "shared buffer": "나중의 호출이 앞의 호출이 돌려준 것을 바꾼다",
    "stale cache": "앞의 호출을 기억한다",
    "layout": "같은 수라도 메모리에 다르게 놓이면 다른 그래디언트를 낸다",
}
"""틀린 수 말고 검사기가 찾아내는 것, 검사기의 이름마다."""
PLACES = {
    Kind.KINK: "함수가 꺾이는 점에서",
    Kind.JUMP: "함수가 뛰는 점에서",
    Kind.ONE_SIDED: "함수의 정의역 끝에서",
    Kind.VERTICAL: "함수의 접선이 수직인 점에서",
}


def is_vjp(f: Callable[..., Any], vjp: Callable[..., Any], *xs: Any) -> None:
    """`f`의 역전파인 답: 점 `xs`에서 잰 ``vjp(g, *xs)``."""
    report = check_vjp(f, vjp, *xs, seed=0).renamed(list(inspect.signature(f).parameters))
    if not report:
        raise Wrong("; ".join(told(report)))


def told(report: Report) -> list[str]:
    """검사기가 찾은 것, 그 보고서의 필드에 따라: 첫 번째 위반, 가장 틀린 도함수, 그럴듯한 원인."""
    said, worst = [f"{FINDINGS.get(one.kind, one.kind)} ({one.message})" for one in report.findings[:1]], report.worst
    if worst is not None and worst.verdict != Verdict.RIGHT:
        if worst.verdict == Verdict.WRONG:
            said.append(f"{worst.name}에 대한 도함수가 틀렸다")
        else:
            said.append(f"{worst.name}에 대한 도함수는 판정할 수 없다")
        if worst.kind in PLACES:
            said.append(PLACES[worst.kind])
        said.append(f"답 {worst.claimed:.4g}, 잰 값 {worst.numeric:.4g}")
    cause = in_common([one for one in report.entries if one.verdict == Verdict.WRONG])
    if cause or report.cause:
        said.append(cause or f"그럴듯한 원인(검사기의 말): {report.cause}")
    return said


def in_common(entries: list[Entry]) -> str:
    """틀린 도함수들의 공통점, 그것이 간단할 때."""
    if not entries:
        return ""
    claimed, numeric = np.array([(one.claimed, one.numeric) for one in entries]).T
    if not claimed.any():
        return "그럴듯한 원인: 0이 아니어야 할 그래디언트가 0이다"
    largest = np.argmax(np.abs(numeric))
    if not np.isfinite(claimed).all() or not numeric[largest]:
        return ""
    factor = Fraction(claimed[largest] / numeric[largest]).limit_denominator(12)
    if not factor or not np.allclose(claimed, float(factor) * numeric, rtol=1e-5, atol=1e-8):
        return ""
    return "그럴듯한 원인: 부호가 틀렸다" if factor == -1 else f"그럴듯한 원인: 맞는 값의 {factor}배이다"


def chapters() -> list[str]:
    """연습 문제가 있는 장."""
    return [str(int(path.stem[2:])) for path in sorted(HERE.glob("ex[0-9][0-9].py"))]


def exercises(chapter: str) -> dict[str, Exercise]:
    """한 장의 연습 문제, 번호마다."""
    module = import_module(f".ex{int(chapter):02}", __package__)
    found = [thing for thing in vars(module).values() if isinstance(thing, Exercise)]
    return {f"{chapter}.{k}": one for k, one in enumerate(found, start=1)}


def sheet(chapter: str) -> str:
    """채워 넣을 파이썬 파일로 된, 한 장의 연습 문제."""
    head = (
        f"# {chapter}장 연습 문제. 이것을 파일에 쓰고, 점(...)이나 틀린 곳을 고친 다음 채점한다:\n"
        f"# python -m examples --exercises {chapter} --korean my_answers.py"
    )
    tasks = [one.sheet(number) for number, one in exercises(chapter).items()]
    return "\n\n\n".join([head, IMPORT, *tasks])


def judge(chapter: str, answers: Mapping[str, Any]) -> tuple[str, bool]:
    """문제마다 한 줄씩의 판정, 그리고 모든 답이 맞는지."""
    asked = exercises(chapter)
    verdicts = {number: one.verdict(answers) for number, one in asked.items()}
    width = max(len(one.name) for one in asked.values())
    lines = [f"{number:<5} {asked[number].name:<{width}}  {verdict}" for number, verdict in verdicts.items()]
    right = list(verdicts.values()).count("맞음")
    return "\n".join([*lines, f"{len(asked)}개 중 {right}개 맞음"]), right == len(asked)
