"""micrograd's demonstration: an MLP 2-16-16-1 of single numbers, hinge loss and L2, one forward and backward pass."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from typing import Any

from harness import Goal, Task, Work

SIZES = [2, 16, 16, 1]
GOALS = {True: (1 / 100, 1 / 250), False: (1 / 15, 1 / 40)}
works = [
    Work(
        "scalars-moons" + ("" if collector else "-off"),
        "Scalars: 100 moons, MLP 2-16-16-1, hinge + L2, forward + backward, garbage collector "
        + ("on" if collector else "off"),
        [
            Goal("gradgraph, operators", GOALS[collector][0], "micrograd"),
            Goal("gradgraph, nn", GOALS[collector][1], "micrograd"),
            *([Goal("gradgraph, operators, pure", 1 / 3, "micrograd")] if collector else []),
            *([Goal("gradgraph, nn, pure", 1 / 12, "micrograd")] if collector else []),
        ],
        clock=time.thread_time,
        collector=collector,
    )
    for collector in (True, False)
]
large = Work(
    "scalars-large",
    "Scalars: the same with 940 moons, some 600,000 operations, forward + backward, garbage collector off",
    [Goal("gradgraph", 170e-9, quantity="per operation")],
    quantities={"per operation": "s"},
)
steps = Work(
    "scalars-steps",
    "Scalars: the same step again and again, garbage collector off",
    [Goal("gradgraph", 1.05, quantity="step 50 / step 5")],
    quantities={"step 5": "s", "step 50": "s", "step 50 / step 5": ""},
    fresh=True,
    rounds=5,
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


def with_operators(Value: type, count: int = 100) -> Task:
    """The program as micrograd's own network runs it, for any class with its operators."""
    from data import layers, two_moons

    points, labels = two_moons(count)
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


def micrograd() -> Task:
    from micrograd.engine import Value

    return with_operators(Value)


def operators() -> Task:
    from autograd import Value

    return with_operators(Value)


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


for work in works:
    work.contender("micrograd", "micrograd")(micrograd)
    for name, prepare in (("gradgraph, operators", operators), ("gradgraph, nn", neurons)):
        work.contender(name, "ours")(prepare)
        work.contender(f"{name}, pure", "pure")(prepare)


def timed(step: Callable[[], Any], times: int) -> list[float]:
    """Seconds for each of so many steps, the garbage collector off."""
    found = []
    gc.collect()
    gc.disable()
    for _ in range(times):
        start = time.thread_time()
        step()
        found.append(time.thread_time() - start)
    gc.enable()
    return found


@large.contender("gradgraph, pure", "pure")
@large.contender("gradgraph", "ours")
def many_points() -> Task:
    from autograd import Value
    from autograd.graph import ancestors

    task = with_operators(Value, 940)
    operations = len(ancestors(task.step())[0])
    return Task(lambda: {"per operation": min(timed(task.step, 3)) / operations}, task.numbers)


@steps.contender("gradgraph, pure", "pure")
@steps.contender("gradgraph", "ours")
def again_and_again() -> Task:
    task = operators()

    def step() -> dict[str, float]:
        found = timed(task.step, 60)
        early, late = min(found[3:9]), min(found[48:54])
        return {"step 5": early, "step 50": late, "step 50 / step 5": late / early}

    return Task(step, task.numbers)
