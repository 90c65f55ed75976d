"""The titles of frames stand where nothing runs through them."""

from __future__ import annotations

import pytest

import autograd
import viz
from autograd import Value
from examples.programs.pictures import labelled
from viz.geometry import Box, Curve, Places, Title
from viz.labels import meetings
from viz.titles import HEIGHT, SIDE, titled, width

FRAME = Box(100, 50, 80, 100)
NODE = Box(100, 40, 60, 60)


def straight(x1: float, y1: float, x2: float, y2: float) -> Curve:
    steps = [(x1 + (x2 - x1) * i / 3, y1 + (y2 - y1) * i / 3) for i in range(4)]
    return Curve(tuple(steps))


def around(*arrows: Curve, nodes: dict[str, Box] | None = None) -> Places:
    """A frame around a node, with room beside it in a picture of 200 by 200 points."""
    corners = {"left": Box(5, 195, 10, 10), "right": Box(195, 5, 10, 10)}
    curves = {f"e{i}f": arrow for i, arrow in enumerate(arrows)}
    return Places({"n": NODE, **corners, **(nodes or {})}, curves, {}, {"g": [FRAME]})


def test_a_title_stands_at_the_upper_left_where_it_is_free() -> None:
    found = titled(around(), {"g": "layer 1"})
    (title,) = found.titles["g"]
    assert found.groups["g"] == [FRAME]
    assert (title.text, title.box.left, title.box.top) == ("layer 1", FRAME.left, FRAME.top)
    assert title.box == (title.box.x, title.box.y, width("layer 1"), HEIGHT)


def test_it_moves_aside_from_an_arrow_in_its_frame() -> None:
    found = titled(around(straight(70, 190, 75, 70)), {"g": "a"})
    (title,) = found.titles["g"]
    assert found.groups["g"] == [FRAME] and title.box.left > 70 - SIDE and title.box.right <= FRAME.right


def test_a_frame_gets_wider_for_a_title_that_is_as_wide_as_itself() -> None:
    name = "a long title"
    assert FRAME.width * 0.8 < width(name) < FRAME.width
    for x, side in ((90, 1), (110, -1)):
        found = titled(around(straight(x, 190, x, 70)), {"g": name})
        (frame,), (title,) = found.groups["g"], found.titles["g"]
        assert frame.width > FRAME.width and (frame.y, frame.height) == (FRAME.y, FRAME.height)
        assert side * (title.box.x - x) > title.box.width / 2 - SIDE, "beside the arrow"
        assert frame.left <= title.box.left and title.box.right <= frame.right
        assert frame.left <= FRAME.left and FRAME.right <= frame.right


def test_it_gets_no_wider_where_something_stands() -> None:
    beside = {"m": Box(160, 40, 20, 60), "k": Box(40, 40, 20, 60)}
    found = titled(around(straight(100, 190, 100, 70), nodes=beside), {"g": "a long title"})
    assert found.groups["g"] == [FRAME]


def test_a_title_is_cut_where_its_frame_is_narrow_and_only_there() -> None:
    whole, cut = "a long title", "a rather longer title"
    assert titled(around(), {"g": whole}).titles["g"][0].text == whole
    (title,) = titled(around(), {"g": cut}).titles["g"]
    assert title.text.endswith("…") and cut.startswith(title.text[:-1]) and len(title.text) > 8
    assert width(title.text) <= FRAME.width


def test_the_second_frame_of_a_group_says_that_it_is_one() -> None:
    places = Places({"n": NODE}, {}, {}, {"g": [FRAME, Box(100, -100, 120, 60)]})
    assert [title.text for title in titled(places, {"g": "layer 1"}).titles["g"]] == ["layer 1", "layer 1 (continued)"]


def test_meetings_count_arrows_through_titles_apart() -> None:
    places = Places({}, {"e1f": straight(0, 10, 200, 10)}, {}, {"g": [FRAME]}, {"g": [Title("a", Box(60, 10, 60, 20))]})
    assert meetings(places, {"e1f": ("a", "b")}) == (0, 1)


@pytest.mark.parametrize("direction", ["LR", "TB"])
def test_no_arrow_runs_through_the_title_above_one_node(direction: viz.drawing.Direction) -> None:
    a, b, c = labelled(a=1, b=2, c=3)
    u, v = a * b, b + c
    with autograd.scope("a rather long title"):
        w = u * v
    J: Value = w * a
    J.backward()
    drawing = viz.draw(J, direction=direction)
    found = drawing.layout.places
    ends = {f"{e.id}{way}": (e.source, e.target) for e in drawing.drawn.edges for way in "fb"}
    assert [title.text for title in found.titles["g1"]] == ["a rather long title"]
    assert meetings(found, ends)[1] == 0
