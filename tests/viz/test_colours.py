"""Frames that say how large a gradient or value is, or what kind of operation stands there."""

from __future__ import annotations

import re

import numpy as np
import pytest

import viz
from autograd import Tensor, Value
from tests.viz.programs import dead_units, labelled, long_chain, three
from tests.viz.test_still import places
from viz.colours import KINDS, SHADES, WIDTHS, legend, marked
from viz.record import record


def luminance(colour: str) -> float:
    """Relative luminance, as WCAG 2.1 defines it."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_larger_gradients_have_thicker_and_darker_frames() -> None:
    graph = record(long_chain())
    marks = marked(graph, "gradient")
    order = sorted(graph.nodes, key=lambda node: abs(node.derivative))
    widths = [marks[node.id].width for node in order]
    assert widths == sorted(widths) and set(widths) == set(WIDTHS)
    lights = [luminance(marks[node.id].colour) for node in order]
    assert lights == sorted(lights, reverse=True)


def test_steps_are_powers_of_ten() -> None:
    graph = record([Value(x, label=f"x{i}") * 1 for i, x in enumerate((1e-3, 1e-2, 0.02, 1.0))])
    marks = {node.name: marked(graph, "value")[node.id].width for node in graph.nodes if node.kind == "input"}
    assert marks == {"x0": 1, "x1": 1, "x2": 2, "x3": 3}
    assert legend(graph, "value")[0].text.endswith("0.001 … 0.01 … 0.1 … 1")


def test_zero_and_nan_have_frames_of_their_own() -> None:
    a, b = labelled(a=0, b=-1)
    J = a * 2 + b.log()
    graph = record(J)
    marks = {graph.node(id).name: mark for id, mark in marked(graph, "value").items()}
    assert marks["a"].dashes == "DOTTED" and marks["v2"].dashes == "DASHED"
    assert "dotted: exactly 0; brown, dashed: not finite" in legend(graph, "value")[0].text


def test_kinds_are_told_apart_without_colours() -> None:
    assert len({(mark.width, mark.dashes) for mark in KINDS.values()}) == len(KINDS)
    drawing = viz.draw(dead_units(), colour="kind")
    shown = [line for line in drawing.svg.splitlines() if "linear map" in line or "function of each number" in line]
    assert len(shown) == 2
    told = {node.rule: marked(drawing.graph, "kind")[node.id] for node in drawing.graph.nodes}
    assert told["matmul"] == KINDS["linear map"] and told["np.mean"] == KINDS["reduction"]
    assert told[None] == KINDS["input"] and told["maximum"] == KINDS["function of each number"]


@pytest.mark.parametrize("colour", ["gradient", "value", "kind"])
def test_texts_of_the_legend_can_be_read(colour: str) -> None:
    for line in legend(record(dead_units()), colour):
        assert 1.05 / (luminance(line.colour) + 0.05) >= 4.5


def test_shades_differ_in_grey() -> None:
    for shades in SHADES.values():
        steps = [luminance(shade) for shade in shades]
        assert all(a > 1.5 * b for a, b in zip(steps, steps[1:]))


def test_everything_stays_in_its_place() -> None:
    J = long_chain()
    expected = places(viz.draw(J, colour="gradient").svg)
    assert len(expected) == len(record(J).nodes)
    assert places(viz.draw(J, colour="gradient", show="forward").svg) == expected


def test_before_a_backward_pass_there_is_nothing_to_tell() -> None:
    graph = record(Value(2.0, label="a") * 3)
    assert marked(graph, "gradient") == {} and "none yet" in legend(graph, "gradient")[0].text


def test_colours_that_are_none() -> None:
    J = three()
    with pytest.raises(ValueError, match="colour must be one of 'gradient', 'value', 'kind', not 'red'"):
        viz.draw(J[0] if isinstance(J, tuple) else J, colour="red")


def test_arrays_by_their_largest_number() -> None:
    graph = record(np.sum(Tensor([[1e-4, -100.0]] * 9, label="x") * 1e-3))
    widths = {node.name: marked(graph, "value")[node.id].width for node in graph.nodes}
    assert widths["x"] > widths["v1"]
    assert re.search("thicker and darker", viz.draw(Tensor([1.0, 20.0]) * 2, colour="value").svg)
