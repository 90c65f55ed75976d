"""Programs recorded once and replayed (`autograd.jit`), beside hand-written NumPy and the ordinary calls."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from harness import Goal, Task, Work

from works.tensors_lstm import objective, published, read
from works.tensors_mlp import RATE, digits, moons, numpy, task


def training(inputs: Callable[[], tuple[Any, Any, Any]], hinge: bool, compiled: bool, optimiser: bool) -> Task:
    """A training step as a function of its data, by operators; updates by ``p.data -=`` or by an optimiser."""
    import numpy as np

    import autograd.nn.functional as F
    from autograd import Tensor, jit, optim

    network, points, labels = inputs()
    layers = [(Tensor(weights), Tensor(bias)) for weights, bias in network]
    parameters = [p for layer in layers for p in layer]
    optimizer = optim.SGD(parameters, lr=RATE) if optimiser else None

    def step(points: Any, labels: Any) -> Any:
        x = points
        for weights, bias in layers[:-1]:
            x = np.maximum(x @ weights + bias, 0)
        weights, bias = layers[-1]
        scores = x @ weights + bias
        loss = np.maximum(1 - labels * scores, 0).mean() if hinge else F.cross_entropy(scores, labels)
        for p in parameters:
            p.grad = None
        loss.backward()
        if optimizer is not None:
            optimizer.step()
        else:
            for p in parameters:
                p.data -= RATE * p.grad
        return loss.data

    run = jit(step) if compiled else step

    def once() -> tuple[Any, list[Any]]:
        return run(points, labels), [p.grad for p in parameters]

    return task(once)


def register(
    name: str, title: str, inputs: Callable[[], tuple[Any, Any, Any]], hinge: bool, goals: list[Goal], clock: Any
) -> None:
    work = Work(name, f"Replayed: {title}, float32, forward + backward + SGD", goals, tolerance=2e-4, clock=clock)
    work.contender("NumPy by hand", "numpy")(lambda: numpy(*inputs(), hinge))
    work.contender("gradgraph", "ours")(lambda: training(inputs, hinge, False, False))
    work.contender("gradgraph, jit", "ours")(lambda: training(inputs, hinge, True, False))
    work.contender("gradgraph, jit, optimiser", "ours")(lambda: training(inputs, hinge, True, True))


register(
    "jit-moons",
    "100×2, MLP 2-16-16-1, hinge",
    moons,
    True,
    [Goal("gradgraph, jit", 0.85, "NumPy by hand"), Goal("gradgraph, jit, optimiser", 0.75, "NumPy by hand")],
    time.thread_time,  # its products of matrices are too small for a second thread
)
register(
    "jit-digits-64",
    "64×784, MLP 784-256-128-10, cross-entropy",
    lambda: digits(64),
    False,
    [Goal("gradgraph, jit", 1.05, "NumPy by hand")],
    time.perf_counter,
)
register(
    "jit-digits-1024",
    "1024×784, MLP 784-256-128-10, cross-entropy",
    lambda: digits(1024),
    False,
    [Goal("gradgraph, jit", 1.05, "NumPy by hand")],
    time.perf_counter,
)


lstm = Work(
    "jit-lstm",
    "Replayed: LSTM of ADBench, float64, value + gradient",
    [Goal("gradgraph, jit", 0.7, "gradgraph")],
    tolerance=1e-6,
    rounds=3,
    published=published,
)


def of_lstm(compiled: bool) -> Task:
    import numpy as np

    from autograd import jit, sigmoid, value_and_grad

    main, extra, state, sequence = read()

    def loss(parameters: Any) -> Any:
        return objective(*parameters, state, sequence, np, sigmoid)

    value_and_gradient = value_and_grad(loss)
    run = jit(value_and_gradient) if compiled else value_and_gradient

    def numbers() -> dict[str, Any]:
        value, (d_main, d_extra) = run((main, extra))
        return {"objective": value, "gradient": [*d_main.ravel(), *d_extra.ravel()]}

    return Task(lambda: run((main, extra)), numbers)


lstm.contender("gradgraph", "ours")(lambda: of_lstm(False))
lstm.contender("gradgraph, jit", "ours")(lambda: of_lstm(True))


values = Work(
    "jit-values",
    "Replayed: 1,000 moons, MLP 2-16-16-1 of Values, hinge, value + gradient",
    [Goal("gradgraph, batch", 6e-3)],
)


@values.contender("gradgraph, batch", "ours")
def batch() -> Task:
    from data import two_moons

    from autograd import jit, nn

    points, labels = two_moons(1000)
    model = nn.MLP(2, [16, 16, 1], activation="relu", rng=0)
    parameters = list(model.parameters())
    compiled = jit(lambda row, label: (1 - label * model(row)).relu())

    def step() -> Any:
        for p in parameters:
            p.grad = None
        loss = compiled.batch(points, labels).mean()
        loss.backward()
        return loss

    def numbers() -> dict[str, Any]:
        loss = step()
        return {"loss": loss.data, "gradient": [p.grad or 0.0 for p in parameters]}

    return Task(step, numbers)


recording = Work(
    "jit-recording",
    "Replayed: the first call, in ordinary calls of a training step on moons",
    [Goal("gradgraph, jit", 3.0, quantity="ordinary calls")],
    quantities={"ordinary calls": ""},
)


@recording.contender("gradgraph, jit", "ours")
def first_call() -> Task:
    def seconds(call: Callable[[], Any]) -> float:
        start = time.thread_time()
        call()
        return time.thread_time() - start

    def step() -> dict[str, float]:
        ordinary = training(moons, True, False, False).step
        ordinary()
        usual = min(seconds(ordinary) for _ in range(50))
        first = min(seconds(training(moons, True, True, False).step) for _ in range(10))
        return {"ordinary calls": first / usual}

    return Task(step, lambda: {})
