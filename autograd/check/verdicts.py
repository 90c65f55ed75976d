"""The two small vocabularies of every judgement: what was decided, and what f looks like at the point."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

import numpy as np
from numpy.typing import NDArray


class _Word(str, Enum):
    """A word that compares, prints and serialises as the plain string that it is."""

    def __str__(self) -> str:
        return str(self.value)

    def __repr__(self) -> str:
        return repr(self.value)

    def __format__(self, spec: str) -> str:
        return format(str(self.value), spec)

    def __hash__(self) -> int:
        return hash(self.value)


class Verdict(_Word):
    """What a check decided, from best to worst.

    Examples
    --------
    >>> Verdict.worst([Verdict.RIGHT, Verdict.WRONG, Verdict.UNDECIDED])
    'wrong'
    >>> Verdict.RIGHT == "right"
    True
    """

    RIGHT = "right"
    UNDECIDED = "undecided"
    NO_GRADIENT = "no gradient"
    """vjp says that it has none: neither wrong nor right."""
    WRONG = "wrong"

    @property
    def rank(self) -> int:
        """0 for right, and higher the worse."""
        return list(Verdict).index(self)

    @classmethod
    def worst(cls, verdicts: Iterable[Verdict]) -> Verdict:
        """The worst of several; right if there are none."""
        return max(verdicts, key=lambda v: v.rank, default=cls.RIGHT)


class Kind(_Word):
    """What f looks like along a direction, by how much that says against a two-sided derivative."""

    SMOOTH = "smooth"
    ONE_SIDED = "edge of the domain"
    KINK = "kink"
    JUMP = "jump"
    VERTICAL = "vertical tangent"

    @property
    def rank(self) -> int:
        return list(Kind).index(self)

    @classmethod
    def of(cls, kinds: Iterable[Kind]) -> Kind:
        """The kind of a sum of components with these kinds."""
        return max(map(cls, kinds), key=lambda k: k.rank, default=cls.SMOOTH)

    @property
    def has_slope(self) -> bool:
        """Whether there is one derivative (two-sided, or one-sided at an edge) rather than an interval of them."""
        return self in (Kind.SMOOTH, Kind.ONE_SIDED)

    @property
    def broken(self) -> bool:
        """A kink or a jump: the one-sided slopes are an interval."""
        return self in (Kind.KINK, Kind.JUMP)


Kinds = NDArray[np.object_]
"""An array of the words; NumPy keeps them as plain strings, `Kind.of` and `is_kind` read them."""


def is_kind(kinds: Kinds, kind: Kind) -> NDArray[np.bool_]:
    """Where an array of kinds holds this one."""
    return np.asarray(kinds == kind, dtype=bool)
