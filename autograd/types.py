"""Words for what signatures speak of, where a number, an array and a node may stand in for each other.

To a type checker most of them are ``Any``: a formula is evaluated on whatever is passed in.
"""

from __future__ import annotations

from typing import Any, Mapping, TypeAlias

Array: TypeAlias = Any
"""A Tensor, or what NumPy takes for an array; what comes out of a function is a Tensor if one went in."""

Axis: TypeAlias = int | tuple[int, ...] | None
"""One axis, several, or all of them."""

Index: TypeAlias = Any
"""What stands between brackets: numbers, slices, arrays of whole numbers or truth values, or a tuple of these."""

Cotangent: TypeAlias = Any
"""dJ/d(a node), of that node's shape: a number or an array; a node where the pass itself is recorded."""

Tangent: TypeAlias = Any
"""d(a node)/dt along a direction, likewise."""

Settings: TypeAlias = Mapping[str, Any]
"""What a rule is given that is no input, such as an axis; a node keeps it as ``static``."""
