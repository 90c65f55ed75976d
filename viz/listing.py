"""The program that `jit` has recorded, beside the picture of its graph."""

from __future__ import annotations

import re
from functools import cached_property
from typing import Any

import autograd
from viz import style
from viz.drawing import Drawing, draw
from viz.picture import Picture
from viz.svg import xml

SIZE, LEADING, PER_LETTER, MARGIN = 10.0, 14.0, 6.05, 24.0
"""Of the program's text, in points."""


class CodePicture(Picture):
    """A recorded program as Python, to the right of its graph. Made by :func:`viz.code`.

    Attributes
    ----------
    code : str
        The program: one line per operation, forward and backward.
    drawing : Drawing
        The graph of its forward pass.

    Examples
    --------
    >>> import numpy as np
    >>> from autograd import grad, jit
    >>> slope = jit(grad(lambda x: np.sum(x * x)))
    >>> for _ in range(3):
    ...     _ = slope(np.array([1.0, 2.0]))
    >>> picture = code(slope, np.array([1.0, 2.0]))
    >>> isinstance(picture, CodePicture), "x" in picture.code
    (True, True)
    """

    def __init__(self, code: str, drawing: Drawing) -> None:
        self.code, self.drawing = code, drawing

    @property
    def title(self) -> str:
        return f"{self.drawing.title}, as a program"

    @property
    def source(self) -> str:
        return self.drawing.source

    @property
    def text(self) -> str:
        return f"{self.drawing.text}\n\nProgram\n{self.code}"

    @cached_property
    def svg(self) -> str:
        picture = self.drawing.svg
        found = re.search(r'<svg[^>]*?viewBox="([^"]*)"', picture, re.DOTALL)
        _, _, width, height = map(float, found.group(1).split()) if found else (0, 0, 600.0, 400.0)
        lines = self.code.rstrip().split("\n")
        whole = width + 2 * MARGIN + PER_LETTER * max(map(len, lines))
        tall = max(height, LEADING * (len(lines) + 2))
        inner = re.sub(r"^.*?(?=<svg)", "", picture, count=1, flags=re.DOTALL)
        inner = re.sub(r'(<svg[^>]*?)\swidth="[^"]*"', rf'\1 width="{width:g}"', inner, count=1)
        inner = re.sub(r'(<svg[^>]*?)\sheight="[^"]*"', rf'\1 height="{height:g}"', inner, count=1)
        written = "\n".join(self._line(k, line, width + MARGIN) for k, line in enumerate(lines, 1) if line)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="{whole:.0f}" '
            f'height="{tall:.0f}" viewBox="0 0 {whole:.0f} {tall:.0f}">\n{inner}\n{written}\n</svg>\n'
        )

    def _line(self, k: int, line: str, x: float) -> str:
        before = self.code.split("\n")[:k]
        section = next((one.strip() for one in reversed(before) if one.strip().startswith("# ")), "")
        colour = style.RED if section == "# backward" else style.BLUE if section == "# forward" else "#111111"
        return (
            f'<text x="{x:.1f}" y="{LEADING * (k + 1):.1f}" font-family="Menlo, Consolas, monospace" '
            f'font-size="{SIZE:g}" fill="{colour}" xml:space="preserve">{xml(line)}</text>'
        )

    def _render(self, format: str) -> bytes:
        raise ValueError(f"a program beside its picture is saved as .svg, .html or .txt, not as .{format}")


def code(program: Any, *args: Any, **kwargs: Any) -> CodePicture:
    """The source of a recorded program beside the picture of its graph.

    Parameters
    ----------
    program : Jit
        What :func:`autograd.jit` returned, called at least once.
    *args, **kwargs
        Arguments to draw the graph with. It is recorded for that once more, and nothing is changed.

    Returns
    -------
    CodePicture
        With `code`, `svg` and `text`; ``save("program.svg")``, ``.html`` or ``.txt``.

    Raises
    ------
    TypeError
        If `program` is no recorded function.
    ValueError
        If it has no recorded program; the message says why.

    Examples
    --------
    >>> import numpy as np
    >>> from autograd import Tensor, jit
    >>> w = Tensor([1.0, 2.0], label="w")
    >>> loss = jit(lambda x: np.sum(np.tanh(w * x)))
    >>> y = loss(np.ones(2))
    >>> picture = code(loss, np.ones(2))
    >>> print("\\n".join(picture.code.splitlines()[3:9]))
    def program(x, *, w, seed=1.0):
        \"""Returns the result; gradients: d_w.\"""
        # forward
        v1 = w * x
        v2 = np.tanh(v1)
        v3 = np.sum(v2)
    """
    if not isinstance(program, autograd.replay.Jit):
        raise TypeError(f"code shows what autograd.jit returned, not {type(program).__name__}")
    source = program.source
    root, names = program.graph(*args, **kwargs)
    return CodePicture(source, draw(root, names=names))
