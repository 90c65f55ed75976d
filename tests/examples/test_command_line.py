"""The command lines: of all examples together, of one file of the course, and of a program."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from examples.__main__ import OTHERS, found, main
from examples.course import ex01_parameter
from examples.programs import minimise, pictures
from examples.shared.command_line import run, run_program
from examples.shared.common import NoFont, plt, progress, save

ROOT = Path(__file__).resolve().parents[2]


def refused(capsys: pytest.CaptureFixture[str]) -> str:
    """What was said by a command that stopped, which has to be one line."""
    said = capsys.readouterr()
    assert said.out == "" and said.err.count("\n") == 1, said
    return said.err


def test_all_examples_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    listed = capsys.readouterr().out
    assert [line.split()[0] for line in listed.splitlines()[: len(found())]] == list(found())
    assert all(f"  {name}: " in listed for name in OTHERS)
    assert {path.stem for path in (ROOT / "examples" / "programs").glob("*.py")} - set(OTHERS) == {"examples"}


def test_unknown_names_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["18"])
    assert "no example '18'" in refused(capsys)


@pytest.mark.parametrize("flag", ["--quik", "--quic", "-x"])
def test_unknown_flags_are_refused_everywhere(flag: str, capsys: pytest.CaptureFixture[str]) -> None:
    for stopped in (
        lambda: main(["1", flag]),
        lambda: main(["minimise", flag]),
        lambda: run(ex01_parameter.main, [flag]),
        lambda: run_program(pictures.main, [flag]),
        lambda: run_program(minimise.main, [flag]),
    ):
        with pytest.raises(SystemExit, match="2"):
            stopped()
        assert f"unrecognized arguments: {flag}" in refused(capsys)


def test_a_folder_that_cannot_be_is_refused_before_anything_runs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    folder = str(tmp_path / "file" / "pictures")
    for stopped in (
        lambda: main(["1", "--out", folder]),
        lambda: main(["moons", "--out", folder]),
        lambda: run(ex01_parameter.main, ["--out", folder]),
        lambda: run_program(pictures.main, [folder]),
    ):
        with pytest.raises(SystemExit, match="2"):
            stopped()
        assert "no pictures can be written to" in refused(capsys)


@pytest.mark.parametrize("command", [["examples", "1"], ["examples.course.ex01_parameter"]])
def test_one_example_runs(command: list[str], tmp_path: Path) -> None:
    arguments = [sys.executable, "-m", *command, "--quick", "--out", str(tmp_path / "new")]
    ran = subprocess.run(arguments, cwd=ROOT, capture_output=True, timeout=60, encoding="utf-8")
    assert ran.returncode == 0, ran.stderr
    assert "0.3667" in ran.stdout and (tmp_path / "new" / "01_parameter.png").exists()


def test_progress_gives_what_it_is_given(capsys: pytest.CaptureFixture[str]) -> None:
    assert list(progress(range(3), "counting")) == [0, 1, 2]
    assert capsys.readouterr().err == ""  # no terminal, no bar


def test_progress_shows_a_bar_below_what_is_printed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    monkeypatch.setattr("tqdm.std.time", iter(range(1000)).__next__)
    for number in progress(range(3), "counting"):
        print(number)
    said = capsys.readouterr()
    assert said.out == "0\n1\n2\n" and "counting:  67%" in said.err


def test_a_letter_without_a_font_is_no_box(tmp_path: Path) -> None:
    figure, axis = plt.subplots()
    axis.set_title("\N{YI SYLLABLE BIT}")
    with pytest.raises(NoFont, match="fonts-nanum"):
        save(figure, tmp_path, "boxes")
    plt.close(figure)
