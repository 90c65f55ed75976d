"""Networks as pictures: neurons as circles; layers of Tensors as blocks (`viz.blocks`)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, Mapping, Sequence

import numpy as np

from autograd.modes import no_grad
from autograd.nn import MLP, Layer, Module, Neuron
from viz import formatting, svg
from viz.blocks import blocks
from viz.dot import FONT_NAME, escape
from viz.model import NOT_YET
from viz.picture import Picture
from viz.render import render
from viz.style import BLUE, GREY, INPUT_GROUND, NEGATIVE, NEITHER, POSITIVE, RED, RESULT_GROUND
from viz.trace import output_shapes
from viz.widths import measured

View = Literal["forward", "backward"]

MOST = 12
"""A layer of more neurons is drawn with the first and last of them."""
ACROSS, DOWN, CIRCLE = 170.0, 58.0, 0.62


@dataclass(frozen=True)
class Connection:
    """A layer of neurons: what comes in is weighted, summed, and passed through the activation."""

    weights: list[list[Any]]
    biases: list[Any]
    activation: str
    outputs: list[float] | None


class NetworkPicture(Picture):
    """The picture of a network. Made by :func:`draw_network`.

    Examples
    --------
    >>> from autograd import nn
    >>> picture = draw_network(nn.MLP(2, [3, 1], rng=0))
    >>> picture.title
    'MLP 2-3-1, 13 parameters'
    """

    def __init__(self, title: str, source: str, engine: str, tooltips: Mapping[str, str], text: str) -> None:
        self._title = title
        self._source = source
        self._engine = engine
        self._tooltips = tooltips
        self._text = text

    @property
    def title(self) -> str:
        """The network in one line."""
        return self._title

    @property
    def source(self) -> str:
        """Graphviz source."""
        return self._source

    @property
    def text(self) -> str:
        """The network in words."""
        return self._text

    @cached_property
    def svg(self) -> str:
        """The picture as SVG."""
        return svg.finish(self._render("svg").decode(), self.title, self.text, self._tooltips, measured)

    def _render(self, format: str) -> bytes:
        return render(self.source, format, self._engine, dpi=144 if format == "png" else 72)

    def __repr__(self) -> str:
        return f"<picture of {self.title}>"


def draw_network(
    model: Any, x: Any = None, *, view: View = "forward", format: str = ".3g", most: int = MOST
) -> NetworkPicture:
    """Draw a network.

    One of Values is drawn as circles, with lines as wide as the weights are large: green where positive,
    purple and dotted where negative, thin and grey where zero. One of Tensors is drawn as blocks
    with shapes and numbers of parameters, in as many rows as keep it readable on a slide.

    Parameters
    ----------
    model : MLP, Layer, Neuron, or Module of Tensors
        The network that is drawn.
    x : sequence of numbers, array or tuple, optional
        An input: its activations stand inside the circles. For Tensors an input or its shape: the blocks
        show the shapes of their outputs.
    view : {"forward", "backward"}
        Weights, or the gradients that a backward pass has left in them.
    format : str
        How numbers are written.
    most : int
        Layers of more neurons are abridged.

    Returns
    -------
    NetworkPicture
        With ``.svg``, ``.source``, ``.save(path)``, and shown by notebooks.

    Raises
    ------
    TypeError
        If `model` is no network.
    ValueError
        If `view` is unknown, `most` less than 3, or `x` has the wrong length.

    Examples
    --------
    >>> from autograd import nn
    >>> draw_network(nn.MLP(2, [3, 1], "tanh", rng=0), x=[1.0, -1.0])
    <picture of MLP 2-3-1, 13 parameters>
    >>> draw_network(nn.Sequential(nn.Linear(2, 3), nn.Tanh()))
    <picture of Sequential, 9 parameters>
    """
    formatting.check_format(format)
    if view not in ("forward", "backward"):
        raise ValueError(f"view must be 'forward' or 'backward', not {view!r}")
    if most < 3:
        raise ValueError(f"most must be at least 3, not {most}")
    if isinstance(model, (MLP, Layer, Neuron)):
        return _circles(model, x, view, format, most)
    if isinstance(model, Module):
        source, tips, words = blocks(model, {} if x is None else output_shapes(model, x), view == "forward", format)
        count = sum(int(np.size(p._data)) for p in model.parameters())
        title = f"{type(model).__name__}, {count:,} parameters"
        return NetworkPicture(title, source, "dot", tips, "\n".join([title, *words]))
    raise TypeError(f"draw_network takes a network (nn.MLP, nn.Sequential, …), not {type(model).__name__}")


# --- neurons ------------------------------------------------------------------------------------------------


def _connections(model: Any, x: Sequence[Any] | None) -> list[Connection]:
    layers = model.layers if isinstance(model, MLP) else [model]
    found = []
    signal: Any = x
    for layer in layers:
        neurons = [layer] if isinstance(layer, Neuron) else layer.neurons
        if signal is not None:
            with no_grad():
                out = layer(signal)
            signal = list(out) if isinstance(out, (list, tuple)) else [out]
        softmax = getattr(layer, "_softmax", False)
        found.append(
            Connection(
                [neuron.w for neuron in neurons],
                [neuron.b for neuron in neurons],
                "softmax" if softmax else neurons[0].activation,
                None if signal is None else [float(v) for v in signal],
            )
        )
    return found


def _circles(model: Any, x: Any, view: View, format: str, most: int) -> NetworkPicture:
    signal = None if x is None else [float(v) for v in np.ravel(np.asarray([float(v) for v in x]))]
    layers = _connections(model, signal)
    sizes = [len(layers[0].weights[0]), *(len(layer.weights) for layer in layers)]
    shown = [_shown(size, most) for size in sizes]
    largest = max([abs(_number(w, view) or 0.0) for layer in layers for row in layer.weights for w in row] or [0.0])
    lines, tips = _head(), {}
    for i, size in enumerate(sizes):
        columns = [signal, *(layer.outputs for layer in layers)][i]
        for place, j in enumerate(shown[i]):
            at = f'pos="{ACROSS * i:g},{DOWN * ((len(shown[i]) - 1) / 2 - place):g}!"'
            if j is None:
                lines.append(f'm{i} [{at} shape=plain label="⋮" fontsize=22]')
                continue
            id = _id(i, j)
            label, tips[id] = _circle(layers[i - 1] if i else None, i, j, columns, view, format)
            lines.append(f'{id} [id={id} {at} label=<{label}> fillcolor="{INPUT_GROUND if i == 0 else RESULT_GROUND}"]')
        heading = f"{size} inputs" if i == 0 else f"{size} × {layers[i - 1].activation}"
        top = DOWN * ((max(len(s) for s in shown) - 1) / 2 + 1)
        lines.append(f'h{i} [pos="{ACROSS * i:g},{top:g}!" {_WORDS} fontsize=13 label=<{escape(heading)}>]')
    bottom = -DOWN * ((max(len(s) for s in shown) - 1) / 2 + 0.9)
    what = "weight" if view == "forward" else "gradient"
    legend = f"width: |{what}|; green: positive, purple and dotted: negative, thin and grey: zero"
    lines.append(
        f'legend [pos="{ACROSS * (len(sizes) - 1) / 2:g},{bottom:g}!" {_WORDS} fontcolor="{GREY}" label="{legend}"]'
    )
    number = 0
    for i, layer in enumerate(layers):
        for k in shown[i + 1]:
            for j in shown[i]:
                if j is None or k is None:
                    continue
                number += 1
                w = _number(layer.weights[k][j], view)
                tips[f"e{number}f"] = f"{what} = {NOT_YET if w is None else formatting.show(w, format)}"
                ends = f"{_id(i, j)} -> {_id(i + 1, k)}"
                lines.append(f"{ends} [id=e{number}f {_stroke(w, largest)}]")
    count = len(model.parameters())
    title = f"{type(model).__name__} {'-'.join(map(str, sizes))}, {count:,} parameters"
    text = "\n".join([title, *(f"layer {i}: {len(c.weights)} × {c.activation}" for i, c in enumerate(layers, 1))])
    return NetworkPicture(title, "\n".join([*lines, "}"]) + "\n", "nop", tips, text)


def _id(layer: int, neuron: int) -> str:
    return f"layer{layer}neuron{neuron + 1}"


def _shown(size: int, most: int) -> list[int | None]:
    """Which neurons of a layer are drawn; ``None`` where some are left out."""
    if size <= most:
        return list(range(size))
    first = most // 2
    return [*range(first), None, *range(size - (most - 1 - first), size)]


def _circle(
    layer: Connection | None, i: int, j: int, values: list[float] | None, view: View, format: str
) -> tuple[str, str]:
    """What stands in a circle, and its tooltip."""
    name = f"x{j + 1}" if layer is None else f"neuron {j + 1} of layer {i}"
    value = None if values is None else formatting.show(values[j], format)
    told = [name if value is None else f"{name} = {value}"]
    inside = f'<FONT COLOR="{BLUE}">{value}</FONT>' if value else f"x{j + 1}" if layer is None else ""
    if layer is not None:
        bias = _number(layer.biases[j], view)
        shown = NOT_YET if bias is None else formatting.show(bias, format)
        told.append(f"{'bias' if view == 'forward' else 'gradient of the bias'} = {shown}")
        if view == "backward" and bias is not None:
            inside = f'<FONT COLOR="{RED}">{shown}</FONT>'
        elif not inside:
            inside = f'<FONT POINT-SIZE="9">b = {shown}</FONT>' if bias else ""
    return inside or " ", "\n".join(told)


def _number(node: Any, view: View) -> float | None:
    """A weight, or its gradient if there is one."""
    if view == "forward":
        return float(node.data)
    grad = getattr(node.grad, "_data", node.grad)
    return None if grad is None else float(grad)


def _stroke(w: float | None, largest: float) -> str:
    if not w:
        return f'penwidth=0.5 color="{NEITHER}"{" style=dotted" if w is None else ""}'
    width = 0.6 + 2.9 * abs(w) / largest
    return f'penwidth={width:.2f} color="{POSITIVE if w > 0 else NEGATIVE}"{" style=dotted" if w < 0 else ""}'


# Words beside the circles take the room that they need, so that the picture's edge does not cut them.
_WORDS = 'shape=plain style="" fixedsize=false width=0'


def _head() -> list[str]:
    return [
        "digraph {",
        f'graph [rankdir=LR bgcolor="white" pad=0.15 splines=line nodesep=0.2 ranksep=0.35 {FONT_NAME}]',
        f'node [shape=circle style=filled color="{GREY}" width={CIRCLE} fixedsize=true {FONT_NAME} fontsize=10]',
        f"edge [arrowhead=none {FONT_NAME} fontsize=11]",
    ]
