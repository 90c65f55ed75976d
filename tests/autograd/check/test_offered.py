"""What a report offers and shows: a test in the user's words, nothing but the report in pytest, extras by name."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import strategies as st
from scipy.optimize import rosen, rosen_der

import autograd.check as check
from autograd.check import check_for_all, vector

PROPERTY = """
import numpy as np
from hypothesis import Phase, settings

from autograd.check import given_gradients

@settings(max_examples=3, phases=[Phase.generate], database=None, deadline=None)
@given_gradients((1.0, 2.0), vjp=lambda g, x: g * 3 * x, shape=(2,))
def test_square(x):
    return x * x
"""

CONFTEST = """
def pytest_configure(config):
    if not config.pluginmanager.hasplugin("gradcheck"):
        import autograd.check.pytest_plugin as plugin

        config.pluginmanager.register(plugin, "gradcheck")
"""


def sine_vjp(g, x):
    return -g * np.cos(x)


def test_the_offered_test_keeps_the_domain_and_imports_the_functions():
    report = check_for_all(np.sin, st.floats(1.0, 2.0), vjp=sine_vjp, shape=(2,), max_examples=20)
    assert "points(floats(min_value=1.0, max_value=2.0), (2,))" in report.snippet
    assert "from hypothesis.strategies import floats" in report.snippet
    assert "import sine_vjp" in report.snippet
    public = check_for_all(rosen, vector(2), grad=lambda x: rosen_der(x) * 1.1, max_examples=20)
    assert "from scipy.optimize import rosen" in public.snippet
    named = check_for_all(np.sin, "angle", vjp=sine_vjp, max_examples=20)
    assert "points('angle'" in named.snippet and "check_vjp(sin, sine_vjp, x)" in named.snippet


def test_a_failing_property_shows_its_report_and_nothing_else(tmp_path):
    (tmp_path / "test_it.py").write_text(PROPERTY)
    (tmp_path / "conftest.py").write_text(CONFTEST)
    (tmp_path / "pytest.ini").write_text("[pytest]\n")  # no settings of folders above
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", str(tmp_path)],
        capture_output=True, text=True, cwd=Path(__file__).parents[3], timeout=120,
    )  # fmt: skip
    assert "1 failed" in done.stdout and "off by a factor of 3/2" in done.stdout, done.stdout + done.stderr
    assert "Explanation" not in done.stdout and "forall.py" not in done.stdout
    assert "@example(x=np.array([" in done.stdout


def test_a_missing_extra_is_named(monkeypatch):
    for name in [n for n in sys.modules if n.startswith("autograd.check.forall") or n.split(".")[0] == "hypothesis"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "hypothesis", None)
    with pytest.raises(ImportError, match=r'pip install "gradgraph\[check\]"'):
        check.__getattr__("check_for_all")
