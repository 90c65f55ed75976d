"""Random Tensor programs: straight-line NumPy code on arguments, parameters and constants, with reuse and sharing.

Run as a module it makes more of them than the tests do::

    python -m tests.autograd.replay.programs 5000 [first seed]
"""

from __future__ import annotations

import sys
from typing import Any, NamedTuple

import numpy as np

from autograd import Tensor, jit, sigmoid, softplus, value_and_grad
from autograd.nn import functional as F

UNARY = {
    "tanh": np.tanh, "sin": np.sin, "exp": lambda x: np.exp(-x * x), "square": np.square,
    "relu": lambda x: np.maximum(x, 0),
    "sigmoid": sigmoid, "softplus": softplus, "neg": lambda x: -x, "abs": np.abs, "log": lambda x: np.log(1 + x * x),
    "sqrt": lambda x: np.sqrt(1 + x * x), "cube": lambda x: x**3, "copy": lambda x: x + 0,
    "scaled": lambda x: 2 * x - 1,
    "shifted": lambda x: x - x.mean(), "softmax": lambda x: F.softmax(x) if x.ndim else x,
    "cut": lambda x: np.clip(x, -1, 1),
    "cumsum": lambda x: np.cumsum(x, axis=-1) if x.ndim else x, "flip": lambda x: np.flip(x), "gelu": F.gelu,
    "var": lambda x: x * np.var(x), "max": lambda x: x * np.max(x),
    "sort": lambda x: np.sort(x, axis=-1) if x.ndim else x,
}  # fmt: skip
BINARY = {
    "add": lambda x, y: x + y, "sub": lambda x, y: x - y, "mul": lambda x, y: x * y,
    "div": lambda x, y: x / (1 + y * y), "maximum": np.maximum, "minimum": np.minimum,
    "where": lambda x, y: np.where(np.array([True, False, True, True])[: x.shape[-1] if x.ndim else 1][0], x, y),
    "power": lambda x, y: np.power(1 + x * x, 0.5 * np.tanh(y)), "logaddexp": np.logaddexp, "hypot": np.hypot,
}  # fmt: skip
MATRICES = {
    "matmul": lambda x, y: x @ np.swapaxes(y, -1, -2) @ y if x.ndim == y.ndim == 2 and x.shape == y.shape else x * 1.5,
    "rows": lambda x, y: x[:1] + x[1:].sum(axis=0) if x.ndim == 2 else x,
    "joined": lambda x, y: np.concatenate([x, x * 2])[: x.shape[0]] if x.ndim else x,
    "parts": lambda x, y: x * x[..., :1] + x[..., -1:] if x.ndim else x,
    "turned": lambda x, y: (x.T * 2).T, "flat": lambda x, y: np.reshape(np.reshape(x, -1) * 2, x.shape),
    "stacked": lambda x, y: np.stack([x, x * x]).sum(axis=0),
    "column": lambda x, y: x[:, 1:2] * x if x.ndim == 2 else x,
    "einsum": lambda x, y: np.einsum("ij,kj->ik", x, x) @ x if x.ndim == 2 else x,
    "logsumexp": lambda x, y: x - F.logsumexp(x) if x.ndim == 1 else x,
    "chosen": lambda x, y: x[..., np.array([2, 0, 1, 2])[: x.shape[-1]] % x.shape[-1]] if x.ndim else x,
    "norm": lambda x, y: x / (1 + np.sqrt(np.sum(x * x))),
}  # fmt: skip
OPERATIONS = {**UNARY, **BINARY, **MATRICES}
SHAPES = [(3,), (2, 3), (4, 4), (1, 3), (2, 1), (), (5,)]


class Program(NamedTuple):
    """Operations with the numbers of their operands: arguments first, then parameters, constants, and results."""

    shape: tuple[int, ...]
    dtype: str
    arguments: int
    parameters: int
    constants: int
    steps: tuple[tuple[str, int, int], ...]
    training: bool

    @property
    def given(self) -> int:
        return self.arguments + self.parameters + self.constants

    def run(self, operands: list[Any]) -> Any:
        results = list(operands)
        for name, i, j in self.steps:
            x, y = results[i % len(results)], results[j % len(results)]
            results.append(OPERATIONS[name](x) if name in UNARY else OPERATIONS[name](x, y))
        used = [r for r in results[self.given :] if hasattr(r, "shape")]
        return sum(np.mean(np.tanh(r)) for r in used[-3:])


def random_program(seed: int) -> Program:
    rng = np.random.default_rng(seed)
    names = sorted(OPERATIONS)
    count = int(rng.integers(1, 12))
    steps = tuple(
        (names[rng.integers(len(names))], int(rng.integers(1000)), int(rng.integers(1000))) for _ in range(count)
    )
    return Program(
        SHAPES[rng.integers(len(SHAPES))],
        "f8" if rng.random() < 0.7 else "f4",
        int(rng.integers(1, 3)),
        int(rng.integers(0, 3)),
        int(rng.integers(0, 2)),
        steps,
        bool(rng.random() < 0.4),
    )


def numbers(program: Program, seed: int) -> list[Any]:
    rng = np.random.default_rng(seed)
    # Few digits: ties happen.
    return [
        np.round(rng.normal(size=program.shape), 1 if seed % 3 == 0 else 8).astype(program.dtype)
        for _ in range(program.given)
    ]


class Twin:
    """One copy of a program's parameters and constants, and the functions over them."""

    def __init__(self, program: Program, compiled: bool) -> None:
        self.program = program
        start = numbers(program, 0)[program.arguments :]
        self.parameters = [Tensor(x) for x in start[: program.parameters]]
        self.constants = start[program.parameters :]
        parameters, constants = self.parameters, self.constants

        def loss(*arguments: Any) -> Any:
            return program.run([*arguments, *parameters, *constants])

        def step(*arguments: Any) -> Any:
            for p in parameters:
                p.grad = None
            value = loss(*arguments)
            if parameters:
                value.backward()
                for p in parameters:
                    if p.grad is not None:
                        p.data -= 0.125 * p.grad
            return value

        wrap = jit if compiled else (lambda f: f)
        training = program.training and parameters
        self.call = wrap(step) if training else wrap(loss) if parameters else wrap(value_and_grad(loss))
        self.backward = parameters and not training

    def results(self, arguments: list[Any]) -> list[Any]:
        """Everything that a call gives and leaves behind."""
        result = self.call(*arguments)
        parts = list(result) if isinstance(result, tuple) else [result]
        if self.backward:
            for p in self.parameters:
                p.grad = None
            result.backward()
        found = [np.array(x.data if isinstance(x, Tensor) else x) for x in parts]
        for p in self.parameters:
            found += [np.array(p.data), np.array(np.nan) if p.grad is None else np.array(p.grad)]
        return found


def check(program: Program, calls: int = 5) -> bool:
    """Hold jit to the ordinary call; whether it was replayed."""
    with np.errstate(all="ignore"):
        plain, compiled = Twin(program, False), Twin(program, True)
        tolerance = 1e-9 if program.dtype == "f8" else 2e-3
        for seed in range(calls):
            arguments = numbers(program, seed)[: program.arguments]
            expected, got = plain.results(arguments), compiled.results(arguments)
            assert len(expected) == len(got)
            for x, y in zip(expected, got):
                assert x.shape == y.shape and x.dtype == y.dtype, (program, x.dtype, y.dtype)
                size = np.max(np.abs(x[np.isfinite(x)]), initial=0)
                np.testing.assert_allclose(y, x, rtol=tolerance, atol=tolerance * (1 + size), err_msg=str(program))
    return not compiled.call.reasons


def main(count: int, first: int = 0) -> None:
    replayed = 0
    for seed in range(first, first + count):
        try:
            program = random_program(seed)
            with np.errstate(all="ignore"):
                Twin(program, False).results(numbers(program, 0)[: program.arguments])
        except (TypeError, ValueError, AttributeError, IndexError, np.exceptions.AxisError):
            continue  # operations that do not fit, or a result that depends on nothing
        replayed += check(program)
    print(
        f"{count} programs from seed {first}: no difference; {replayed} were replayed, the others were eager or unfit"
    )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
