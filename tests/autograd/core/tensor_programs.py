"""Random programs of small Tensors: every number of theirs and every error, in words, whichever core computes.

Run as a script with two numbers, it prints what the programs of these seeds gave, a line each.
"""

from __future__ import annotations

import operator
import sys
import warnings
from typing import Any

import numpy as np

from autograd import RULES, Elementwise, Tensor, Value, detect_anomaly, no_grad

SHAPES = [(), (1,), (3,), (2, 3), (2, 1), (1, 3), (0, 3), (3, 3), (2, 2, 3), (40, 3), (1, 1)]
OPERATORS = [operator.add, operator.sub, operator.mul, operator.truediv, operator.pow, operator.matmul]
NUMBERS = [2, -1, 0.5, 2049, 3.0, True, 0, 0.0, np.float32(0.3), np.float64(0.7), 1j]
TAKES = {name: len(rule.partials) - len(rule.defaults) for name, rule in RULES.items() if isinstance(rule, Elementwise)}
ELEMENTWISE = sorted(TAKES)
INDICES: list[Any] = [0, slice(None, None, 2), Ellipsis, None, (Ellipsis, 0), np.array([0, 0])]


def array(rng: Any, dtypes: tuple[str, ...]) -> Any:
    """Numbers of one of the dtypes, in any order of memory; some read-only."""
    made = rng.standard_normal(SHAPES[rng.integers(len(SHAPES))]) * rng.choice([1, 3])
    made = np.asarray(np.abs(made) + 0.5 if rng.random() < 0.2 else made).astype(rng.choice(dtypes))
    way = rng.integers(5)
    if way == 0 or not made.ndim:
        return np.asfortranarray(made)
    if way == 3:
        made.setflags(write=False)
    return np.repeat(made, 2, axis=0)[::2] if way == 1 else made[::-1] if way == 2 else made


def program(seed: int) -> str:
    """What the program of this seed gives."""
    rng = np.random.default_rng(seed)
    usual = str(rng.choice(["f8", "f8", "f4", "f2"]))
    leaves: list[Any] = [Tensor(array(rng, (usual, usual, usual, "f8", "f4"))) for _ in range(rng.integers(1, 4))]
    leaves += [Value(float(rng.standard_normal()))] * (rng.random() < 0.15)
    nodes, constants, told = [*leaves], [], []

    def node() -> Any:
        return nodes[rng.integers(len(nodes))]

    def operand() -> Any:
        way = rng.random()
        if way < 0.25:
            return NUMBERS[rng.integers(len(NUMBERS))]
        if way < 0.4:
            constants.append(array(rng, (usual, usual, "f8", "f4", "i8", "?", "c16")))
            return constants[-1]
        return node()

    def step() -> Any:
        way = rng.integers(8)
        if way < 3:
            return OPERATORS[rng.integers(len(OPERATORS))](operand(), operand())
        if way < 6:
            name = ELEMENTWISE[rng.integers(len(ELEMENTWISE))]
            return RULES[name](*[operand() for _ in range(TAKES[name])])
        if way == 6:
            return node()[INDICES[rng.integers(len(INDICES))]]
        return [np.sum, np.mean, np.prod, np.cumsum, np.transpose, np.ravel, np.fft.fft][rng.integers(7)](node())

    def attempt(action: Any) -> None:
        watched = [no_grad, detect_anomaly][rng.integers(2)] if rng.random() < 0.08 else None
        try:
            if watched is None:
                made = action()
            else:
                with watched():
                    made = action()
        except Exception as error:
            told.append(f"{type(error).__name__}: {error}")
        else:
            told.append(written(made))
            if type(made) is Tensor and made.dtype.kind in "fc":
                nodes.append(made)

    for _ in range(rng.integers(1, 12)):
        attempt(step)
    for constant in constants:
        if rng.random() < 0.2 and constant.flags.writeable:
            constant[...] = 0
    if rng.random() < 0.1:
        attempt(lambda: node().data.fill(1.0))
    for root in (nodes[-1], node()):
        settings: dict[str, Any] = {"create_graph": True} if rng.random() < 0.2 else {}
        if type(root) is Tensor and root.size != 1:
            settings["gradient"] = rng.standard_normal(root.shape)
        attempt(lambda: root.backward(**settings))
        told.append(" ".join(written(x.grad) for x in leaves))
    return repr(told)


def written(x: Any) -> str:
    """The numbers of x, bit by bit (a nan has bits that mean nothing), and what made it."""
    if isinstance(x, (Tensor, Value)):
        return f"{type(x).__name__} by {x.rule} of {[type(y).__name__ for y in x.inputs]}: {written(x._numbers)}"
    if x is None or np.asarray(x).dtype.kind not in "fc":
        return repr(x) if x is None or isinstance(x, (np.ndarray, np.generic)) else type(x).__name__
    numbers = np.asarray(x)
    bits = np.where(np.isnan(numbers), numbers.dtype.type(np.nan), numbers).tobytes().hex()
    return f"{numbers.dtype}{numbers.shape} {bits}"


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    for number in range(*map(int, sys.argv[1:])):
        print(number, program(number).replace("autograd.value.Value", "Value"))
