"""Networks of Tensors as blocks, in rows that a slide has room for."""

from __future__ import annotations

from typing import Any, Mapping, Sequence

import numpy as np

from autograd.nn import Module, Sequential
from autograd.node import Node
from viz import formatting
from viz.dot import FONT_NAME, escape
from viz.layout import SLIDE
from viz.model import NOT_YET
from viz.render import placed
from viz.style import BLUE, GREY, INPUT_GROUND, RED, RESULT_GROUND
from viz.wrapping import wrapped

ROWS = 8
"""Blocks are broken into no more rows."""


def blocks(
    model: Module, shapes: Mapping[Any, tuple[int, ...]], forward: bool, format: str
) -> tuple[str, dict[str, str], list[str]]:
    """The parts of a network as Graphviz source; what is told of each, by its id; and the same in words.

    Parameters
    ----------
    model : Module
    shapes : mapping
        Of the outputs of parts, where they are known.
    forward : bool
        Whether the parameters' sizes are told, or those of their gradients.
    format : str
        How numbers are written.
    """
    parts = [(name, part) for name, part in model._parts() if callable(part) and not isinstance(part, Node)]
    if not parts or not isinstance(model, Sequential):
        everything = model.named_modules()
        parts = [(n, m) for n, m in everything if not m.named_children() or _own(m)]
    lines, tips = [], {}
    for i, (name, part) in enumerate(parts, 1):
        rows, tips[f"n{i}"] = _block(name, part, shapes.get(part), forward, format)
        lines.append(f"n{i} [id=n{i} label=<{rows}>]")
    # Only of a Sequential is it known what feeds what; the parts of others stand side by side.
    source = _fitting(lines, list(tips), isinstance(model, Sequential))
    return source, tips, [told.replace("\n", ", ") for told in tips.values()]


def _fitting(lines: Sequence[str], ids: Sequence[str], ordered: bool) -> str:
    """In as few rows as fit a slide, or as many as fit it best."""
    best, source = 0.0, ""
    for rows in range(1, min(ROWS, len(ids) or 1) + 1):
        tried = _source(lines, ids, rows, ordered)
        *_, width, height = map(float, placed(tried)["bb"].split(","))
        fits = min(SLIDE[0] / width, SLIDE[1] / height)
        if fits > best:
            best, source = fits, tried
        if fits >= 1 or height > SLIDE[1]:
            break
    return source


def _source(lines: Sequence[str], ids: Sequence[str], rows: int, ordered: bool) -> str:
    """In so many rows, of which every second one runs backward: what follows stands near."""
    written = [
        "digraph {",
        f'graph [rankdir=TB bgcolor="white" pad=0.15 nodesep=0.35 ranksep=0.35 {FONT_NAME}]',
        f"node [shape=plain {FONT_NAME} fontsize=12]",
        f'edge [color="{BLUE}" arrowsize=0.8{"" if ordered else " style=invis"}]',
        *lines,
    ]
    each = -(-len(ids) // rows)
    for start in range(0, len(ids), each):
        row = ids[start : start + each]
        if start:
            written.append(f"{ids[start - 1]} -> {row[0]}")
        back = start // each % 2 == 1
        chain = " -> ".join(reversed(row) if back else row)
        written.append(f"{{rank=same; {'edge [dir=back]; ' if back else ''}{chain}}}")
    return "\n".join([*written, "}"]) + "\n"


def _own(module: Module) -> list[tuple[str, Any]]:
    """The parameters, by name, that belong to no part of the module."""
    inside = {p for child in module.children() for p in child.parameters()}
    return [(name, p) for name, p in module.named_parameters() if p not in inside]


def _block(name: str, part: Any, shape: tuple[int, ...] | None, forward: bool, format: str) -> tuple[str, str]:
    kind = getattr(part, "__name__", type(part).__name__)
    named = _own(part) if isinstance(part, Module) else []
    rows = [f"<B>{escape(f'{name} {kind}'.strip())}</B>"]
    told = [f"{name} {kind}".strip()]
    if isinstance(part, Module) and part.extra_repr():
        settings = "<BR/>".join(map(escape, wrapped(part.extra_repr(), 26)))
        rows.append(f'<FONT COLOR="{GREY}">{settings}</FONT>')
    if shape is not None:
        told.append(f"output {'×'.join(map(str, shape)) or 'a number'}")
        rows.append(f'<FONT COLOR="{BLUE}">{escape(told[-1])}</FONT>')
    for parameter, p in named:
        size = "×".join(map(str, np.shape(p._data)))
        if forward:
            told.append(f"{parameter} {size}")
            rows.append(escape(told[-1]))
        else:
            g = getattr(p.grad, "_data", p.grad)
            told.append(f"{parameter}: {NOT_YET}" if g is None else f"|∂{parameter}| = {_size_of(g, format)}")
            rows.append(f'<FONT COLOR="{RED}">{escape(told[-1])}</FONT>')
    if named:
        told.append(f"{sum(int(np.size(p._data)) for _, p in named):,} parameters")
        rows.append(escape(told[-1]))
    cells = "".join(f"<TR><TD>{row}</TD></TR>" for row in rows)
    fill = RESULT_GROUND if named else INPUT_GROUND
    table = f'<TABLE BORDER="1" CELLBORDER="0" CELLSPACING="0" CELLPADDING="3" STYLE="ROUNDED" COLOR="{BLUE}"'
    return f'{table} BGCOLOR="{fill}">{cells}</TABLE>', "\n".join(told)


def _size_of(gradient: Any, format: str) -> str:
    """The root mean square of a gradient: its size, whatever the number of its elements."""
    return formatting.show(float(np.sqrt(np.mean(np.square(np.abs(gradient))))), format)
