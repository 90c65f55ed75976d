"""Neurons, layers and perceptrons of Values."""

from __future__ import annotations

import math
import random
from typing import Any

import numpy as np
import pytest

from autograd import Tensor, Value, softplus
from autograd.nn import MLP, Layer, Module, Neuron


def plain_forward(model: MLP, x: list[float], functions: list[Any]) -> list[float]:
    """The network's output, written out without the engine."""
    for layer, f in zip(model.layers, functions):
        x = [f(sum(w.data * v for w, v in zip(n.w, x)) + n.b.data) for n in layer.neurons]
    return x


def relu(z: float) -> float:
    return max(z, 0.0)


def test_a_neuron_is_one_dot_and_one_activation() -> None:
    n = Neuron(5, rng=0)
    y = n([1.0, 2.0, 3.0, 4.0, 5.0])
    assert y.rule.name == "relu" and y.inputs[0].rule.name == "dot"
    assert y.inputs[0].inputs == (*n.w, 1.0, 2.0, 3.0, 4.0, 5.0, n.b)
    assert Neuron(2, None, rng=0)([1.0, 2.0]).rule.name == "dot"


def test_mlp_computes_what_it_says() -> None:
    model = MLP(2, [3, 2, 2], rng=3)
    for p in model.parameters():
        p.data += 0.1
    for x in ([0.3, -0.7], [Value(0.3), Value(-0.7)], (Value(0.3), -0.7), np.array([0.3, -0.7])):
        out = model(x)
        expected = plain_forward(model, [0.3, -0.7], [relu, relu, float])
        assert [v.data for v in out] == pytest.approx(expected)


def test_gradient_of_every_parameter_against_differences() -> None:
    model = MLP(2, [3, 1], activation="tanh", rng=1)
    x = [0.4, -0.9]
    model(x).backward()
    for p in model.parameters():
        at, h = p.data, 1e-6
        p.data = at + h
        above = model(x).data
        p.data = at - h
        below = model(x).data
        p.data = at
        assert p.grad == pytest.approx((above - below) / (2 * h), abs=1e-9)


def test_gradients_reach_the_inputs() -> None:
    x = [Value(0.5), Value(-0.5)]
    MLP(2, [4, 1], activation="sigmoid", rng=2)(x).backward()
    assert all(v.grad for v in x)


def test_one_output_is_a_value_and_more_are_a_list() -> None:
    assert type(MLP(2, [1], rng=0)([1.0, 2.0])) is Value
    assert type(MLP(2, [1, 1, 1], rng=0)([1.0, 2.0])) is Value
    assert [type(v) for v in MLP(2, [1, 2], rng=0)([1.0, 2.0])] == [Value, Value]


def test_activation_per_layer() -> None:
    model = MLP(2, [2, 2, 1], activation=["tanh", lambda z: z.relu() * 2, "sigmoid"], rng=0)
    out = model([0.5, 0.2])
    expected = plain_forward(model, [0.5, 0.2], [math.tanh, lambda z: 2 * relu(z), lambda z: 1 / (1 + math.exp(-z))])
    assert out.data == pytest.approx(expected[0])
    assert repr(MLP(1, [1, 1], activation=[softplus, None], rng=0)) == (
        "MLP of [Layer of [softplusNeuron(1)], Layer of [LinearNeuron(1)]]"
    )


@pytest.mark.parametrize(
    "name",
    ["relu", "leaky_relu", "elu", "selu", "gelu", "silu", "softplus", "softsign", "sigmoid", "tanh", "step", "sin"],
)
def test_every_function_of_one_number_is_an_activation(name: str) -> None:
    y = Neuron(2, name, rng=4)([1.0, 2.0])
    y.backward()
    assert y.rule.name == name


@pytest.mark.parametrize("linear", [None, False, "linear", "identity"])
def test_linear_neurons(linear: Any) -> None:
    n = Neuron(2, linear, rng=0)
    assert n([1.0, 1.0]).data == pytest.approx(n.w[0].data + n.w[1].data)


def test_softmax_layer() -> None:
    out = Layer(2, 3, "softmax", rng=0)([1.0, 2.0])
    assert sum(p.data for p in out) == pytest.approx(1.0)
    out[0].backward()
    probabilities = MLP(2, [4, 3], activation=["relu", "softmax"], rng=0)([1.0, 2.0])
    assert len(probabilities) == 3 and min(p.data for p in probabilities) > 0


def test_parameters_in_order() -> None:
    model = MLP(3, [2, 1], rng=0)
    first, second, last = (*model.layers[0].neurons, model.layers[1].neurons[0])
    assert model.parameters() == [*first.w, first.b, *second.w, second.b, *last.w, last.b]
    assert len(MLP(2, [16, 16, 1], rng=0).parameters()) == 337
    assert Module().parameters() == []


def test_zero_grad() -> None:
    model = MLP(2, [2, 1], rng=0)
    model([1.0, 1.0]).backward()
    model.zero_grad()
    assert all(p.grad is None for p in model.parameters())


def test_weights_come_from_the_given_generator() -> None:
    def weights(rng: Any) -> list[float]:
        return [p.data for p in MLP(2, [3, 1], rng=rng).parameters()]

    assert weights(5) == weights(5) == weights(random.Random(5)) != weights(6)
    assert weights(np.random.default_rng(5)) == weights(np.random.default_rng(5))
    state = random.getstate()
    weights(5)
    assert random.getstate() == state
    values = weights(5)
    assert all(-1 <= w < 1 for w in values) and values.count(0.0) == 4


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Neuron(2, rng=0)([1.0]), "takes 2 inputs, got 1"),
        (lambda: MLP(3, [2, 1], rng=0)([1.0, 2.0]), "takes 3 inputs, got 2"),
        (lambda: Neuron(0), "nin must be a whole number"),
        (lambda: Layer(2, 0), "nout must be a whole number"),
        (lambda: MLP(2, []), "nouts is empty"),
        (lambda: MLP(2, [3, 1], activation=["relu"]), "1 entries for 2 layers"),
        (lambda: Neuron(2, "rellu"), "'rellu' is no function"),
        (lambda: Neuron(2, "mul"), "'mul' is no function of one number"),
        (lambda: Neuron(2, "softmax"), "whole Layer"),
    ],
)
def test_clear_errors(make: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()


def test_a_wrong_generator() -> None:
    with pytest.raises(TypeError, match="not str"):
        Neuron(2, rng="seed")


@pytest.mark.parametrize("x", [Tensor([1.0, 2.0]), [Tensor(1.0), 2.0]])
@pytest.mark.parametrize("activation", ["tanh", None, softplus])
def test_tensors_are_refused(x: Any, activation: Any) -> None:
    with pytest.raises(TypeError, match="x holds Tensors.*to_tensor"):
        Neuron(2, activation)(x)


def test_learns_xor() -> None:
    model = MLP(2, [4, 1], activation=["tanh", "sigmoid"], rng=0)
    data = [((0, 0), 0), ((0, 1), 1), ((1, 0), 1), ((1, 1), 0)]
    for _ in range(1500):
        loss = sum((model(x) - t) ** 2 for x, t in data)
        model.zero_grad()
        loss.backward()
        for p in model.parameters():
            p.data -= 1.0 * p.grad
    assert [round(model(x).data) for x, _ in data] == [0, 1, 1, 0]
