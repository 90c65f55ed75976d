"""Large graphs: folded at first, opened by click and by key, and no arrow through a text, whatever is open."""

from __future__ import annotations

import random
from functools import cache
from typing import Any

import numpy as np
import pytest

import viz
from autograd import Tensor, Value, nn
from tests.viz.page.conftest import Open, Visit
from tests.viz.programs import deep, name, network
from viz.fold import fold
from viz.page import document

STRUCK = """() => {
  // The middles of arrows, ten to an inch, in boxes that they neither leave nor enter.
  const { view, picture } = live.opened.page, struck = [];
  picture.catchUp(null);
  const frames = view.picture.boxes.map(([x, y, w, h]) => [x - w / 2, y - h / 2, x + w / 2, y + h / 2]);
  for (const arrow of view.arrows) {
    for (const made of picture.arrows.map((drawn) => drawn[arrow.id])) {
      const length = made.line.getTotalLength();
      for (let at = 0; at < length; at += 7) {
        const { x, y } = made.line.getPointAtLength(at);
        frames.forEach(([left, top, right, bottom], k) => {
          const inside = x > left + 1 && x < right - 1 && y > top + 1 && y < bottom - 1;
          if (inside) struck.push([view.boxes[arrow.source].name, view.boxes[arrow.target].name, view.boxes[k].name]);
        });
      }
    }
  }
  const apart = frames.every(([l, t, r, b], k) => frames.every(([m, u, s, c], j) =>
    j <= k || l >= s || m >= r || t >= c || u >= b));
  return [struck.slice(0, 5), apart];
}"""


@cache
def operators(size: int) -> viz.LivePage:
    """The page of an MLP size-size-size-1, written with operators: no part of it has a name."""
    rng = np.random.default_rng(0)
    h = [Value(x, label=f"x{i}") for i, x in enumerate(rng.normal(size=size), 1)]
    for width in (size, size, 1):
        out = []
        for _ in range(width):
            s = Value(0.0)
            for x in h:
                s = s + Value(rng.normal() / size**0.5) * x
            out.append(s.tanh())
        h = out
    h[0].label = "J"
    return viz.page(h[0])


@cache
def layers(*sizes: int) -> viz.LivePage:
    """The page of an MLP of `nn`, at the loss of one sample."""
    x = [Value(0.1 * i, label=f"x{i}") for i in range(1, sizes[0] + 1)]
    return viz.page(name((nn.MLP(sizes[0], sizes[1:], "tanh", rng=0)(x) - 1) ** 2, "L"))


class Block(nn.Module):
    """x + attention(norm(x)), then x + mlp(norm(x))."""

    def __init__(self) -> None:
        self.attention_norm, self.mlp_norm = nn.LayerNorm(8), nn.LayerNorm(8)
        self.attention = nn.MultiHeadAttention(8, 2, rng=0)
        self.mlp = nn.Sequential(nn.Linear(8, 32, rng=0), nn.GELU(), nn.Linear(32, 8, rng=0))

    def forward(self, x: Any) -> Any:
        y = self.attention_norm(x)
        x = x + self.attention(y, y, y)[0]
        return x + self.mlp(self.mlp_norm(x))


@cache
def transformer() -> viz.LivePage:
    x = Tensor(np.random.default_rng(0).normal(size=(5, 2, 8)), label="x")
    loss = np.mean(Block()(x) ** 2)
    loss.label = "L"
    return viz.page(loss)


def open_all(page: Visit, most: int = 150) -> int:
    """Open one closed group after another, while there is room; how many were opened."""
    return int(
        page.run(
            """(most) => {
              const { page } = live.opened;
              let count = 0;
              for (let found; page.view.boxes.length < most; count++) {
                found = page.view.boxes.find((box) => box.group);
                if (!found) break;
                page.openGroup(found.group.group);
              }
              return count;
            }""",
            most,
        )
    )


def test_a_large_program_is_folded_and_says_so(visit: Open) -> None:
    made = operators(20)
    page = visit(made)
    shown, all = page.run("() => [live.opened.page.view.boxes.length, live.opened.page.graph.size]")
    assert shown <= 150 and all == len(made.drawing.graph.nodes) > 2000
    assert page.read(".shown") == f"{shown} of {all:,} values shown"
    assert not page.problems


def test_what_is_too_large_for_a_picture_is_divided(visit: Open) -> None:
    """Without names and without repetition, neighbours stand together."""
    draw = random.Random(0)
    values = [Value(0.5, label="a"), Value(-0.3, label="b")]
    while len(values) < 4000:
        x, y = values[-1], draw.choice(values[-40:])
        values.append(draw.choice([lambda: x * y, lambda: x + y, lambda: x.tanh(), lambda: y - x])())
    J = name(values[-1], "J")
    with pytest.raises(ValueError, match="cannot be read"):
        viz.draw(J)
    made = viz.page(J)
    page = visit(made)
    assert page.tab.locator(".box").count() <= 150 and page.tab.locator(".box.group").count() >= 10
    assert open_all(page) > 2 and not page.problems
    assert "text/plain" in made._repr_mimebundle_()


@pytest.mark.parametrize("by", ["click", "key"])
def test_groups_are_opened_and_closed(visit: Open, by: str) -> None:
    page = visit(layers(60, 10, 1))
    before = page.run("() => live.opened.page.view.boxes.map((box) => box.name)")
    assert "layer 1" in before and "x1 … x60" in before
    if by == "click":
        page.click(page.box("layer 1"))
    else:
        page.tab.locator(page.box("layer 1")).focus()
        page.press("Enter")
    names = page.run("() => live.opened.page.view.boxes.map((box) => box.name)")
    assert "layer 1" not in names and "layer 1, neuron 1" in names
    # The keyboard goes on inside.
    assert page.run("live.opened.page.view.boxes[document.activeElement.dataset.box].name").startswith("layer 1, ")
    title = '.frame-title[aria-label="Close layer 1"]'
    if by == "click":
        page.click(title)
    else:
        page.tab.locator(title).focus()
        page.press("Enter")
    assert page.run("() => live.opened.page.view.boxes.map((box) => box.name)") == before
    assert page.run("live.opened.page.view.boxes[document.activeElement.dataset.box].name") == "layer 1"
    assert not page.problems


def test_no_level_has_more_than_a_screen_shows(visit: Open) -> None:
    """Whatever is opened from the folded picture on, it is few boxes more; and never more than 500 in all."""
    page = visit(operators(20))
    counts = page.run("""() => {
      const { page } = live.opened, counts = [page.view.boxes.length];
      for (let k = 0; k < 60; k++) {
        const found = page.view.boxes.find((box) => box.group);
        if (!found) break;
        page.openGroup(found.group.group);
        counts.push(page.view.boxes.length);
      }
      return counts;
    }""")
    assert max(b - a for a, b in zip(counts, counts[1:])) <= 45 and max(counts) <= 500
    assert not page.problems


@pytest.mark.parametrize("program", ["operators", "layers", "whole", "transformer", "tangled"])
def test_no_arrow_runs_through_a_text(visit: Open, program: str) -> None:
    made = {
        "operators": lambda: operators(6), "layers": lambda: layers(60, 10, 1), "whole": lambda: layers(3, 4, 4, 1),
        "transformer": transformer, "tangled": lambda: viz.page(deep(120)),
    }[program]()  # fmt: skip
    page = visit(made)
    assert page.run(STRUCK) == [[], True]
    open_all(page)
    assert page.run(STRUCK) == [[], True] and not page.problems


def test_labels_up_to_150_and_tooltips_beyond(visit: Open) -> None:
    for size, labelled in ((100, True), (300, False)):
        page = visit(viz.page(deep(size), fold=False))
        assert page.run("() => [...document.querySelectorAll('.arrow .label')].some((x) => x.textContent)") == labelled
        arrow = page.tab.locator(".arrow.backward .line").first
        arrow.dispatch_event("pointerover")
        assert "=" in str(page.tab.locator(".arrow.backward title").first.text_content()) and not page.problems


def test_what_a_group_gives_is_what_python_computes(visit: Open) -> None:
    """Values, derivatives, and the derivative through a group by each thing that comes in."""
    made = layers(3, 4, 4, 1)
    graph = made.drawing.graph
    neurons = [group for group in graph.groups if group.name.startswith("neuron")]
    smaller = fold(graph, {group.id for group in neurons})
    page = visit(made)
    page.run("""() => {
      const { page } = live.opened;
      page.graph.groups.forEach((group, k) => { if (group.name.startsWith("neuron")) page.closeGroup(k); });
    }""")
    shown = page.run("""() => {
      const { view } = live.opened.page;
      const name = (i) => view.boxes[i].name;
      return view.arrows.map((arrow) => [name(arrow.source), name(arrow.target), view.local(arrow)]);
    }""")
    expected = [(smaller.node(e.source).name, smaller.node(e.target).name, e.value) for e in smaller.edges]
    assert sorted((a, b) for a, b, _ in shown) == sorted((a, b) for a, b, _ in expected)
    assert sorted(x for *_, x in shown) == pytest.approx(sorted(x for *_, x in expected), rel=1e-12)


def test_a_sum_over_groups_adds_up_step_by_step(visit: Open) -> None:
    page = visit(layers(60, 10, 1))
    sums = page.run("""() => {
      const { page } = live.opened, found = [];
      for (let box; (box = page.view.boxes.find((box) => box.group && box.input)); ) page.openGroup(box.group.group);
      page.setStep(page.steps.length - 1);
      return page.view.boxes.filter((box) => box.input && box.node >= 0).map((box) =>
        [page.progressAt(page.steps.length).sum(box.id).now, page.graph.slopes[box.node]]);
    }""")
    assert len(sums) >= 30
    for told, true in sums:
        assert told == pytest.approx(true, rel=1e-9)


def test_inputs_are_changed_while_groups_are_closed(visit: Open) -> None:
    made = layers(60, 10, 1)
    page = visit(made)
    before = page.text(page.box("layer 1"))
    page.run("() => live.opened.page.change(live.opened.page.graph.names.indexOf('x1'), 3)")
    assert page.text(page.box("layer 1")) != before and not page.problems


def test_what_is_looked_for_is_brought_to_light(visit: Open) -> None:
    page = visit(layers(60, 10, 1))
    node = page.run("() => live.opened.page.graph.names.findIndex((x) => x.startsWith('w₁,₆₀'))")
    page.run("node => live.opened.page.go(node)", node)
    selected = page.tab.locator(".box.selected")
    assert selected.count() == 1 and "w" in selected.text_content()
    assert page.read(".equation").startswith("dL/dw₁,₆₀")


def test_what_is_open_stands_in_the_address(visit: Open) -> None:
    made = layers(60, 10, 1)
    page = visit(made)
    page.click(page.box("layer 1"))
    page.until("location.hash.startsWith('#open=')")
    names = page.run("() => live.opened.page.view.boxes.map((box) => box.name)")
    again = visit(made, page.run("location.hash"))
    assert again.run("() => live.opened.page.view.boxes.map((box) => box.name)") == names
    for wrong in ("#open=999", "#open=x.y", "#open=-1"):
        assert not visit(made, wrong).problems


def test_steps_stay_where_they_were(visit: Open) -> None:
    page = visit(layers(60, 10, 1))
    page.press("Home")
    page.press("ArrowRight")
    told = page.read(".sentence")
    assert told.startswith("layer 1 = ")
    page.click(page.box("x1 … x60"))
    assert page.read(".sentence") == told


def test_nothing_wrong_happens_whatever_is_opened(visit: Open) -> None:
    for made in (transformer(), operators(6), layers(3, 4, 4, 1)):
        page = visit(made)
        open_all(page, 300)
        for key in ("Home", "ArrowRight", "PageDown", "End", "ArrowLeft"):
            page.press(key)
        page.run("() => live.opened.page.view.boxes.forEach((box) => live.opened.page.choose(box.id))")
        assert not page.problems


def test_data_that_are_large_are_packed(visit: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = viz.page(network()).html
    monkeypatch.setattr(document, "PACKED", 1000)
    drawing = viz.page(name(network(), "</script>"))
    assert len(drawing.html) < len(whole) and 'type="application/gzip"' in drawing.html
    page = visit(drawing)
    page.until("live.opened.page")
    assert not page.problems and "</script>" in page.run("() => live.opened.page.graph.names")
