"""Frames that tell sizes and kinds, as in the still picture: chosen by hand or by the address, with a legend."""

from __future__ import annotations

from typing import Any

import pytest

import viz
from autograd import Tensor, Value, nn
from tests.viz.page.conftest import Open, Visit, live
from tests.viz.programs import labelled, name
from viz.colours import largest, marked

FRAMES = """() => live.opened.page.view.boxes.map(({ id }) => {
  const { g, rect } = live.opened.page.picture.boxes[id], style = getComputedStyle(rect);
  return [style.stroke, style.strokeWidth, g.classList.contains('framed') ? style.strokeDasharray : 'usual'];
})"""


def fading() -> Value:
    """Gradients from 1 down to 0.0013, and one that is exactly 0."""
    (x, dead) = labelled(x=0.5, dead=-1)
    y = x
    for _ in range(4):
        y = name(y.sigmoid(), "")
    return name(y + dead.relu(), "J")


def widths(page: Visit) -> list[float]:
    return [float(width.removesuffix("px")) for _, width, _ in page.run(FRAMES)]


@pytest.mark.parametrize("by", ["gradient", "value"])
def test_frames_are_those_of_the_still_picture(visit: Open, by: Any) -> None:
    J = fading()
    J.backward()
    made = viz.page(J, fold=False)
    still = marked(made.drawing.graph, by)
    page = visit(made, f"#colour={by}")
    assert widths(page) == [still[node.id].width for node in made.drawing.graph.nodes]
    dotted = [node.name for node in made.drawing.graph.nodes if still[node.id].dashes == "DOTTED"]
    dashes = [entry[2] for entry in page.run(FRAMES)]
    assert len(dotted) >= 1 and dashes.count("1.5px, 3px") == len(dotted)
    assert len({colour for colour, *_ in page.run(FRAMES)}) == len({mark.colour for mark in still.values()})
    assert not page.problems


def test_a_switch_by_keyboard_that_stays_in_the_address(visit: Open) -> None:
    page = visit(fading())
    assert page.read(".legend") == "" and all(entry[2] == "usual" for entry in page.run(FRAMES))
    page.tab.locator(".colours select").focus()
    page.press("ArrowDown")
    page.until("location.hash === '#colour=gradient'")
    assert page.read(".legend").split() == ["0.001", "0.01", "0.1", "1", "0"]
    assert page.tab.locator(".legend svg").count() == 4
    again = visit(fading(), "#colour=gradient")
    assert again.run(FRAMES) == page.run(FRAMES)


def test_kinds_and_korean(visit: Open) -> None:
    page = visit(live("logistic_regression"), "#colour=kind")
    assert page.read(".legend").strip().startswith("input")
    assert "function of each number" in page.read(".legend") and "linear map" in page.read(".legend")
    korean = visit(live("logistic_regression"), "#colour=kind&lang=ko")
    assert "색 기준" in korean.read(".colours") and "선형 사상" in korean.read(".legend")


def test_frames_follow_the_inputs(visit: Open) -> None:
    a, b = labelled(a=1, b=1)
    page = visit(name(a * b, "J"), "#colour=gradient")
    assert widths(page)[:2] == [1, 1]
    page.run("() => live.opened.page.change(1, 1e4)")
    # dJ/da = 10,000, dJ/db = 1.
    assert widths(page)[0] > widths(page)[1]


def test_frames_tell_no_more_than_has_been_told(visit: Open) -> None:
    page = visit(fading(), "#colour=gradient&step=0")
    assert all(entry[2] == "usual" for entry in page.run(FRAMES))
    page.press("End")
    assert all(entry[2] != "usual" for entry in page.run(FRAMES))


def test_what_is_chosen_still_stands_out(visit: Open) -> None:
    page = visit(fading(), "#colour=value&of=x")
    names = page.run("() => live.opened.page.view.boxes.map((box) => box.name)")
    frames = dict(zip(names, page.run(FRAMES)))
    red, pale = (page.run("x => getComputedStyle(document.documentElement).getPropertyValue(x)", x) for x in
                 ("--red", "--faded-line"))  # fmt: skip
    as_rgb = "x => { const c = document.createElement('canvas').getContext('2d'); c.fillStyle = x; return c.fillStyle }"
    hexed = {name: page.run(as_rgb, colour) for name, (colour, *_) in frames.items()}
    assert hexed["x"] == page.run(as_rgb, red) and frames["x"][1] == "3px"
    assert hexed["dead"] == page.run(as_rgb, pale) and hexed["J"] not in (hexed["x"], hexed["dead"])
    assert not page.problems


def test_arrays_and_groups_have_sizes_too(visit: Open) -> None:
    net = nn.Sequential(nn.Linear(3, 4, rng=0), nn.Linear(4, 1, rng=0))
    loss = name((net(Tensor([[1.0, 2.0, 3.0]])) ** 2).sum(), "L")
    made = viz.page(loss, fold=False)
    page = visit(made, "#colour=value")
    graph = made.drawing.graph
    shown = page.run("() => live.opened.page.picture.view.boxes.map((b) => b.node)")
    assert len(shown) == len(graph.nodes) and max(largest(node, "value") for node in graph.nodes) > 1
    assert len(set(widths(page))) > 1
    groups = visit(nn_page(), "#colour=gradient")
    assert groups.tab.locator(".box.group.framed").count() > 0 and not groups.problems


def nn_page() -> viz.LivePage:
    x = [Value(0.1 * i, label=f"x{i}") for i in range(1, 61)]
    return viz.page(name((nn.MLP(60, [10, 1], "tanh", rng=0)(x) - 1) ** 2, "L"))


def test_a_page_begins_as_the_picture_was_asked_for(visit: Open) -> None:
    page = visit(viz.page(fading(), colour="gradient"))
    assert page.tab.locator(".colours select").input_value() == "gradient" and page.read(".legend")
    page.tab.select_option(".colours select", "none")
    page.until("location.hash === '#colour=none'")
    assert page.read(".legend") == ""


def test_nan_has_a_frame_of_its_own(visit: Open) -> None:
    (x,) = labelled(x=2)
    page = visit(name((x - 1).log() * 2, "J"), "#colour=value&x=0.5")
    assert "nan, inf" in page.read(".legend") and "6px, 3px" in [entry[2] for entry in page.run(FRAMES)]


def test_paper_is_light_whatever_the_screen_is(visit: Open) -> None:
    page = visit(live("three"), "#theme=dark&colour=value")
    ink = "() => getComputedStyle(document.body).color"
    assert page.run(ink) == "rgb(240, 242, 244)"
    page.tab.emulate_media(media="print")
    assert page.run(ink) == "rgb(17, 17, 17)"
    assert page.tab.locator(".legend").is_visible() and not page.tab.locator(".colours").is_visible()


def test_the_theme_follows_the_system_while_the_page_is_open(visit: Open) -> None:
    page = visit(live("three"))
    assert page.run("document.documentElement.dataset.theme") == "light"
    page.tab.emulate_media(color_scheme="dark")
    page.until("document.documentElement.dataset.theme === 'dark'")
    assert page.run("() => getComputedStyle(document.body).color") == "rgb(240, 242, 244)"


def test_a_comparison_of_two_recordings(visit: Open) -> None:
    def run(b: float) -> Value:
        a, b, c = labelled(a=5, b=b, c=2)
        return name((a + b * c) * 3, "J")

    page = visit(viz.diff(run(3), run(2.5)).page)
    assert "values differ at 4 of 6 nodes" in page.read(".above")
    assert "2.5 (was 3)" in page.text(page.box("b")) and "dJ/dc = 7.5 (was 9)" in page.text(page.box("c"))
    assert page.tab.locator(".framed").count() == 5
    page.press("Home")
    assert page.tab.locator(".framed").count() == 1 and "was 9" not in page.text(page.box("c"))
    assert not page.problems
