"""Plots of what a network has learned and how; matplotlib is imported when one is drawn."""

from __future__ import annotations

from typing import Any, Callable, Mapping, Sequence

import numpy as np

from autograd.modes import no_grad
from autograd.nn import MLP, Layer, Neuron
from autograd.node import Node
from autograd.tensor import Tensor
from viz.style import BLUE, RED


def plot_decision_region(
    model: Callable[[Any], Any],
    X: Any,
    y: Any = None,
    *,
    threshold: float | None = None,
    steps: int = 120,
    margin: float = 0.5,
    ax: Any = None,
) -> Any:
    """Colour the plane by what a classifier says, with the samples on top.

    Parameters
    ----------
    model : callable
        A network of Values, called point by point with ``[x1, x2]``; or anything that takes an array of
        shape (n, 2) and returns (n,) or (n, 1) scores, or (n, k) scores of k classes.
    X : array, shape (n, 2)
        The samples.
    y : array, shape (n,), optional
        Their classes.
    threshold : float, optional
        Between the two classes of a single score. By default 0.5 where all scores lie in [0, 1], as those of a
        sigmoid do, and 0 elsewhere, as for logits and tanh.
    steps : int
        Points of the grid along each side.
    margin : float
        How far the picture reaches beyond the samples, as a part of their range.
    ax : matplotlib Axes, optional
        Where to draw; in a new figure unless given.

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    ValueError
        If X is not of shape (n, 2), or the model returns another number of scores.

    Examples
    --------
    >>> import matplotlib
    >>> matplotlib.use("Agg")
    >>> ax = plot_decision_region(lambda X: X[:, 0] - X[:, 1], [[0, 1], [1, 0]], [0, 1], steps=10)
    >>> ax.get_xlabel(), ax.get_ylabel()
    ('x1', 'x2')
    """
    X = np.asarray(getattr(X, "_data", X), dtype=float)
    if X.ndim != 2 or X.shape[1] != 2:
        raise ValueError(f"X must have shape (n, 2), two numbers per sample, not {X.shape}")
    low, high = X.min(axis=0), X.max(axis=0)
    spare = margin * np.where(high > low, high - low, 1.0) / 2
    first, second = (np.linspace(low[i] - spare[i], high[i] + spare[i], steps) for i in range(2))
    grid = np.stack(np.meshgrid(first, second), axis=-1).reshape(-1, 2)
    scores = _scores(model, grid)
    ax = _axes(ax)
    if scores.ndim == 2:
        classes = np.argmax(scores, axis=1).reshape(steps, steps)
        ax.pcolormesh(first, second, classes, cmap="tab10", vmin=0, vmax=9, alpha=0.3, shading="nearest")
    else:
        if threshold is None:
            threshold = 0.5 if scores.min() >= 0 and scores.max() <= 1 else 0.0
        field = (scores - threshold).reshape(steps, steps)
        reach = float(np.nanmax(np.abs(field))) or 1.0
        ax.contourf(first, second, field, levels=np.linspace(-reach, reach, 21), cmap="RdBu", alpha=0.6)
        if field.min() < 0 < field.max():
            ax.contour(first, second, field, levels=[0.0], colors="black", linewidths=1.5)
    if y is None:
        ax.scatter(X[:, 0], X[:, 1], c="white", edgecolors="black", s=28)
    else:
        _scatter_classes(ax, X, np.ravel(np.asarray(getattr(y, "_data", y))), scores.ndim == 2)
    ax.set(xlabel="x1", ylabel="x2")
    return ax


def _scatter_classes(ax: Any, X: Any, y: Any, many: bool) -> None:
    """Each class with a colour and a shape of its own."""
    classes = np.unique(y)
    for i, name in enumerate(classes):
        colour = f"C{i}" if many or len(classes) > 2 else (RED, BLUE)[i]
        chosen = X[y == name]
        shown = f"{name:g}" if isinstance(name, np.number) else str(name)
        ax.scatter(chosen[:, 0], chosen[:, 1], c=colour, marker="os^Dv"[i % 5], edgecolors="black", s=28, label=shown)
    ax.legend(title="class")


def _scores(model: Any, points: Any) -> Any:
    with no_grad():
        if isinstance(model, (MLP, Layer, Neuron)):
            found = [model(list(point)) for point in points.tolist()]
            scores = np.array([[float(v) for v in (out if isinstance(out, list) else [out])] for out in found])
        else:
            out = model(Tensor(points))
            scores = np.asarray(out._data if isinstance(out, Node) else out, dtype=float)
    if scores.ndim == 2 and scores.shape[1] == 1:
        scores = scores[:, 0]
    if scores.ndim not in (1, 2) or len(scores) != len(points):
        raise ValueError(f"the model returned shape {scores.shape} for {len(points)} points; it must score each point")
    return scores


def plot_surface(
    f: Callable[[Any, Any], Any],
    xlim: tuple[float, float] = (-1.0, 1.0),
    ylim: tuple[float, float] = (-1.0, 1.0),
    *,
    kind: str = "surface",
    path: Any = None,
    steps: int = 60,
    ax: Any = None,
) -> Any:
    """Draw z = f(x, y), as a surface or as contour lines, perhaps with the path of a descent.

    Parameters
    ----------
    f : callable
        Of two numbers, Values or Tensors; it is called point by point.
    xlim, ylim : (low, high)
        The ends of both axes.
    kind : {"surface", "contour"}
        A surface in space, or lines of equal height seen from above.
    path : array, shape (n, 2), optional
        Points (x, y) to connect, first to last.
    steps : int
        Points of the grid along each side.
    ax : matplotlib Axes, optional
        Three-dimensional for a surface.

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    ValueError
        If `kind` is unknown, or a limit is no interval.

    Examples
    --------
    >>> import matplotlib
    >>> matplotlib.use("Agg")
    >>> ax = plot_surface(lambda x, y: x**2 + 10 * y**2, kind="contour", path=[(1, 1), (0, 0)], steps=10)
    >>> len(ax.lines)
    1
    """
    if kind not in ("surface", "contour"):
        raise ValueError(f"kind must be 'surface' or 'contour', not {kind!r}")
    for name, (low, high) in (("xlim", xlim), ("ylim", ylim)):
        if not low < high:
            raise ValueError(f"{name} must be (low, high) with low < high, not ({low}, {high})")
    xs, ys = np.linspace(*xlim, steps), np.linspace(*ylim, steps)

    def height(x: Any, y: Any) -> float:
        z = f(float(x), float(y))
        return float(np.asarray(z._data if isinstance(z, Node) else z).item())

    with no_grad():
        z = np.array([[height(x, y) for x in xs] for y in ys])
        way = None if path is None else np.asarray(path, dtype=float).reshape(-1, 2)
        heights = None if way is None else np.array([height(x, y) for x, y in way])
    if kind == "surface":
        ax = _axes(ax, projection="3d")
        grid_x, grid_y = np.meshgrid(xs, ys)
        ax.plot_surface(grid_x, grid_y, z, cmap="viridis", alpha=0.85, linewidth=0)
        if way is not None:
            ax.plot(way[:, 0], way[:, 1], heights, color=RED, marker="o", markersize=3, zorder=10)
        ax.set(zlabel="f(x, y)")
    else:
        ax = _axes(ax)
        lines = ax.contour(xs, ys, z, levels=20, cmap="viridis")
        ax.clabel(lines, fontsize=7, fmt="%.3g")
        if way is not None:
            ax.plot(way[:, 0], way[:, 1], color=RED, marker="o", markersize=3)
    ax.set(xlabel="x", ylabel="y")
    return ax


def plot_history(history: Any, *, log: bool = False, ax: Any = None) -> Any:
    """Plot what a training run recorded: losses on the left axis, other measures on the right.

    Parameters
    ----------
    history : mapping, sequence of mappings, or an object with such a ``history``
        ``{"loss": [...], "accuracy": [...]}``, or one dict per epoch.
    log : bool
        Losses on a logarithmic axis.
    ax : matplotlib Axes, optional
        Where to draw; in a new figure unless given.

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    ValueError
        If there is nothing to plot.

    Examples
    --------
    >>> import matplotlib
    >>> matplotlib.use("Agg")
    >>> ax = plot_history({"loss": [1.0, 0.5], "accuracy": [0.6, 0.9]})
    >>> ax.get_xlabel(), ax.get_ylabel()
    ('epoch', 'loss')
    """
    curves = _curves(history)
    if not curves:
        raise ValueError("the history is empty; train first, or pass {'loss': [...], ...}")
    ax = _axes(ax)
    losses = {name: values for name, values in curves.items() if "loss" in name.lower()} or curves
    others = {name: values for name, values in curves.items() if name not in losses}
    dashes = ("-", "--", "-.", ":")
    for i, (name, values) in enumerate(losses.items()):
        ax.plot(range(1, len(values) + 1), values, color=RED, linestyle=dashes[i % 4], label=name)
    ax.set(xlabel="epoch", ylabel="loss" if losses is not curves else "")
    ax.xaxis.get_major_locator().set_params(integer=True)
    if log:
        ax.set_yscale("log")
    handles, labels = ax.get_legend_handles_labels()
    if others:
        right = ax.twinx()
        for i, (name, values) in enumerate(others.items()):
            right.plot(range(1, len(values) + 1), values, color=BLUE, linestyle=dashes[i % 4], label=name)
        right.set_ylabel(", ".join(others))
        more = right.get_legend_handles_labels()
        handles, labels = handles + more[0], labels + more[1]
    ax.legend(handles, labels)
    return ax


def _curves(history: Any) -> dict[str, list[float]]:
    history = getattr(history, "history", history)
    if isinstance(history, Mapping):
        named: Mapping[str, Any] = history
    elif isinstance(history, Sequence) and history and isinstance(history[0], Mapping):
        named = {key: [epoch[key] for epoch in history if key in epoch] for key in history[0]}
    else:
        named = {"loss": history}
    curves = {}
    for name, values in named.items():
        numbers = np.asarray(values, dtype=object)
        if numbers.ndim == 1 and len(numbers) and name not in ("epoch", "step"):
            curves[name] = [float(v) for v in numbers if v is not None]
    return {name: values for name, values in curves.items() if values}


def plot_gradient_flow(model: Any, *, ax: Any = None) -> Any:
    """Show how large the gradients are, layer by layer: where they vanish or explode.

    For each parameter the mean and the largest |∂L/∂θ| of its elements, on a logarithmic axis. Parameters
    whose gradient is exactly 0 have no bar.

    Parameters
    ----------
    model : MLP, Layer or Module
        After a backward pass.
    ax : matplotlib Axes, optional
        Where to draw; in a new figure unless given.

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    ValueError
        If no parameter has a gradient yet.

    Examples
    --------
    >>> import matplotlib
    >>> matplotlib.use("Agg")
    >>> from autograd import nn
    >>> model = nn.MLP(2, [3, 1], "tanh", rng=0)
    >>> model([1.0, -1.0]).backward()
    >>> ax = plot_gradient_flow(model)
    >>> [tick.get_text() for tick in ax.get_xticklabels()]
    ['layer 1', 'layer 2']
    """
    sizes = {name: np.abs(g) for name, g in _gradients(model) if g is not None and np.size(g)}
    if not sizes:
        raise ValueError("no parameter has a gradient yet; call loss.backward() first")
    ax = _axes(ax)
    places = np.arange(len(sizes))
    ax.bar(places, [g.max() for g in sizes.values()], color=RED, alpha=0.35, label="largest")
    ax.bar(places, [g.mean() for g in sizes.values()], color=RED, label="mean", width=0.5)
    if any(g.max() > 0 for g in sizes.values()):
        ax.set_yscale("log")
    crowded = len(sizes) > 6
    ax.set_xticks(places, list(sizes), rotation=60 if crowded else 0, ha="right" if crowded else "center")
    ax.set(ylabel="|gradient|")
    ax.legend()
    return ax


def _gradients(model: Any) -> list[tuple[str, Any]]:
    """Layers of Values as one array each, Tensors by name."""
    if isinstance(model, (MLP, Layer)):
        layers = model.layers if isinstance(model, MLP) else [model]
        found = []
        for i, layer in enumerate(layers, 1):
            grads = [_plain(p.grad) for p in layer.parameters() if p.grad is not None]
            found.append((f"layer {i}", np.array(grads, dtype=float) if grads else None))
        return found
    return [(name, _plain(p.grad)) for name, p in model.named_parameters()]


def _plain(grad: Any) -> Any:
    return grad._data if isinstance(grad, Node) else grad


def _axes(ax: Any, **options: Any) -> Any:
    if ax is not None:
        return ax
    try:
        from matplotlib import pyplot
    except ImportError:
        raise ImportError('plots need matplotlib: python -m pip install "gradgraph[examples]"') from None
    figure = pyplot.figure(layout="constrained")
    return figure.add_subplot(**options)
