"""Operators and methods of a Tensor: the same results and gradients as the functions that they are called after."""

from __future__ import annotations

import operator
from typing import Any, Callable

import numpy as np
import pytest

import autograd
from autograd import InPlaceError, Tensor
from autograd.rules import RULES, Elementwise
from autograd.rules import __all__ as public
from autograd.tensor.methods import ArrayMethods

X = np.array([[0.3, 0.6, 0.2], [0.9, 0.5, 0.7]])

SCALAR = [n for n in public if n in RULES and isinstance(RULES[n], Elementwise) and n not in ("where", "guarded")]


def agree(f: Callable[[Any], Any], g: Callable[[Any], Any]) -> None:
    """f and g give the same numbers, and pull the same gradient."""
    x, y = Tensor(X), Tensor(X)
    a, b = f(x), g(y)
    np.testing.assert_array_equal(a.data, b.data)
    np.sum(a * a).backward()
    np.sum(b * b).backward()
    np.testing.assert_array_equal(x.grad, y.grad)


@pytest.mark.parametrize("name", SCALAR)
def test_every_function_of_the_table_is_a_method(name: str) -> None:
    rule = RULES[name]
    x = X + 1.0 if name == "acosh" else X
    others = (0.4,) * (len(rule.partials) - 1 - len(rule.defaults))
    agree(lambda t: getattr(t + (x - X), name)(*others), lambda t: rule(t + (x - X), *others))
    assert getattr(Tensor, name).__doc__ == rule.__doc__


def test_abs_is_a_method() -> None:
    agree(lambda t: (t - 0.5).abs(), lambda t: autograd.abs(t - 0.5))
    agree(lambda t: abs(t - 0.5), lambda t: np.abs(t - 0.5))


BINARY = ["add", "sub", "mul", "truediv", "pow", "mod", "floordiv"]


@pytest.mark.parametrize("other", [2, 2.0, np.float64(2), X + 1.0, (X + 1.0)[0], Tensor(X + 1.0), Tensor(2.0)])
@pytest.mark.parametrize("name", BINARY)
def test_operators_from_either_side(name: str, other: Any) -> None:
    apply = getattr(operator, name)
    y = other.data if isinstance(other, Tensor) else other
    # Before 2.3 NumPy's own operator ** and np.power differ by a rounding (x ** 2 is x·x there).
    agree = np.testing.assert_array_max_ulp if name == "pow" else np.testing.assert_array_equal
    agree(apply(Tensor(X), other).data, apply(X, y))
    agree(apply(other, Tensor(X)).data, apply(y, X))


def test_operators_of_one_operand_and_products() -> None:
    t = Tensor(X)
    np.testing.assert_array_equal((-t).data, -X)
    assert +t is t
    np.testing.assert_array_equal(round(t, 1).data, np.round(X, 1))
    np.testing.assert_array_equal((t @ X.T).data, X @ X.T)
    np.testing.assert_array_equal((X.T @ t).data, X.T @ X)
    for mine, numpy in zip(divmod(t, 0.4), divmod(X, 0.4)):
        np.testing.assert_array_equal(mine.data, numpy)
    for mine, numpy in zip(divmod(0.4, t), divmod(0.4, X)):
        np.testing.assert_array_equal(mine.data, numpy)


OF_ARRAYS = """
    sum prod mean max min var std cumsum cumprod ravel squeeze flatten trace diagonal ptp
""".split()


@pytest.mark.parametrize("name", OF_ARRAYS)
def test_methods_of_arrays(name: str) -> None:
    function = np.ravel if name == "flatten" else getattr(np, name)
    agree(lambda t: getattr(t, name)(), function)


def test_what_arrays_have_as_methods() -> None:
    """Each of them is served, or is refused with a cure, or is about the array's memory."""
    memory = """
        base byteswap choose ctypes data device dump dumps flags flat getfield itemset newbyteorder setfield setflags
        strides to_device tobytes tofile tostring view
    """.split()
    missing = {name for name in dir(np.ndarray) if not name.startswith("_") and not hasattr(Tensor, name)}
    assert missing <= set(memory)


@pytest.mark.parametrize("name", ["sort", "partition", "resize", "fill", "put"])
def test_methods_that_write_are_refused(name: str) -> None:
    with pytest.raises(InPlaceError, match=rf"t\.{name}\(\) would overwrite"):
        getattr(Tensor(X), name)(1)


def test_methods_say_what_they_are() -> None:
    for name, method in vars(ArrayMethods).items():
        if not name.startswith("_"):
            assert method.__doc__, name
