"""The rule of Values that are made by hand from others, as micrograd allows."""

from __future__ import annotations

from typing import Any

from autograd.errors import NoRuleError
from autograd.rules.rule import Rule
from autograd.rules.typeset import function


class Handmade(Rule):
    """Stands behind a Value that was given its children and its number by hand."""

    def __init__(self, sign: str) -> None:  # not in the table: there is nothing to look up
        self.name = self.sign = sign or "handmade"
        self.notation = function(self.name)

    def pull(self, node: Any) -> None:
        """Refuse: there is no derivative."""
        raise NoRuleError(
            f"the Value made by hand as {self.name!r} has no rule, so no gradient can pass through it; "
            "add the operation to the table: autograd.Elementwise(name, scalar, array, partial)"
        )

    def vjp(self, g: Any, y: Any, inputs: Any, wanted: Any, static: Any) -> Any:
        """Refuse: there is no derivative."""
        self.pull(y)
