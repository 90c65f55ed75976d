"""The page as a file: alone, small, closed to the outside, and the same picture as the one that stands still."""

from __future__ import annotations

import base64
import hashlib
import json
import math
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import viz
from autograd import Elementwise, Tensor, Value, cos, register
from autograd.rules.table import RULES
from autograd.rules.typeset import Notation
from tests.viz.programs import EIGHT, three
from viz.cli import main
from viz.model import Edges
from viz.page.columns import Columns
from viz.page.places import _corners


def data_of(html: str) -> Any:
    return json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', html)[1])


def test_is_small_and_asks_for_nothing() -> None:
    html = viz.page(three()[0]).html
    assert len(html.encode()) <= 100_000
    assert not re.search(r"""(?:src|href)=["'](?!#)|url\(|@import|fetch\(|XMLHttpRequest""", html)


def test_hashes_are_those_of_what_it_holds() -> None:
    html = viz.page(three()[0]).html
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', html)[1]
    assert policy.startswith("default-src 'none';") and "unsafe" not in policy
    for tag in ("script", "style"):
        content = re.search(rf"<{tag}>(.*?)</{tag}>", html, re.DOTALL)[1]
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy


@pytest.mark.parametrize(
    "label", ["</script><script>alert(1)</script>", "<!--", "\u2028", "'\"&<b>", "\x00\x1b", "\ud800"]
)
def test_labels_stay_data(label: str, tmp_path: Path) -> None:
    a = Value(2, label=label)
    path = tmp_path / "J.html"
    viz.page(a * 3, path)
    html = path.read_text(encoding="utf-8")
    assert html.count("</script>") == 2 and "<b>" not in html


@pytest.mark.parametrize("name", EIGHT)
def test_everything_stands_where_the_still_picture_has_it(name: str) -> None:
    page = viz.page(EIGHT[name](), fold=False)
    drawing = page.drawing
    picture, places = data_of(page.html)["picture"], drawing.layout.places
    bounds = places.bounds
    for (x, y, width, height), node in zip(picture["boxes"], drawing.drawn.nodes):
        box = places.nodes[node.id]
        assert (x, y) == pytest.approx((box.x - bounds.left, bounds.top - box.y), abs=0.06)
        assert (width, height) == pytest.approx((box.width, box.height), abs=0.06)
    assert [x or "v" for x in data_of(page.html)["nodes"]["name"]] == [
        "v" if re.fullmatch(r"v\d+", node.name) else node.name for node in drawing.graph.nodes
    ]


def test_save_html_is_the_live_page_and_draw_can_show_it(tmp_path: Path) -> None:
    J, _ = three()
    drawing = viz.draw(J)
    assert "live.start" in drawing.save(tmp_path / "J.html").read_text(encoding="utf-8")
    assert "<iframe" not in drawing._repr_mimebundle_()["text/html"]
    bundle = viz.draw(J, interactive=True)._repr_mimebundle_()
    assert "<iframe" in bundle["text/html"] and "sandbox=" in bundle["text/html"]
    assert bundle["image/svg+xml"] == drawing.svg and bundle["text/plain"] == drawing.text


def test_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "J.html"
    assert main(["J = a*b + a", "a=2", "b=3", "--of", "a", "-o", str(target)]) == 0
    assert data_of(target.read_text(encoding="utf-8"))["start"] == {"show": "both", "of": 0}


def test_refuses_another_ending(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"\.html"):
        viz.page(three()[0], tmp_path / "J.svg")


def test_what_is_not_in_the_table_keeps_its_value_and_says_so() -> None:
    known = Elementwise("tripled", lambda x: 3 * x, lambda x: 3 * x, lambda y, x: 3)
    strange = Elementwise("tanh", lambda x: 5 * x, lambda x: 5 * x, lambda y, x: 5)
    register(known)
    try:
        columns = Columns(viz.record(strange(known(Value(2.0, label="a")))))
    finally:
        del RULES["tripled"]
    args, reasons = columns.data["nodes"]["args"], [rule.get("reason") for rule in columns.data["rules"]]
    # The rule of one's own that is called tanh is not computed as tanh.
    assert args == [None, None, None]
    assert "javascript=" in reasons[0]


def test_columns_are_small() -> None:
    a = Value(0.5, label="a")
    y = a
    for _ in range(5000):
        y = (y * 1.01).tanh()
    text = json.dumps(Columns(viz.record(y)).data, separators=(",", ":"))
    assert len(text) < 56 * 10_001


def test_arrays_are_told_not_computed() -> None:
    data = Columns(viz.record(Tensor([1.0, 2.0], label="x") * 2.0)).data
    assert not data["scalar"] and data["nodes"]["value"] == [None, None]
    assert data["nodes"]["told"]["0"][0] == ["[1, 2]"]


def test_a_notation_of_ones_own_is_left_to_python() -> None:
    class Reversed(Notation):
        def write(self, operands: Any, style: Any) -> str:
            return "".join(map(str, operands))[::-1]

    rule = Elementwise("backwards", math.sin, np.sin, lambda y, x: cos(x), notation=Reversed("{0}"))
    register(rule)
    try:
        data = Columns(viz.record(rule(Value(2.0, label="ab")))).data
    finally:
        del RULES["backwards"]
    assert data["rules"][0]["notation"] is None and "1" in data["nodes"]["worked"]
    assert data["nodes"]["args"] == [None, [0]]


def test_refuses_a_format_that_the_page_does_not_know() -> None:
    with pytest.raises(ValueError, match="cannot write numbers"):
        Columns(viz.record(Value(2.0) * 3), ".3,f")


def test_a_large_graph_has_the_formulas_of_what_is_drawn_of_it() -> None:
    y = Value(0.5, label="x")
    for _ in range(1600):
        y = (y * 1.01).tanh()
    data = data_of(viz.page(y).html)
    (root,) = data["roots"]
    assert data["nodes"]["formula"][str(root)].startswith("tanh(") and data["scalar"]
    # What the still picture shows as one node, a repetition, is a closed group.
    assert data["groups"][0] == ["1599 × (mul, tanh)", -1, 1, 3198] and data["open"] == []


def test_arrows_of_straight_lines_are_written_by_their_corners() -> None:
    a, b, c = (0.0, 0.0), (10.0, 0.0), (10.0, 5.0)
    assert _corners((a, a, (4.0, 0.0), (4.0, 0.0), (4.0, 0.0), b, b, b, c, c)) == [a, b, c]
    assert _corners((a, (3.0, 9.0), (7.0, 9.0), b)) is None


def test_a_page_that_takes_long_is_refused_and_a_notebook_shows_the_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    y = Value(0.5, label="x")
    for _ in range(40):
        y = y.tanh()
    monkeypatch.setattr("viz.drawing.writing_a_page", lambda outline: 7.0)
    with pytest.raises(ValueError, match=r"a page of 41 nodes with 40 inputs takes about 7 s .* fold=False"):
        viz.page(y)
    assert "<iframe" not in str(viz.draw(y, interactive=True)._repr_mimebundle_())
    assert viz.page(y, fold=False).html


def test_a_large_page_has_what_the_operands_do_not_tell() -> None:
    """Of a program that is read in outline, edges stand in the page where they say more than what a node is made of."""
    total = Value(0.0)
    for i in range(1200):
        total = total + Value(0.1 * i) * 2.0
    made = viz.page(total)
    columns = Columns(made.drawing.graph)
    assert isinstance(made.drawing.graph.edges, Edges) and len(made.drawing.graph.edges) == 3600
    assert columns.scalar and not columns.data["edges"]["into"] and not columns.data["edges"]["value"]
    assert len(columns.edges) < 100
    arguments = columns.data["nodes"]["args"]
    ends = [(x, i) for i, operands in enumerate(arguments) for x in operands or () if isinstance(x, int)]
    assert ends == list(zip(*made.drawing.graph.ends))
    last, brief = made.drawing.graph.edges[-1], viz.record(total).edges[3599]
    assert last.formula == "1" and brief.formula is None and (last.name, last.value) == (brief.name, brief.value)
