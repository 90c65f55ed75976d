"""Which NumPy function is differentiated by what: the register that Tensor's dispatch looks into.

An entry is a rule, or a composition written in plain NumPy over functions that have entries. Its
signature is NumPy's own, so that every way of calling the NumPy function works.
"""

from __future__ import annotations

from typing import Any, Callable, TypeVar

import numpy as np

FUNCTIONS: dict[Any, Callable[..., Any]] = {}
"""NumPy function → what a Tensor calls instead."""

CONSTANT: set[Any] = set()
"""Functions that are constant for derivatives: they get plain arrays and give plain arrays."""

F = TypeVar("F", bound=Callable[..., Any])


def implements(*functions: Any) -> Callable[[F], F]:
    """Register the decorated function as the implementation of NumPy's `functions` for Tensors.

    Examples
    --------
    >>> FUNCTIONS[np.mean].__name__
    'mean'
    """

    def register(implementation: F) -> F:
        for function in functions:
            FUNCTIONS[function] = implementation
        return implementation

    return register


def constant(*functions: Any) -> None:
    """Register functions whose result carries no derivative (comparisons, searches, shapes)."""
    CONSTANT.update(functions)


def refuse(function: str, **settings: Any) -> None:
    """Raise if a setting that has no derivative, or no meaning here, is given.

    Raises
    ------
    TypeError
        Naming the function, the setting and the cure.
    """
    for name, value in settings.items():
        if value is not None and value is not np._NoValue:
            cure = {
                "out": "drop out= and use the returned Tensor (recorded data is never overwritten)",
                "where": "use np.where, or multiply by a 0/1 array",
                "dtype": "use x.astype(dtype) before or after",
                "initial": "add or compare the initial value yourself",
                "casting": "drop it", "order": "drop it", "subok": "drop it",
            }.get(name, "drop it")  # fmt: skip
            raise TypeError(f"np.{function} of a Tensor does not take {name}=: {cure}")


def normalised_axes(axis: Any, ndim: int) -> tuple[int, ...]:
    """`axis` (``None``, a number or several) as a tuple of non-negative numbers.

    Raises
    ------
    numpy.exceptions.AxisError
        If an axis is out of range; ``ValueError`` if one is repeated.
    """
    if axis is None:
        return tuple(range(ndim))
    axes = axis if isinstance(axis, (tuple, list)) else (axis,)
    normal = []
    for one in axes:
        one = int(one.__index__())
        if not -ndim <= one < ndim:
            raise np.exceptions.AxisError(one, ndim)
        normal.append(one % ndim)
    if len(set(normal)) != len(normal):
        raise ValueError(f"duplicate value in axis {axis}")
    return tuple(normal)
