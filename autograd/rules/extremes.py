"""The largest and the smallest of any number of numbers."""

from __future__ import annotations

from functools import reduce
from typing import Any, Sequence

from autograd.rules import scalars
from autograd.rules.elementwise import div, equal, maximum, minimum, share, truth
from autograd.rules.expressions import Symbol
from autograd.rules.nary import Nary
from autograd.rules.table import fill
from autograd.rules.typeset import function


def _shares(y: Any, xs: Sequence[Any]) -> Sequence[Any]:
    """1 for the one that is taken; where several are equal, their share of it."""
    if any(isinstance(x, Symbol) for x in (y, *xs)):
        return [truth(equal(x, y)) for x in xs]
    ties = [share(x, y) * share(y, x) for x in xs]
    return [div(tie, sum(ties[1:], ties[0])) for tie in ties]


# fmt: off
largest = Nary("max", lambda xs: reduce(scalars.larger, xs), _shares, lambda xs: reduce(maximum, xs),
               notation=function("max"), doc="The largest of all; ties share the gradient equally.")
smallest = Nary("min", lambda xs: reduce(scalars.smaller, xs), _shares, lambda xs: reduce(minimum, xs),
                notation=function("min"), doc="The smallest of all; ties share the gradient equally.")
# fmt: on

fill(largest, smallest)
