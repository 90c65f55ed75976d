"""The compiled core and Python alone give the same numbers, to the last bit, and the same errors."""

from __future__ import annotations

import math
import os
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any, Iterator

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from autograd import RULES, core
from autograd.rules.elementwise import Choice
from autograd.rules.rule import Elementwise
from tests.autograd.core.programs import OWN, Program, run

pytestmark = pytest.mark.skipif(core.compiled is None, reason="Python alone has nothing to be compared with")

ROOT = Path(__file__).parents[3]
ELEMENTWISE = {
    name: len(rule.partials)
    for name, rule in {**RULES, **OWN}.items()
    if isinstance(rule, Elementwise) and not rule.arrays_only and not isinstance(rule, Choice)
}
SPECIAL = [0.0, -0.0, 1.0, -1.0, 2.0, 0.5, math.inf, -math.inf, math.nan, 5e-324, 1e-308, 1e308, 710.0, -745.5, 40.0]


class Pure:
    """A process in which Python alone computes."""

    def __init__(self) -> None:
        environment = {**os.environ, "GRADGRAPH_PURE": "1", "PYTHONPATH": str(ROOT)}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.autograd.core.programs"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
            cwd=ROOT,
        )

    def run(self, program: Program) -> Any:
        assert self.process.stdin and self.process.stdout
        pickle.dump(tuple(program), self.process.stdin)
        self.process.stdin.flush()
        return pickle.load(self.process.stdout)


@pytest.fixture(scope="module")
def pure() -> Iterator[Pure]:
    other = Pure()
    yield other
    assert other.process.stdin and other.process.stdout
    other.process.stdin.close()
    other.process.stdout.close()
    assert other.process.wait(10) == 0


@st.composite
def programs(draw: Any) -> Program:
    """Programs of all rules and all ways to apply them, at any numbers."""
    moderate = st.floats(-3, 3, allow_subnormal=False)
    number = st.one_of(moderate, moderate, st.sampled_from(SPECIAL), st.floats())
    leaves = tuple(draw(st.lists(number, min_size=1, max_size=3)))
    steps: list[Any] = []
    for _ in range(draw(st.integers(1, 12))):
        count = len(leaves) + len(steps)
        operand = st.one_of(st.integers(0, count - 1), st.integers(0, count - 1), st.just(count - 1)).map(
            lambda i: (i,)
        )
        name = draw(st.sampled_from(sorted(ELEMENTWISE)) | st.sampled_from(["add", "mul", "sub", "div", "sum", "dot"]))
        arity = ELEMENTWISE.get(name) or draw(st.integers(1, 5))
        arity += name == "dot" and arity % 2 == 0
        operands = [draw(operand), *[draw(operand | operand | number) for _ in range(arity - 1)]]
        if draw(st.booleans()):
            operands.reverse()
        steps.append((draw(st.sampled_from(["method", "operator", "function"])), name, tuple(operands)))
    seeds = tuple(draw(st.lists(st.sampled_from([1.0, -0.5]) | number, min_size=1, max_size=2)))
    return Program(leaves, tuple(steps), seeds, draw(st.booleans()))


@settings(max_examples=400, deadline=None)
@given(program=programs())
@example(program=Program((0.5, math.inf), (("function", "dot", ((0,), 0.0, (1,), 2.0, (0,))),), (0.0, 1.0)))
@example(program=Program((1e16, 1.0, -1e16), (("function", "sum", ((0,), (1,), (2,), 1.0, (1,))),), (1.0,)))
def test_random_programs(pure: Pure, program: Program) -> None:
    assert run(program) == pure.run(program)


@pytest.mark.parametrize("name", sorted(ELEMENTWISE))
def test_every_rule_at_special_numbers(pure: Pure, name: str) -> None:
    numbers = [*SPECIAL, 0.3, -2.5, 3.0, 170.0, -20.0]
    for x in numbers:
        for y in numbers if ELEMENTWISE[name] > 1 else [1.0]:
            for second in ((1,), y) if ELEMENTWISE[name] > 1 else [1.0]:
                operands = ((0,), second, 0.5)[: ELEMENTWISE[name]]
                program = Program((x, y), (("function", name, operands),), (1.0, -2.5))
                assert run(program) == pure.run(program), program
