"""Maps of the numbers of arrays: the cells, in Python and in the page, and where they stand."""

from __future__ import annotations

import numpy as np
import pytest

import viz
from autograd import Tensor, nn
from tests.viz.page.conftest import Open, live
from tests.viz.programs import name
from viz.page.maps import COLUMNS, ROWS, maps_of

OUTSIDE = """() => live.opened.page.view.boxes.filter(({ id }) => {
  const { g, rect } = live.opened.page.picture.boxes[id], box = rect.getBoundingClientRect();
  return [...g.querySelectorAll(".heat .ground")].some((map) => {
    const m = map.getBoundingClientRect();
    return m.left < box.left || m.right > box.right || m.top < box.top || m.bottom > box.bottom;
  });
}).map(({ name }) => name)"""


def large() -> Tensor:
    x, w = Tensor(np.random.default_rng(0).normal(size=(50, 100)), label="x"), Tensor(np.eye(100), label="w")
    return name(np.sum(np.maximum(x @ w, 0.0)), "L")


def test_cells_tell_size_and_sign() -> None:
    found = maps_of({3: (np.array([[0.0, 1.0, -2.0], [4.0, np.inf, -0.01]]), np.zeros((2, 3)))})
    assert found == {"3": [2, 3, "452893", "444444"]}


def test_numbers_have_no_map_and_large_arrays_a_smaller_one() -> None:
    x = np.zeros((100, 100))
    x[57, 99], x[0, 0] = -3.0, 1.0
    (rows, columns, cells, gradient), found = maps_of({1: (x, None)})["1"], maps_of({0: (np.array(1.0), None)})
    assert (rows, columns, gradient, found) == (ROWS, COLUMNS, "", {})
    assert cells[0] == "6" and cells.count("0") == 1 and cells.count("4") == ROWS * COLUMNS - 2


def test_no_room_for_maps_of_many_arrays() -> None:
    assert 40 < len(maps_of({i: (np.zeros((100, 100)), None) for i in range(100)})) < 60


@pytest.mark.parametrize("shape", [(5,), (2, 3), (100, 7), (3, 49), (2, 3, 4), (25, 50), (60, 90)])
def test_the_page_draws_the_same_cells(visit: Open, shape: tuple[int, ...]) -> None:
    x = np.random.default_rng(1).normal(size=shape) * (np.random.default_rng(2).random(shape) > 0.2)
    page = visit(name(np.sum(Tensor(x, label="x") ** 2), "L"))
    cells = page.run("([xs, shape]) => live.mapOf(xs, shape)", [x.ravel().tolist(), shape])
    assert [cells["rows"], cells["columns"], cells["cells"]] == maps_of({0: (x, None)})["0"][:3]


def test_maps_stand_in_the_boxes_and_follow(visit: Open) -> None:
    page = visit(live("dead_units"))
    before = {label: page.text(page.box(label)) for label in ("W2", "L")}
    page.choose(".colours select", "heat map")
    assert page.tab.locator(f"{page.box('W2')} .heat path").count() >= 2
    assert page.tab.locator(f"{page.box('L')} .heat path").count() == 0
    assert page.text(page.box("L")) == before["L"] and "0" not in page.text(page.box("W2")).replace("W2", "")
    assert "nan, inf" in page.read(".legend")
    old = page.tab.locator(f"{page.box('W2')} .heat").inner_html()
    page.run("() => live.opened.page.change(live.opened.page.sums.names.indexOf('W2[0, 0]'), -50)")
    assert page.tab.locator(f"{page.box('W2')} .heat").inner_html() != old
    again = visit(live("dead_units"), "#colour=heat")
    assert again.tab.locator(f"{again.box('W2')} .heat").inner_html() == old
    again.choose(".colours select", "nothing")
    assert again.text(again.box("W2")) == before["W2"] and not again.problems and not page.problems


def test_only_what_was_told_is_drawn(visit: Open) -> None:
    page = visit(live("dead_units"), "#colour=heat&step=3")
    assert page.tab.locator(".heat .value").count() and not page.tab.locator(".heat .gradient").count()
    page.press("End")
    assert page.tab.locator(".heat .gradient").count()


def test_large_arrays_have_maps_and_numbers_have_none(visit: Open) -> None:
    page = visit(large(), "#colour=heat")
    assert page.tab.locator(".heat .positive").count() >= 4 and not page.problems
    page = visit(live("three"))
    assert "heat map" not in page.text(".colours")


def test_every_map_keeps_to_its_box(visit: Open) -> None:
    network = nn.Sequential(nn.Linear(3, 8, rng=0), nn.Tanh(), nn.Linear(8, 2, rng=0))
    for made in (viz.page(network, X=np.ones((4, 3))), viz.page(large()), live("dead_units")):
        page = visit(made, "#colour=heat")
        assert page.run(OUTSIDE) == [], made.title
