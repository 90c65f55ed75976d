"""A node that no operation of ours has made: one that failed, or one that was read from elsewhere."""

from __future__ import annotations

from typing import Any, Mapping, Sequence

from autograd.node import Node, tick
from autograd.rules.arrays import OfArrays
from autograd.rules.rule import Rule
from autograd.rules.typeset import Notation
from viz.stats import Unknown


class StandIn(Node):
    """Stands in a graph for what was computed, or was to be computed, elsewhere.

    Parameters
    ----------
    data : number, array or Unknown
        Its numbers, if somebody has them.
    rule : Rule, optional
        What made it of `inputs`; nothing for a leaf.
    inputs : sequence of Node, number or array
    label : str
    static : mapping
        The settings of the rule.
    """

    def __init__(
        self,
        data: Any = None,
        rule: Rule | None = None,
        inputs: Sequence[Any] = (),
        label: str = "",
        static: Mapping[str, Any] | None = None,
    ) -> None:
        self._data = Unknown() if data is None else data
        self.grad = None
        self.label = label
        self._origin = (rule, *inputs) if rule else ()
        self._static = dict(static or {})
        self._time = tick()


def named_rule(name: str, notation: Notation | None = None, local: str | tuple[str, ...] = "") -> Rule:
    """A rule of which nothing is known but its name, how it is written, and what it adds to gradients."""

    def compute(*inputs: Any) -> Any:
        raise NotImplementedError(f"{name} is known by its name alone")

    return OfArrays(name, compute, notation=notation, local=local)
