"""Objective and gradient of ADBench's LSTM: two layers, 1,024 symbols, over a thousand steps in a row (float64).

Everyone is held to the published numbers.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from harness import Goal, Task, Work

DATA = Path(__file__).resolve().parents[2] / "tests" / "data" / "adbench"


def published() -> dict[str, list[float]]:
    reference = json.loads((DATA / "reference.json").read_text())["lstm"]
    return {"objective": [reference["objective"]], "gradient": reference["gradient"]}


work = Work(
    "lstm",
    "Tensors: LSTM of ADBench, float64, value + gradient",
    [Goal("gradgraph", 0.2, "HIPS autograd")],
    tolerance=1e-6,  # the published numbers have about eight digits
    rounds=3,
    published=published,
)


def read() -> tuple[Any, Any, Any, Any]:
    """Main parameters (layers, 2, 4b), extra ones (3, b), initial state (layers, 2, b), sequence (length, b)."""
    import numpy as np

    rows = [
        [float(word) for word in line.split()] for line in (DATA / "lstm.txt").read_text().splitlines() if line.strip()
    ]
    layers, _, width = map(int, rows[0])
    cuts = (1, 1 + 2 * layers, 4 + 2 * layers, 4 + 4 * layers)
    main, extra, state, sequence = (np.array(rows[a:b]) for a, b in zip(cuts, (*cuts[1:], None)))
    return main.reshape(layers, 2, 4 * width), extra, state.reshape(layers, 2, width), sequence


def objective(main: Any, extra: Any, state: Any, sequence: Any, np: Any, sigmoid: Any) -> Any:
    """The mean negative log-likelihood, in terms of a package's NumPy-like functions."""
    count, width = sequence.shape
    cells = [(hidden, cell) for hidden, cell in state]
    weights = [(weight, bias) for weight, bias in main]
    scale, out_scale, out_bias = extra
    total = 0.0
    for t in range(count - 1):
        x = sequence[t] * scale
        for i, (weight, bias) in enumerate(weights):
            hidden, cell = cells[i]
            gates = np.concatenate([x, hidden, x, hidden]) * weight + bias
            passing = sigmoid(gates[: 3 * width])
            forget, take, out = passing[:width], passing[width : 2 * width], passing[2 * width :]
            cell = cell * forget + take * np.tanh(gates[3 * width :])
            x = out * np.tanh(cell)
            cells[i] = x, cell
        y = x * out_scale + out_bias
        total = total + np.sum(sequence[t + 1] * (y - np.log(2 + np.sum(np.exp(y)))))
    return -total / ((count - 1) * width)


@work.contender("HIPS autograd", "hips")
def hips() -> Task:
    import autograd.numpy as np

    from autograd import value_and_grad

    main, extra, state, sequence = read()

    def loss(parameters: Any) -> Any:
        return objective(*parameters, state, sequence, np, lambda x: 1 / (1 + np.exp(-x)))

    value_and_gradient = value_and_grad(loss)

    def step() -> Any:
        return value_and_gradient((main, extra))

    def numbers() -> dict[str, Any]:
        value, (d_main, d_extra) = step()
        return {"objective": value, "gradient": [*d_main.ravel(), *d_extra.ravel()]}

    return Task(step, numbers)


@work.contender("PyTorch", "torch")
def torch() -> Task:
    import torch

    main, extra, state, sequence = (torch.tensor(array) for array in read())
    main.requires_grad_()
    extra.requires_grad_()

    def step() -> Any:
        main.grad = extra.grad = None
        value = objective(main, extra, state, sequence, torch, torch.sigmoid)
        value.backward()
        return value

    def numbers() -> dict[str, Any]:
        value = step()
        return {"objective": value.item(), "gradient": [*main.grad.ravel().tolist(), *extra.grad.ravel().tolist()]}

    return Task(step, numbers)


@work.contender("MyGrad", "mygrad")
def mygrad() -> Task:
    import mygrad as mg
    from mygrad.nnet.activations import sigmoid

    main, extra, state, sequence = read()
    leaves = mg.tensor(main), mg.tensor(extra)

    def step() -> Any:
        for leaf in leaves:
            leaf.null_grad()
        value = objective(*leaves, state, sequence, mg, sigmoid)
        value.backward()
        return value

    def numbers() -> dict[str, Any]:
        value = step()
        return {"objective": value.data, "gradient": [number for leaf in leaves for number in leaf.grad.ravel()]}

    return Task(step, numbers)


@work.contender("gradgraph", "ours")
def ours() -> Task:
    import numpy as np

    from autograd import Tensor, sigmoid

    main, extra, state, sequence = read()
    leaves = Tensor(main), Tensor(extra)

    def step() -> Any:
        for leaf in leaves:
            leaf.grad = None
        value = objective(*leaves, state, sequence, np, sigmoid)
        value.backward()
        return value

    def numbers() -> dict[str, Any]:
        value = step()
        return {"objective": value.data, "gradient": [number for leaf in leaves for number in leaf.grad.ravel()]}

    return Task(step, numbers)
