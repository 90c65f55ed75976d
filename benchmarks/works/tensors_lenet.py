"""One training step (forward, backward, SGD) of LeNet on 64 pictures of 28×28 points in float32.

Convolution 1→6 (5×5, padding 2), max-pool, convolution 6→16 (5×5), max-pool, linear 400-120-84-10, ReLU between.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from harness import Goal, Task, Work

RATE = 0.01
COUNT = 64
work = Work(
    "lenet",
    "Tensors: LeNet on 64×1×28×28, float32, forward + backward + SGD",
    [Goal("gradgraph", 2.5, "PyTorch")],
    tolerance=2e-4,
)


def parameters() -> tuple[list[Any], list[Any]]:
    """Filters and biases of the convolutions, weights (inputs, outputs) and biases of the linear layers."""
    import numpy as np
    from data import layers

    rng = np.random.default_rng(4)
    filters: list[Any] = []
    for outputs, inputs in ((6, 1), (16, 6)):
        scale = np.sqrt(2 / (25 * inputs))
        filters.append((scale * rng.standard_normal((outputs, inputs, 5, 5))).astype("float32"))
        filters.append((0.1 * rng.standard_normal(outputs)).astype("float32"))
    return filters, [array for layer in layers([400, 120, 84, 10]) for array in layer]


def task(step: Callable[[], Any], leaves: list[Any]) -> Task:
    """A task whose numbers are the loss and gradients at the initial parameters; `step` returns the loss."""

    def numbers() -> dict[str, Any]:
        loss = step()
        return {"loss": loss} | {f"gradient {i}": leaf.grad for i, leaf in enumerate(leaves)}

    return Task(step, numbers)


@work.contender("PyTorch", "torch")
def torch() -> Task:
    import torch
    from data import digits

    F = torch.nn.functional
    images, labels = map(torch.tensor, digits(COUNT, (1, 28, 28)))
    filters, linear = parameters()
    leaves = [torch.tensor(array, requires_grad=True) for array in filters + linear]
    k1, c1, k2, c2, w1, b1, w2, b2, w3, b3 = leaves
    optimizer = torch.optim.SGD(leaves, lr=RATE)

    def step() -> Any:
        x = F.max_pool2d(F.relu(F.conv2d(images, k1, c1, padding=2)), 2)
        x = F.max_pool2d(F.relu(F.conv2d(x, k2, c2)), 2).reshape(COUNT, 400)
        x = F.relu(F.linear(x, w1.T, b1))
        x = F.relu(F.linear(x, w2.T, b2))
        loss = F.cross_entropy(F.linear(x, w3.T, b3), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return loss.detach()

    return task(step, leaves)


@work.contender("MyGrad", "mygrad")
def mygrad() -> Task:
    import mygrad as mg
    from data import digits
    from mygrad.nnet.activations import relu
    from mygrad.nnet.layers import conv_nd, max_pool
    from mygrad.nnet.losses import softmax_crossentropy

    images, labels = digits(COUNT, (1, 28, 28))
    filters, linear = parameters()
    leaves = [mg.tensor(array) for array in filters + linear]
    k1, c1, k2, c2, w1, b1, w2, b2, w3, b3 = leaves

    def step() -> Any:
        x = conv_nd(images, k1, stride=1, padding=2) + c1.reshape(6, 1, 1)
        x = max_pool(relu(x), (2, 2), stride=2)
        x = conv_nd(x, k2, stride=1) + c2.reshape(16, 1, 1)
        x = max_pool(relu(x), (2, 2), stride=2).reshape(COUNT, 400)
        x = relu(relu(x @ w1 + b1) @ w2 + b2)
        loss = softmax_crossentropy(x @ w3 + b3, labels)
        loss.backward()
        for leaf in leaves:
            leaf.data -= RATE * leaf.grad
        return loss.data

    return task(step, leaves)


@work.contender("gradgraph", "ours")
def ours() -> Task:
    from data import digits

    import autograd.nn.functional as F
    from autograd import Tensor

    images, labels = digits(COUNT, (1, 28, 28))
    filters, linear = parameters()
    leaves = [Tensor(array) for array in filters + linear]
    k1, c1, k2, c2, w1, b1, w2, b2, w3, b3 = leaves

    def step() -> Any:
        x = F.max_pool2d(F.relu(F.conv2d(images, k1, c1, padding=2)), 2)
        x = F.max_pool2d(F.relu(F.conv2d(x, k2, c2)), 2).reshape(COUNT, 400)
        x = F.relu(x @ w1 + b1)
        x = F.relu(x @ w2 + b2)
        loss = F.cross_entropy(x @ w3 + b3, labels)
        for leaf in leaves:
            leaf.grad = None
        loss.backward()
        for leaf in leaves:
            leaf.data -= RATE * leaf.grad
        return loss.data

    return task(step, leaves)
