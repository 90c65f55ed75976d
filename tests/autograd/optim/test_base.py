"""What all optimisers share: fused steps, state, groups, and what they refuse."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograd import Tensor, Value, optim
from autograd.errors import ChangedDataError
from autograd.optim.base import JOINED, PIECE
from tests.autograd.optim.formulas import PLAIN, give_gradients


@pytest.mark.parametrize("method", PLAIN)
def test_joining_and_cutting_change_nothing(method: str) -> None:
    """Many small parameters, one larger than a piece, another memory order, a missing gradient: as one by one."""
    rng = np.random.default_rng(0)
    shapes: list[Any] = [(3,), (), (2, 3), (PIECE + 5,), (JOINED // 4, 5)]
    arrays = [rng.normal(size=shape) for shape in shapes] + [np.asfortranarray(rng.normal(size=(3, 4)))]
    arrays += [rng.normal(size=4).astype(np.float32)]
    together, alone = [Tensor(a) for a in arrays], [Tensor(a) for a in arrays]
    fused = PLAIN[method](together)
    single = [PLAIN[method]([p]) for p in alone]
    for t in range(1, 5):
        give_gradients(together, t)
        give_gradients(alone, t)
        if t == 2:
            together[2].grad = alone[2].grad = None
        fused.step()
        for optimiser in single:
            optimiser.step()
        for p, q, array in zip(together, alone, arrays):
            np.testing.assert_array_equal(p.data, q.data)
            assert p.dtype == array.dtype and p.shape == array.shape


@pytest.mark.parametrize("method", PLAIN)
def test_state_resumes_bit_for_bit(method: str) -> None:
    def start() -> list[Any]:
        return [Tensor([0.5, -2.0]), Tensor(1.0), Value(0.3)]

    whole, first = start(), start()
    steady, before = PLAIN[method](whole), PLAIN[method](first)
    for t in range(1, 4):
        for parameters, optimiser in ((whole, steady), (first, before)):
            give_gradients(parameters, t)
            optimiser.step()
    second = start()
    for p, q in zip(second, first):
        p.data = q.data
    after = PLAIN[method](second)
    after.load_state_dict(before.state_dict())
    for t in range(4, 8):
        for parameters, optimiser in ((whole, steady), (second, after)):
            give_gradients(parameters, t)
            optimiser.step()
    assert [np.array(p.data).tolist() for p in whole] == [np.array(p.data).tolist() for p in second]


def test_groups() -> None:
    a, b = Tensor([1.0]), Tensor([1.0])
    optimiser = optim.SGD([{"params": [a], "lr": 0.5}, {"params": [b]}], lr=0.1)
    a.grad = b.grad = np.ones(1)
    optimiser.step()
    assert a.data[0] == 0.5 and b.data[0] == 0.9
    optimiser.param_groups[1]["lr"] = 1.0
    optimiser.step()
    assert b.data[0] == pytest.approx(-0.1)
    c = Value(1.0)
    optimiser.add_param_group({"params": c, "momentum": 0.9})
    c.grad = 1.0
    optimiser.step()
    assert c.data == 0.9
    optimiser.zero_grad()
    assert a.grad is b.grad is c.grad is None
    assert "3 parameters" in repr(optimiser)


def test_a_step_is_noticed() -> None:
    for make in PLAIN.values():
        for x in (Tensor([2.0]), Value(2.0)):
            loss = x * x
            x.grad = np.ones(1) if isinstance(x, Tensor) else 1.0
            make([x]).step()
            with pytest.raises(ChangedDataError):
                loss.backward()


def test_gradients_are_not_written_to() -> None:
    for make in PLAIN.values():
        x = Tensor(np.arange(4.0))
        g = np.full(4, 2.0)
        x.grad = g
        optimiser = make([x])
        optimiser.step()
        optimiser.step()
        assert x.grad is g and (g == 2).all()


@pytest.mark.parametrize(
    "make, error, message",
    [
        (lambda: optim.SGD([]), ValueError, "empty"),
        (lambda: optim.SGD(Tensor([1.0])), TypeError, "list of Tensors"),
        (lambda: optim.SGD([1.0]), TypeError, "not float"),
        (lambda: optim.SGD([Tensor([1.0]) * 2]), ValueError, "leaf"),
        (lambda: optim.SGD([Value(1.0)], lr=-1), ValueError, "lr must not be negative"),
        (lambda: optim.SGD([Value(1.0)], nesterov=True), ValueError, "nesterov"),
        (lambda: optim.Adam([Value(1.0)], betas=(1.0, 0.9)), ValueError, "betas"),
        (lambda: optim.Adam([{"params": [Value(1.0)], "momentum": 1}]), ValueError, "no setting 'momentum'"),
        (lambda: optim.LBFGS([Tensor([1.0]), Tensor(np.float32([1]))]), ValueError, "one dtype"),
        (lambda: optim.StepLR(None, 3), TypeError, "Optimizer"),
    ],
)  # fmt: skip
def test_refusals(make: Any, error: Any, message: str) -> None:
    with pytest.raises(error, match=message):
        make()


def test_twice_the_same_parameter() -> None:
    x = Value(1.0)
    with pytest.raises(ValueError, match="twice"):
        optim.SGD([x, x])


def test_states_that_do_not_fit() -> None:
    adam = optim.Adam([Tensor([1.0, 2.0])])
    adam.param_groups[0]["params"][0].grad = np.ones(2)
    adam.step()
    state = adam.state_dict()
    with pytest.raises(ValueError, match="not one of SGD"):
        optim.SGD([Tensor([1.0, 2.0])]).load_state_dict(state)
    with pytest.raises(ValueError, match=r"'exp_avg' of parameter 0 has shape \(2,\)"):
        optim.Adam([Tensor([1.0])]).load_state_dict(state)
    with pytest.raises(ValueError, match="other groups"):
        optim.Adam([Tensor([1.0]), Value(1.0)]).load_state_dict(state)


@pytest.mark.parametrize("change", [lambda params: params.pop(), lambda params: params.append(Tensor(1.0))])
def test_a_list_of_parameters_that_was_changed_is_refused(change: Any) -> None:
    """What was taken out would move on, and what was put in would not move."""
    w, b = Tensor(np.ones(3)), Tensor(0.0)
    optimizer = optim.Adam([w, b], lr=0.1)
    change(optimizer.param_groups[0]["params"])
    (np.sum(w) + b).backward()
    with pytest.raises(ValueError, match="add_param_group"):
        optimizer.step()
