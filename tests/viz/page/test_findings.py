"""What is wrong here: the list beside the picture, whose entries go to their nodes."""

from __future__ import annotations

from pathlib import Path

import numpy as np

import autograd
import viz
from autograd import Tensor, Value, nn
from tests.viz.page.conftest import Open, live
from tests.viz.programs import dead_units, labelled, name


def test_lists_what_findings_finds(visit: Open) -> None:
    page = visit(live("dead_units"))
    found = viz.findings(dead_units())
    assert len(found) >= 1 and f"⚠ {len(found)}" in page.read("[data-tab=find]")
    page.click("[data-tab=find]")
    assert page.read("#panel-find h3") == "What is wrong here?"
    told = page.tab.locator(".findings li").all_inner_texts()
    assert told == [one.text for one in found] and any("units" in text and "%" in text for text in told)


def test_an_entry_goes_to_its_node(visit: Open) -> None:
    page = visit(live("reaches_nan"))
    page.click("[data-tab=find]")
    page.click(".findings [data-kind='not finite'] button")
    assert "nan" in page.text(".box.selected") or "inf" in page.text(".box.selected")
    assert page.done == 2


def test_an_entry_opens_the_groups_around_its_node(visit: Open) -> None:
    net = nn.MLP(60, [10, 1], rng=0)
    for neuron in net.layers[0].neurons[:4]:
        neuron.b.data = -1000.0
    J = name(net([0.1] * 60) ** 2, "J")
    page = visit(J)
    assert page.tab.locator(".box").count() < 20
    page.click("[data-tab=find]")
    page.click(".findings [data-kind=stops] button")
    assert "relu" in page.text(".box.selected") and not page.problems


def test_variables_that_nothing_reaches_are_told_without_a_node(visit: Open) -> None:
    w, unused = labelled(w=2, unused=3)
    page = visit(viz.page(name(w * 3, "J"), names={"w": w, "unused": unused}))
    page.click("[data-tab=find]")
    entry = page.tab.locator(".findings [data-kind='not reached']")
    assert "unused is no part of J" in entry.inner_text() and entry.locator("button").count() == 0


def test_nothing_is_found_where_nothing_is_wrong(visit: Open) -> None:
    page = visit(live("three"))
    assert page.read("[data-tab=find]") == "Find"
    page.click("[data-tab=find]")
    assert "Nothing was found" in page.read("#panel-find") and page.tab.locator(".findings").count() == 0


def test_a_node_knows_its_line(visit: Open) -> None:
    a = Value(-2.0, label="a")
    with autograd.source_lines():
        h = name((a * 2).relu(), "h")
        J = name(h * 3, "J")
    page = visit(J)
    page.click(page.box("h"))
    assert Path(__file__).name in page.read(".notes")
    page.click("[data-tab=find]")
    assert Path(__file__).name in page.read(".findings")


def test_a_program_that_failed_is_drawn_as_far_as_it_came(visit: Open) -> None:
    x, w = Tensor(np.ones((4, 3)), label="x"), Tensor(np.ones((4, 2)), label="w")
    try:
        np.tanh(x) @ w
    except ValueError as error:
        page = visit(viz.page(error))
    assert "(4, 3) @ (4, 2)" in page.text(".picture") and not page.problems
    page.click("[data-tab=find]")
    assert page.tab.locator(".findings [data-kind=failed]").count() == 1
    for _ in range(4):
        page.press("ArrowLeft")
    assert not page.problems
