"""``python -m viz``: what it prints and writes, and each thing that can go wrong."""

from __future__ import annotations

import math
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from viz.cli import main
from viz.language import LanguageError, functions, run

ROOT = Path(__file__).parents[2]
PROGRAM = ["u = b*c; v = a + u; J = 3*v", "a=5", "b=3", "c=2"]


@pytest.fixture(autouse=True)
def in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_the_main_job(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(PROGRAM) == 0
    out = capsys.readouterr().out
    lines = [" ".join(line.split()) for line in out.splitlines()]
    for line in (
        "u = b·c = 6",
        "v = a + u = 11",
        "J = 3·v = 33",
        "dJ/dJ = 1",
        "dJ/du = dJ/dv · ∂v/∂u = 3 · 1 = 3",
        "dJ/db = dJ/du · ∂u/∂b = 3 · 2 = 6 with ∂u/∂b = c = 2",
        "dJ/db = ∂J/∂v · ∂v/∂u · ∂u/∂b = 3 · 1 · c = 3 · 1 · 2 = 6",
        "dJ/dc = ∂J/∂v · ∂v/∂u · ∂u/∂c = 3 · 1 · b = 3 · 1 · 3 = 9",
        "dJ/da = ∂J/∂v · ∂v/∂a = 3 · 1 = 3",
        "wrote J.svg",
    ):
        assert line in lines
    assert os.listdir() == ["J.svg"]


def test_as_a_command() -> None:
    def viz(*args: str) -> subprocess.CompletedProcess[str]:
        env = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
        return subprocess.run([sys.executable, "-m", "viz", *args], capture_output=True, encoding="utf-8", env=env)

    done = viz(*PROGRAM, "-o", "out.txt")
    assert done.returncode == 0 and done.stderr == ""
    assert "dJ/db = ∂J/∂v · ∂v/∂u · ∂u/∂b = 3 · 1 · c = 3 · 1 · 2 = 6" in Path("out.txt").read_text(encoding="utf-8")
    wrong = viz("J = a +")
    assert wrong.returncode == 2 and wrong.stdout == "" and wrong.stderr.count("\n") == 1


@pytest.mark.parametrize("file", ["x.svg", "x.png", "x.pdf", "x.dot", "x.html", "x.txt"])
def test_output(file: str) -> None:
    assert main([*PROGRAM, "-o", file]) == 0
    assert os.listdir() == [file]


def test_one_chain(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*PROGRAM, "--of", "b", "-o", "J.dot"]) == 0
    out = capsys.readouterr().out
    assert "dJ/db = ∂J/∂v" in out and "dJ/dc = ∂J/∂v" not in out
    assert "penwidth=2.5" in Path("J.dot").read_text(encoding="utf-8")


def test_one_pass(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*PROGRAM, "--forward", "-o", "f.dot"]) == 0
    assert "∂" not in capsys.readouterr().out + Path("f.dot").read_text(encoding="utf-8")
    assert main([*PROGRAM, "--backward", "-o", "b.dot"]) == 0
    assert "Forward" not in capsys.readouterr().out
    assert "class=forward" not in Path("b.dot").read_text(encoding="utf-8")


def test_latex_and_format(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["J = a/3", "a=1", "--latex", "--format", ".2f"]) == 0
    out = capsys.readouterr().out
    assert r"J &= \frac{a}{3} = 0.33 \\" in out and r"\frac{\mathrm{d} J}{\mathrm{d} a} &=" in out
    assert "dJ/da = ∂J/∂a = 0.33" in out


def test_every_input_has_its_chain_printed_however_many(capsys: pytest.CaptureFixture[str]) -> None:
    names = [f"x{i}" for i in range(9)]
    assert main(["J = " + "*".join(names), *(f"{n}=2" for n in names)]) == 0
    out = capsys.readouterr().out
    assert all(f"dJ/d{n} = ∂J" in out for n in names)


def test_an_expression_without_a_name_is_J() -> None:
    assert main(["3*(a + b)", "a=1", "b=2"]) == 0
    assert os.listdir() == ["J.svg"]


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        ([], "nothing to draw"),
        ([""], "nothing to draw"),
        ([" ; "], "syntax error"),
        (["J = a + d", "a=1"], "no value for 'd' at column 9 (J = a + ^d): add d=<number>"),
        (["J = alpha + alpa", "alpha=1"], "did you mean 'alpha'?"),
        (["J = sinn(a)", "a=1"], "unknown function 'sinn' at column 5 (J = ^sinn(a)): did you mean 'sin'?"),
        (["J = open('x')"], "unknown function 'open'"),
        (["J = a +", "a=1"], "syntax error at column 8 (J = a +^)"),
        (["J = (a", "a=1"], "column 5 (J = ^(a): '(' was never closed"),
        (["J = a ^ 2", "a=1"], "for powers write **"),
        (["J = a % 2", "a=1"], "operator % is not part of the language"),
        (["J = a.b", "a=1"], "an attribute (x.y) is not part of the language at column 5 (J = ^a.b)"),
        (["J = a[0]", "a=1"], "a subscript (x[i])"),
        (["import os"], "import is not part of the language"),
        (["from os import *"], "import is not part of the language"),
        (["J = __import__('os').system('ls')"], "only functions of the table can be called"),
        (["J = (lambda: 1)()"], "only functions of the table can be called"),
        (["J = [a]", "a=1"], "a list outside"),
        (["J = a < 2", "a=1"], "a comparison"),
        (["J = a if a else 2", "a=1"], "if … else"),
        (["J = 'x'"], "'x' is not a real number"),
        (["J = 2j"], "2j is not a real number"),
        (["J = True"], "True is not a real number"),
        (["J = sin(a, a)", "a=1"], "sin takes 1 argument, not 2"),
        (["J = leaky_relu()"], "leaky_relu takes 1 or 2 arguments, not 0"),
        (["J = sin(x=1)"], "takes no named arguments"),
        (["J = sin"], "sin is a function"),
        (["J = dot([a], [a, a])", "a=1"], "dot takes two lists of one length"),
        (["J = sum()"], "sum takes one or more numbers"),
        (["J, K = 1, 2"], "cannot assign to this"),
        (["J.x = 1"], "cannot assign to this"),
        (["a + 1; J = a", "a=1"], "the result of this is not used"),
        (["x = 1\nJ = x + q"], "line 2, column 9 (J = x + ^q)"),
        (["J = 가 + 나", "가=1"], "no value for '나' at column 9 (J = 가 + ^나)"),
        (["J = a", "a=x"], "a=^x: 'x' is not a number"),
        (["J = a", "a="], "'' is not a number"),
        (["J = a", "a"], "'a' after the expression: write name=number"),
        (["J = a", "a=1", "a=2"], "a has a value already, 1"),
        (["J = a", "a=1", "b=2"], "the expression does not use b (it has a)"),
        (["u = a; J = u", "a=1", "u=2"], "the expression does not use u"),
        (["J = " + "-" * 20000 + "a", "a=1"], "nested too deeply"),
        ([*PROGRAM, "-o", "J.tiff"], "unknown format '.tiff'; use one of .svg, .png, .pdf, .dot, .html, .txt"),
        ([*PROGRAM, "-o", "J"], "unknown format 'J'"),
        ([*PROGRAM, "-o", "no/J.svg"], "there is no folder no"),
        ([*PROGRAM, "--of", "q"], "q is not in the graph of J, which has a, b, c, u"),
        ([*PROGRAM, "--of", "J.b"], "J.b is not in the graph"),
        ([*PROGRAM, "--format", "q4"], "'q4' is no format for numbers"),
        ([*PROGRAM, "--seconds", "0"], "--seconds must be positive"),
        ([*PROGRAM, "--seconds", "x"], "invalid float value: 'x'"),
        ([*PROGRAM, "--forward", "--backward"], "not allowed with argument --forward"),
        ([*PROGRAM, "--nope"], "unrecognized arguments: --nope"),
        (["no.py:J"], "there is no script no.py"),
        (["program.py"], "program.py: which variable? write program.py:name"),
    ],
)  # fmt: skip
def test_errors(argv: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(argv) == 2
    out, err = capsys.readouterr()
    assert said in err and err.startswith("error: ") and err.count("\n") == 1 and len(err) < 300
    assert out == "" and os.listdir() == []


def test_an_unwritable_folder(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkdir("locked")
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    assert main([*PROGRAM, "-o", "locked/J.svg"]) == 2
    assert "is not writable; choose another with -o" in capsys.readouterr().err
    os.mkdir("folder.svg")
    assert main([*PROGRAM, "-o", "folder.svg"]) == 2
    assert "it is a folder" in capsys.readouterr().err


def test_a_disk_that_fills_up(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*paths: object) -> None:
        raise OSError(28, "No space left on device", "J.svg")

    monkeypatch.setattr(os, "replace", fail)
    assert main(PROGRAM) == 2
    assert capsys.readouterr().err == "error: J.svg: No space left on device\n" and os.listdir() == []


def test_without_graphviz_the_text_is_the_drawing(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    monkeypatch.setenv("PATH", "")
    assert main(PROGRAM) == 0
    out, err = capsys.readouterr()
    assert "dJ/db = ∂J/∂v · ∂v/∂u · ∂u/∂b = 3 · 1 · c = 3 · 1 · 2 = 6" in out and "wrote" not in out
    assert err.startswith("no picture: no Graphviz here; for pictures: python -m pip install") and err.count("\n") == 1
    assert main([*PROGRAM, "-o", "J.svg"]) == 2
    assert capsys.readouterr().err.startswith("error: no Graphviz here")
    assert main([*PROGRAM, "-o", "J.txt"]) == 0 and os.listdir() == ["J.txt"]


def test_help_names_every_function_and_says_that_scripts_run(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    words = capsys.readouterr().out
    assert all(name in words.replace(",", " ").split() or f"{name}(" in words for name in functions())
    assert "RUNS the script" in words and "--of" in words


# --- scripts ------------------------------------------------------------------------------------------------


def write(text: str) -> None:
    Path("program.py").write_text(text, encoding="utf-8")


def test_a_variable_of_a_script(capsys: pytest.CaptureFixture[str]) -> None:
    write("from autograd import Value, tanh\nx = Value(0.5)\nw = [Value(1.0)]\nloss = tanh(w[0] * x)\n")
    assert main(["program.py:loss"]) == 0
    assert "dloss/dw[0] = ∂loss/∂v1 · ∂v1/∂w[0] = (1 − loss²) · x = 0.7864 · 0.5 = 0.3932" in capsys.readouterr().out
    assert sorted(os.listdir()) == ["loss.svg", "program.py"]


def test_an_array_of_a_script(capsys: pytest.CaptureFixture[str]) -> None:
    write("import numpy as np\nfrom autograd import Tensor\nx = Tensor([1.0, 2.0])\nL = np.sum(x * x)\ny = x * 2\n")
    assert main(["program.py:L"]) == 0
    out = capsys.readouterr().out
    assert "dL/dx = ∂L/∂v1 · ∂v1/∂x⁽¹⁾ + ∂L/∂v1 · ∂v1/∂x⁽²⁾ = [2, 4]" in out and "np.sum(v1)" in out
    assert main(["program.py:y", "--forward", "-o", "y.txt"]) == 0
    assert Path("y.txt").read_text(encoding="utf-8").split() == "Forward x = [1, 2] y = x·2 = [2, 4]".split()


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("x = 1 / 0", "program.py:1: ZeroDivisionError: division by zero"),
        ("x = (", "program.py:1: SyntaxError"),
        ("from autograd import Value\ny = Value(1)", "program.py has no variable x; it has y"),
        ("x = 3", "program.py has a int, not a Value or Tensor, as x; it has no Value and no Tensor"),
        ("raise SystemExit(3)", "program.py left with exit status 3"),
        ("import nothing_of_this_name", "program.py:1: ModuleNotFoundError"),
    ],
)
def test_scripts_that_fail(script: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    write(script)
    assert main(["program.py:x"]) == 2
    err = capsys.readouterr().err
    assert said in err and err.count("\n") == 1
    assert os.listdir() == ["program.py"]


def test_a_script_takes_no_values(capsys: pytest.CaptureFixture[str]) -> None:
    write("x = 1")
    assert main(["program.py:x", "a=1"]) == 2
    assert "a script has its own values" in capsys.readouterr().err


# --- the language ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("J = -a**2 + +b", 2 - 9.0), ("J = 2**-a", 0.125), ("J = a/0", float("inf")), ("J = (a - b)*a / b", 1.5),
        ("J = max(a, b, 7) + min(a, b)", 9.0), ("J = sum(a, b, 1)", 6.0), ("J = sum([a, b])", 5.0),
        ("J = dot([a, b], [b, a], 1)", 13.0), ("J = dot((a,), (b,))", 6.0), ("J = abs(-a) + sqrt(4)", 5.0),
        ("a += 1; J = a", 4.0), ("J = leaky_relu(-a) + leaky_relu(-b, 0.5)", -1.03), ("J = pi - pi + a", 3.0),
        ("u = a\n\nJ = u * b; J", 6.0), ("J = 1e400 * a", float("inf")), ("J = pow(a, b)", 9.0),
    ],
)  # fmt: skip
def test_the_language(text: str, expected: float) -> None:
    J, _ = run(text, {"a": 3, "b": 2} if re.search(r"\bb\b", text) else {"a": 3})
    assert J.data == pytest.approx(expected, rel=1e-12)


def test_every_function_of_the_table_can_be_called() -> None:
    for name, function in functions().items():
        arity = len(getattr(function, "partials", ())) or 2
        call = f"{name}([a], [a])" if name == "dot" else f"{name}({', '.join(['a'] * arity)})"
        J, _ = run(f"J = {call}", {"a": 0.5})
        J.backward()
        assert J.label == "J"


def test_no_statement_is_executed() -> None:
    with pytest.raises(LanguageError):
        run("J = ().__class__.__bases__[0].__subclasses__()", {})
    with pytest.raises(LanguageError):
        run("[x for x in (1, 2)]", {})
    with pytest.raises(LanguageError):
        run("def f(): pass", {})


def test_a_name_alone_is_a_program() -> None:
    J, variables = run("pi", {})
    assert J.data == math.pi and variables == {"J": J}
    assert run("a", {"a": 2})[0].data == 2
