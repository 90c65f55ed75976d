"""Random programs (graphs with reuse, shared parts and constants) against numeric derivatives.

The reference is the same program run by mpmath in 100 digits, where a central difference is exact to
about 30; what remains is the rounding of the program in floats. It is measured, not assumed: the program
is run again with every intermediate result off by a relative 1e-12, and the tolerance is what that moves.
"""

from __future__ import annotations

import random
from typing import Any, Callable, NamedTuple

import mpmath
import numpy as np
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from autograd import RULES, Value
from tests.autograd.reference import DIGITS, FUNCTIONS, REFERENCE, derivatives, differences, smooth_at

JITTER = 1e-12
ANALYTIC = sorted(
    {"add", "sub", "mul", "div", "neg", "power", "square", "reciprocal", "exp", "log", "sqrt", "sin", "cos", "tan"}
    | {"asin", "acos", "atan", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh", "expm1", "log1p", "log2", "log10"}
    | {"sum", "dot"}
)


class Program(NamedTuple):
    """Instructions (rule, operands); an operand is the position of an earlier result, or a constant."""

    inputs: tuple[float, ...]
    steps: tuple[tuple[str, tuple[Any, ...]], ...]

    def run(self, inputs: Any, apply: Callable[..., Any]) -> Any:
        results = list(inputs)
        for name, operands in self.steps:
            results.append(apply(name, *[results[x] if isinstance(x, int) else x for x in operands]))
        return results[-1]

    def recorded(self, *inputs: Any) -> Any:
        return self.run(inputs, lambda name, *operands: RULES[name](*operands))

    def shaken(self, seed: int) -> Callable[..., Any]:
        noise = random.Random(seed)
        return lambda *inputs: self.run(
            [x * (1 + noise.uniform(-JITTER, JITTER)) for x in inputs],
            lambda name, *operands: RULES[name](*operands) * (1 + noise.uniform(-JITTER, JITTER)),
        )

    def precise(self, *inputs: Any) -> Any:
        return self.run(inputs, lambda name, *operands: FUNCTIONS[name](*map(mpmath.mpf, operands)))


@st.composite
def programs(draw: Any, names: list[str]) -> Program:
    """Programs whose intermediate results stay in the domains of their rules, away from kinks."""
    numbers = st.floats(-4, 4).map(lambda x: round(x, 3))
    inputs = draw(st.lists(numbers, min_size=1, max_size=3))
    results, steps = list(inputs), []
    depends = [True] * len(inputs)
    for _ in range(draw(st.integers(1, 10))):
        name = draw(st.sampled_from(names))
        operands = [
            draw(numbers) if draw(st.integers(0, 4)) == 0 else draw(st.integers(0, len(results) - 1))
            for _ in REFERENCE[name].domain
        ]
        at = [results[x] if isinstance(x, int) else x for x in operands]
        if not smooth_at(name, at):
            continue
        steps.append((name, tuple(operands)))
        results.append(RULES[name](*at))
        depends.append(any(isinstance(x, int) and depends[x] for x in operands))
    assume(steps and depends[-1])
    return Program(tuple(inputs), tuple(steps))


def assert_close(got: Any, exact: Any, shaken: list[Any], size: Any, what: str) -> None:
    """`got` equals `exact` up to what rounding may have done, judged by the `shaken` results.

    Where terms cancel exactly, only their last digits are left, and a few shakes need not meet the worst of them: 16
    roundings of numbers as large as those in `size` are granted.
    """
    spread = max(abs(s - got) for s in shaken)
    tolerance = spread + 1e-13 * abs(float(exact)) + 16 * np.finfo(float).eps * np.max(np.abs(size)) + 1e-35
    assert abs(got - float(exact)) <= tolerance, f"{what}: {got!r}, exact {float(exact)!r}, tolerance {tolerance:.1e}"


@settings(max_examples=250, deadline=None)
@given(programs(sorted(REFERENCE)))
@example(Program(inputs=(1.346,), steps=(("abs", (0,)), ("logsumexp", (0, 1, 1)))))  # exactly linear
def test_first_and_second_derivatives_against_differences(program: Program) -> None:
    got = derivatives(program.recorded, program.inputs)
    shaken = [derivatives(program.shaken(seed), program.inputs) for seed in (1, 2, 3, 4)]
    exact = differences(program.precise, program.inputs)
    assert_close(got[0], exact[0], [s[0] for s in shaken], got[0], "value")
    for i in range(len(program.inputs)):
        assert_close(got[1][i], exact[1][i], [s[1][i] for s in shaken], got[1], f"gradient[{i}]")
        for j in range(len(program.inputs)):
            second, size = [s[2][i][j] for s in shaken], [got[1][i], got[1][j]]
            assert_close(got[2][i][j], exact[2][i][j], second, size, f"Hessian[{i}, {j}]")


@settings(max_examples=150, deadline=None)
@given(programs(ANALYTIC))
def test_gradient_against_the_complex_step(program: Program) -> None:
    """Im f(x + ih)/h has no cancellation (Squire and Trapp 1998): in floats, exact to rounding."""
    xs = [Value(x) for x in program.inputs]
    nodes: list[Any] = []
    program.run(xs, lambda name, *operands: nodes.append(RULES[name](*operands)) or nodes[-1]).backward()
    # A bound on what rounding each result of the complex program by a relative 1e-14 may do.
    rounding = 1e-14 * sum(abs(v.grad) * (1 + abs(v.data)) for v in nodes if isinstance(v, Value) and v.grad)
    h = 1e-100
    for i in range(len(program.inputs)):
        moved = [np.complex128(complex(x, h if k == i else 0.0)) for k, x in enumerate(program.inputs)]
        result = program.run(moved, lambda name, *operands: RULES[name].compute(*map(np.complex128, operands)))
        got = 0.0 if xs[i].grad is None else xs[i].grad
        assert_close(got, result.imag / h, [got + rounding], 0.0, f"gradient[{i}]")


@settings(max_examples=100, deadline=None)
@given(programs(sorted(REFERENCE)), st.sampled_from([0.5, -2.0]))
def test_all_ways_through_the_graph_agree(program: Program, seed: float) -> None:
    """The compiled walk, the general one with a seed, and the recorded one give the same first derivatives."""

    def run(**settings: Any) -> list[Any]:
        xs = [Value(x) for x in program.inputs]
        program.recorded(*xs).backward(**settings)
        return [0.0 if x.grad is None else float(x.grad) for x in xs]

    plain = run()
    np.testing.assert_allclose(run(create_graph=True), plain, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(run(gradient=seed), [seed * g for g in plain], rtol=1e-9, atol=1e-12)


def test_the_reference_is_precise() -> None:
    with mpmath.workdps(DIGITS):
        _, (slope,), ((bend,),) = differences(lambda x: mpmath.exp(x), [1.0])
        assert abs(slope - mpmath.e) < 1e-48 and abs(bend - mpmath.e) < 1e-48
