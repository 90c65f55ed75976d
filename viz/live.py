"""A recorded graph as a live page, in one call."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Callable, Mapping, Sequence

import numpy as np

import viz.page  # noqa: F401  (now, so that it does not take the name from the function when the page is made)
from autograd.graph import ancestors
from autograd.many import sum as total
from autograd.node import Node
from autograd.tensor import Tensor
from autograd.value import Value
from viz.drawing import draw

if TYPE_CHECKING:
    from viz.page.live import LivePage


def page(
    root: Any,
    path: str | os.PathLike[str] | None = None,
    names: Mapping[str, Any] | None = None,
    *,
    X: Any = None,
    y: Any = None,
    loss: Callable[[Any, Any], Value] | None = None,
    **options: Any,
) -> LivePage:
    """Make the live page of the graph that `root` was made from: one HTML file, which needs nothing else.

    It shows the picture of :func:`viz.draw`, steps through the forward and the backward pass, traces every derivative
    along its paths, and computes everything anew when an input is changed. It opens from disk, sends no request, and
    is described in ``docs/page.md``.

    Parameters
    ----------
    root : Value, Tensor, or sequence of them
        The result. Or a network of :mod:`autograd.nn`, with `X`: one of Values is drawn as circles with its weights as
        lines, as by :func:`viz.draw_network`; of one of Tensors, each module is a group. What is differentiated is its
        output, the sum of several.
    path : str or path, optional
        Where to write it: ``"J.html"``.
    names : mapping, optional
        Names for nodes without a label: ``names=locals()``.
    X : array, optional
        Of a network, the inputs of an example, or of several, a row each: the page shows one of them at a time. For one
        of Tensors, what it is called with.
    y : array, optional
        Of a network of Values, what it should say of each example: a number, or a row of them. Then the page trains it,
        step by step.
    loss : callable, optional
        ``(output, target) -> Value``, of one example; both are lists where there are several. The squared error unless
        given.
    **options
        As for :func:`viz.draw`; `of` is traced when the page opens.

    Returns
    -------
    LivePage
        In a notebook, it shows itself.

    Raises
    ------
    TypeError, ValueError
        As for :func:`viz.draw`; if a network comes without `X`, or something else comes with it; if `X` has another
        number of inputs than the network, or `y` does not fit; if the page of a large program takes more than 5 s to
        write, unless all of it is asked for (``fold=False``).

    Examples
    --------
    >>> from autograd import Value, nn
    >>> a, b = Value(2), Value(3)
    >>> J = a * b + a
    >>> page(J, names=locals())
    <page of J = a·b + a>
    >>> page(nn.MLP(2, [3, 1], "tanh", rng=0), X=[[1.0, -1.0], [0.0, 2.0]])
    <page of MLP 2-3-1>
    >>> page(nn.MLP(2, [3, 1], "tanh", rng=0), X=[[1.0, -1.0], [0.0, 2.0]], y=[1.0, -1.0])
    <page of MLP 2-3-1>
    """
    if X is not None or y is not None or loss is not None or _is_network(root):
        made = _of_network(root, X, y, loss, names, options)
    else:
        made = draw(root, names, **options, interactive=True).page
    if path is not None:
        made.save(path)
    return made


def _is_network(root: Any) -> bool:
    return callable(root) and hasattr(root, "parameters") and not isinstance(root, Node) and hasattr(root, "zero_grad")


def _of_network(
    model: Any, X: Any, y: Any, loss: Any, names: Mapping[str, Any] | None, options: Mapping[str, Any]
) -> LivePage:
    if not _is_network(model):
        given = "X" if X is not None else "y" if y is not None else "loss"
        raise TypeError(f"{given} is for a network, such as an nn.MLP, not for {type(model).__name__}; leave it out")
    if y is None and loss is not None:
        raise ValueError("loss compares what the network says with y, so it needs y: page(model, X=X, y=y, loss=loss)")
    if X is None:
        raise ValueError(f"the page of a network needs an input to show: page({type(model).__name__}, X=[[1.0, 2.0]])")
    if not all(isinstance(p, Value) for p in model.parameters()):
        if y is not None:
            raise TypeError("y is for networks of Values, which the page trains; of Tensors give the loss: page(loss)")
        output = model(X if isinstance(X, Tensor) else Tensor(np.asarray(X, dtype=float), label="x"))
        result = output if output.size == 1 else np.sum(output)
        result.label = result.label or "y"
        return draw(result, {"model": model, **(names or {})}, **options, interactive=True).page
    samples = np.atleast_2d(np.asarray(X, dtype=float))
    layers = getattr(model, "layers", [model])
    neurons = [getattr(layer, "neurons", [layer]) for layer in layers]
    sizes = [len(neurons[0][0].w), *map(len, neurons)]
    if samples.ndim != 2 or samples.shape[1] != sizes[0] or not len(samples):
        raise ValueError(
            f"X must have {sizes[0]} numbers in each row, as the network has inputs, not shape {np.shape(X)}"
        )
    output = model([Value(x, label=f"x{i}") for i, x in enumerate(samples[0].tolist(), 1)])
    outputs = list(output) if isinstance(output, (list, tuple)) else [output]
    for i, one in enumerate(outputs, 1):
        one.label = one.label or ("y" if len(outputs) == 1 else f"y{i}")
    from viz.page.live import LivePage  # half as long to load as all the rest

    title = f"{type(model).__name__} {'-'.join(map(str, sizes))}"
    if y is None:
        return LivePage(draw(outputs, names, **options, interactive=True), samples.tolist(), title)
    goals = np.asarray(y, dtype=float).reshape(len(samples), -1) if len(np.atleast_1d(y)) == len(samples) else None
    if goals is None or goals.shape[1] != len(outputs):
        raise ValueError(
            f"y must have a number for each output of the network ({len(outputs)}) in each of {len(samples)} rows as X "
            f"has, not shape {np.shape(y)}"
        )
    targets = [Value(t, label=f"t{i}") for i, t in enumerate(goals[0].tolist(), 1)]
    found = (
        _squared_error(outputs, targets) if loss is None else loss(output, targets[0] if len(targets) == 1 else targets)
    )
    if not isinstance(found, Value) or not {*targets, *outputs} <= {*ancestors(found)[0], *ancestors(found)[1]}:
        raise ValueError("loss must give a Value that is made from the output and the target of one example")
    found.label = found.label or "L"
    drawing = draw(found, names, **options, interactive=True)
    return LivePage(drawing, np.hstack([samples, goals]).tolist(), title, len(targets))


def _squared_error(outputs: Sequence[Value], targets: Sequence[Value]) -> Value:
    squares = [(y - t) ** 2 for y, t in zip(outputs, targets)]
    found: Value = squares[0] if len(squares) == 1 else total(squares)
    return found
