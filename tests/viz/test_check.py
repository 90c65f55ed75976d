"""The picture of a checked gradient marks the first operation whose own derivative is wrong."""

import re

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


@pytest.mark.parametrize("factor, order", [(1.0, 2), (1.1, 1)])
def test_a_pair_at_one_point_shows_the_order_of_its_taylor_remainder(factor, order):
    report = check_vjp(np.exp, lambda g, x: factor * g * np.exp(x), np.array([0.5, 1.5]), seed=0)
    picture = viz.draw_check(report)
    assert f"h^{order}.0" in picture.title or f"h^{order - 1}.9" in picture.title
    assert picture.source.count(f"shape={'circle' if order == 2 else 'diamond'}") == len(picture.points) > 5
    # The marks of the largest steps lie along the line of their order.
    (x0, y0), (x1, y1) = picture.points[2], picture.points[4]
    assert (y0 - y1) / (x0 - x1) == pytest.approx(order, abs=0.2)
    assert "order 1" in picture.source and "<svg" in picture.svg and "remainder" in picture.text


@pytest.mark.parametrize(
    "f, vjp, at, told",
    [
        (lambda x: 0 * np.sum(x) + 1.0, lambda g, x: 0 * x, [0.3, 0.7], "Nothing is left of f at any step"),
        (lambda x: np.sum(x**2), lambda g, x: np.nan * x, [1.0, 2.0], "What is left of f is not finite"),
        (lambda x: np.sum(1e300 * x**2), lambda g, x: g * 2e300 * x, [1.0, 2.0], "order 2"),
        (lambda x: np.sum(1e-300 * x**2), lambda g, x: g * 2e-300 * x, [1.0, 2.0], "order 2"),
        (np.sin, lambda g, x: g * np.cos(x), 0.5, "order 2"),
        (lambda x: np.sum(x**2), lambda g, x: g * 2 * x, [0.0, 0.0], "order 2"),
    ],
    ids=["constant", "nan", "huge", "tiny", "scalar", "zero gradient"],
)
def test_the_taylor_picture_of_strange_functions(f, vjp, at, told):
    picture = viz.draw_check(check_vjp(f, vjp, np.asarray(at), seed=0))
    written = "".join(re.findall("<text[^>]*>([^<]*)<", picture.svg))  # signs that fonts lack stand apart
    assert told in picture.svg and "<desc>" in picture.svg and "h·⟨g, d⟩|" in written or told[0] in "NW"
    assert "e-" not in written, "one minus sign"
    # Nothing is cut at the picture's edge, and no text stands on another.
    width = float(re.search(r'<svg [^>]*?width="([\d.]+)"', picture.svg)[1])
    for x, length in re.findall(r'text-anchor="middle" x="([\d.-]+)"[^>]*textLength="([\d.]+)"', picture.svg):
        assert abs(float(x) * 2 + float(length)) <= 2 * width


def test_a_report_in_which_nothing_was_measured_cannot_be_drawn():
    with pytest.raises(TypeError, match="something was measured"):
        viz.draw_check(check_vjp(np.sin, lambda g, x: g[None], np.ones(2)))


def test_the_map_of_a_domain():
    bad = lambda g, x: g * np.cos(x) * np.where(x > 1, 2, 1)
    picture = viz.draw_check(check_for_all(np.sin, (-3, 3), vjp=bad, shape=(), seed=0))
    assert "shape=diamond" in picture.source and "shape=circle" in picture.source
    assert picture.title.endswith("wrong") and "values from" in picture.text
    assert "<svg" in picture.svg
    # The names of the rows lie inside the picture: its polygon is as wide as what is drawn.
    edge = float(re.search(r'<polygon [^>]*points="(-?[\d.]+),', picture.svg).group(1))
    assert all(float(x) >= edge for x in re.findall(r'<text [^>]*x="(-?[\d.]+)"', picture.svg))
