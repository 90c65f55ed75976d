"""L-BFGS: it finds minima of Tensors and of Values, and goes on from its state."""

from __future__ import annotations

from typing import Any, Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd import Tensor, Value, optim


def rosenbrock(x: Any) -> Any:
    return ((1 - x[:-1]) ** 2).sum() + 100 * ((x[1:] - x[:-1] ** 2) ** 2).sum()


def closure_for(optimiser: Any, loss: Callable[[], Any]) -> Callable[[], Any]:
    def closure() -> Any:
        optimiser.zero_grad()
        value = loss()
        value.backward()
        return value

    return closure


@settings(deadline=None, max_examples=15)
@given(st.lists(st.floats(-2, 2), min_size=2, max_size=5))
def test_lbfgs_finds_a_minimum(start: list[float]) -> None:
    x = Tensor(start)
    optimiser = optim.LBFGS([x], line_search_fn="strong_wolfe", max_iter=100, tolerance_change=1e-16)
    closure = closure_for(optimiser, lambda: rosenbrock(x))
    for _ in range(5):
        optimiser.step(closure)
    closure()
    assert np.abs(x.grad).max() < 1e-4


def test_lbfgs_solves_a_quadratic_of_values_and_resumes() -> None:
    def run(interrupted: bool) -> list[float]:
        values = [Value(3.0), Value(-2.0)]

        def make() -> tuple[Any, Any]:
            optimiser = optim.LBFGS(values, max_iter=2)
            loss = lambda: (values[0] - 1) ** 2 + 3 * (values[1] - values[0]) ** 2
            return optimiser, closure_for(optimiser, loss)

        optimiser, closure = make()
        for i in range(8):
            if interrupted and i == 2:
                state = optimiser.state_dict()
                optimiser, closure = make()
                optimiser.load_state_dict(state)
            optimiser.step(closure)
        return [v.data for v in values]

    assert run(False) == run(True)
    np.testing.assert_allclose(run(False), [1, 1], atol=1e-6)
    with pytest.raises(ValueError, match="closure"):
        optim.LBFGS([Value(1.0)]).step()
