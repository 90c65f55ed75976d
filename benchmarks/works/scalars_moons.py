"""micrograd's demonstration: an MLP 2-16-16-1 of single numbers, hinge loss and L2, one forward and backward pass."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from harness import Goal, Task, Work

SIZES = [2, 16, 16, 1]
work = Work(
    "scalars-moons",
    "Scalars: 100 moons, MLP 2-16-16-1, hinge + L2, forward + backward",
    [
        Goal("gradgraph, operators", 1 / 3, "micrograd"),
        Goal("gradgraph, nn", 1 / 12, "micrograd"),
    ],
)


def task(parameters: list[Any], loss: Callable[[], Any]) -> Task:
    def step() -> Any:
        for parameter in parameters:
            parameter.grad = 0
        total = loss()
        total.backward()
        return total

    def numbers() -> dict[str, Any]:
        total = step()
        return {"loss": total.data, "gradient": [parameter.grad for parameter in parameters]}

    return Task(step, numbers)


def with_operators(Value: type) -> Task:
    """The program as micrograd's own network runs it, for any class with its operators."""
    from data import layers, two_moons

    points, labels = two_moons()
    network = [
        [([Value(w) for w in weights], Value(b)) for weights, b in zip(matrix.T.tolist(), biases.tolist())]
        for matrix, biases in layers(SIZES, "float64")
    ]
    parameters = [p for layer in network for weights, b in layer for p in (*weights, b)]
    inputs, targets = points.tolist(), labels.tolist()

    def score(row: list[float]) -> Any:
        values = list(map(Value, row))
        for layer in network[:-1]:
            values = [sum((w * x for w, x in zip(weights, values)), b).relu() for weights, b in layer]
        ((weights, b),) = network[-1]
        return sum((w * x for w, x in zip(weights, values)), b)

    def loss() -> Any:
        losses = [(1 + -y * score(row)).relu() for row, y in zip(inputs, targets)]
        return sum(losses) * (1.0 / len(losses)) + 1e-4 * sum(p * p for p in parameters)

    return task(parameters, loss)


@work.contender("micrograd", "micrograd")
def micrograd() -> Task:
    from micrograd.engine import Value

    return with_operators(Value)


@work.contender("gradgraph, operators", "ours")
def operators() -> Task:
    from autograd import Value

    return with_operators(Value)


@work.contender("gradgraph, nn", "ours")
def neurons() -> Task:
    """Through `nn.MLP`, whose neuron is one n-ary `dot`."""
    from data import layers, two_moons

    import autograd
    from autograd import nn

    points, labels = two_moons()
    model = nn.MLP(2, [16, 16, 1], activation="relu")
    parameters = list(model.parameters())
    start = [
        number
        for matrix, biases in layers(SIZES, "float64")
        for weights, b in zip(matrix.T.tolist(), biases.tolist())
        for number in (*weights, b)
    ]
    for parameter, number in zip(parameters, start):
        parameter.data = number
    inputs, targets = points.tolist(), labels.tolist()

    def loss() -> Any:
        losses = [(1 - y * model(row)).relu() for row, y in zip(inputs, targets)]
        return autograd.sum(losses) / len(losses) + 1e-4 * autograd.dot(parameters, parameters)

    return task(parameters, loss)
