"""The groups that a page can open: a tree in which no level is too long, and in which nothing is lost."""

from __future__ import annotations

from collections import Counter

import pytest

import viz
from autograd import Value
from tests.viz.page.test_groups import layers, operators
from tests.viz.programs import deep, name, network
from viz.page.parts import CHILDREN, Part, Parts


def chain(size: int) -> viz.LivePage:
    y = Value(0.5, label="x")
    for _ in range(size):
        y = (y * 1.01).tanh()
    return viz.page(name(y, "J"))


def folded(made: viz.LivePage) -> Parts:
    return Parts(made.drawing.graph, made.drawing.drawn, True)


@pytest.mark.parametrize("program", ["operators", "layers", "chain", "tangled"])
def test_no_level_is_too_long_and_every_node_is_there_once(program: str) -> None:
    made = {
        "operators": lambda: operators(20), "layers": lambda: layers(60, 60, 1), "chain": lambda: chain(800),
        "tangled": lambda: viz.page(deep(1500)),
    }[program]()  # fmt: skip
    parts = folded(made)
    seen: Counter[int] = Counter()
    for part in [parts.top, *parts.all]:
        assert len(part.children) <= CHILDREN
        seen.update(child for child in part.children if isinstance(child, int))
        assert all(child.parent is part for child in part.children if isinstance(child, Part))
    assert set(seen.values()) == {1} and len(seen) == len(made.drawing.graph.nodes)
    assert all(parent < i for i, (_, parent, *_) in enumerate(parts.rows()))
    tops = [row for row in parts.rows() if row[1] == -1]
    shown = len(parts.top.children)
    assert shown <= 150 and sum(1 for i in parts.column() if i == -1) + len(tops) == shown


def test_a_repetition_is_divided_into_its_rounds() -> None:
    parts = folded(chain(800))
    names = [part.name for part in parts.all]
    assert names[0] == "799 × (mul, tanh)" and "1 of 799" in names and "799 of 799" in names
    rounds = [part for part in parts.all if part.name.endswith(" of 799") and "…" not in part.name]
    assert all(len(part.children) == 2 or part.name == "1 of 799" for part in rounds)


def test_what_a_group_holds_is_counted() -> None:
    parts = folded(layers(60, 60, 1))
    by_name = {row[0]: row[2:] for row in parts.rows() if row[1] == -1}
    assert by_name["layer 1"] == [60 * 60 + 60, 2 * 60] and by_name["x1 … x60"] == [60, 0]


def test_a_graph_that_is_shown_whole_has_its_own_groups_alone_all_open() -> None:
    graph = viz.record(network())
    parts = Parts(graph, graph)
    assert sorted(part.name for part in parts.all) == sorted(group.name for group in graph.groups)
    assert parts.open == list(range(len(graph.groups)))
    assert parts.number_of(graph.groups[0].id) == 0
