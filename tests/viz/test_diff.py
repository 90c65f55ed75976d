"""Two recordings of one program as one picture."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import viz
from autograd import Tensor, Value, nn, relu
from tests.viz.programs import labelled, name


def run(b: float, weight: float = 3) -> Value:
    """J = weight·(a + b·c)."""
    a, b, c = labelled(a=5, b=b, c=2)
    J = name((a + b * c) * weight, "J")
    J.backward()
    return J


def was(drawing: viz.Drawing) -> dict[str, tuple[str, str]]:
    return {node.name: (node.was, node.derivative_was) for node in drawing.graph.nodes}


def test_what_differs_says_what_it_was() -> None:
    drawing = viz.diff(run(3), run(2.5))
    assert was(drawing) == {
        "a": ("", ""),
        "b": ("3", ""),
        "c": ("", "9"),
        "v1": ("6", ""),
        "v2": ("11", ""),
        "J": ("33", ""),
    }
    assert "dJ/dc = 7.5 (was 9)" in drawing.svg and "30 (was 33)" in drawing.svg
    assert "values differ at 4 of 6 nodes, derivatives at 1" in drawing.graph.remark
    assert drawing.svg.count("Compared with another recording") == 1
    assert "J  = v2·3   = 30 (was 33)" in drawing.text and "= 7.5 (was 9)" in drawing.text


def test_frames_tell_values_from_derivatives() -> None:
    drawing = viz.diff(run(3), run(2.5))
    marks = {drawing.graph.node(id).name: mark for id, mark in drawing.view.marks.items()}
    assert set(marks) == {"b", "c", "v1", "v2", "J"}
    assert marks["c"].dashes == "DASHED" and {marks[x].dashes for x in ("b", "v1", "v2", "J")} == {""}
    assert viz.diff(run(3), run(2.5), colour="value").view.marks.keys() == set(drawing.graph.names.values())


def test_equal_runs_are_the_usual_picture() -> None:
    drawing = viz.diff(run(3), run(3))
    assert not drawing.view.marks and "(was" not in drawing.svg
    assert "differ at 0 of 6 nodes, derivatives at 0." in drawing.graph.remark


def test_rounding_is_no_difference_and_nan_is_nan() -> None:
    assert not viz.diff(run(3), run(3 * (1 + 1e-15))).view.marks
    assert viz.diff(run(3), run(3 * (1 + 1e-6))).view.marks
    assert not viz.diff(run(math.nan), run(math.nan)).view.marks
    assert was(viz.diff(run(0), run(1e-300)))["b"] == ("0", "")
    assert was(viz.diff(run(math.inf), run(1)))["b"] == ("inf", "")


def test_files_are_compared(tmp_path: Path) -> None:
    here = viz.draw(run(3)).save(tmp_path / "before.json")
    there = viz.draw(run(2.5)).save(tmp_path / "after.json")
    drawing = viz.diff(viz.load(here), viz.load(there))
    assert was(drawing) == was(viz.diff(run(3), run(2.5)))
    assert was(viz.diff(viz.load(here), run(2.5))) == was(drawing)
    assert was(viz.draw(viz.load(drawing.save(tmp_path / "both.json")))) == was(drawing)


def test_of_and_groups() -> None:
    def loss(x: float) -> Value:
        net = nn.MLP(3, [3, 1], "tanh", rng=0)
        found = name((net([Value(x, label="x"), Value(1.0), Value(2.0)]) - 1) ** 2, "L")
        found.backward()
        return found

    assert viz.diff(run(3), run(2.5), of="c").text.rstrip().splitlines()[-1].startswith("  dJ/dc = ")
    drawing = viz.diff(loss(0.5), loss(0.7))
    assert drawing.view.marks and drawing.svg


def test_a_closed_group_in_which_something_differs_is_marked() -> None:
    def loss(x: float) -> Value:
        net = nn.MLP(60, [10, 1], "tanh", rng=0)
        return name((net([Value(x * i) for i in range(60)]) - 1) ** 2, "L")

    drawing = viz.diff(loss(0.1), loss(0.2))
    folded = [node for node in drawing.drawn.nodes if node.members]
    assert folded and any(node.id in drawing.view.marks for node in folded)


def test_arrays_are_compared_by_what_is_shown() -> None:
    def program(scale: float) -> Tensor:
        x = Tensor(np.arange(8.0) * scale, label="x")
        small = Tensor([1.0, scale], label="s")
        return name(np.sum(x) * np.sum(small), "L")

    found = was(viz.diff(program(1.0), program(2.0)))
    assert found["s"][0] == "[1, 1]" and found["x"][0].startswith("0 … 7, mean 3.5")


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (lambda: name(run(3) * 2, "J"), "of 6 and 7 nodes"),
        (lambda: name((Value(5, label="a") - Value(3) * Value(2)) * 3, "J"), "add .* sub|is .* in one"),
        (lambda: Value(1), "nodes"),
    ],
)
def test_two_programs_are_refused(other: Any, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        viz.diff(run(3), other())


def test_other_wiring_is_refused() -> None:
    a, b = labelled(a=1, b=2)
    c, d = labelled(a=1, b=2)
    with pytest.raises(ValueError, match="not made from the same nodes"):
        viz.diff(relu(a) * b + a, relu(c) * d + d)


def test_large_programs(tmp_path: Path) -> None:
    def chain(x: float) -> Value:
        y = Value(x, label="x")
        for _ in range(1600):
            y = (y * 1.01).tanh()
        return name(y, "J")

    drawing = viz.diff(chain(0.5), chain(0.6))
    assert "values differ at " in drawing.graph.remark and drawing.view.marks
    assert "was" in drawing.save(tmp_path / "J.html").read_text(encoding="utf-8")
