"""Gradients of parts of the data inside the tasks of an existing scheduler, Dask's: one process, or many machines.

The scheduler brings what has to be right between machines: sending, retries, what a lost worker had, and the dashboard.
See docs/scale.md for clusters, and for Ray.
"""

from __future__ import annotations

from functools import reduce
from typing import Any, Callable, Iterable

from autograd import pytrees
from autograd.transforms import value_and_grad


def distributed_value_and_grad(f: Callable[..., Any], client: Any) -> Callable[[Any, Iterable[Any]], tuple[Any, Any]]:
    """The value and gradient of Σ f(parameters, \\*part) over the parts of the data, each in a task of its own.

    Parameters
    ----------
    f : callable
        ``f(parameters, *part)``: a scalar that adds up over parts, such as the sum of the losses of its rows.
        Sent to the workers, so it has to be picklable; they need this package.
    client : dask.distributed.Client
        Of the cluster that computes.

    Returns
    -------
    callable
        ``(parameters, parts) -> (value, gradient)``, the gradient in the form of the parameters: nested lists, tuples
        and dicts of arrays and numbers. `parts` are tuples of arrays, or Dask's futures of such tuples, which stay
        with the workers that have them.

    Raises
    ------
    ValueError
        If there are no parts.

    Notes
    -----
    The parts' results are added in their order, whoever computed them: the same numbers to the last bit in every run.
    A task whose worker is lost in mid-step is computed again by another one, the parameters being part of the
    task. So are futures that were made by a task (``client.submit(load, path)``); what was only scattered is lost with
    its worker.

    Examples
    --------
    >>> import numpy as np
    >>> from dask.distributed import Client, LocalCluster  # doctest: +SKIP
    >>> client = Client(LocalCluster(n_workers=2, threads_per_worker=1))  # doctest: +SKIP
    >>> def loss(w, X, y):
    ...     return np.sum((X @ w - y) ** 2)
    >>> parts = [(X[i::4], y[i::4]) for i in range(4)]  # doctest: +SKIP
    >>> value, gradient = distributed_value_and_grad(loss, client)(w, parts)  # doctest: +SKIP
    """
    task = _Task(f)

    def step(parameters: Any, parts: Iterable[Any]) -> tuple[Any, Any]:
        here = client.submit(_itself, parameters, pure=False)  # once, and from worker to worker then
        results = client.gather([client.submit(task, here, part, pure=False) for part in parts])
        if not results:
            raise ValueError("distributed_value_and_grad: there are no parts of the data to compute with")
        total: tuple[Any, Any] = reduce(_added, results)
        return total

    return step


class _Task:
    """What a worker does with one part."""

    def __init__(self, f: Callable[..., Any]) -> None:
        self.f = f

    def __call__(self, parameters: Any, part: Any) -> tuple[Any, Any]:
        value, gradient = value_and_grad(self.f)(parameters, *part)
        return value, gradient


def _itself(x: Any) -> Any:
    return x


def _added(one: tuple[Any, Any], other: tuple[Any, Any]) -> tuple[Any, Any]:
    gradients = zip(pytrees.leaves(one[1]), pytrees.leaves(other[1]))
    return one[0] + other[0], pytrees.rebuild(one[1], [a + b for a, b in gradients])
