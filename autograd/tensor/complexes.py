"""For error messages: where complex numbers came into a program of real ones."""

from __future__ import annotations

from typing import Any

from autograd.graph import ancestors
from autograd.node import Node
from autograd.rules.rule import is_complex


def where_complex(output: Any) -> str:
    """For error messages: which operation made complex numbers of real ones, and how to get back.

    Examples
    --------
    >>> from autograd import Tensor
    >>> import numpy as np
    >>> where_complex(np.exp(1j * Tensor([1.0])))
    'complex since mul: take .real (where it is known to be real) or np.abs'
    """
    recorded = ancestors(output)[0] if isinstance(output, Node) else []
    rules = [node.rule.name for node in reversed(recorded) if node.rule and is_complex(node._data)]
    since = f" since {rules[0]}" if rules else ""
    always = ", which from NumPy 2.5 on always gives complex numbers" if "linalg.eig" in since else ""
    return f"complex{since}{always}: take .real (where it is known to be real) or np.abs"
