"""What PyTorch calls otherwise is named in the error."""

from __future__ import annotations

import copy

import numpy as np
import pytest

from autograd import Tensor, nn


@pytest.mark.parametrize(
    ("name", "ours"),
    [
        ("detach", "stop_gradient"),
        ("view", "reshape"),
        ("numpy", "t.data"),
        ("requires_grad", "every Tensor is recorded"),
        ("unsqueeze", "np.expand_dims"),
    ],
)
def test_the_attribute_of_ours_is_named(name: str, ours: str) -> None:
    with pytest.raises(AttributeError, match=f"no attribute '{name}'.*{ours}"):
        getattr(Tensor(1.0), name)


def test_an_attribute_that_is_set_is_missing_too() -> None:
    with pytest.raises(AttributeError, match="no attribute 'requires_grad'.*every Tensor is recorded"):
        Tensor(1.0).requires_grad = False


def test_other_attributes_are_missing_as_ever() -> None:
    t = Tensor([1.0, 2.0])
    with pytest.raises(AttributeError, match="^'Tensor' object has no attribute 'colour'$"):
        _ = t.colour
    assert not hasattr(t, "detach") and "detach" not in dir(t) and getattr(t, "colour", None) is None
    np.testing.assert_array_equal(copy.copy(t).data, t.data)


@pytest.mark.parametrize("call", ["t.sum(dim=0)", "t.max(dim=0)", "t.mean(keepdim=True)"])
def test_axes_are_numpys(call: str) -> None:
    t = Tensor([[1.0, 2.0], [3.0, 4.0]])
    with pytest.raises(TypeError, match="as in NumPy it is axis=|as in NumPy it is keepdims="):
        eval(call, {"t": t})


def test_parameters_are_tensors() -> None:
    with pytest.raises(AttributeError, match="a Tensor that is an attribute of a Module"):
        _ = nn.Parameter
    with pytest.raises(AttributeError, match="no attribute 'Lineer'"):
        _ = nn.Lineer
