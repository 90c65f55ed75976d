"""The still picture as a whole: readable, true, at one place, in order, told step by step, in words and in LaTeX."""

from __future__ import annotations

import copy
import io
import math
import os
import pickle
import random
import re
import shutil
import subprocess
import sys
from html import unescape
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd
import viz
from autograd import Tensor, Value, nn, tanh
from docs.make_pictures import FONTS, only
from tests.viz.programs import EIGHT, deep, labelled, long_chain, name, network, neuron, three
from viz import style
from viz.cli import main
from viz.fold import fold
from viz.geometry import Box, Curve, Places
from viz.labels import meetings
from viz.latex import derivation, width
from viz.names import latex_of
from viz.record import record
from viz.wrapping import wrapped

# --- truth ------------------------------------------------------------------------------------------------


@given(st.integers(4, 60), st.integers(1, 3))
@settings(deadline=None, max_examples=25)
def test_every_derivative_in_text_is_the_derivative(size: int, passes: int) -> None:
    """Whatever .grad holds: every "dJ/dx = … = number" is the derivative to the digits that are shown."""
    J = deep(size)
    once = {node.id: node.derivative for node in record(J).nodes}
    for _ in range(passes - 1):
        J.backward()
    drawing = viz.draw(J, fold=False, direction="LR")
    by_name = {node.derivative_name: once[node.id] for node in drawing.graph.nodes}
    lines = [line.strip() for line in (drawing.text + "\n" + drawing.description).splitlines()]
    # What each step says, where a sum that is not complete ends in "+ …"; what is drawn, and what tooltips say.
    steps = viz.frames(J, fold=False)
    lines += steps.lines
    for svg in (drawing.svg, steps.svgs[-1] if size < 12 else ""):
        told = re.findall(r"<(?:text|title)\b[^>]*>([^<]*)<", svg)
        lines += [unescape(line).strip() for text in told for line in text.splitlines()]
    seen = 0
    for line in lines:
        told = line.split("   with ")[0]
        if " = " not in told:
            continue
        left, *_, right = [part.strip() for part in told.split(" = ")]
        if left in by_name and re.fullmatch(r"[−\d.e]+", right):
            assert float(right.replace("−", "-")) == pytest.approx(by_name[left], rel=6e-4, abs=1e-300)
            seen += 1
    assert seen >= len(by_name)


def test_picture_and_text_call_a_sum_over_passes_what_it_is() -> None:
    J, _ = three()
    J.backward()
    drawing = viz.draw(J)
    for shown in (drawing.svg, drawing.text, drawing.description):
        assert "dJ/db = 12" not in shown
    assert "accumulated over 2 passes" in drawing.svg and ".grad = 12" in drawing.text


def test_outside_the_domain_is_marked() -> None:
    (x,) = labelled(x=-1)
    L = name(x.log(), "L")
    L.backward()
    shown = "".join(re.findall(r"<text [^>]*>([^<]*)</text>", viz.draw(L).svg))
    assert "⚠ outside the domain" in shown and "⚠ nan" in shown
    assert "L = log(x) is the first that is not finite: nan (outside the domain)" in shown


def test_numbers_inside_formulas_are_written_as_others_are() -> None:
    (x,) = labelled(x=8)
    (edge,) = record(x ** (1 / 3)).edges
    assert edge.formula == "0.3333·x^(−0.6667)" and edge.formula_latex == r"0.3333 \cdot x^{-0.6667}"


def test_numbers_are_written_one_way() -> None:
    a, b = labelled(a=294600, b=-2)
    J = name(a * b - 0.123456789 * a, "J")
    J.backward()
    svg = viz.draw(J).svg
    assert "294600" in svg and "e+05" not in svg and ">-" not in svg and "= -" not in svg
    assert "0.1235" in svg and "0.123457" not in svg


# --- places -----------------------------------------------------------------------------------------------


def places(svg: str) -> dict[str, tuple[float, float]]:
    """The middle of each node's frame, in pixels from the upper left; a bold frame is a pixel wider."""
    found = {}
    right, down = map(float, re.search(r"translate\(([\d.-]+) ([\d.-]+)\)", svg).groups())  # type: ignore[union-attr]
    for id, path in re.findall(r'<g id="(n\d+|g\d+)" class="node">.*?<path [^>]*d="([^"]*)"', svg, re.DOTALL):
        points = [tuple(map(float, p.split(","))) for p in re.findall(r"-?[\d.]+,-?[\d.]+", path)]
        xs, ys = zip(*points)
        found[id] = (round(2 * right + min(xs) + max(xs)) / 2, round(2 * down + min(ys) + max(ys)) / 2)
    return found


@pytest.mark.parametrize("program", ["three", "logistic_regression", "network", "dead_units"])
def test_nothing_jumps(program: str) -> None:
    J = EIGHT[program]()
    whole = viz.draw(J)
    expected = places(whole.svg)
    assert len(expected) == len(whole.drawn.nodes)
    of = whole.graph.inputs[0].name
    for options in ({"show": "forward"}, {"show": "backward"}, {"of": of}):
        assert places(viz.draw(J, **options).svg) == expected
    for svg in viz.frames(J).svgs[::7]:
        assert places(svg) == expected


POINTS = """
import re, viz
from tests.viz.programs import EIGHT
for program in [*EIGHT, "long_chain:TB"]:
    name, _, direction = program.partition(":")
    svg = viz.draw(EIGHT[name](), direction=direction or None).svg
    wide, high = (float(x) for x in re.search(r'width="([\\d.]+)" height="([\\d.]+)"', svg).groups())
    smallest = min(map(float, re.findall(r'font-size="([\\d.]+)"', svg)))
    print(program, smallest * min(12 * 72 / wide, 6.3 * 72 / high))
"""


@pytest.mark.parametrize("fonts", FONTS)
def test_readable_on_a_slide(fonts: str, tmp_path: Path) -> None:
    """At 12 × 6.3 in no text is smaller than 11 points, laid out in whatever font."""
    setting = only(FONTS[fonts], tmp_path)
    if not setting:
        pytest.skip(f"not all of {', '.join(FONTS[fonts])} here: that pictures are readable in it is not checked")
    env = {**os.environ, **setting, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", POINTS], capture_output=True, text=True, env=env, timeout=120)
    points = {program: float(size) for program, size in map(str.split, done.stdout.splitlines())}
    assert len(points) == 9, done.stderr[-300:]
    for program, size in points.items():
        assert size >= 11, (program, size)


def test_a_chain_of_operations_is_broken_into_rows() -> None:
    drawing = viz.draw(long_chain())
    boxes = drawing.layout.places.nodes.values()
    assert len({round(box.y) for box in boxes}) >= 4
    upright = viz.draw(long_chain(), direction="TB").layout.places.nodes.values()
    assert len({round(box.x) for box in upright}) >= 3
    with pytest.raises(ValueError, match="direction must be 'LR'"):
        viz.draw(long_chain(), direction="up")


@pytest.mark.parametrize("program", EIGHT)
def test_no_two_nodes_and_no_label_and_node_overlap(program: str) -> None:
    found = viz.draw(EIGHT[program]()).layout.places
    boxes = [*found.nodes.items()]
    for i, (one, a) in enumerate([*found.labels.items(), *boxes]):
        for other, b in boxes[: max(0, i - len(found.labels))] if one in found.nodes else boxes:
            aside = abs(a.x - b.x) >= (a.width + b.width) / 2 - 6 or abs(a.y - b.y) >= (a.height + b.height) / 2 - 6
            assert aside, (one, other)


def points_along(curve: Curve) -> np.ndarray:
    """Points on a spline of Bézier's, 24 to a piece."""
    t = np.linspace(0, 1, 25)[:, None]
    weights = ((1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t**2, t**3)
    corners = np.array(curve.points)
    pieces = [corners[i : i + 4] for i in range(0, len(corners) - 1, 3)]
    return np.vstack([sum(w * p for w, p in zip(weights, piece)) for piece in pieces])


def tangle(seed: int) -> Value:
    """Each operation on two of the last results, and without a pattern."""
    chance = random.Random(seed)
    size = chance.randint(8, 34)
    values: list[Any] = [Value(0.1 * i + 0.1, label=f"x{i}") for i in range(chance.randint(2, 5))]
    rules = [lambda x, y: x * y, lambda x, y: x + y, lambda x, y: tanh(x), lambda x, y: x - y]
    while len(values) < size:
        x, y = chance.sample(values[-8:], 2)
        values.append(chance.choice(rules)(x, y))
    J: Any = sum(values[-3:], Value(0.0))
    J.backward()
    return J  # type: ignore[no-any-return]


@pytest.mark.parametrize("seed", [1, 2, 8, 10, 15])
def test_arrows_of_tangles_go_around_labels_and_nodes(seed: int) -> None:
    """These had 2, 3, 2, 4 and 2 meetings."""
    drawing = viz.draw(tangle(seed))
    ends = {f"{e.id}{way}": (e.source, e.target) for e in drawing.drawn.edges for way in "fb"}
    assert len(ends) > 30 and meetings(drawing.layout.places, ends) == (0, 0)


def test_meetings_are_counted() -> None:
    straight = Curve(((0, 0), (30, 0), (60, 0), (90, 0)), end=(100, 0))
    nodes = {"a": Box(-20, 0, 40, 20), "b": Box(120, 0, 40, 20), "c": Box(50, 0, 20, 20)}
    there = {"e1f": ("a", "b")}
    assert meetings(Places(nodes, {"e1f": straight}, {"e1b": Box(50, 30, 40, 16)}), there)[0] == 1
    assert meetings(Places({}, {"e1f": straight}, {"e1b": Box(50, 0, 40, 16)}), there)[0] == 1
    assert meetings(Places(nodes, {}, {"e1b": Box(50, 8, 40, 16)}), there)[0] == 1


@pytest.mark.parametrize("direction", ["LR", "TB"])
@pytest.mark.parametrize("program", EIGHT)
def test_no_arrow_runs_through_a_label_or_another_node(program: str, direction: Any) -> None:
    drawing = viz.draw(EIGHT[program](), direction=direction)
    found = drawing.layout.places
    for edge in drawing.drawn.edges:
        for way in "fb":
            x, y = points_along(found.arrows[f"{edge.id}{way}"]).T
            # The labels' margins, and where an arrow touches its own nodes, do not count.
            things = [(id, box, (5, 3)) for id, box in found.labels.items()]
            things += [(id, box, (1, 1)) for id, box in found.nodes.items() if id not in (edge.source, edge.target)]
            for id, box, (wide, high) in things:
                inside = (abs(x - box.x) < box.width / 2 - wide) & (abs(y - box.y) < box.height / 2 - high)
                assert not inside.any(), (edge.name, way, id)


@pytest.mark.parametrize("program", ["three", "long_chain", "reaches_nan"])
def test_arrowheads_do_not_reach_into_labels(program: str) -> None:
    """From top to bottom, where a label stands right beside its arrow."""
    found = viz.draw(EIGHT[program](), direction="TB").layout.places
    for id, curve in found.arrows.items():
        for base, tip in ((curve.points[0], curve.start), (curve.points[-1], curve.end)):
            if tip is None:
                continue
            aside = 2.8 * (np.array(tip) - base)[::-1] * (-1, 1) / math.dist(base, tip)
            for corner in (base + aside, base - aside):
                for label, box in found.labels.items():
                    inside = abs(corner - (box.x, box.y)) < (box.width / 2 - 5, box.height / 2 - 2)
                    assert not inside.all(), (id, label)


def test_words_stay_whole() -> None:
    """No derivative is torn apart, while names without end are."""
    assert wrapped("d(d²y/dx²)/d(d²y/dx²) = 1", 14) == ["d(d²y/dx²)/d(d²y/dx²) ", "= 1"]
    assert wrapped("dJ/d_a_rather_long = 0.25", 14) == ["dJ/d_a_rather_long ", "= 0.25"]
    assert wrapped("a" * 70, 30) == ["a" * 30, "a" * 30, "a" * 10]
    assert wrapped("d(d²y/dx²)/d(d²y/dx²)", 14) == ["d(d²y/dx²)/d(d²y/dx²)"]
    texts = re.findall(r"<text [^>]*>([^<]*)</text>", viz.draw(EIGHT["second_derivative"](), direction="LR").svg)
    assert sum("d(d²y/dx²)/d(d²y/dx²)" in unescape(text) for text in texts) == 1


def test_rows_leave_room_for_labels_beside_and_frames_between() -> None:
    """Of a network in rows: the labels of the arrows around it stand beyond all lanes, its frames off its labels."""
    drawing = viz.draw(network())
    found = drawing.layout.places
    for label in found.labels.values():
        for (frame,) in found.groups.values():
            title = abs(label.x - frame.x) < (label.width + frame.width) / 2 - 5 and abs(label.y - frame.top) < 6
            assert not title


def test_arrows_there_and_back_stay_apart_on_the_sides_that_they_are_on() -> None:
    """The label of the arrow back to z stands above it, and the arrow there below: they were moved into each other."""
    model = nn.Neuron(2, "relu", rng=0)
    model.w[0].data, model.w[1].data, model.b.data = 0.2957, 0.508, 4.097
    price = model([Value(-0.3396, label="size"), Value(-0.5774, label="#bedrooms")])
    price.backward()
    names = {"w₁": model.w[0], "w₂": model.w[1], "b": model.b, "price": price}
    found = viz.draw(price, names).layout.places
    for id, back in found.arrows.items():
        if id.endswith("b"):
            there = found.arrows[f"{id[:-1]}f"]
            (x, y), (x2, y2) = (np.mean(curve.points, axis=0) for curve in (there, back))
            assert math.dist((x, y), (x2, y2)) > 6, id


def test_blanks_around_equals_signs_stay() -> None:
    """Without them, the sign would be drawn as wide as itself and both of them."""
    svg = viz.draw(three()[0]).svg
    texts = re.findall(r"<text ([^>]*)>([^<]*)</text>", svg)
    padded = [attributes for attributes, text in texts if text != text.strip()]
    assert len(padded) >= 6 and all('xml:space="preserve"' in attributes for attributes in padded)
    assert svg.count("xml:space") == len(padded)


def test_every_text_carries_its_width() -> None:
    svg = viz.draw(three()[0]).svg
    assert svg.count("<text ") == svg.count("textLength=") > 20


@pytest.mark.parametrize("name", ["x" * 200, "two\nlines", "", "<a & b>"])
def test_titles_of_frames_stay_in_them(name: str) -> None:
    """In one line, cut where they are long, in the frame's first row and in others."""
    (x,) = labelled(x=0.5)
    y: Any = x
    with autograd.scope(name):
        for _ in range(10):
            y = y.tanh() * 2
    drawing = viz.draw(y)
    found = drawing.layout.places
    groups = re.findall(r'class="node group">(.*?)</g>', drawing.svg, re.DOTALL)
    titles = [float(width) for width in re.findall(r'textLength="([\d.]+)"', "".join(groups))]
    frames = [box for boxes in found.groups.values() for box in boxes]
    assert len(frames) > 1 and len(titles) == (len(frames) if name else 0)
    assert all(width < box.width - 16 for width, box in zip(titles, frames))


def test_long_numbers_below_stay_in_the_picture() -> None:
    drawing = viz.draw(three()[0], format=".60f")
    width = float(re.search(r'<svg [^>]*width="([\d.]+)"', drawing.svg)[1])  # type: ignore[index]
    below = drawing.svg[drawing.svg.index('id="below"') :]
    texts = re.findall(r'x="([\d.-]+)"[^>]*textLength="([\d.]+)"', below)
    assert len(texts) > 6 and all(float(x) + float(length) <= width for x, length in texts)


BROWSER = shutil.which("chromium") or shutil.which("google-chrome")
MEASURE = """
const out = [];
for (const svg of document.querySelectorAll('svg')) {
  // In points of the picture: of each text against the frame of its node, and of everything against the picture.
  const whole = svg.viewBox.baseVal, back = svg.getScreenCTM().inverse();
  const box = e => {
    const b = e.getBBox(), m = back.multiply(e.getScreenCTM());
    const corners = [[b.x, b.y], [b.x + b.width, b.y + b.height]];
    return corners.map(([x, y]) => [m.a * x + m.c * y + m.e, m.b * x + m.d * y + m.f]);
  };
  const outside = (e, frame) => {
    const [[x, y], [x2, y2]] = box(e);
    out.push([Math.max(frame[0][0] - x, frame[0][1] - y, x2 - frame[1][0], y2 - frame[1][1]),
              svg.parentNode.id + ': ' + (e.textContent || e.tagName)]);
  };
  const edges = [[whole.x, whole.y], [whole.x + whole.width, whole.y + whole.height]];
  for (const text of svg.querySelectorAll('text')) outside(text, edges);
  for (const shape of svg.querySelectorAll(':is(path, polygon, ellipse):not(defs *), use')) outside(shape, edges);
  for (const node of svg.querySelectorAll('g.node')) {
    const frames = [...node.querySelectorAll('path, polygon, ellipse')].map(box);
    if (!frames.length) continue;
    const size = ([[x, y], [x2, y2]]) => (x2 - x) * (y2 - y);
    const frame = frames.reduce((a, b) => size(a) > size(b) ? a : b);
    for (const text of node.querySelectorAll('text, use')) outside(text, frame);
  }
}
const [worst, what] = out.reduce((a, b) => a[0] > b[0] ? a : b);
document.title = 'outside by ' + worst.toFixed(3) + ' of ' + out.length + ' ' + what;
"""
ROOT = Path(__file__).resolve().parents[2]
COMMITTED = [path for path in sorted((ROOT / "docs").rglob("*.svg")) if path.parent.name != "pictures"]
DRAW = """
import sys
from pathlib import Path
import viz
from tests.viz.programs import EIGHT
for name, program in EIGHT.items():
    viz.draw(program()).save(Path(sys.argv[1]) / f"{name}.svg")
"""


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The SVGs of the documentation, and the eight programs laid out in two kinds of fonts."""
    found = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in COMMITTED}
    for fonts in ("liberation", "dejavu"):
        folder = tmp_path_factory.mktemp(fonts)
        if setting := only(FONTS[fonts], folder / "settings"):
            env = {**os.environ, **setting, "PYTHONPATH": os.pathsep.join(sys.path)}
            subprocess.run([sys.executable, "-c", DRAW, str(folder)], env=env, check=True, timeout=120)
            drawn = sorted(folder.glob("*.svg"))
            assert len(drawn) == len(EIGHT)
            found |= {f"{fonts}/{path.name}": path.read_text(encoding="utf-8") for path in drawn}
    assert len(found) > 15
    return found


@pytest.mark.skipif(not BROWSER, reason="no Chromium here: that no text leaves its frame in other fonts is not checked")
@pytest.mark.parametrize("fonts", FONTS)
def test_no_text_leaves_its_frame_in_other_fonts(fonts: str, pictures: dict[str, str], tmp_path: Path) -> None:
    """Nor is anything cut at the edge of a picture, of whatever font's machine it comes."""
    setting = only(FONTS[fonts], tmp_path / "settings")
    if not setting:
        pytest.skip(f"not all of {', '.join(FONTS[fonts])} here: what pictures look like in them is not checked")
    shown = "".join(f'<div id="{file}">{svg}</div>' for file, svg in pictures.items())
    page = tmp_path / "page.html"
    page.write_text(f"<meta charset=utf-8>{shown}<script>{MEASURE}</script>", encoding="utf-8")
    command = [str(BROWSER), "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path}", "--dump-dom"]
    env = {**os.environ, **setting, "HOME": str(tmp_path)}
    done = subprocess.run([*command, page.as_uri()], capture_output=True, text=True, timeout=120, env=env)
    found = re.search(r"<title>outside by (-?[\d.]+) of (\d+) (.*?)</title>", done.stdout)
    assert found and float(found[1]) <= 0.5 and int(found[2]) > 1000, found[0] if found else done.stderr[-300:]


# --- the chain --------------------------------------------------------------------------------------------


def test_there_is_always_a_chain() -> None:
    drawing = viz.draw(neuron())
    assert len(drawing.chains) == 1 and drawing.chains[0].source.name == "w1", "the largest derivative"
    assert "da/dw1 = ∂a/∂z · ∂z/∂w1 = (1 − a²) · x1 = 0.42 · 1 = 0.42" in drawing.svg
    assert "and 10 more: of=…" in drawing.svg and drawing.text.endswith("(and 10 more: of=…)")
    assert "more: of" not in viz.draw(neuron(), of="w1").text


def test_the_step_with_formulas() -> None:
    x0, theta, y = labelled(x0=2, theta_10=0.5, y=1)
    z = name(theta * x0, "z")
    a = name(z.sigmoid(), "a")
    L = name((y - a) ** 2, "L")
    text = viz.chain(L, theta).text
    assert text.startswith("dL/dθ₁₀ = ∂L/∂v1 · ∂v1/∂a · ∂a/∂z · ∂z/∂θ₁₀ = 2·v1 · (−1) · a·(1 − a) · x0 = ")
    assert r"\left(-1\right) \cdot a \cdot \left(1 - a\right) \cdot x_{0}" in viz.chain(L, theta).latex


def test_names_with_operators_keep_their_brackets() -> None:
    p, q = labelled(**{"p/q": 2, "x+1": 3})
    J = name(p * q, "J")
    assert viz.chain(J, p).text == "dJ/d(p/q) = ∂J/∂(p/q) = (x+1) = 3"
    (product,) = labelled(**{"a⊙b": 2})
    assert record(1 / product).nodes[-1].formula == "1/(a⊙b)"
    J.backward()
    assert "dJ/d(x+1) = dJ/dJ · ∂J/∂(x+1)" in viz.draw(J).text


# --- names and groups ---------------------------------------------------------------------------------------


def test_weights_are_called_as_lectures_call_them() -> None:
    graph = record(network())
    named = {node.name: node for node in graph.nodes}
    groups = {group.id: group for group in graph.groups}
    weight = named["w₂₁⁽¹⁾"]
    assert weight.short == "w₁" and weight.latex == "w_{21}^{(1)}"
    around = [groups[id].name for id in graph.around(weight.group)]
    assert around == ["neuron 2", "layer 1"]
    assert named["a₂⁽¹⁾"].formula == "tanh(z₂⁽¹⁾)"
    names = viz.lecture_names(nn.MLP(2, [2, 1], rng=0))
    assert list(names)[:3] == ["θ₁₁⁽¹⁾", "θ₁₂⁽¹⁾", "θ₁₀⁽¹⁾"]


def test_a_network_is_folded_by_neuron_in_order() -> None:
    drawing = viz.draw(network())
    folded = [node.short for node in drawing.drawn.nodes if node.gives]
    assert folded == ["neuron 1", "neuron 2", "neuron 3", "neuron 4", "neuron 1"]
    heights = [drawing.layout.places.nodes[n.id].y for n in drawing.drawn.nodes if n.gives][:4]
    assert heights == sorted(heights, reverse=True)
    total = {n.id: n.derivative for n in drawing.drawn.nodes}
    from viz.model import adjoints

    for id, found in adjoints(drawing.drawn).items():
        assert math.isclose(found, total[id], rel_tol=1e-9), "what arrows carry multiplies up to the gradients"


@pytest.mark.parametrize("again", [copy.deepcopy, lambda model: pickle.loads(pickle.dumps(model))])
def test_copies_of_networks_keep_their_names(again: Any) -> None:
    model = nn.MLP(2, [2, 1], "tanh", rng=0)
    x = labelled(x1=1, x2=-0.5)
    names = [[(n.name, n.short, n.kind) for n in record(m(x)).nodes] for m in (model, again(model))]
    assert sorted(names[0]) == sorted(names[1]) and ("w₂₁⁽¹⁾", "w₁", "input") in names[1]
    assert {g.name for g in record(again(model)(x)).groups} == {"layer 1", "layer 2", "neuron 1", "neuron 2"}


@pytest.mark.parametrize("direction", ["LR", "TB"])
@pytest.mark.parametrize("sizes", [(5, 1), (2, 2, 1)])
def test_weights_stand_in_order(sizes: tuple[int, ...], direction: Any) -> None:
    """They stood from the bias up to w₁, or w₂, w₁, b."""
    model = nn.MLP(sizes[0], sizes[1:], "tanh", rng=1)
    L = name((model(labelled(**{f"x{i}": 0.5 * i for i in range(1, sizes[0] + 1)})) - 1) ** 2, "L")
    L.backward()
    drawing = viz.draw(L, direction=direction, fold=False)
    boxes = drawing.layout.places.nodes
    weights = [node for node in drawing.drawn.inputs if node.group]
    assert len(weights) == len(model.parameters())
    for group in {node.group for node in weights}:
        inside = [node for node in weights if node.group == group]
        found = sorted(inside, key=lambda n: boxes[n.id].x if direction == "TB" else -boxes[n.id].y)
        assert [node.short for node in found] == [f"w{'₁₂₃₄₅'[i]}" for i in range(len(inside) - 1)] + ["b"]


@pytest.mark.parametrize("size", [5, 6, 8])
def test_neurons_stand_in_order(size: int) -> None:
    x = labelled(x1=1, x2=-0.5)
    drawing = viz.draw(nn.MLP(2, [size, 1], "tanh", rng=0)(x))
    neurons = [node for node in drawing.drawn.nodes if node.gives][:size]
    heights = [drawing.layout.places.nodes[node.id].y for node in neurons]
    assert [node.short for node in neurons] == [f"neuron {i}" for i in range(1, size + 1)]
    assert heights == sorted(heights, reverse=True)


def test_scopes_are_frames_and_fold() -> None:
    (x,) = labelled(x=0.5)
    with autograd.scope("twice"):
        y = (x * 2).tanh()
    J = name(y * 3, "J")
    J.backward()
    drawing = viz.draw(J)
    assert [group.name for group in drawing.graph.groups] == ["twice"] and ">twice</text>" in drawing.svg
    folded = fold(drawing.graph, {"g1"})
    (group,) = [node for node in folded.nodes if node.gives]
    (edge,) = [edge for edge in folded.edges if edge.target == group.id]
    assert edge.value == pytest.approx(2 * (1 - math.tanh(1.0) ** 2)) and group.note == "2 operations"


def test_folds_with_several_results_have_numbers() -> None:
    model = nn.MLP(2, [6, 6, 1], "tanh", rng=0)
    x1, x2 = labelled(x1=1, x2=-0.5)
    L = name((model([x1, x2]) - 1) ** 2, "L")
    L.backward()
    graph = record(L)
    layers = {group.id for group in graph.groups if group.parent is None}
    folded = fold(graph, layers)
    into = [e for e in folded.edges if folded.node(e.source).name == "x1"]
    assert len(into) == 1 and float((into[0].contribution or "").replace("−", "-")) == pytest.approx(x1.grad, rel=1e-3)
    several = [node for node in folded.nodes if node.gives == "6 results"]
    assert len(several) == 2 and all(len(node.derivative) == 6 and not node.accumulated for node in several)
    shares = next(e.contribution for e in folded.edges if e.source == several[0].id)
    numbers = [float(x) for x in re.findall(r"-?[\d.e-]+", str(shares).replace("−", "-"))]
    assert numbers == pytest.approx(several[0].derivative, rel=1e-3)


def test_repetition_is_found() -> None:
    (x,) = labelled(x=0.1)
    y: Any = x
    for _ in range(100):
        y = (y * 1.1 + 0.1).sigmoid()
    y.backward()
    drawing = viz.draw(y)
    assert any(re.match(r"\d+ × \(", node.short) for node in drawing.drawn.nodes) and len(drawing.drawn.nodes) < 20
    assert len(viz.draw(y, fold=False).drawn.nodes) == 301


def training(examples: int) -> Value:
    """The loss of a network over so many examples."""
    model = nn.MLP(2, [3, 1], "tanh", rng=0)
    total: Any = Value(0.0)
    for i in range(examples):
        total = total + (model([math.sin(i), math.cos(i)]) - 1) ** 2
    return name(total, "L")


def unlike(a: Any, b: Any) -> bool:
    return (a is None) != (b is None) or (a is not None and not math.isclose(a, b, rel_tol=1e-9))


@pytest.mark.parametrize("program", [lambda: training(40), lambda: deep(400), lambda: long_chain(300)])
def test_a_large_program_is_folded_as_a_small_one(program: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without being read; what is drawn, and what is said of it, is the same."""
    small = viz.draw(program())
    monkeypatch.setattr(viz.record.__globals__["Recording"], "graph", property(lambda self: pytest.fail("read")))
    monkeypatch.setitem(viz.record.__globals__, "DETAILED", 30)
    monkeypatch.setattr(viz.drawing, "DETAILED", 30)
    large = viz.draw(program())
    assert repr(large) == repr(small) and large.description == small.description
    assert [(n.id, n.name, n.formula, n.note) for n in large.drawn.nodes] == [
        (n.id, n.name, n.formula, n.note) for n in small.drawn.nodes
    ]
    for one, other in zip(large.drawn.nodes, small.drawn.nodes):
        assert one.value_stats == other.value_stats and one.value == other.value
        assert not unlike(one.derivative, other.derivative) if isinstance(other.derivative, float) else True
    ends = [[(e.id, e.source, e.target, e.name, e.position) for e in d.drawn.edges] for d in (large, small)]
    assert ends[0] == ends[1]
    assert not any(unlike(a.value, b.value) for a, b in zip(large.drawn.edges, small.drawn.edges))


def test_fifty_thousand_nodes_are_folded() -> None:
    (x,) = labelled(x=0.1)
    y: Any = x
    for _ in range(20_000):
        y = (y * 1.1 + 0.1).sigmoid()
    drawing = viz.draw(name(y, "y"))
    assert len(drawing.drawn.nodes) < 10 and "computed from 1 input by 60,000 operations" in drawing.svg
    group = next(node for node in drawing.drawn.nodes if node.members)
    assert len(group.members) > 59_000 and group.short.endswith(" × (mul, add, sigmoid)")


def test_a_graph_that_cannot_be_read_is_refused() -> None:
    rng = np.random.default_rng(0)
    values: list[Any] = labelled(a=0.3, b=0.7)
    rules = [lambda x, y: x * y, lambda x, y: x + y, lambda x, y: x.tanh(), lambda x, y: (x - y).sin()]
    for _ in range(4000):
        x, y = (values[-1 - int(rng.integers(min(len(values), 20)))] for _ in range(2))
        values.append(rules[int(rng.integers(4))](x, y))
    total = sum(values[-200:], Value(0.0))
    with pytest.raises(ValueError, match=r"cannot be read; put its parts into `with autograd.scope\(name\):`"):
        viz.draw(total)


def test_a_program_that_takes_long_to_read_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(viz.drawing, "READ", 0.001)
    with pytest.raises(ValueError, match=r"nodes with [\d,]+ inputs takes more than 0.001 s; draw an earlier result"):
        viz.draw(deep(600))
    assert len(viz.draw(deep(600), fold=False).drawn.nodes) > 400


def test_second_derivatives_are_called_so_and_have_no_seeds() -> None:
    graph = record(EIGHT["second_derivative"]())
    assert [node.name for node in graph.inputs] == ["x"]
    assert graph.nodes[-1].name == "d²y/dx²" and graph.title.startswith("d²y/dx² = ")
    assert graph.nodes[0].derivative_name == "d³y/dx³"


# --- several results ----------------------------------------------------------------------------------------


def test_several_results() -> None:
    model = nn.MLP(2, [3, 2, 2], "tanh", rng=0)
    x = labelled(x1=1, x2=-1)
    y1, y2 = model(x)
    y1.label, y2.label = "y1", "y2"
    (y1 + y2).backward()
    drawing = viz.draw([y1, y2])
    assert drawing.graph.differentiated == "(y1 + y2)" and len(drawing.graph.roots) == 2
    assert "Gradients are those of the sum y1 + y2; of_root= chooses one." in drawing.svg
    node = next(node for node in drawing.graph.nodes if node.name == "x1")
    assert node.derivative == pytest.approx(x[0].grad) and node.derivative_name == "d(y1 + y2)/dx1"
    one = viz.draw([y1, y2], of_root=y2).graph
    assert one.differentiated == "y2" and {n.name for n in one.nodes} == {n.name for n in drawing.graph.nodes}
    assert viz.draw(np.array([y1, y2], object)).graph.roots == drawing.graph.roots
    with pytest.raises(ValueError, match="of_root must be one of the 2 results"):
        viz.draw([y1, y2], of_root=5)
    t = Tensor([1.0, 2.0], label="t")
    assert len(viz.draw(t * t, scalars=True).graph.roots) == 2


def test_settings_that_cannot_be_are_refused() -> None:
    a, b = labelled(a=2, b=3)
    with pytest.raises(ValueError, match="seconds must be a positive number, not -1"):
        viz.draw(a * b, seconds=-1)
    with pytest.raises(ValueError, match="paths must be at least 1, not 0"):
        viz.chain(a * b, a, paths=0)
    nothing = Tensor(np.zeros((0, 3)), label="nothing")
    with pytest.raises(ValueError, match="made of an empty array"):
        viz.draw(np.sum(nothing * 2), scalars=True)
    assert "nothing = []" in viz.draw(np.sum(nothing * 2)).text


# --- step by step -----------------------------------------------------------------------------------------


def test_frames_tell_both_passes() -> None:
    a, b = labelled(a=2, b=3)
    J = name(a * b + a, "J")
    told = viz.frames(J)
    assert told.lines[1] == "v1 = a·b = 2·3 = 6"
    assert "dJ/da = 1 + dJ/dv1 · ∂v1/∂a = 1 + 1 · 3 = 4" in told.lines
    sizes = {re.search(r'width="[\d.]+" height="[\d.]+"', svg)[0] for svg in told.svgs}
    assert len(sizes) == 1 and "dJ/da = 1 + …" in "".join(told.svgs)
    assert "∂" not in re.sub("<(desc|title)>.*?</(desc|title)>", "", told.svgs[2], flags=re.S) and a.grad is None


def test_texts_of_frames_do_not_jump() -> None:
    """What stands in a node stands in its middle from the first step on."""
    found = [
        re.search(r'<g id="n2" class="node">.*?<text x="([\d.]+)"', svg, re.DOTALL)
        for svg in viz.frames(three()[0]).svgs
    ]
    starts = [float(match[1]) for match in found if match]
    assert len(starts) > 5 and max(starts) - min(starts) < 0.5


def test_frames_are_saved(tmp_path: Path) -> None:
    told = viz.frames(three()[0])
    assert [p.name for p in told.save(tmp_path / "J.svg")] == [f"J-{i:02}.svg" for i in range(1, len(told) + 1)]
    (gif,) = told.save(tmp_path / "J.gif")
    image = pytest.importorskip("PIL.Image").open(io.BytesIO(gif.read_bytes()))
    assert image.n_frames > 5
    (pdf,) = told.save(tmp_path / "J.pdf")
    assert len(pytest.importorskip("pypdf").PdfReader(pdf).pages) == len(told)
    with pytest.raises(ValueError, match="unknown format '.txt'; use one of .svg, .png, .pdf, .gif"):
        told.save(tmp_path / "J.txt")


def test_steps_on_the_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["J = a*b", "a=2", "b=3", "--steps", "-o", "J.svg"]) == 0
    assert "(5 files)" in capsys.readouterr().out and len(os.listdir()) == 5
    assert main(["J = a*b", "a=2", "b=3", "--steps"]) == 2


def test_files_unasked_for_and_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["J = a*b", "a=2", "b=3", "--latex"]) == 0 and os.listdir() == []
    assert main(["J = a*b", "a=2", "b=3"]) == 0 and "in place of" not in capsys.readouterr().out
    assert main(["J = a*b", "a=2", "b=3"]) == 0 and "in place of" not in capsys.readouterr().out
    assert main(["J = a*b", "a=2", "b=4"]) == 0 and "(in place of a different one)" in capsys.readouterr().out
    assert main(["J = " + "+".join(["a"] * 990), "a=1", "--forward", "-o", "J.txt"]) == 0


# --- for everyone -----------------------------------------------------------------------------------------


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_contrast() -> None:
    """WCAG 2.1: at least 4.5 to 1 for every text on every ground."""
    for text in (style.BLUE, style.RED, style.BLACK, style.GREY, style.FADED, style.WARNING):
        for ground in (style.WHITE, style.INPUT_GROUND, style.RESULT_GROUND):
            low, high = sorted((luminance(text), luminance(ground)))
            assert (high + 0.05) / (low + 0.05) >= 4.5, (text, ground)


@pytest.mark.parametrize("program", EIGHT)
def test_words_for_those_who_cannot_see_it(program: str) -> None:
    drawing = viz.draw(EIGHT[program]())
    assert drawing.title in drawing.description and "Largest derivatives: " in drawing.description
    assert f"<desc>{drawing.description.split(' ')[0]}" in drawing.svg
    bundle = drawing._repr_mimebundle_()
    assert bundle["text/html"].startswith('<div style="overflow-x: auto"><svg') and "<desc>" in bundle["text/html"]


# --- LaTeX ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("program", EIGHT)
def test_lines_of_latex_are_short(program: str) -> None:
    drawing = viz.draw(EIGHT[program]())
    for line in derivation(drawing.graph, drawing.chains).splitlines():
        assert width(line.replace("&", "")) < 100, line


def test_names_in_latex() -> None:
    assert latex_of("θ₁₀⁽¹⁾") == r"\theta_{10}^{(1)}" and latex_of("x_1^2") == r"\mathrm{x\_1\text{\textasciicircum}2}"
    (a,) = labelled(가중치=2)
    assert derivation(record(a * 2), []).startswith("% Hangul: compile with lualatex")


@pytest.mark.parametrize("engine", ["pdflatex", "lualatex"])
def test_latex_compiles_and_stays_on_the_page(engine: str, tmp_path: Path) -> None:
    if not shutil.which(engine):
        pytest.skip(f"no {engine} here: that derivations compile is not checked")
    parts = []
    for program in EIGHT:
        drawing = viz.draw(EIGHT[program]())
        parts.append(derivation(drawing.graph, drawing.chains))
    head = r"\documentclass[a4paper]{article}\usepackage[margin=1cm]{geometry}\usepackage{amsmath}\begin{document}"
    text = "\n\n".join([head, *parts, r"\end{document}"])
    (tmp_path / "all.tex").write_text(text, encoding="utf-8")
    command = [engine, "-interaction=nonstopmode", "all.tex"]
    env = {**os.environ, "HOME": str(tmp_path), "TEXMFVAR": str(tmp_path)}
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, errors="replace", timeout=240, env=env)
    assert done.returncode == 0, done.stdout[-2000:]
    wide = [float(x) for x in re.findall(r"Overfull \\hbox \(([\d.]+)pt", done.stdout)]
    assert max(wide, default=0.0) <= 5
