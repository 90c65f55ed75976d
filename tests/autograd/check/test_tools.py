"""The pytest plugin and the command line."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from autograd.check import GradientError
from autograd.check.__main__ import load, main, shape_of
from autograd.check.domains import parse, vector
from autograd.check.pytest_plugin import GradCheck

MODULE = """
import numpy as np

def f(x):
    return np.sum(np.sin(x) * x)

def right(g, x):
    return g * (np.sin(x) + x * np.cos(x))

def wrong(g, x):
    return g * (np.sin(x) - x * np.cos(x))
"""

TESTS = """
import numpy as np

def test_right(gradcheck):
    assert gradcheck(np.sin, lambda g, x: g * np.cos(x), np.array([1.0, 2.0]))
    gradcheck(lambda a: a.tanh(), 0.3)
    gradcheck.for_all(np.sin, vjp=lambda g, x: g * np.cos(x), max_examples=20)

def test_wrong(gradcheck):
    gradcheck(np.sin, lambda g, x: -g * np.cos(x), np.array([1.0, 2.0]))
"""

# Where the package is installed, pytest has found the plugin by itself.
CONFTEST = """
def pytest_configure(config):
    if not config.pluginmanager.hasplugin("gradcheck"):
        import autograd.check.pytest_plugin as plugin

        config.pluginmanager.register(plugin, "gradcheck")
"""


def test_the_fixture_in_a_run_of_pytest(tmp_path):
    (tmp_path / "test_it.py").write_text(TESTS)
    (tmp_path / "conftest.py").write_text(CONFTEST)
    (tmp_path / "pytest.ini").write_text("[pytest]\n")  # no settings of folders above
    root = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", str(tmp_path)],
        capture_output=True, text=True, cwd=root, timeout=120,
    )  # fmt: skip
    assert "1 failed, 1 passed" in done.stdout, done.stdout + done.stderr
    for words in ("the sign is wrong", "claimed", "numeric ± error", "bars apart", "input 0[", "seed="):
        assert words in done.stdout


def test_the_fixture_refuses_what_it_cannot_judge():
    check = GradCheck()
    rng = np.random.default_rng(0)
    with pytest.raises(GradientError, match="not deterministic"):
        check(lambda x: x + rng.normal(), lambda g, x: g * 1.0, np.ones(2))
    assert check(np.sin, np.array([1.0]), vjp=lambda g, x: g * np.cos(x)).verdict == "right"


@pytest.fixture
def module(tmp_path, monkeypatch):
    name = "module_with_gradients"
    (tmp_path / f"{name}.py").write_text(MODULE)
    monkeypatch.syspath_prepend(str(tmp_path))
    yield name
    sys.modules.pop(name, None)


def test_exit_statuses(module, capsys):
    few = ["--max-examples", "30", "--quiet"]
    assert main([f"{module}:f", "--domain", "-3:3", *few]) == 0
    assert "right" in capsys.readouterr().out
    assert main([f"{module}:f", "--vjp", f"{module}:right", "--shape", "2,2", *few]) == 0
    assert main([f"{module}:f", "--vjp", f"{module}:wrong", *few]) == 1
    assert "reproduce" in capsys.readouterr().out
    assert main([f"{module}:nothing"]) == 2
    assert "has no 'nothing'" in capsys.readouterr().err
    assert main([f"{module}:f", "--domain", "3:1", *few]) == 2
    assert "empty" in capsys.readouterr().err
    assert main(["module_with_gradients", "--domain", "real"]) == 2


def test_no_progress_bar_where_nobody_watches(module, tmp_path):
    root = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, "-m", "autograd.check", f"{module}:f", "--domain", "-1:1", "--max-examples", "20"],
        capture_output=True, text=True, cwd=tmp_path, timeout=120, env={"PYTHONPATH": f"{root}:{tmp_path}", "PATH": ""},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""


def test_words_of_the_command_line():
    assert parse("-1:2.5") == (-1.0, 2.5) and parse("positive") == "positive"
    assert parse("vector(5, -2, 2)") == vector(5, -2, 2) and parse("spd(3)").shape == (3, 3)
    with pytest.raises(ValueError, match="no domain"):
        parse("vector(x)")
    assert shape_of("3,2") == (3, 2) and shape_of("scalar") == ()
    assert load("numpy:linalg.det") is np.linalg.det
    with pytest.raises(ValueError, match="no shape"):
        shape_of("x")
    with pytest.raises(ValueError, match="no function"):
        load("numpy:pi")
