"""A number in a call of NumPy, given as a Tensor or Value, has its gradient or is refused: never lost in silence."""

from __future__ import annotations

import ast
import math
import warnings
from typing import Any, Callable, Iterator

import numpy as np
import pytest

from autograd import LeavesGraphError, Tensor, Value
from autograd.node import Node
from tests.autograd.functions.numpy_cases import ARRAYS, CASES, CONSTANTS, leaves_of

LEFT_BY_HAND = ("np.float64(",)
"""Where a case calls what makes a plain number of its argument."""


def with_one_number_open(expression: str) -> Iterator[tuple[float, Callable[..., Any]]]:
    """Each number in an expression, and the expression as a function of that number and of the arrays."""
    found = [
        n for n in ast.walk(ast.parse(expression)) if isinstance(n, ast.Constant) and type(n.value) in (int, float)
    ]
    for number in found:
        tree = ast.parse(expression, mode="eval")
        here = next(n for n in ast.walk(tree) if _place(n) == _place(number))

        class Open(ast.NodeTransformer):
            def visit_Constant(self, node: ast.Constant, here: ast.AST = here) -> ast.AST:
                return ast.copy_location(ast.Name("number", ast.Load()), node) if node is here else node

        code = compile(ast.fix_missing_locations(Open().visit(tree)), expression, "eval")

        def f(number: Any, arrays: dict[str, Any], code: Any = code) -> Any:
            return eval(code, {**CONSTANTS, **arrays, "number": number})

        yield float(number.value), f


def _place(node: ast.AST) -> tuple[Any, ...]:
    return type(node), getattr(node, "lineno", None), getattr(node, "col_offset", None)


def smooth_slope(f: Callable[[float], float], at: float) -> float | None:
    """The derivative of `f`, or ``None`` where it jumps, has a kink, or does not take such numbers."""
    try:
        left, right = (f(at) - f(at - 1e-6)) / 1e-6, (f(at + 1e-6) - f(at)) / 1e-6
    except Exception:
        return None
    return (left + right) / 2 if abs(left - right) < 1e-3 * (1 + abs(left)) and math.isfinite(left) else None


@pytest.mark.parametrize("kind", [Tensor, Value])
@pytest.mark.parametrize("expression", CASES)
def test_no_number_of_a_call_loses_its_gradient(expression: str, kind: Any) -> None:
    if any(part in expression for part in LEFT_BY_HAND):
        return
    arrays = {name: ARRAYS[name] for name in leaves_of(expression)}
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        for at, f in with_one_number_open(expression):
            number = kind(at)
            try:
                y = f(number, {name: Tensor(x) for name, x in arrays.items()})
                if not isinstance(y, Node):
                    continue
                weights = np.random.default_rng(0).normal(size=np.shape(y.data))
                np.sum(np.real(y) * weights).backward()
            except Exception:
                continue  # it is refused, here by autograd, there by NumPy
            slope = smooth_slope(lambda x: float(np.sum(np.real(f(x, arrays)) * weights)), at)
            if slope is not None:
                assert (number.grad or 0.0) == pytest.approx(slope, rel=1e-3, abs=1e-5), expression


@pytest.mark.parametrize("kind", [Tensor, Value])
@pytest.mark.parametrize(
    ("f", "setting"),
    [
        (lambda x, s: np.linalg.norm(x, s), "ord"),
        (lambda x, s: np.var(x, ddof=s), "ddof"),
        (lambda x, s: np.std(x, ddof=s), "ddof"),
        (lambda x, s: np.quantile(x, s), "q"),
        (lambda x, s: np.quantile(x, [0.2, s]), "q"),
        (lambda x, s: np.roll(x, s), "shift"),
    ],
)
def test_the_refusal_names_the_setting_and_the_cure(f: Any, setting: str, kind: Any) -> None:
    with pytest.raises(LeavesGraphError, match=rf"setting {setting}, which is a {kind.__name__}.*x\.item\(\)"):
        f(Tensor([1.0, 2.0, 4.0]), kind(0.5))
