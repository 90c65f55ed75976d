"""What would leave the graph silently while a derivative is taken: refused.

``math.sin(x)``, ``a[0] = x`` and ``np.array([x], float)`` all call ``float(x)``. Outside a transform that is how a
loss is noted down. While ``grad(f)`` runs f, it would make a constant of what depends on f's argument, and the
gradient would be wrong without an error.

A transform enters its variables here while its function runs, and a node belongs to one of them if it was
made from them: that is looked up only then, so that the ordinary ``float(x)`` costs the test of an empty dictionary.
"""

from __future__ import annotations

from typing import Any, Sequence

from autograd import modes
from autograd.errors import LeavesGraphError
from autograd.node import KINDS, Node, running


class differentiating:
    """While the block runs, nothing that was made from `variables` becomes a plain number unasked, in any thread."""

    __slots__ = ("variables",)

    def __init__(self, variables: Sequence[Node]) -> None:
        self.variables = variables

    def __enter__(self) -> None:
        if self.variables:
            running[self] = (min([x._time for x in self.variables]), frozenset(self.variables))

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        running.pop(self, None)
        if isinstance(error, ValueError) and isinstance(error.__cause__, LeavesGraphError):
            # NumPy hides the refusal of ``a[0] = x`` behind "setting an array element with a sequence".
            raise error.__cause__.with_traceback(trace) from None


def depends(node: Node) -> bool:
    """Whether `node` was made from a variable of a transform whose function is running now."""
    entries = list(running.values())
    if not entries:
        return False
    # What is older than the first of these variables was not made from one.
    oldest = min(started for started, _ in entries)
    stack, seen = [node], {node}
    while stack:
        node = stack.pop()
        if node._time < oldest:
            continue
        if any(node in variables for _, variables in entries):
            return True
        for x in node._origin:
            if type(x) in KINDS and x not in seen:
                seen.add(x)
                stack.append(x)
    return False


_CURE = (
    "NumPy's functions (np.sin(x) for math.sin(x), np.stack or np.where for a[i] = x), and f'{x:.2f}' or str(x) to "
    "print it ('%.2f' % x calls float())"
)


def refuse_leaving(node: Any, by: str, cure: str = _CURE) -> None:
    """Raise if `node` depends on the variables of a running transform and is about to become a plain number.

    Parameters
    ----------
    node : Value or Tensor
    by : str
        What is doing that, such as ``"float()"``.
    cure : str
        What keeps the gradient instead.

    Raises
    ------
    LeavesGraphError
        Unless recording is switched off, which says that no gradient is wanted.
    """
    if modes.recording() and depends(node):
        raise LeavesGraphError(
            f"{by} would make a plain number of a {type(node).__name__} while a derivative is taken, and its gradient "
            f"would be lost; use {cure}. If it is meant as a constant, say so: x.item() or stop_gradient(x)"
        )
