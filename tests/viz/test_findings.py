"""What is wrong here: the list, and the lines of the program that it names."""

from __future__ import annotations

import gc
import json
import math
import threading
from pathlib import Path

import numpy as np
import pytest

import autograd
import viz
from autograd import Tensor, Value, nn
from autograd.lines import lines_of
from autograd.node import tick
from tests.viz.programs import dead_units, labelled, neuron, three

HERE = Path(__file__).name


def of_kind(found: viz.Findings, kind: str) -> viz.Finding:
    (only,) = [one for one in found if one.kind == kind]
    return only


def test_nothing_is_found_where_nothing_is_wrong() -> None:
    for program in (three, neuron):
        root = program()
        found = viz.findings(root[0] if isinstance(root, tuple) else root)
        assert len(found) == 0 and "nothing found" in str(found)


def test_the_first_that_is_not_finite_and_what_fed_it() -> None:
    a, b = labelled(a=-1, b=2)
    found = of_kind(viz.findings(a.log() * b + 1), "not finite")
    assert found.name == "v1" and "log(a)" in found.text and "fed by a = −1" in found.text


def test_the_first_gradient_that_is_not_finite() -> None:
    a, b = labelled(a=0, b=2)
    root = a.sqrt()
    found = of_kind(viz.findings(root * b, {"root": root}), "gradient not finite")
    assert found.name == "root" and "dv1/da" in found.text and "inf" in found.text


def test_variables_that_are_no_part_of_it() -> None:
    w, b = Value(2.0), Value(1.0)
    forgotten = [Value(0.0)]
    model = nn.Sequential(nn.Linear(2, 1))
    found = [one for one in viz.findings(w * 3 + b, locals()) if one.kind == "not reached"]
    assert [one.name for one in found] == ["forgotten[0]", "model.0.weight", "model.0.bias"]
    assert all(one.node is None for one in found)


@pytest.mark.parametrize("examples", [1, 7])
def test_dead_units_are_counted_over_all_examples(examples: int) -> None:
    rng = np.random.default_rng(0)
    x = rng.uniform(0.5, 1, (examples, 3))
    W, b = Tensor(rng.uniform(0.1, 1, (3, 5)), label="W"), Tensor([0.0, -9, 0, -9, 0], label="b")
    found = viz.findings(np.sum(np.maximum(x @ W + b, 0)))
    assert of_kind(found, "stops").size == 2 / 5
    assert not [one for one in found if one.kind == "zero gradient"]  # of b and W, three fifths live


def test_a_unit_that_lives_for_one_example_is_not_dead() -> None:
    x = np.array([[1.0], [-1.0]])
    W = Tensor([[1.0, -1.0]], label="W")
    assert len(viz.findings(np.sum(np.maximum(x @ W, 0)))) == 0


def test_a_neuron_of_values_is_one_unit() -> None:
    net = nn.MLP(2, [4, 1], rng=0)
    net.layers[0].neurons[1].b.data = -100.0
    J = autograd.sum([net(p) ** 2 for p in ([0.1, 0.2], [0.3, 0.1], [0.2, 0.2])])
    found = of_kind(viz.findings(J), "stops")
    assert "of 4 units of relu in layer 1" in found.text
    assert len(found.also) + 1 >= 3


def test_the_example_of_the_gallery_has_dead_units() -> None:
    found = of_kind(viz.findings(dead_units()), "stops")
    assert found.size is not None and 0 < found.size < 1


def test_inputs_whose_gradient_is_exactly_0() -> None:
    a, b = labelled(a=2, b=3)
    found = of_kind(viz.findings((a * b).step() + b * 0), "zero gradient")
    assert found.name == "a" and len(found.also) == 1


@pytest.mark.parametrize("factor, kind", [(0.1, "falls"), (10.0, "grows")])
def test_gradients_that_fall_or_grow(factor: float, kind: str) -> None:
    nodes = labelled(x=1)
    for _ in range(6):
        nodes.append(nodes[-1] * factor)
    found = of_kind(viz.findings(nodes[-1]), kind)
    assert found.size == pytest.approx(1e6)
    by_time = {f"n{i}": node for i, node in enumerate(nodes, 1)}
    assert by_time[str(found.node)] is nodes[2]  # 10⁴, the first beyond 10³
    assert not [one for one in viz.findings(nodes[3]) if one.kind == kind]  # 10³ is not beyond


def test_a_mean_over_many_is_no_fall() -> None:
    w = Tensor(np.ones(4), label="w")
    assert len(viz.findings(np.mean(np.ones((50_000, 4)) @ w))) == 0


def test_it_leaves_gradients_alone_and_is_plain_data() -> None:
    a, b = labelled(a=-1, b=2)
    J = (a * b).relu()
    told = json.dumps(viz.findings(J).to_dict())
    assert a.grad is None and b.grad is None and json.loads(told)[0]["kind"] == "stops"


def test_no_derivatives_of_several_numbers() -> None:
    found = viz.findings(Tensor([1.0, 2.0]) * 2)
    assert len(found) == 0 and "no single number" in str(found)


def test_an_error_comes_first() -> None:
    try:
        Tensor(np.ones(3)) @ Tensor(np.ones(4))
    except ValueError as error:
        found = viz.findings(error)
    assert found[0].kind == "failed" and HERE in (found[0].line or "")


# --- source lines -------------------------------------------------------------------------------------------


def number_of(line: str | None) -> int:
    file, _, number = (line or ":0").rpartition(":")
    assert Path(file).name == HERE
    return int(number)


def helper(x: Value) -> Value:
    return x * x  # the line that makes it


def test_lines_of_values_and_tensors() -> None:
    with autograd.source_lines():
        x = Value(2.0)
        y = helper(x)
        z = y + 1
        model = nn.Linear(3, 2)
        t = model(np.ones((4, 3)))
        u = np.sum(t * t)
        v = autograd.dot([x, y], [z, 1.0])
    here = test_lines_of_values_and_tensors.__code__.co_firstlineno
    nodes = [x, y, z, t, u, v]
    lines = lines_of(nodes)
    helping = helper.__code__.co_firstlineno + 1
    assert number_of(lines[y]) == helping
    assert [number_of(lines[node]) - here for node in (x, t, u, v)] == [2, 7, 8, 9]
    assert number_of(lines[z]) - here in (4, 5)


def test_nothing_is_noted_outside_the_block() -> None:
    with autograd.source_lines():
        with autograd.source_lines():
            a = Value(1.0) * 2
        b = a + 1
    c = b - 1
    assert set(lines_of([a, b, c])) == {a, b}
    for module in (autograd.value, autograd.tensor.recording):
        assert vars(module)["tick"] is tick
    if autograd.core.compiled is None:
        assert Value.__mul__.__globals__["tick"] is tick


def test_lines_while_a_mode_is_on() -> None:
    with autograd.source_lines(), autograd.detect_anomaly():
        a = Value(1.0) * 2
        t = np.exp(Tensor([1.0]))
    assert len(lines_of([a, t])) == 2


def test_lines_of_several_threads() -> None:
    made: dict[int, Value] = {}

    def work(i: int) -> None:
        x = Value(float(i))
        for _ in range(200):
            x = x * 1.01
        made[i] = x

    with autograd.source_lines():
        threads = [threading.Thread(target=work, args=(i,)) for i in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    line = work.__code__.co_firstlineno + 3
    assert [number_of(text) for text in lines_of(list(made.values())).values()] == [line] * 4


def test_lines_keep_no_node_alive() -> None:
    import weakref

    gc.disable()
    try:
        with autograd.source_lines():
            x = Value(1.0) * 2
        seen = weakref.ref(x)
        del x
        assert seen() is None
    finally:
        gc.enable()


def test_tooltips_name_the_line() -> None:
    with autograd.source_lines():
        a = Value(2.0, label="a")
        J = a.exp()
    drawing = viz.draw(J)
    node = drawing.graph.node(drawing.graph.root)
    assert node.line is not None and f"made at {node.line}" in drawing.svg
    assert math.isfinite(J.data) and viz.draw(a * 2).graph.node("n2").line is None


def test_what_is_not_finite_is_found_in_small_arrays_too() -> None:
    x, y = Tensor([1.0, -2.0], label="x"), Tensor([0.0, 0.0], label="y")
    (found,) = viz.findings((x / y).sum())
    assert found.kind == "not finite" and "fed by x = [1, −2], y = [0, 0]" in found.text
