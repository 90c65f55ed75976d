"""A notebook written for micrograd runs after changing its import line: the names, the tracing, the training."""

from __future__ import annotations

import math
import random
from typing import Any

import pytest

from autograd import NoRuleError, Value
from autograd.nn import MLP, Layer, Neuron


def trace(root: Any) -> tuple[set[Any], set[Any]]:
    """Nodes and edges, as micrograd's notebooks collect them for Graphviz."""
    nodes, edges = set(), set()

    def build(v: Any) -> None:
        if v not in nodes:
            nodes.add(v)
            for child in v._prev:
                edges.add((child, v))
                build(child)

    build(root)
    return nodes, edges


def test_the_expression_of_its_readme() -> None:
    a, b = Value(-4.0), Value(2.0)
    c = a + b
    d = a * b + b**3
    c += c + 1
    c += 1 + c + (-a)
    d += d * 2 + (b + a).relu()
    d += 3 * d + (b - a).relu()
    e = c - d
    f = e**2
    g = f / 2.0
    g += 10.0 / f
    assert f"{g.data:.4f}" == "24.7041"
    g.backward()
    assert f"{a.grad:.4f}" == "138.8338" and f"{b.grad:.4f}" == "645.5773"


def test_a_neuron_by_hand_with_labels_and_tracing() -> None:
    x1, x2 = Value(2.0, label="x1"), Value(0.0, label="x2")
    w1, w2 = Value(-3.0, label="w1"), Value(1.0, label="w2")
    b = Value(6.8813735870195432, label="b")
    x1w1 = x1 * w1
    x1w1.label = "x1*w1"
    x2w2 = x2 * w2
    x2w2.label = "x2*w2"
    n = x1w1 + x2w2 + b
    n.label = "n"
    o = n.tanh()
    o.label = "o"
    o.backward()
    assert [round(v.grad, 4) for v in (x1, w1, x2, w2)] == [-1.5, 1.0, 0.5, 0.0]

    nodes, edges = trace(o)
    assert len(nodes) == 10 and len(edges) == 9
    signs = {v._op for v in nodes}
    assert signs == {"", "+", "*", "tanh"}
    for v in nodes:  # what the notebook's draw_dot formats
        assert f"{{ {v.label} | data {v.data:.4f} | grad {v.grad:.4f} }}"
        assert isinstance(v._op, str) and isinstance(v._prev, set)


def test_tanh_taken_apart_gives_the_same() -> None:
    gradients = []
    for taken_apart in (False, True):
        x, w = Value(0.5), Value(1.3)
        n = x * w
        if taken_apart:
            e = (2 * n).exp()
            o = (e - 1) / (e + 1)
        else:
            o = n.tanh()
        o.backward()
        gradients.append((x.grad, w.grad))
    assert gradients[0] == pytest.approx(gradients[1])


def test_op_names() -> None:
    a, b = Value(2.0), Value(3.0)
    assert [(a + b)._op, (a * b)._op, (a**2)._op, (a**0.5)._op, a.relu()._op] == ["+", "*", "**2", "**0.5", "ReLU"]
    assert (a * a)._prev == {a} and (a + 1)._prev == {a} and a._prev == set() and a._op == ""


def test_a_value_made_by_hand_from_others() -> None:
    """``Value(data, (self, other), '+')`` is how notebooks add operations; without a rule it has no derivative."""
    a = Value(2.0)
    out = Value(math.sin(a.data), (a,), "sin")
    assert out._prev == {a} and out._op == "sin" and out.data == math.sin(2.0)
    assert out.inputs == (a,)
    with pytest.raises(NoRuleError, match="Elementwise"):
        out.backward()
    with pytest.raises(NoRuleError, match="made by hand as 'sin'"):
        (out * 2).backward(create_graph=True)


def test_training_loop() -> None:
    random.seed(1337)
    xs = [[2.0, 3.0, -1.0], [3.0, -1.0, 0.5], [0.5, 1.0, 1.0], [1.0, 1.0, -1.0]]
    ys = [1.0, -1.0, -1.0, 1.0]
    n = MLP(3, [4, 4, 1])
    losses = []
    for _ in range(60):
        ypred = [n(x) for x in xs]
        loss = sum((yout - ygt) ** 2 for ygt, yout in zip(ys, ypred))
        n.zero_grad()
        loss.backward()
        for p in n.parameters():
            p.data += -0.02 * p.grad
        losses.append(loss.data)
    assert losses[-1] < 0.05 * losses[0]


def test_hinge_loss_with_l2_as_in_the_demo() -> None:
    random.seed(1)
    model = MLP(2, [4, 1])
    inputs, labels = [[0.1, 0.9], [-1.0, 0.3]], [1, -1]
    values = [list(map(Value, row)) for row in inputs]
    scores = list(map(model, values))
    losses = [(1 + -yi * scorei).relu() for yi, scorei in zip(labels, scores)]
    total = sum(losses) * (1.0 / len(losses)) + 1e-4 * sum(p * p for p in model.parameters())
    accuracy = [(yi > 0) == (scorei.data > 0) for yi, scorei in zip(labels, scores)]
    model.zero_grad()
    total.backward()
    assert len(accuracy) == 2 and all(isinstance(p.grad, float) for p in model.parameters())


def test_representations() -> None:
    assert repr(MLP(2, [2, 1])) == ("MLP of [Layer of [ReLUNeuron(2), ReLUNeuron(2)], Layer of [LinearNeuron(2)]]")
    assert repr(Layer(1, 1, nonlin=False)) == "Layer of [LinearNeuron(1)]"
    assert repr(Neuron(3)) == "ReLUNeuron(3)" and repr(Neuron(3, nonlin=False)) == "LinearNeuron(3)"


def test_the_same_seed_gives_the_same_weights() -> None:
    """micrograd draws uniform(-1, 1) weight by weight, neuron by neuron, and no biases."""
    random.seed(7)
    drawn = [random.uniform(-1, 1) for _ in range(2 * 3 + 3)]
    random.seed(7)
    model = MLP(2, [3, 1])
    weights = [w.data for layer in model.layers for neuron in layer.neurons for w in neuron.w]
    assert weights == drawn and all(neuron.b.data == 0 for layer in model.layers for neuron in layer.neurons)
