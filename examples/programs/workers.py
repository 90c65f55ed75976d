"""Digits learned by two worker processes: each takes the gradient of its share of the rows, Dask does the rest.

    python examples/programs/workers.py

Needs the extra `scale`. With the address of a scheduler in place of the LocalCluster the same lines train on a cluster.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from dask.distributed import Client, LocalCluster
from tqdm import tqdm

from autograd import Tensor, optim
from autograd.distributed import distributed_value_and_grad
from autograd.nn import functional as F
from autograd.training import accuracy
from examples.shared import datasets
from examples.shared.command_line import run_program

SIZES = (64, 32, 10)
Parameters = list[tuple[Any, Any]]


def network(parameters: Parameters, X: Any) -> Any:
    """An MLP's scores: tanh between the layers."""
    for W, b in parameters[:-1]:
        X = np.tanh(X @ W + b)
    W, b = parameters[-1]
    return X @ W + b


def loss(parameters: Parameters, X: Any, y: Any) -> Any:
    """The cross-entropy summed over the rows, so that the losses of parts add up to that of all."""
    return F.cross_entropy(network(parameters, X), y, reduction="sum")


def rows(part: int, parts: int) -> tuple[Any, Any]:
    """A share of the training rows; read by the worker that computes with it, and again by another if that is lost."""
    X, y, _, _ = datasets.digits()
    return X[part::parts], y[part::parts]


def train(client: Client, steps: int = 60, parts: int = 4) -> dict[str, float]:
    """Full-batch Adam: the loss per row before and after, and the share of test rows that are right."""
    rng = np.random.default_rng(0)
    layers = [
        (Tensor(rng.normal(0, m**-0.5, (m, n))), Tensor(np.zeros(n))) for m, n in zip(SIZES, SIZES[1:])
    ]  # fmt: skip
    leaves = [p for layer in layers for p in layer]
    optimiser = optim.Adam(leaves, lr=0.02)
    shares = [client.submit(rows, part, parts, pure=False) for part in range(parts)]
    count = sum(client.gather([client.submit(lambda share: len(share[1]), share) for share in shares]))
    value_and_grad = distributed_value_and_grad(loss, client)
    losses = []
    progress = tqdm(range(steps), unit="step")
    for _ in progress:
        total, gradients = value_and_grad([(W.data, b.data) for W, b in layers], shares)
        for p, gradient in zip(leaves, (g for layer in gradients for g in layer)):
            p.grad = gradient / count
        optimiser.step()
        losses.append(total / count)
        progress.set_postfix(loss=f"{losses[-1]:.3f}")
    _, _, X, y = datasets.digits()
    right = accuracy(network([(W.data, b.data) for W, b in layers], X), y)
    print(f"loss {losses[0]:.3f} before, {losses[-1]:.3f} after {steps} steps; {right:.1%} of the test rows right")
    return {"before": losses[0], "after": losses[-1], "accuracy": right}


def main() -> dict[str, float]:
    """Two workers of one thread each on this machine."""
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster, Client(cluster) as client:
        return train(client)


if __name__ == "__main__":
    run_program(main)
