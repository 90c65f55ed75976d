"""Changing inputs: everything follows, curve, check and descent say what they should, what is unknown is grey."""

from __future__ import annotations

import math
import re
from typing import Any, Iterator

import numpy as np
import pytest

from autograd import Elementwise, Tensor, Value, maximum, register, relu
from autograd.rules.table import RULES
from tests.viz.page.conftest import Open, live
from tests.viz.programs import labelled, name


def product() -> Value:
    """J = a·b + a."""
    a, b = labelled(a=2, b=3)
    return name(a * b + a, "J")


def bowl() -> Value:
    """J = (x − 1)² + 4·(y + 2)²."""
    x, y = labelled(x=3, y=1)
    return name((x - 1) ** 2 + 4 * (y + 2) ** 2, "J")


def test_a_number_and_everything_follows(visit: Open) -> None:
    page = visit(product())
    field = "input[aria-label='Value of b']"
    page.tab.fill(field, "2.5")
    page.tab.press(field, "Enter")
    assert "J = v1 + a" in page.text(page.box("J")) and page.text(page.box("J")).count("7") == 1
    assert "dJ/da = 3.5" in page.text(page.box("a"))
    assert "∂v1/∂a = b = 2.5" in page.text(".picture")
    page.click("text=As recorded")
    assert "dJ/da = 4" in page.text(page.box("a"))


def test_a_slider_moves_everything(visit: Open) -> None:
    page = visit(live("three"))
    page.tab.locator("input[type=range][aria-label='Slider of b']").fill("-1")
    assert "dJ/dc = −3" in page.text(page.box("c")) and page.read("aside").count("dJ/dc = −3") == 1


def test_words_are_no_numbers(visit: Open) -> None:
    page = visit(product())
    field = "input[aria-label='Value of b']"
    page.tab.fill(field, "three")
    page.tab.press(field, "Enter")
    assert page.tab.input_value(field) == "3"


def test_leaving_a_domain_shows_where(visit: Open) -> None:
    (x,) = labelled(x=2)
    page = visit(name((x - 1).log() * 2, "J"))
    page.run("() => live.opened.page.change(0, 0.5)")
    assert "v2 = log(v1) = log(−0.5) = nan is the first that is not finite. (outside the domain)" in page.read(".trace")
    assert "outside the domain" in page.text(page.box("v2"))
    page.click(".trace .remark button")
    assert "selected" in page.tab.locator(page.box("v2")).get_attribute("class")
    page.click("text=As recorded")
    assert "finite" not in page.read(".trace")


@pytest.mark.parametrize(
    ("program", "at", "said"),
    [
        (lambda a, b: relu(a), 0, ["0 on the left", "1 on the right", "counts as 0"]),
        (lambda a, b: abs(a), 0, ["−1 on the left", "1 on the right", "counts as 0"]),
        (lambda a, b: maximum(a, b), 3, ["0 on the left", "1 on the right", "counts as 0.5"]),
    ],
)
def test_a_kink_says_which_convention_it_uses(visit: Open, program: Any, at: float, said: list[str]) -> None:
    a, b = labelled(a=2, b=3)
    page = visit(name(program(a, b) + 0 * b, "J"))
    page.click(page.box("a"))
    assert "kink" not in page.read(".trace")
    page.run("x => live.opened.page.change(live.opened.page.graph.names.indexOf('a'), x)", at)
    assert all(part in page.read(".trace") for part in said), page.read(".trace")


def test_a_smooth_function_has_no_kink(visit: Open) -> None:
    (a,) = labelled(a=2)
    page = visit(name(a**2 + a.softplus() + a.elu(1.0) + a.sigmoid(), "J"))
    page.click(page.box("a"))
    page.run("() => live.opened.page.change(0, 0)")
    assert "kink" not in page.read(".trace")


@pytest.fixture
def own() -> Iterator[Any]:
    rule = Elementwise("tripled", lambda x: 3 * x, lambda x: 3 * x, lambda y, x: 3)
    register(rule)
    yield rule
    del RULES["tripled"]


def test_an_operation_without_javascript_keeps_its_value_and_says_so(visit: Open, own: Any) -> None:
    a, b = labelled(a=2, b=5)
    page = visit(name(name(own(a), "t") * b + name(b * b, "s"), "J"))
    assert "dJ/da = 15" in page.text(page.box("a"))
    page.run("() => live.opened.page.change(live.opened.page.graph.names.indexOf('b'), 4)")
    # What does not depend on it is computed, and so is what only uses what it gave.
    assert "= 4" in page.text(page.box("b")) and "16" in page.text(page.box("s")) and "40" in page.text(page.box("J"))
    page.run("() => live.opened.page.change(live.opened.page.graph.names.indexOf('a'), 3)")
    classes = {x: page.tab.locator(page.box(x)).get_attribute("class") for x in "tsJa"}
    assert "lost-value" in classes["t"] and "lost-value" in classes["J"] and "lost-value" not in classes["s"]
    assert "lost-slope" in classes["a"]
    assert "give its rule javascript=" in page.read(".trace")
    page.click("[data-tab=curve]")
    assert "cannot be computed here" in page.read("#panel-curve")


def test_a_rule_of_ones_own_with_javascript(visit: Open) -> None:
    rule = Elementwise("cubed", lambda x: x * x * x, lambda x: x**3, lambda y, x: 3 * x * x, javascript="a * a * a")
    register(rule)
    try:
        page = visit(name(rule(Value(2, label="a")), "J"))
    finally:
        del RULES["cubed"]
    page.run("() => live.opened.page.change(0, 3)")
    assert "27" in page.text(page.box("J")) and "dJ/da = 27" in page.text(page.box("a"))


def test_tangent_and_check(visit: Open) -> None:
    page = visit(live("three"))
    page.click("[data-tab=curve]")
    page.choose("select[aria-label=Along]", "b")
    assert "dJ/db = 6" in page.read("#panel-curve")
    assert page.tab.locator(".plot .curve.tangent").count() == 1
    assert "They agree." in page.read("#panel-curve")


@pytest.mark.parametrize("program", ["three", "neuron", "logistic_regression", "long_chain", "network"])
def test_difference_is_as_exact_as_it_says(visit: Open, program: str) -> None:
    page = visit(live(program))
    page.click("[data-tab=curve]")
    labels = page.run("() => live.opened.page.graph.knobs.map((i) => live.opened.page.graph.names[i])")
    for label in labels:
        page.tab.select_option("select[aria-label=Along]", label=label)
        text = page.read("#panel-curve")
        assert "They agree." in text, (label, text)
        number, error, gradient = (
            float(x.replace("−", "-")) for x in re.search(r"difference (\S+) ± (\S+); gradient (\S+)\.", text).groups()
        )
        assert abs(number - gradient) <= 20 * error + 1e-9 * abs(gradient)


def test_difference_and_gradient_differ_at_a_kink(visit: Open) -> None:
    a, b = labelled(a=0, b=1)
    page = visit(name(relu(a) * b, "J"))
    page.click("[data-tab=curve]")
    assert "They differ" in page.read("#panel-curve")


def test_where_a_derivative_is_zero(visit: Open) -> None:
    (x,) = labelled(x=0.5)
    page = visit(name(x**3 - 3 * x, "J"))
    page.click(page.box("x"))
    page.click("text=Where is it 0?")
    found = page.tab.locator("#panel-curve button.link").all_inner_texts()
    assert found == ["x = −1", "x = 1"]
    page.click("#panel-curve button.link")
    assert "dJ/dx = 0" in page.text(page.box("x"))


def test_a_pole_is_no_zero(visit: Open) -> None:
    (x,) = labelled(x=0.5)
    page = visit(name(1 / x, "J"))
    page.click("[data-tab=curve]")
    assert page.tab.locator("#panel-curve button.link").count() == 0


def test_descends(visit: Open) -> None:
    page = visit(bowl())
    page.click("[data-tab=descend]")
    page.click("#panel-descend >> text=Step >> nth=-1")
    page.click("#panel-descend button >> text=Run")
    page.until("live.opened.page.descent.history.length > 60")
    page.click("#panel-descend button >> text=Stop")
    values = page.run("() => [...live.opened.page.graph.values].slice(0, 2)")
    assert values == pytest.approx([1, -2], abs=1e-4)
    assert page.tab.locator("#panel-descend svg.plot").count() == 2
    assert "diverges" not in page.read("#panel-descend")


def test_descends_on_what_is_chosen(visit: Open) -> None:
    page = visit(bowl())
    page.click("[data-tab=descend]")
    page.tab.get_by_label("y", exact=True).uncheck()
    page.click("#panel-descend button >> text=/^Step$/")
    assert page.run("() => [...live.opened.page.graph.values].slice(0, 2)") == pytest.approx([2.6, 1])


def test_too_large_a_step_is_seen_to_diverge(visit: Open) -> None:
    page = visit(bowl())
    page.click("[data-tab=descend]")
    page.tab.fill("input[aria-label='Step size']", "0.3")
    page.click("#panel-descend button >> text=Run")
    page.until("document.querySelector('#panel-descend').textContent.includes('It diverges')")
    page.until("live.opened.page.descent.timer === 0")
    assert page.run("() => Math.abs(live.opened.page.graph.values[1])") > 10 and not page.problems


def test_arrays_say_why_they_cannot_be_changed(visit: Open) -> None:
    page = visit(name(np.sum(np.abs(np.fft.fft(Tensor([1.0, 3.0], label="x")))), "L"))
    for tab in ("inputs", "curve", "descend"):
        page.click(f"[data-tab={tab}]")
        told = page.read(f"#panel-{tab}")
        assert "whole arrays" in told and "it computes with complex numbers" in told
    assert not page.problems


def test_infinity_and_nan_do_no_harm(visit: Open) -> None:
    page = visit(live("neuron"))
    for x in ("Infinity", "-Infinity", "1e308", "NaN"):
        page.run("x => live.opened.page.change(0, Number(x))", x)
        for tab in ("curve", "descend", "find", "inputs"):
            page.click(f"[data-tab={tab}]")
    assert not page.problems and math.isnan(page.run("() => live.opened.page.graph.values[0]"))
