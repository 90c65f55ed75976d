"""Whole libraries: the registry's words, the worker, the report, the command line."""

import json
import sys

import numpy as np
import pytest

from autograd.check.__main__ import main
from autograd.check.survey import page, registry
from autograd.check.survey.pair import gradient, jacobian, slope
from autograd.check.survey.run import survey
from autograd.check.survey.worker import examine


def test_the_verdicts_of_one_pair():
    assert examine(slope("sin", np.sin, np.cos))["verdict"] == "right"
    found = examine(slope("sin", np.sin, lambda x: np.cos(x) * np.where(x > 1, 2.0, 1), (-3, 3)))
    assert found["verdict"] == "wrong" and found["cause"] == "off by a factor of 2"
    assert len(found["at"]) == 1 and 1 < float(found["at"][0]) <= 3  # one number, with few digits
    assert len(found["curve"]["at"]) == len(found["curve"]["claimed"]) > 30
    assert examine(gradient("cube", lambda x: np.sum(x**3), lambda x: 3 * x**2, (1, 2)))["verdict"] == "right"
    assert examine(slope("log", np.log, lambda x: 1 / x, (-2, -1)))["verdict"] == "not run"


def test_a_survey_by_workers():
    s = survey("numpy", only=["polynomial.*"])
    assert s.count("right") == len(s.results) == 12 and "numpy" in s.versions[0]
    assert s.summary.startswith("numpy: 12 derivatives")
    with pytest.raises(RuntimeError, match="no registry"):
        survey("nothing")


def test_a_part_of_scipys():
    pytest.importorskip("scipy")
    s = survey("scipy", only=["interpolate.*", "optimize.*", "stats.norm.*", "special.?vp*"])
    assert s.count("right") == len(s.results) > 70, s.summary
    assert not s.problems


def test_names_are_unique_and_registries_import_nothing_early():
    before = set(sys.modules)
    for name in registry.names():
        assert registry.families(name)
    assert not {"torch", "mygrad", "statsmodels"} & (set(sys.modules) - before)
    with pytest.raises(ValueError, match="there are"):
        registry.families("nothing")


def test_the_command_line_and_its_files(tmp_path, monkeypatch, capsys):
    bad = [jacobian("bad", np.sin, lambda x: np.cos(x) + 0.1, (0.1, 1))]
    html, found, baseline = (tmp_path / name for name in ("r.html", "r.json", "b.json"))
    files = ["--html", str(html), "--json", str(found), "--write-baseline", str(baseline)]
    assert main(["--library", "numpy", "--only", "poly1d*", "--quiet", *files]) == 0
    assert json.loads(found.read_text())[0]["results"][0]["verdict"] == "right"
    text = html.read_text()
    assert "<svg" in text and "poly1d.deriv" in text and "http" not in text  # stands alone
    assert json.loads(baseline.read_text()) == {}
    assert main(["--library", "nothing", "--quiet"]) == 2
    assert "no registry" in capsys.readouterr().err

    import autograd.check.survey.run as run

    wrong = run.Survey("numpy", ["numpy"], [examine(p) for p in bad], {}, 0.1)
    monkeypatch.setattr(run, "survey", lambda *args, **more: wrong)
    assert main(["--library", "numpy", "--quiet", "--write-baseline", str(baseline)]) == 1
    assert "print(load('numpy')['bad'].check(" in capsys.readouterr().out
    assert main(["--library", "numpy", "--quiet", "--baseline", str(baseline)]) == 0
    assert "wrong (known)" in capsys.readouterr().out
    assert "claimed and measured slope" in page.page([wrong])
