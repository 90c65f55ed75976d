"""Random programs: straight-line code of Values or Tensors, drawn by hypothesis, that prints itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from autograd import rules

UNARY = ("sin", "cos", "tanh", "exp", "square", "sigmoid", "softplus", "atan", "neg", "relu", "absolute", "asinh")
BINARY = ("add", "sub", "mul", "maximum", "minimum", "hypot", "logaddexp", "atan2")
BOUNDED = {"exp": "tanh", "square": "sin"}
"""What is applied to the argument first, so that long programs do not overflow."""


@dataclass(frozen=True)
class Program:
    """``y = program(x0, x1, …)``: lines ``(operation, operand numbers)``; the inputs have the first numbers.

    Examples
    --------
    >>> p = Program(2, (("mul", (0, 1)), ("sin", (2,))))
    >>> print(p)
    def program(x0, x1):
        x2 = mul(x0, x1)
        x3 = sin(x2)
        return x3
    >>> p(0.0, 2.0)
    0.0
    """

    inputs: int
    lines: tuple[tuple[str, tuple[int, ...]], ...]

    @property
    def __name__(self) -> str:
        return "program"

    def __call__(self, *xs: Any) -> Any:
        if len(xs) != self.inputs:
            raise TypeError(f"the program takes {self.inputs} input(s), got {len(xs)}")
        known = list(xs)
        for name, operands in self.lines:
            values = [known[i] for i in operands]
            if name in BOUNDED:
                values = [getattr(rules, BOUNDED[name])(values[0])]
            known.append(getattr(rules, name)(*values))
        return known[-1]

    def __str__(self) -> str:
        names = [f"x{i}" for i in range(self.inputs)]
        text = [f"def program({', '.join(names)}):"]
        for k, (name, operands) in enumerate(self.lines):
            inner = ", ".join(f"x{i}" for i in operands)
            inner = f"{BOUNDED[name]}({inner})" if name in BOUNDED else inner
            text.append(f"    x{self.inputs + k} = {name}({inner})")
        text.append(f"    return x{self.inputs + len(self.lines) - 1}")
        return "\n".join(text)

    __repr__ = __str__


@st.composite
def programs(
    draw: Any, inputs: int = 2, max_lines: int = 6, unary: Sequence[str] = UNARY, binary: Sequence[str] = BINARY
) -> Program:
    """Programs of `inputs` inputs and up to `max_lines` operations, with reuse, for numbers, Values and Tensors.

    Parameters
    ----------
    inputs : int
        The number of inputs.
    max_lines : int
        The largest number of operations.
    unary : sequence of str
        Rules of one input to choose from, by name.
    binary : sequence of str
        Rules of two inputs.

    Returns
    -------
    hypothesis strategy
        Draws programs: callables that can be printed.

    Examples
    --------
    >>> from hypothesis import find, settings
    >>> from autograd.check import programs
    >>> one = programs(inputs=1, max_lines=1, unary=["tanh"], binary=["add"])
    >>> print(find(one, lambda program: "tanh" in str(program), settings=settings(database=None)))
    def program(x0):
        x1 = tanh(x0)
        return x1
    """
    lines: list[tuple[str, tuple[int, ...]]] = []
    for k in range(draw(st.integers(1, max_lines))):
        known = st.sampled_from(range(inputs + k - 1, -1, -1))  # the latest first: programs in which all matters
        if draw(st.booleans()):
            lines.append((draw(st.sampled_from(list(unary))), (draw(known),)))
        else:
            lines.append((draw(st.sampled_from(list(binary))), (draw(known), draw(known))))
    return Program(inputs, tuple(lines))
