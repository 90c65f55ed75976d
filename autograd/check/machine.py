"""`GraphMachine`: hypothesis builds graphs at random and holds the engine to a plain replay.

Every recorded node is also written down as a line of ordinary NumPy code. Values are compared with the replay after
every step, gradients with the replay's derivative by complex step, and `.grad` with the sum of what the backward
passes so far must have added.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule

from autograd import stop_gradient
from autograd.tensor import Tensor

Operation = tuple[Callable[..., Any], Callable[..., Any], int]
"""What is applied to Tensors, the same on complex NumPy arrays, and the number of operands."""


class GraphMachine(RuleBasedStateMachine):
    """A stateful test of the engine. Run ``GraphMachine.TestCase``, or a subclass with operations of your own.

    Attributes
    ----------
    operations : dict
        Name → (function of Tensors, the same function of complex NumPy arrays, number of operands).
        The plain functions must be analytic, for the complex step.

    Examples
    --------
    >>> import numpy as np
    >>> class Mine(GraphMachine):
    ...     operations = {**GraphMachine.operations, "cube": (lambda t: t * t * t, lambda x: x**3, 1)}
    >>> TestMine = Mine.TestCase
    """

    operations: ClassVar[dict[str, Operation]] = {
        "sin": (np.sin, np.sin, 1),
        "tanh": (np.tanh, np.tanh, 1),
        "exp of -x²": (lambda t: np.exp(-t * t), lambda x: np.exp(-x * x), 1),
        "add": (lambda a, b: a + b, lambda a, b: a + b, 2),
        "sub": (lambda a, b: a - b, lambda a, b: a - b, 2),
        "mul": (lambda a, b: a * b, lambda a, b: a * b, 2),
        "div": (lambda a, b: a / (2 + np.tanh(b)), lambda a, b: a / (2 + np.tanh(b)), 2),
        "affine": (lambda t: 0.5 * t - 1, lambda x: 0.5 * x - 1, 1),
        "sum": (lambda t: np.sum(t), np.sum, 1),
        "mean over the last axis": (
            lambda t: t.mean(axis=-1) if t.ndim else t + 0,
            lambda x: x.mean(axis=-1) if x.ndim else x + 0,
            1,
        ),
    }
    views: ClassVar[dict[str, Operation]] = {
        "transpose": (lambda t: t.T, lambda x: x.T, 1),
        "ravel": (lambda t: t.reshape(-1), lambda x: x.reshape(-1), 1),
        "reverse": (lambda t: t[::-1] if t.ndim else t + 0, lambda x: x[::-1] if x.ndim else x + 0, 1),
        "first": (lambda t: t[:1] if t.ndim else t + 0, lambda x: x[:1] if x.ndim else x + 0, 1),
    }
    nodes = Bundle("nodes")

    def __init__(self) -> None:
        super().__init__()
        self.tensors: list[Any] = []
        self.lines: list[tuple[Any, ...]] = []
        self.expected: dict[int, Any] = {}

    def _keep(self, tensor: Any, line: tuple[Any, ...]) -> int:
        self.tensors.append(tensor)
        self.lines.append(line)
        return len(self.lines) - 1

    def _replay(self, upto: int, moved: int | None = None, step: Any = 0) -> Any:
        """The value of one node by plain NumPy, with `step` added to leaf `moved`."""
        known: list[Any] = []
        for k, (function, operands, data) in enumerate(self.lines[: upto + 1]):
            if function is None:
                known.append(np.asarray(data) + (step if k == moved else 0))
            else:
                known.append(np.asarray(function(*[known[i] for i in operands])))
        return known[upto]

    @initialize(target=nodes)
    def first_leaf(self) -> int:
        return self._leaf(np.array([0.5, -1.0, 2.0]))

    def _leaf(self, data: Any) -> int:
        k = self._keep(Tensor(np.array(data)), (None, (), np.array(data)))
        self.expected[k] = None
        return k

    @rule(
        target=nodes,
        shape=st.sampled_from([(), (1,), (3,), (2, 3)]),
        numbers=st.lists(st.sampled_from([0.0, 1.0, -1.0, 0.5, 2.0, -0.25]), min_size=6, max_size=6),
    )
    def leaf(self, shape: tuple[int, ...], numbers: list[float]) -> int:
        return self._leaf(np.array(numbers[: int(np.prod(shape))]).reshape(shape))

    @rule(target=nodes, data=st.data(), a=nodes, b=nodes)
    def operate(self, data: Any, a: int, b: int) -> int:
        name = data.draw(st.sampled_from(sorted(self.operations)), label="operation")
        return self._apply(self.operations[name], a, b)

    @rule(target=nodes, data=st.data(), a=nodes)
    def view(self, data: Any, a: int) -> int:
        name = data.draw(st.sampled_from(sorted(self.views)), label="view")
        return self._apply(self.views[name], a, a)

    def _apply(self, operation: Operation, a: int, b: int) -> int:
        ours, plain, arity = operation
        operands = (a, b)[:arity]
        try:
            np.broadcast_shapes(*[self.tensors[i].shape for i in operands])
        except ValueError:
            return a
        return self._keep(ours(*[self.tensors[i] for i in operands]), (plain, operands, None))

    @rule(target=nodes, a=nodes)
    def detach(self, a: int) -> int:
        """The same numbers as a leaf of their own: nothing flows back to where they came from."""
        return self._leaf(np.array(stop_gradient(self.tensors[a])))

    @rule(a=nodes)
    def backward(self, a: int) -> None:
        """Each leaf's `.grad` grows by the derivative of the node's sum; a second time, by the same again."""
        root = self.tensors[a]
        root.backward(np.ones(root.shape))
        for k in self.expected:
            if k > a or not self._reaches(k, a):
                continue
            gradient = np.zeros(self.tensors[k].shape)
            for i in range(gradient.size):
                step = np.zeros(gradient.shape, dtype=complex)
                step.reshape(-1)[i] = 1e-30j
                gradient.reshape(-1)[i] = self._replay(a, k, step).sum().imag / 1e-30
            self.expected[k] = gradient if self.expected[k] is None else self.expected[k] + gradient

    def _reaches(self, leaf: int, node: int) -> bool:
        seen, stack = set(), [node]
        while stack:
            k = stack.pop()
            if k == leaf:
                return True
            if k not in seen:
                seen.add(k)
                stack.extend(self.lines[k][1])
        return False

    @rule(data=st.data())
    def zero_grad(self, data: Any) -> None:
        k = data.draw(st.sampled_from(sorted(self.expected)), label="leaf")
        self.tensors[k].zero_grad()
        self.expected[k] = None

    @invariant()
    def values_agree(self) -> None:
        if self.lines:
            k = len(self.lines) - 1
            np.testing.assert_allclose(self.tensors[k].data, self._replay(k).real, rtol=1e-10, atol=1e-12)

    @invariant()
    def gradients_agree(self) -> None:
        for k, expected in self.expected.items():
            found = self.tensors[k].grad
            if expected is None:
                assert found is None, f"leaf {k} has a gradient before any backward pass reached it"
            else:
                assert found is not None, f"leaf {k} has no gradient though a backward pass reached it"
                np.testing.assert_allclose(np.asarray(getattr(found, "data", found)), expected, rtol=1e-8, atol=1e-10)
