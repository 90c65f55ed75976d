"""The graph as plain data, and the names in it."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import viz
from autograd import ChangedDataError, Value, dot, gelu, leaky_relu, maximum, sum
from tests.viz.programs import deep, labelled, three
from viz.model import adjoints
from viz.names import name_nodes
from viz.record import Recording, record


def test_nodes_edges_and_what_they_say() -> None:
    J, _ = three()
    graph = record(J)
    assert [(n.name, n.formula, n.value, n.grad) for n in graph.nodes] == [
        ("a", None, 5, 3),
        ("b", None, 3, 6),
        ("c", None, 2, 9),
        ("u", "b·c", 6, 3),
        ("v", "a + u", 11, 3),
        ("J", "3·v", 33, 1),
    ]
    assert [(e.name, e.formula, e.value) for e in graph.edges] == [
        ("∂u/∂b", "c", 2),
        ("∂u/∂c", "b", 3),
        ("∂v/∂a", "1", 1),
        ("∂v/∂u", "1", 1),
        ("∂J/∂v", "3", 3),
    ]
    assert graph.kinds == {"input": ["n1", "n2", "n3"], "operation": ["n4", "n5"], "group": [], "output": ["n6"]}
    assert graph.title == "J = 3·(a + b·c)" and [n.worked for n in graph.nodes[3:]] == ["3·2", "5 + 6", "3·11"]


def test_the_model_is_json() -> None:
    x = Value(0.0, label="x")
    y = x.log() / 0
    graph = json.loads(json.dumps(record(y).to_dict(), allow_nan=False))
    assert graph["nodes"][1]["value"] == "-inf"
    assert graph["names"] == {"x": "n1", "v1": "n2", "v2": "n3"}


def test_same_program_same_model() -> None:
    assert record(three()[0]).to_dict() == record(three()[0]).to_dict()


def test_repeated_input_has_two_edges() -> None:
    (a,) = labelled(a=3)
    edges = record(a * a).edges
    assert [(e.source, e.position, e.value) for e in edges] == [("n1", 0, 3), ("n1", 1, 3)]
    assert [e.name for e in edges] == ["∂v1/∂a⁽¹⁾", "∂v1/∂a⁽²⁾"]


def test_constants_stand_in_the_formula() -> None:
    (a,) = labelled(a=3)
    graph = record(2 * a + 1 - a**2)
    assert [n.formula for n in graph.nodes] == [None, "2·a", "v1 + 1", "a²", "v2 − v3"]


def test_nary_operations_are_one_node() -> None:
    xs = labelled(**{f"x{i}": i for i in range(1, 4)})
    assert [n.formula for n in record(sum(xs)).nodes][-1] == "x1 + x2 + x3"
    assert [n.formula for n in record(dot(xs, [1, 2, 3], 0.5)).nodes][-1] == "x1·1 + x2·2 + x3·3 + 0.5"
    many = [Value(i) for i in range(100)]
    assert record(sum(many)).nodes[-1].formula == "sum(v1, v2, …, v100)"


@pytest.mark.parametrize("x", [-1e300, -1000.0, -0.5, 0.0, 1e-300, 0.5, 1000.0])
def test_local_derivatives_are_the_engine_s(x: float) -> None:
    for f in (gelu, leaky_relu, lambda v: maximum(v, 0.0), lambda v: v**0.5, lambda v: 1 / v, lambda v: v.log()):
        v = Value(x)
        y = f(v)
        y.backward()
        np.testing.assert_allclose(record(y).edges[0].value, v.grad, rtol=1e-14)


def test_gradients_by_local_derivatives_are_those_of_backward() -> None:
    J = deep(80)
    recording = Recording(J)
    found = adjoints(recording.graph)
    for node, id in recording.ids.items():
        assert math.isclose(found.get(id, 0.0), node.grad, rel_tol=1e-12, abs_tol=1e-300)


def test_a_gradient_summed_over_two_passes_is_not_called_dJ() -> None:
    J, v = three()
    J.backward()
    named = {n.name: n for n in record(J).nodes}
    assert (named["b"].derivative, named["b"].grad, named["b"].passes) == (6, 12, "accumulated over 2 passes")
    assert named["b"].accumulated and not named["u"].accumulated
    shown = viz.draw(J).source
    assert "dJ/db = 6" in shown and ".grad = 12" in shown and "dJ/db = 12" not in shown


def test_recording_leaves_everything_as_it_was() -> None:
    (a,) = labelled(a=3)
    J = a * 2
    record(J)
    assert a.grad is None and J.grad is None


def test_changed_data_is_noticed() -> None:
    (a,) = labelled(a=3)
    J = a * 2
    a.data = 4
    with pytest.raises(ChangedDataError, match="a was changed"):
        viz.draw(J)


@pytest.mark.parametrize("wrong", [3, None, [], [3], "J", np.ones(2)])
def test_only_nodes_can_be_drawn(wrong: object) -> None:
    with pytest.raises(TypeError, match="only a Value or a Tensor can be drawn"):
        viz.draw(wrong)


def test_names_must_be_a_mapping() -> None:
    with pytest.raises(TypeError, match=r"names must map names to .* as locals\(\) does, not be a list"):
        viz.draw(Value(3) * 2, names=["a"])


def test_a_lone_leaf() -> None:
    graph = record(Value(3))
    assert [n.kind for n in graph.nodes] == ["output"] and graph.edges == []


def test_a_value_made_by_hand_is_drawn_without_derivatives() -> None:
    a, b = labelled(a=3, b=4)
    graph = record(Value(7, (a, b), "+"))
    assert graph.nodes[-1].formula == "+(a, b)" and [e.value for e in graph.edges] == [None, None]


def test_an_operation_of_one_s_own_is_drawn_like_the_others() -> None:
    import math

    from autograd import Elementwise

    cube = Elementwise("cube", lambda x: x**3, lambda x: x**3, lambda y, x: 3 * x**2)
    hard = Elementwise("hard", math.sin, np.sin, lambda y, x: math.cos(x))
    (x,) = labelled(x=2)
    edges = record(hard(cube(x))).edges
    assert [(e.formula, e.value) for e in edges] == [("3·x²", 12.0), ("hard′", math.cos(8.0))]


# --- names --------------------------------------------------------------------------------------------


def test_label_before_variable_before_number() -> None:
    a, b, c = Value(1, label="alpha"), Value(2), Value(3)
    d = a * b
    assert list(name_nodes([a, b, c, d], {"a": a, "b": b}).values()) == ["α", "b", "v1", "v2"]


def test_numbers_avoid_given_names() -> None:
    a, b = Value(1, label="v1"), Value(2)
    assert list(name_nodes([a, b]).values()) == ["v1", "v2"]


def test_nodes_in_lists_dicts_and_networks() -> None:
    from autograd.nn import Neuron

    neuron = Neuron(2, "tanh", rng=0)
    named = name_nodes(neuron.parameters(), {"w": neuron.w, "other": {"bias": neuron.b}})
    assert list(named.values()) == ["w[0]", "w[1]", "other['bias']"]


def test_same_label_twice_is_told_apart() -> None:
    nodes = [Value(1, label="w"), Value(2, label="w"), Value(3, label="w")]
    assert list(name_nodes(nodes).values()) == ["w", "w₂", "w₃"]


@given(st.lists(st.sampled_from(["", "a", "v1", "a₂", " "]), max_size=8))
def test_no_two_names_are_alike(labels: list[str]) -> None:
    names = name_nodes([Value(1, label=label) for label in labels]).values()
    assert len(set(names)) == len(labels) and all(name.strip() for name in names)


def test_a_name_that_reads_like_a_formula_is_kept_together() -> None:
    a, b = Value(2, label="x + 1"), Value(3, label="b")
    graph = record(a * b)
    assert graph.nodes[-1].formula == "(x + 1)·b"
    assert graph.edges[0].name == "∂v1/∂(x + 1)"
