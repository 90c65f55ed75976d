"""checkpoint: the same derivatives, whatever is used, of whatever kind."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograd import ChangedDataError, Tensor, Value, checkpoint, grad, jvp, no_grad

X = np.array([0.3, -0.5, 0.7])


def test_checkpoint_uses_a_variable_of_an_enclosing_derivative() -> None:
    def f(x: Any) -> Any:
        return np.sum(checkpoint(lambda a: a * x)(x * 1.0))

    np.testing.assert_allclose(grad(lambda x: np.sum(grad(f)(x)))(X), [2.0, 2.0, 2.0])


@pytest.mark.parametrize("by", ["argument", "keyword"])
def test_checkpoint_keeps_arrays_as_they_were(by: str) -> None:
    w, scale = Tensor(X), np.full(3, 2.0)
    piece = checkpoint(lambda a, k: a * k)
    y = np.sum(piece(w, scale) if by == "argument" else piece(w, k=scale))
    scale[:] = 0.0
    y.backward()
    np.testing.assert_array_equal(w.grad, [2.0, 2.0, 2.0])


def _value_derivatives(wrapped: Any) -> list[float]:
    a, b = Value(0.7), Value(-0.3)
    y = wrapped(lambda p, q: (p * q + b * p).tanh() * a)(a * b, b)
    y.backward()

    def cube(p: Any) -> Any:
        return wrapped(lambda q: q**3 * p)(p * 2.0)

    x = Value(0.5)
    second = grad(grad(cube))(x)
    return [y.data, a.grad, b.grad, second.data, float(jvp(cube, (x,), (1.0,))[1])]


def test_checkpoint_of_values() -> None:
    np.testing.assert_allclose(_value_derivatives(checkpoint), _value_derivatives(lambda f: f), rtol=1e-14)


def test_numbers_alone_are_computed_as_they_are() -> None:
    assert checkpoint(lambda x: x * 2.0)(3.0) == 6.0
    with no_grad():
        assert checkpoint(lambda x: x * 2.0)(Tensor(3.0)).inputs == ()


def test_a_single_output_is_needed() -> None:
    with pytest.raises(TypeError, match="one Tensor or Value as output, not list"):
        checkpoint(lambda x: [x])(Tensor(X))


def test_a_second_run_that_computes_other_numbers_is_refused() -> None:
    factor = np.ones(3)
    x = Tensor([1.0, 2.0, 3.0])
    y = checkpoint(lambda x: np.sum(x * factor * x))(x)
    factor[:] = 5.0
    with pytest.raises(ChangedDataError, match="run again"):
        y.backward()
    random = np.random.default_rng(0)
    y = checkpoint(lambda x: np.sum(x * random.uniform(size=3)))(x)
    with pytest.raises(ChangedDataError, match="random numbers"):
        y.backward()
