"""Stepping, tracing, asking: what the page tells is what the still pictures tell, and it is told in order."""

from __future__ import annotations

import re
from html import unescape

import pytest

import viz
from autograd import Value
from tests.viz.page.conftest import Open, live
from tests.viz.programs import EIGHT, deep, labelled, name
from viz.chain import chain_in


def twice() -> Value:
    """J = a·b + a."""
    a, b = labelled(a=2, b=3)
    J = name(a * b + a, "J")
    J.backward()
    return J


@pytest.mark.parametrize("program", EIGHT)
def test_tells_what_frames_tell(visit: Open, program: str) -> None:
    page = visit(live(program))
    told = page.run(
        "() => { const p = live.opened.page; return p.steps.map((_, k) => { p.setStep(k);"
        " return document.querySelector('.sentence').textContent; }); }"
    )
    lines = [line.replace("starts at 1", "← 1") for line in viz.frames(EIGHT[program](), fold=False).lines]
    assert told == lines
    assert not page.problems


@pytest.mark.parametrize("program", EIGHT)
def test_traces_what_chain_tells(visit: Open, program: str) -> None:
    """Every node's derivation is that of `viz.chain`, also that of a program with many paths."""
    made = live(program)
    page = visit(made)
    told = page.run(
        "() => live.opened.page.view.boxes.map((box) => { live.opened.page.choose(box.id);"
        " return document.querySelector('.equation').textContent; })"
    )
    assert told == [chain_in(made.drawing.graph, node.id).text for node in made.drawing.graph.nodes]


def test_traces_a_program_of_very_many_paths(visit: Open) -> None:
    made = viz.page(deep(150), fold=False)
    page = visit(made)
    inputs = made.drawing.graph.inputs
    for node in inputs:
        page.run("name => live.opened.page.choose(live.opened.page.graph.names.indexOf(name))", node.name)
        count = chain_in(made.drawing.graph, node.id).count
        assert f"{count:,} paths" in page.read(".equation")


@pytest.mark.parametrize("program", EIGHT)
def test_shows_in_the_end_what_the_still_picture_shows(visit: Open, program: str) -> None:
    """Every line of every box and every label, when all steps have been told."""
    made = live(program)
    page = visit(made)
    texts = page.run("() => [...document.querySelectorAll('.picture .row')].map((x) => x.textContent.trim())")
    labels = page.run("() => [...document.querySelectorAll('.arrow.backward .label')].map((x) => x.textContent)")
    svg = made.drawing.svg

    def of(part: str) -> str:
        return "".join(unescape(text) for text in re.findall(r"<text [^>]*>([^<]*)</text>", part))

    groups = re.findall(r'<g id="\w+" class="([^"]+)">(.*?)</g>', svg, re.DOTALL)
    nodes = "".join(of(body) for kind, body in groups if kind == "node")
    arrows = [of(body) for kind, body in groups if kind.startswith("edge") and of(body)]
    squeeze = str.maketrans("", "", " \xa0")
    # Broken into lines at the same places, so that they fit the frames that were laid out for them.
    rows = page.run("() => live.opened.page.picture.boxes.map(({ texts }) => texts.length)")
    lines = [len(set(re.findall(r' y="([\d.-]+)"', body))) for kind, body in groups if kind == "node"]
    assert rows == lines
    assert sorted("".join(texts).translate(squeeze)) == sorted(nodes.translate(squeeze))
    assert sorted(label.translate(squeeze) for label in labels) == sorted(a.translate(squeeze) for a in arrows)


def test_a_node_that_is_used_twice_waits_and_then_adds_up(visit: Open) -> None:
    page = visit(twice())
    page.press("Home")
    steps = int(page.read(".count").split("/")[1])
    seen = []
    for _ in range(steps):
        page.press("ArrowRight")
        state = page.tab.locator(page.box("a")).get_attribute("class")
        seen.append((page.read(".sentence"), "waiting" in state, page.text(page.box("a"))))
    waiting = [entry for entry in seen if entry[1]]
    assert len(waiting) == 1 and "dJ/da = 1 + …" in waiting[0][2]
    assert seen[-2][0] == "dJ/da = 1 + dJ/dv1 · ∂v1/∂a = 1 + 1 · 3 = 4"
    assert "dJ/da = 4" in seen[-1][2]


def test_keys_of_hand_and_of_remote_control(visit: Open) -> None:
    page = visit(live("three"))
    last = page.read(".count").split("/")[1]
    for key, there in (
        ("Home", "0"), ("ArrowRight", "1"), ("PageDown", "2"), ("PageUp", "1"), ("ArrowLeft", "0"), ("ArrowLeft", "0"),
        ("End", last), ("ArrowRight", last),
    ):  # fmt: skip
        page.press(key)
        assert page.read(".count") == f"{there}/{last}"


@pytest.mark.parametrize(
    "focused",
    [".controls input[type=range]", ".controls select", ".colours select", ".input-row input[type=range]",
     "input.number", "input[type=search]", ".play", ".box", ".panel:not([hidden])"],
)  # fmt: skip
def test_a_remote_control_steps_wherever_the_focus_is(visit: Open, focused: str) -> None:
    page = visit(live("three"), "#step=3")
    page.tab.locator(focused).first.focus()
    page.press("PageDown")
    assert page.read(".count") == "4/9"
    page.press("PageUp")
    page.press("PageUp")
    assert page.read(".count") == "2/9"
    assert page.run("() => [...live.opened.page.graph.values.slice(0, 3)]") == [5, 3, 2]
    assert page.tab.locator(".controls select").input_value() == "1" and page.read(".legend") == ""


def test_plays_and_pauses(visit: Open) -> None:
    page = visit(live("three"))
    page.tab.select_option(".controls select", "8")
    page.press("Escape")
    page.tab.evaluate("document.activeElement.blur()")
    page.press("Space")
    page.until("document.querySelector('.count').textContent.startsWith('2/')")
    page.press("Space")
    stopped = page.read(".count")
    page.tab.wait_for_timeout(500)
    assert page.read(".count") == stopped and page.tab.locator(".play").get_attribute("aria-label") == "Play"
    page.click(".play")
    page.until("document.querySelector('.count').textContent === '9/9'")


def test_slider(visit: Open) -> None:
    page = visit(live("three"))
    page.tab.locator(".controls input[type=range]").fill("4")
    assert page.read(".sentence") == "dJ/dJ = 1"


def test_formula_and_picture_are_one_thing(visit: Open) -> None:
    """Pointing at a factor lights its arrow; pointing at an arrow lights its factors."""
    page = visit(live("three"))
    page.click(page.box("b"))
    factor = page.tab.locator("button.factor", has_text="∂v/∂u")
    factor.hover()
    arrow = factor.get_attribute("data-arrow")
    lit = page.tab.locator(".arrow.lit")
    assert lit.count() == 1 and lit.get_attribute("data-arrow") == arrow
    page.tab.mouse.move(5, 5)
    assert page.tab.locator(".arrow.lit").count() == 0
    page.tab.locator(f'.arrow.backward[data-arrow="{arrow}"] .label').hover(force=True)
    assert page.tab.locator(".factor.lit").all_inner_texts()[0] == "∂v/∂u"
    factor.focus()
    assert page.tab.locator(f'.arrow.lit[data-arrow="{arrow}"]').count() == 1


def test_predicts_and_says_what_is_missing(visit: Open) -> None:
    page = visit(twice())
    page.click(".player .switch input")
    assert page.read(".count").startswith("0/")
    assert "dJ/da" not in page.read("aside")

    def answer(text: str) -> str:
        page.tab.fill("#answer", text)
        page.tab.press("#answer", "Enter")
        return page.read("#verdict")

    assert page.read(".question label") == "v1 = a·b = ?"
    assert answer("five").startswith("Write a number")
    assert answer("−6") == "The size is right, the sign is not."
    assert answer("6") == "Right: 6"
    assert answer("8") == "Right: 8"
    assert page.read(".question label") == "" or page.tab.locator(".question").is_hidden()
    page.press("ArrowRight")  # dJ/dJ = 1 is given
    page.tab.evaluate("document.activeElement.blur()")
    page.press("ArrowRight")
    asked = page.read(".question label")
    while "dJ/da = … + " not in asked:
        page.click(".question button >> text=Show")
        asked = page.read(".question label")
    assert answer("3") == "That is the new term alone: add what was there before, 1"
    assert answer("2") == "A factor is missing: ∂v1/∂a = 3"
    assert answer("4.0") == "Right: 4"


def test_a_broken_address_or_one_of_another_program_does_no_harm(visit: Open) -> None:
    for hash in ("#step=999&of=nobody&zz=4&b=x&lang=tlh&theme=pink&tab=none", "#%E0%A4%A&&&=", "#step=-1"):
        page = visit(live("three"), hash)
        assert page.read(".count") == "9/9" and not page.problems


def test_state_is_in_the_address(visit: Open) -> None:
    page = visit(live("three"), "#step=7&of=b&b=2.5")
    assert page.read(".count") == "7/9"
    assert page.read(".equation").startswith("dJ/db")
    assert page.run("() => live.opened.page.graph.values[live.opened.page.graph.names.indexOf('b')]") == 2.5
    assert "30" in page.text(page.box("J"))
    page.press("ArrowRight")
    page.click("[data-tab=curve]")
    page.until("location.hash.includes('tab=curve')")
    assert page.run("location.hash") == "#step=8&of=b&tab=curve&b=2.5"
    again = visit(live("three"), page.run("location.hash"))
    assert (again.read(".count"), again.read(".equation")) == (page.read(".count"), page.read(".equation"))


def test_a_link_to_another_view_is_followed(visit: Open) -> None:
    page = visit(live("three"), "#step=3&of=b&b=2.5")
    page.run("() => { location.hash = '#of=c'; }")
    page.until("document.querySelector('.equation').textContent.startsWith('dJ/dc')")
    assert page.read(".count") == "9/9" and "b = 3" in page.text(page.box("b"))
    page.run("() => { location.hash = '#step=2'; }")
    page.until("document.querySelector('.count').textContent === '2/9'")
    assert page.tab.locator(".equation").count() == 0


def test_an_input_may_be_called_step(visit: Open) -> None:
    a, b = labelled(step=2, of=3)
    page = visit(name(a * b, "J"))
    page.run("() => live.opened.page.change(0, 5)")
    page.until("location.hash === '#.step=5'")
    again = visit(name(Value(2, label="step") * Value(3, label="of"), "J"), "#.step=5")
    assert "15" in again.text(again.box("J"))


def test_search(visit: Open) -> None:
    page = visit(live("network"))
    page.tab.fill("input[type=search]", "tanh")
    assert page.tab.locator(".box.marked").count() == 4
    page.tab.press("input[type=search]", "Enter")
    assert page.tab.locator(".box.selected.marked").count() == 1 and page.read(".status") == "1 of 4"
    page.tab.press("input[type=search]", "Enter")
    assert page.read(".status") == "2 of 4"


def test_a_folded_graph_is_stepped_and_traced(visit: Open) -> None:
    y = Value(0.9, label="x")
    for _ in range(400):
        y = (y * 1.01).tanh()
    y.label = "J"
    y.backward()
    page = visit(y)
    assert "values shown" in page.read(".shown")
    for _ in range(10):
        page.press("ArrowLeft")
    for box in page.run("() => live.opened.page.view.boxes.map((box) => box.id)"):
        page.run("box => live.opened.page.choose(box)", box)
    page.run("() => live.opened.page.change(0, 0.5)")
    assert not page.problems
