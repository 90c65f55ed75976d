"""A Tensor program as the program of its single numbers, for ``viz.draw(root, scalars=True)``."""

from __future__ import annotations

from typing import Any, Mapping

import numpy as np

from autograd.scalarize import as_values
from autograd.tensor import Tensor
from autograd.value import Value
from viz.names import name_nodes


def number_by_number(root: Tensor, names: Mapping[str, Any] | None) -> Value | list[Value]:
    """The program of `root` run again on Values, and differentiated if it was."""
    given = name_nodes([root], names)[root]
    output, leaves = as_values(root)
    results: list[Value] = np.ravel(output).tolist()
    if not results or not all(isinstance(result, Value) for result in results):
        raise ValueError(f"scalars: {given} is made of an empty array, in which there is no number to draw")
    for leaf, values in leaves.items():
        for index in np.ndindex(values.shape):
            if not values[index].label:
                name = next((key for key, x in (names or {}).items() if x is leaf), "")
                values[index].label = f"{name}[{', '.join(map(str, index))}]" if name and index else name
    for index, result in zip(np.ndindex(root.shape), results):
        if result.rule is not None and not result.label and given != "v1":
            result.label = f"{given}[{', '.join(map(str, index))}]" if root.size > 1 else given
    if len(results) == 1:
        if any(leaf.grad is not None for leaf in leaves):
            results[0].backward()
        return results[0]
    return results
