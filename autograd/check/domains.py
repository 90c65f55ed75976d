"""Where inputs lie: intervals by name, and whole arrays written as ``vector(5, -2, 2)``. NumPy alone.

The same words serve the command line, hypothesis (`autograd.check.strategies`) and the registry of libraries, which
draws its points with `Domain.draw`.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

NAMED: dict[str, tuple[float, float]] = {
    "real": (-10.0, 10.0),
    "positive": (1e-3, 10.0),
    "negative": (-10.0, -1e-3),
    "nonnegative": (0.0, 10.0),
    "unit": (0.0, 1.0),
    "open unit": (1e-3, 1 - 1e-3),
    "signed unit": (-1.0, 1.0),
    "angle": (-math.pi, math.pi),
    "large": (-1e6, 1e6),
}
"""Intervals by name."""


@dataclass(frozen=True)
class Domain:
    """Arrays of one shape, each entry between `low` and `high`.

    Attributes
    ----------
    shape : tuple of int
    low, high : float
    kind : str
        "box": nothing more; "simplex": positive entries with sum 1; "symmetric"; "positive definite" (all
        eigenvalues at least 1/4).
    """

    shape: tuple[int, ...] = ()
    low: float = -10.0
    high: float = 10.0
    kind: str = "box"

    def __post_init__(self) -> None:
        if not (math.isfinite(self.low) and math.isfinite(self.high)):
            raise ValueError(f"a domain needs finite ends, got ({self.low}, {self.high})")
        if self.low > self.high:
            raise ValueError(f"the domain ({self.low}, {self.high}) is empty: its low end lies above its high end")
        if any(n < 0 for n in self.shape):
            raise ValueError(f"{self.shape} is no shape: its sides count from 0")

    def draw(self, rng: np.random.Generator) -> Any:
        """One array of the domain: most entries anywhere in it, some special (0, ±1/2, ±1, near 0, the ends)."""
        if self.kind == "simplex":
            parts = rng.uniform(0.05, 1.0, self.shape)
            return parts / parts.sum()
        a = rng.uniform(self.low, self.high, self.shape)
        if self.kind == "symmetric":
            return (a + a.T) / 2
        if self.kind == "positive definite":
            return a @ a.T + 0.25 * np.eye(len(a))
        special = np.array([0.0, 0.5, -0.5, 1.0, -1.0, 2.0, 1e-3, -1e-3, self.low, self.high])
        special = special[(special >= self.low) & (special <= self.high)]
        chosen = np.where(rng.random(self.shape) < 0.15, rng.choice(special, self.shape), a)
        return chosen if self.shape else float(chosen)

    def __str__(self) -> str:
        if not self.shape:
            return f"({self.low:g}, {self.high:g})"
        name = {"box": ("vector", "matrix", "tensor")[min(len(self.shape), 3) - 1]}.get(
            self.kind, self.kind.replace("positive definite", "spd")
        )
        return f"{name}({', '.join([*map(str, self.shape), f'{self.low:g}', f'{self.high:g}'])})"


def vector(n: int, low: float = -2.0, high: float = 2.0) -> Domain:
    """Vectors of n entries between `low` and `high`.

    Parameters
    ----------
    n : int
        The number of entries.
    low : float
        The least number.
    high : float
        The largest number.

    Returns
    -------
    Domain
        For :func:`check_for_all`.

    Examples
    --------
    >>> from autograd.check import check_for_all, vector
    >>> import numpy as np
    >>> check_for_all(lambda x: np.sum(np.sin(x)), vector(3), seed=0, max_examples=20).verdict
    'right'
    """
    return Domain((int(n),), float(low), float(high))


def matrix(m: int, n: int, low: float = -2.0, high: float = 2.0) -> Domain:
    """Matrices of m rows and n columns.

    Parameters
    ----------
    m : int
        Rows.
    n : int
        Columns.
    low : float
        The least number.
    high : float
        The largest number.

    Returns
    -------
    Domain
        For :func:`check_for_all`.

    Examples
    --------
    >>> from autograd.check import check_for_all, matrix
    >>> import numpy as np
    >>> check_for_all(lambda a: np.trace(a @ a.T), matrix(2, 3), seed=0, max_examples=20).verdict
    'right'
    """
    return Domain((int(m), int(n)), float(low), float(high))


def tensor(*numbers: float) -> Domain:
    """Arrays of three axes: ``tensor(2, 3, 4, -1, 1)``.

    Parameters
    ----------
    *numbers : float
        Three lengths, then the least and the largest entry if not −2 and 2.

    Returns
    -------
    Domain
        For :func:`check_for_all`.

    Raises
    ------
    TypeError
        If there are not three lengths, perhaps followed by two bounds.

    Examples
    --------
    >>> from autograd.check import check_for_all, tensor
    >>> import numpy as np
    >>> check_for_all(lambda t: np.sum(t**2), tensor(2, 3, 4, -1, 1), seed=0, max_examples=20).verdict
    'right'
    """
    if len(numbers) not in (3, 5):
        raise TypeError("write tensor(l, m, n) or tensor(l, m, n, low, high)")
    ends = numbers[3:] or (-2.0, 2.0)
    return Domain(tuple(int(n) for n in numbers[:3]), float(ends[0]), float(ends[1]))


def simplex(n: int) -> Domain:
    """Vectors of n positive entries with sum 1.

    Parameters
    ----------
    n : int
        The number of entries.

    Returns
    -------
    Domain
        For :func:`check_for_all`.

    Examples
    --------
    >>> from autograd.check import check_for_all, simplex
    >>> import numpy as np
    >>> check_for_all(lambda p: -np.sum(p * np.log(p)), simplex(3), seed=0, max_examples=20).verdict
    'right'
    """
    return Domain((int(n),), 0.0, 1.0, "simplex")


def symmetric(n: int, low: float = -2.0, high: float = 2.0) -> Domain:
    """Symmetric matrices of n rows.

    Parameters
    ----------
    n : int
        Rows.
    low : float
        The least number.
    high : float
        The largest number.

    Returns
    -------
    Domain
        For :func:`check_for_all`.

    Examples
    --------
    >>> from autograd.check import check_for_all, symmetric
    >>> import numpy as np
    >>> check_for_all(lambda a: np.trace(a @ a), symmetric(2), seed=0, max_examples=20).verdict
    'right'
    """
    return Domain((int(n), int(n)), float(low), float(high), "symmetric")


def spd(n: int, low: float = -2.0, high: float = 2.0) -> Domain:
    """Positive definite matrices of n rows.

    Parameters
    ----------
    n : int
        Rows.
    low : float
        The least number.
    high : float
        The largest number.

    Returns
    -------
    Domain
        For :func:`check_for_all`.

    Examples
    --------
    >>> from autograd.check import check_for_all, spd
    >>> import numpy as np
    >>> check_for_all(lambda a: np.linalg.slogdet(a)[1], spd(2), seed=0, max_examples=20).verdict
    'right'
    """
    return Domain((int(n), int(n)), float(low), float(high), "positive definite")


MAKERS: dict[str, Callable[..., Domain]] = {
    "vector": vector, "matrix": matrix, "tensor": tensor, "simplex": simplex, "symmetric": symmetric, "spd": spd,
}  # fmt: skip


def parse(text: str) -> Any:
    """A domain as written on the command line: ``-3:3``, ``positive``, ``vector(5, -2, 2)``, ``spd(3)``.

    Returns
    -------
    A pair (low, high), a `Domain`, or the name as it stands.

    Examples
    --------
    >>> parse("-3:3"), parse("positive"), parse("vector(5, -2, 2)").shape
    ((-3.0, 3.0), 'positive', (5,))
    """
    maker, bracket, rest = text.partition("(")
    if bracket and maker.strip() in MAKERS:
        try:
            numbers = ast.literal_eval(f"({rest.rstrip().removesuffix(')')},)")
            return MAKERS[maker.strip()](*numbers)
        except (SyntaxError, TypeError, ValueError) as error:
            raise ValueError(
                f"{text!r} is no domain ({error}): write vector(n, low, high), matrix(m, n, low, high), simplex(n) or "
                "spd(n)"
            ) from None
    parts = text.strip("()").replace(",", ":").split(":")
    if len(parts) == 2:
        try:
            return float(parts[0]), float(parts[1])
        except ValueError:
            pass
    return text


def domain(what: Any) -> Domain:
    """Any of the words for a domain as a `Domain`: itself, a name, a pair (low, high)."""
    if isinstance(what, Domain):
        return what
    if isinstance(what, str) and what in NAMED:
        return Domain((), *NAMED[what])
    if isinstance(what, (tuple, list)) and len(what) == 2:
        return Domain((), float(what[0]), float(what[1]))
    raise ValueError(f"{what!r} is no domain: use {', '.join(NAMED)}, a pair (low, high) or vector(n, low, high)")
