"""The graph: the order of its nodes, whatever its shape; and changes of data, which are noticed."""

from __future__ import annotations

from typing import Any

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given

from autograd import ChangedDataError, Tensor, Value, dot
from autograd.graph import ancestors
from autograd.node import Node, plain

LAYERS = pytest.mark.parametrize("variable", [Value, Tensor], ids=["Value", "Tensor"])


@LAYERS
@given(picks=st.lists(st.tuples(st.integers(0, 10), st.integers(0, 10)), max_size=12))
def test_consumers_come_before_producers_and_each_node_once(variable: Any, picks: Any) -> None:
    nodes = [variable(1.0), variable(2.0)]
    for i, j in picks:
        nodes.append(nodes[i % len(nodes)] + nodes[j % len(nodes)])
    inner, leaves = ancestors(nodes[-1])
    place = {node: i for i, node in enumerate(inner)}
    assert len(place) == len(inner) and len(set(leaves)) == len(leaves)
    for node in inner:
        for x in node.inputs:
            assert place[x] > place[node] if x.inputs else x in set(leaves)
    reached, stack = set(), [nodes[-1]]
    while stack:
        node = stack.pop()
        reached.add(node)
        stack.extend(node.inputs)
    assert reached == {*inner, *leaves}
    assert all(not leaf.inputs for leaf in leaves) and all(node.inputs for node in inner)


@LAYERS
def test_leaves_come_oldest_first_and_several_roots_share_them(variable: Any) -> None:
    a, b, c = variable(1.0), variable(2.0), variable(3.0)
    y, z = c * b, b * a
    inner, leaves = ancestors(y, z, a)
    assert [*map(id, inner)] == [id(z), id(y)] and [*map(id, leaves)] == [id(a), id(b), id(c)]
    assert ancestors() == ([], [])


def test_both_layers_stand_in_one_graph() -> None:
    w, x = Value(3.0), Tensor([1.0, 2.0])
    y = np.sum(w * x)
    inner, leaves = ancestors(y)
    assert {*map(id, leaves)} == {id(w), id(x)} and "lift" in [node.rule.name for node in inner]
    y.backward()
    assert w.grad == 3.0
    np.testing.assert_array_equal(x.grad, [3.0, 3.0])


@LAYERS
def test_a_diamond_of_many_paths_is_walked_once(variable: Any) -> None:
    x = variable(1.0)
    y = x
    for _ in range(60):
        y = y + y
    assert len(ancestors(y)[0]) == 60
    y.backward()
    assert x.grad == 2.0**60


@LAYERS
def test_a_number_among_the_inputs_is_no_node(variable: Any) -> None:
    x = variable(2.0)
    y = 2.0 * x + 2.0
    assert [len([i for i in node.inputs if isinstance(i, Node)]) for node in ancestors(y)[0]] == [1, 1]


@LAYERS
def test_a_change_after_use_names_what_changed_and_who_had_used_it(variable: Any) -> None:
    x, w = variable(2.0, label="x"), variable(3.0)
    y = (x * w).tanh()
    w.data = 1.0
    with pytest.raises(ChangedDataError, match="data of an input was changed after mul had used it"):
        ancestors(y)
    x.data = 1.0
    with pytest.raises(ChangedDataError, match="data of (x|an input) was changed"):
        y.backward()
    assert plain((x * w).tanh()) == pytest.approx(np.tanh(1.0))


@LAYERS
def test_a_change_before_use_is_none(variable: Any) -> None:
    x = variable(2.0)
    x.data = 3.0
    y = x * x
    ancestors(y)
    y.backward()
    assert x.grad == 6.0


def test_a_chain_of_a_hundred_thousand_is_ordered_without_recursion() -> None:
    x = Value(0.5)
    y = x
    for _ in range(100_000):
        y = dot([y, x], [0.5, 0.5])
    inner, leaves = ancestors(y)
    assert len(inner) == 100_000 and len(leaves) == 1
