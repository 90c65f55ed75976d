"""A network as a table: its layers, the shapes of their outputs, their parameters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Mapping, NamedTuple

import numpy as np

from autograd.nn import MLP, Layer, Module, Neuron
from viz.trace import output_shapes


class Row(NamedTuple):
    """One layer. `parameters` counts its own ones, not those of its parts."""

    depth: int
    name: str
    kind: str
    output: tuple[int, ...] | None
    parameters: int


@dataclass(frozen=True)
class Summary:
    """The table of :func:`summary`: printed, or shown at a prompt, it is drawn.

    Attributes
    ----------
    rows : list of Row
    parameters : int
        How many numbers training adjusts (those that layers share count once).
    buffers : int
        How many numbers belong to the state and are not trained.
    bytes : int
        What all these take.

    Examples
    --------
    >>> from autograd import nn
    >>> table = summary(nn.Linear(3, 2, rng=0))
    >>> table.parameters, table.buffers, table.bytes
    (8, 0, 64)
    """

    model: str
    rows: list[Row]
    parameters: int
    buffers: int
    bytes: int

    def __str__(self) -> str:
        """The table."""
        cells = [("Layer (type)", "Output shape", "Parameters")]
        for row in self.rows:
            name = "  " * row.depth + (f"{row.name} ({row.kind})" if row.name else row.kind)
            shape = "–" if row.output is None else str(list(row.output))
            cells.append((name, shape, f"{row.parameters:,}" if row.parameters else "–"))
        widths = [max(len(row[i]) for row in cells) for i in range(3)]
        lines = [f"{a:<{widths[0]}}  {b:<{widths[1]}}  {c:>{widths[2]}}" for a, b, c in cells]
        rule, thick = "─" * len(lines[0]), "═" * len(lines[0])
        totals = [
            f"Total parameters: {self.parameters + self.buffers:,}",
            f"Trainable: {self.parameters:,}",
            f"Not trained: {self.buffers:,}",
            f"Size: {_size(self.bytes)}",
        ]
        return "\n".join([thick, lines[0], rule, *lines[1:], thick, *totals, rule])

    __repr__ = __str__


def _size(count: int) -> str:
    """A number of bytes in the unit that suits it."""
    for unit, size in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if count >= size:
            return f"{count / size:.3g} {unit}"
    return f"{count} bytes"


def summary(model: Any, x: Any = None) -> Summary:
    """A table of the layers of a network, to print.

    Parameters
    ----------
    model : Module, MLP, Layer or Neuron
        A network of Tensors or of Values.
    x : array, Tensor, tuple of int, or tuple of arrays, optional
        An input, or its shape, or several inputs, to learn the outputs' shapes from. Networks of Values know them.

    Returns
    -------
    Summary

    Raises
    ------
    TypeError
        If `model` is no network.

    Examples
    --------
    >>> from autograd import nn
    >>> model = nn.Sequential(nn.Linear(2, 16), nn.ReLU(), nn.Linear(16, 1))
    >>> print(summary(model, (100, 2)))
    ══════════════════════════════════════
    Layer (type)  Output shape  Parameters
    ──────────────────────────────────────
    Sequential    [100, 1]               –
      0 (Linear)  [100, 16]             48
      1 (ReLU)    [100, 16]              –
      2 (Linear)  [100, 1]              17
    ══════════════════════════════════════
    Total parameters: 65
    Trainable: 65
    Not trained: 0
    Size: 520 bytes
    ──────────────────────────────────────
    >>> summary(model).parameters
    65
    """
    if isinstance(model, (MLP, Layer, Neuron)):
        rows = _value_rows(model)
        parameters, buffers = [p.data for p in model.parameters()], []
    elif isinstance(model, Module):
        rows = _module_rows(model, "", 0, {} if x is None else output_shapes(model, x), set())
        parameters = [p._data for p in model.parameters()]
        buffers = [b for b in model.buffers() if b is not None]
    else:
        raise TypeError(f"summary takes a network (nn.Module, nn.MLP, …), not {type(model).__name__}")
    size = sum(np.asarray(a).nbytes for a in [*parameters, *buffers])
    counts = [int(sum(np.size(a) for a in arrays)) for arrays in (parameters, buffers)]
    return Summary(type(model).__name__, rows, counts[0], counts[1], size)


def _module_rows(
    module: Module, name: str, depth: int, shapes: Mapping[Module, tuple[int, ...]], seen: set[Any]
) -> list[Row]:
    """The rows of a module and its parts. What two parts share counts where it stands first."""
    inside = {p for child in module.children() for p in child.parameters()}
    own = [p for p in module.parameters() if p not in inside and p not in seen]
    kind = type(module).__name__ + (", shared" if module in seen else "")
    rows = [Row(depth, name, kind, shapes.get(module), int(sum(np.size(p._data) for p in own)))]
    if module in seen:
        return rows
    seen |= {module, *own}
    for part, child in module.named_children():
        rows += _module_rows(child, part, depth + 1, shapes, seen)
    return rows


def _value_rows(model: Any) -> list[Row]:
    if isinstance(model, Neuron):
        return [Row(0, "", repr(model), (1,), len(model.parameters()))]
    layers = model.layers if isinstance(model, MLP) else [model]
    rows = [] if model is layers[0] else [Row(0, "", "MLP", (len(layers[-1].neurons),), 0)]
    for i, layer in enumerate(layers):
        kinds = sorted({neuron.activation for neuron in layer.neurons})
        kind = f"Layer, {'softmax' if layer._softmax else '/'.join(kinds)}"
        rows.append(Row(len(rows) > 0, str(i) if rows else "", kind, (len(layer.neurons),), len(layer.parameters())))
    return rows
