"""Rules of whole arrays: linear ones, and those that are known by their vector-Jacobian product."""

from __future__ import annotations

from typing import Any, Callable, Mapping, Sequence

import numpy as np

from autograd.node import plain
from autograd.rules.rule import Formula, Rule
from autograd.rules.typeset import Notation
from autograd.types import Settings

PullOfArrays = Callable[[Any, Any, Any, Any], None]
"""``(node, g, cotangents, give)`` gives each input of a node its cotangent: a shorter way than by the adjoints."""


class OfArrays(Rule):
    """A rule of whole arrays.

    Parameters
    ----------
    name, compute, notation, sign, doc
        As for :class:`Rule`.
    local : str or tuple of str, optional
        What the gradient of the result adds to that of each input, to be read: ``("{g} · {1}ᵀ", "{0}ᵀ · {g}")``. In it
        ``{g}`` is the gradient of the result, ``{y}`` the result, ``{0}``, ``{1}``, … the inputs, ``{shape}`` the
        input's shape, ``{share}`` how many of its numbers make one of the result, ``{summed}`` how broadcasting is
        undone. One string serves all inputs.
    pull_arrays : callable, optional
        A faster way backward for plain arrays: ``(node, g, cotangents, give)`` calls ``give(input, cotangent)``.
    scalars : callable, optional
        What the operation means number by number: ``(*inputs, **static) -> array``, of and to arrays of Values, over
        operators and rules of numbers. An operation that is linear needs none.
    """

    def __init__(
        self,
        name: str,
        compute: Formula,
        *,
        notation: Notation | None = None,
        sign: str | None = None,
        doc: str = "",
        local: str | tuple[str, ...] = "",
        pull_arrays: PullOfArrays | None = None,
        scalars: Formula | None = None,
    ) -> None:
        super().__init__(name, compute, notation=notation, sign=sign, doc=doc)
        self.local = local
        self.pull_arrays = pull_arrays
        self.scalars = scalars

    def local_formula(self, i: int, inputs: Sequence[str], words: Mapping[str, str], static: Settings) -> str:
        """`local` for the i-th input with names in it; empty if the rule has none."""
        template = self.local if isinstance(self.local, str) else self.local[i]
        return template.format(*inputs, **words)


class Linear(OfArrays):
    """An operation that is linear in each of its array inputs.

    Parameters
    ----------
    name : str
        The word for it in the table, in messages and in pictures.
    compute : callable
        ``(*inputs, **static) -> array``.
    adjoints : callables
        For each input ``(g, *inputs, **static) -> its cotangent``, a formula over NumPy functions that
        have rules themselves. With ``joint=True`` a single callable ``(g, i, *inputs, **static)`` for
        the i-th of any number of inputs.
    joint : bool
        The operation is linear in all inputs together (``concatenate``), not in each for fixed
        others (``matmul``).
    notation : Notation, optional
        How it is written.
    sign : str, optional
        Short form for a node in a picture.
    doc : str, optional
        One sentence with the formula that it computes.
    local : str or tuple of str, optional
        The local derivative of each input in words of matrices, for pictures.
    pull_arrays : callable, optional
        A faster way to pull back arrays than by the adjoints.

    Examples
    --------
    >>> import numpy as np
    >>> from autograd import Tensor
    >>> flipped = Linear("flipped", np.flip, lambda g, x: np.flip(g))
    >>> x = Tensor([1.0, 2.0])
    >>> flipped(x)[0].backward()
    >>> x.grad
    array([0., 1.])
    """

    def __init__(
        self,
        name: str,
        compute: Formula,
        *adjoints: Formula,
        joint: bool = False,
        notation: Notation | None = None,
        sign: str | None = None,
        doc: str = "",
        local: str | tuple[str, ...] = "",
        pull_arrays: PullOfArrays | None = None,
    ) -> None:
        super().__init__(name, compute, notation=notation, sign=sign, doc=doc, local=local, pull_arrays=pull_arrays)
        self.adjoints = adjoints
        self.joint = joint
        self.uses_output = False

    def vjp(self, g: Any, y: Any, inputs: Sequence[Any], wanted: Sequence[int], static: Settings) -> Sequence[Any]:
        if self.joint:
            (adjoint,) = self.adjoints
            return [adjoint(g, i, *inputs, **static) for i in wanted]
        return [self.adjoints[i](g, *inputs, **static) for i in wanted]

    def jvp(self, tangents: Mapping[int, Any], y: Any, inputs: Sequence[Any], static: Settings) -> Any:
        if self.joint:
            moved = [tangents[i] if i in tangents else np.zeros_like(plain(x)) for i, x in enumerate(inputs)]
            return self(*moved, **static)
        total: Any = None
        for i, tangent in tangents.items():
            term = self(*inputs[:i], tangent, *inputs[i + 1 :], **static)
            total = term if total is None else total + term
        return total


class General(OfArrays):
    """An operation known by its vector-Jacobian product.

    Parameters
    ----------
    name : str
        The word for it in the table, in messages and in pictures.
    compute : callable
        ``(*inputs, **static) -> array``.
    vjp : callable
        ``(g, y, *inputs, **static) -> tuple`` with the cotangent of each input (``None`` for one that
        has no derivative), linear in g, written over NumPy functions that have rules.
    notation : Notation, optional
        How it is written.
    sign : str, optional
        Short form for a node in a picture.
    doc : str, optional
        One sentence with the formula that it computes.
    local : str or tuple of str, optional
        The local derivative of each input in words of matrices, for pictures.
    pull_arrays : callable, optional
        A faster way to pull back arrays than `vjp`.
    scalars : callable, optional
        What it means number by number, for pictures of single numbers and for the live page.

    Notes
    -----
    The tangent needs no second formula: the graph's forward pass gets it out of the vjp.

    Examples
    --------
    >>> import numpy as np
    >>> from autograd import Tensor
    >>> scaled = General("scaled", lambda x: x / np.sum(x), lambda g, y, x: ((g - np.sum(g * y)) / np.sum(x),))
    >>> x = Tensor([1.0, 3.0])
    >>> scaled(x)[0].backward()
    >>> x.grad
    array([ 0.1875, -0.0625])
    """

    def __init__(
        self,
        name: str,
        compute: Formula,
        vjp: Formula,
        *,
        notation: Notation | None = None,
        sign: str | None = None,
        doc: str = "",
        local: str | tuple[str, ...] = "",
        pull_arrays: PullOfArrays | None = None,
        scalars: Formula | None = None,
    ) -> None:
        super().__init__(
            name,
            compute,
            notation=notation,
            sign=sign,
            doc=doc,
            local=local,
            pull_arrays=pull_arrays,
            scalars=scalars,
        )
        self.formula = vjp

    def vjp(self, g: Any, y: Any, inputs: Sequence[Any], wanted: Sequence[int], static: Settings) -> Sequence[Any]:
        cotangents = self.formula(g, y, *inputs, **static)
        return [cotangents[i] for i in wanted]
