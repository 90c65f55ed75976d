"""Graphs as files of data: what is loaded is what was saved, and can be drawn, stepped through and compared."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd
import viz
from autograd import Tensor, Value
from tests.viz.page.programs import program
from tests.viz.programs import EIGHT, deep, network, three
from viz.cli import main
from viz.datafile import dumps, loads


def again(graph: viz.Graph, found: Any = ()) -> viz.Graph:
    return loads(json.loads(dumps(graph, found))).graph


def same(a: viz.Graph, b: viz.Graph) -> bool:
    """Equal, and nan where nan is."""
    return repr(a) == repr(b)


@pytest.mark.parametrize("name", EIGHT)
def test_round_trip(name: str, tmp_path: Path) -> None:
    root = EIGHT[name]()
    drawing = viz.draw(root)
    loaded = viz.load(drawing.save(tmp_path / "J.json"))
    assert same(loaded.graph, drawing.graph)
    assert loaded.found == list(viz.findings(root))
    other = viz.draw(loaded)
    assert other.source == drawing.source and other.text == drawing.text and other.svg == drawing.svg
    page = viz.page(loaded).html
    if any(node.shape for node in drawing.graph.nodes):  # what is behind arrays is run again, which a file cannot be
        assert '"numbers":null' in page and "it was not recorded here" in page
    else:
        assert page == viz.page(root).html
    assert list(viz.frames(loaded).lines) == list(viz.frames(root).lines)


@given(st.integers(0, 10_000))
@settings(max_examples=25)
def test_round_trip_of_any_program(seed: int) -> None:
    graph = viz.record(program(seed)[0])
    assert same(again(graph), graph)


@given(st.text(min_size=1, max_size=20), st.floats())
@settings(max_examples=40)
def test_round_trip_of_any_label_and_number(label: str, number: float) -> None:
    graph = viz.record(Value(number, label=label) * 2)
    assert same(again(graph), graph)


def test_round_trip_of_what_is_no_number() -> None:
    x = Tensor([1.0, 2.0, math.nan, -math.inf], label="x")
    graph = viz.record(np.sum(np.abs(np.fft.fft(x) * 2)))
    assert "complex" in dumps(graph) and '"float":"nan"' in dumps(graph)
    assert same(again(graph), graph)


def test_groups_and_lines_and_failures_are_kept() -> None:
    graph = viz.record(network())
    assert graph.groups and same(again(graph), graph)
    with autograd.source_lines():
        J = Value(2.0, label="a") * 3
    assert again(viz.record(J)).nodes[1].line == viz.record(J).nodes[1].line is not None
    try:
        Tensor(np.ones((4, 3))) @ Tensor(np.ones((4, 2)))
    except ValueError as error:
        failed = viz.draw(error).graph
    assert same(again(failed), failed) and again(failed).failed is not None


def test_it_is_by_columns_and_small() -> None:
    J = deep(5000)
    text = dumps(viz.record(J))
    assert len(text) < len(json.dumps(viz.record(J).to_dict())) / 4
    data = json.loads(text)
    assert data["format"] == "gradgraph" and data["version"] == 1 and data["nodes"]["count"] == len(viz.record(J).nodes)


def test_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "J.json"
    assert main(["J = a*b + a", "a=2", "b=3", "-o", str(target)]) == 0
    first = capsys.readouterr().out
    assert main([str(target), "-o", str(tmp_path / "J.svg")]) == 0
    assert capsys.readouterr().out.rpartition("\n\n")[0] == first.rpartition("\n\n")[0]
    assert (tmp_path / "J.svg").read_text(encoding="utf-8").startswith("<svg")
    assert main([str(target), "a=3"]) == 2 and "own values" in capsys.readouterr().err
    assert main([str(tmp_path / "K.json")]) == 2 and "K.json" in capsys.readouterr().err


def test_of_and_colour_work_on_what_is_loaded(tmp_path: Path) -> None:
    J, _ = three()
    loaded = viz.load(viz.draw(J).save(tmp_path / "J.json"))
    assert viz.draw(loaded, of="b", colour="gradient").source == viz.draw(J, of="b", colour="gradient").source
    with pytest.raises(ValueError, match="zz is not in the graph"):
        viz.draw(loaded, of="zz")


@pytest.mark.parametrize(
    "text, why",
    [("", "not a graph"), ("[1]", "not a graph"), ("{}", "not a graph"), ("\x00", "not a graph"),
     ('{"format": "gradgraph", "version": 99}', "version 99"), ('{"format": "gradgraph"}', "version None"),
     ('{"format": "gradgraph", "version": 1}', "damaged")],
)  # fmt: skip
def test_refuses_what_is_something_else(text: str, why: str, tmp_path: Path) -> None:
    path = tmp_path / "J.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=why):
        viz.load(path)


@pytest.mark.parametrize("roots", [[99], [-1], []])
def test_nodes_that_are_not_there_are_damage(roots: list[int], tmp_path: Path) -> None:
    J, _ = three()
    path = Path(viz.draw(J).save(tmp_path / "J.json"))
    path.write_text(json.dumps({**json.loads(path.read_text(encoding="utf-8")), "roots": roots}), encoding="utf-8")
    with pytest.raises(ValueError, match="damaged"):
        viz.load(path)


def test_other_pictures_are_no_data(tmp_path: Path) -> None:
    from autograd import nn

    with pytest.raises(ValueError, match="unknown format '.json'"):
        viz.draw_network(nn.MLP(2, [1], rng=0)).save(tmp_path / "N.json")


def test_a_large_file_is_written_only_when_asked_for(tmp_path: Path) -> None:
    x = y = Value(0.5, label="x")
    for _ in range(10_000):
        y = sum([y, x, x, x, x, x, x, x, x], start=y * 1.0)
    with pytest.raises(ValueError, match=r"a file of data of .* has about \d+ MB; .*fold=False"):
        viz.draw(y).save(tmp_path / "y.json")
    assert not any(tmp_path.iterdir())
