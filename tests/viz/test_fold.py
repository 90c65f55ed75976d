"""Inputs that many operations do not tell apart are drawn as one node."""

from __future__ import annotations

import numpy as np
import pytest

import autograd
import viz
from autograd import Value, dot, nn
from examples.programs.pictures import neuron
from viz.fold import Folded
from viz.page.parts import Parts


def products(size: int, named: bool = True) -> tuple[Value, list[Value], list[Value]]:
    ws = [Value(0.1 * i, label=f"w{i}" if named else "") for i in range(size)]
    xs = [Value(1 / (i + 1), label=f"x{i}" if named else "") for i in range(size)]
    J = dot(ws, xs)
    J.label = "J"
    J.backward()
    return J, ws, xs


def test_many_inputs_of_one_operation_are_two_nodes() -> None:
    J, ws, xs = products(50)
    drawn = viz.draw(J).drawn
    w, x, result = drawn.nodes
    assert [node.name for node in drawn.nodes] == ["w0 … w49", "x0 … x49", "J"]
    assert w.note == x.note == "50 inputs" and len(w.members) == 50
    assert w.value_stats is not None and w.derivative_stats is not None
    assert (w.value_stats.low, w.value_stats.high) == (0, pytest.approx(4.9))
    assert w.derivative_stats.mean == pytest.approx(np.mean([v.grad for v in ws]))
    assert x.derivative_name == "dJ/d(x0 … x49)" and x.derivative_stats is not None
    assert x.derivative_stats.high == pytest.approx(4.9) and len(drawn.edges) == 2
    assert result.value == pytest.approx(J.data)


def test_without_names_they_are_one() -> None:
    J, *_ = products(50, named=False)
    assert [node.name for node in viz.draw(J).drawn.nodes] == ["v1 … v100", "J"]
    assert len(viz.draw(J, fold=False).drawn.nodes) == 101


def test_the_chain_of_one_of_them_is_bold() -> None:
    J, ws, _ = products(50)
    drawing = viz.draw(J, of="w3")
    w, x, result = (node.id for node in drawing.drawn.nodes)
    assert not drawing.view.faded(w) and not drawing.view.faded(result) and drawing.view.faded(x)
    assert drawing.text.endswith(f"dJ/dw3 = ∂J/∂w3 = x3 = {ws[3].grad:.4g}")


def test_few_inputs_stay_apart_and_so_do_those_that_go_elsewhere() -> None:
    assert len(viz.draw(neuron(5)).drawn.inputs) == 11
    xs = [Value(float(i), label=f"x{i}") for i in range(30)]
    y = autograd.sum(xs[:20]) * autograd.sum(xs[10:])
    names = [node.name for node in viz.draw(y).drawn.inputs]
    assert names == [f"x{i}" for i in range(30)], "ten each, of three kinds"


def test_inputs_of_a_group_stay_in_it_and_a_page_can_open_them() -> None:
    neuron = nn.Neuron(30, rng=0)
    y = neuron([Value(float(i), label=f"x{i}") for i in range(30)])
    y.backward()
    folded = Folded(viz.draw(y).outline).with_inputs_alike()
    weights, x = (node for node in folded.graph.nodes if node.members)
    assert x.short == "x0 … x29" and x.group is None
    assert weights.group == "g1" and len(weights.members) == 30
    parts = Parts(folded.outline.whole, folded.graph, False)
    (part,) = [part for part in parts.all if part.name == weights.short]
    assert part.parent is parts.scopes["g1"] and len(part.children) == 30 and not part.open
