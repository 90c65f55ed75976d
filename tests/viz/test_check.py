"""The picture of a checked gradient marks the first operation whose own derivative is wrong."""

import numpy as np
import pytest

import viz
from autograd.check import check_for_all, check_gradient, check_vjp
from autograd.rules import RULES


def program(x):
    return np.exp(np.tanh(np.sin(x * 2)))


def test_the_wrong_operation_is_marked(monkeypatch, tmp_path):
    rule = RULES["sin"]
    right = rule.vjp
    monkeypatch.setattr(rule, "vjp", lambda *args: [1.01 * c for c in right(*args)])
    monkeypatch.setattr(rule, "pull_arrays", None)
    picture = viz.draw_check(check_gradient(program, np.array([1.0, 2.0])))
    assert picture.first_wrong.name == "sin" and picture.title.endswith("wrong at sin")
    marked = [line for line in picture.source.splitlines() if "peripheries=2" in line]
    assert len(marked) == 1 and "sin" in marked[0] and "claimed" in marked[0]
    assert picture.source.count("not judged") == 2
    assert "<svg" in picture.svg
    assert picture.save(tmp_path / "check.svg").exists()


def test_a_right_program_has_no_mark():
    picture = viz.draw_check(check_gradient(program, np.array([1.0, 2.0])))
    assert picture.first_wrong is None and "peripheries" not in picture.source
    assert picture.text.count("right") >= 4


def test_a_pair_has_no_graph():
    with pytest.raises(TypeError, match="check_gradient"):
        viz.draw_check(check_vjp(np.sin, lambda g, x: g * np.cos(x), np.ones(2)))


def test_the_map_of_a_domain():
    bad = lambda g, x: g * np.cos(x) * np.where(x > 1, 2, 1)  # noqa: E731
    picture = viz.draw_check(check_for_all(np.sin, (-3, 3), vjp=bad, shape=(), seed=0))
    assert "shape=diamond" in picture.source and "shape=circle" in picture.source
    assert picture.title.endswith("wrong") and "values from" in picture.text
    assert "<svg" in picture.svg
