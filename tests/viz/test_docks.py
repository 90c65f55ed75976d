"""Many arrows from some nodes into some others: each has its dock, and its label there."""

from __future__ import annotations

from typing import Any

import pytest

import viz
from autograd import Value, dot, nn
from tests.viz.programs import labelled, name, network, neuron
from viz import docks
from viz.geometry import Box, Curve, Places
from viz.labels import bunched, meetings
from viz.record import record


def ends(drawing: viz.Drawing) -> dict[str, tuple[str, str]]:
    return {f"{e.id}{way}": (e.source, e.target) for e in drawing.drawn.edges for way in "fb"}


@pytest.mark.parametrize("direction", ["LR", "TB"])
@pytest.mark.parametrize("program", [network, neuron])
def test_arrows_into_a_layer_do_not_bunch(program: Any, direction: Any) -> None:
    """Before there were docks, 282 and 1,600 points of the network's arrows ran upon others, 500 and 1,900 of the
    neuron's."""
    drawing = viz.draw(program(), direction=direction)
    found = drawing.layout.places
    assert bunched(found, ends(drawing)) < 100 and meetings(found, ends(drawing)) == (0, 0)


def test_labels_stand_between_their_arrows_before_the_node() -> None:
    drawing = viz.draw(neuron(), direction="LR")
    found = drawing.layout.places
    (z,) = (node.id for node in drawing.drawn.nodes if node.name == "z")
    into = [edge for edge in drawing.drawn.edges if edge.target == z]
    assert len(into) == 11
    for edge in into:
        label, there, back = found.labels[f"{edge.id}b"], found.arrows[f"{edge.id}f"], found.arrows[f"{edge.id}b"]
        assert there.end and back.start and label.right < found.nodes[z].left
        assert there.end[0] == back.points[-1][0] == found.nodes[z].left
        assert there.end[1] > label.top - 4 and back.points[-1][1] < label.bottom + 4, "one above it, one below"
        assert found.nodes[z].bottom < back.points[-1][1] < there.end[1] < found.nodes[z].top
    order = sorted(into, key=lambda edge: -found.nodes[edge.source].y)
    heights = [found.labels[f"{edge.id}b"].y for edge in order]
    assert heights == sorted(heights, reverse=True), "in the order of where they come from"


def test_frames_end_before_the_labels_of_the_arrows_into_them() -> None:
    for direction in ("LR", "TB"):
        drawing = viz.draw(network(), direction=direction)
        found = drawing.layout.places
        for frame in (box for boxes in found.groups.values() for box in boxes):
            for label in found.labels.values():
                aside = abs(label.x - frame.x) >= (label.width + frame.width) / 2 - 6
                assert aside or abs(label.y - frame.y) >= (label.height + frame.height) / 2 - 3


def test_inputs_above_a_neuron_stand_in_two_rows_where_one_would_be_too_wide() -> None:
    drawing = viz.draw(neuron(), direction="TB")
    found = drawing.layout.places
    rows = {round(found.nodes[node.id].y) for node in drawing.drawn.inputs}
    assert len(rows) == 2
    few = viz.draw(neuron(2), direction="TB")
    assert len({round(few.layout.places.nodes[node.id].y / 9) for node in few.drawn.inputs}) == 1


def test_which_nodes_get_docks() -> None:
    a, b, c = labelled(a=1, b=2, c=3)
    assert not docks.docking(record(a * b + c))
    assert len(docks.docking(record((a * b) * (a + b) * (a - b)))) == 3, "six arrows from the same two"
    assert not docks.docking(record((a * b) * (a + b) * (b - c))), "from others, and few"
    assert not docks.docking(record(sum((a * i).tanh() for i in range(2, 9)) + c)), "from one node nothing crosses"
    model = nn.MLP(2, [3, 2], rng=0)
    drawing = viz.draw(sum(model([a, b]), Value(0.0)))
    docked = docks.docking(drawing.drawn)
    assert len(docked) == 5, "three neurons with two arrows each, and two with three"


def test_arrows_upon_others_are_measured() -> None:
    def line(y: float, y2: float) -> Curve:
        return Curve(tuple((40.0 * i, y + (y2 - y) * i / 3) for i in range(4)))

    nodes = {"a": Box(-100, 0, 20, 20), "b": Box(300, 0, 20, 20)}
    pair = {"e1f": ("a", "b"), "e2f": ("a", "b")}
    assert bunched(Places(nodes, {"e1f": line(0, 0), "e2f": line(20, 20)}), pair) == 0
    assert 160 < bunched(Places(nodes, {"e1f": line(0, 0), "e2f": line(0.5, 0.5)}), pair) < 260, "120 of each"
    assert bunched(Places(nodes, {"e1f": line(0, 40), "e2f": line(40, 0)}), pair) == 0, "they only cross"
    near = {"a": Box(0, 0, 20, 20), "b": Box(120, 0, 20, 20)}
    assert bunched(Places(near, {"e1f": line(0, 0), "e2f": line(0.5, 0.5)}), pair) < 120, "where they start and end"


@pytest.mark.parametrize("direction", ["LR", "TB"])
def test_an_input_that_is_used_twice_has_two_docks(direction: Any) -> None:
    xs = labelled(**{f"x{i}": i + 1.0 for i in range(5)})
    J = name(dot(xs, xs), "J")
    J.backward()
    drawing = viz.draw(J, direction=direction)
    assert len(drawing.drawn.edges) >= 5 and meetings(drawing.layout.places, ends(drawing))[0] == 0


@pytest.mark.parametrize("direction", ["LR", "TB"])
@pytest.mark.parametrize("size", [4, 5])
def test_inputs_beside_a_frame_stay_off_the_weights_in_it(size: int, direction: Any) -> None:
    model = nn.MLP(size, [1], "tanh", rng=0)
    J = name((model(labelled(**{f"x{i}": 0.3 * i for i in range(1, size + 1)})) - 1) ** 2, "J")
    J.backward()
    drawing = viz.draw(J, direction=direction)
    found = drawing.layout.places
    boxes = list(found.nodes.values())
    for i, a in enumerate(boxes):
        for b in boxes[:i]:
            assert abs(a.x - b.x) >= (a.width + b.width) / 2 - 3 or abs(a.y - b.y) >= (a.height + b.height) / 2 - 3
    assert meetings(found, ends(drawing)) == (0, 0)
