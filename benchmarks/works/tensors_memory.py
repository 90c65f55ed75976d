"""Peak memory of one forward and backward pass of a deep network: what the graph adds to what the gradient needs."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Callable
from typing import Any

from harness import Goal, Task, Work
from memory import peak_resident, resident

SIZES = [256] * 33
BATCH = 2048
work = Work(
    "tensors-memory",
    "Tensors: peak memory of forward + backward, 2048×256, 32 layers of 256 with tanh, float32",
    [
        Goal("gradgraph, operators", 1.2, "NumPy by hand", "traced"),
        Goal("gradgraph, operators", 1.2, "NumPy by hand", "resident"),
        Goal("gradgraph, nn", 1.2, "NumPy by hand", "traced"),
    ],
    tolerance=2e-4,
    quantities={"traced": "B", "resident": "B"},
    fresh=True,
    rounds=1,
)


def task(step: Callable[[], tuple[Any, list[Any]]]) -> Task:
    """`step` returns loss and gradients; both peaks are counted from what the process holds before it."""

    def peaks() -> dict[str, float]:
        before = resident()
        kept = step()
        grown = peak_resident() - before
        del kept
        gc.collect()
        tracemalloc.start()
        step()
        traced = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return {"traced": traced, "resident": grown}

    def numbers() -> dict[str, Any]:
        loss, gradients = step()
        biases = gradients[1::2]  # what reaches them has passed every weight
        return {"loss": loss} | {f"gradient {i}": gradient for i, gradient in enumerate(biases)}

    return Task(peaks, numbers)


def network() -> tuple[Any, Any]:
    """The layers and the inputs, scaled so that the gradient reaches the first layer."""
    import data

    inputs, _ = data.digits(BATCH, (SIZES[0],))
    layers = data.layers(SIZES)
    inputs @ layers[0][0]  # the matrix library takes its working memory now, and is not counted
    return layers, inputs


@work.contender("NumPy by hand", "numpy")
def numpy() -> Task:
    import numpy as np

    layers, inputs = network()

    def step() -> tuple[Any, list[Any]]:
        outputs = [inputs]
        for weights, bias in layers:
            out = outputs[-1] @ weights
            out += bias
            outputs.append(np.tanh(out, out=out))
        loss = np.mean(outputs[-1] ** 2)
        gradients = []
        delta = outputs[-1] * np.float32(2 / outputs[-1].size)
        for weights, _ in reversed(layers):
            out = outputs.pop()
            out *= out
            np.subtract(1, out, out=out)
            out *= delta
            gradients += [out.sum(axis=0), outputs[-1].T @ out]
            if len(outputs) > 1:
                delta = out @ weights.T
        return loss, gradients[::-1]

    return task(step)


def with_tensors(layer: Callable[[Any, Any, Any], Any]) -> Task:
    from autograd import Tensor

    layers, inputs = network()
    layers = [(Tensor(weights), Tensor(bias)) for weights, bias in layers]
    parameters = [p for pair in layers for p in pair]

    def step() -> tuple[Any, list[Any]]:
        for p in parameters:
            p.grad = None
        x = inputs
        for weights, bias in layers:
            x = layer(x, weights, bias)
        loss = (x**2).mean()
        del x
        loss.backward()
        return loss.data, [p.grad for p in parameters]

    return task(step)


@work.contender("gradgraph, operators", "ours")
def operators() -> Task:
    import numpy as np

    return with_tensors(lambda x, weights, bias: np.tanh(x @ weights + bias))


@work.contender("gradgraph, nn", "ours")
def fused() -> Task:
    import numpy as np

    import autograd.nn.functional as F

    return with_tensors(lambda x, weights, bias: np.tanh(F.linear(x, weights.T, bias)))


@work.contender("MyGrad", "mygrad")
def mygrad() -> Task:
    import mygrad as mg

    layers, inputs = network()
    layers = [(mg.tensor(weights), mg.tensor(bias)) for weights, bias in layers]
    parameters = [p for pair in layers for p in pair]

    def step() -> tuple[Any, list[Any]]:
        for p in parameters:
            p.null_grad()
        x = inputs
        for weights, bias in layers:
            x = mg.tanh(x @ weights + bias)
        loss = (x**2).mean()
        del x
        loss.backward()
        return loss.data, [p.grad for p in parameters]

    return task(step)


@work.contender("HIPS autograd", "hips")
def hips() -> Task:
    import autograd.numpy as np

    from autograd import value_and_grad

    layers, inputs = network()

    def loss_of(layers: Any) -> Any:
        x = inputs
        for weights, bias in layers:
            x = np.tanh(x @ weights + bias)
        return np.mean(x**2)

    value_and_gradients = value_and_grad(loss_of)

    def step() -> tuple[Any, list[Any]]:
        loss, gradients = value_and_gradients(layers)
        return loss, [gradient for layer in gradients for gradient in layer]

    return task(step)


@work.contender("PyTorch", "torch")
def torch() -> Task:
    """PyTorch's arrays are not Python's memory: only the resident peak says something about it."""
    import torch

    layers, inputs = network()
    layers = [(torch.tensor(w, requires_grad=True), torch.tensor(b, requires_grad=True)) for w, b in layers]
    parameters = [p for pair in layers for p in pair]
    inputs = torch.tensor(inputs)

    def step() -> tuple[Any, list[Any]]:
        for p in parameters:
            p.grad = None
        x = inputs
        for weights, bias in layers:
            x = torch.tanh(x @ weights + bias)
        loss = (x**2).mean()
        del x
        loss.backward()
        return loss.item(), [p.grad for p in parameters]

    return task(step)
