"""Rules that are formulas over other rules: as such, and in Values, Tensors and networks."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pytest

from autograd import Composite, Tensor, Value, grad, jvp, maximum, minimum, nn, register, sign, sqrt


@pytest.mark.parametrize(
    ("formula", "at", "slope"),
    [
        (lambda x: maximum(x, 0) + maximum(x, 1), 3.0, 2.0),
        (lambda x: -maximum(x, 0), 3.0, -1.0),
        (lambda x: maximum(x, 0) - minimum(x, 1), 0.5, 0.0),
        (lambda x: maximum(x, 0) + maximum(x, 1) + maximum(x, 2), 3.0, 3.0),
    ],
)
def test_hinges_add_up(formula: Any, at: float, slope: float) -> None:
    """Where nothing ties, the shares of a maximum used to be truth values, whose sum is a logical or."""
    rule = Composite("hinges", formula)
    x, t = Value(at), Tensor([at, at])
    rule(x).backward()
    np.sum(rule(t)).backward()
    assert x.grad == slope and t.grad.tolist() == [slope, slope]
    assert grad(lambda t: np.sum(rule(t)))(np.array([at])).tolist() == [slope]
    assert jvp(rule, (np.array([at]),), (np.ones(1),))[1].tolist() == [slope]


def test_terms_that_are_used_again_are_read_once() -> None:
    def formula(x: Any) -> Any:
        for _ in range(25):
            x = x * x + x
        return x

    x = Value(1e-9)
    Composite("iterated", formula)(x).backward()
    assert x.grad == pytest.approx(1.0, rel=1e-6)


def test_defaults_and_constants() -> None:
    scaled = Composite("scaled", lambda x, a=3.0: x * a)
    assert scaled(Value(2.0)).data == 6.0 and scaled(2.0, 5.0) == 10.0
    with pytest.raises(TypeError, match="constant: the formula is 3.0 whatever the inputs"):
        Composite("constant", lambda x: 0 * x + 3.0)(Tensor([1.0]))


@pytest.mark.parametrize("kind", [Value, Tensor])
def test_a_derivative_of_0_gives_0_of_an_infinite_gradient_recorded_or_not(kind: Any) -> None:
    for create_graph in (False, True):
        x = kind(0.5)
        (sqrt(sign(x) - 1) + x).backward(create_graph=create_graph)
        assert float(x.grad) == 1.0


def test_networks_of_values_are_pickled_and_compile_nothing_twice() -> None:
    net = nn.MLP(2, [3, 1], activation="mish")  # made before its activation was ever used
    before = net([1.0, 2.0]).data
    assert pickle.loads(pickle.dumps(net))([1.0, 2.0]).data == before
    register(Composite("not_used_yet", lambda x: x * x + 1))
    held = Value.not_used_yet
    held(Value(1.0))
    compiled = Value.not_used_yet
    assert held(Value(1.0)).data == compiled(Value(1.0)).data == 2.0 and Value.not_used_yet is compiled
