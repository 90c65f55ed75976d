"""Every solution is judged right, a typical wrong answer to each exercise wrong; the sheet is a file to start from."""

from __future__ import annotations

import doctest
import math
import re
import runpy
import shlex
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from examples.__main__ import found, main
from examples.exercises import judge as english
from examples.exercises.judge import chapters, exercises, sheet
from examples.korean.exercises import judge as korean
from viz.cli import main as draw

ROOT = Path(__file__).resolve().parents[2]
EACH = pytest.mark.parametrize("chapter", chapters())


LANGUAGES = pytest.mark.parametrize("judging", [english, korean], ids=["english", "korean"])


@LANGUAGES
def test_docstrings_of_the_judge(judging: Any) -> None:
    assert doctest.testmod(judging) == (0, 3)


def test_every_chapter_has_two_or_three() -> None:
    assert chapters() == [number for number in found() if number.isdigit()]
    assert all(2 <= len(exercises(chapter)) <= 3 for chapter in chapters())


@LANGUAGES
@EACH
def test_solutions_are_right(chapter: str, judging: Any) -> None:
    report, right = judging.judge(
        chapter, runpy.run_path(str(ROOT / "examples" / "solutions" / f"ex{int(chapter):02}.py"))
    )
    assert right, report


@EACH
def test_typical_wrong_answers_are_wrong(chapter: str) -> None:
    answers = runpy.run_path(str(Path(__file__).parent / "wrong_answers" / f"ex{int(chapter):02}.py"))
    for number, one in exercises(chapter).items():
        verdict = one.verdict(answers)
        assert verdict.startswith("wrong: "), f"{number} {one.name}: {verdict}"
        assert len(verdict) < 400 and "\n" not in verdict
        assert not verdict.startswith("wrong: TypeError"), verdict


@EACH
def test_korean_exercises_are_the_english_ones(chapter: str) -> None:
    answers = runpy.run_path(str(Path(__file__).parent / "wrong_answers" / f"ex{int(chapter):02}.py"))
    ours = exercises(chapter)
    for number, one in korean.exercises(chapter).items():
        assert (one.name, one.start) == (ours[number].name, ours[number].start)
        assert re.search("[가-힣]", one.task) and one.verdict(answers).startswith("틀림: ")


@LANGUAGES
def test_the_pages_that_predict_are_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, judging: Any) -> None:
    monkeypatch.chdir(tmp_path)
    commands = re.findall(r"python -m viz (.*?\.html)", "\n".join(map(judging.sheet, chapters())))
    assert len(commands) == 3
    for number, command in enumerate(commands):
        *arguments, _ = shlex.split(command)
        assert draw([*arguments, f"{number}.html"]) == 0
        assert "<script" in (tmp_path / f"{number}.html").read_text(encoding="utf-8")


@EACH
def test_the_sheet_is_a_file_with_nothing_answered(
    chapter: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--exercises", chapter]) == 0
    printed = capsys.readouterr().out
    assert printed == sheet(chapter) + "\n" and all(len(line) <= 120 for line in printed.splitlines())
    file = tmp_path / "answers.py"
    file.write_text(printed, encoding="utf-8")
    assert main(["--exercises", chapter, str(file)]) == 1
    said = capsys.readouterr().out.splitlines()
    for line, (number, one) in zip(said, exercises(chapter).items()):
        assert line.startswith(f"{number:<5} {one.name} ") and line.endswith("  not answered yet"), line
    assert said[-1] == f"0 of {len(exercises(chapter))} right"


def test_a_file_of_answers_is_judged_by_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--exercises", "6", str(ROOT / "examples" / "solutions" / "ex06.py")]) == 0
    assert "6.3   neuron_vjp  right" in capsys.readouterr().out
    file = tmp_path / "mine.py"
    file.write_text("dJ_db = 12\n\n\ndef neuron_vjp(g, w, x, b):\n    return 1 / 0\n", encoding="utf-8")
    assert main(["--exercises", "6", str(file)]) == 1
    first, second, third, count = capsys.readouterr().out.splitlines()
    assert first.endswith("wrong: 12 is not it: that is dJ/dc")
    assert main(["--exercises", "6", "--korean", str(file)]) == 1
    assert "그것은 dJ/dc이다" in capsys.readouterr().out.splitlines()[0]
    assert second.endswith("not answered yet")
    assert "ZeroDivisionError" in third
    assert count == "0 of 3 right"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--exercises", "18"], "chapter '18' has no exercises; there are 1, 2,"),
        (["--exercises", "6", "missing.py"], "missing.py cannot be run: No such file"),
        (["--exercises", "6", "one.py", "two.py"], "one file of answers at a time"),
        (["--exercises", "6", "--quick"], "--quick"),
        (["6", "--korean"], "--korean goes with --exercises"),
    ],
)
def test_what_cannot_be_judged_is_refused(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(arguments)
    error = capsys.readouterr().err
    assert said in error and error.count("\n") == 1


def test_a_wrong_gradient_is_told_by_the_names_of_the_exercise() -> None:
    (one,) = (one for one in exercises("5").values() if one.name == "layer_vjp")
    answer = {"layer_vjp": lambda g, W, A, b: (g @ A.T, -W.T @ g, g.sum(axis=1, keepdims=True))}
    verdict = one.verdict(answer)
    assert re.match(r"wrong: the derivative with respect to A\[\d, \d\] is wrong; yours \S+, measured \S+; ", verdict)
    assert verdict.endswith("likely cause: the sign of the gradient of A is wrong"), verdict


def spoilt(g: Any, x: Any) -> Any:
    x *= 2
    return 2 * g * x


@pytest.mark.parametrize(("vjp", "said", "in_korean"), [
    (lambda g, x: -2 * g * x, "likely cause: the sign is wrong", "부호가 틀렸다"),
    (lambda g, x: 6 * g * x, "likely cause: off by a factor of 3", "맞는 값의 3배이다"),
    (lambda g, x: 0 * x, "likely cause: the gradient is 0 where it should not be", "그래디언트가 0이다"),
    (lambda g, x: 2 * x, "it is not linear in g", "g에 대해 선형이 아니다"),
    (lambda g, x: 2 * g * x[:2], "does not have the shape of its input", "모양이 입력의 모양과 다르다"),
    (lambda g, x: 1 / 0, "raises an error", "오류를 일으킨다"),
    (spoilt, "it changes its input", "입력을 바꾼다"),
    (lambda g, x: np.append(2 * g * x[:-1], 0.1), "the derivative with respect to x[2] is wrong; yours 0.1, ",
     "x[2]에 대한 도함수가 틀렸다; 답 0.1, "),
])  # fmt: skip
def test_a_wrong_backward_pass_is_told_in_both_languages(vjp: Any, said: str, in_korean: str) -> None:
    x = np.array([0.5, -1.5, 2.0])
    for judging, expected in ((english, said), (korean, in_korean)):
        with pytest.raises(judging.Wrong, match=re.escape(expected)):
            judging.is_vjp(lambda x: np.sum(x * x), vjp, x)


@LANGUAGES
def test_what_cannot_be_judged_is_not_called_wrong(judging: Any) -> None:
    with pytest.raises(judging.Wrong, match="cannot be judged; at a vertical|판정할 수 없다; 함수의 접선이 수직"):
        judging.is_vjp(np.sqrt, lambda g, x: g, 0.0)


def test_a_file_that_does_not_run_says_where(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "mine.py"
    for text, said in (
        ("x = (\n", "SyntaxError"),
        ("x = 1\ny = x / 0\n", "ZeroDivisionError: division by zero (line 2)"),
    ):
        file.write_text(text, encoding="utf-8")
        with pytest.raises(SystemExit, match="2"):
            main(["--exercises", "6", str(file)])
        error = capsys.readouterr().err
        assert said in error and error.count("\n") == 1


@pytest.mark.parametrize(("chapter", "name", "answer"), [
    ("1", "adjust", lambda A, x, t, L: math.nan),
    ("2", "rule", lambda w, b, x, t: (w * math.nan, b)),
    ("4", "one_layer", lambda a, b, c, d: (math.nan, math.nan)),
    ("5", "product", [[2, 3], [4, math.nan]]),
    ("8", "descend", lambda slope, w, rate, steps: math.nan),
    ("9", "momentum", lambda w, v, slope, rate, beta: (w - (beta * v + rate * slope), beta * v + rate * slope)),
    ("9", "adagrad", lambda w, s, slope, rate: (w - rate * slope / np.hypot(s, slope), np.hypot(s, slope))),
    ("13", "parameters", 2408),
    ("17", "split", lambda count, test, seed: np.split(
        1 + np.random.default_rng(seed).permutation(count), [count - test])),
])  # fmt: skip
def test_answers_that_are_nearly_right_or_nan_are_wrong(chapter: str, name: str, answer: Any) -> None:
    (one,) = [one for one in exercises(chapter).values() if one.name == name]
    assert one.verdict({name: answer}).startswith("wrong: ")
