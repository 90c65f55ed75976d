"""What a verdict of "right" is worth: how many derivatives at how many points, how sharply, past which kinks."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from .limits import RESOLVED
from .verdicts import Kind, Verdict

if TYPE_CHECKING:
    from .report import Entry

NAMED_KINKS = 3


@dataclass
class Tally:
    """Counts of a check that adds up over points.

    Attributes
    ----------
    derivatives, points : int
        Derivatives compared, and points at which.
    sharpness : float
        The widest error bar relative to its derivative, of those that are not nothing beside f; nan if there is none.
    singular : list of str
        Kinks, jumps and edges that were met and allowed, by their place.

    Examples
    --------
    >>> str(Tally(512, 1, 3.2e-9, ["kink at x0 = 0"]))
    'to 3 parts in 10⁹ over 512 derivatives, met and allowed: kink at x0 = 0'
    """

    derivatives: int = 0
    points: int = 1
    sharpness: float = math.nan
    singular: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, entries: Sequence[Entry], xs: Sequence[Any]) -> Tally:
        """The tally of one point."""
        right = [e for e in entries if e.verdict == Verdict.RIGHT]
        smooth = [e for e in right if e.kind.has_slope and e.error < RESOLVED * abs(e.numeric)]
        bars = [e.error / abs(e.numeric) for e in smooth]
        places = [f"{e.kind} at {_place(e, xs)}" for e in right if e.kind != Kind.SMOOTH and e.input is not None]
        return cls(len(entries), 1, max(bars, default=math.nan), places)

    def add(self, other: Tally) -> None:
        """Count another point in."""
        self.derivatives += other.derivatives
        self.points += other.points
        self.sharpness = float(np.fmax(self.sharpness, other.sharpness))
        self.singular += [place for place in other.singular if place not in self.singular]

    def __str__(self) -> str:
        count = f"{self.derivatives} derivative{'s' * (self.derivatives != 1)}"
        if self.points != 1:
            count += f" at {self.points} points"
        text = (f"to {parts(self.sharpness)} " if self.sharpness > 0 else "") + f"over {count}"
        if self.singular:
            more = len(self.singular) - NAMED_KINKS
            named = ", ".join(self.singular[:NAMED_KINKS]) + (f" and {more} more" if more > 0 else "")
            text += f", met and allowed: {named}"
        return text


def _place(e: Entry, xs: Sequence[Any]) -> str:
    if e.input is None:
        return e.name
    x = np.asarray(xs[e.input])
    name = f"x{e.input}" + (f"[{', '.join(map(str, e.index))}]" if e.index else "")
    return f"{name} = {float(x[e.index or ()]):.6g}"


def parts(share: float) -> str:
    """A relative error in words.

    Examples
    --------
    >>> parts(3.2e-9), parts(0.0009)
    ('3 parts in 10⁹', '9 parts in 10⁴')
    """
    exponent = math.floor(math.log10(share))
    digit = math.ceil(share / 10.0**exponent - 0.5)
    digit, exponent = (1, exponent + 1) if digit == 10 else (digit, exponent)
    if exponent > -1:
        return f"{share:.0%}"
    superscript = str(-exponent).translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return f"{digit} part{'s' * (digit != 1)} in 10{superscript}"


def total(tallies: Iterable[Tally]) -> Tally:
    """All of them together."""
    out = Tally(0, 0)
    for tally in tallies:
        out.add(tally)
    return out
