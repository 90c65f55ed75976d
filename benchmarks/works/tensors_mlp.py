"""One training step (forward, backward, SGD) of a fully connected network in float32, at three sizes.

The hand-written NumPy step is the limit: no graph, temporaries written over where they are no longer needed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from harness import Goal, Task, Work

RATE = 0.01


def moons() -> tuple[Any, Any, Any]:
    """Network, inputs and labels (one column of -1 and 1) of the smallest size."""
    from data import layers, two_moons

    points, labels = two_moons()
    return layers([2, 16, 16, 1]), points.astype("float32"), labels.astype("float32")[:, None]


def digits(count: int) -> tuple[Any, Any, Any]:
    """Network, inputs and labels (0 to 9) of the size of a well-known set of handwritten digits."""
    import data

    return data.layers([784, 256, 128, 10]), *data.digits(count, (784,))


def task(step: Callable[[], tuple[Any, list[Any]]]) -> Task:
    """A task whose numbers are the loss and the gradients, which `step` returns, at the initial parameters."""

    def numbers() -> dict[str, Any]:
        loss, gradients = step()
        return {"loss": loss} | {f"gradient {i}": gradient for i, gradient in enumerate(gradients)}

    return Task(step, numbers)


def numpy(network: Any, inputs: Any, labels: Any, hinge: bool) -> Task:
    import numpy as np

    count, rows = len(inputs), np.arange(len(inputs))

    def step() -> tuple[Any, list[Any]]:
        outputs = [inputs]
        for weights, bias in network[:-1]:
            out = outputs[-1] @ weights
            out += bias
            outputs.append(np.maximum(out, 0, out=out))
        weights, bias = network[-1]
        scores = outputs[-1] @ weights
        scores += bias
        if hinge:
            margin = 1 - labels * scores
            inside = margin > 0
            loss = (margin * inside).sum() / count
            delta = labels * inside
            delta *= np.float32(-1 / count)
        else:
            scores -= scores.max(axis=1, keepdims=True)
            delta = np.exp(scores)
            total = delta.sum(axis=1, keepdims=True)
            loss = (np.log(total).sum() - scores[rows, labels].sum()) / count
            delta /= total
            delta[rows, labels] -= 1
            delta *= np.float32(1 / count)
        gradients = []
        for i in range(len(network) - 1, -1, -1):
            weights, bias = network[i]
            gradients += [delta.sum(axis=0), outputs[i].T @ delta]
            if i:
                delta = delta @ weights.T
                delta *= outputs[i] > 0
        gradients.reverse()
        for (weights, bias), d_weights, d_bias in zip(network, gradients[::2], gradients[1::2]):
            weights -= RATE * d_weights
            bias -= RATE * d_bias
        return loss, gradients

    return task(step)


def ours(network: Any, inputs: Any, labels: Any, hinge: bool) -> Task:
    """Plain NumPy code on Tensors: the operators, no layer of ours."""
    import numpy as np

    from autograd import Tensor

    if not hinge:
        import autograd.nn.functional as F

    layers = [(Tensor(weights), Tensor(bias)) for weights, bias in network]
    parameters = [p for layer in layers for p in layer]

    def step() -> tuple[Any, list[Any]]:
        x = inputs
        for weights, bias in layers[:-1]:
            x = np.maximum(x @ weights + bias, 0)
        weights, bias = layers[-1]
        scores = x @ weights + bias
        loss = np.maximum(1 - labels * scores, 0).mean() if hinge else F.cross_entropy(scores, labels)
        for p in parameters:
            p.grad = None
        loss.backward()
        for p in parameters:
            p.data -= RATE * p.grad
        return loss.data, [p.grad for p in parameters]

    return task(step)


def ours_nn(network: Any, inputs: Any, labels: Any, hinge: bool) -> Task:
    """The same step with our fused linear layer and losses."""
    import autograd.nn.functional as F
    from autograd import Tensor

    # As linear layers keep them: weights (outputs, inputs).
    layers = [(Tensor(weights.T.copy()), Tensor(bias)) for weights, bias in network]
    parameters = [p for layer in layers for p in layer]

    def step() -> tuple[Any, list[Any]]:
        x = inputs
        for weights, bias in layers[:-1]:
            x = F.relu(F.linear(x, weights, bias))
        weights, bias = layers[-1]
        scores = F.linear(x, weights, bias)
        loss = F.relu(1 - labels * scores).mean() if hinge else F.cross_entropy(scores, labels)
        for p in parameters:
            p.grad = None
        loss.backward()
        for p in parameters:
            p.data -= RATE * p.grad
        return loss.data, [p.grad.T for p in parameters]

    return task(step)


def torch(network: Any, inputs: Any, labels: Any, hinge: bool) -> Task:
    import torch

    F = torch.nn.functional
    # As linear layers keep them: weights (outputs, inputs).
    layers = [(torch.tensor(w.T.copy(), requires_grad=True), torch.tensor(b, requires_grad=True)) for w, b in network]
    parameters = [p for layer in layers for p in layer]
    optimizer = torch.optim.SGD(parameters, lr=RATE)
    inputs, labels = torch.tensor(inputs), torch.tensor(labels)

    def step() -> tuple[Any, list[Any]]:
        x = inputs
        for weights, bias in layers[:-1]:
            x = F.relu(F.linear(x, weights, bias))
        weights, bias = layers[-1]
        scores = F.linear(x, weights, bias)
        loss = F.relu(1 - labels * scores).mean() if hinge else F.cross_entropy(scores, labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return loss, parameters

    def numbers() -> dict[str, Any]:
        loss, _ = step()
        return {"loss": loss.item()} | {f"gradient {i}": p.grad.T for i, p in enumerate(parameters)}

    return Task(step, numbers)


def jax(network: Any, inputs: Any, labels: Any, hinge: bool) -> Task:
    import jax
    import jax.numpy as jnp

    inputs, labels = jnp.asarray(inputs), jnp.asarray(labels)

    def loss_of(layers: Any) -> Any:
        x = inputs
        for weights, bias in layers[:-1]:
            x = jax.nn.relu(x @ weights + bias)
        weights, bias = layers[-1]
        scores = x @ weights + bias
        if hinge:
            return jax.nn.relu(1 - labels * scores).mean()
        return -jnp.take_along_axis(jax.nn.log_softmax(scores), labels[:, None], axis=1).mean()

    value_and_grad = jax.value_and_grad(loss_of)

    @jax.jit
    def update(layers: Any) -> tuple[Any, Any]:
        loss, gradients = value_and_grad(layers)
        return loss, jax.tree.map(lambda p, g: p - RATE * g, layers, gradients)

    layers = jax.tree.map(jnp.asarray, network)

    def numbers() -> dict[str, Any]:
        loss, gradients = jax.jit(value_and_grad)(layers)
        return {"loss": loss} | {f"gradient {i}": g for i, g in enumerate(jax.tree.leaves(gradients))}

    def step() -> None:
        nonlocal layers
        loss, layers = update(layers)
        jax.block_until_ready((loss, layers))

    return Task(step, numbers)


def mygrad(network: Any, inputs: Any, labels: Any, hinge: bool) -> Task:
    import mygrad as mg
    from mygrad.nnet.activations import relu
    from mygrad.nnet.losses import softmax_crossentropy

    layers = [(mg.tensor(weights), mg.tensor(bias)) for weights, bias in network]
    parameters = [p for layer in layers for p in layer]

    def step() -> tuple[Any, list[Any]]:
        x = inputs
        for weights, bias in layers[:-1]:
            x = relu(x @ weights + bias)
        weights, bias = layers[-1]
        scores = x @ weights + bias
        loss = relu(1 - labels * scores).mean() if hinge else softmax_crossentropy(scores, labels)
        loss.backward()
        for p in parameters:
            p.data -= RATE * p.grad
        return loss.data, [p.grad for p in parameters]

    return task(step)


def hips(network: Any, inputs: Any, labels: Any, hinge: bool) -> Task:
    import autograd.numpy as np

    from autograd import value_and_grad
    from autograd.scipy.special import logsumexp

    rows = np.arange(len(inputs))

    def loss_of(layers: Any) -> Any:
        x = inputs
        for weights, bias in layers[:-1]:
            x = np.maximum(x @ weights + bias, 0)
        weights, bias = layers[-1]
        scores = x @ weights + bias
        if hinge:
            return np.mean(np.maximum(1 - labels * scores, 0))
        return np.mean(logsumexp(scores, axis=1) - scores[rows, labels])

    value_and_gradients = value_and_grad(loss_of)

    def step() -> tuple[Any, list[Any]]:
        loss, gradients = value_and_gradients(network)
        for (weights, bias), (d_weights, d_bias) in zip(network, gradients):
            weights -= RATE * d_weights
            bias -= RATE * d_bias
        return loss, [gradient for layer in gradients for gradient in layer]

    return task(step)


CONTENDERS = {
    "NumPy by hand": ("numpy", numpy),
    "gradgraph, operators": ("ours", ours),
    "gradgraph, nn": ("ours", ours_nn),
    "PyTorch": ("torch", torch),
    "JAX, jit": ("jax", jax),
    "MyGrad": ("mygrad", mygrad),
    "HIPS autograd": ("hips", hips),
}


def register(name: str, title: str, factor: float, inputs: Callable[[], tuple[Any, Any, Any]], hinge: bool) -> None:
    goals = [Goal(contender, factor, "NumPy by hand") for contender in ("gradgraph, operators", "gradgraph, nn")]
    work = Work(name, f"Tensors: {title}, float32, forward + backward + SGD", goals, tolerance=2e-4)
    for contender, (peer, prepare) in CONTENDERS.items():
        work.contender(contender, peer)(lambda prepare=prepare: prepare(*inputs(), hinge))


register("mlp-moons", "100×2, MLP 2-16-16-1, hinge", 1.5, moons, hinge=True)
register("mlp-digits-64", "64×784, MLP 784-256-128-10, cross-entropy", 1.15, lambda: digits(64), hinge=False)
register("mlp-digits-1024", "1024×784, MLP 784-256-128-10, cross-entropy", 1.05, lambda: digits(1024), hinge=False)
